"""When people are told of one kind of deadline, and who hears of it when it stays undone."""

from dataclasses import dataclass

from django.conf import settings

from partnership.models import Reminder, ReminderPolicy


@dataclass(frozen=True)
class Policy:
    """``steps`` and the three others in working days from the due date; None: this rung never hears of it."""

    steps: tuple
    chair_after: int | None = None
    office_after: int | None = None
    executive_after: int | None = None
    may_be_slowed: bool = True

    @property
    def ladder(self):
        """((rung, working days after the due date), …) of those that hear of it, from below."""
        rungs = (
            (Reminder.Rung.CHAIR, self.chair_after),
            (Reminder.Rung.OFFICE, self.office_after),
            (Reminder.Rung.EXECUTIVE, self.executive_after),
        )
        return tuple((rung, after) for rung, after in rungs if after is not None)

    @property
    def furthest(self):
        """(how many working days before the due date it begins, how many after it ends), neither below 0."""
        last = max([0, *self.steps, *(after for _rung, after in self.ladder)])
        return max([0, *(-step for step in self.steps)]), last


DUTY = Policy((-5, -1, 1, 5), chair_after=5, office_after=10, executive_after=15)
NOTICE = Policy((-5, -1))  # something that takes place: once it is over nobody need hear of it
OWN = {
    # Five and fifteen working days by law, so their chair hears more often, and the office soon.
    "notification": Policy((-3, -2, -1, 0, 1), chair_after=1, office_after=2, executive_after=5, may_be_slowed=False),
    "rapid-review": Policy(
        (-10, -5, -2, -1, 0, 1), chair_after=1, office_after=2, executive_after=5, may_be_slowed=False
    ),
    "meeting": NOTICE,
    "event": NOTICE,
    "plan-review": NOTICE,
}


def usual_policy(kind):
    """What stands where nobody has said anything else. A kind that is no duty is announced and never escalated."""
    return OWN.get(kind) or (DUTY if is_duty(kind) else NOTICE)


def is_duty(kind):
    """Whether reminders of this kind may be slowed but never turned off. A kind that nobody has listed is one."""
    _words, is_duty = settings.DEADLINE_KINDS.get(kind, ("", True))
    return is_duty


def kind_of(key):
    """The kind of the deadline of that key: "milestone" of "milestone:12"."""
    return key.partition(":")[0]


class Policies:
    """Every row of every partnership, and the usual days where there is none."""

    def __init__(self, rows):
        self.rows = {(row.partnership_id, row.kind): as_policy(row) for row in rows}
        self.own = {pk for pk, _kind in self.rows} - {None}
        self.known = {}

    @classmethod
    def read(cls):
        return cls(ReminderPolicy.objects.all())

    def of(self, kind, partnership_ids):
        """A partnership's own row before the installation's before the usual.

        What several partnerships share is told on the days of each that has a row of its own, and goes up
        as soon as the first of them says.
        """
        asked = (kind, partnership_ids & self.own)
        if asked not in self.known:
            self.known[asked] = self._of(kind, partnership_ids)
        return self.known[asked]

    def _of(self, kind, partnership_ids):
        own = [self.rows[pk, kind] for pk in sorted(partnership_ids) if (pk, kind) in self.rows]
        return together(own) if own else self.rows.get((None, kind)) or usual_policy(kind)

    @property
    def furthest(self):
        """As ``Policy.furthest``, of all that there is."""
        everything = [DUTY, NOTICE, *OWN.values(), *self.rows.values()]
        before, after = zip(*(policy.furthest for policy in everything), strict=True)
        return max(before), max(after)


def as_policy(row):
    return Policy(tuple(sorted(row.steps)), row.chair_after, row.office_after, row.executive_after, row.may_be_slowed)


def together(policies):
    if len(policies) == 1:
        return policies[0]

    def soonest(name):
        return min((days for policy in policies if (days := getattr(policy, name)) is not None), default=None)

    return Policy(
        tuple(sorted({step for policy in policies for step in policy.steps})),
        soonest("chair_after"),
        soonest("office_after"),
        soonest("executive_after"),
        all(policy.may_be_slowed for policy in policies),
    )
