"""When the sample's groups meet, what they take, decide and promise, and who comes. All invented.

Texts may hold marks that become dates (see ``shapes``).
"""

from dataclasses import dataclass, field

from assurance.sample import people
from partnership.models import Frequency, ItemKind

DECISION, ASSURANCE, INFORMATION = ItemKind.DECISION, ItemKind.ASSURANCE, ItemKind.INFORMATION


@dataclass(frozen=True)
class Round:
    """When a group meets: ``next_in`` days lies its next meeting, about; ``weekday`` from 0, Monday."""

    next_in: int
    weekday: int
    frequency: str
    hours: tuple
    venue: str
    link: str = ""


@dataclass(frozen=True)
class Taken:
    """An item of an agenda; ``said`` and the rest where the meeting is over."""

    title: str
    kind: str = INFORMATION
    asked: str = ""
    lead: str = ""
    minutes: int = 15
    paper: int | None = None  # days from the meeting's usual day for papers
    source: str = ""
    said: str = ""
    decided: str = ""
    because: str = ""
    wanted_in: int | None = None


@dataclass(frozen=True)
class Promised:
    """A line of the action log. ``agreed`` counts meetings back from the last; ``due`` is a day from today."""

    text: str
    due: int
    agreed: int = 0
    post: str = ""
    group: str = ""
    agency: str = ""
    updates: tuple = field(default=())  # (days from today, by whom, words)
    closed: int | None = None
    outcome: str = ""


HALL, HOUSE, ONLINE = "County Hall, Ashford", "Mill House, Millbrook", "Online"
MEET = "https://meet.example.org/"

ROUNDS = {
    people.COUNTY_BOARD: Round(52, 1, Frequency.TWICE, ("09:30", "12:30"), HALL),
    people.CITY_BOARD: Round(59, 1, Frequency.TWICE, ("09:30", "12:30"), HOUSE),
    people.EXECUTIVE: Round(17, 3, Frequency.TWO_MONTHS, ("13:00", "15:00"), HALL, f"{MEET}executive"),
    people.DELIVERY: Round(38, 2, Frequency.TWO_MONTHS, ("10:00", "12:30"), HOUSE, f"{MEET}delivery"),
    people.SCRUTINY: Round(24, 0, Frequency.QUARTERLY, ("14:00", "16:30"), ONLINE, f"{MEET}scrutiny"),
    people.LEARNING: Round(10, 1, Frequency.TWO_MONTHS, ("14:00", "16:00"), ONLINE, f"{MEET}learning"),
    people.PROCEDURES: Round(54, 4, Frequency.TWO_MONTHS, ("10:00", "12:00"), ONLINE, f"{MEET}procedures"),
    people.SOUNDING_BOARD: Round(12, 3, Frequency.MONTHLY, ("17:00", "18:30"), "Harbour Lights, Millbrook"),
    people.UNDER_TWOS: Round(20, 2, Frequency.TWO_MONTHS, ("15:00", "16:30"), ONLINE, f"{MEET}under-twos"),
    people.EDUCATION: Round(33, 2, Frequency.TERMLY, ("15:30", "17:00"), "Three Rivers College"),
    people.COUNTY_CASES: Round(15, 4, Frequency.MONTHLY, ("09:00", "11:00"), HALL),
}
# Planned, its day gone by, and nobody has written it up: the last of this group.
NOT_WRITTEN_UP = people.PROCEDURES
# The board meeting that the Sounding Board leads: the next.
LED_BY_YOUNG_PEOPLE = people.CITY_BOARD

# (group, how many meetings back from the last one, reason)
CANCELLED = [
    (people.LEARNING, 1, "Four of six organisations sent apologies, so nothing could have been decided."),
    (people.SCRUTINY, 4, "The building was closed by snow and the evidence could not be shown online."),
]
# (group, how many meetings ahead: 0 is the next, days earlier that it was planned for, reason)
MOVED = [
    (people.EXECUTIVE, 0, 7, "Two safeguarding partners are in the same inspection that week."),
    (people.COUNTY_BOARD, 0, 14, "The Sounding Board has examinations."),
]

WELCOME = Taken("Welcome, apologies and the last minutes", minutes=5)
LOG = Taken("Action log", minutes=10)
STANDING = {
    people.EXECUTIVE: [WELCOME, LOG, Taken("Risks that have changed", ASSURANCE, minutes=15)],
    people.DELIVERY: [WELCOME, LOG, Taken("What subgroups ask of us", DECISION, minutes=20)],
    people.SCRUTINY: [WELCOME, LOG],
    people.LEARNING: [WELCOME, LOG],
    people.PROCEDURES: [WELCOME, LOG],
    people.COUNTY_BOARD: [WELCOME],
    people.CITY_BOARD: [WELCOME],
    people.COUNTY_CASES: [WELCOME, LOG],
}
# Groups on whose agendas the Sounding Board has an item of its own.
HEARD = "What young people ask us"
HEARD_BY = [people.EXECUTIVE, people.COUNTY_BOARD, people.CITY_BOARD]

