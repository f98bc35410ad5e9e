"""The programme as a list: its columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html

from partnership.lists import MomentColumn, NumberColumn, RecordFilter, RecordTable, own_partnerships
from partnership.templatetags.components import long_date
from training.models import Course, Event
from training.models.courses import FEW_LEFT
from training.programme.changing import standing_in
from training.rules import run_ids

SOON, PAST, ALL = "soon", "past", "all"
LEFT, FEW, FULL, EMPTY, WAITING, CANCELLED = "left", "few", "full", "empty", "waiting", "cancelled"
LATE = "late"
WHEN = [
    (SOON, "In the next four weeks"),
    (PAST, "Held"),
    (LATE, "Held, register not closed in time"),
    (ALL, "All dates"),
]


class EventTable(RecordTable):
    """Needs ``with_place_counts``."""

    caption = "Events"
    course = tables.Column("Course", order_by=("course__title", "starts_at"))
    starts_at = MomentColumn("When")
    venue = tables.Column("Where")
    mode = tables.Column("How", accessor="course__get_mode_display", order_by="course__mode")
    audience = tables.Column("For whom", accessor="course__audience", orderable=False)
    booked_count = NumberColumn("Places taken")
    capacity = NumberColumn("Places in all")
    left_count = tables.Column("Places left")
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

    def render_left_count(self, record):
        """Held events have nothing left to book."""
        if record.is_cancelled:
            return format_html('<strong class="late-text">{}</strong>', standing_in(record))
        return self.value_left_count(record)

    def value_left_count(self, record):
        return standing_in(record) if record.is_cancelled or record.starts_at >= timezone.now() else ""

    def render_attended_count(self, record):
        return record.attended_count if record.starts_at < timezone.now() and not record.is_cancelled else ""

    value_attended_count = render_attended_count


class EventFilter(RecordFilter):
    """Those still to come show unless asked otherwise."""

    search_fields = ("course__title", "course__audience", "course__level", "venue", "trainers")

    course = django_filters.ModelChoiceFilter(
        label="Course",
        queryset=lambda request: Course.objects.visible_to(request.user),
        empty_label="Any course",
    )
    when = django_filters.ChoiceFilter(
        label="When",
        choices=WHEN,
        empty_label="Still to come",
        method="after_the_others",
    )
    mode = django_filters.ChoiceFilter(
        label="How", field_name="course__mode", choices=Course.Mode.choices, empty_label="Any way"
    )
    places = django_filters.ChoiceFilter(
        label="Places",
        choices=[
            (LEFT, "Places left"),
            (FEW, f"{FEW_LEFT} left or fewer"),
            (FULL, "Full"),
            (EMPTY, "Fewer than half taken"),
            (WAITING, "With a waiting list"),
            (CANCELLED, "Cancelled"),
        ],
        empty_label="Any",
        method="with_places",
    )
    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships, method="of_partnership"
    )

    def __init__(self, data, *args, **kwargs):
        super().__init__(data or {}, *args, **kwargs)  # without data nothing would be filtered
        if len(self.request.user.standing.partnership_ids) < 2:
            del self.filters["partnership"]
        if not run_ids(self.request.user):
            self.filters["when"].extra["choices"] = [each for each in WHEN if each[0] != LATE]

    def after_the_others(self, events, _name, _when):
        """Nothing asked is an answer here, which no filter is told of: see ``filter_queryset``."""
        return events

    def with_places(self, events, _name, places):
        if places == CANCELLED:
            return events.exclude(cancelled_at=None)
        if places == LEFT:
            return events.not_cancelled().filter(left_count__gt=0)
        if places == FULL:
            return events.not_cancelled().filter(left_count=0)
        return {FEW: events.nearly_full, EMPTY: events.hardly_booked, WAITING: events.with_waiting_list}[places]()

    def of_partnership(self, events, _name, partnership):
        """Asked by keys: a join would count each place twice where a course is of two."""
        return events.filter(course__in=Course.objects.filter(partnerships=partnership).values("pk"))

    def filter_queryset(self, events):
        events, now = super().filter_queryset(events), timezone.now()
        when = self.form.cleaned_data.get("when")
        if when == SOON:
            soon = events.soon(on=timezone.localdate(now))
            return soon if self.form.cleaned_data.get("places") == CANCELLED else soon.not_cancelled()
        if when == LATE:  # for whoever may close it
            late = Event.objects.run_by(self.request.user).with_late_register(on=timezone.localdate(now))
            return events.filter(pk__in=late.order_by().values("pk"))
        if when == PAST:
            return events.filter(starts_at__lt=now).order_by("-starts_at", "-pk")
        return events if when == ALL else events.to_come(at=now)
