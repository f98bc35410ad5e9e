"""The list of cases, for their review group alone: its columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html

from partnership.lists import DayColumn, RecordFilter, RecordTable
from partnership.models import Partnership
from partnership.templatetags.components import days_late, icon, long_date
from reviews.models import Case
from reviews.timeline import next_stage_of

OPEN, CLOSED = "open", "closed"


class CaseTable(RecordTable):
    caption = "Cases"
    reference = tables.Column("Reference", linkify=True)
    category = tables.Column("What it is about")
    partnership = tables.Column("Of", order_by="partnership__name")
    aware_on = DayColumn("Aware since")
    stage = tables.Column("Stage")
    next = tables.Column("Next", accessor="pk", orderable=False)

    def render_next(self, record):
        stage = next_stage(record)
        if not stage:
            return format_html('<span class="quiet">{}</span>', "Nothing with a clock")
        if not stage.due_on:
            return stage.title
        return format_html(
            '<span class="when{}">{}<small>{}<span>{}</span></small></span>',
            " late" if stage.is_late else "",
            stage.title,
            icon("late" if stage.is_late else "date"),
            due_words(stage),
        )

    def value_next(self, record):
        stage = next_stage(record)
        if not stage:
            return ""
        return f"{stage.title}. {due_words(stage)}" if stage.due_on else stage.title


def next_stage(case):
    return None if case.stage == Case.Stage.CLOSED else next_stage_of(case, on=timezone.localdate())


def due_words(stage):
    if stage.is_late:
        return f"Was due {long_date(stage.due_on)}: {days_late(stage.due_on, timezone.localdate())}"
    return f"By {long_date(stage.due_on)}"


def partnerships_of_cases(request):
    return Partnership.objects.filter(pk__in=request.user.standing.case_group_ids)


class CaseFilter(RecordFilter):
    search_fields = ("reference", "category")

    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=partnerships_of_cases
    )
    state = django_filters.ChoiceFilter(
        label="Which", empty_label="Open and closed", choices=[(OPEN, "Open"), (CLOSED, "Closed")], method="in_state"
    )
    stage = django_filters.ChoiceFilter(label="Stage", empty_label="Any stage", choices=Case.Stage.choices)

    def in_state(self, cases, _name, state):
        return cases.open() if state == OPEN else cases.filter(stage=Case.Stage.CLOSED)
