"""The training programme for signed-in people, and who has which place."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.access import get_permitted, may
from partnership.lists import RecordList
from training.lists import EventFilter, EventTable
from training.models import Event


class EventList(RecordList):
    """Events of one's partnerships, those still to come unless asked otherwise."""

    table_class, filterset_class = EventTable, EventFilter
    template_name = "training/event_list.html"
    export_name = "training"

    def get_queryset(self):
        visible = Event.objects.visible_to(self.request.user)
        return (
            Event.objects.filter(pk__in=visible.values("pk"))
            .select_related("course")
            .with_place_counts()
            .order_by("starts_at", "pk")
        )


@require_safe
def event_detail(request, pk):
    """Places by organisation: the coordinator and office see whose, others only their own people."""
    event = get_permitted(request.user, Event, "view", pk=pk)
    if may(request.user, "change", event):
        named = event.places.all()
    else:
        named = event.places.filter(organisation__in=request.user.standing.organisation_ids)
    organisations = event.places.counts_by_organisation()
    context = {
        "event": event,
        "crumbs": [("Training", reverse("training:event-list")), (event.course.title, None)],
        "organisations": organisations,
        "taken_count": sum(row["taken_count"] for row in organisations),
        "waiting_count": sum(row["waiting_count"] for row in organisations),
        "places": named.select_related("organisation"),
        "is_past": event.starts_at < timezone.now(),
    }
    return render(request, "training/event_detail.html", context)
