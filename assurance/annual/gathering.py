"""Filing under each heading what the year has shown, and keeping it so."""

from django.db import transaction

from assurance.annual.offers import all_offers
from assurance.annual.year import Year
from assurance.models import ReportEvidence


@transaction.atomic
def gather_evidence(report):
    """File what the year has shown under the heading it serves; gives the number of things filed.

    Doing it again changes nothing but what has changed at its source. What somebody left out stays
    out; what was withdrawn at its source goes.
    """
    sections = report.sections.exclude(rule=None).select_related("rule")
    by_code = {section.rule.code: section.pk for section in sections}
    filed = {}
    for offer in all_offers(Year.of(report)):
        section_id = next((by_code[code] for code in offer.headings if code in by_code), None)
        if section_id:
            filed[section_id, offer.source_key] = offer
    held = {(each.section_id, each.source_key): each for each in evidence_of(report)}
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


FILED_FIELDS = ["reference", "kind", "text", "shows", "dated_on"]


def evidence_of(report):
    return ReportEvidence.objects.filter(section__report=report)


def as_evidence(offer, section_id):
    own = {field: getattr(offer, field) for field in FILED_FIELDS}
    return ReportEvidence(section_id=section_id, source_key=offer.source_key, **own)


def is_filed_as(offer, evidence):
    """Whether ``evidence`` (or None) says already what is offered: then its history stays quiet."""
    return evidence is not None and all(getattr(offer, field) == getattr(evidence, field) for field in FILED_FIELDS)


@transaction.atomic
def write_section(section, *, standfirst, narrative, left_out):
    """Keep somebody's words, and which of the evidence filed (``left_out``) is not to be printed."""
    section.standfirst, section.narrative = standfirst, narrative
    section.save()
    chosen = {evidence.pk for evidence in left_out}
    for evidence in section.evidence.all():
        if evidence.is_left_out != (evidence.pk in chosen):
            evidence.use = ReportEvidence.Use.LEFT_OUT if evidence.pk in chosen else ReportEvidence.Use.ACCEPTED
            evidence.save(update_fields=["use"])
