"""Who is who in Ashford Vale and Millbrook. All invented."""

from datetime import date

from assurance.sample.shapes import Agency, Body, Office

AV, MB = "AV", "MB"
BOTH = (AV, MB)

AREAS = {"Ashford Vale": "E10000091", "Millbrook": "E06000991"}

PARTNERSHIPS = [
    {
        "name": "Ashford Vale Safeguarding Children Partnership",
        "short_name": AV,
        "slug": "ashford-vale",
        "house_colour": "#0b4f5c",
        "area": "Ashford Vale",
        "introduction": (
            "The council, the health service and the police plan this work together, with schools, "
            "charities and young people. This page says what we promised and how it is going."
        ),
    },
    {
        "name": "Millbrook Safeguarding Children Partnership",
        "short_name": MB,
        "slug": "millbrook",
        "house_colour": "#7a3b0c",
        "area": "Millbrook",
        "introduction": (
            "We are the city council, the health service and the police of Millbrook. With our "
            "neighbours in Ashford Vale we share one plan, one office and most of our groups."
        ),
    },
]
OFFICE_EMAIL = "office@example.org"
OFFICE_PHONE = "01632 960 417"

HEALTH_CHANGED_ON = date(2022, 7, 1)
COUNTY = "Ashford Vale County Council"
CITY = "Millbrook City Council"
ICB = "NHS Three Rivers Integrated Care Board"
CCG = "NHS Three Rivers Clinical Commissioning Group"
POLICE = "Ashford Vale Constabulary"
BRANNOC = "St Brannoc’s Hospital Trust"
UNIVERSITY_HOSPITALS = "Millbrook University Hospitals"
TIDEWELL = "Tidewell Community Health"
LANTERN = "Lantern Family Trust"
DISTRICTS = "Wendlebury District Council"  # speaks for the other districts too
PROBATION = "Three Rivers Probation Service"
FIRE = "Ashford Vale Fire and Rescue Service"
COLLEGE = "Three Rivers College"
HOMES = "Millbrook Homes"
COUNTY_HEADS = "Ashford Vale Head Teachers’ Forum"
CITY_HEADS = "Millbrook Schools Together"
AMBULANCE = "Three Rivers Ambulance Service"
FAMILY_COURT = "Family Court Advice Service"
DENTAL = "Local Dental Network"
HARBOUR = "Harbour Lights Youth Project"
ADULTS_BOARD = "Ashford Vale and Millbrook Safeguarding Adults Board"
SAFER_STREETS = "Ashford Vale and Millbrook Community Safety Partnership"

AGENCIES = [
    Agency(COUNTY, "local-authority", {AV: "statutory"}),
    Agency(CITY, "local-authority", {MB: "statutory"}),
    Agency(ICB, "health", {AV: "statutory", MB: "statutory"}, from_on=HEALTH_CHANGED_ON),
    Agency(
        CCG,
        "health",
        {AV: "statutory", MB: "statutory"},
        from_on=date(2013, 4, 1),
        to_on=date(2022, 6, 30),
        successor=ICB,
    ),
    Agency(POLICE, "police", {AV: "statutory", MB: "statutory"}),
    Agency(BRANNOC, "relevant", {AV: "relevant", MB: "relevant"}),
    Agency(UNIVERSITY_HOSPITALS, "relevant", {MB: "relevant"}),
    Agency(TIDEWELL, "relevant", {AV: "relevant", MB: "relevant"}),
    Agency(LANTERN, "voluntary", {AV: "relevant", MB: "relevant"}),
    Agency(DISTRICTS, "local-authority", {AV: "relevant"}),
    Agency(PROBATION, "relevant", {AV: "relevant", MB: "relevant"}),
    Agency(FIRE, "relevant", {AV: "relevant", MB: "relevant"}),
    Agency(COLLEGE, "education", {AV: "relevant", MB: "relevant"}),
    Agency(HOMES, "relevant", {MB: "relevant"}),
    Agency(COUNTY_HEADS, "education", {AV: "reference"}),
    Agency(CITY_HEADS, "education", {MB: "reference"}),
    Agency(AMBULANCE, "relevant", {AV: "virtual", MB: "virtual"}),
    Agency(FAMILY_COURT, "relevant", {AV: "virtual", MB: "virtual"}),
    Agency(DENTAL, "relevant", {AV: "commissioner", MB: "commissioner"}),
    Agency(HARBOUR, "voluntary", {MB: "reference"}),
    Agency(ADULTS_BOARD, "board", {AV: "observer", MB: "observer"}),
    Agency(SAFER_STREETS, "board", {AV: "observer", MB: "observer"}),
]

