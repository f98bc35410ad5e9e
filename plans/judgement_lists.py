"""The list of a plan's outcome statements: columns, and what it is narrowed to."""

import django_filters
import django_tables2 as tables

from partnership.lists import NumberColumn, RecordFilter, RecordTable
from plans.outcomes import IN_ORDER, IS_GAP, LEVELS

WORDS = dict(LEVELS)


class OutcomeStatementTable(RecordTable):
    """Needs ``outcomes.judged_outcomes``."""

    caption = "What will be different, and whether it is so yet"
    text = tables.Column(
        "Outcome statement",
        linkify=("plans:outcome-detail", {"pk": tables.A("pk")}),
        order_by=("priority__position", "position"),
    )
    priority = tables.Column("Priority", order_by="priority__position")
    level = tables.Column("Is it so yet?")
    judged_in = tables.Column("Judged in", orderable=False)
    how = tables.Column("How we know", orderable=False)
    evidence_count = NumberColumn("Evidence")

    def render_level(self, value):
        return WORDS[value]

    value_level = render_level

    def render_how(self, value, record):
        return value or "Nobody has said how we know"

    def value_how(self, record):
        return record.how

    def order_level(self, outcomes, is_descending):
        placed = outcomes.annotate(level_place=IN_ORDER)
        return placed.order_by("-level_place" if is_descending else "level_place"), True


class OutcomeStatementFilter(RecordFilter):
    search_fields = ("text", "priority__title", "judgements__words")

    level = django_filters.ChoiceFilter(label="Is it so yet?", empty_label="Any", choices=LEVELS)
    gap = django_filters.ChoiceFilter(
        label="Gaps",
        empty_label="All outcomes",
        choices=[("yes", "Without judgement or evidence")],
        method="with_gap",
    )

    def with_gap(self, outcomes, _name, _value):
        return outcomes.filter(IS_GAP)
