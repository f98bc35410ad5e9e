"""The training programme for everyone: what is held when and where, and never who comes."""

from django.contrib.auth.decorators import login_not_required
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.public import find_partnership, public_page
from training.models import Event


@login_not_required
@require_safe
def programme(request, slug):
    partnership = find_partnership(slug)
    events = (
        Event.objects.published()
        .filter(course__partnerships=partnership, starts_at__gte=timezone.now())
        .select_related("course")
        .with_place_counts()
        .order_by("starts_at", "pk")
    )
    return public_page(request, partnership, "training/public_programme.html", events=events)
