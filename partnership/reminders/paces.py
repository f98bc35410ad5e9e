"""How often one person wants to hear of one kind of deadline, and on which days and hours."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from partnership.models import ReminderHours, ReminderPreference
from partnership.reminders.hours import is_sending_day, sending_weekdays
from partnership.reminders.policies import is_duty

Pace = ReminderPreference.Pace
WEEKDAYS = frozenset(range(7))


class CannotBeTurnedOff(Exception):
    """It is a duty to know of it. The message says what can be done instead."""


def set_pace(user, kind, pace):
    """``user`` wants to hear of ``kind`` ("": all that they have not named) at ``pace``. Raises CannotBeTurnedOff."""
    if pace == Pace.OFF and (not kind or is_duty(kind)):
        raise CannotBeTurnedOff(
            "This can be slowed to once a week, but not turned off: it is asked of you by your post"
        )
    ReminderPreference.objects.update_or_create(user=user, kind=kind, defaults={"pace": pace})


class Paces:
    """What some people have chosen, read by two queries."""

    def __init__(self, chosen, hours):
        self.chosen, self.hours = chosen, hours

    @classmethod
    def read(cls, users):
        """``users``: people or their keys."""
        rows = ReminderPreference.objects.filter(user__in=users).values_list("user", "kind", "pace")
        hours = ReminderHours.objects.filter(user__in=users)
        return cls(
            {(user, kind): pace for user, kind, pace in rows},
            {row.user_id: OwnHours(frozenset(row.weekdays), row.first_hour, row.last_hour) for row in hours},
        )

    def of(self, user, kind):
        """Their pace for ``kind``, or else for all others, or else daily. A duty that was turned off comes weekly."""
        pace = self.chosen.get((user.pk, kind)) or self.chosen.get((user.pk, ""), Pace.DAILY)
        return Pace.WEEKLY if pace == Pace.OFF and is_duty(kind) else Pace(pace)

    @property
    def at_once(self):
        """The keys of those who want to hear of anything at once."""
        return {user for (user, _kind), pace in self.chosen.items() if pace == Pace.AT_ONCE}

    def hours_of(self, user_pk):
        return self.hours.get(user_pk, ALWAYS)


@dataclass(frozen=True)
class OwnHours:
    """The days of the week (0 is Monday) and the hours in which somebody wants mail, within the installation's.

    Where that leaves nothing, the installation's own stand: nobody can make a duty unheard of.
    """

    weekdays: frozenset = WEEKDAYS
    first: int = 0
    last: int = 24

    def is_their_day(self, day):
        return day.weekday() in (self.weekdays & sending_weekdays() or WEEKDAYS)

    def is_their_hour(self, now):
        first, last = settings.REMINDER_HOURS
        first, last = max(first, self.first), min(last, self.last)
        return first >= last or first <= timezone.localtime(now).hour < last

    def next_day(self, day):
        """The first of their days on which reminders go out, ``day`` or after."""
        while not (self.is_their_day(day) and is_sending_day(day)):
            day += timedelta(days=1)
        return day

    def weekly_day(self, day):
        """The first of their days in the week of ``day``, or None in a week without any."""
        monday = day - timedelta(days=day.weekday())
        first = self.next_day(monday)
        return first if first < monday + timedelta(days=7) else None

    def next_weekly_day(self, day):
        """The weekly day that comes next, ``day`` or after."""
        while True:
            weekly = self.weekly_day(day)
            if weekly and weekly >= day:
                return weekly
            day += timedelta(days=7 - day.weekday())


ALWAYS = OwnHours()
