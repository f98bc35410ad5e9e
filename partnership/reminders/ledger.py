"""The agenda of a day written down, once, and put together in one message for each person."""

import hashlib
from collections import defaultdict

from django.db import connection
from django.db.models import OuterRef, Subquery

from partnership.models import Message, Reminder
from partnership.reminders.agenda import GONE, Planner
from partnership.reminders.paces import Pace, Paces
from partnership.reminders.policies import kind_of

State = Reminder.State

ROWS_AT_A_TIME = 500  # each writes its history too; far below the statement timeout


def in_parts(rows):
    return (rows[start : start + ROWS_AT_A_TIME] for start in range(0, len(rows), ROWS_AT_A_TIME))


def plan_and_bundle(agenda, *, on, now=None):
    """Write an agenda into the ledger, once: planned reminders, put together in waiting messages.

    ``now`` None: whatever hours people keep, as for a whole day.
    """
    turn = Turn(on=on, partnership_ids=agenda.partnership_ids, keys=agenda.keys)
    turn.write(agenda)
    turn.drop_stale()
    people = {recipient for _, _, recipient in agenda.tellings}
    bundle(on=on, now=now, waiting=turn.waiting, people=people)


def plan_day(*, on, now):
    """The same for everything that is due on a day, part by part; gives the ``Turn``. Needs a transaction.

    None where another worker is at it: two would write the same rows and wait for each other.
    """
    if not is_our_turn():
        return None
    planner = Planner(on=on)
    turn = Turn(on=on)
    for agenda in planner.agendas():
        turn.write(agenda)
        del agenda  # before the next part is read
    turn.drop_stale()
    bundle(on=on, now=now, waiting=turn.waiting)
    planner.planned_days.planned(on)
    return turn


def is_our_turn():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('reminders are planned'))")
        return cursor.fetchone()[0]


class Turn:
    """One planning of a day: what was planned before and whether it is still wanted.

    ``waiting``: keys of planned reminders that go out on a later day. ``came_to``: {(state of the reminder, state
    of its message): how many} of what was said on an earlier turn; ``open``: the other tellings, by identity.
    """

    def __init__(self, *, on, partnership_ids=None, keys=None):
        self.on = on
        planned = Reminder.objects.filter(state=State.PLANNED)
        if partnership_ids is not None:
            planned = planned.filter(partnership_ids__overlap=list(partnership_ids))
        if keys is not None:
            planned = planned.filter(deadline_key__in=keys)
        self.planned = defaultdict(list)
        for pk, key, due_on, person, step in planned.values_list("pk", "deadline_key", "due_on", "recipient", "step"):
            self.planned[key, due_on, person].append((pk, step))
        self.reasons = {}
        self.waiting = set()
        self.came_to = defaultdict(int)
        self.open = {}

    def write(self, agenda):
        plan(agenda, on=self.on)
        self._count(agenda)
        if not self.planned:
            return
        for identity, telling in agenda.tellings.items():
            for pk, step in self.planned.pop(identity, ()):
                if step < telling.step:
                    self.reasons[pk] = "A later reminder took its place."
        for telling, why, waits in agenda.withheld:
            for pk, step in self.planned.pop(telling.identity, ()):
                if not waits:
                    self.reasons[pk] = why
                elif step < telling.step:
                    self.reasons[pk] = "A later reminder takes its place."
                else:
                    self.waiting.add(pk)
        self._say_why(agenda)

    def _say_why(self, agenda):
        """Of what is still due but is no longer asked of somebody: whether its date moved or its people did."""
        due_days = {deadline.key: deadline.due_on for deadline in agenda.due}
        for (key, due_on, _person), rows in self.planned.items():
            if key in due_days:
                moved = due_days[key] != due_on
                why = "Its date was moved." if moved else "It is no longer theirs, or no longer told on these days."
                self.reasons |= {pk: why for pk, _step in rows}

    def _count(self, agenda):
        for identity, telling in agenda.tellings.items():
            before = agenda.history.before(telling)
            if agenda.history.is_news(telling, on=self.on) or before.state in (State.PLANNED, State.BUNDLED):
                self.open[identity] = telling
            else:
                self.came_to[before.state, before.message_state] += 1

    def drop_stale(self):
        """Planned reminders that are no longer wanted are kept, with the reason why they were not sent."""
        gone = [pk for rows in self.planned.values() for pk, _step in rows]
        by_reason = defaultdict(list)
        for pk, reason in ({pk: GONE for pk in gone} | self.reasons).items():
            by_reason[reason].append(pk)
        for reason, pks in by_reason.items():
            for some in in_parts(pks):
                suppress_reminders(some, reason)


