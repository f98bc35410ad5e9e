"""The running plan of both partnerships: five priorities and one that runs through them all."""

from assurance.sample.people import AV, DENTAL, EDUCATION, LEARNING, MB, PROCEDURES, SOUNDING_BOARD
from assurance.sample.shapes import Aim, Lead, Promise, Work

# Worst first: code, word, meaning, colour, shape, done?
KEY_NAME = "Blue, green, amber, red"
KEY = (
    ("R", "Red", "Off track", "red", "diamond", False),
    ("A", "Amber", "At risk", "amber", "triangle", False),
    ("G", "Green", "On track", "green", "circle", False),
    ("B", "Blue", "Done, difference shown", "blue", "square", True),
)

INTRODUCTION = (
    "This plan is about six things that both partnerships want to be different for children by the "
    "end of the year. It leaves out the work that goes on anyway. Each promise has a lead, a date "
    "and a way to tell whether it helped; every three months the leads say how it is going, the "
    "Quality and Scrutiny Subgroup looks at the evidence, and the Executive decides the rating.\n\n"
    "We chose the priorities in June with the Sounding Board, from six rapid reviews, two audits, "
    "last year’s returns and what 1,146 children and parents told us."
)

COUNTY_CASES_LEAD = Lead("Chair, Case Review Group", group="Case Review Group, Ashford Vale", of=AV)
CITY_CASES_LEAD = Lead("Chair, Case Review Group", group="Case Review Group, Millbrook", of=MB)
LEARNING_LEAD = Lead("Chair, Learning and Development Subgroup", group=LEARNING)
PROCEDURES_LEAD = Lead("Chair, Procedures Subgroup", group=PROCEDURES)

HEARING = Aim(
    "",
    "All priorities: hearing children, and showing what changed",
    note="Shared with the adults board, and part of every priority below.",
    is_cross_cutting=True,
    rationale=(
        "Children told us that they are asked often and answered seldom.",
        "Only 31 of last year’s 107 voice entries say what changed afterwards.",
        "Young people who turn 18 meet a second board that has never heard of the first.",
    ),
    outcomes=("Children who speak to any of us hear back what was done, and can see what changed.",),
    promises=(
        Promise(
            "Every answer goes back to the child who asked",
            (
                Lead("Chair of the Sounding Board", post="sounding-board-chair"),
                Lead("Business office", post="deputy-manager"),
            ),
            (
                Work(
                    "Set up one page that shows what was said, what was done and what changed.",
                    "<s-5>",
                    met=(3,),
                ),
                Work("Report to the Sounding Board on every entry.", "Quarterly"),
                Work(
                    "Two members of the Sounding Board check ten entries and say whether they believe them.",
                    "<m-1> and <m+3>",
                    met=(6, None),
                ),
            ),
            measures=(
                "Entries that say what changed: 31 of 107 last year, 60 of 100 wanted",
                "The Sounding Board’s own judgement, twice a year",
            ),
        ),
        Promise(
            "One welcome for young people who turn 18",
            (Lead("Adults board manager", post="adults-manager"),),
            (
                Work(
                    "Bring the two boards together in the second half of the year to compare what they learned.",
                    "<d+38>",
                ),
                Work(
                    "Agree a short list of what each board tells the other before a birthday.",
                    "6 weeks after the joint meeting",
                ),
            ),
            others=("Safeguarding Adults Board of both areas",),
            measures=("Young people who say they knew their new worker before they were 18",),
        ),
    ),
)

