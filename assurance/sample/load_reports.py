"""Rows of the annual reports: last year's, published, and this year's as far as it has grown."""

from datetime import date

from django.db import transaction

from assurance.annual.builds import print_assets, print_html
from assurance.annual.content import content_of
from assurance.annual.gathering import gather_evidence
from assurance.annual.starting import start_report
from assurance.models import AnnualReport, ReportSection
from assurance.sample import reports
from assurance.sample.dates import last_day_of_year, month_after
from assurance.sample.load_report_contributions import load_report_contributions
from assurance.sample.report_consultation import load_consultations
from assurance.sample.report_evidence import decide_on_evidence
from assurance.sample.report_printed import IN_SHORT, bring_easy_read
from assurance.sample.report_sign_off import publish_signed
from partnership.models import RuleSet
from partnership.pdf import render_pdf

RULE_SET = "wt2023"
PUBLISHED_MONTH, PUBLISHED_DAY = 9, 21


def load_reports(cast):
    starts_on = cast.calendar.reported_year
    make_last_report(cast, starts_on)
    make_this_report(cast, month_after(starts_on, 12))
    load_report_contributions(cast)
    decide_on_evidence(cast)


def make_last_report(cast, starts_on):
    """Every heading of the rule set and two of our own, in the order in which they are read."""
    report = start(cast, starts_on)
    report.foreword, report.foreword_by = reports.LAST_FOREWORD, reports.SIGNED_BY
    report.in_short = IN_SHORT
    report.save()
    sections = {section.rule.code: section for section in report.sections.select_related("rule")}
    for position, heading in enumerate(reports.LAST_REPORT, start=1):
        section = sections.get(heading.rule) or ReportSection(report=report)
        section.position = position
        section.title = heading.title
        section.standfirst = heading.standfirst
        section.narrative = heading.narrative
        section.save()
    gather_evidence(report)
    return report


def make_this_report(cast, starts_on):
    """Its evidence files itself; people have written three of its sections so far."""
    report = start(cast, starts_on)
    for section in report.sections.filter(rule__code__in=reports.THIS_REPORT).select_related("rule"):
        section.standfirst, section.narrative = reports.THIS_REPORT[section.rule.code]
        section.save()
    return report


def start(cast, starts_on):
    return start_report(
        cast.both,
        starts_on=starts_on,
        ends_on=last_day_of_year(starts_on),
        rule_set=RuleSet.objects.get(code=RULE_SET),
    )


def publish_last_report(cast):
    """Publish last year's report as it was in that September, signed and sent, without the proofs before it.

    Raises PdfProblem where this machine cannot make PDFs; the report then stays a draft.
    """
    report = AnnualReport.objects.get(starts_on=cast.calendar.reported_year)
    load_consultations(cast)
    bring_easy_read(cast, report)
    day = date(report.ends_on.year, PUBLISHED_MONTH, PUBLISHED_DAY)
    content = content_of(report, on=day)
    pdf = render_pdf(print_html(content), assets=print_assets(content))
    with transaction.atomic():
        publish_signed(cast, report, pdf=pdf, content=content, on=day)
