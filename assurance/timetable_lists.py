"""The timetable as a list: its columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from assurance.models import TimetableEntry
from assurance.timetable import name_of_quarter
from partnership.access import may
from partnership.lists import DayColumn, PartnershipsColumn, RecordFilter, RecordTable, own_partnerships
from partnership.models import Group
from partnership.templatetags.components import long_date
from plans.models import Plan


class TimetableTable(RecordTable):
    caption = "Assurance timetable"
    title = tables.Column("What we look into")
    kind = tables.Column("Kind")
    quarter_on = DayColumn("Quarter")
    partnerships = PartnershipsColumn()
    group = tables.Column("Group", order_by="group__name")
    priority = tables.Column("Priority", order_by="priority__title")
    done_on = DayColumn("Done", empty_values=())

    def render_title(self, record):
        if may(self.request.user, "change", record):
            address = reverse("assurance:timetable-change", args=[record.pk])
            return format_html('<a href="{}">{}</a>', address, record.title)
        return record.title

    def value_title(self, record):
        return record.title

    def render_quarter_on(self, value):
        return name_of_quarter(value)

    def value_quarter_on(self, value):
        return name_of_quarter(value)

    def render_priority(self, record):
        return str(record.priority) if self.knows(record.priority) else ""

    def value_priority(self, record):
        return str(record.priority) if record.priority and self.knows(record.priority) else ""

    def knows(self, priority):
        """Whether this person may see the plan; asked once for all of an export."""
        if not hasattr(self, "seen"):
            self.seen = set(Plan.objects.visible_to(self.request.user).values_list("pk", flat=True))
        return priority.plan_id in self.seen

    def render_done_on(self, record):
        if record.done_on:
            return long_date(record.done_on)
        if record.is_overdue(on=timezone.localdate()):
            return format_html('<span class="late-text">Overdue since {}</span>', long_date(record.quarter_ends_on))
        return "Not yet"

    def value_done_on(self, record):
        return record.done_on or ("Overdue" if record.is_overdue(on=timezone.localdate()) else "Not yet")


def groups_that_look_into_it(request):
    visible = TimetableEntry.objects.visible_to(request.user)
    return Group.objects.visible_to(request.user).filter(pk__in=visible.values("group"))


class TimetableFilter(RecordFilter):
    search_fields = ("title",)

    kind = django_filters.ChoiceFilter(label="Kind", empty_label="Any kind", choices=TimetableEntry.Kind.choices)
    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships, method="of_partnership"
    )
    group = django_filters.ModelChoiceFilter(label="Group", empty_label="Any group", queryset=groups_that_look_into_it)
    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="All",
        choices=[("waiting", "Not done"), ("overdue", "Overdue"), ("done", "Done")],
        method="in_state",
    )

    def of_partnership(self, entries, _name, partnership):
        return entries.of_partnerships([partnership.pk])

    def in_state(self, entries, _name, state):
        if state == "done":
            return entries.exclude(done_on=None)
        return entries.overdue(on=timezone.localdate()) if state == "overdue" else entries.filter(done_on=None)
