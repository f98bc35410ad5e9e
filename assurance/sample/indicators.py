"""Indicators of the sample, with their figures from the oldest to the newest. All invented."""

from dataclasses import dataclass, field

from assurance.sample.people import AV, BRANNOC, CITY, COUNTY, ICB, LANTERN, MB, POLICE, TIDEWELL

# Districts of the county, which count some things apart.
DISTRICTS = {"Coldhurst": "E07000991", "Fenmoor": "E07000992", "Wendlebury": "E07000993"}


@dataclass(frozen=True)
class Counted:
    """One indicator. ``figures`` and ``compared`` end with the newest period that should be there by now.

    ``behind``: periods of which the figure has not come. ``of_whom``: the people of whom a per cent is counted.
    ``anew``: how many of the newest figures come after the change that ``because`` tells of.
    ``said``: (periods back, why, so what). ``areas``: figures of districts, which make the whole.
    """

    ref: str
    title: str
    of: str
    owner: str
    priority: str
    figures: tuple = ()
    definition: str = ""
    source: str = ""
    unit: str = "count"
    unit_words: str = ""
    decimals: int = 0
    polarity: str = "lower"
    frequency: str = "quarter"
    target: float | None = None
    baseline: float | None = None
    baseline_words: str = ""
    comparator_name: str = ""
    compared: tuple = ()
    of_whom: int | None = None
    behind: int = 0
    anew: int = 0
    because: str = ""
    is_public: bool = False
    said: tuple = ()
    areas: dict = field(default_factory=dict)
    notes: dict = field(default_factory=dict)


