"""What one person keeps for themselves: how often they hear of each kind, on which days, in which hours."""

from django.conf import settings
from django.db import transaction

from partnership.models import ReminderHours, ReminderPreference, User
from partnership.reminders.paces import set_pace
from partnership.reminders.policies import is_duty

Pace = ReminderPreference.Pace


def paces_of(user):
    """{kind, or "" for all others: pace}, of what they have chosen."""
    return dict(user.reminder_preferences.values_list("kind", "pace"))


@transaction.atomic
def keep_paces(user, paces):
    """``paces``: {kind: pace, or None for the same as all others}; what is not in it stays as it is."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    before = paces_of(user)
    for kind, pace in paces.items():
        if pace is None:
            user.reminder_preferences.filter(kind=kind).delete()
        elif before.get(kind) != pace:
            set_pace(user, kind, pace)


@transaction.atomic
def keep_hours(user, hours):
    """``hours``: {weekdays, first_hour, last_hour}, or None for the usual ones."""
    if hours is None:
        ReminderHours.objects.filter(user=user).delete()
    else:
        ReminderHours.objects.update_or_create(user=user, defaults=hours)


@transaction.atomic
def slow_down(user):
    """As little as may be: duties once a week, nothing of anything else. Gives what was chosen before."""
    before = paces_of(user)
    quiet = {kind: Pace.WEEKLY if is_duty(kind) else Pace.OFF for kind in settings.DEADLINE_KINDS}
    keep_paces(user, {"": Pace.WEEKLY, **quiet})
    return before


def put_back(user, before):
    """Undo ``slow_down``: everything as it was chosen then."""
    keep_paces(user, dict.fromkeys(["", *settings.DEADLINE_KINDS]) | before)