def plan(agenda, *, on):
    """A row for each telling that has none yet. Another planner's row for the same stands."""
    history, new, revived = agenda.history, [], []
    for telling in agenda.tellings.values():
        if not history.is_news(telling, on=on):
            continue
        before = history.before(telling)
        if before and before.state == State.SUPPRESSED and before.step >= telling.step:
            revived.append(before.pk)
        else:
            new.append(telling.as_reminder(turn=history.turn_of(telling)))
            new += passed_over(telling, history)
    Reminder.objects.bulk_create(new, ignore_conflicts=True, batch_size=ROWS_AT_A_TIME)
    for some in in_parts(revived):
        Reminder.objects.filter(pk__in=some, state=State.SUPPRESSED).update(
            state=State.PLANNED, reason="", message=None
        )


def passed_over(telling, history):
    """Rows for the steps whose day passed while nothing ran, so that it can be seen why nobody heard at them."""
    known = {row.step for row in history.of_person(telling)}
    for step in telling.missed:
        if step not in known:
            row = telling.as_reminder(turn=0)
            row.step, row.state, row.reason = step, State.SUPPRESSED, PASSED_OVER
            yield row


PASSED_OVER = "Its day passed before it could be sent; a later reminder took its place."


def suppress_reminders(pks, reason):
    Reminder.objects.filter(pk__in=pks, state__in=[State.PLANNED, State.BUNDLED]).update(
        state=State.SUPPRESSED, reason=reason[:200]
    )


def bundle(*, on, now=None, waiting=(), people=None):
    """One message for each person with something planned, unless they have had today's already.

    Who wants to hear of something at once is then sent a message of its own. ``waiting`` is left; so is what is
    for people whose hours have not come by ``now``, or are over, and for those of whom an earlier day's message is
    not settled by then: what it does not get to say belongs into today's, and there is no second one today.
    """
    planned = Reminder.objects.filter(state=State.PLANNED).exclude(pk__in=waiting)
    if people is not None:
        planned = planned.filter(recipient__in=people)
    recipients = sorted(set(planned.values_list("recipient", flat=True)))
    paces = Paces.read(recipients)
    if now is not None:
        unsettled = recipients_of_unsettled(before=on)
        recipients = [each for each in recipients if each not in unsettled and paces.hours_of(each).is_their_hour(now)]
    for some in in_parts(recipients):
        bundle_digests(planned, some, on=on)
    if hasty := paces.at_once & set(recipients):
        bundle_at_once(planned.filter(recipient__in=hasty), paces, on=on)


def recipients_of_unsettled(*, before):
    """Keys of those for whom a message of a day ``before`` this still waits, or is with a worker."""
    states = [Message.State.PLANNED, Message.State.CLAIMED, Message.State.SUBMITTING]
    return set(Message.objects.filter(state__in=states, day__lt=before).values_list("recipient", flat=True))


def bundle_digests(planned, recipients, *, on):
    messages = [Message(idem_key=idem_key(each, on), recipient_id=each, day=on) for each in recipients]
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    ours = Message.objects.filter(pk__in=[message.pk for message in messages])
    theirs = ours.filter(recipient=OuterRef("recipient")).values("pk")
    planned.filter(recipient__in=ours.values("recipient")).update(state=State.BUNDLED, message=Subquery(theirs))


def bundle_at_once(planned, paces, *, on):
    """A message for each of what is left of ``planned`` that its reader does not want to wait for."""
    messages = {}
    for reminder in planned.select_related("recipient"):
        if paces.of(reminder.recipient, kind_of(reminder.deadline_key)) == Pace.AT_ONCE:
            slot = f"at-once-{reminder.pk}"
            key = idem_key(reminder.recipient_id, on, slot)
            messages[reminder.pk] = Message(idem_key=key, recipient=reminder.recipient, day=on, slot=slot)
    Message.objects.bulk_create(messages.values(), ignore_conflicts=True)
    ours = set(Message.objects.filter(pk__in=[each.pk for each in messages.values()]).values_list("pk", flat=True))
    for pk, message in messages.items():
        if message.pk in ours:
            Reminder.objects.filter(pk=pk, state=State.PLANNED).update(state=State.BUNDLED, message=message)


def idem_key(recipient, on, slot="digest"):
    """The same for the same person, day and slot, in whichever process it is made."""
    return hashlib.sha256(f"{recipient}|{on.isoformat()}|{slot}".encode()).hexdigest()
