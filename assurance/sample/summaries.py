"""What agencies say of a case, and why partners decided as they did; invented."""

from assurance.sample.people import BRANNOC, COUNTY, ICB, LANTERN, POLICE, TIDEWELL

NOW, THEN = "AV-R-07", "AV-R-05"

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

RAPID_REVIEW = {
    "facts": "A baby of a few months was hurt at home. Three agencies had been in the home in the month before.",
    "immediate_action": "The baby is safe. Every front door team was reminded about bruises on babies.",
    "improvements": "Whoever visits asks about everybody who cares for the baby, and writes down what they hear.",
}

DECISIONS = [
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
]
