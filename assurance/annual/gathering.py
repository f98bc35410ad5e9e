"""Filing under each heading what the year has shown, and keeping it so."""

import logging

from django.db import transaction
from django.utils import timezone

from assurance.annual.offers import offers_to
from assurance.models import AnnualReport, ReportEvidence

logger = logging.getLogger(__name__)


@transaction.atomic
def gather_evidence(report, *, on=None):
    """File what the year has shown ``on`` that day (today) under the heading it serves; gives how much is filed.

    Doing it again changes nothing but what has changed at its source. What somebody decided about a thing stays;
    what was withdrawn at its source goes. What somebody filed under another heading stays there, too. Under a
    report that was published meanwhile nothing moves any more.
    """
    if AnnualReport.objects.select_for_update(of=["self"], no_key=True).get(pk=report.pk).is_published:
        return evidence_of(report).count()
    sections = report.sections.exclude(rule=None).select_related("rule")
    by_code = {section.rule.code: section.pk for section in sections}
    filed, offered = {}, {}
    for offer in offers_to(report, on=on or timezone.localdate()):
        section_id = next((by_code[code] for code in offer.headings if code in by_code), None)
        offered.setdefault(offer.source_key, offer)
        if section_id:
            filed[section_id, offer.source_key] = offer
    held = {(each.section_id, each.source_key): each for each in evidence_of(report)}
    for (section_id, source_key), evidence in held.items():
        if evidence.is_printed and source_key in offered:
            filed.setdefault((section_id, source_key), offered[source_key])
    ReportEvidence.objects.bulk_create(
        [
            as_evidence(offer, section_id)
            for (section_id, source_key), offer in filed.items()
            if not is_filed_as(offer, held.get((section_id, source_key)))
        ],
        update_conflicts=True,
        unique_fields=["section", "source_key"],
        update_fields=FILED_FIELDS,
    )
    withdrawn = [each.pk for key, each in held.items() if key not in filed]
    evidence_of(report).filter(pk__in=withdrawn).delete()
    return len(filed)


def gather_everywhere(*, on):
    """The same for every report that is not published, so that its list fills through the year; gives how many.

    Each in a transaction of its own: what is done stays done if it ends half-way, and one that fails is
    logged with its key and keeps no other back.
    """
    gathered = 0
    reports = AnnualReport.objects.filter(published_file=None).order_by("pk")
    for report in reports.prefetch_related("partnerships"):
        try:
            gather_evidence(report, on=on)
        except Exception:
            logger.exception("Evidence of report %s could not be gathered", report.pk)
        else:
            gathered += 1
    return gathered


LONGEST_REFERENCE, LONGEST_ADDRESS = 60, 300
FILED_FIELDS = ["reference", "kind", "text", "shows", "dated_on", "address", "priority_id"]


def evidence_of(report):
    return ReportEvidence.objects.filter(section__report=report)


def filed_values(offer):
    """``{field: value}`` as a row holds it: an address that does not fit is none."""
    return {
        **{field: getattr(offer, field) for field in FILED_FIELDS},
        "reference": offer.reference[:LONGEST_REFERENCE],
        "address": offer.address if len(offer.address) <= LONGEST_ADDRESS else "",
    }


def as_evidence(offer, section_id):
    return ReportEvidence(section_id=section_id, source_key=offer.source_key, **filed_values(offer))


def is_filed_as(offer, evidence):
    """Whether ``evidence`` (or None) says already what is offered: then its history stays quiet."""
    return evidence is not None and all(
        getattr(evidence, field) == value for field, value in filed_values(offer).items()
    )