# What was taken, the last meeting's first; earlier meetings take them in turn.
TAKEN = {
    people.EXECUTIVE: [
        [
            Taken(
                "Ratings of the quarter",
                DECISION,
                "Decide the rating of each priority",
                "scrutiny-chair",
                40,
                said="Ruth Adeyinka-Cole took the group through the five proposals. Police and schools asked why "
                "neglect stays red when three milestones were met: the list of families waiting has grown.",
                decided="Neglect stays red until the waiting list is shorter than a year ago",
                because="Families feel the list, not the milestones",
            ),
            Taken(
                "Money: how the year will end",
                DECISION,
                "Agree what becomes of the sum that is left over",
                "manager",
                20,
                said="About £9,000 will be left because two courses moved online.",
                decided="What is left goes to the reserve for reviews",
                because="Two reviews may be commissioned next year",
            ),
        ],
        [
            Taken(
                "What families told the advisor",
                ASSURANCE,
                lead="advisor",
                minutes=30,
                said="Eleven families were heard. Most had told their story four times.",
                decided="Each partner names one person who can stop a repeated assessment",
                because="Nobody could say today who may",
            )
        ],
    ],
    people.DELIVERY: [
        [
            Taken(
                "Update round: what is late and why",
                ASSURANCE,
                "Say what each late line needs",
                "manager",
                45,
                said="Four lines are late. Two wait for one vacancy in mental health.",
                decided="The Executive is asked to speak with Tidewell about the vacancy",
                because="It has been empty for three months and two priorities wait for it",
            ),
            Taken("Assurance returns: first reading", ASSURANCE, lead="advisor", minutes=30),
        ],
        [
            Taken(
                "One front door for both areas",
                DECISION,
                "Choose one of three ways",
                "county-early-help",
                40,
                said="The second way costs least and keeps two telephone numbers.",
                decided="We try the second way for six months",
                because="It can be undone",
            )
        ],
    ],
    people.SCRUTINY: [
        [
            Taken(
                "Evidence of the quarter",
                ASSURANCE,
                "Propose a rating for each priority",
                "analyst",
                60,
                said="Both maternity services sent figures. For harm outside the home one area did not.",
            ),
            Taken("Audit of twelve plans before birth", ASSURANCE, lead="city-safeguarding", minutes=40),
        ]
    ],
    people.LEARNING: [
        [
            Taken(
                "Learning needs of next year",
                DECISION,
                "Agree the five questions of the survey",
                "training",
                35,
                said="Schools ask for shorter courses at four o’clock. Health visitors ask for cases, not slides.",
                decided="The survey asks what people did differently, not what they liked",
                because="Ninety-four in a hundred liked every course",
            ),
            Taken(
                "Who does not come to courses",
                ASSURANCE,
                lead="training",
                minutes=20,
                said="General practices sent eleven people in a year.",
            ),
        ],
        [Taken("Briefing on safer sleep", INFORMATION, lead="named-nurse", minutes=15)],
    ],
    people.PROCEDURES: [
        [Taken("Procedure for a family that moves away", DECISION, "Agree the wording", "city-safeguarding", 40)]
    ],
    people.UNDER_TWOS: [
        [
            Taken(
                "Trial in the second unit",
                ASSURANCE,
                lead="midwifery",
                minutes=30,
                said="Nineteen plans in eight weeks; four families asked for changes and got them.",
            )
        ]
    ],
    people.COUNTY_BOARD: [
        [
            Taken(
                "Is what we do making a difference?",
                ASSURANCE,
                lead="advisor",
                minutes=60,
                said="Members saw the five ratings and asked why nobody had asked the children themselves.",
                decided="Each subgroup brings what children said to every meeting",
                because="The board had to ask for it twice",
            )
        ]
    ],
    people.CITY_BOARD: [[Taken("Is what we do making a difference?", ASSURANCE, lead="advisor", minutes=60)]],
    people.SOUNDING_BOARD: [[Taken("Questions for the boards", lead="participation", minutes=45)]],
    people.EDUCATION: [[Taken("Children out of sight of school", ASSURANCE, lead="schools-lead", minutes=30)]],
    people.COUNTY_CASES: [[Taken("Reviews under way", ASSURANCE, lead="county-cases-chair", minutes=60)]],
}

