"""Addresses from which mail comes back: nothing more goes there until an office says that they are right again."""

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Lower

from partnership.models import Bounce, Reminder


def bounced_addresses(emails):
    """Those of ``emails`` that send mail back for good, in lower case."""
    wanted = {email.lower() for email in emails}
    return set(
        Bounce.objects.standing()
        .annotate(address=Lower("email"))
        .filter(address__in=wanted)
        .values_list("address", flat=True)
    )


def bounced_at(email):
    """For a query: since when mail to the address in the column ``email`` comes back for good, or None."""
    standing = Bounce.objects.standing().alias(address=Lower("email")).filter(address=Lower(OuterRef(email)))
    return Subquery(standing.order_by("noticed_at").values("noticed_at")[:1])


@transaction.atomic
def record_bounce(email, *, is_permanent, answer, message, at):
    """Write down that a mail came back. Said again of the same address or message it changes nothing.

    ``message`` (or None) did not arrive: what it said counts as not told. An address that an office has
    cleared since that mail left stays cleared. Gives the new Bounce or None.
    """
    email = email.lower()
    if message:
        message_came_back(message, at=at)
    known = Bounce.objects.filter(email=email)
    cleared = known.filter(cleared_at__gt=message.accepted_at) if message and message.accepted_at else known.none()
    same = known.standing() if is_permanent else known.filter(is_permanent=False, message=message)
    if cleared.exists() or same.exists():
        return None
    return Bounce.objects.create(
        email=email, is_permanent=is_permanent, answer=answer[:2000], message=message, noticed_at=at
    )


def message_came_back(message, *, at):
    states = [Reminder.State.BUNDLED, Reminder.State.DONE, Reminder.State.HELD]
    if message.bounced_at is None:
        message.bounced_at = at
        message.save(update_fields=["bounced_at"])
    message.reminders.filter(state__in=states).update(
        state=Reminder.State.FAILED, reason="The mail came back from the address."
    )


def clear(bounce, *, by, at):
    """An office says that the address is right: reminders go there again."""
    bounce.cleared_at, bounce.cleared_by = at, by
    bounce.save(update_fields=["cleared_at", "cleared_by"])
