"""The joint plan with the adults board, which runs beside the children's plan and asks some of the same leads."""

from assurance.sample.people import ADULTS, AV, LEARNING, MB, SOUNDING_BOARD
from assurance.sample.shapes import Aim, Judged, Lead, Promise, Said, Work

TITLE = "Turning 18: joint plan with the adults board"
SCRUTINISED_BY = ADULTS

# Worst first: code, word, meaning, colour, shape, done?
KEY_NAME = "Stuck to settled"
KEY = (
    ("S", "Stuck", "Waits for a decision", "red", "diamond", False),
    ("L", "Late", "The date will be missed", "amber", "triangle", False),
    ("M", "Moving", "On time", "green", "circle", False),
    ("D", "Settled", "In use, young people say so", "blue", "square", True),
)

INTRODUCTION = (
    "A birthday changes which board answers for a young person, and nothing else about their life. This plan holds "
    "the few promises that neither board can keep alone. It is asked about twice a year."
)

LEARNING_LEAD = Lead("Chair, Learning and Development Subgroup", group=LEARNING)

AIMS = (
    Aim(
        "J1",
        "Nobody falls between two boards",
        rationale=(
            "Of 64 young people who turned 18 with a plan, 23 had nobody named for them a month later.",
            "Children’s and adults’ services write down risk in different words.",
        ),
        outcomes=("Young people meet who comes next before their birthday.",),
        promises=(
            Promise(
                "A named adult worker six months before the birthday",
                (
                    Lead("Director of Early Help, Ashford Vale County Council", "county-early-help", of=AV),
                    Lead("Head of Child Protection, Millbrook City Council", "city-safeguarding", of=MB),
                ),
                (
                    Work("List everybody who turns 18 in the coming year.", "<m-4>", met=(11,)),
                    Work("Name a worker for each of them.", "end of <m+2>"),
                ),
                measures=("Young people who met their worker before they were 18: 9 in 10",),
            ),
            Promise(
                "Leave hospital wards for children with a place to go",
                (Lead("Named Nurse, Tidewell Community Health", post="named-nurse"),),
                (Work("One discharge letter for both services, written with six young people.", "<s-1>"),),
            ),
            Promise(
                "Young parents keep their midwife past 18",
                (Lead("Head of Midwifery, St Brannoc’s Hospital Trust", post="midwifery"),),
                (
                    Work("Agree with adult services who is told, and when.", "<s-3>", met=(2,)),
                    Work("Offer it to every young parent booked from this month on.", "from <m-1>"),
                ),
                measures=("Young parents who had the same midwife throughout",),
            ),
        ),
    ),
    Aim(
        "J2",
        "Used, and called an adult",
        rationale=("Young people who were exploited at 17 were called offenders at 18 in nine of fourteen cases.",),
        outcomes=("Those who exploited somebody at 17 are still looked for after the birthday.",),
        promises=(
            Promise(
                "One panel for 16 to 24 year olds",
                (
                    Lead("Youth Justice Manager, Millbrook City Council", "youth-justice", of=MB),
                    Lead("Community Safety Manager, district councils", "community-safety", of=AV),
                ),
                (
                    Work("Write down how the panel works and who comes.", "<d-12>"),
                    Work("First three meetings.", "<m+1>, <m+2> and <m+3>"),
                ),
                others=("Community Safety Partnership",),
            ),
            Promise(
                "Training on the law at 16, 17 and 18",
                (LEARNING_LEAD,),
                (
                    Work("Two half days, taught by both boards’ trainers.", "<s-2> and <s+2>", met=(4, None)),
                    Work("Ask after three months what anybody did differently.", "<m+5>"),
                ),
                measures=("People who can say what changes at each birthday: 8 in 10",),
            ),
        ),
    ),
    Aim(
        "J3",
        "Homes that are safe at 18",
        rationale=("Eleven young people slept in a car or on a floor in the month after their birthday.",),
        outcomes=("No young person leaves care or a hospital without a home that somebody has looked at.",),
        promises=(
            Promise(
                "Every first tenancy is visited in its second week",
                (Lead("Head of Tenancies, Millbrook Homes", post="homes", of=MB),),
                (Work("Visit, and ring a named person if something is wrong.", "Throughout the year"),),
            ),
            Promise(
                "What to ask before you sign, by those who have signed",
                (Lead("Sounding Board", group=SOUNDING_BOARD), LEARNING_LEAD),
                (
                    Work("Write it on one side of paper.", "<s-2>", met=(9,)),
                    Work("Give it out in colleges, hostels and the housing office.", "by the end of <m+1>"),
                ),
            ),
        ),
    ),
)

# For each deliverable an entry of the round that is over and one of the round that is open.
UPDATES = {
    "J1.1": (
        Said(
            "L",
            "The county’s list is made: 41 names. The city’s waits for a look at its old records.",
            risk="Two people in the city can read the old system. One leaves in spring.",
            difference="Fourteen of the 41 have met somebody.",
        ),
        None,
    ),
    "J1.2": (Said("M", "Six young people marked up three letters. One page is left of seven."), None),
    "J1.3": (
        Said(
            "M",
            "Agreed with both adult services: they are told at 28 weeks.",
            voice="“Do not hand me over in the week I give birth.” A mother, 17.",
        ),
        None,
    ),
    "J2.1": (
        Said("S", "Three services want to chair it and none to write its minutes.", risk="Without minutes, no panel."),
        Said("L", "Youth justice writes the minutes for a year. The paper on how it works is a month late."),
    ),
    "J2.2": (
        Said(
            "M",
            "First half day held: 34 people from eleven agencies.",
            difference="Before, 9 of 34 could say what changes at 16, 17 and 18; afterwards 30.",
        ),
        None,
    ),
    "J3.1": (
        None,
        Said("M", "22 first tenancies, 19 visited in time.", difference="Four got a lock or heating mended."),
    ),
    "J3.2": (
        Said("M", "One side of paper, twelve questions.", voice="“Ask who has the other key.” Sounding Board."),
        None,
    ),
}

REVIEWS = {
    "J1": (
        Judged(
            "L",
            "Half of the list is made, and it is the half that had the shorter way to go.",
            recommendations="Lend the city somebody who can read the old system.",
            decided="L",
            decision="Agreed. The county lends an analyst for two weeks.",
        ),
        None,
    ),
    "J2": (
        Judged(
            "M",
            "Good training. No panel yet.",
            decided="L",
            decision="The panel is the promise.",
            reason="Training alone does not keep the promise of one panel, whose date will be missed.",
        ),
        None,
    ),
    "J3": (Judged("M", "Written by those who know.", decided="M", decision="Agreed."), None),
}