COUNTY_BOARD = "Ashford Vale Partnership Board"
CITY_BOARD = "Millbrook Partnership Board"
EXECUTIVE = "Executive"
DELIVERY = "Planning and Delivery Group"
SCRUTINY = "Quality and Scrutiny Subgroup"
LEARNING = "Learning and Development Subgroup"
PROCEDURES = "Procedures Subgroup"
COUNTY_CASES = "Case Review Group, Ashford Vale"
CITY_CASES = "Case Review Group, Millbrook"
SOUNDING_BOARD = "Sounding Board"
UNDER_TWOS = "Under-twos Task and Finish Group"
NEGLECT_WORDS = "Neglect Guide Task and Finish Group"
EDUCATION = "Education Safeguarding Forum"
VOLUNTARY = "Voluntary Sector Reference Group"
STREETS = "Harm Outside the Home Panel"
ADULTS = "Joint Meeting with the Adults Board"

GROUPS = [
    Body(
        COUNTY_BOARD,
        "board",
        (AV,),
        purpose="All members of the county’s partnership, twice a year: hears how children are doing, "
        "questions the Executive, agrees what the plan is to be about. Quorum: half of the members.",
    ),
    Body(
        CITY_BOARD,
        "board",
        (MB,),
        purpose="All members of the city’s partnership, twice a year: hears how children are doing, "
        "questions the Executive, agrees what the plan is to be about. Quorum: half of the members.",
    ),
    Body(
        EXECUTIVE,
        "executive",
        BOTH,
        purpose="Decides for both partnerships: the rating of each priority, money, changes to how we "
        "work together. Meets six times a year. Quorum: all four safeguarding partners.",
    ),
    Body(
        DELIVERY,
        "delivery",
        BOTH,
        parent=EXECUTIVE,
        purpose="Carries the plan: asks every subgroup what was done, what is late and why, and takes "
        "the answers to the Executive. Meets six times a year.",
    ),
    Body(
        SCRUTINY,
        "subgroup",
        BOTH,
        parent=EXECUTIVE,
        purpose="Looks at the evidence behind each priority and proposes its rating. Leads audits and "
        "reads assurance returns. Meets every quarter, after the round has closed.",
    ),
    Body(
        LEARNING,
        "subgroup",
        BOTH,
        parent=DELIVERY,
        purpose="Plans what people who work with children learn together, from reviews, audits and "
        "what families say, and asks later whether it changed anything. Meets every two months.",
    ),
    Body(
        PROCEDURES,
        "subgroup",
        BOTH,
        parent=DELIVERY,
        purpose="Keeps one set of procedures for both areas, short enough to be used. Meets every two months.",
    ),
    Body(
        COUNTY_CASES,
        "case-review",
        (AV,),
        parent=EXECUTIVE,
        purpose="Looks at serious incidents in Ashford Vale. Its papers are seen by its members alone.",
    ),
    Body(
        CITY_CASES,
        "case-review",
        (MB,),
        parent=EXECUTIVE,
        purpose="Looks at serious incidents in Millbrook. Its papers are seen by its members alone.",
    ),
    Body(
        SOUNDING_BOARD,
        "young-people",
        BOTH,
        parent=EXECUTIVE,
        purpose="Fourteen young people, 13 to 19, from both areas. They say what the plan should be "
        "about every June, and one board meeting a year is theirs to lead.",
    ),
    Body(
        UNDER_TWOS,
        "task",
        BOTH,
        parent=DELIVERY,
        purpose="Brings one pre-birth plan into both maternity services, then closes.",
        opened=-420,
    ),
    Body(
        NEGLECT_WORDS,
        "task",
        BOTH,
        parent=PROCEDURES,
        purpose="Wrote one short guide to neglect in place of three checklists.",
        opened=-500,
        closed=-60,
    ),
    Body(
        EDUCATION,
        "reference",
        BOTH,
        parent=DELIVERY,
        purpose="Head teachers, colleges and nurseries of both areas. Speaks for schools in every "
        "subgroup. Meets each term.",
    ),
    Body(
        VOLUNTARY,
        "reference",
        BOTH,
        parent=DELIVERY,
        purpose="Charities and community groups that work with children. Meets each term.",
    ),
    Body(
        STREETS,
        "panel",
        BOTH,
        parent=DELIVERY,
        purpose="Matches what is known about places, groups and young people, every fortnight.",
        is_public=False,
    ),
    Body(
        ADULTS,
        "other",
        BOTH,
        purpose="Where the plans of the children’s partnerships and of the adults board meet.",
    ),
]

