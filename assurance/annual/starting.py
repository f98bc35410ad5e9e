"""Beginning a report, and the next edition of a published one."""

from django.db import transaction

from assurance.annual.companions import carry_companions
from assurance.annual.contributions import carry_contributions
from assurance.annual.gathering import gather_evidence
from assurance.annual.recipients import make_recipients
from assurance.annual.standstill import section_of
from assurance.annual.statements import carry_statement
from assurance.models import AnnualReport, ReportEvidence, ReportSection
from partnership.models import Rule
from partnership.publishing import CannotPublish


@transaction.atomic
def start_report(partnerships, *, starts_on, ends_on, rule_set):
    """A new report of these partnerships: a section for each heading of the rules, and one on what did not move."""
    report = AnnualReport.objects.create(
        title=f"Annual report {starts_on.year} to {ends_on.year}",
        starts_on=starts_on,
        ends_on=ends_on,
        rule_set=rule_set,
    )
    report.partnerships.set(partnerships)
    headings = rule_set.rules.filter(unit=Rule.Unit.HEADING).order_by("position")
    ReportSection.objects.bulk_create(
        ReportSection(report=report, position=position, title=rule.title, rule=rule)
        for position, rule in enumerate(headings, start=1)
    )
    section_of(report, make=True)
    gather_evidence(report)
    make_recipients(report)
    return report


@transaction.atomic
def start_edition(report, *, changes):
    """The next edition of a published report with everything in it, to be corrected and published."""
    if not report.is_published or AnnualReport.objects.filter(corrects=report).exists():
        raise CannotPublish("A new edition can be started once, from a published report.")
    edition = AnnualReport.objects.create(
        title=report.title,
        starts_on=report.starts_on,
        ends_on=report.ends_on,
        edition=report.edition + 1,
        rule_set=report.rule_set,
        foreword=report.foreword,
        foreword_by=report.foreword_by,
        in_short=report.in_short,
        corrects=report,
        changes=changes,
    )
    edition.partnerships.set(report.partnerships.all())
    for section in report.sections.prefetch_related("evidence"):
        filed = list(section.evidence.all())
        copied = copy_of(section, report=edition)
        copied.save()
        ReportEvidence.objects.bulk_create(copy_of(evidence, section=copied) for evidence in filed)
    carry_companions(report, edition=edition)
    carry_contributions(report, edition=edition)
    carry_statement(report, edition=edition)
    make_recipients(edition)
    return edition


def copy_of(record, **parent):
    """A new row like ``record``, under another parent; not saved."""
    own = {
        field.attname: getattr(record, field.attname)
        for field in record._meta.concrete_fields
        if not field.primary_key and field.name not in parent
    }
    return type(record)(**own, **parent)