BABIES = Aim(
    "1",
    "Babies: a safe first year",
    rationale=(
        "Six of the nine serious incidents looked at in the last two years were about a child under one.",
        "Fathers told us they are rarely in the room when safety is talked about.",
        "Families move between our two areas before and after a birth.",
    ),
    outcomes=(
        "Agencies plan together with families before and after a birth, so that babies are safe in their first year.",
    ),
    promises=(
        Promise(
            "A shared plan with every family before a birth",
            (
                Lead("Head of Midwifery, St Brannoc’s Hospital Trust", post="midwifery", of=AV),
                Lead("Named Midwife, Millbrook University Hospitals", post="named-midwife", of=MB),
            ),
            (
                Work(
                    "Agree one pre-birth checklist, used from the 20-week appointment.",
                    "<s-3>",
                    met=(6,),
                ),
                Work(
                    "Test it in two maternity units and one team for families with alcohol or drug worries.",
                    "by end of <s-2>",
                ),
                Work("Sample 20 more cases and report what changed for families.", "end of <m+2>"),
            ),
            description="Seen in 14 of the 20 cases sampled before the plan began.",
            others=("Safeguarding Adults Board of both areas",),
            measures=(
                "Plan held by all agencies by 28 weeks in 9 of 10 cases",
                "Families who say that they wrote it with us",
            ),
        ),
        Promise(
            "Safer sleep advice that reaches fathers and other carers",
            (LEARNING_LEAD,),
            (
                Work(
                    "Write a ten-minute briefing for staff who visit homes but are not health workers.",
                    "<s-3>",
                    met=(12,),
                ),
                Work(
                    "Run the winter campaign with housing officers and barbers’ shops.",
                    "<s-1> and <s+1>",
                    met=(16, None),
                ),
                Work("Ask fathers whether they heard the advice, and from whom.", "<t+4>"),
            ),
            others=("Healthy Start Alliance",),
            measures=("Fathers who can repeat the main message a week later: 8 in 10",),
        ),
        Promise(
            "Learn from rapid reviews about injuries to babies",
            (COUNTY_CASES_LEAD, CITY_CASES_LEAD),
            (
                Work("Bring both groups together once a quarter to compare themes.", "Quarterly"),
                Work("Take the themes to the Executive.", "At the <n+2> Executive"),
            ),
            measures=("Themes that led to a change somebody else has checked",),
        ),
    ),
)

NEGLECT = Aim(
    "2",
    "Seeing neglect early",
    rationale=(
        "Neglect is the most common reason for a child protection plan in both areas.",
        "Our spring audit found that staff named it late, and in different words.",
    ),
    outcomes=("Children who are neglected are noticed sooner and their families get help they can use.",),
    promises=(
        Promise(
            "One way to recognise and name neglect",
            (PROCEDURES_LEAD, LEARNING_LEAD),
            (
                Work(
                    "Replace three local checklists with one short guide.",
                    "<m-4>",
                    met=(9,),
                ),
                Work("Film a training clip with two head teachers.", "<m-1>"),
                Work("Every school and nursery confirms that it uses the guide.", "ongoing"),
            ),
            others=("Education Safeguarding Forum",),
            measures=("Same family, same score, in 8 of 10 paired readings",),
        ),
        Promise(
            "Families get help before neglect becomes harm",
            (
                Lead("Director of Early Help, Ashford Vale County Council", "county-early-help", of=AV),
                Lead("Early Help Manager, Millbrook City Council", "city-early-help", of=MB),
            ),
            (
                Work("Match the waiting lists for parenting support in both areas.", "<s-5>"),
                Work("Agree what happens when a family says no to help.", "tbc"),
                Work(
                    "Housing officers join the early help meetings in Riverside.",
                    "from <m-2> to <m+3>",
                    met=(4, None),
                ),
            ),
            others=("Health and Wellbeing Boards",),
            measures=(
                "Help in place within four weeks for 8 in 10 children",
                "Housing present in 9 of 10 meetings",
            ),
        ),
        Promise(
            "Dental and missed-appointment signs are acted on",
            (
                Lead("Designated Doctor", post="county-cases-chair"),
                Lead("Local Dental Network", agency=DENTAL),
            ),
            (
                Work(
                    "Pilot “was not brought” alerts from six dental practices to school nurses.",
                    "from <s+3>",
                ),
                Work("Agree the wording of the alert with both school nursing teams.", "<s-1>"),
            ),
            others=("Local Dental Network",),
        ),
    ),
)

