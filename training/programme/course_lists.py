"""The courses as a list: what is taught, how often it was held, when it is next."""

import django_filters
import django_tables2 as tables
from django.db.models import Count, Min, Q

from partnership.lists import (
    UNBROKEN,
    DayColumn,
    NumberColumn,
    PartnershipsColumn,
    RecordFilter,
    RecordTable,
    own_partnerships,
)
from training.models import Competency, Course

RETIRED, ALL = "retired", "all"


def courses_of(user, *, at):
    """What this person may see, as the table needs it: ``held_count``, ``coming_count`` and ``next_at``."""
    held = Q(held_events__cancelled_at=None)
    coming = held & Q(held_events__starts_at__gte=at)
    visible = Course.objects.visible_to(user)
    return (
        Course.objects.filter(pk__in=visible.values("pk"))
        .annotate(
            held_count=Count("held_events", filter=held & Q(held_events__starts_at__lt=at)),
            coming_count=Count("held_events", filter=coming),
            next_at=Min("held_events__starts_at", filter=coming),
        )
        .prefetch_related("partnerships")
        .order_by("title", "pk")
    )


class CourseTable(RecordTable):
    caption = "Courses"
    title = tables.Column("Course", linkify=True)
    partnerships = PartnershipsColumn()
    mode = tables.Column("How", attrs=UNBROKEN)
    level = tables.Column("Level")
    audience = tables.Column("For whom")
    next_at = DayColumn("Next held")
    coming_count = NumberColumn("To come")
    held_count = NumberColumn("Held")


class CourseExport(CourseTable):
    purpose = tables.Column("What it is for")
    afterwards = tables.Column("What people can do afterwards")
    retired_on = DayColumn("Not held any more since")


class CourseFilter(RecordFilter):
    """Those that are held, unless the address asks for retired ones too."""

    search_fields = ("title", "purpose", "afterwards", "audience", "level", "competencies__title")

    state = django_filters.ChoiceFilter(
        label="Which",
        choices=[(RETIRED, "Not held any more"), (ALL, "All of them")],
        empty_label="Held now",
        method="in_state",
    )
    mode = django_filters.ChoiceFilter(label="How", choices=Course.Mode.choices, empty_label="Any way")
    level = django_filters.ChoiceFilter(label="Level", empty_label="Any level")
    competency = django_filters.ModelChoiceFilter(
        label="Competency",
        queryset=lambda request: Competency.objects.visible_to(request.user),
        empty_label="Any competency",
        method="with_competency",
    )
    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships, method="of_partnership"
    )

    def __init__(self, data, *args, **kwargs):
        super().__init__(data or {}, *args, **kwargs)
        user = self.request.user
        levels = Course.objects.visible_to(user).exclude(level="").order_by("level").values_list("level", flat=True)
        self.filters["level"].extra["choices"] = [(each, each) for each in dict.fromkeys(levels)]
        if len(user.standing.partnership_ids) < 2:
            del self.filters["partnership"]

    @property
    def state_asked(self):
        self.form.is_valid()
        return self.form.cleaned_data.get("state") or ""

    @property
    def qs(self):
        return super().qs if self.state_asked else super().qs.offered()

    def in_state(self, courses, _name, state):
        return courses if state == ALL else courses.exclude(retired_on=None)

    def with_competency(self, courses, _name, competency):
        return courses.filter(pk__in=competency.courses.values("pk"))

    def of_partnership(self, courses, _name, partnership):
        return courses.filter(pk__in=partnership.courses.values("pk"))
