"""Reminders: each deadline's people are told on certain days, once, whatever dies in between.

The ledger is in PostgreSQL; Celery only wakes this loop, and the loop may run twice, in several
workers at once, and after any crash:

1. *plan*: who is to be told of what today. A row for each deadline, day, step and person is unique.
2. *bundle*: everything for one person into one message a day. Its key is unique too.
3. *claim*: one worker takes a message, for the length of a lease, with a number that only grows.
4. *submit*: say in the ledger, and commit, that the message is about to leave. Then let it leave.
5. *accept*: the mail server took it. Whoever no longer holds the claim changes nothing.
6. *recover*: what a dead worker had only claimed goes back; what it was just handing over may or
   may not have left, so it is held for a person to see, never sent again by itself.

Between a mail server's yes and our commit lies a gap that nobody can close. What we promise: nobody
gets the same message twice, and every doubtful one is listed for the office.
"""

import hashlib
import logging
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.module_loading import import_string

from partnership.deadlines import deadlines, deadlines_of, with_people
from partnership.models import Message, Partnership, Reminder, ReminderPolicy
from partnership.models.people import read_standing
from partnership.working_days import (
    add_working_days,
    is_working_day,
    this_or_next_working_day,
    working_days_between,
)

logger = logging.getLogger(__name__)

USUAL_STEPS = (-5, -1, 1, 5)  # working days from the due date; a ReminderPolicy overrides them
LEASE = timedelta(minutes=5)
SECONDS_FOR_A_MAIL = 30  # a mail server that takes longer has left us in doubt; far below the lease
SECONDS_FOR_A_RUN = 120  # then the next run goes on; far below CELERY_TASK_TIME_LIMIT
MINUTES_BEFORE_ANOTHER_TRY = (1, 2, 5, 10, 30, 60, 120)

ROUND_THE_CLOCK = (0, 24)


def send_reminders(*, on, now):
    """One turn of the whole loop on a local day; how many messages a mail server accepted."""
    recover()
    if not is_sending_time(now):
        return 0
    with transaction.atomic():
        plan_and_bundle(agenda(on=on), on=on)
    return hand_over_waiting(on=on)


def is_sending_time(now):
    """Working days within ``settings.REMINDER_HOURS``; (0, 24) means always, weekends too."""
    if settings.REMINDER_HOURS == ROUND_THE_CLOCK:
        return True
    local = timezone.localtime(now)
    first, last = settings.REMINDER_HOURS
    return is_working_day(local.date()) and first <= local.hour < last


def next_sending_day(now):
    """The day on which reminders next begin to go out: today's, if its hours have not begun."""
    local = timezone.localtime(now)
    today, tomorrow = local.date(), local.date() + timedelta(days=1)
    if settings.REMINDER_HOURS == ROUND_THE_CLOCK:
        return tomorrow
    if is_working_day(today) and local.hour < settings.REMINDER_HOURS[0]:
        return today
    return this_or_next_working_day(tomorrow)


# 1 and 2: what is to be said today, to whom


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


def plan_and_bundle(agenda, *, on):
    """Write the agenda into the ledger, once: planned reminders, put together in waiting messages."""
    plan(agenda, on=on)
    drop_stale(agenda)
    bundle(agenda, on=on)


def plan(agenda, *, on):
    """A row for each telling that has none yet. Another planner's row for the same stands."""
    latest = {}
    known = Reminder.objects.filter(deadline_key__in={key for key, _, _ in agenda.tellings}).order_by("step", "turn")
    for reminder in known.select_related("message"):
        identity = (reminder.deadline_key, reminder.due_on, reminder.recipient_id)
        latest[identity] = reminder
    new, revived = [], []
    for identity, telling in agenda.tellings.items():
        before = latest.get(identity)
        if before is None or before.step < telling.step:
            new.append(telling.as_reminder(turn=0))
        elif before.state == Reminder.State.SUPPRESSED:
            revived.append(before.pk)
        elif before.state == Reminder.State.HELD and before.message.day < on:
            new.append(telling.as_reminder(turn=before.turn + 1))
    Reminder.objects.bulk_create(new, ignore_conflicts=True)
    Reminder.objects.filter(pk__in=revived, state=Reminder.State.SUPPRESSED).update(
        state=Reminder.State.PLANNED, reason="", message=None
    )


def drop_stale(agenda):
    """Planned reminders that are no longer wanted are kept, with the reason why they were not sent."""
    planned = Reminder.objects.filter(state=Reminder.State.PLANNED)
    if agenda.partnership_ids is not None:
        planned = planned.filter(partnership_ids__overlap=list(agenda.partnership_ids))
    overtaken, gone = [], []
    for reminder in planned:
        identity = (reminder.deadline_key, reminder.due_on, reminder.recipient_id)
        telling = agenda.tellings.get(identity)
        if telling is None:
            gone.append(reminder.pk)
        elif telling.step > reminder.step:
            overtaken.append(reminder.pk)
    suppress_reminders(overtaken, "A later reminder took its place.")
    suppress_reminders(gone, "Done, moved, or no longer theirs.")


