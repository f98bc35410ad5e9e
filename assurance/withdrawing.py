"""A request that was sent is taken back from everybody, and organisations hear that they are not asked any more.

What was submitted is kept, and what others wrote stays their own. A mail goes at least once: a worker killed between
the mail and its note sends it again.
"""

from datetime import timedelta

import pghistory
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from assurance.joining import separate
from assurance.models import Return
from assurance.requests import locked, withdraw
from partnership.deadlines import Owner, People
from partnership.reminders.mails import AUTOMATIC

NEWS = timedelta(days=1)  # what is older is told to nobody: the mails were off, and mails of old things mislead


@transaction.atomic
def withdraw_request(request, *, because, by, at):
    """Ask nobody for it any more, and say why; whether it was this call. Where it was not sent nothing happens.

    An answer to another request that is written in one of its returns goes to the return of that other request.
    """
    request = locked(request)
    if request.withdrawn_at or not request.sent_on:
        return False
    drafts = request.returns.filter(submitted_at=None, withdrawn_at=None)
    there = Return.objects.select_for_update(of=["self"], no_key=True).select_related("request", "organisation")
    both = there.filter(pk__in=drafts.values("pk")) | there.filter(answered_in__in=drafts, submitted_at=None)
    found = {record.pk: record for record in both.order_by("pk")}
    for other in found.values():
        if other.answered_in_id in found and found[other.answered_in_id].request_id == request.pk:
            separate(found[other.answered_in_id], other)
    for record in found.values():
        if record.request_id == request.pk:
            withdraw(record, because=because, by=by, at=at)
    request.closed_on = request.closed_on or timezone.localdate(at)
    request.withdrawn_at, request.withdrawn_because = at, because
    with pghistory.context(user=by.pk, reason=because):
        request.save(update_fields=["closed_on", "withdrawn_at", "withdrawn_because"])
    return True


def tell_withdrawn(*, at):
    """Mail the people of organisations that are not asked any more, once each; how many mails left."""
    waiting = Return.objects.withdrawn_since(at - NEWS).filter(withdrawal_told_at=None)
    count = 0
    for key in waiting.order_by("withdrawn_at", "pk").values_list("pk", flat=True):
        with transaction.atomic():
            record = waiting.select_for_update(skip_locked=True, of=["self"]).filter(pk=key).first()
            if record:
                count += _tell(record, at=at)
    return count


def settle_notices(*, at):
    """Take those that wait for told; how many. For a database that was put back from a backup."""
    waiting = Return.objects.withdrawn_since(at - NEWS).filter(withdrawal_told_at=None)
    return Return.objects.filter(pk__in=waiting.values("pk")).update(withdrawal_told_at=at)


def _tell(record, *, at):
    owner = Owner(record.organisation.name, organisation_id=record.organisation_id)
    told, _absent = People({owner}, on=timezone.localdate(at)).behind(owner)
    words = {
        "record": record,
        "partnerships": [each.name for each in record.request.partnerships.all()],
        "address": settings.SITE_URL + record.get_absolute_url(),
    }
    for recipient in told:
        body = render_to_string("emails/return_withdrawn.txt", words | {"reader": recipient.user})
        subject = f"No longer asked: {record.request.title}"
        EmailMessage(subject, body.strip() + "\n", to=[recipient.user.email], headers=AUTOMATIC).send()
    record.withdrawal_told_at = at
    record.save(update_fields=["withdrawal_told_at"])
    return len(told)
