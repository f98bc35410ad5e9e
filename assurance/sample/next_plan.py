"""Next year's plan as a first draft, for the office and the advisor alone."""

from assurance.sample.people import AV, LEARNING, MB, SOUNDING_BOARD
from assurance.sample.shapes import Aim, Lead, Promise, Work

INTRODUCTION = (
    "First draft. The Sounding Board has named two things; the boards name theirs in spring. What is not done in this "
    "year’s plan is carried over by a decision of the Executive, and never by itself."
)

AIMS = (
    Aim(
        "1",
        "Babies: from one plan to one team",
        rationale=("One plan for each family is in use in one of two maternity services.",),
        outcomes=("Families who move between our areas tell their story once.",),
        promises=(
            Promise(
                "A named contact for families who move",
                (
                    Lead("Director of Early Help", post="county-early-help", of=AV),
                    Lead("Early Help Manager", post="city-early-help", of=MB),
                ),
                (
                    Work("Name one person in each council.", "June {A}"),
                    Work("Ask ten families whether it helped.", "by the end of {A}"),
                ),
            ),
        ),
    ),
    Aim(
        "2",
        "Meetings that young people can come to",
        rationale=("Five of seven subgroups meet while young people are at school.",),
        outcomes=("Young people are in the room when we decide about them.",),
        promises=(
            Promise(
                "Every subgroup meets outside school hours twice a year",
                (Lead("Sounding Board", group=SOUNDING_BOARD), Lead("Chair, Learning and Development", group=LEARNING)),
                (
                    Work("Agree the dates with the Sounding Board.", "April and September {A}"),
                    Work("Young people say whether it was worth coming.", "tbc"),
                ),
                measures=("Young people who came again",),
            ),
        ),
    ),
)
