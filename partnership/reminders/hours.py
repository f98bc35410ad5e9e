"""When reminders go out."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from partnership.working_days import is_working_day, this_or_next_working_day

ROUND_THE_CLOCK = (0, 24)


def is_sending_time(now):
    """Working days within ``settings.REMINDER_HOURS``; (0, 24) means always, weekends too."""
    if settings.REMINDER_HOURS == ROUND_THE_CLOCK:
        return True
    local = timezone.localtime(now)
    first, last = settings.REMINDER_HOURS
    return is_working_day(local.date()) and first <= local.hour < last


def is_sending_day(day):
    return settings.REMINDER_HOURS == ROUND_THE_CLOCK or is_working_day(day)


def sending_weekdays():
    """On which days of the week reminders go out at all; 0 is Monday."""
    return frozenset(range(7 if settings.REMINDER_HOURS == ROUND_THE_CLOCK else 5))


def next_sending_day(now):
    """The day on which reminders next begin to go out: today's, if its hours have not begun."""
    local = timezone.localtime(now)
    today, tomorrow = local.date(), local.date() + timedelta(days=1)
    if settings.REMINDER_HOURS == ROUND_THE_CLOCK:
        return tomorrow
    if is_working_day(today) and local.hour < settings.REMINDER_HOURS[0]:
        return today
    return this_or_next_working_day(tomorrow)
