"""What will be different: each outcome statement of a published plan, with what serves it and how it was judged.

The address of a statement leads to its words for ever, also when a later version says them otherwise.
"""

from datetime import date

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from partnership.public import find_partnership, public_page
from plans.models import PlanVersion
from plans.outcome_marks import LENGTH, outcomes_of
from plans.public import (
    closed_rounds,
    decided_reviews,
    keys_of,
    plan_of,
    published_plan,
    published_versions,
    table_of,
    with_decided_ratings,
)


@login_not_required
@require_safe
def outcome_list(request, slug):
    """The statements of the plan of the day, under their priorities."""
    partnership = find_partnership(slug)
    version = published_plan(partnership, on=timezone.localdate())
    if version is None:
        return public_page(request, partnership, "plans/public_outcomes.html", plan=None)
    by_priority = {}
    for outcome in outcomes_of(version.snapshot):
        by_priority.setdefault(outcome.priority, []).append(outcome)
    rows = zip(with_decided_ratings(version.snapshot), version.snapshot["priorities"], strict=True)
    return public_page(
        request,
        partnership,
        "plans/public_outcomes.html",
        plan=plan_of(version.snapshot),
        priorities=[
            {"priority": priority, "outcomes": by_priority[priority.key], "count": len(row["deliverables"])}
            for priority, row in rows
            if priority.key in by_priority
        ],
    )


@login_not_required
@require_safe
def outcome_page(request, slug, mark):
    """One statement: what serves it, how its priority was judged, and the indicators that may be told."""
    partnership = find_partnership(slug)
    today = timezone.localdate()
    version, outcome, is_said_today = find_outcome(partnership, mark)
    table = table_of(version.snapshot, on=date.min)
    priority = table.priorities[outcome.place]
    reviews = {review.round_id: review for review in decided_reviews([outcome.priority])}
    parts = {
        name: import_string(reader)(partnership, priority=outcome.priority, text=outcome.text, on=today)
        for name, reader in settings.OUTCOME_PARTS.items()
    }
    others = [each for each in outcomes_of(version.snapshot) if each.priority == outcome.priority]
    return public_page(
        request,
        partnership,
        "plans/public_outcome.html",
        description=outcome.text,
        outcome=outcome,
        others=[each for each in others if each != outcome],
        is_said_today=is_said_today,
        is_in_newest=outcome.priority in keys_of(version.snapshot) if is_said_today else is_kept(partnership, outcome),
        plan=plan_of(version.snapshot),
        version=version,
        priority=priority,
        table=table,
        judged=[(each, reviews.get(each.pk)) for each in reversed(closed_rounds(version, on=today))],
        crumbs=[("Outcomes", reverse("plans:public-outcomes", args=[slug])), (priority.heading, None)],
        **parts,
    )


def find_outcome(partnership, mark):
    """(version, Outcome, whether the newest version still says so): the newest version in which it stands."""
    key = mark.partition("-")[0]
    if not key.isdecimal() or len(key) > LENGTH:
        raise Http404
    own = PlanVersion.objects.published().filter(plan__partnerships=partnership).found_first()
    versions = own.filter(snapshot__priorities__contains=[{"key": int(key)}])
    for place, version in enumerate(versions.newest_first()):
        for outcome in outcomes_of(version.snapshot):
            if outcome.mark == mark:
                return version, outcome, place == 0 and is_newest(partnership, version)
    raise Http404


def is_newest(partnership, version):
    return published_versions(partnership).filter(pk=version.pk).exists()


def is_kept(partnership, outcome):
    """Whether the priority still stands in what is published."""
    return published_versions(partnership).filter(snapshot__priorities__contains=[{"key": outcome.priority}]).exists()


patterns = [
    path("p/<slug:slug>/plan/outcomes/", outcome_list, name="public-outcomes"),
    path("p/<slug:slug>/plan/outcomes/<slug:mark>/", outcome_page, name="public-outcome"),
]
