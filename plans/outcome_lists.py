"""The list of what became of a plan's promises: columns, and what it is narrowed to."""

import django_filters
import django_tables2 as tables
from django.utils.html import format_html_join

from partnership.lists import DayColumn, RecordFilter, RecordTable
from plans.trail import OUTCOMES

WORDS = dict(OUTCOMES)


class OutcomeTable(RecordTable):
    """Needs ``trail.with_outcomes``."""

    caption = "What became of every promise"
    title = tables.Column("Deliverable", linkify=True, order_by=("priority__position", "position"))
    priority = tables.Column("Priority", order_by="priority__position")
    outcome = tables.Column("What became of it")
    reason = tables.Column("Difference made, or why", orderable=False)
    goes_on = tables.Column("Goes on as", orderable=False)
    outcome_on = DayColumn("Since")

    def render_title(self, record):
        return str(record)

    def value_title(self, record):
        return str(record)

    def render_outcome(self, value):
        return WORDS[value]

    def value_outcome(self, value):
        return WORDS[value]

    def render_goes_on(self, value):
        links = ((each.get_absolute_url(), each.full_ref or "a row", each.priority.plan) for each in value)
        return format_html_join(", ", '<a href="{}">{} of {}</a>', links)

    def value_goes_on(self, value):
        return ", ".join(f"{each.full_ref or 'a row'} of {each.priority.plan}" for each in value)


class OutcomeFilter(RecordFilter):
    search_fields = ("title", "description", "priority__title")

    outcome = django_filters.ChoiceFilter(label="What became of it", empty_label="Anything", choices=OUTCOMES)
