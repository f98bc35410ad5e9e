"""Dates that were moved again and again, what was set aside, and what the office wrote of what stood still."""

from datetime import timedelta

from plans.drift import set_aside
from plans.models import Activity, DateMove, Deliverable, Update
from plans.standstill import keep_note
from plans.timescale import read_timescale

OFFICE = "manager"

# (The priority's ref, the deliverable's and the activity's place): each new date in its round: from, to, why.
MOVED = {
    ("4", 1, 2): [
        (1, "<m-5>", "<m-2>", "One legal team of two had signed."),
        (2, "<m-2>", "<d-5>", "The trust’s data officer is away and nobody else may sign."),
    ],
    ("1", 1, 2): [(1, "<m-6>", "by end of <s-2>", "Two midwives left before the trial could begin.")],
}
# The kind of drift and whose row it is; why it may wait; for how many days.
SET_ASIDE = ("done-but-open", "1", 3, "The Executive takes the paper at its next meeting. Nothing to ask before.", 60)
WRITTEN = (
    ("2", 2),
    "We set out to match the waiting lists of both areas so that no family waits twice. We have not done it. The two "
    "lists counted different things, one was frozen when its provider changed, and there was no analyst for five "
    "months.\n\nThe Executive rated the priority off track, although its guide is good, because this was its main "
    "promise. The county lends an analyst now: 212 of 347 families are matched and 38 were on both lists.",
)


def load_drift(cast, plan, rounds):
    for (ref, position, place), moves in MOVED.items():
        activity = Activity.objects.get(deliverable=row_of(plan, ref, position), position=place)
        for number, before, after, reason in moves:
            move_date(cast, plan, activity, rounds[number], before=before, after=after, reason=reason)
    office, today = cast.holders[OFFICE], cast.calendar.today
    (ref, position), words = WRITTEN
    keep_note(row_of(plan, ref, position), text=words, by=office, at=cast.calendar.moment(today - timedelta(days=3)))
    code, ref, position, reason, days = SET_ASIDE
    row = row_of(plan, ref, position)
    key = f"{code}:{row.pk}"
    set_aside(
        plan,
        key=key,
        reason=reason,
        until=today + timedelta(days=days),
        by=office,
        at=cast.calendar.moment(today - timedelta(days=6)),
    )


def row_of(plan, ref, position):
    return Deliverable.objects.get(priority__plan=plan, priority__ref=ref, position=position)


def move_date(cast, plan, activity, round, *, before, after, reason):
    """Asked for in the lead's update of that round, and agreed to by the office the week after."""
    update = Update.objects.current().get(deliverable=activity.deliverable, round=round)
    before, after = (cast.calendar.words(words) for words in (before, after))
    DateMove.objects.create(
        update=update,
        activity=activity,
        before_text=before,
        before_due_on=last_day(plan, before),
        after_text=after,
        after_due_on=last_day(plan, after),
        reason=reason,
        is_agreed=True,
        decided_by=cast.holders[OFFICE],
        decided_at=min(update.submitted_at + timedelta(days=7), cast.calendar.moment(cast.calendar.today)),
    )


def last_day(plan, words):
    reading = read_timescale(words, starts_on=plan.starts_on, ends_on=plan.ends_on)
    return max((each.due_on for each in reading.milestones if each.due_on), default=None)
