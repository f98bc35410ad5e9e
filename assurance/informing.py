"""What children said and who did not answer, for whoever writes the next plan (see ``plans.informing``)."""

from django.db.models import Count, F, Q
from django.urls import reverse

from assurance.models import AssuranceRequest, VoiceEntry
from plans.informing import Informant


def voices(plan, *, user, on):
    """What children, adults and families said in the plan's time; first that of which nothing came yet."""
    entries = (
        VoiceEntry.objects.visible_to(user)
        .of_partnerships(plan.partnership_ids)
        .between(plan.starts_on, min(plan.ends_on, on))
    )
    for entry in sorted(entries, key=lambda each: (bool(each.changed), -each.heard_on.toordinal(), -each.pk)):
        yield Informant(
            key=f"voice:{entry.pk}",
            heading="What children and families said",
            label=f"{entry.who}, {entry.heard_on:%B %Y}",
            text=f"{entry.who}: {entry.said.strip()}",
            url=entry.get_absolute_url(),
        )


def unanswered(plan, *, user, on):
    """Requests of the plan's time that are late and that not every organisation answered. Counts alone."""
    requests = (
        AssuranceRequest.objects.filter(
            partnerships__in=plan.partnership_ids & user.standing.wide_ids,
            due_on__range=(plan.starts_on, min(plan.ends_on, on)),
        )
        .exclude(sent_on=None)
        .annotate(
            asked=Count("returns", filter=Q(returns__withdrawn_at=None), distinct=True),
            answered=Count("returns", filter=~Q(returns__submitted_at=None), distinct=True),
        )
        .filter(answered__lt=F("asked"))
        .order_by("due_on", "pk")
    )
    for request in requests:
        yield Informant(
            key=f"request:{request.pk}",
            heading="Asked and not answered",
            label=request.title,
            text=f"{request.title}: {request.asked - request.answered} of {request.asked} organisations did not answer",
            url=reverse("assurance:return-list"),
        )
