"""The agenda of a day written down, once, and put together in one message for each person."""

import hashlib

from django.db.models import OuterRef, Subquery

from partnership.models import Message, Reminder


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


def idem_key(recipient, on, slot="digest"):
    """The same for the same person, day and slot, in whichever process it is made."""
    return hashlib.sha256(f"{recipient}|{on.isoformat()}|{slot}".encode()).hexdigest()