def suppress_reminders(pks, reason):
    Reminder.objects.filter(pk__in=pks, state__in=[Reminder.State.PLANNED, Reminder.State.BUNDLED]).update(
        state=Reminder.State.SUPPRESSED, reason=reason
    )


def bundle(agenda, *, on):
    """One message for each person with something planned, unless they have had today's already."""
    people = {recipient for _, _, recipient in agenda.tellings}
    planned = Reminder.objects.filter(state=Reminder.State.PLANNED, recipient__in=people)
    messages = [
        Message(idem_key=idem_key(recipient, on), recipient_id=recipient, day=on)
        for recipient in sorted(set(planned.values_list("recipient", flat=True)))
    ]
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    ours = Message.objects.filter(pk__in=[message.pk for message in messages])
    theirs = ours.filter(recipient=OuterRef("recipient")).values("pk")
    planned.filter(recipient__in=ours.values("recipient")).update(
        state=Reminder.State.BUNDLED, message=Subquery(theirs)
    )


# Asked for by a person


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
        if state in (TOLD, KNOWS_OF_OTHERS) and row is not None:
            adopted.append(row.pk)
        elif state in (TOLD, KNOWS_OF_OTHERS):
            leaves_on = day if state == TOLD else ledger.next_day
            step = working_days_between(telling.deadline.due_on, leaves_on)
            asked = Telling(telling.deadline, telling.recipient, step)
            new.append(asked.as_reminder(turn=ledger.turn_of(asked), asked_by=by))
    Reminder.objects.bulk_create(new, ignore_conflicts=True)
    Reminder.objects.filter(pk__in=adopted, state=Reminder.State.PLANNED, asked_by=None).update(asked_by=by)
    told = [person for person, states in came_to.items() if TOLD in states]
    later = [person for person, states in came_to.items() if KNOWS_OF_OTHERS in states]
    already = [person for person, states in came_to.items() if states == {KNOWS}]
    return Chased(
        day,
        tuple(told),
        tuple((person, ledger.next_day, ledger.words_of(person)) for person in later),
        tuple((person, ledger.words_of(person)) for person in already),
        tuple(reach for reach in reaches if reach.missing),
    )


# How it stands with one person and one deadline: a mail can leave on the day; today's has, about it or about others.
TOLD, KNOWS, KNOWS_OF_OTHERS = "told", "knows", "knows of others"


class Ledger:
    """What the ledger says of ``tellings`` on a day, in two queries."""

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

    def standing_of(self, telling):
        """(TOLD, KNOWS or KNOWS_OF_OTHERS, the row that is planned already if there is one)."""
        person = telling.recipient.user.pk
        message, rows = self.messages.get(person), self.rows[telling.identity]
        planned = next((row for row in rows if row.state == Reminder.State.PLANNED), None)
        if planned and planned.asked_by_id:
            self.askers[person] = planned.asked_by
            return KNOWS, planned
        if message and any(row.message_id == message.pk and row.state in IN_A_MAIL for row in rows):
            return KNOWS, None
        return (KNOWS_OF_OTHERS if message else TOLD), planned

    def turn_of(self, telling):
        turns = [row.turn for row in self.rows[telling.identity] if row.step == telling.step]
        return max(turns, default=-1) + 1

    def words_of(self, person):
        """How this person stands with the day's mail, after their name."""
        message = self.messages.get(person.pk)
        if person.pk in self.askers:
            return f"is being told already: {self.askers[person.pk]} asked"
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


def idem_key(recipient, on, slot="digest"):
    """The same for the same person, day and slot, in whichever process it is made."""
    return hashlib.sha256(f"{recipient}|{on.isoformat()}|{slot}".encode()).hexdigest()


# 3 to 5: out of the house


def hand_over_waiting(*, on):
    """Claim and hand over one message after another; how many were accepted."""
    accepted = 0
    stop_at = time.monotonic() + SECONDS_FOR_A_RUN
    while time.monotonic() < stop_at:
        message = claim()
        if message is None:
            break
        accepted += hand_over(message, on=on)
    return accepted


@transaction.atomic(durable=True)
def claim():
    """Take one waiting message for the length of a lease, or None. No two workers get the same."""
    message = Message.objects.waiting().select_for_update(skip_locked=True).first()
    if message is None:
        return None
    message.fence += 1
    message.state = Message.State.CLAIMED
    message.lease_until = Now() + LEASE
    message.save(update_fields=["fence", "state", "lease_until"])
    return message


