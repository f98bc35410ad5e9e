"""Whether a return may still be answered, and its row locked while something in it changes."""

from django.utils import timezone

from assurance.models import Return


class AlreadySubmitted(Exception):
    """The return was submitted, by this person or a colleague; nothing in it can change."""


class NoLongerOpen(Exception):
    """Its request is closed, and this organisation was given no more time."""


def takes_answers(record, *, on):
    """Whether ``record`` may still be answered on that day: its request is open, or its own time was extended."""
    request = record.request
    if record.withdrawn_at or record.submitted_at or request.sent_on is None:
        return False
    is_closed = request.closed_on is not None and request.closed_on <= on
    return not is_closed or (record.extended_to is not None and on <= record.extended_to)


def is_joined(record):
    """Whether it is answered in another return at this moment: once either is submitted, each stands by itself."""
    return record.answered_in_id is not None and record.submitted_at is None and record.answered_in.submitted_at is None


def locked_return(record):
    """``record`` as it is now; nobody else changes it before this transaction ends."""
    rows = Return.objects.select_for_update(of=["self"], no_key=True).select_related("request", "organisation")
    return rows.get(pk=record.pk)


def open_return(record, *, at):
    """``record`` locked, which takes answers at that moment. Raises AlreadySubmitted, NoLongerOpen."""
    record = locked_return(record)
    if record.submitted_at:
        raise AlreadySubmitted
    if not takes_answers(record, on=timezone.localdate(at)):
        raise NoLongerOpen
    return record
