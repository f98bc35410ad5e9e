"""Who takes part in training, what they need to know, and what they answered. All invented."""

from assurance.sample.people import (
    BRANNOC,
    CITY,
    COLLEGE,
    COUNTY,
    DISTRICTS,
    FIRE,
    HOMES,
    ICB,
    LANTERN,
    POLICE,
    PROBATION,
    TIDEWELL,
    UNIVERSITY_HOSPITALS,
)

# Agency: how many practitioners, the domain of their addresses, their jobs, each with the role that it is one of.
PEOPLE = {
    COUNTY: (
        250,
        "ashfordvale.example",
        (
            ("Social worker, front door", "Social worker"),
            ("Family support worker", "Family support worker"),
            ("Social worker, locality team", "Social worker"),
            ("Youth worker", "Youth worker"),
            ("Family time supervisor", "Family support worker"),
            ("Designated safeguarding lead, primary school", "Designated safeguarding lead"),
        ),
    ),
    POLICE: (
        170,
        "avpolice.example",
        (
            ("Neighbourhood constable", "Police officer"),
            ("Detective, public protection", "Police officer"),
            ("Police community support officer", "Police officer"),
            ("Missing people co-ordinator", "Police officer"),
        ),
    ),
    TIDEWELL: (
        150,
        "tidewell.example",
        (
            ("Health visitor", "Health visitor"),
            ("School nurse", "Health visitor"),
            ("Community nursery nurse", "Family support worker"),
            ("Mental health practitioner, young people", "Health practitioner"),
        ),
    ),
    CITY: (
        140,
        "millbrookcity.example",
        (
            ("Social worker", "Social worker"),
            ("Early help practitioner", "Family support worker"),
            ("Youth justice officer", "Youth worker"),
            ("Designated safeguarding lead, secondary school", "Designated safeguarding lead"),
        ),
    ),
    BRANNOC: (
        110,
        "brannoc.example",
        (
            ("Midwife", "Midwife"),
            ("Emergency department nurse", "Health practitioner"),
            ("Paediatric registrar", "Health practitioner"),
        ),
    ),
    UNIVERSITY_HOSPITALS: (
        70,
        "millbrookhospitals.example",
        (("Ward sister, children", "Health practitioner"), ("Midwife", "Midwife")),
    ),
    LANTERN: (
        70,
        "lantern.example",
        (("Family worker", "Family support worker"), ("Volunteer co-ordinator", "Volunteer")),
    ),
    COLLEGE: (60, "threerivers.example", (("Tutor", "Tutor"), ("Student support adviser", "Tutor"))),
    DISTRICTS: (
        50,
        "wendlebury.example",
        (("Housing officer", "Housing officer"), ("Community guardian", "Volunteer")),
    ),
    HOMES: (40, "millbrookhomes.example", (("Neighbourhood housing officer", "Housing officer"),)),
    PROBATION: (40, "threeriversprobation.example", (("Probation practitioner", "Probation practitioner"),)),
    FIRE: (30, "avfire.example", (("Home safety adviser", "Home safety adviser"),)),
    ICB: (20, "threeriversicb.example", (("General practitioner", "Health practitioner"),)),
}

ONLY_OF_CITY = {CITY, UNIVERSITY_HOSPITALS, HOMES}

NEGLECT, SLEEP, TOGETHER, OUTSIDE, ABUSE, DISAGREE, MEN, VOICE, MINDS, SCHOOL = (
    "Name neglect and say what a day is like",
    "Make sleep safer at home",
    "Work together: contacts, meetings, plans",
    "See harm outside the home",
    "See what domestic abuse does to a child",
    "Disagree and carry it further",
    "Include fathers and other men",
    "Hear children and answer them",
    "Stand by children who harm themselves",
    "Notice a child who is out of school",
)
# Title: level, refreshed every so many months.
COMPETENCIES = {
    TOGETHER: ("Level 1", 36),
    NEGLECT: ("Level 2", 36),
    SLEEP: ("Level 1", 24),
    OUTSIDE: ("Level 3", 36),
    ABUSE: ("Level 2", 36),
    DISAGREE: ("Level 3", None),
    MEN: ("Level 2", None),
    VOICE: ("Level 1", None),
    MINDS: ("Level 2", 24),
    SCHOOL: ("Level 2", 36),
}
# Role: what it needs, each within so many months.
ROLES = {
    "Social worker": {TOGETHER: 3, NEGLECT: 6, ABUSE: 6, OUTSIDE: 12, DISAGREE: 12, MEN: 12, VOICE: 6},
    "Family support worker": {TOGETHER: 3, NEGLECT: 6, SLEEP: 6, VOICE: 6},
    "Health visitor": {TOGETHER: 3, NEGLECT: 6, SLEEP: 3, MEN: 12},
    "Midwife": {TOGETHER: 3, SLEEP: 3, ABUSE: 6, MEN: 12},
    "Health practitioner": {TOGETHER: 6, NEGLECT: 12, MINDS: 12},
    "Police officer": {TOGETHER: 6, ABUSE: 6, OUTSIDE: 12, VOICE: 12},
    "Designated safeguarding lead": {TOGETHER: 3, NEGLECT: 6, SCHOOL: 6, DISAGREE: 12},
    "Youth worker": {TOGETHER: 6, OUTSIDE: 6, MINDS: 12, VOICE: 6},
    "Probation practitioner": {TOGETHER: 6, ABUSE: 6, MEN: 12},
    "Tutor": {TOGETHER: 6, SCHOOL: 12, MINDS: 12},
    "Housing officer": {TOGETHER: 12, SLEEP: 12},
    "Home safety adviser": {SLEEP: 6},
    "Volunteer": {VOICE: 12},
}