def hand_over(message, *, on):
    """Write the mail, say that it is about to leave, let it leave; whether it was accepted.

    Until ``mark_submitting`` nothing has left, so any trouble is harmless. After it, only a mail
    server's own refusal says that nothing was taken; everything else leaves us in doubt.
    """
    mail, left_out = write(message, on=on)
    if mail is None:
        withdraw(message)
        return False
    connection = get_connection(timeout=SECONDS_FOR_A_MAIL)
    try:
        connection.open()
    except OSError as trouble:
        try_later(message, trouble)
        return False
    try:
        return mark_submitting(message, left_out) and submit(message, mail, connection)
    finally:
        with suppress(OSError):
            connection.close()


def submit(message, mail, connection):
    """The one call that cannot be taken back, and what its answer means."""
    try:
        taken = connection.send_messages([mail])
    except (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError) as refusal:
        refused(message, refusal)
        return False
    except Exception as trouble:
        logger.exception("Message %s may or may not have been sent", message.pk)
        hold(still_ours(message), trouble)
        return False
    if not taken:
        with transaction.atomic(durable=True):
            give_up(message, "The mail server was given nobody to send to.")
        return False
    return accept(message)


def still_ours(message):
    """The message, if our claim on it still stands: everything we write goes through this."""
    return Message.objects.filter(pk=message.pk, fence=message.fence)


@transaction.atomic(durable=True)
def mark_submitting(message, left_out):
    """Commit that the message is about to leave. False where another worker has it by now."""
    is_ours = (
        still_ours(message)
        .filter(state=Message.State.CLAIMED, lease_until__gt=Now())
        .update(state=Message.State.SUBMITTING, lease_until=Now() + LEASE)
    )
    if is_ours:
        suppress_reminders(left_out, "Done, moved, or no longer theirs.")
    return bool(is_ours)


@transaction.atomic(durable=True)
def accept(message):
    """The mail server took it. True unless the claim is lost; the truth may come after the lease."""
    states = [Message.State.SUBMITTING, Message.State.HELD]
    is_ours = (
        still_ours(message)
        .filter(state__in=states)
        .update(state=Message.State.ACCEPTED, accepted_at=Now(), lease_until=None, last_answer="Accepted")
    )
    if is_ours:
        message.reminders.filter(state__in=[Reminder.State.BUNDLED, Reminder.State.HELD]).update(
            state=Reminder.State.DONE
        )
    return bool(is_ours)


@transaction.atomic(durable=True)
def withdraw(message):
    """Nothing of it is due any more."""
    if still_ours(message).update(state=Message.State.WITHDRAWN, lease_until=None):
        suppress_reminders(message.reminders.values("pk"), "Done, moved, or no longer theirs.")


@transaction.atomic(durable=True)
def try_later(message, trouble):
    """Nothing left the house: again after a pause that grows, and at last not at all."""
    if message.attempt_count == len(MINUTES_BEFORE_ANOTHER_TRY):
        give_up(message, trouble)
        return
    pause = timedelta(minutes=MINUTES_BEFORE_ANOTHER_TRY[message.attempt_count])
    still_ours(message).update(
        state=Message.State.PLANNED,
        lease_until=None,
        attempt_count=F("attempt_count") + 1,
        send_after=Now() + pause,
        last_answer=str(trouble)[:1000],
    )


def refused(message, refusal):
    """A refusal with 4xx may pass; one with 5xx is the server's last word on this address."""
    codes = (
        [code for code, _ in refusal.recipients.values()]
        if isinstance(refusal, SMTPRecipientsRefused)
        else [refusal.smtp_code]
    )
    if all(400 <= code < 500 for code in codes):
        try_later(message, refusal)
    else:
        with transaction.atomic(durable=True):
            give_up(message, refusal)


def give_up(message, trouble):
    """The office is told that this person was not reminded."""
    answer = str(trouble)[:1000]
    if still_ours(message).update(state=Message.State.FAILED, lease_until=None, last_answer=answer):
        message.reminders.filter(state=Reminder.State.BUNDLED).update(state=Reminder.State.FAILED, reason=answer[:200])


# 6: what a dead worker left


def recover():
    """Give back what was only claimed; hold what was leaving when its worker fell silent."""
    stale = Message.objects.lease_over()
    stale.filter(state=Message.State.CLAIMED).update(state=Message.State.PLANNED, lease_until=None)
    hold(stale.filter(state=Message.State.SUBMITTING), "The worker stopped while sending.")


@transaction.atomic(durable=True)
def hold(messages, trouble):
    """Nobody knows whether these arrived. Not sent again; tomorrow's digest says what is still due."""
    pks = list(
        messages.filter(state=Message.State.SUBMITTING).select_for_update(skip_locked=True).values_list("pk", flat=True)
    )
    Message.objects.filter(pk__in=pks).update(
        state=Message.State.HELD, lease_until=None, last_answer=str(trouble)[:1000]
    )
    Reminder.objects.filter(message__in=pks, state=Reminder.State.BUNDLED).update(state=Reminder.State.HELD)


