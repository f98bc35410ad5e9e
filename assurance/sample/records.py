"""Cases, returns, training and what was heard: the year's other records. All invented."""

from assurance.sample.people import (
    AMBULANCE,
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
from assurance.sample.shapes import Taught

REQUEST_INTRODUCTION = (
    "Seven questions, one return for both partnerships. Answer in your own words; a page in all is "
    "enough. What you said last year stands beside each question. Somebody senior signs it off."
)

SUBMITTED = "submitted"
DRAFT = "draft"
NOT_STARTED = "not started"

WHOLE = 6  # answers of a return in which nothing is missing
# Agency: how far it is, who signed it off, days before today of submission, answers in order.
RETURNS = {
    COUNTY: (
        SUBMITTED,
        "Director of Children’s Services",
        6,
        (
            "Yes. Contacts from schools are answered in four working days, not nine. The front door’s "
            "own records, checked against a sample of 60.",
            "Moved eleven family help teams into offices shared with health visitors.",
            "3,180 families helped; 1,204 children had a plan.",
            "Audit of 40 files in spring: good or better in 29, from 22.",
            "Fewer families needed us twice: 18.9 in 100 came back within a year, from 21.8.",
            "Children wrote our letters again with us. Eight of ten children in the panel could say what theirs meant.",
        ),
    ),
    CITY: (
        SUBMITTED,
        "Director of Children’s Services",
        3,
        (
            "In part. Children in custody are seen sooner; waiting for parenting help is longer.",
            "Paid for two workers in custody. Joined the weekly list of children out of school.",
            "412 children seen in custody; 141 on the list.",
            "Inspection of youth justice in summer: good.",
            "Eight children went home the same night who would have stayed. For waiting families, none.",
            "Young people asked for nights to be covered. They are.",
        ),
    ),
    ICB: (
        SUBMITTED,
        "Chief nurse",
        9,
        (
            "Yes at the front door, no in mental health. Attendance at strategy discussions; waiting times.",
            "A named nurse in each front door team. One of two hospital posts filled.",
            "1,018 strategy discussions attended of 1,130.",
            "Late with figures once in four rounds, three times last year.",
            "Decisions change when a nurse is there: 61 of 200 sampled.",
            "Children asked not to have the clinic named in a text. It no longer is.",
        ),
    ),
    BRANNOC: (
        SUBMITTED,
        "Director of Nursing",
        11,
        (
            "Yes: one pre-birth plan in place of four. Our audit of 31 plans.",
            "Began the shared checklist at the 20-week appointment.",
            "31 plans; 88 midwives trained.",
            "26 of 31 plans in place by 28 weeks.",
            "Six families told us that nothing in their plan surprised them.",
            "Two fathers asked for their own copy. Every father is offered one.",
        ),
    ),
    PROBATION: (
        SUBMITTED,
        "Head of public protection",
        14,
        (
            "A little. We ask every person about children in the home; recorded in 84 of 100 files.",
            "Trained all officers in the new guide to neglect.",
            "61 people trained, 1,420 homes asked about.",
            "Our dip sample found the question asked in 84 and written well in 57.",
            "We cannot show one yet. We will sample 30 homes in spring.",
            "We seldom meet children. The Sounding Board told us how our letters read to one.",
        ),
    ),
    COLLEGE: (
        SUBMITTED,
        "Principal",
        5,
        (
            "Yes. Students who miss three days are rung by somebody they know.",
            "Twelve tutors trained; a quiet room opened on both sites.",
            "640 calls; 212 visits to the room.",
            "Survey of 900 students: 8 in 10 know whom to tell.",
            "Attendance of students with a social worker rose from 71 to 79 in 100.",
            "Students wrote the posters. Ours were taken down.",
        ),
    ),
    LANTERN: (
        DRAFT,
        "",
        None,
        (
            "Yes. Parents stay longer in our groups, and we now ask why when they leave.",
            "Ran four parents’ panels for both partnerships.",
            "",
            "",
            "Three of the panels changed a letter, a room and a time of day.",
            "",
        ),
    ),
    TIDEWELL: (
        DRAFT,
        "",
        None,
        ("In part. Health visiting yes, mental health no.", "", "", "", "", ""),
    ),
    DISTRICTS: (
        DRAFT,
        "",
        None,
        ("", "Trained 62 community guardians with the Constabulary.", "62 trained.", "", "", ""),
    ),
    POLICE: (
        SUBMITTED,
        "Assistant chief constable",
        2,
        (
            "Yes in five localities of six. Records of strategy discussions.",
            "An officer who can decide at every strategy discussion in five localities.",
            "3,208 notices to schools before the bell.",
            "96 in 100 notices before 8.30am.",
            "In 37 of 50 cases sampled the school changed something for the child that day.",
            "Young people told us that our return conversations felt like a form. They rewrote the questions.",
        ),
    ),
    UNIVERSITY_HOSPITALS: (NOT_STARTED, "", None, ()),
    FIRE: (NOT_STARTED, "", None, ()),
    HOMES: (NOT_STARTED, "", None, ()),
    AMBULANCE: (NOT_STARTED, "", None, ()),
}

# Last year's request: who answered, in one sentence for each question.
LAST_RETURNS = {
    COUNTY: "We are slower than we want with contacts from schools, and faster than the year before.",
    CITY: "Custody is better covered by day than by night.",
    ICB: "We were late with figures in three of four rounds and have named somebody who answers for them.",
    POLICE: "The third decision-maker post in Riverside is vacant.",
    BRANNOC: "Four plans are written for one birth. We want one.",
    LANTERN: "Parents come once; we do not yet know why they do not come back.",
    PROBATION: "We ask about children in the home in 71 of 100 files.",
}

HALL, LIBRARY, ONLINE, COUNTY_HALL = (
    "Millbrook Town Hall",
    "Ashford Library",
    "Online",
    "County Hall, Ashford",
)
EVERYBODY = (COUNTY, CITY, POLICE, TIDEWELL, BRANNOC, LANTERN, COLLEGE, UNIVERSITY_HOSPITALS)

# Events: days from loading, hour, venue, capacity, agencies whose people take the places in turn, places taken.
COURSES = [
    Taught(
        "Seeing and naming neglect",
        "Level 2",
        "Everyone who visits homes or works in a school",
        "From the spring audit: staff named neglect late, and in different words. Uses the short guide.",
        "room",
        "Head of Safeguarding and Quality, Ashford Vale County Council; a head teacher",
        (
            (-143, 9, HALL, 24, EVERYBODY, 24),
            (-72, 9, LIBRARY, 24, EVERYBODY, 22),
            (20, 9, HALL, 24, EVERYBODY, 17),
        ),
    ),
    Taught(
        "Safer sleep for every home visitor",
        "Briefing",
        "Housing officers, family workers, volunteers",
        "From reviews about babies: people who are not health workers see where a baby sleeps.",
        "online",
        "Named nurse, Tidewell Community Health",
        (
            (-58, 13, ONLINE, 40, (HOMES, DISTRICTS, LANTERN, FIRE, CITY), 33),
            (27, 13, ONLINE, 40, (HOMES, DISTRICTS, LANTERN, FIRE), 19),
        ),
    ),
    Taught(
        "Disagree out loud",
        "Level 3",
        "Practitioners who decide together",
        "From three reviews: people knew how to escalate and did not. Practised with actors.",
        "room",
        "Superintendent, Ashford Vale Constabulary; designated nurse",
        (
            (-101, 9, COUNTY_HALL, 20, EVERYBODY, 20),
            (48, 9, COUNTY_HALL, 20, EVERYBODY, 20),
        ),
    ),
    Taught(
        "The men in the household",
        "Level 2",
        "Front door teams, midwives, health visitors",
        "From review themes: men in the home unseen.",
        "room",
        "Designated doctor; two fathers",
        ((-36, 9, LIBRARY, 18, EVERYBODY, 16), (62, 9, HALL, 18, EVERYBODY, 6)),
    ),
    Taught(
        "Harm outside the home: places, not only children",
        "Level 3",
        "Youth workers, police, transport and shop staff",
        "Young people’s first priority; they play the customers.",
        "room",
        "Youth justice manager; four young people",
        ((-24, 17, HALL, 30, (POLICE, DISTRICTS, CITY, COLLEGE, LANTERN), 27),),
    ),
    Taught(
        "Joint learning event: what nine reviews have in common",
        "For everybody",
        "All members",
        "Both case review groups lay their themes side by side.",
        "room",
        "Chairs of both case review groups",
        ((76, 10, HALL, 40, EVERYBODY, 31),),
    ),
]

# Title of a course, months after the first of the year that was reported on, venue and so on as above.
LAST_EVENTS = [
    ("Seeing and naming neglect", -10, HALL, 24, EVERYBODY, 21),
    ("Seeing and naming neglect", -4, LIBRARY, 24, EVERYBODY, 24),
    ("Disagree out loud", -6, COUNTY_HALL, 20, EVERYBODY, 18),
    ("Safer sleep for every home visitor", -3, ONLINE, 40, (HOMES, DISTRICTS, LANTERN, FIRE, CITY), 29),
    ("Seeing and naming neglect", 1, HALL, 24, EVERYBODY, 24),
    ("Seeing and naming neglect", 5, LIBRARY, 24, EVERYBODY, 23),
    ("Seeing and naming neglect", 10, HALL, 24, EVERYBODY, 24),
    ("Safer sleep for every home visitor", 4, ONLINE, 40, (HOMES, DISTRICTS, LANTERN, FIRE, CITY), 36),
    ("Safer sleep for every home visitor", 9, ONLINE, 40, (HOMES, DISTRICTS, LANTERN, FIRE, CITY), 31),
    ("Disagree out loud", 2, COUNTY_HALL, 20, EVERYBODY, 20),
    ("Disagree out loud", 6, HALL, 20, EVERYBODY, 19),
    ("Disagree out loud", 11, COUNTY_HALL, 20, EVERYBODY, 20),
    ("The men in the household", 8, LIBRARY, 18, EVERYBODY, 17),
    ("Harm outside the home: places, not only children", 3, HALL, 30, (POLICE, DISTRICTS, CITY, COLLEGE, LANTERN), 26),
]
