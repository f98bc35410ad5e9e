"""The closed plan of the year before, in another rating key, as last year's report tells of it."""

from assurance.sample.people import AV, LEARNING, MB
from assurance.sample.shapes import Aim, Judged, Lead, Promise, Said, Work

# Worst first: code, word, meaning, colour, shape, done?
KEY_NAME = "Complete to not begun"
KEY = (
    ("O", "Off track", "The date has been or will be missed", "red", "diamond", False),
    ("K", "At risk", "The date may be missed; there is a plan to recover", "amber", "triangle", False),
    ("P", "Paused", "Stopped by a decision, with the reason recorded", "grey", "square", False),
    ("N", "Not begun", "The start date has not yet come", "grey", "ring", False),
    ("T", "On track", "The date will be met with what is in place now", "green", "circle", False),
    ("C", "Complete", "Done, and a re-check shows that it has lasted", "blue", "square", True),
)

INTRODUCTION = (
    "The last year of our first shared plan. One priority was finished and handed over, two came to "
    "stand where we had promised, and two did not."
)

# Timescales are of that year itself: A is its first calendar year, B its second.
AIMS = (
    Aim(
        "1",
        "Neglect, seen early and named plainly",
        rationale=("Four agencies had each recorded a worry about one home; none had said neglect.",),
        outcomes=("Children get help while a worry is still small.",),
        promises=(
            Promise(
                "One neglect tool used by every agency",
                (Lead("Director of Early Help, Ashford Vale County Council", "county-early-help"),),
                (Work("Choose the tool and train every team.", "By September {A}", met=(8,)),),
                measures=("Same family, same score, in 8 of 10 paired readings",),
            ),
            Promise(
                "A monthly early help meeting in each locality",
                (
                    Lead("Director of Early Help", "county-early-help", of=AV),
                    Lead("Early Help Manager", "city-early-help", of=MB),
                ),
                (Work("Meet every month in all six localities.", "Monthly from April {A}", met=(0,)),),
                measures=("Help in place within four weeks for 8 in 10 children",),
            ),
        ),
    ),
    Aim(
        "2",
        "Children harmed outside the home",
        rationale=("Young people’s own first priority.",),
        outcomes=("Places and people are made safer, and children are not blamed.",),
        promises=(
            Promise(
                "Return conversation within three days",
                (Lead("Missing Children Coordinator, Ashford Vale Constabulary", "missing"),),
                (Work("Reach 85 in 100 children within three days.", "By March {B}", met=(20,)),),
            ),
            Promise(
                "Make named places safer",
                (Lead("Community Safety Manager, district councils", "community-safety"),),
                (Work("Change five places that young people named.", "By December {A}", met=(11,)),),
            ),
        ),
    ),
    Aim(
        "3",
        "Babies under two",
        rationale=("Two rapid reviews about unborn babies whose plan only one agency held.",),
        outcomes=("Every unborn baby at risk has one plan that everyone holds.",),
        promises=(
            Promise(
                "Safe sleep discussed with the cot in the room",
                (Lead("Named Nurse, Tidewell Community Health", "named-nurse"),),
                (Work("Record it in 9 of 10 first visits.", "By March {B}", met=(4,)),),
            ),
        ),
    ),
    Aim(
        "4",
        "Mental health and self-harm",
        rationale=("A survey of 88 children who had waited.",),
        outcomes=("No child leaves hospital without a named person and a date.",),
        promises=(
            Promise(
                "Appointment within ten days",
                (Lead("Head of Children’s Mental Health, Tidewell Community Health", "mental-health"),),
                (Work("See 90 in 100 children within ten days.", "By December {A}"),),
            ),
        ),
    ),
    Aim(
        "5",
        "One shared chronology",
        rationale=("Every review of the last five years asked for it.",),
        outcomes=("Practitioners see the whole story, once.",),
        promises=(
            Promise(
                "Data agreement signed by eight agencies",
                (Lead("Assistant Chief Constable", "police-executive"),),
                (Work("Sign.", "By May {A}", met=(-186,)),),
            ),
            Promise(
                "Pilot with 40 children",
                (
                    Lead("Assistant Chief Constable", "police-executive"),
                    Lead("Chair, Learning and Development Subgroup", group=LEARNING),
                ),
                (Work("Run the pilot and ask what it changed.", "By December {A}"),),
            ),
        ),
    ),
)

