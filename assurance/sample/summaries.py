"""What agencies say of a case, and why partners decided as they did; invented."""

from assurance.sample.people import BRANNOC, COLLEGE, COUNTY, ICB, LANTERN, POLICE, TIDEWELL

NOW, LAST, THEN = "AV-R-07", "AV-R-06", "AV-R-05"

ASKED = (
    "Please look at the time from the booking visit to the day of the injury: who you saw, what you asked, what you "
    "were told, and what you made of it. We will tell you by telephone whom this is about."
)

# ``back``: days from the day of loading on which it came back; None: not yet.
SUMMARIES = [
    {
        "agency": BRANNOC,
        "back": -3,
        "words": [
            "The mother was known to us from her booking visit. The baby was seen in the emergency department once "
            "before the day of the injury, with a cold.",
            "At the booking visit nobody asked who else would care for the baby. In the emergency department a small "
            "mark on the cheek was written down and not asked about.",
            "Each contact was kind and quick. The two parts of the hospital keep two records, so that nobody saw the "
            "mark and the missed visits side by side.",
            "Both front doors were reminded that any mark on a baby who does not move yet is always asked about.",
        ],
    },
    {
        "agency": POLICE,
        "back": -2,
        "words": [
            "Two calls to the home in the half year before, both about shouting. No child was seen at the first.",
            "The second call led to a notice to the front door, which came after the weekend.",
            "Officers saw an argument between adults. Nobody asked whether a baby was due.",
            "Call handlers now ask about pregnancy at each such call.",
        ],
    },
    {
        "agency": LANTERN,
        "back": None,
        "words": ["Two visits by a family worker, in the fourth and the sixth week."],
    },
    {"agency": TIDEWELL, "back": None, "words": []},
]

# Before agencies answered here their summaries came on paper: the day, and what each said of itself.
ON_PAPER = {
    LAST: (
        -41,
        {
            COUNTY: "Three placements in seven months. Each move was planned for the day and not for the week after.",
            POLICE: "Found missing eleven times. Every return was talked through, by nine different people.",
            COLLEGE: "Came every day until March. A tutor rang twice when that ended and was told that it was in hand.",
            LANTERN: "One worker was rung by the young person at night, and did not know whom to ring in turn.",
        },
    ),
    THEN: (
        -156,
        {
            COUNTY: "Teaching at home was noted and approved from a letter. No visit was asked for and none was made.",
            POLICE: "One call to the address about noise. The door was opened; nobody asked who else lived there.",
            TIDEWELL: "Two invitations were not answered. After the second the file was closed, as the rule then said.",
        },
    ),
}

RAPID_REVIEWS = {
    NOW: {
        "facts": "A baby of a few months was hurt at home. Three agencies had been in the home in the month before.",
        "immediate_action": "The baby is safe. Every front door team was reminded about bruises on babies.",
        "improvements": "Whoever visits asks about everybody who cares for the baby, and writes down what they hear.",
    },
    LAST: {
        "facts": "Four agencies worried about the same things for half a year, each in its own meeting.",
        "immediate_action": "The young person is safe and chose who works with them. Two adults are charged.",
        "improvements": "One meeting about one young person, and one person whom they can ring at any hour.",
        "context": "In care for seven years, and asked for the same worker each time. Nobody had asked about racism.",
        "next_steps": "A learning circle of the four agencies within two months, and one plan tried with three others.",
        "national_view": "Nothing new for the country: the national review of exploitation says the same.",
    },
    THEN: {
        "facts": "A child taught at home was seen by no service for fourteen months.",
        "immediate_action": "The child is safe. The family of every child known to be taught at home was rung.",
        "improvements": "Who sees a child who is in no school, and who notices that nobody does?",
        "context": "A village without a bus. The parents had their reasons not to trust services, and said so.",
        "next_steps": "A local review led by somebody from outside the area.",
        "national_view": "It may matter elsewhere: no duty makes anybody see such a child.",
    },
}

LEARNING_CIRCLE = {
    COUNTY: ("county-solicitor", "We know what went wrong and can change it this term. A review would say it again."),
    ICB: ("county-cases-chair", "The Panel has reviewed this nationally. What we lack is doing it, not finding it."),
    POLICE: ("inspector", "A learning circle reaches the people who ring and are rung, and can begin at once."),
}
DECISIONS = {
    LAST: [
        {"agency": agency, "by": by, "outcome": "other", "day": -40, "reasons": reasons}
        for agency, (by, reasons) in LEARNING_CIRCLE.items()
    ],
    THEN: [
        {
            "agency": COUNTY,
            "by": "county-solicitor",
            "outcome": "local",
            "day": -154,
            "reasons": "No service saw the child for fourteen months, and none of our own audits had found that.",
        },
        {
            "agency": ICB,
            "by": "county-cases-chair",
            "outcome": "local",
            "day": -154,
            "reasons": "Health services lost sight of a child who was never ill. One agency can’t find out why alone.",
        },
        {
            "agency": POLICE,
            "by": "inspector",
            "outcome": "local",
            "day": -154,
            "reasons": "There is learning for all three of us about children whom nobody expects anywhere.",
        },
    ],
}
