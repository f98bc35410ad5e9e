"""What people have said about their reminders: a pause, an address that bounces, a slower pace, days of one's own."""

from datetime import timedelta

from assurance.sample.people import AV
from partnership.deadlines import deadlines
from partnership.models import ReminderPolicy, ReminderPreference
from partnership.reminders.bounces import record_bounce
from partnership.reminders.choices import keep_paces
from partnership.reminders.pauses import pause

Pace = ReminderPreference.Pace

PAUSED_KIND = "milestone"
PAUSED_FOR = timedelta(days=9)
WHY_PAUSED = "The venue flooded. The new date is on the next agenda."
BOUNCES = "homes"  # nobody's demo account
ANSWER = "550 5.1.1 The e-mail account that you tried to reach does not exist"
CHOICES = {"midwifery": {"": Pace.WEEKLY, "event": Pace.OFF}, "youth-justice": {"meeting": Pace.OFF}}
OWN_DAYS = {"kind": "return", "steps": [-15, -5, -1, 2, 5], "chair_after": 5, "office_after": 8, "executive_after": 15}


def load_reminders(cast):
    """Through the commands that the pages use, by the office and by the people themselves."""
    today, office, partnership = cast.calendar.today, cast.holders["manager"], cast.partnerships[AV]
    due = deadlines(on=today, until=today, partnership_ids=[partnership.pk])
    late = [each for each in due if each.key.startswith(f"{PAUSED_KIND}:")]
    if late:
        at = cast.calendar.moment(today - timedelta(days=1), hour=11)
        pause(late[-1], recipient=None, until=today + PAUSED_FOR, reason=WHY_PAUSED, by=office, at=at)
    noticed_at = cast.calendar.moment(today - timedelta(days=3), hour=9, minute=4)
    email = cast.holders[BOUNCES].email
    record_bounce(email, is_permanent=True, answer=ANSWER, message=None, at=noticed_at)
    for post, paces in CHOICES.items():
        keep_paces(cast.holders[post], paces)
    ReminderPolicy.objects.create(partnership=partnership, **OWN_DAYS)
