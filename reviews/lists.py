"""The list of cases, for their review group alone: its columns and what it can be narrowed to."""

from datetime import MAXYEAR, MINYEAR

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html

from partnership.lists import DayColumn, PartnershipColumn, RecordFilter, RecordTable
from partnership.models import Area, Partnership
from partnership.templatetags.components import days_late, icon, long_date
from reviews.models import Case, Theme

OPEN, CLOSED = "open", "closed"


class CaseTable(RecordTable):
    caption = "Cases"
    reference = tables.Column("Reference", linkify=True)
    category = tables.Column("What it is about")
    partnership = PartnershipColumn()
    aware_on = DayColumn("Aware since")
    status = tables.Column("Stage")
    next = tables.Column("Next", accessor="pk", orderable=False)

    def render_status(self, value):
        return Case.Status(value).label

    def render_next(self, record):
        if not record.next_title:
            return format_html('<span class="quiet">{}</span>', "Nothing with a clock")
        return format_html(
            '<span class="when{}">{}<small>{}<span>{}</span></small></span>',
            " late" if is_late(record) else "",
            record.next_title,
            icon("late" if is_late(record) else "date"),
            due_words(record),
        )

    def value_next(self, record):
        return f"{record.next_title}. {due_words(record)}" if record.next_title else ""


def is_late(case):
    return case.next_due_on < timezone.localdate()


def due_words(case):
    if is_late(case):
        return f"Was due {long_date(case.next_due_on)}: {days_late(case.next_due_on, timezone.localdate())}"
    return f"By {long_date(case.next_due_on)}"


def partnerships_of_cases(request):
    return Partnership.objects.filter(pk__in=request.user.standing.case_group_ids)


def areas_of_cases(request):
    return Area.objects.filter(partnerships__in=request.user.standing.case_group_ids).distinct()


class CaseFilter(RecordFilter):
    search_fields = ("reference", "category")

    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=partnerships_of_cases
    )
    state = django_filters.ChoiceFilter(
        label="Which", empty_label="Open and closed", choices=[(OPEN, "Open"), (CLOSED, "Closed")], method="in_state"
    )
    status = django_filters.ChoiceFilter(label="Stage", empty_label="Any stage", choices=Case.Status.choices)
    theme = django_filters.ModelChoiceFilter(
        label="Theme", empty_label="Any theme", field_name="themes", queryset=Theme.objects.all()
    )
    area = django_filters.ModelChoiceFilter(label="Area", empty_label="Any area", queryset=areas_of_cases)
    year = django_filters.NumberFilter(
        label="Aware in the year", field_name="aware_on", lookup_expr="year", min_value=MINYEAR, max_value=MAXYEAR
    )
    late = django_filters.ChoiceFilter(
        label="Late",
        empty_label="Late or not",
        choices=[("yes", "Something is late"), ("no", "Nothing is late")],
        method="is_late",
    )

    def is_late(self, cases, _name, answer):
        late = Q(next_due_on__lt=timezone.localdate(), closed_on=None)
        return cases.filter(late) if answer == "yes" else cases.exclude(late)

    def in_state(self, cases, _name, state):
        return cases.open() if state == OPEN else cases.exclude(closed_on=None)
