"""What is to be said on a day, to whom: read from the deadlines alone."""

from dataclasses import dataclass

from partnership.deadlines import deadlines, with_people
from partnership.models import Reminder, ReminderPolicy
from partnership.working_days import add_working_days

USUAL_STEPS = (-5, -1, 1, 5)  # working days from the due date; a ReminderPolicy overrides them


@dataclass(frozen=True)
class Telling:
    """That one person is to be told of one deadline, at one of its steps."""

    deadline: object
    recipient: object
    step: int

    @property
    def identity(self):
        return (self.deadline.key, self.deadline.due_on, self.recipient.user.pk)

    def as_reminder(self, *, turn, asked_by=None):
        """Says nothing of what a restricted deadline is about, not even as what one is told."""
        deadline = self.deadline
        return Reminder(
            deadline_key=deadline.key,
            due_on=deadline.due_on,
            step=self.step,
            turn=turn,
            asked_by=asked_by,
            recipient=self.recipient.user,
            title="" if deadline.is_restricted else deadline.title[:300],
            why="" if deadline.is_restricted else self.recipient.why[:200],
            is_restricted=deadline.is_restricted,
            partnership_ids=sorted(deadline.partnership_ids),
        )


@dataclass(frozen=True)
class Agenda:
    """Whom to tell of what on a day: ``tellings`` by identity, and the ``Reach`` of what cannot be told."""

    tellings: dict
    unreached: tuple
    partnership_ids: frozenset | None = None


def agenda(*, on, standing=None, partnership_ids=None):
    """Read from the deadlines alone whom to tell on a day: each at the latest step that has come.

    Steps missed meanwhile, by an outage or because the deadline is new, are not made up for. What
    somebody has asked for (``chase``) is told on any day, until it is done.
    """
    steps_of = dict(ReminderPolicy.objects.values_list("kind", "steps"))
    furthest = -min([*USUAL_STEPS, *(step for steps in steps_of.values() for step in steps)])
    asked_for = steps_asked_for()
    until = max([add_working_days(on, max(furthest, 1)), *(due_on for _key, due_on, _person in asked_for)])
    due = deadlines(on=on, until=until, standing=standing, partnership_ids=partnership_ids)
    tellings, unreached = {}, []
    for reach in with_people(due, on=on):
        kind = reach.deadline.key.partition(":")[0]
        usual = latest_step(reach.deadline.due_on, steps_of.get(kind, USUAL_STEPS), on=on)
        for recipient in reach.recipients:
            asked = asked_for.get((reach.deadline.key, reach.deadline.due_on, recipient.user.pk))
            steps = [step for step in (usual, asked) if step is not None]
            if steps:
                telling = Telling(reach.deadline, recipient, max(steps))
                tellings[telling.identity] = telling
        if reach.missing and usual is not None:
            unreached.append(reach)
    return Agenda(tellings, tuple(unreached), partnership_ids)


def steps_asked_for():
    """{identity: step} of what somebody has asked for and no message holds yet."""
    asked = Reminder.objects.filter(state=Reminder.State.PLANNED, asked_by__isnull=False)
    rows = asked.values_list("deadline_key", "due_on", "recipient", "step")
    return {(key, due_on, person): step for key, due_on, person, step in rows}


def latest_step(due_on, steps, *, on):
    """The last of ``steps`` whose day has come by ``on``, or None before the first."""
    return max((step for step in steps if add_working_days(due_on, step) <= on), default=None)
