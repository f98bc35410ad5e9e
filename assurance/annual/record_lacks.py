"""What the year’s own records lack for the report: updates, ratings, returns, evidence of impact, people’s words."""

from collections import defaultdict

from django.db.models import Q
from django.urls import reverse

from assurance.annual.lacks import BY_OTHERS, OFFICE, Missing
from assurance.models import ReportEvidence, VoiceEntry
from partnership.models import Partnership
from plans.models import Deliverable, Priority, PriorityReview, Update

People = VoiceEntry.People

# Whose own words a partnership's report cannot do without.
HEARD = {
    Partnership.Kind.CHILDREN: ("children", [People.CHILDREN]),
    Partnership.Kind.ADULTS: ("adults with care and support needs", [People.ADULTS]),
}


def last_rounds(year, *, on):
    """The last round of each plan that has begun: ``{plan: round}``. One query."""
    rounds = year.rounds().filter(opens_on__lte=on).select_related("plan__scrutiny_group", "plan__deciding_group")
    return {round.plan_id: round for round in rounds}


def lacks_of_plans(year, *, on):
    """In the last round of each plan, deliverables about which nobody said anything and priorities nobody rated."""
    rounds = last_rounds(year, on=on)
    yield from lacks_of_updates(rounds, on=on)
    yield from lacks_of_ratings(rounds, on=on)


def lacks_of_updates(rounds, *, on):
    answered = set(Update.objects.filter(round__in=rounds.values()).values_list("round", "deliverable"))
    deliverables = (
        Deliverable.objects.filter(priority__plan__in=rounds)
        .select_related("priority")
        .prefetch_related("leads")
        .order_by("priority__plan", "priority__position", "position")
    )
    for deliverable in deliverables:
        round = rounds[deliverable.priority.plan_id]
        if (round.pk, deliverable.pk) in answered:
            continue
        leads = ", ".join(lead.text for lead in deliverable.leads.all())
        yield Missing(
            f"An update on {deliverable}, {round.name}",
            leads or OFFICE,
            reverse("plans:round-detail", args=[round.pk]),
            "Ask again, or answer for them",
            part="The plan",
            is_due=round.closes_on < on or round.closed_at is not None,
            by=BY_OTHERS,
        )


def lacks_of_ratings(rounds, *, on):
    reviews = PriorityReview.objects.filter(round__in=rounds.values())
    of_priority = {(review.round_id, review.priority_id): review for review in reviews}
    for priority in Priority.objects.filter(plan__in=rounds).order_by("plan", "position"):
        round = rounds[priority.plan_id]
        review = of_priority.get((round.pk, priority.pk))
        if review and review.decided_at:
            continue
        plan = round.plan
        group = plan.deciding_group if review and review.proposed_at else plan.scrutiny_group
        yield Missing(
            f"A rating of {priority}, {round.name}",
            str(group or OFFICE),
            reverse("plans:review-detail", args=[priority.pk, round.pk]),
            "Decide it" if review and review.proposed_at else "Propose it",
            part="The plan",
            is_due=(round.decisions_due_on or round.closes_on) < on,
            by=BY_OTHERS,
        )


def lacks_of_returns(year, *, on):
    waiting = year.returns().filter(submitted_at=None, withdrawn_at=None)
    for each in waiting.select_related("request", "organisation").order_by("organisation__name", "pk"):
        yield Missing(
            each.request.title,
            each.organisation.name,
            reverse("assurance:request-detail", args=[each.request_id]),
            "Remind them",
            part="Returns",
            is_due=each.request.due_on < on,
            by=BY_OTHERS,
        )


# What the evidence does not show


def lacks_of_impact(report, year):
    """Priorities of which nothing in the report, taken or still to be decided, shows a difference. Two queries."""
    shown = set(
        ReportEvidence.objects.filter(section__report=report, shows=ReportEvidence.Shows.DIFFERENCE)
        .exclude(use=ReportEvidence.Use.LEFT_OUT)
        .values_list("priority", flat=True)
    )
    carried = Priority.objects.filter(plan__in=year.plans().order_by().values("pk")).select_related("plan")
    for priority in carried.order_by("plan__starts_on", "plan", "position"):
        if priority.pk not in shown:
            name = f"priority {priority.ref}, {priority.title}" if priority.ref else priority.title
            yield Missing(
                f"Evidence of impact for {name}",
                OFFICE,
                priority.plan.get_absolute_url(),
                "Ask its leads what is different, or say under little or no progress why nothing is",
                part="Evidence",
            )


def lacks_of_feedback(report):
    """That nobody's own words are taken into the report, of those whom each partnership is there for. Three queries."""
    taken = defaultdict(set)
    printed = ReportEvidence.objects.printed().filter(section__report=report, source_key__startswith="voice:")
    for key in printed.values_list("source_key", flat=True):
        taken["voice"].add(int(key.split(":")[1]))
    people = set(VoiceEntry.objects.filter(pk__in=taken["voice"]).values_list("people", flat=True))
    kinds = dict.fromkeys(partnership.kind for partnership in report.partnerships.all())
    section = report.sections.filter(Q(rule__code="feedback") | Q(rule__code="objective")).first()
    for kind in kinds:
        words, wanted = HEARD.get(kind, ("", []))
        if words and not people & set(wanted):
            url = reverse("assurance:report-evidence", args=[report.pk, section.pk]) if section else ""
            yield Missing(
                f"Feedback of {words}: none of it is used in the report",
                OFFICE,
                url or reverse("assurance:voice-list"),
                "Take what they said into the report, and say what came of it",
                part="Evidence",
            )
