"""The headings of one report: those that its rules ask for, in words of its own if it likes, and others beside them."""

from django.db import transaction
from django.db.models import Max

from assurance.annual.deciding import hold
from assurance.models import AnnualReport, ConsultationComment, ReportEvidence, ReportSection
from assurance.models.annual_consultations import heading_of
from partnership.refusals import NotNow

ASKED_FOR = "The rules ask for this heading. Give it other words, or say under it that there is nothing to report."
UP, DOWN = "up", "down"


@transaction.atomic
def add_heading(report, *, title, after=None):
    """A heading of the report's own, after another of it or at the end."""
    hold(report.pk)
    last = report.sections.aggregate(last=Max("position"))["last"] or 0
    section = ReportSection.objects.create(report=report, title=title, position=last + 1)
    if after is not None:
        others = [each for each in in_order(report) if each.pk != section.pk]
        place = [each.pk for each in others].index(after.pk) + 1
        renumber([*others[:place], section, *others[place:]])
    return section


@transaction.atomic
def rename_heading(section, *, title):
    hold(section.report_id)
    section.title = title
    section.save(update_fields=["title"])


@transaction.atomic
def move_heading(section, way):
    """One place up or down; at the end of the list it stays where it is. Gives whether it moved."""
    hold(section.report_id)
    sections = in_order(section.report)
    place = next(index for index, each in enumerate(sections) if each.pk == section.pk)
    other = place - 1 if way == UP else place + 1
    if not 0 <= other < len(sections):
        return False
    sections[place], sections[other] = sections[other], sections[place]
    renumber(sections)
    return True


@transaction.atomic
def remove_heading(section):
    """Remove a heading of the report's own with its words; what was filed there is offered again where it came from.

    Comments on it keep what it was called. Raises NotNow where a rule asks for it.
    """
    hold(section.report_id)
    if section.rule_id:
        raise NotNow(ASKED_FOR)
    Use = ReportEvidence.Use
    elsewhere = ReportEvidence.objects.filter(section__report=section.report_id).exclude(section=section)
    came_from = elsewhere.filter(source_key__in=section.evidence.values("source_key"), use=Use.LEFT_OUT)
    came_from.update(use=Use.OFFERED)
    report = section.report
    ConsultationComment.objects.filter(section=section, heading="").update(heading=heading_of(section))
    section.delete()
    renumber(in_order(report))


def in_order(report):
    """The sections, locked, so that two people who move one do not tear the order apart."""
    return list(ReportSection.objects.select_for_update().filter(report=report).order_by("position", "pk"))


def renumber(sections):
    for position, section in enumerate(sections, start=1):
        if section.position != position:
            section.position = position
            section.save(update_fields=["position"])


def headings_of(report: AnnualReport):
    """What a page says of each heading: where it stands, whether that was read, what counts as evidence."""
    return report.sections.select_related("rule__rule_set").order_by("position", "pk")
