"""Rows of the assurance timetable: the year that is running, with what is done and what is late, and two ahead."""

from datetime import timedelta

from assurance.models import TimetableEntry
from assurance.models.timetable import first_of_quarter, quarter_after
from assurance.sample.people import SCRUTINY
from assurance.timetable import add_entry

KIND = TimetableEntry.Kind
YEARLY_RETURN = "Every agency’s assurance return"
SELF_ASSESSMENT = "Every agency’s yearly self-assessment"
EVERY_YEAR = {YEARLY_RETURN, SELF_ASSESSMENT, "The year’s training and what changed because of it"}
BOTH, AV, MB = "both", "AV", "MB"
# (quarters from this one, kind, what, for whom, ref of the priority, days after the quarter began that it was done)
ENTRIES = [
    (-2, KIND.AUDIT, "How well do plans before birth hold together?", BOTH, "1", 68),
    (-2, KIND.SURVEY, "What staff know about private fostering", AV, "", 40),
    (-1, KIND.DEEP_DIVE, "Neglect that several services saw and nobody named", BOTH, "2", 77),
    (-1, KIND.SURVEY, "Do young people feel listened to in meetings about them?", MB, "", None),
    (0, KIND.SELF_ASSESSMENT, SELF_ASSESSMENT, BOTH, "", None),
    (0, KIND.REPORT, YEARLY_RETURN, BOTH, "", None),
    (0, KIND.REPORT, "Children who go missing from home, with the police", BOTH, "3", None),
    (1, KIND.AUDIT, "Return conversations: are they offered, held and used?", BOTH, "3", None),
    (1, KIND.REPORT, "The year’s training and what changed because of it", BOTH, "", None),
    (2, KIND.DEEP_DIVE, "Children out of school for more than a term", MB, "4", None),
    (3, KIND.AUDIT, "The child’s voice in assessments", BOTH, "", None),
    (4, KIND.REPORT, YEARLY_RETURN, BOTH, "", None),
    (4, KIND.SELF_ASSESSMENT, SELF_ASSESSMENT, BOTH, "", None),
    (5, KIND.SURVEY, "What parents say of early help", AV, "2", None),
    (7, KIND.AUDIT, "Injuries to babies who cannot move by themselves", BOTH, "1", None),
    (8, KIND.SELF_ASSESSMENT, SELF_ASSESSMENT, BOTH, "", None),
    (9, KIND.DEEP_DIVE, "Waiting for help with mental health", BOTH, "5", None),
]


def load_timetable(cast, plan):
    """``plan``: the one that is running, whose priorities the entries are about."""
    priorities = {priority.ref: priority for priority in plan.priorities.all() if priority.ref}
    for quarters, kind, title, whose, ref, done in ENTRIES:
        quarter_on = quarter_after(first_of_quarter(cast.calendar.today), quarters)
        add_entry(
            partnerships=cast.both if whose == BOTH else [cast.partnerships[whose]],
            title=title,
            kind=kind,
            quarter_on=quarter_on,
            group=cast.groups[SCRUTINY],
            priority=priorities.get(ref),
            is_yearly=title in EVERY_YEAR,
            done_on=quarter_on + timedelta(days=done) if done else None,
        )
