"""The programme as a list: its columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html

from partnership.lists import MomentColumn, NumberColumn, RecordFilter, RecordTable
from partnership.templatetags.components import long_date
from training.models import Course

PAST, ALL = "past", "all"


class EventTable(RecordTable):
    """Needs ``with_place_counts``."""

    caption = "Events"
    course = tables.Column("Course", order_by=("course__title", "starts_at"))
    starts_at = MomentColumn("When")
    venue = tables.Column("Where")
    audience = tables.Column("For whom", accessor="course__audience", orderable=False)
    booked_count = NumberColumn("Places taken")
    capacity = NumberColumn("Of")
    attended_count = NumberColumn("Came")

    def render_course(self, record):
        """Courses are held again and again, so that a link says on which day."""
        return format_html(
            '<a href="{}">{}<span class="govuk-visually-hidden"> on {}</span></a>',
            record.get_absolute_url(),
            record.course.title,
            long_date(record.starts_at),
        )

    def value_course(self, record):
        return record.course.title

    def render_attended_count(self, record):
        return record.attended_count if record.starts_at < timezone.now() else ""

    value_attended_count = render_attended_count


class EventFilter(RecordFilter):
    """Those still to come show unless asked otherwise."""

    search_fields = ("course__title", "course__audience", "venue", "trainers")

    course = django_filters.ModelChoiceFilter(
        label="Course",
        queryset=lambda request: Course.objects.visible_to(request.user),
        empty_label="Any course",
    )
    when = django_filters.ChoiceFilter(
        label="When",
        choices=[(PAST, "Held"), (ALL, "All dates")],
        empty_label="Still to come",
        method="after_the_others",
    )

    def __init__(self, data, *args, **kwargs):
        super().__init__(data or {}, *args, **kwargs)  # without data nothing would be filtered

    def after_the_others(self, events, _name, _when):
        """Nothing asked is an answer here, which no filter is told of: see ``filter_queryset``."""
        return events

    def filter_queryset(self, events):
        events, now = super().filter_queryset(events), timezone.now()
        when = self.form.cleaned_data.get("when")
        if when == PAST:
            return events.filter(starts_at__lt=now).order_by("-starts_at", "-pk")
        return events if when == ALL else events.filter(starts_at__gte=now)
