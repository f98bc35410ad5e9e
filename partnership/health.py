"""Whether reminders go out, as a monitor outside would ask: a few numbers, and in words what is wrong.

Read from what workers left in PostgreSQL, in a constant number of queries and without the broker. The
numbers count everything, restricted things too, so only whoever holds the monitor's token reads them.
"""

import os
import shutil
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, ExpressionWrapper, F, Max, Q
from django.db.models.fields import DurationField
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from partnership.heartbeats import REMINDERS
from partnership.models import Heartbeat, MailBrake, Message
from partnership.reminders.hours import ROUND_THE_CLOCK, is_sending_time
from partnership.reminders.reckoning import astray, reckon_planned
from partnership.templatetags.components import long_date
from partnership.working_days import BANK_HOLIDAYS_A_YEAR, bank_holidays

LONGEST_SILENCE = timedelta(minutes=10)  # beat wakes a turn every minute, and a turn takes two at most
LONGEST_QUEUE = timedelta(minutes=30)
ROOM_FOR_THE_JOURNAL = 10 * 1024**2  # bytes
SPANS = {"last_hour": timedelta(hours=1), "last_day": timedelta(days=1)}


@dataclass(frozen=True)
class Health:
    """``troubles``: sentences, none if all is well. ``times`` anybody may know; ``numbers`` only the monitor."""

    troubles: tuple
    times: dict
    numbers: dict

    @property
    def is_well(self):
        return not self.troubles


def health_of_reminders(*, now):
    on = timezone.localdate(now)
    turn = last_turn()
    sums = {"last_turn": turn.outcome if turn else {}} | reckon_planned(SPANS)
    numbers = {
        **sums,
        "astray": max(astray(each) for each in sums.values()),
        "messages_today": messages_today(on=on),
        "queue_seconds": age_of_queue(now=now),
        "seconds_since_turn": turn.age.total_seconds() if turn and turn.age is not None else None,
        "bank_holidays_ahead": bank_holidays_ahead(on=on),
    }
    brake = MailBrake.objects.filter(stopped_until__gt=Now()).first()
    return Health(
        troubles=tuple(troubles(turn, numbers, brake)),
        times={
            "last_turn_began_at": turn and turn.began_at,
            "last_turn_ended_at": turn and turn.ended_at,
            # Of what a clock that was set back had written nothing is known.
            "last_beat_at": PeriodicTask.objects.filter(last_run_at__lte=now).aggregate(last=Max("last_run_at"))[
                "last"
            ],
        },
        numbers=numbers | {"is_mail_stopped": bool(brake)},
    )


def troubles(turn, numbers, brake):
    """What is wrong, in sentences that name nobody and count nothing that is restricted."""
    advice = "Check that the worker, beat and Redis are running."
    if turn is None or turn.ended_at is None:
        yield f"Reminders have not been looked at yet. {advice}"
    elif turn.age > LONGEST_SILENCE:
        yield f"Reminders were last looked at on {long_date(turn.ended_at)} at {clock(turn.ended_at)}. {advice}"
    if numbers["astray"]:
        yield "Not every reminder that is due is accounted for in the ledger. Ask whoever supports the system."
    if numbers["queue_seconds"] > LONGEST_QUEUE.total_seconds():
        minutes = int(numbers["queue_seconds"] // 60)
        yield f"A mail has been waiting for {minutes} minutes. Check the mail server and the worker."
    if brake:
        yield f"Too many mails in a row could not be handed over; none is tried until {clock(brake.stopped_until)}."
    if not is_journal_writable():
        yield "The journal of sent mails cannot be written, and no mail leaves without it. Check the disc of DATA_DIR."
    if numbers["bank_holidays_ahead"] < BANK_HOLIDAYS_A_YEAR:
        yield "The bank holidays of the next twelve months are not known. Bring the package “holidays” up to date."


def last_turn():
    """The loop's Heartbeat, with its ``age`` by the database's clock, or None before the first turn."""
    age = ExpressionWrapper(Now() - F("ended_at"), output_field=DurationField())
    return Heartbeat.objects.filter(name=REMINDERS).annotate(age=age).first()


def age_of_queue(*, now):
    """For how many seconds the oldest mail has waited that could have left: hours without sending don't count."""
    if not is_sending_time(now):
        return 0
    could_leave_at = Greatest("created_at", Coalesce("send_after", "created_at"))
    waiting = Message.objects.waiting().annotate(since=could_leave_at, now=Now()).order_by("since")
    for since, database_now in waiting.values_list("since", "now")[:1]:
        return max(min(database_now - since, now - opening_of_day(now)).total_seconds(), 0)
    return 0


def opening_of_day(now):
    local = timezone.localtime(now)
    hour = 0 if settings.REMINDER_HOURS == ROUND_THE_CLOCK else settings.REMINDER_HOURS[0]
    return local.replace(hour=hour, minute=0, second=0, microsecond=0)


def messages_today(*, on):
    return Message.objects.filter(day=on).aggregate(
        **{state: Count("pk", filter=Q(state=state)) for state in Message.State.values}
    )


def is_journal_writable():
    """Whether another line would fit: see ``partnership.reminders.journal``."""
    folder = settings.SENT_JOURNAL
    if not folder:
        return True
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return os.access(there, os.W_OK | os.X_OK) and shutil.disk_usage(there).free > ROOM_FOR_THE_JOURNAL


def bank_holidays_ahead(*, on):
    """How many are known in the twelve months after a day."""
    year_later = on + timedelta(days=365)
    return sum(on < day <= year_later for year in {on.year, year_later.year} for day in bank_holidays(year))


def clock(moment):
    local = timezone.localtime(moment)
    return f"{local.hour}:{local:%M}"