# Four rounds of that year, the oldest first.
UPDATES = {
    "1.1": (
        Said("N", "Four tools are compared. The choice falls in summer."),
        Said("T", "Tool chosen. 29 of 43 teams trained."),
        Said("T", "38 of 43 teams trained. Paired readings have begun."),
        Said(
            "C",
            "In use by 41 of 43 teams. Paired readings agreed in 17 of 20.",
            difference="Two people who look at one family now see the same: 17 of 20 paired readings, from 9.",
        ),
    ),
    "1.2": (
        Said("K", "Two localities of six have met.", risk="Nobody is free to chair in Riverside."),
        Said("T", "Five localities meet every month. Riverside met twice."),
        Said(
            "T",
            "287 children discussed so far, 221 of them helped within four weeks.",
            difference="Head teachers say that they hear back.",
        ),
        Said(
            "T",
            "412 children discussed; 331 helped within four weeks. Riverside met 7 times of 12.",
            risk="Riverside: no housing officer has come yet.",
            difference="Help was in place within four weeks for 331 of 412 children. Re-referrals within a year "
            "fell to 18.9 in 100.",
            voice="“It was the first time that nobody asked me to start again.” A mother, North Vale.",
        ),
    ),
    "2.1": (
        Said("T", "70 in 100 within three days."),
        Said("T", "79 in 100 within three days."),
        Said("T", "84 in 100 within three days, with a third coordinator.", voice="“Now they ask who was there.”"),
        Said(
            "C",
            "88 in 100 within three days. Checked by two young scrutineers.",
            difference="61 in 100 two years ago, 88 now; children name places, and the places change.",
            voice="“Now they ask who was there and whether I felt all right.” Young person, 15.",
        ),
    ),
    "2.2": (
        Said("T", "Young people walked the town with officers and marked a map."),
        Said("T", "Three places changed."),
        Said("T", "Five places changed.", difference="A kiosk at the bus station is staffed until eight."),
        Said(
            "C",
            "All five re-checked with young people.",
            difference="Incidents at the bus station fell from 31 to 12 between winters.",
            voice="“Better, not fixed.” Return conversations, 23 young people.",
        ),
    ),
    "3.1": (
        Said("N", "Begins in summer."),
        Said("K", "Recorded in 71 of 100 visits sampled.", risk="Two localities have not reported."),
        Said("K", "Recorded in 83 of 100 visits sampled."),
        Said(
            "T",
            "94 in 100 of 120 visits sampled.",
            difference="In 19 of 120 homes something about the cot was changed during the visit.",
        ),
    ),
    "4.1": (
        Said("O", "22 in 100. Both posts are advertised.", risk="Nobody knows whether the money lasts."),
        Said("O", "31 in 100. The two hospitals count the ten days differently."),
        Said("K", "39 in 100. One definition agreed; one of two posts filled."),
        Said(
            "O",
            "44 in 100. Longest wait 63 days.",
            risk="The second post is vacant.",
            voice="“Tell us how long the wait is, even when it is long.” Survey of 88 children.",
        ),
    ),
    "5.1": (
        Said("P", "Paused by the Executive until four legal teams agree."),
        None,
        Said("C", "Signed, seven months late."),
        None,
    ),
    "5.2": (
        None,
        None,
        Said("O", "Cannot begin: records under different surnames could not be joined."),
        Said("O", "Not begun. A decision to go on or to stop is put to the Executive."),
    ),
}

AGREED = "Agreed."

REVIEWS = {
    "1": (
        Judged("K", "Two of six localities meet.", decided="K", decision=AGREED),
        Judged("T", "Five of six localities meet.", decided="T", decision=AGREED),
        Judged("T", "Head teachers hear back. Riverside lags.", decided="T", decision=AGREED),
        Judged("T", "Done but for Riverside.", decided="T", decision=AGREED + " Riverside has a section of its own."),
    ),
    "2": (
        Judged("T", "Good, with young people in every part.", decided="T", decision=AGREED),
        Judged("T", "Three places of five.", decided="T", decision=AGREED),
        Judged("T", "Five places of five; not yet re-checked.", decided="T", decision=AGREED),
        Judged("C", "Re-checked by two young scrutineers.", decided="C", decision="Agreed. Hand it over."),
    ),
    "3": (
        Judged(
            "T",
            "Four localities report good figures.",
            decided="K",
            decision="Two localities have not reported.",
            reason="Two of six localities did not report, so we cannot say that the date will be met.",
        ),
        Judged("K", "71 in 100.", decided="K", decision=AGREED),
        Judged("K", "83 in 100.", decided="K", decision=AGREED),
        Judged("T", "94 in 100, and all six report.", decided="T", decision=AGREED),
    ),
    "4": (
        Judged("O", "Nobody asked whether the money is permanent.", decided="O", decision=AGREED),
        Judged("O", "The hospitals count differently.", decided="O", decision=AGREED),
        Judged("K", "One definition, and the first post is filled.", decided="K", decision=AGREED),
        Judged(
            "K",
            "44 in 100 is not 90. Both posts are permanent now.",
            decided="K",
            decision="Agreed. Carried into next year’s plan.",
        ),
    ),
    "5": (
        Judged("P", "Paused by the Executive.", decided="P", decision=AGREED),
        Judged("P", "Still paused.", decided="P", decision=AGREED),
        Judged(
            "K",
            "The agreement is signed at last.",
            worsening="The pause is over, and the first date was missed.",
            decided="O",
            decision="No child has been helped by it yet.",
            reason="The date was missed by seven months and the pilot cannot start.",
        ),
        Judged("O", "The pilot has not begun.", decided="O", decision="Agreed. We decide in public whether to stop."),
    ),
}
