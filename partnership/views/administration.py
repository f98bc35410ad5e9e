"""Pages of the people who run the installation and build the product."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnership.design import examples
from partnership.models import Organisation, Partnership, RuleSet, User
from partnership.rules import is_administrator


@require_safe
def overview(request):
    """Which partnerships, people and rule sets this installation holds. Nothing of any case."""
    if not is_administrator(request.user):
        raise PermissionDenied
    partnerships = (
        Partnership.objects.visible_to(request.user)
        .prefetch_related("areas")
        .annotate(
            organisation_count=Count("memberships__organisation", distinct=True),
            group_count=Count("groups", filter=Q(groups__closed_on=None), distinct=True),
        )
        .order_by("name")
    )
    rule_sets = RuleSet.objects.annotate(
        rule_count=Count("rules"),
        unverified_count=Count("rules", filter=Q(rules__verified_on=None)),
    ).order_by("code")
    people = User.objects.aggregate(
        active=Count("pk", filter=Q(is_active=True)),
        switched_off=Count("pk", filter=Q(is_active=False)),
    )
    context = {
        "partnerships": partnerships,
        "rule_sets": rule_sets,
        "people": people,
        "organisation_count": Organisation.objects.count(),
    }
    return render(request, "partnership/administration.html", context)


@require_safe
def design(request):
    """Every component in every state, with made-up things. Not in production."""
    return render(request, "design.html", examples())
