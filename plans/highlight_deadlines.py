"""Highlight reports that are wanted: one of each group that leads something, for the newest round that has opened."""

from datetime import timedelta

from django.db.models import DateField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast, Coalesce

from partnership.deadlines import as_deadlines
from plans.deadlines import joined, of_plan
from plans.highlights import ASKED, DAYS_AFTER_THE_ROUND, leads_of
from plans.models import HighlightReport, Plan, UpdateRound

GROUP = "plan__partnerships__groups"


def reports(on):
    """Rounds by the group that has not yet submitted its report; see ``plans.highlights.due_on``."""
    submitted = HighlightReport.objects.submitted().filter(round=OuterRef("pk"), group=OuterRef(GROUP))
    newer = UpdateRound.objects.filter(plan=OuterRef("plan"), opens_on__lte=on, closes_on__gt=OuterRef("closes_on"))
    leads = leads_of(OuterRef("plan"), group=OuterRef(GROUP), on=on)
    wanted = UpdateRound.objects.filter(
        ~Exists(submitted) & ~Exists(newer) & Exists(leads),
        opens_on__lte=on,
        plan__in=Plan.objects.running(),
        **{f"{GROUP}__closed_on": None, f"{GROUP}__kind__in": ASKED},
    )
    week_later = Cast(F("closes_on") + timedelta(days=DAYS_AFTER_THE_ROUND), DateField())
    return as_deadlines(
        wanted,
        key=joined(Value("highlight:"), "pk", Value(":"), GROUP),
        kind="Highlight report",
        due_on=Coalesce("proposals_due_on", week_later),
        title=joined(Value("Highlight report for "), "name", of_plan()),
        url_name="plans:highlight-list",
        url_pk=GROUP,
        partnership="plan__partnerships",
        owner_text=f"{GROUP}__name",
        group=GROUP,
        group_above="plan__scrutiny_group",
    )
