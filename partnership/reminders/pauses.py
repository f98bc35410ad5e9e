"""What an office stops by hand: a deadline for a while, or one step to one person. Always with a reason."""

from django.db import connection, transaction
from django.utils import timezone

from partnership.models import Message, Reminder, ReminderPause
from partnership.reminders.agenda import agenda_of
from partnership.templatetags.components import long_date


class CannotPause(Exception):
    """The message says what is in the way and what to do."""


class CannotSkip(Exception):
    """The message says what is in the way."""


@transaction.atomic
def pause(deadline, *, recipient, until, reason, by, at):
    """Nobody (or ``recipient``, if not None) is told of ``deadline`` before ``until``; None: until it is lifted.

    Then they hear of it once, at the latest step that has come. A date that moves ends the pause: it is
    another date. Saying the same twice pauses once. Raises CannotPause.
    """
    on = timezone.localdate(at)
    if until is not None and until <= on:
        raise CannotPause("Enter a day after today, or leave it empty until you lift the pause")
    take_turns(deadline.key)
    paused = ReminderPause.objects.in_force(on=on).filter(
        deadline_key=deadline.key, due_on=deadline.due_on, recipient=recipient
    )
    standing = paused.select_related("made_by").first()
    if standing and standing.until == until:
        return standing
    if standing:
        words = f"until {long_date(standing.until)}" if standing.until else "until somebody lifts it"
        raise CannotPause(f"{standing.made_by} has paused it already, {words}. Lift that pause first")
    return ReminderPause.objects.create(
        deadline_key=deadline.key,
        due_on=deadline.due_on,
        recipient=recipient,
        until=until,
        reason=reason,
        made_by=by,
        made_at=at,
        title="" if deadline.is_restricted else deadline.title[:300],
        is_restricted=deadline.is_restricted,
        partnership_ids=sorted(deadline.partnership_ids),
    )


@transaction.atomic
def lift(pause, *, by, at):
    """They are told of it again, from the next turn on. Lifting it twice lifts it once."""
    pause = ReminderPause.objects.select_for_update(of=["self"], no_key=True).get(pk=pause.pk)
    if pause.lifted_at is None:
        pause.lifted_by, pause.lifted_at = by, at
        pause.save(update_fields=["lifted_by", "lifted_at"])
    return pause


@transaction.atomic
def skip(deadline_key, due_on, recipient, *, reason, by, on):
    """Leave out the one step at which ``recipient`` would be told on ``on``; the next one comes as usual.

    Gives the Reminder. Skipping twice skips once. Raises CannotSkip where nothing would be told, or where
    its message is leaving already.
    """
    take_turns(deadline_key)
    agenda = agenda_of({deadline_key}, on=on)
    telling = agenda.tellings.get((deadline_key, due_on, recipient.pk))
    if telling is None:
        raise CannotSkip(f"{recipient} would not be told of it on that day")
    if agenda.history.is_news(telling, on=on):
        row = telling.as_reminder(turn=agenda.history.turn_of(telling))
        Reminder.objects.bulk_create([row], ignore_conflicts=True)  # the loop may have planned it meanwhile
    rows = Reminder.objects.filter(deadline_key=deadline_key, due_on=due_on, recipient=recipient, rung=telling.rung)
    row = rows.select_related("recipient").order_by("step", "turn").last()
    if row.state == Reminder.State.SKIPPED:
        return row
    if row.state not in UNDER_WAY:
        raise CannotSkip(f"{recipient} has been told of it already")
    return skip_row(row, reason=reason, by=by)


UNDER_WAY = {Reminder.State.PLANNED, Reminder.State.BUNDLED}


def skip_row(row, *, reason, by):
    """A message that no worker has taken stays locked until this is committed, so none takes it meanwhile."""
    messages = Message.objects.filter(pk=row.message_id, state=Message.State.PLANNED)
    if row.message_id and not messages.select_for_update().exists():
        raise CannotSkip(f"The e-mail to {row.recipient} is on its way already")
    row.state, row.reason, row.skipped_by = Reminder.State.SKIPPED, reason, by
    row.save(update_fields=["state", "reason", "skipped_by"])
    return row


def take_turns(deadline_key):
    """Two who press at once are taken one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"reminders of {deadline_key}"])
