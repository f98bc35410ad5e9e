"""What a report still lacks, true at any day of the year, and who can mend it."""

from django.urls import reverse
from django.utils import timezone

from assurance.annual.consulting import lacks_of_consultation
from assurance.annual.contributions import lacks_of_contributions
from assurance.annual.lacks import OFFICE, Missing
from assurance.annual.meetings import lacks_of_arrangements, lacks_of_meetings
from assurance.annual.money import lacks_of_money
from assurance.annual.offers import ARRANGEMENTS, COSTS, IMPACT
from assurance.annual.statements import lacks_of_statement
from assurance.annual.training import lacks_of_training
from assurance.annual.year import Year
from plans.models import Deliverable, Priority


def missing(report):
    """Everything that the report still lacks, as of now."""
    year = Year.of(report)
    return [
        *missing_words(report),
        *missing_updates(year),
        *missing_decisions(year),
        *missing_returns(year),
        *missing_money(report, year),
        *missing_meetings(year),
        *missing_arrangements(report, year),
        *missing_impact_of_training(report, year),
        *lacks_of_contributions(report, on=timezone.localdate()),
        *lacks_of_statement(report, on=timezone.localdate()),
        *lacks_of_consultation(report, on=timezone.localdate()),
    ]


def missing_words(report):
    if not report.foreword.strip():
        yield Missing(
            "The foreword", "Lead safeguarding partners", reverse("assurance:foreword-change", args=[report.pk])
        )
    for section in report.sections.prefetch_related("evidence"):
        url = reverse("assurance:section-change", args=[report.pk, section.pk])
        where = f"section {section.position}, {section.title}"
        if not section.narrative.strip():
            yield Missing(f"The narrative of {where}", OFFICE, url)
        elif not section.standfirst.strip():
            yield Missing(f"The opening sentence of {where}", OFFICE, url)
        if section.rule_id and all(evidence.is_left_out for evidence in section.evidence.all()):
            yield Missing(f"Any evidence under {where}", OFFICE, url)


def missing_updates(year):
    """Deliverables about which nobody said anything in the last round of the year."""
    for round in last_rounds(year):
        silent = (
            Deliverable.objects.filter(priority__plan=round.plan_id)
            .exclude(pk__in=round.updates.values("deliverable"))
            .select_related("priority")
            .prefetch_related("leads")
            .order_by("priority__position", "position")
        )
        for deliverable in silent:
            leads = ", ".join(lead.text for lead in deliverable.leads.all())
            url = reverse("plans:round-detail", args=[round.pk])
            yield Missing(f"An update on {deliverable}, {round.name}", leads or OFFICE, url)


def last_rounds(year):
    """The last round of each plan."""
    rounds = year.rounds().select_related("plan__scrutiny_group", "plan__deciding_group")
    return {round.plan_id: round for round in rounds}.values()


def missing_decisions(year):
    """Priorities that nobody rated at the end of the year."""
    for round in last_rounds(year):
        undecided = Priority.objects.filter(plan=round.plan_id).exclude(
            pk__in=round.reviews.decided().values("priority")
        )
        proposed = set(round.reviews.exclude(proposed_at=None).values_list("priority", flat=True))
        for priority in undecided:
            group = round.plan.deciding_group if priority.pk in proposed else round.plan.scrutiny_group
            url = reverse("plans:review-detail", args=[priority.pk, round.pk])
            yield Missing(f"A rating of {priority}, {round.name}", str(group or OFFICE), url)


def missing_returns(year):
    for each in year.returns().filter(submitted_at=None).select_related("request", "organisation"):
        yield Missing(each.request.title, each.organisation.name)


def missing_money(report, year):
    """What the costs lack, where the report has a heading for them."""
    if report.sections.filter(rule__code__in=COSTS).exists():
        for what, url in lacks_of_money(year):
            yield Missing(what, OFFICE, url)


def missing_meetings(year):
    for what, url in lacks_of_meetings(year, on=timezone.localdate()):
        yield Missing(what, OFFICE, url)


def missing_arrangements(report, year):
    """That nobody looked at them, where the report has a heading for it."""
    if report.sections.filter(rule__code__in=ARRANGEMENTS[:1]).exists():
        for what, url in lacks_of_arrangements(year):
            yield Missing(what, OFFICE, url)


def missing_impact_of_training(report, year):
    """That nothing shows what training changed, where the report has a heading for impact."""
    if report.sections.filter(rule__code__in=IMPACT).exists():
        for what, url in lacks_of_training(year):
            yield Missing(what, "Training coordinator", url)
