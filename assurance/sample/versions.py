"""How the plans came about: what was asked, what members said, what was answered, why it changed."""

from dataclasses import dataclass

from assurance.sample.people import COLLEGE, ICB, LANTERN, TIDEWELL


@dataclass(frozen=True)
class Said:
    """A comment: on the deliverable of that ref, on the priority of that ref, or on the plan (neither).

    ``day`` counts from the one on which the plan was sent out. Without ``answer`` nobody has answered.
    """

    by: str
    day: int
    text: str
    row: str = ""
    priority: str = ""
    agency: str = ""
    outcome: str = ""
    answer: str = ""


# Last year's

LAST_ASKED = "Please look at the promises that you lead: can they be kept, and by when?"
LAST_COMMENTS = (
    Said(
        "mental-health",
        4,
        "95 in 100 cannot be reached while two posts are vacant. Promise what can be kept and say what it rests on.",
        row="4.1",
        agency=TIDEWELL,
        outcome="changed",
        answer="It says 90 in 100 now. The Executive hears each quarter how many posts are filled.",
    ),
    Said(
        "college",
        9,
        "Students of 16 and 17 are children too. The plan speaks of schools and never of colleges.",
        agency=COLLEGE,
        outcome="partly",
        answer="The introduction to next year’s plan will name colleges. This year’s promises stay with the schools "
        "that have said what they will do.",
    ),
    Said(
        "named-nurse",
        12,
        "Could this wait for the new record system? Recording it twice costs a visit a day.",
        row="3.1",
        agency=TIDEWELL,
        outcome="kept",
        answer="It stays: babies do not wait. It is recorded on paper until the new system is there.",
    ),
)
# The words before members commented, and the day before it was moved: (ref of the deliverable, text, timescale).
LAST_AT_FIRST = ("4.1", "See 95 in 100 children within ten days.", "By December {A}")
LAST_AS_PUBLISHED = ("5.2", "Run the pilot and ask what it changed.", "By September {A}")
LAST_REASON = (
    "The pilot of the shared chronology moves from September to December. The data agreement was signed half a year "
    "late, and without it no two records may be joined. The Executive agreed the new date."
)
LAST_WORDS = "Five of eight promises were kept. What was not is taken up again or was dropped, each with its reason."

# Next year's

NEXT_ASKED = (
    "A first draft with two priorities that the Sounding Board named. Which of your own should stand beside them, and "
    "which of this year’s promises must not get lost?"
)
NEXT_COMMENTS = (
    Said(
        "lantern",
        2,
        "Families who move were the first thing parents spoke of in our groups this winter. Thank you for putting it "
        "first. A named contact helps only if they also know the name of whoever comes next.",
        row="1.1",
        agency=LANTERN,
        outcome="partly",
        answer="We ask both councils to tell each other the two names. That stands in the activity from the next "
        "version on.",
    ),
    Said(
        "schools-lead",
        3,
        "Please not in the last week of term: nobody comes.",
        row="2.1",
        outcome="changed",
        answer="The dates are agreed with the Sounding Board, outside the last two weeks of every term.",
    ),
    Said(
        "midwifery",
        4,
        "Nothing here on fathers any more. The safer sleep work has only begun to reach them, and stopping now wastes "
        "the first year.",
        priority="1",
        agency=ICB,
    ),
    Said(
        "college",
        5,
        "“Young people are in the room when we decide about them” is the sentence that my students would sign. They "
        "ask who pays their bus fare.",
        priority="2",
        agency=COLLEGE,
    ),
    Said(
        "advisor",
        6,
        "Two priorities are few for two partnerships and one office, and that is a strength. Before more are added, "
        "say what each board stops doing.",
    ),
)
