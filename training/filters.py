"""What the training programme can be narrowed to."""

import django_filters
from django import forms
from django.utils import timezone

from training.models import Course, Event

UPCOMING, PAST, ALL = "upcoming", "past", "all"


class EventFilter(django_filters.FilterSet):
    """By course, and by whether it is still to come (which is what shows unless asked)."""

    course = django_filters.ModelChoiceFilter(
        queryset=lambda request: Course.objects.visible_to(request.user),
        empty_label="All courses",
        widget=forms.Select({"class": "govuk-select"}),
    )
    when = django_filters.ChoiceFilter(
        label="When",
        choices=[(UPCOMING, "Still to come"), (PAST, "Held"), (ALL, "All dates")],
        empty_label=None,
        method="in_time",
        widget=forms.Select({"class": "govuk-select"}),
    )

    class Meta:
        model = Event
        fields = ["course", "when"]

    def __init__(self, data, *args, **kwargs):
        super().__init__({"when": UPCOMING, **data.dict()}, *args, **kwargs)

    def in_time(self, events, name, when):
        now = timezone.now()
        if when == UPCOMING:
            return events.filter(starts_at__gte=now)
        if when == PAST:
            return events.filter(starts_at__lt=now).order_by("-starts_at")
        return events