# The agenda of the next meeting, and the forward plan behind it.
NEXT = {
    people.EXECUTIVE: [
        Taken(
            "Ratings of the quarter",
            DECISION,
            "Decide the rating of each priority",
            "scrutiny-chair",
            40,
            paper=0,
            source="Update round",
        ),
        Taken(
            "Budget for next year",
            DECISION,
            "Agree each partner’s share",
            "manager",
            25,
            paper=0,
        ),
        Taken(
            "Waiting for children’s mental health services",
            ASSURANCE,
            "Say whether the vacancy may stay unfilled until spring",
            "mental-health",
            20,
            paper=-16,
            source="Asked by the Planning and Delivery Group",
        ),
    ],
    people.DELIVERY: [
        Taken("Update round: what is late and why", ASSURANCE, lead="manager", minutes=45, paper=0),
        Taken("Plans before a birth: both units", ASSURANCE, "Advise on going on", "midwifery", 25, paper=0),
    ],
    people.SCRUTINY: [Taken("Evidence of the quarter", ASSURANCE, lead="analyst", minutes=60, paper=0)],
    people.LEARNING: [
        Taken(
            "Results of the learning needs survey",
            ASSURANCE,
            "Choose five priorities for courses",
            "training",
            40,
            paper=0,
        ),
        Taken("Shadowing days: shall we go on?", DECISION, "Decide", "named-nurse", 20),
    ],
    people.UNDER_TWOS: [Taken("What is left to do before we close", DECISION, lead="midwifery", minutes=40)],
    people.CITY_BOARD: [Taken("The Sounding Board’s session", ASSURANCE, lead="sounding-board-chair", minutes=90)],
}
WAITING = {
    people.EXECUTIVE: [
        Taken("Draft of the annual report", DECISION, "Agree it for publication", "manager", wanted_in=120),
        Taken("How we work together: yearly look", DECISION, lead="advisor", wanted_in=90, source="Arrangements"),
        Taken("Cameras in police custody", INFORMATION, lead="police-executive"),
    ],
    people.LEARNING: [
        Taken("Course on neglect with two trainers fewer", DECISION, lead="training", wanted_in=75),
        Taken("What practitioners did differently", ASSURANCE, lead="lantern", wanted_in=-6, source="Impact survey"),
    ],
    people.DELIVERY: [Taken("Neglect guide a year on", ASSURANCE, lead="procedures-chair", wanted_in=150)],
}

# Organisations that are often away: their answers in turn (P, D, A, N). Others come, with a lapse now and then.
OFTEN_AWAY = {
    people.COLLEGE: "ANANPAN",
    people.PROBATION: "NAPNAND",
    people.BRANNOC: "PDAPD",
    people.TIDEWELL: "DPADN",
}
USUALLY = "PPPDPPPAPPPPDP"
DEPUTIES = ["Deputy head of service", "Team manager", "Safeguarding nurse", "Acting inspector"]
APOLOGIES = ["On leave", "In court", "", "Inspection that week"]
ALSO_THERE = "Two students on placement, to listen\nA parent from the neglect survey, for the second item"

PROMISED = {
    people.EXECUTIVE: [
        Promised(
            "Ask Tidewell’s chief executive when the mental health post will be filled",
            -9,
            post="health-chief",
            updates=((-20, "health-chief", "Met on Monday. Interviews are planned, no date yet."),),
        ),
        Promised(
            "Name one person in each partner who can stop a repeated assessment",
            24,
            1,
            agency=people.POLICE,
            updates=((-31, "police-executive", "Police and county have named theirs."),),
        ),
        Promised("Write to every school about the new front door", 45, post="county-director"),
        Promised(
            "Publish who decides what in an emergency",
            -70,
            2,
            post="manager",
            closed=-76,
            outcome="One page on every partner’s intranet; used in the flood of that week.",
            updates=((-76, "manager", "Published."),),
        ),
    ],
    people.DELIVERY: [
        Promised("Bring figures of both units in one table", 31, post="midwifery"),
        Promised(
            "Find out why two districts did not answer",
            -21,
            1,
            post="community-safety",
            updates=((-40, "community-safety", "One answered: the person had left."),),
        ),
        Promised(
            "Agree who calls a family after a referral is refused",
            -55,
            2,
            group=people.PROCEDURES,
            closed=-58,
            outcome="The referrer calls within two days. Procedure 14 says so since last month.",
        ),
    ],
    people.LEARNING: [
        Promised(
            "Offer four courses at four o’clock, for schools",
            21,
            post="training",
            updates=((-12, "training", "Two are in the programme, rooms for the others are asked for."),),
        ),
        Promised("Visit the six general practices that sent nobody", 60, group=people.LEARNING),
        Promised(
            "Film the briefing on safer sleep with two fathers",
            -4,
            2,
            post="lantern",
            updates=((-35, "lantern", "Both fathers have agreed. The film is cut."),),
        ),
    ],
    people.SCRUTINY: [Promised("Ask Millbrook for its figures on harm outside the home", 12, agency=people.CITY)],
    people.UNDER_TWOS: [
        Promised("Give the plan to every community midwife", 40, post="named-midwife"),
    ],
    people.COUNTY_CASES: [Promised("Tell both hospitals which records are still missing", 9, post="inspector")],
}
