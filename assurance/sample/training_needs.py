"""What the sample's people need to learn, what agencies taught their own, and by which rules places are given."""

from assurance.sample.people import BRANNOC, CITY, COLLEGE, COUNTY, LANTERN, LEARNING, POLICE, PROBATION, TIDEWELL

# Topic, what shows it, source, seen in, audience, level, urgency, priority, courses, decision, why and what is left.
SETTLED = (
    (
        "Naming neglect early, in the same words",
        "The spring audit: it was named late, and in four different ways.",
        "audit",
        "Audit of neglect",
        "Everybody who visits homes",
        "Level 2",
        4,
        "2",
        (
            "Seeing and naming neglect",
            "The child’s day: writing what you saw",
            "Graded care: using the profile with parents",
        ),
        "met",
        "",
    ),
    (
        "Where a baby sleeps, seen by people who are not health workers",
        "Two rapid reviews; the home safety visits of the fire service.",
        "review",
        "Themes of reviews",
        "Housing, fire, volunteers",
        "Level 1",
        4,
        "1",
        ("Safer sleep for every home visitor", "Homes that are hard to enter", "Drink, drugs and a cot"),
        "met",
        "",
    ),
    (
        "What to do while a child waits for mental health help",
        "Priority five was off track for three rounds.",
        "priority",
        "Children who wait for help with their mental health",
        "Schools, college, youth workers",
        "Level 2",
        4,
        "5",
        ("When a child harms themselves", "Suicide: asking the question"),
        "partly",
        "Four events were full within a day. A fifth needs a second trainer from Tidewell, who is not there yet.",
    ),
    (
        "Disagreeing and carrying it further",
        "Three reviews: people knew how to escalate and did not.",
        "review",
        "Themes of reviews",
        "Practitioners who decide together",
        "Level 3",
        3,
        "",
        ("Disagree out loud",),
        "met",
        "",
    ),
    (
        "Fathers and other men in the home",
        "Returns: one agency in three has no place in its record for him.",
        "return",
        "Returns of last year",
        "Midwives, health visitors, front door",
        "Level 2",
        3,
        "1",
        ("The men in the household", "Crying, coping and a plan for the night"),
        "partly",
        "Both events of the spring lost their trainer. The course is held again in summer.",
    ),
    (
        "Children out of sight of school",
        "The weekly list has 141 children; half are known to nobody else.",
        "data",
        "Indicators of the plan",
        "Schools, education welfare, police",
        "Level 2",
        3,
        "4",
        ("A child who is not in school", "Part-time timetables"),
        "met",
        "",
    ),
    (
        "Debt, threats and county lines",
        "Young people’s own first priority.",
        "voice",
        "The Sounding Board",
        "Police, youth workers, schools",
        "Level 3",
        3,
        "3",
        ("County lines: what a child cannot say",),
        "met",
        "",
    ),
    (
        "Using artificial intelligence to write records",
        "Asked by practitioners in four agencies.",
        "people",
        "Practitioners’ survey",
        "Everybody who keeps records",
        "Level 2",
        2,
        "",
        (),
        "unmet",
        "No agency has a rule yet. The Procedures Subgroup writes one by summer; before that a course would guess.",
    ),
    (
        "Safeguarding in unregistered places where children live",
        "Asked by the city council.",
        "member",
        "Millbrook City Council",
        "Commissioners and social workers",
        "Level 3",
        2,
        "",
        (),
        "unmet",
        "Nine people in both areas need it. They go to the neighbouring area’s course; the office pays.",
    ),
)

# The next year's, not decided.
NEXT = (
    ("Bruises and babies: the second opinion", "From a rapid review of autumn.", "review", "Rapid review", 4),
    ("Hearing children who do not speak", "The Sounding Board asks each year.", "voice", "The Sounding Board", 3),
    ("Chairing so that everybody decides", "Audit of strategy discussions.", "audit", "Audit", 3),
    (
        "Threats of a knife at school",
        "Asked by both head teachers’ forums.",
        "group",
        "Education Safeguarding Forum",
        2,
    ),
)
NEXT_INTRODUCTION = (
    "Tell us what your people have to learn next year. Say where you saw it. In March the Learning and "
    "Development Subgroup ranks what everybody said, and says what is left unmet and why."
)
# Who replied: organisation or group, by, wishes as (topic, audience, urgency, why, number of the need above or None).
REPLIES = (
    (
        COUNTY,
        "Head of Safeguarding and Quality",
        (
            ("When two doctors differ about a bruise", "Front door", 4, "Two cases this autumn.", 0),
            ("Chairing meetings online", "Team managers", 2, "", 2),
        ),
    ),
    (
        POLICE,
        "Superintendent, public protection",
        (("Knives: what to say to parents", "Neighbourhood officers", 3, "Five schools in one term.", 3),),
    ),
    (LANTERN, "Chief executive", (("Talking with children who sign", "Family workers", 3, "", 1),)),
    (TIDEWELL, "Named nurse", (("Second opinions at night", "Health visitors", 4, "On call is unclear.", 0),)),
)
GROUP_REPLY = (LEARNING, "Chair", (("Trainers: where do new ones come from?", "All members", 3, "", None),))
# Of practitioners nobody's name is kept: kind of work, what they have to learn.
PRACTITIONERS_REPLY = (
    COUNTY,
    (
        ("Social worker", "Bruises"),
        ("Family support worker", "Knives"),
        ("Social worker", "How to chair when I am new"),
        ("Youth worker", "Knives, and fear of knives"),
        ("Social worker", "Signing"),
        ("Family support worker", "What a good contact looks like"),
    ),
)

# Agency: days since it was submitted or None, how it knows, difference, lines (course, level, needed, took it).
OWN_TRAINING = {
    COUNTY: (
        150,
        "One lesson in ten is watched by a colleague from another agency.",
        "Contacts name who lives in the home in 31 of 40 files, from 19.",
        (
            ("Safeguarding for everybody", "Level 1", 3200, 2910),
            ("Neglect", "Level 2", 640, 512),
            ("Court skills", "Level 3", 90, 61),
        ),
    ),
    POLICE: (
        141,
        "A test at the end, and a dip sample of notices.",
        "Notices reach schools before the bell in 96 of 100.",
        (
            ("Vulnerability", "Level 1", 1400, 1288),
            ("Public protection", "Level 3", 120, 118),
        ),
    ),
    TIDEWELL: (
        133,
        "Supervisors ask about it every quarter.",
        "Safe sleep is talked about in 94 of 100 visits sampled.",
        (("Safeguarding children", "Level 2", 410, 377), ("Safeguarding children", "Level 3", 260, 201)),
    ),
    BRANNOC: (
        120,
        "Figures go to our board each month.",
        "",
        (("Safeguarding children", "Level 2", 980, 861), ("Safeguarding children", "Level 3", 310, 214)),
    ),
    COLLEGE: (128, "All staff answer ten questions.", "Students know whom to tell.", (("Keeping safe", "", 420, 420),)),
    PROBATION: (None, "", "", (("Child safeguarding", "Level 2", 140, 92),)),
    CITY: (None, "", "", ()),
    LANTERN: (None, "", "", ()),
}
