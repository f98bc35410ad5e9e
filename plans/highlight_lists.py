"""Lists of highlight reports: of a group, and of a round."""

import django_tables2 as tables
from django.db.models import Case, IntegerField, Value, When

from partnership.lists import DayColumn, RecordFilter, RecordTable
from plans.highlight_content import SECTIONS


def text_column(name):
    """A section, in an export alone: a table of such texts could not be read."""
    return tables.Column(SECTIONS[name][0].format(whose="children and adults"), visible=False)


class HighlightTable(RecordTable):
    round = tables.Column("Period", order_by=("round__closes_on",), linkify=lambda record: record.get_absolute_url())
    group = tables.Column("Group", order_by=("group__name",))
    plan = tables.Column("Plan", accessor="round__plan", order_by=("round__plan__title",))
    edition = tables.Column("Edition")
    state = tables.Column("State", accessor="pk", order_by=("submitted_at",))
    submitted_at = DayColumn("Submitted")
    submitted_to = tables.Column("To", order_by=("submitted_to__name",))
    submitted_by = tables.Column("By", order_by=("submitted_by__name",))
    achievements = text_column("achievements")
    difference_made = text_column("difference_made")
    voice = text_column("voice")
    risks = text_column("risks")
    escalations = text_column("escalations")
    next_period = text_column("next_period")

    def render_state(self, record):
        return state_of(record)

    def value_state(self, record):
        return state_of(record)


class RoundHighlightTable(HighlightTable):
    """Of one round: the group names the row."""

    group = tables.Column("Group", order_by=("group__name",), linkify=lambda record: record.get_absolute_url())
    round = tables.Column("Period", order_by=("round__closes_on",), visible=False)

    class Meta(RecordTable.Meta):
        sequence = ("group", "round", "...")


def state_of(report):
    if report.submitted_at is None:
        return "Draft"
    return f"Replaced by edition {report.edition + 1}" if report.replaced_by_id else "Submitted"


class HighlightFilter(RecordFilter):
    search_fields = (*SECTIONS, "group__name", "round__name", "lines__progress")


def in_order(reports):
    """Drafts first, then the newest round's; an earlier edition after the one that replaced it."""
    is_sent = Case(When(submitted_at=None, then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        reports.select_related("group", "round__plan", "submitted_to", "submitted_by")
        .alias(is_sent=is_sent)
        .order_by("is_sent", "-round__closes_on", "group__name", "-edition")
    )