OUTSIDE = Aim(
    "3",
    "Harm outside the home",
    rationale=(
        "Young people named five places in which they do not feel safe.",
        "Return conversations show that the same adults wait near three of those places.",
        "Shop and bus staff see what we do not, and have nobody to tell.",
    ),
    outcomes=(
        "Young people are safer in the places where they spend time.",
        "Adults who see something know whom to tell, and hear what came of it.",
    ),
    promises=(
        Promise(
            "Community guardians in shops, buses and libraries",
            (Lead("Community Safety Manager, district councils", post="community-safety"),),
            (
                Work("Train 60 people who work where young people meet.", "<m-4>", met=(5,)),
                Work("Ask each of them after three months what they saw and did.", "<m-1>", met=(4,)),
            ),
            others=("Community Safety Partnership",),
            measures=("Guardians who passed on a worry and heard back",),
        ),
        Promise(
            "Return conversations that ask about places, not only children",
            (Lead("Missing Children Coordinator, Ashford Vale Constabulary", post="missing"),),
            (
                Work("Change the questions with eleven young people.", "<m-6>", met=(2,)),
                Work("Reach 9 in 10 children within three days of coming home.", "Throughout the year"),
            ),
            measures=("9 in 10 children seen within three days",),
        ),
        Promise(
            "A worker in custody within the hour",
            (Lead("Youth Justice Manager, Millbrook City Council", post="youth-justice", of=MB),),
            (
                Work("Agree cover for nights and weekends.", "<d-20>", met=(8,)),
                Work("Bring the same offer to Ashford Vale.", "once the county’s money is agreed"),
            ),
            measures=("9 in 10 children seen within the hour",),
        ),
        Promise(
            "A map of safe places that young people chose themselves",
            (
                Lead("Sounding Board", group=SOUNDING_BOARD),
                LEARNING_LEAD,
            ),
            (
                Work("Put twenty places on the map in each area.", "<s-4> / <s+2>", met=(5, None)),
                Work("Young people check every place twice a year.", "ongoing"),
            ),
            others=("Community Safety Partnership",),
        ),
    ),
)

OUT_OF_SIGHT = Aim(
    "4",
    "Children out of sight of school",
    rationale=(
        "312 children are taught at home or wait for a school place; nobody sees 41 of them.",
        "Two rapid reviews were about a child whom no school knew.",
    ),
    outcomes=("We know where every child is learning, and that they are safe.",),
    promises=(
        Promise(
            "One list of children who are not in school, checked every week",
            (
                Lead("Virtual School Head, Ashford Vale County Council", "virtual-school", of=AV),
                Lead("Attendance and Inclusion Manager, Millbrook City Council", "attendance", of=MB),
            ),
            (
                Work("Sign the agreement to share the list.", "<m-3>", met=(-14,)),
                Work("Share the list with health visitors and school nurses.", "<d-5>"),
                Work("Visit every child on it whom nobody has seen since summer.", "early <m+2>"),
            ),
            others=("Education Safeguarding Forum",),
            measures=("Children on the list seen by somebody in the last term: all",),
        ),
        Promise(
            "Parents who teach at home know us before they need us",
            (Lead("Education Safeguarding Forum", group=EDUCATION),),
            (
                Work("Hold one open morning in each area.", "Each school term"),
                Work("Write what we offer, with eight parents who teach at home.", "<t+2>"),
            ),
        ),
        Promise(
            "Nobody is taken off a school roll without a conversation",
            (
                Lead("Safeguarding in Schools Lead, Ashford Vale County Council", "schools-lead", of=AV),
                Lead("Attendance and Inclusion Manager, Millbrook City Council", "attendance", of=MB),
            ),
            (
                Work(
                    "Agree three questions that a head asks first.",
                    "At the next meeting of the forum",
                ),
                Work("Count how often they were asked.", "<m-1> and <m+3>", met=(6, None)),
            ),
            measures=("Removals with the three questions on record",),
        ),
    ),
)

WAITING = Aim(
    "5",
    "Children who wait for help with their mental health",
    note="Carried forward: off track for three rounds of last year’s plan.",
    rationale=(
        "Last year 44 in 100 children who harmed themselves were seen within ten days; we promised 90.",
        "Children said the silence was worse than the wait.",
    ),
    outcomes=(
        "No child leaves hospital without a named person and a date.",
        "Children who wait know how long, and whom to ring.",
    ),
    promises=(
        Promise(
            "An appointment within ten days of leaving hospital",
            (Lead("Head of Children’s Mental Health, Tidewell Community Health", "mental-health"),),
            (
                Work("Fill the second post in the emergency departments.", "<s-2>"),
                Work("One definition of the ten days, in both hospitals.", "<s-6>", met=(1,)),
                Work("Nine in ten children are seen within ten days.", "by <d+40>"),
            ),
            others=("Mental Health Transformation Board",),
            measures=("90 in 100 within ten days", "Longest wait, in days"),
        ),
        Promise(
            "Tell children where they are in the queue",
            (Lead("Named Nurse, Tidewell Community Health", post="named-nurse"),),
            (
                Work("Send a text each fortnight with the place and a name to ring.", "Fortnightly"),
                Work("Ask 80 children whether it helped.", "<m-1>", met=(10,)),
            ),
            measures=("Children who say that they knew how long",),
        ),
    ),
)

AIMS = (HEARING, BABIES, NEGLECT, OUTSIDE, OUT_OF_SIGHT, WAITING)
