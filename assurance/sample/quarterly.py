"""How are we doing? Two quarters of this year's plan, in the words of the groups that wrote them."""

INTRODUCTION = (
    "Young people are safer at the bus station and say so. Babies are safer where one unit plans with families from "
    "the twentieth week, and the second unit has not begun.\n\n"
    "The wait for early help grew while everybody agreed that it should shrink. We can show what changed in five of "
    "eight outcomes; in two we can’t, and we say below what would let us."
)
DOING_WELL = (
    "- Children’s own words changed what we did: the text about a wait no longer names the clinic.\n"
    "- Fathers are spoken to: housing officers asked about sleep in 38 of 50 visits, from none.\n"
    "- Agencies disagree in the open, and more often with success."
)
EXPLORE = "Why the same families are on two lists for help, and what they were told while they waited."

# By the priority's ref and the place of its outcome: what goes well, what to explore.
LINES = {
    ("", 1): (
        "Eight of ten answers were believed by the children who had asked.",
        "Children under eight are hardly among those who were heard. Two nurseries offered a morning.",
    ),
    ("1", 1): (
        "Every family of the trial had one plan by 28 weeks, and fathers are named in more of them.",
        "What happens to families who move between our areas: four of five told their story twice.",
    ),
    ("2", 1): (
        "Schools and health visitors use the same words for neglect.",
        "Whether naming neglect sooner only makes the queue longer.",
    ),
    ("3", 1): ("Incidents at the bus station fell from 31 to 12.", "Where the young people went instead."),
    ("3", 2): ("", "Why half of the guardians did not ask again what came of their worry."),
    ("4", 1): (
        "41 children whom nobody knew are on one list.",
        "Seven of nine academy trusts wait for their lawyers.",
    ),
}
# The one that nobody judged, and why.
NOT_JUDGED = {("5", 2): "The lead’s post was vacant, and the survey of children who wait had not been asked yet."}

# What was promised: outcome or None, words, post that answers for it, months after the quarter's end, and then what
# came of it by the log: words, whether it is closed.
PROMISES = [
    (
        ("1", 1),
        "Begin shared plans in the second maternity unit, with two bank midwives.",
        "midwifery",
        4,
        ("Two bank midwives started, and nine families have a plan at the second unit.", False),
    ),
    (
        ("2", 1),
        "Match both waiting lists for early help, and see first the families who are on both.",
        "county-early-help",
        3,
        ("All 347 families are matched. 38 were on both lists; 31 of them have started.", True),
    ),
    (
        ("5", 2),
        "Ask 80 children who wait whether they know how long, and whom to ring.",
        "mental-health",
        3,
        ("80 children asked: 63 knew how long they had to wait.", True),
    ),
    (
        None,
        "Read to children under eight what we did with their words, in two nurseries.",
        "participation",
        3,
        None,
    ),
]
# What the Executive changed when it was given the report.
BOARD_LEVEL = (
    ("3", 1),
    "partly",
    "Incidents at the bus station fell by more than half, and young people say that they notice. Two other places "
    "have no figures yet, so we say partly.",
)
BOARD_INTRODUCTION = INTRODUCTION + " The Executive asks for both hospitals’ figures by name next time."
MEETING_DAYS = 12  # after the round's decisions

# The next quarter, which is being written.
NEXT_INTRODUCTION = "Both lists for early help are matched, and the families who stood on both are seen first."
NEXT_LEVELS = {
    ("2", 1): (
        "partly",
        "Neglect is named in the first contact in six of ten cases, from four. 31 of the 38 families who were on both "
        "lists have started.",
    ),
    ("5", 2): ("partly", "63 of 80 children asked knew how long they had to wait, from 22 of 88 last year."),
}
TOLD = [
    ("partly", "Two bank midwives started and nine families have a plan. The second unit is not whole yet.", True),
    ("done", "All 347 families are matched, and 31 of the 38 who were on both lists have started.", False),
    ("done", "80 children were asked: 63 knew how long they had to wait.", False),
]