INDICATORS = (
    Counted(
        "I1",
        "Families who come back within a year",
        AV,
        COUNTY,
        "2",
        (24.4, 24.1, 24.6, 23.8, 23.9, 23.2, 22.7, 22.9, 21.8, 21.0, 20.1, 19.4, 18.9),
        definition="Referrals to children’s services of a child who was referred before in the twelve months past, "
        "of all referrals in the quarter.",
        source="Children’s services record, first working day after the quarter",
        unit="percent",
        unit_words="of referrals",
        decimals=1,
        target=19,
        baseline=24.1,
        baseline_words="the year before the plan",
        comparator_name="Similar areas",
        compared=(22.3, 22.0, 22.1, 21.9, 21.8, 21.7, 21.8, 21.6, 21.5, 21.5, 21.4, 21.3, 21.4),
        of_whom=812,
        is_public=True,
        said=(
            (
                2,
                "Family help teams share offices with health visitors since last year, and letters tell families whom "
                "to ring before they need to.",
                "We keep the offices. Two districts have none: the Delivery Group decides in spring whether to pay.",
            ),
        ),
    ),
    Counted(
        "I2",
        "Children on a plan because of neglect",
        AV,
        COUNTY,
        "2",
        definition="Children with a child protection plan on the last day of the quarter whose first reason is "
        "neglect.",
        source="Children’s services record",
        unit_words="children",
        polarity="neither",
        areas={
            "Wendlebury": (61, 58, 63, 60, 66, 62, 59, 64, 61, 65, 60, 63, 62, 88),
            "Fenmoor": (44, 47, 42, 45, 43, 48, 44, 46, 41, 45, 47, 43, 46, 49),
            "Coldhurst": (9, 11, 8, 10, 7, 9, 12, 8, 10, 6, 3, 2, 6, 8),
        },
    ),
    Counted(
        "I3",
        "Babies with a plan that all agencies hold by 28 weeks",
        AV,
        BRANNOC,
        "1",
        (61, 66, 58, 63, 67, 60, 64, 70, 66, 72, 76, 79, 83, 86),
        definition="Babies born in the quarter for whom a plan before birth was agreed and shared with every agency "
        "by the 28th week, of those who needed one.",
        source="Maternity record, 20 cases a quarter read by the named midwife",
        unit="percent",
        unit_words="of babies who need one",
        polarity="higher",
        target=90,
        baseline=70,
        baseline_words="14 of 20 cases before the plan",
        of_whom=64,
        said=(
            (
                0,
                "One checklist is used from the 20-week appointment in both maternity units.",
                "It will not reach 90 by itself: families who move between our areas are still missed. "
                "The midwives ask for one shared list.",
            ),
        ),
    ),
    Counted(
        "I4",
        "Return conversations held within three days",
        AV,
        LANTERN,
        "3",
        (58, 63, 55, 61, 66, 57, 60, 64, 59, 62, 56, 61, 79, 84, 77, 82, 86, 80, 83, 78, 85, 81, 84, 79, 88, 83),
        definition="Children who were missing from home and were offered and had a conversation within 72 hours of "
        "coming back, of all who came back in the month.",
        source="Lantern’s own record, checked against police reports",
        unit="percent",
        unit_words="of children who came back",
        polarity="higher",
        frequency="month",
        target=85,
        of_whom=58,
        anew=14,
        because="Lantern took the service over, with evenings and weekends",
    ),
    Counted(
        "I5",
        "Wait for a first mental health appointment",
        AV,
        ICB,
        "5",
        (52, 47, 55, 49, 58, 50, 54, 46, 53, 57, 48, 51, 55, 50),
        definition="Middle of the days from referral to first appointment, of children seen in the quarter.",
        source="Board’s mental health data set",
        unit="days",
        target=28,
        comparator_name="England",
        compared=(44, 44, 45, 43, 44, 42, 43, 42, 41, 42, 41, 40, 41, 40),
        of_whom=310,
        is_public=True,
    ),
    Counted(
        "I6",
        "Conferences held within 15 working days",
        AV,
        COUNTY,
        "2",
        (84, 88, 81, 86, 90, 83, 87, 82, 89, 85, 88, 83, 86, 84),
        definition="First conferences held within 15 working days of the strategy meeting, of all first conferences.",
        source="Children’s services record",
        unit="percent",
        unit_words="of first conferences",
        polarity="higher",
        target=85,
        comparator_name="England",
        compared=(79, 79, 78, 79, 80, 79, 80, 79, 78, 79, 79, 80, 79, 79),
        of_whom=140,
    ),
    Counted(
        "I7",
        "Strategy meetings with somebody from health",
        AV,
        TIDEWELL,
        "2",
        (64, 71, 69, 77),
        definition="Strategy meetings at which a nurse, midwife or doctor took part, of all.",
        source="Minutes, read by the office",
        unit="percent",
        unit_words="of meetings",
        polarity="higher",
        target=95,
        baseline=58,
        baseline_words="audit of 60 meetings last summer",
        of_whom=96,
    ),
    Counted(
        "I8",
        "Children missing from home three times or more",
        AV,
        POLICE,
        "3",
        (38, 42, 35, 40, 44, 37, 41, 36, 43, 39, 34, 40),
        definition="Children reported missing from home three times or more in the quarter.",
        source="Police record of missing persons",
        unit_words="children",
        behind=2,
    ),
    Counted(
        "I9",
        "Family help begun",
        AV,
        COUNTY,
        "2",
        definition="Families with whom a family help plan was begun in the quarter.",
        source="Family help record",
        unit_words="families",
        polarity="higher",
        areas={
            "Wendlebury": (212, 225, 208, 219, 230, 214, 221, 209, 226, 217, 223, 211, 218, 222),
            "Fenmoor": (141, 133, 146, 138, 130, 143, 136, 148, 158, 163, 171, 168, 176, 181),
            "Coldhurst": (97, 104, 92, 99, 107, 94, 101, 96, 103, 98, 91, 100, 95, 71),
        },
    ),
    Counted(
        "I10",
        "Children who say that their worker listened",
        AV,
        COUNTY,
        "",
        (71, 74, 72),
        definition="“Mostly” or “always” in the yearly letter to children with a social worker.",
        source="Letter to children, each summer",
        unit="percent",
        unit_words="of children who answered",
        polarity="higher",
        frequency="year",
        target=80,
        of_whom=486,
        is_public=True,
    ),
    Counted(
        "M1",
        "Families who come back within a year",
        MB,
        CITY,
        "2",
        (20.2, 21.1, 19.8, 20.7, 20.0, 21.3, 20.4, 19.9, 20.8, 20.3, 21.0, 20.1, 20.6, 24.9),
        definition="Referrals to children’s services of a child who was referred before in the twelve months past, "
        "of all referrals in the quarter.",
        source="City’s own record",
        unit="percent",
        unit_words="of referrals",
        decimals=1,
        target=19,
        comparator_name="Similar areas",
        compared=(22.3, 22.0, 22.1, 21.9, 21.8, 21.7, 21.8, 21.6, 21.5, 21.5, 21.4, 21.3, 21.4, 21.4),
        of_whom=505,
    ),
    Counted(
        "M2",
        "Children out of school for more than a term",
        MB,
        CITY,
        "4",
        (188, 196, 183, 191, 199, 152, 147, 155, 149, 141),
        definition="Children of school age in no school, and not taught at home by choice, for over a term.",
        source="Weekly list of children out of school",
        unit_words="children",
        target=120,
        is_public=True,
        said=(
            (
                0,
                "The weekly list is read by schools, health and housing together since last year.",
                "The 141 who are left wait for special places. The Executive asked for a count by kind of need.",
            ),
        ),
    ),
    Counted(
        "M3",
        "Children held overnight by the police",
        MB,
        POLICE,
        "3",
        (9, 8, 11, 7, 9, 6, 8, 7, 3, 5, 2, 4, 1, 3),
        definition="Children under 18 who were kept in a cell between 11pm and 6am after a charge was refused bail.",
        source="Custody record",
        unit_words="children",
        target=0,
        comparator_name="",
    ),
    Counted(
        "M4",
        "New babies seen at home within 14 days",
        MB,
        TIDEWELL,
        "1",
        (84.1, 86.3, 83.2, 85.7, 82.9, 86.0, 84.6, 88.9, 89.4, 88.7, 90.2, 89.1, 90.6, 91.3),
        definition="Babies whom a health visitor saw at home by their fourteenth day, of babies born in the quarter.",
        source="Community health record",
        unit="percent",
        unit_words="of new babies",
        decimals=1,
        polarity="higher",
        target=95,
        comparator_name="England",
        compared=(82.4, 82.6, 82.5, 82.9, 83.0, 82.8, 83.1, 83.3, 83.2, 83.5, 83.4, 83.6, 83.5, 83.7),
        of_whom=640,
        is_public=True,
        notes={0: "Provisional"},
    ),
)
