"""What the sample says of audits: one told and looked at again, one under way. All invented."""

from assurance.sample.people import CITY, COUNTY, LANTERN, POLICE, TIDEWELL

SCALE = "Four points, 1 the best"
NEGLECT = "Neglect seen early"
QUESTION = "Do agencies name neglect while it is still small, and does the child’s day change because of it?"
THEMES = ["Neglect", "The child’s voice and daily life"]
PRIORITY = "2"

# (section, [(question, guidance)])
TOOL = [
    (
        "The child’s day",
        [
            ("Does the record say what an ordinary day is like?", "Home, sleep, food, school, who is around."),
            ("Was the child heard without those who look after them?", "By whom, how often, and what they said."),
        ],
    ),
    (
        "Naming it",
        [
            ("Was neglect called neglect, in words that others understand?", "Look for the first sign in your record."),
            (
                "Did you know what had been tried before?",
                "A history that was read counts; one that is attached does not.",
            ),
        ],
    ),
    (
        "The whole family",
        [("Were fathers and others at home asked?", "Also those who live elsewhere.")],
    ),
]

# (reference, about, agencies that know it)
CASES_THEN = [
    ("Case A", "Under 2, home conditions", [COUNTY, TIDEWELL]),
    ("Case B", "5 to 9, food and sleep", [COUNTY, TIDEWELL, LANTERN]),
    ("Case C", "10 to 13, caring for a parent", [CITY, POLICE]),
    ("Case D", "Under 5, missed appointments", [CITY, TIDEWELL]),
]
CASES_NOW = [
    ("Case A", "Under 2, missed appointments", [COUNTY, TIDEWELL]),
    ("Case B", "5 to 9, home conditions", [COUNTY, LANTERN, POLICE]),
    ("Case C", "10 to 13, out of school", [CITY, POLICE]),
    ("Case D", "Under 5, food and weight", [CITY, TIDEWELL, LANTERN]),
    ("Case E", "14 to 17, caring for brothers", [COUNTY, POLICE]),
]
# For each case the agreed grade of each section and of the whole. The first agency gave the same, others not always.
AGREED_THEN = [(3, 3, 4, 3), (2, 3, 4, 3), (3, 4, 3, 4), (3, 3, 3, 3)]
AGREED_NOW = [(2, 2, 3, 2), (1, 2, 4, 2), (2, 3, 3, 3), (2, 2, 4, 2), (2, 2, 3, 2)]
HARDER = {1: 1, 2: 0}  # the second agency gave one point more, the third agreed

EVIDENCE = [
    ("yes", "Described in March and in June: who cooks, who is there after school."),
    ("partly", "Seen at home twice, once alone. Her own words are in one of the two notes."),
    ("partly", "“Low-level concerns” for five months; the word neglect comes in the sixth."),
    ("yes", "The earlier plan was read before the first visit; the note says so."),
    ("no", "The father’s name is in the record and nothing that he said."),
]
REASONS = {
    1: "Everything we looked for is there and was used.",
    2: "Clear and in time; one visit had no note.",
    3: "Known, but late, and written for ourselves.",
    4: "Nobody would know from the record what worried us.",
}
GOOD = "A health visitor drew the day with the child. The drawing is in the record."
AGREED_BECAUSE = "The later notes weigh more than the first ones."

SUMMARY_THEN = (
    "Neglect was seen by somebody in every case and named in one. Records describe the home and seldom the child’s "
    "day. Fathers are almost absent."
)
SUMMARY_NOW = (
    "A year on, children’s days are described and neglect is called neglect. What has not moved is the family "
    "beyond the mother: fathers are still written about, not asked."
)
# (kind, words, seen in, what people need to learn)
FINDINGS_THEN = [
    (
        "concern",
        "Agencies wrote “low-level concerns” where they meant neglect.",
        3,
        "Words for neglect that a court reads",
    ),
    ("concern", "The record says what the kitchen looked like and not what the child ate.", 3, ""),
]
FINDINGS_NOW = [
    ("good", "The day is described in the child’s own words, in drawings where there are no words yet.", 4, ""),
    (
        "concern",
        "Fathers and partners who live elsewhere were asked in one case of five.",
        4,
        "How to begin a talk with a father who was never asked",
    ),
    ("learning", "Where one agency named neglect, the others did within weeks.", 3, ""),
]
RECOMMENDED_THEN = (
    "Use one short list of words for neglect in all agencies",
    "Neglect is named in eight of ten records.",
)
RECOMMENDED_NOW = (
    "Ask every father and partner, wherever they live, and write down what they said",
    "Fathers’ own words stand in seven of ten records by next summer.",
)

CONVERSATIONS = "Return conversations: are they offered, held and used?"
CASES_TO_GRADE = [
    ("Case A", "14 to 17, missing overnight", [COUNTY, POLICE]),
    ("Case B", "10 to 13, missing from care", [COUNTY, POLICE, LANTERN]),
    ("Case C", "14 to 17, missing from school", [CITY, POLICE]),
]
HAVE_SUBMITTED = [("Case A", POLICE), ("Case B", POLICE), ("Case A", COUNTY)]
HAVE_BEGUN = [("Case B", LANTERN), ("Case C", CITY)]
