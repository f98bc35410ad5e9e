"""Rows of the annual reports: last year's, published, and this year's as far as it has grown."""

from assurance.annual_report import gather_evidence, start_report
from assurance.models import ReportSection
from assurance.sample import reports
from assurance.sample.dates import last_day_of_year, month_after
from partnership.models import RuleSet

RULE_SET = "wt2023"


def load_reports(cast):
    starts_on = cast.calendar.reported_year
    make_last_report(cast, starts_on)
    make_this_report(cast, month_after(starts_on, 12))


def make_last_report(cast, starts_on):
    """Every heading of the rule set and two of our own, in the order in which they are read."""
    report = start(cast, starts_on)
    report.foreword, report.foreword_by = reports.LAST_FOREWORD, reports.SIGNED_BY
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
        by=cast.holders["manager"],
    )
