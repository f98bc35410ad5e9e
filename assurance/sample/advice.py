"""What the sample's independent advisor looked at: a year of it, most answered, one late, one made a challenge.

Days are counted from today. ``at``: what a note is about, ("meeting", group) for the last that was held before that
day, or ("audit", words of its title).
"""

from assurance.sample.people import AV, BRANNOC, COUNTY, COUNTY_BOARD, LEARNING, MB, SCRUTINY, TIDEWELL

NOTES = [
    {
        "of": AV,
        "looked": -318,
        "kind": "records",
        "what": "Ten plans for children living with neglect",
        "at": ("audit", "neglect"),
        "said": "Four of ten say what a child’s day is like. In the other six I read what adults did and what services "
        "offered. The best plan quotes a boy of nine twice, and both times something was done about it.",
        "asked": "How will a supervisor see, without reading the whole file, whether the child’s day is described?",
        "to": ("organisation", COUNTY),
        "due": -290,
        "answer": (
            -296,
            "Every supervision record now begins with one question: what is a day like for this child? Team managers "
            "look at three a month and bring one to the service meeting.",
        ),
        "difference": (-60, "Nine of ten plans that I read since then describe the child’s day."),
        "shared": -60,
        "priority": "2",
    },
    {
        "of": AV,
        "looked": -205,
        "kind": "visit",
        "what": "An evening with the health visitors of Wendlebury",
        "said": "Good people, too few of them. Visits before birth are made because two of them stay late. Nobody had "
        "told them what became of the last concern they raised.",
        "asked": "Who tells a team what became of a concern it raised, and by when?",
        "to": ("organisation", TIDEWELL),
        "due": -170,
        "answer": (
            -176,
            "The team lead does, within ten days. We asked all six teams: five had been told.",
        ),
        "priority": "1",
    },
    {
        "of": MB,
        "looked": -131,
        "kind": "voice",
        "what": "Seven young people who had a return conversation",
        "said": "Five had been asked the same questions by three people. Two said that somebody listened, and named "
        "her. All seven would rather choose who asks.",
        "shared": -120,
    },
    {
        "of": AV,
        "looked": -96,
        "kind": "records",
        "what": "Who comes to strategy meetings",
        "said": "I read the notes of twelve meetings. A nurse was at seven, and at four nobody from health had sent "
        "word. Decisions were made all the same.",
        "asked": "What will you do so that health is at every strategy meeting, or says why not?",
        "to": ("organisation", BRANNOC),
        "due": -68,
        "challenge": -61,
    },
    {
        "of": AV,
        "looked": -40,
        "kind": "meeting",
        "what": "How the Board used its own figures",
        "at": ("meeting", COUNTY_BOARD),
        "said": "The Board spent forty minutes on money and six on the quarter’s figures. When the chair asked what a "
        "red rating changes, the answer was a good one, and was not minuted.",
        "asked": "Will every red rating have a decision beside it in the minutes?",
        "to": ("group", SCRUTINY),
        "due": -9,
    },
    {
        "of": AV,
        "looked": -17,
        "kind": "staff",
        "what": "What twelve practitioners took from the safer sleep briefing",
        "said": "All twelve remembered it. Seven could say what they do differently; three of those had told a father.",
        "asked": "How will the next briefing reach those who work nights?",
        "to": ("group", LEARNING),
        "due": 12,
    },
]
