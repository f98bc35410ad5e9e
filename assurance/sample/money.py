"""What Ashford Vale and Millbrook cost, who pays, and what became of it. All invented.

Years are counted from the one that last year's annual report is about (0), whose figures are those of
that report. Amounts are whole pounds. A year to come is copied from the one before, as the office does.
"""

from assurance.sample import people

HEALTH = "health"  # the integrated care board, and before it the clinical commissioning group
FIRST, REPORTED, LAST = -4, 0, 2
AGREED_BY = "the Executive"

OPENING = 60_000  # in the first of these years

CONTRIBUTIONS = {
    people.COUNTY: (161_000, 163_000, 165_000, 165_000, 168_400, 150_000, 152_000),
    people.CITY: (112_000, 114_000, 118_000, 118_000, 121_600, 124_000, 126_000),
    HEALTH: (120_000, 122_000, 126_000, 128_000, 142_000, 142_000, 145_000),
    people.POLICE: (90_000, 92_000, 94_000, 94_000, 96_500, 99_000, 101_000),
    people.DISTRICTS: (10_000,) * 7,
    people.COUNTY_HEADS: (9_000,) * 7,
    people.PROBATION: (8_000,) * 7,
    people.CITY_HEADS: (6_500,) * 7,
    people.BRANNOC: (0,) * 7,
}
IN_KIND = {
    people.COUNTY: ("Hosts the business office", 42_000),
    people.POLICE: ("Rooms for training and for the Executive", 6_000),
    people.BRANNOC: ("34 days of its trainers’ time", 11_900),
}
REASONS = {
    (HEALTH, 0): "A named nurse in each front door team, as the Executive had asked.",
    (people.COUNTY, 1): (
        "The agreement between the partners asks for £150,000. The county council had set aside £168,400 and "
        "holds the difference in reserve, for reviews that nobody can foresee."
    ),
}

STAFF, REVIEWS, TRAINING = "Staff of the office", "Reviews of serious incidents", "Training"
SCRUTINY, VOICE, DATA, PUBLISHING = "Independent scrutiny", "Children’s voice", "Data", "Publishing and website"
PLANNED = {
    STAFF: (286_000, 292_000, 297_000, 297_000, 292_000, 298_000, 300_000),
    REVIEWS: (70_000, 70_000, 70_000, 70_000, 70_000, 80_000, 75_000),
    TRAINING: (64_000, 64_000, 66_000, 70_000, 72_000, 70_000, 72_000),
    SCRUTINY: (38_000, 39_000, 40_000, 41_000, 41_500, 42_000, 43_000),
    VOICE: (24_000, 25_000, 26_000, 27_000, 28_000, 30_000, 31_000),
    DATA: (20_000, 20_500, 21_000, 21_000, 24_000, 24_000, 26_000),
    PUBLISHING: (11_000, 11_000, 11_500, 11_500, 12_500, 12_000, 12_000),
}
# As far as years are closed.
SPENT = {
    STAFF: (285_500, 291_000, 296_000, 296_000, 288_300),
    REVIEWS: (70_000, 68_000, 71_000, 66_000, 96_200),
    TRAINING: (62_000, 64_000, 65_000, 70_000, 68_400),
    SCRUTINY: (38_000, 39_000, 40_000, 41_000, 41_500),
    VOICE: (24_000, 25_000, 26_000, 27_000, 27_900),
    DATA: (20_000, 20_500, 21_000, 21_000, 21_600),
    PUBLISHING: (11_000, 11_000, 11_500, 11_500, 11_100),
}
WHY_SPENT = {
    (REVIEWS, 0): "Two local practice reviews instead of one.",
    (PUBLISHING, 0): "The report was printed for libraries alone.",
    (DATA, 0): "Two measures were dropped, and with them their survey.",
}

PRINCIPLES = (
    "The four safeguarding partners carry most of the cost, by the number of children in each area and by what each "
    "can bring beside money. Others give a fixed sum. What is left goes to one reserve for both partnerships."
)
NOTES = {
    -1: "Training cost £44 for each place taken up. The reserve grew as the partners had agreed.",
    0: (
        "A training place taken up cost £36, against £44 the year before, because partners’ own trainers ran most "
        "events. The second review was paid for without touching the reserve."
    ),
}
USUAL_NOTE = "Spending kept to the plan, and £6,000 went to the reserve as agreed."

# Millbrook's own: reported year, then the year after.
OWN_PRINCIPLES = "Three organisations of the city pay for it. The county has no part in it."
OWN_CONTRIBUTIONS = {
    people.CITY: (12_000, 12_000),
    people.HOMES: (6_000, 6_000),
    people.UNIVERSITY_HOSPITALS: (3_500, 4_000),
}
OWN_LINES = {
    "Young scrutineers’ pay": ((14_000, 15_000), (13_650,)),
    "Meals, travel and rooms": ((6_000, 6_000), (5_480,)),
}
OWN_NOTE = "Six young scrutineers were paid for 41 visits. Four of their nine recommendations are done."

# In next year's draft: what is different from this year's, and as yet without a reason.
NEXT_YEAR = {people.CITY: 14_500, people.POLICE: -1_500}
