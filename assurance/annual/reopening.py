"""A consultation that was closed is opened again, with a reason, and those who were asked are told.

A mail goes at least once: a worker killed between the mails and their note sends them again.
"""

from datetime import timedelta

import pghistory
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from assurance.annual.consulting import locked
from assurance.models import AnnualReport, ReportConsultation
from partnership.deadlines import Owner, People
from partnership.models import Membership
from partnership.refusals import NotNow
from partnership.reminders.mails import AUTOMATIC

NEWS = timedelta(days=1)  # what is older is told to nobody: the mails were off, and mails of old things mislead


@transaction.atomic
def reopen_consultation(consultation, *, because, closes_on, by, at):
    """Take comments again until another day; what everybody has read stays for all to read.

    Pressed twice it is opened once. Raises NotNow where it is open, or the report is published.
    """
    if AnnualReport.objects.select_for_update(of=["self"], no_key=True).get(pk=consultation.report_id).is_published:
        raise NotNow("This report is published. Nobody is asked about it any more.")
    consultation = locked(consultation)
    if consultation.closed_at is None:
        if (consultation.reopened_because, consultation.closes_on) == (because, closes_on):
            return consultation
        raise NotNow("This consultation is open already. Change its last day instead.")
    consultation.closed_at, consultation.closes_on = None, closes_on
    consultation.reopened_at, consultation.reopened_by, consultation.reopened_because = at, by, because
    consultation.told_reopened_at = None
    with pghistory.context(user=by.pk, reason=because):
        consultation.save()
    return consultation


# Telling


def waiting_to_be_told(*, at):
    return ReportConsultation.objects.filter(
        closed_at=None, reopened_at__gt=at - NEWS, told_reopened_at=None, audience=ReportConsultation.Audience.MEMBERS
    )


def settle_notices(*, at):
    """Take those that wait for told; how many. For a database that was put back from a backup."""
    return waiting_to_be_told(at=at).update(told_reopened_at=at)


def tell_reopened(*, at):
    """Mail the people of every member that is asked again, once each; how many mails left."""
    waiting = waiting_to_be_told(at=at)
    count = 0
    for key in waiting.order_by("reopened_at", "pk").values_list("pk", flat=True):
        with transaction.atomic():
            rows = waiting.select_for_update(skip_locked=True, of=["self"]).select_related("report")
            consultation = rows.filter(pk=key).first()
            if consultation:
                count += _tell(consultation, at=at)
    return count


def _tell(consultation, *, at):
    people = asked(consultation, on=timezone.localdate(at))
    words = {
        "consultation": consultation,
        "report": consultation.report,
        "address": settings.SITE_URL + consultation.get_absolute_url(),
    }
    for person in people:
        body = render_to_string("emails/consultation_reopened.txt", words | {"reader": person})
        subject = f"Open for comments again: {consultation.report}"
        EmailMessage(subject, body.strip() + "\n", to=[person.email], headers=AUTOMATIC).send()
    consultation.told_reopened_at = at
    consultation.save(update_fields=["told_reopened_at"])
    return len(people)


def asked(consultation, *, on):
    """Whoever can be told of those that stand behind a member, each once."""
    members = Membership.objects.current(on=on).filter(partnership__in=consultation.report.partnerships.values("pk"))
    owners = {
        Owner(name, organisation_id=key)
        for key, name in members.values_list("organisation", "organisation__name").distinct()
    }
    people = People(owners, on=on)
    found = {each.user.pk: each.user for owner in owners for each in people.behind(owner)[0]}
    return [found[key] for key in sorted(found)]
