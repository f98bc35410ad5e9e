"""What the year’s own records lack for the report: updates, ratings, returns, evidence of impact, people’s words."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse

from assurance.annual.lacks import BY_OTHERS, OFFICE, Missing
from assurance.models import ReportEvidence, VoiceEntry
from partnership.models import Partnership
from plans.models import Deliverable, DeliverableLead, Priority, PriorityReview, Update

People = VoiceEntry.People
Use = ReportEvidence.Use
PRINTED = (Use.ACCEPTED, Use.QUOTED)

# Whose own words a partnership's report cannot do without.
HEARD = {
    Partnership.Kind.CHILDREN: ("children", [People.CHILDREN]),
    Partnership.Kind.ADULTS: ("adults with care and support needs", [People.ADULTS]),
}


def last_rounds(year, *, on):
    """The last round of each plan that has begun: ``{plan: round}``. One query."""
    rounds = year.rounds().filter(opens_on__lte=on).select_related("plan__scrutiny_group", "plan__deciding_group")
    return {round.plan_id: round for round in rounds}


def priorities_of(year, rounds):
    """Those of the plans that ran in the year, with ``proposed_at`` and ``decided_at`` in ``rounds``. One query."""
    review = PriorityReview.objects.filter(priority=OuterRef("pk"), round__in=rounds.values())
    return (
        Priority.objects.filter(plan__in=year.plans().order_by().values("pk"))
        .select_related("plan")
        .annotate(proposed_at=Subquery(review.values("proposed_at")), decided_at=Subquery(review.values("decided_at")))
        .order_by("plan__starts_on", "plan", "position")
    )


def lacks_of_plans(rounds, priorities, *, on):
    """In the last round of each plan, deliverables about which nobody said anything and priorities nobody rated."""
    yield from lacks_of_updates(rounds, on=on)
    yield from lacks_of_ratings(rounds, priorities, on=on)


def lacks_of_updates(rounds, *, on):
    said = Update.objects.filter(deliverable=OuterRef("pk"), round__in=rounds.values())
    leads = DeliverableLead.objects.filter(deliverable=OuterRef("pk")).order_by("position")
    deliverables = (
        Deliverable.objects.filter(~Exists(said), priority__plan__in=rounds)
        .select_related("priority")
        .annotate(led_by=ArraySubquery(leads.values("text")))
        .order_by("priority__plan", "priority__position", "position")
    )
    for deliverable in deliverables:
        round = rounds[deliverable.priority.plan_id]
        yield Missing(
            f"An update on {deliverable}, {round.name}",
            ", ".join(deliverable.led_by) or OFFICE,
            reverse("plans:round-detail", args=[round.pk]),
            "Ask again, or answer for them",
            part="The plan",
            is_due=round.closes_on < on or round.closed_at is not None,
            by=BY_OTHERS,
        )


def lacks_of_ratings(rounds, priorities, *, on):
    for priority in priorities:
        round = rounds.get(priority.plan_id)
        if round is None or priority.decided_at:
            continue
        group = round.plan.deciding_group if priority.proposed_at else round.plan.scrutiny_group
        yield Missing(
            f"A rating of {priority}, {round.name}",
            str(group or OFFICE),
            reverse("plans:review-detail", args=[priority.pk, round.pk]),
            "Decide it" if priority.proposed_at else "Propose it",
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


def lacks_of_impact(priorities, sections):
    """Those of which nothing filed in the report, taken or still to be decided, shows a difference."""
    shown = {
        each["priority"]
        for section in sections
        for each in section.filed
        if each["shows"] == ReportEvidence.Shows.DIFFERENCE and each["use"] != Use.LEFT_OUT
    }
    for priority in priorities:
        if priority.pk not in shown:
            name = f"priority {priority.ref}, {priority.title}" if priority.ref else priority.title
            yield Missing(
                f"Evidence of impact for {name}",
                OFFICE,
                priority.plan.get_absolute_url(),
                "Ask its leads what is different, or say under little or no progress why nothing is",
                part="Evidence",
            )


def lacks_of_feedback(report, partnerships, sections):
    """That nobody's own words are taken into the report, of those whom each partnership is there for. One query."""
    printed = {each["source_key"] for section in sections for each in section.filed if each["use"] in PRINTED}
    voices = {int(key.split(":")[1]) for key in printed if key.startswith("voice:")}
    people = set(VoiceEntry.objects.filter(pk__in=voices).values_list("people", flat=True))
    section = next((each for each in sections if each.rule and each.rule.code in ("feedback", "objective")), None)
    for kind in dict.fromkeys(partnership.kind for partnership in partnerships):
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
