"""Places as a list: its columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html

from partnership.lists import DayColumn, MomentColumn, RecordFilter, RecordTable
from partnership.models import Organisation
from training.models import Course, Place
from training.rules import run_ids

PAST, ALL = "past", "all"


class PlaceTable(RecordTable):
    caption = "Places"
    person = tables.Column("Person", order_by=("person", "event__starts_at"))
    organisation = tables.Column("Organisation", accessor="organisation__name", order_by="organisation__name")
    course = tables.Column("Course", accessor="event__course__title", order_by=("event__course__title",))
    starts_at = MomentColumn("When", accessor="event__starts_at", order_by="event__starts_at")
    status = tables.Column("Place")

    def render_person(self, record):
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.person)

    def value_person(self, record):
        return record.person

    def render_course(self, record):
        return format_html('<a href="{}">{}</a>', record.event.get_absolute_url(), record.event.course.title)

    def value_course(self, record):
        return record.event.course.title


class PlaceExport(PlaceTable):
    """The same with all that the page of a place says, for a spreadsheet."""

    email = tables.Column("E-mail", accessor="practitioner__email")
    job = tables.Column("Job title", accessor="practitioner__job")
    needs = tables.Column("Needs")
    booked_by = tables.Column("Booked by", accessor="booked_by__name")
    asked_at = MomentColumn("Asked for")
    waiting_since = MomentColumn("Waiting since")
    agreed_at = DayColumn("Manager agreed")
    cancelled_at = MomentColumn("Cancelled")
    cancelled_because = tables.Column("Why it was cancelled")
    is_late = tables.BooleanColumn(verbose_name="Cancelled late")
    waived_because = tables.Column("Not charged because")

    def value_is_late(self, value):
        return value


def organisations_seen(request):
    """Organisations of places that this person sees; nobody else's are offered."""
    places = Place.objects.visible_to(request.user)
    return Organisation.objects.filter(pk__in=places.values("organisation")).order_by("name", "pk")


class PlaceFilter(RecordFilter):
    """Places of events still to come show unless asked otherwise."""

    search_fields = ("person", "practitioner__email", "event__course__title", "organisation__name")

    organisation = django_filters.ModelChoiceFilter(
        label="Organisation", queryset=organisations_seen, empty_label="Any organisation"
    )
    course = django_filters.ModelChoiceFilter(
        label="Course",
        field_name="event__course",
        queryset=lambda request: Course.objects.visible_to(request.user),
        empty_label="Any course",
    )
    status = django_filters.ChoiceFilter(label="Place", choices=Place.Status.choices, empty_label="Any")
    when = django_filters.ChoiceFilter(
        label="When",
        choices=[(PAST, "Held"), (ALL, "All dates")],
        empty_label="Still to come",
        method="after_the_others",
    )

    def __init__(self, data, *args, **kwargs):
        super().__init__(data or {}, *args, **kwargs)  # without data nothing would be filtered
        standing = self.request.user.standing
        if not run_ids(self.request.user) and len(standing.organisation_ids) < 2:
            del self.filters["organisation"]

    def after_the_others(self, places, _name, _when):
        """Nothing asked is an answer here, which no filter is told of: see ``filter_queryset``."""
        return places

    def filter_queryset(self, places):
        places, now = super().filter_queryset(places), timezone.now()
        when = self.form.cleaned_data.get("when")
        if when == PAST:
            return places.filter(event__starts_at__lt=now).order_by("-event__starts_at", "person", "pk")
        return places if when == ALL else places.to_come(at=now)