# The mail


def write(message, *, on):
    """The mail with what is still due from its reader, and the reminders that have nothing to say.

    Asked of the deadlines again, because hours may have gone by since the message was put together:
    still due on that day, still theirs, still allowed to know. (None, …) where nothing is left.
    """
    reader = message.recipient
    due = {}
    if reader.is_active and reader.email:
        standing = read_standing(reader, on=on)
        due = {(each.key, each.due_on): each for each in deadlines_of(standing, on=on)}
    items, left_out = [], []
    for reminder in message.reminders.filter(state=Reminder.State.BUNDLED).select_related("asked_by"):
        deadline = due.get((reminder.deadline_key, reminder.due_on))
        if deadline:
            items.append(Item(deadline, reminder.why, reminder.asked_by))
        else:
            left_out.append(reminder.pk)
    return (mail_of(message, items, on=on) if items else None), left_out


@dataclass(frozen=True)
class Item:
    """One deadline as a mail speaks of it."""

    deadline: object
    why: str
    asked_by: object = None

    @property
    def address(self):
        return settings.SITE_URL + self.deadline.url


def mail_of(message, items, *, on):
    """A digest in plain text: what somebody asks for, late things, others; each with date and address, no tracking.

    Of restricted deadlines it says only, in words that are always the same, that there is something;
    neither the subject nor any count gives them away.
    """
    plain = [item for item in items if not item.deadline.is_restricted]
    usual = [item for item in plain if not item.asked_by]
    ids = {pk for item in plain for pk in item.deadline.partnership_ids}
    offices = Partnership.objects.filter(pk__in=ids).exclude(office_email="")
    body = render_to_string(
        "emails/reminders.txt",
        {
            "reader": message.recipient,
            "opening": opening_of(len(plain)),
            "links": links_for(message.recipient, [item.deadline for item in plain]),
            "asked": [(item, item.deadline.is_late(on=on)) for item in plain if item.asked_by],
            "late": [item for item in usual if item.deadline.is_late(on=on)],
            "coming": [item for item in usual if not item.deadline.is_late(on=on)],
            "has_restricted": len(plain) < len(items),
            "offices": sorted(set(offices.values_list("office_email", flat=True))),
            "site": settings.SITE_URL,
            "on": on,
        },
    )
    return EmailMessage(
        subject=subject_of(plain, on=on),
        body=body.strip() + "\n",
        to=[message.recipient.email],
        headers={
            "Message-ID": f"<{message.idem_key}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )


def links_for(reader, due):
    """What apps above say in the mail before its list: see ``settings.MAIL_LINKS``. Never of a restricted deadline."""
    now = timezone.now()
    words = [import_string(name)(reader, due, at=now) for name in settings.MAIL_LINKS]
    return [each for each in words if each]


COUNTS = ("Something is", "One thing is", "Two things are", "Three things are", "Four things are")


def opening_of(count):
    start = COUNTS[count] if count < len(COUNTS) else f"{count} things are"
    return f"{start} due from you"


def subject_of(plain, *, on):
    """ "Two things are due from you, the first by 22 January 2027"; of restricted ones not a word."""
    if not plain:
        return opening_of(0)
    due_on = min(item.deadline.due_on for item in plain)
    first = " " if len(plain) == 1 else ", the first "
    by = "since" if due_on < on else "by"
    return f"{opening_of(len(plain))}{first}{by} {date_format(due_on, 'j F Y')}"


# What the office may see beforehand


@dataclass(frozen=True)
class Preview:
    """``people``: (person, their reminders) pairs; ``unreached``: deadlines with somebody to whom none goes."""

    day: object
    people: tuple
    unreached: tuple


def who_will_be_told(user, *, on):
    """Whom ``send_reminders`` would tell on a day if nothing changed, of ``user``'s partnerships.

    The very same planning, undone again: so what is shown is what is sent.
    """
    standing = user.standing
    with transaction.atomic():
        wanted = agenda(on=on, standing=standing, partnership_ids=standing.office_ids)
        plan_and_bundle(wanted, on=on)
        told = list(
            Reminder.objects.visible_to(user)
            .filter(state=Reminder.State.BUNDLED, message__day=on)
            .select_related("recipient", "asked_by")
            .order_by("recipient__name", "recipient", "due_on", "deadline_key")
        )
        transaction.set_rollback(True)
    people = {}
    for reminder in told:
        people.setdefault(reminder.recipient, []).append(reminder)
    return Preview(on, tuple(people.items()), wanted.unreached)
