"""What the office may see beforehand."""

from dataclasses import dataclass, field

from django.db import transaction

from partnership.models import Reminder
from partnership.reminders.agenda import agenda
from partnership.reminders.ledger import plan_and_bundle


@dataclass(frozen=True)
class Preview:
    """``people``: (person, their reminders) pairs; ``unreached``: deadlines with somebody to whom none goes.

    ``not_told``: (person, deadline, in words why not) of those whose step has come and who are not told on that
    day; person None where it is nobody in particular. ``due``: {key: Deadline} of them all.
    """

    day: object
    people: tuple
    unreached: tuple
    not_told: tuple = ()
    due: dict = field(default_factory=dict, repr=False)


def who_will_be_told(user, *, on, keys=None):
    """Whom ``send_reminders`` would tell on a day if nothing changed, of ``user``'s partnerships.

    The very same planning, undone again: so what is shown is what is sent. ``keys``: of these deadlines alone.
    """
    standing = user.standing
    with transaction.atomic():
        wanted = agenda(on=on, standing=standing, partnership_ids=standing.office_ids, keys=keys)
        plan_and_bundle(wanted, on=on)
        bundled = Reminder.objects.visible_to(user).filter(state=Reminder.State.BUNDLED, message__day=on)
        if keys is not None:
            bundled = bundled.filter(deadline_key__in=keys)
        told = list(
            bundled.select_related("recipient", "asked_by").order_by(
                "recipient__name", "recipient", "due_on", "deadline_key"
            )
        )
        transaction.set_rollback(True)
    people = {}
    for reminder in told:
        people.setdefault(reminder.recipient, []).append(reminder)
    due = {deadline.key: deadline for deadline in wanted.due}
    return Preview(on, tuple(people.items()), wanted.unreached, tuple(why_not(wanted, on=on)), due)


def why_not(agenda, *, on):
    """Of those to whom something new would be said: who is not told, and why."""
    for telling, why, _waits in agenda.withheld:
        if telling.is_asked or agenda.history.is_news(telling, on=on):
            yield telling.recipient.user, telling.deadline, why
    yield from left_out_by_hand(agenda)
    for deadline, why in agenda.not_climbed:
        yield None, deadline, why


def left_out_by_hand(agenda):
    """The steps of that day that an office has skipped."""
    skipped = {}
    for telling in agenda.tellings.values():
        before = agenda.history.before(telling)
        if telling.is_fresh and before and (before.state, before.step) == (Reminder.State.SKIPPED, telling.step):
            skipped[before.pk] = telling
    rows = Reminder.objects.filter(pk__in=skipped).select_related("skipped_by") if skipped else ()
    for row in rows:
        telling = skipped[row.pk]
        yield telling.recipient.user, telling.deadline, f"{row.skipped_by} has left this step out: {row.reason}"
