"""Evaluations as a list: an event a row with what is told of it, narrowed by course and days."""

from datetime import timedelta

import django_filters
import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html

from partnership.lists import DayColumn, NumberColumn, RecordFilter, RecordTable
from partnership.templatetags.components import long_date
from training.evaluation.words import to_sum_up
from training.models import Course, Event
from training.rules import run_ids

ALL, TO_SUM_UP = "all", "to-sum-up"
A_YEAR = timedelta(days=366)


def figure(label, path):
    """A column of one of the event's figures, ``path`` from its Figures; empty where it is not told."""
    return FigureColumn(label, path=path)


class FigureColumn(NumberColumn):
    def __init__(self, *args, path, **kwargs):
        self.path = path
        super().__init__(*args, **{"orderable": False, "empty_values": (), "accessor": "pk", **kwargs})

    def render(self, record, table):
        value = reached(table.figures[record.pk], self.path)
        return "" if value is None else value

    def value(self, record, table):
        return reached(table.figures[record.pk], self.path)


def reached(figures, path):
    """The figure at ``path``; None where something on the way is not told."""
    for name in path.split("."):
        figures = getattr(figures, name)
        if figures is None:
            return None
    return figures


class EvaluationTable(RecordTable):
    """Events. Needs ``figures``: ``{pk: Figures}``."""

    caption = "Evaluations by event"
    course = tables.Column("Course", order_by=("course__title", "starts_at"))
    starts_at = DayColumn("Held")
    came = figure("Came", "came_count")
    after_answered = figure("Answered straight after", "after.answered_count")
    after_share = figure("Per cent of those who came", "after.came_share")
    later_answered = figure("Answered weeks later", "later.answered_count")
    before_mean = figure("Confidence before", "learned.earlier.mean")
    after_mean = figure("Confidence after", "learned.later.mean")
    usefulness = figure("Usefulness", "after.usefulness.mean")

    def render_course(self, record):
        return format_html(
            '<a href="{}evaluation/">{}<span class="govuk-visually-hidden"> on {}</span></a>',
            record.get_absolute_url(),
            record.course.title,
            long_date(record.starts_at),
        )

    def value_course(self, record):
        return record.course.title


# What a spreadsheet holds of each event and of each course; never of one person.
IN_FULL = [
    ("Came", "came_count"),
    ("Asked before", "before.asked_count"),
    ("Answered before", "before.answered_count"),
    ("Confidence before, of everybody where told", "before.confidence.mean"),
    ("Asked after", "after.asked_count"),
    ("Answered after", "after.answered_count"),
    ("Per cent of those asked", "after.asked_share"),
    ("Per cent of those who came", "after.came_share"),
    ("Confidence after, of everybody where told", "after.confidence.mean"),
    ("Usefulness", "after.usefulness.mean"),
    ("Answered before and after", "learned.count"),
    ("Their confidence before", "learned.earlier.mean"),
    ("Their confidence after", "learned.later.mean"),
    ("More confident", "learned.more_count"),
    ("Asked weeks later", "later.asked_count"),
    ("Answered weeks later", "later.answered_count"),
    ("Per cent of those asked, weeks later", "later.asked_share"),
    ("Per cent of those who came, weeks later", "later.came_share"),
    ("Confidence weeks later, of everybody where told", "later.confidence.mean"),
    ("Answered before and weeks later", "kept.count"),
    ("Their confidence before (of those)", "kept.earlier.mean"),
    ("Their confidence weeks later", "kept.later.mean"),
    ("Managers asked", "manager.asked_count"),
    ("Managers who answered", "manager.answered_count"),
    ("Managers compared with practitioners", "manager.agreement_count"),
    ("Managers who said the same", "manager.agree_count"),
]
OF_CHANGED = ["Practice changed", "Partly", "Not yet", "No"]


def row_in_full(figures):
    changed = figures.later.changed.counts if figures.later.changed else [None] * len(OF_CHANGED)
    return [*(reached(figures, path) for _, path in IN_FULL), *changed]


def headings_in_full():
    return [*(heading for heading, _ in IN_FULL), *OF_CHANGED]


class EvaluationFilter(RecordFilter):
    """Those of the last twelve months unless other days are asked for.

    Whatever is chosen adds up what is told of each event, so that no choice tells more.
    """

    search_fields = ("course__title", "course__audience")

    course = django_filters.ModelChoiceFilter(
        label="Course", queryset=lambda request: Course.objects.visible_to(request.user), empty_label="Any course"
    )
    since = django_filters.DateFilter(label="Held from", field_name="starts_at", lookup_expr="date__gte")
    until = django_filters.DateFilter(label="to", field_name="starts_at", lookup_expr="date__lte")
    when = django_filters.ChoiceFilter(
        label="When",
        choices=[(ALL, "All dates")],
        empty_label="Last twelve months, unless days are chosen",
        method="after_the_others",
    )

    answers = django_filters.ChoiceFilter(
        label="Answers",
        choices=[(TO_SUM_UP, "To sum up")],
        empty_label="Any",
        method="with_answers",
    )

    def __init__(self, data, *args, **kwargs):
        super().__init__(data or {}, *args, **kwargs)  # without data nothing would be filtered
        if not run_ids(self.request.user):
            del self.filters["answers"]

    def with_answers(self, events, _name, _state):
        run = Event.objects.run_by(self.request.user)
        return events.filter(pk__in=to_sum_up(run, on=timezone.localdate()).order_by().values("pk"))

    def after_the_others(self, events, _name, _when):
        """See ``filter_queryset``, which is asked where nothing is chosen too."""
        return events

    def filter_queryset(self, events):
        events, chosen = super().filter_queryset(events), self.form.cleaned_data
        if chosen.get("when") == ALL or chosen.get("since") or chosen.get("until"):
            return events
        return events.filter(starts_at__gte=timezone.now() - A_YEAR)