# Courses of the partnership's earlier programme: competencies, trainers with agency and days an event.
EARLIER = {
    "Seeing and naming neglect": ((NEGLECT,), (("Head of Safeguarding and Quality", COUNTY, "0.5"),)),
    "Safer sleep for every home visitor": ((SLEEP,), (("Named nurse", TIDEWELL, "0.25"),)),
    "Disagree out loud": ((DISAGREE,), (("Superintendent", POLICE, "1"), ("Designated nurse", ICB, "1"))),
    "The men in the household": ((MEN,), (("Designated doctor", ICB, "0.5"),)),
    "Harm outside the home: places, not only children": ((OUTSIDE,), (("Youth justice manager", CITY, "0.5"),)),
    "Joint learning event: what nine reviews have in common": ((), ()),
}

FIRST_NAMES = (
    "Aaliyah Abel Adaeze Agnes Aisling Alasdair Amira Anouk Arlo Asha Beatrix Benedict Bronwen Callum Camila Cerys "
    "Chidi Cosmo Dalia Darragh Delphine Dylan Edith Efua Eilidh Elias Emrys Fenella Fergus Florian Freya Gwen Halima "
    "Harriet Hugo Idris Imani Iris Ivo Jasmine Joachim Kamala Kofi Leila Lorcan Luca Maeve Malik Mirabel Nadine Niamh "
    "Oscar Padma Percy Quinn Rafael Rhian Rosalind Saskia Tariq"
)
LAST_NAMES = (
    "Abbot Achterberg Adeyemi Ashdown Barrow Beckett Bellweather Bhatt Blythe Bramley Brook Calder Castell Chaudhry "
    "Coker Corrigan Crane Dacre Danvers Desai Dray Easton Elphick Everett Farrow Fenwick Finch Gale Garland Gilroy "
    "Goodacre Greaves Haddon Hale Harker Hart Hassan Heywood Holloway Ingram Iqbal Jarvis Joyce Kaplan Keane Kingsley "
    "Lacey Lark Lennox Lovell Mallory Marlow Mbeki Mercer Nash Newbold Oakes Okafor Osei Pascoe Penrose Quayle "
    "Ravenhill Rooke Sayeed Selby Tamblyn Trent Umarov Vance Wren"
)
MANAGERS = ("team manager", "service manager", "head of team")

# What people write, by stage; of those who answered, every third says something.
BEFORE_WORDS = (
    "I want words that a court would understand.",
    "How to ask without losing the family.",
    "Whom to ring when I am not sure.",
)
AFTER_WORDS = (
    "The actors. I have never practised saying it aloud.",
    "More time on examples from hospitals, please.",
    "Meeting the people I only know as names in e-mails.",
    "I will take the card to every visit.",
)
LATER_WORDS = (
    "I asked a father what his nights are like. He told me.",
    "Our duty team reads out who lives in the home at every handover now.",
    "I rang before the meeting, and the plan was different because of it.",
    "Not yet: my caseload is what it was.",
)
HINDERED = (
    "Time: nobody covers my visits.",
    "My manager did not know that I had been.",
    "The form has no place for it.",
)
MANAGER_WORDS = (
    "I see it in the records of this worker.",
    "We spoke about it in supervision, and tried it on two cases.",
)

# Title of a course: what people say after, and later with the difference it made in practice.
SUMMARIES = {
    "Working together: the first day": (
        "People valued meeting those whom they only know by name; several asked for a list of whom to ring.",
        "Of those who answered, most have since rung somebody whom they met that day.",
        "Contacts from new staff name the other agencies involved: the front door’s sample found 31 of 40, from 19.",
    ),
    "Domestic abuse through a child’s eyes": (
        "Hard to hear, and the right way to hear it. A quiet room beside the hall was missed.",
        "Health visitors and officers ask where the child was, and write it down.",
        "In 24 of 30 notices sampled the child’s own account stood in the record; a year ago in 11.",
    ),
    "When a child harms themselves": (
        "People know what to say in the first ten minutes. They still fear what to do at night.",
        "Tutors keep somebody with the young person and ring home the same day.",
        "The college saw a student back in class within the week in 17 of 22 cases.",
    ),
    "Graded care: using the profile with parents": (
        "A day is needed, and a day is enough. Practising on one’s own case made the difference.",
        "Profiles are made with parents and not about them; two teams use them in supervision.",
        "Two families were stepped down and one was not, each time with the same words in both agencies.",
    ),
    "Sharing information: what you may, what you must": (
        "Short and to the point. The examples from housing were new to most.",
        "People name the law they rely on when they ask.",
        "",
    ),
    "County lines: what a child cannot say": (
        "Young people as trainers changed how the room spoke.",
        "Officers and youth workers ring each other before a visit.",
        "Four children were spoken to by somebody they knew in place of an officer whom they did not.",
    ),
}
