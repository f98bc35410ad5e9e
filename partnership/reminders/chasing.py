"""Reminders that somebody asks for."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from partnership.deadlines import with_people
from partnership.models import Message, Reminder
from partnership.reminders.agenda import Pauses, Telling, in_words
from partnership.reminders.hours import ROUND_THE_CLOCK, is_sending_time, next_sending_day
from partnership.reminders.paces import Pace, Paces
from partnership.reminders.policies import kind_of
from partnership.templatetags.components import long_date
from partnership.working_days import add_working_days, working_days_between


@dataclass(frozen=True)
class Chased:
    """What one press came to. Nobody is mailed twice on a day, whoever presses.

    ``told``: people whose mail leaves on ``day``; ``later``: (person, day, why not before) of those whose
    mail leaves on another; ``already``: (person, in words how they know) of those to whom none goes.
    ``unreached``: the ``Reach`` of each deadline with somebody to whom nothing can go.
    """

    day: object
    told: tuple
    later: tuple
    already: tuple
    unreached: tuple


@transaction.atomic
def chase(due, *, by, now, only=None):
    """Ask everybody for ``due`` (Deadlines), beside the usual steps; they hear of it in their next mail.

    ``only``: the (deadline key, person's key) pairs that are meant, if not all. This only writes in the
    ledger: the worker sends, whenever it next runs, and the usual promises hold.
    """
    today = timezone.localdate(now)
    day = today if is_sending_time(now) else next_sending_day(now)
    reaches = with_people(due, on=today)
    wanted = [
        Telling(reach.deadline, recipient, 0)
        for reach in reaches
        for recipient in reach.recipients
        if only is None or (reach.deadline.key, recipient.user.pk) in only
    ]
    ledger = Ledger(wanted, day=day)
    new, adopted, came_to = [], [], {}
    for telling in wanted:
        state, row = ledger.standing_of(telling)
        came_to.setdefault(telling.recipient.user, set()).add(state)
        if state in (TOLD, KNOWS_OF_OTHERS, NOT_THEIR_DAY) and row is not None:
            adopted.append(row.pk)
        elif state in (TOLD, KNOWS_OF_OTHERS, NOT_THEIR_DAY):
            step = working_days_between(telling.deadline.due_on, ledger.day_for(telling, state))
            asked = Telling(telling.deadline, telling.recipient, step)
            new.append(asked.as_reminder(turn=ledger.turn_of(asked), asked_by=by))
    Reminder.objects.bulk_create(new, ignore_conflicts=True)
    Reminder.objects.filter(pk__in=adopted, state=Reminder.State.PLANNED, asked_by=None).update(asked_by=by)
    told = [person for person, states in came_to.items() if TOLD in states]
    later = [person for person, states in came_to.items() if KNOWS_OF_OTHERS in states]
    already = [person for person, states in came_to.items() if not states & {TOLD, KNOWS_OF_OTHERS}]
    return Chased(
        day,
        tuple(told),
        tuple((person, ledger.next_day, ledger.words_of(person)) for person in later),
        tuple((person, ledger.words_of(person)) for person in already),
        tuple(reach for reach in reaches if reach.missing),
    )


# How it stands with one person and one deadline: a mail can leave on the day; today's has, about it or about others;
# they take no mail on that day of the week; the office has paused it.
TOLD, KNOWS, KNOWS_OF_OTHERS, NOT_THEIR_DAY, PAUSED = "told", "knows", "knows of others", "not their day", "paused"


class Ledger:
    """What the ledger and people's own choices say of ``tellings`` on a day, in five queries."""

    def __init__(self, tellings, *, day):
        self.day, self.next_day = day, add_working_days(day, 1)
        if settings.REMINDER_HOURS == ROUND_THE_CLOCK:
            self.next_day = day + timedelta(days=1)
        people = {telling.recipient.user.pk for telling in tellings}
        self.messages = {each.recipient_id: each for each in Message.objects.filter(day=day, recipient__in=people)}
        keys = {telling.deadline.key for telling in tellings}
        self.rows = defaultdict(list)
        known = Reminder.objects.filter(deadline_key__in=keys, recipient__in=people)
        for row in known.select_related("asked_by").order_by("step", "turn"):
            self.rows[row.deadline_key, row.due_on, row.recipient_id].append(row)
        self.askers = {}
        self.paces = Paces.read(people)
        self.pauses = Pauses.in_force(on=day, keys=keys)
        self.paused = {}

    def standing_of(self, telling):
        """(TOLD, KNOWS or KNOWS_OF_OTHERS, the row that is planned already if there is one)."""
        person = telling.recipient.user.pk
        message, rows = self.messages.get(person), self.rows[telling.identity]
        planned = next((row for row in rows if row.state == Reminder.State.PLANNED), None)
        if pause := self.pauses.of(*telling.identity):
            self.paused[person] = pause
            return PAUSED, None
        if planned and planned.asked_by_id:
            self.askers[person] = planned.asked_by
            return KNOWS, planned
        if message and any(row.message_id == message.pk and row.state in IN_A_MAIL for row in rows):
            return KNOWS, None
        if not self.paces.hours_of(person).is_their_day(self.day):
            return NOT_THEIR_DAY, planned
        at_once = self.paces.of(telling.recipient.user, kind_of(telling.deadline.key)) == Pace.AT_ONCE
        return (KNOWS_OF_OTHERS if message and not at_once else TOLD), planned

    def day_for(self, telling, state):
        """The day on which it leaves."""
        hours = self.paces.hours_of(telling.recipient.user.pk)
        return hours.next_day(self.next_day if state == KNOWS_OF_OTHERS else self.day)

    def turn_of(self, telling):
        turns = [row.turn for row in self.rows[telling.identity] if row.step == telling.step]
        return max(turns, default=-1) + 1

    def words_of(self, person):
        """How this person stands with the day's mail, after their name."""
        message = self.messages.get(person.pk)
        if person.pk in self.askers:
            return f"is being told already: {self.askers[person.pk]} asked"
        if person.pk in self.paused:
            return f"is not told for now: {in_words(self.paused[person.pk])}"
        if message is None:
            leaves_on = self.paces.hours_of(person.pk).next_day(self.day)
            return f"takes no mail on that day of the week: it leaves on {long_date(leaves_on)}"
        if message.state == Message.State.ACCEPTED:
            at = timezone.localtime(message.accepted_at)
            return f"was told today at {at.hour}:{at:%M}"
        if message.state == Message.State.FAILED:
            return "could not be told today: the mail server refused the address"
        if message.state == Message.State.HELD:
            return "was sent a mail today that may not have arrived"
        if message.state == Message.State.WITHDRAWN:
            return "had nothing due any more when today’s mail was to leave"
        return "has today’s mail on its way"


IN_A_MAIL = {Reminder.State.BUNDLED, Reminder.State.DONE, Reminder.State.HELD}