# Keys are what the rest of the sample calls a post.
POSTS = {
    "manager": Office(
        "Business manager",
        "Nadia Fenwick",
        duty="office",
        of=BOTH,
        since=1900,
        seats=((DELIVERY, "advisor"),),
    ),
    "deputy-manager": Office(
        "Deputy business manager",
        "Jonah Pettifer",
        duty="office",
        of=BOTH,
        since=210,
        before="Lorna Haddow",
    ),
    "support-officer": Office("Partnership support officer", "Carys Llewellin", duty="office", of=(MB,)),
    "training": Office(
        "Training coordinator",
        "Fatima Roscoe",
        duty="training",
        of=BOTH,
        seats=((LEARNING, "member"),),
    ),
    "advisor": Office(
        "Independent advisor",
        "Marguerite Lowell",
        duty="advisor",
        of=BOTH,
        seats=(
            (EXECUTIVE, "advisor"),
            (SCRUTINY, "advisor"),
            (COUNTY_BOARD, "advisor"),
            (CITY_BOARD, "advisor"),
        ),
    ),
    "county-chief": Office(
        "Chief executive",
        "Helena Marsh-Okoro",
        COUNTY,
        duty="lead-partner",
        of=(AV,),
        seats=((COUNTY_BOARD, "chair"),),
    ),
    "city-chief": Office(
        "Chief executive",
        "Tobias Renner",
        CITY,
        duty="lead-partner",
        of=(MB,),
        seats=((CITY_BOARD, "chair"),),
    ),
    "health-chief": Office(
        "Chief executive",
        "Dr Priya Nandakumar",
        ICB,
        duty="lead-partner",
        of=BOTH,
        seats=((COUNTY_BOARD, "member"), (CITY_BOARD, "member")),
    ),
    "chief-constable": Office(
        "Chief constable",
        "Gareth Ellwood",
        POLICE,
        duty="lead-partner",
        of=BOTH,
        seats=((COUNTY_BOARD, "member"), (CITY_BOARD, "member")),
    ),
    "executive-chair": Office(
        "Chief nurse",
        "Imogen Stallard",
        ICB,
        seats=((EXECUTIVE, "chair"), (COUNTY_BOARD, "member"), (CITY_BOARD, "member")),
    ),
    "county-director": Office(
        "Director of Children’s Services",
        "Martin Oyelaran",
        COUNTY,
        seats=((EXECUTIVE, "member"), (COUNTY_BOARD, "member")),
    ),
    "city-director": Office(
        "Director of Children’s Services",
        "Siobhan Kerrigan",
        CITY,
        seats=((EXECUTIVE, "member"), (CITY_BOARD, "member")),
    ),
    "police-executive": Office(
        "Assistant chief constable",
        "Lucy Farrant",
        POLICE,
        seats=((EXECUTIVE, "vice-chair"),),
        since=230,
        before="Colin Wexcombe",
    ),
    "secondary-heads": Office(
        "Secondary head teachers’ representative",
        "Alastair Finch",
        COUNTY_HEADS,
        seats=((EXECUTIVE, "member"), (EDUCATION, "member")),
    ),
    "primary-heads": Office(
        "Primary head teachers’ representative",
        "Meera Joshi",
        CITY_HEADS,
        seats=((EXECUTIVE, "member"), (EDUCATION, "chair")),
    ),
    "scrutiny-chair": Office(
        "Designated nurse",
        "Ruth Adeyinka-Cole",
        ICB,
        seats=((SCRUTINY, "chair"), (COUNTY_BOARD, "member"), (CITY_BOARD, "member")),
    ),
    "learning-chair": Office(
        "Principal social worker",
        "Tomasz Brindle",
        CITY,
        seats=((LEARNING, "chair"), (DELIVERY, "member")),
        since=300,
        before="Patience Umeh",
    ),
    "procedures-chair": Office(
        "Head of Safeguarding and Quality",
        "Beatrix Holm",
        COUNTY,
        seats=((PROCEDURES, "chair"), (DELIVERY, "member"), (SCRUTINY, "vice-chair")),
    ),
    "delivery-chair": Office(
        "Superintendent, vulnerability",
        "Rhys Donovan",
        POLICE,
        seats=((DELIVERY, "chair"), (CITY_CASES, "chair")),
    ),
    "county-cases-chair": Office(
        "Designated doctor",
        "Dr Samuel Achterberg",
        ICB,
        seats=((COUNTY_CASES, "chair"), (SCRUTINY, "member")),
    ),
    "inspector": Office(
        "Detective inspector, child abuse investigation",
        "Sunita Rao",
        POLICE,
        seats=((COUNTY_CASES, "vice-chair"), (STREETS, "member")),
    ),
    "county-solicitor": Office(
        "Principal solicitor",
        "Edmund Vale-Price",
        COUNTY,
        seats=((COUNTY_CASES, "member"),),
    ),
    "schools-lead": Office(
        "Safeguarding in schools lead",
        "Imani Greaves",
        COUNTY,
        seats=((COUNTY_CASES, "member"), (LEARNING, "member"), (EDUCATION, "vice-chair")),
    ),
    "named-doctor": Office(
        "Named doctor",
        "Dr Leila Haddad",
        UNIVERSITY_HOSPITALS,
        seats=((CITY_CASES, "member"), (UNDER_TWOS, "member")),
    ),
    "city-safeguarding": Office(
        "Head of Child Protection",
        "Kofi Mensah",
        CITY,
        seats=((CITY_CASES, "vice-chair"), (SCRUTINY, "member"), (PROCEDURES, "member")),
    ),
    "midwifery": Office(
        "Head of Midwifery",
        "Delia Marchetti",
        BRANNOC,
        seats=((UNDER_TWOS, "chair"), (DELIVERY, "member")),
    ),
    "named-midwife": Office("Named midwife", "Orla Keane", UNIVERSITY_HOSPITALS, seats=((UNDER_TWOS, "member"),)),
    "named-nurse": Office(
        "Named nurse",
        "Bronwen Pugh",
        TIDEWELL,
        seats=((LEARNING, "vice-chair"), (UNDER_TWOS, "member"), (COUNTY_BOARD, "member")),
    ),
    "county-early-help": Office(
        "Director of Early Help",
        "Dominic Ashby",
        COUNTY,
        seats=((DELIVERY, "vice-chair"), (COUNTY_BOARD, "member")),
    ),
    "city-early-help": Office(
        "Early help manager",
        "Harriet Osei",
        CITY,
        seats=((DELIVERY, "member"),),
        next=("Wilfred Ambrose", 24),
    ),
    "community-safety": Office(
        "Community safety manager",
        "Wendy Prior",
        DISTRICTS,
        seats=((STREETS, "member"), (DELIVERY, "member"), (COUNTY_BOARD, "member")),
    ),
    "parents": Office(
        "Parent and carer representative",
        "Tamsin Hale",
        seats=((VOLUNTARY, "member"),),
        also=("Gwilym Beck", "Saffron Dyer"),
        since=400,
    ),
    "youth-justice": Office("Youth justice manager", "Darius Quayle", CITY, seats=((STREETS, "chair"),)),
    "missing": Office("Missing children coordinator", "Freya Lindqvist", POLICE, seats=((STREETS, "member"),)),
    "virtual-school": Office("Virtual school head", "Penelope Strand", COUNTY, seats=((EDUCATION, "member"),)),
    "attendance": Office(
        "Attendance and inclusion manager",
        "Tariq Nasser",
        CITY,
        seats=((EDUCATION, "member"), (CITY_BOARD, "member")),
    ),
    "mental-health": Office(
        "Head of Children’s Mental Health",
        agency=TIDEWELL,
        before="Hollis Grant",
        vacant_since=95,
        seats=((DELIVERY, "member"),),
    ),
    "participation": Office(
        "Participation worker",
        "Callum Ferris",
        HARBOUR,
        seats=((SOUNDING_BOARD, "advisor"), (VOLUNTARY, "member")),
    ),
    "sounding-board-chair": Office(
        "Chair of the Sounding Board",
        "Amber Whitlock",
        of=(),
        seats=((SOUNDING_BOARD, "chair"), (CITY_BOARD, "member"), (COUNTY_BOARD, "member")),
        since=160,
        before="Joshua Tennant",
    ),
    "lantern": Office(
        "Safeguarding manager",
        "Greta Holloway",
        LANTERN,
        seats=(
            (VOLUNTARY, "chair"),
            (LEARNING, "member"),
            (COUNTY_BOARD, "member"),
            (CITY_BOARD, "member"),
        ),
    ),
    "probation": Office(
        "Head of public protection",
        "Yvonne Castell",
        PROBATION,
        seats=((COUNTY_BOARD, "member"), (CITY_BOARD, "member"), (SCRUTINY, "member")),
    ),
    "fire": Office("Safeguarding officer", "Neil Oduya", FIRE, seats=((COUNTY_BOARD, "member"),)),
    "college": Office(
        "Designated safeguarding lead",
        "Isabel Novak",
        COLLEGE,
        seats=((EDUCATION, "member"), (LEARNING, "member")),
    ),
    "homes": Office("Head of Tenancies", "Graham Lister", HOMES, seats=((CITY_BOARD, "member"),)),
    "dental": Office(
        "Chair of the Local Dental Network",
        agency=DENTAL,
        before="Dr Anselm Roe",
        vacant_since=130,
    ),
    "county-member": Office(
        "Lead member for children",
        "Councillor Joan Abernathy",
        COUNTY,
        seats=((COUNTY_BOARD, "observer"),),
    ),
    "city-member": Office(
        "Lead member for children",
        "Councillor Raj Sandhu",
        CITY,
        seats=((CITY_BOARD, "observer"),),
    ),
    "analyst": Office("Data analyst", "Miriam Castellan", COUNTY, seats=((SCRUTINY, "member"),), since=120),
    "adults-manager": Office("Adults board manager", "Francis Odell", ADULTS_BOARD, seats=((ADULTS, "chair"),)),
}

ADMINISTRATORS = ["Ivor Penhale"]


def chair_of(group):
    """The post that chairs a group."""
    return next(key for key, office in POSTS.items() if (group, "chair") in office.seats)


# Who was invited so many days ago and has not come in yet, and whom nobody has invited.
INVITED = {"Harriet Osei": 3, "Wilfred Ambrose": 20}
NEVER_INVITED = ["Gwilym Beck", "Saffron Dyer"]
