"""Two years of agencies measuring themselves against the children's standards. All invented."""

from assurance.sample import people

# A digit for each standard in its order; "-" where it does not apply. (last time, this time; "" has not handed it in)
SCORES = {
    people.CITY: ("2212212121", "3223222232"),
    people.ICB: ("3322213211", "3333223222"),
    people.POLICE: ("2203122212", "3213222223"),
    people.BRANNOC: ("3312321221", "3222322222"),
    people.UNIVERSITY_HOSPITALS: ("2211212110", "2312222221"),
    people.TIDEWELL: ("3323332322", "3333332323"),
    people.PROBATION: ("211221121-", "221222222-"),
    people.FIRE: ("1102-11011", "2213-22121"),
    people.COLLEGE: ("2323222221", "2332323222"),
    people.HOMES: ("1001-11010", "1112-21120"),
    people.HARBOUR: ("2131112121", ""),
    people.COUNTY: ("2212222222", ""),
}
NOT_APPLICABLE = "-"
REASONS = ["No case is carried here; those who carry them are supervised by their own agency."]
EVIDENCE = [
    "Minutes of May and November.",
    "Our own audit of twenty records in September.",
    "What eleven of twelve people answered when asked at the front desk.",
    "The training record: 94 of 101 people are up to date.",
    "Our inspection report, section 4.",
]
IMPROVEMENTS = [
    ("Ask children twice a year, and write back to them", "Participation worker", 150),
    ("Read through the record of checks every month", "Head of people", 60),
    ("Follow up everybody who is late for training", "Learning manager", 90),
]
# What the panel found at last year's: {agency: {place of the standard: (score, why)}}
MODERATED = {
    people.POLICE: {0: (1, "Two of five officers asked could not name the lead.")},
    people.BRANNOC: {1: (2, "One look a year was shown, not two."), 5: (2, "Half of the sessions took place.")},
}
PANEL = "Chief nurse, St Brannoc’s\nHead of Safeguarding, Ashford Vale\nIndependent scrutineer"
PANEL_NOTE = "Scores were fair on the whole. Where they were not, it was the voice of children that was told too well."

STATEMENTS = {
    "1.1": "I know who in my organisation answers for keeping children safe",
    "1.3": "I have seen something change because children asked for it",
    "2.2": "The training I had fits the work I do",
    "2.3": "I can talk my cases over with somebody experienced when I need to",
    "3.1": "I know what to do when nothing happens after I raised a worry",
    "3.2": "I get what I need to know from other agencies in time",
    "4.1": "I was told what our last review found",
}
# Marks of seven statements, a string a practitioner; "-" cannot say.
REPLIES = {
    people.POLICE: ["5234332", "4224231", "5145242", "4232331", "5-34232", "3224-21", "5335443"],
    people.BRANNOC: ["5445443", "5354332", "4444544", "5534354", "5-45443", "4355244"],
    people.TIDEWELL: ["5555454", "4454545", "5445455", "5554445", "4555544", "5545554", "54-5445", "5554544"],
    people.FIRE: ["3123221", "2-22132", "4"],
}
COMMENTS = {
    people.POLICE: ["Supervision is the first thing to go when the week is full.", "Nobody told us about the review."],
    people.TIDEWELL: ["The monthly case talk is worth more than any course."],
}
