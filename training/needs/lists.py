"""Learning needs analyses as a list."""

import django_filters
import django_tables2 as tables
from django.utils import timezone

from partnership.lists import DayColumn, NumberColumn, RecordFilter, RecordTable, own_partnerships
from training.needs.deciding import year_name

LATE = "late"


class AnalysisTable(RecordTable):
    """Needs ``with_counts``."""

    caption = "Learning needs analyses"
    title = tables.Column("Analysis", linkify=True)
    partnership = tables.Column("For", accessor="partnership__short_name")
    year = tables.Column("Year", accessor="starts_on", order_by="starts_on")
    need_count = NumberColumn("Needs")
    open_count = NumberColumn("Not decided")
    closes_on = DayColumn("Questions close")
    settled_on = DayColumn("Settled")

    def render_year(self, record):
        return year_name(record.starts_on, record.ends_on)


class AnalysisFilter(RecordFilter):
    search_fields = ("title", "needs__topic", "needs__audience")

    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships
    )
    settled = django_filters.ChoiceFilter(
        label="State",
        empty_label="Any",
        choices=[("yes", "Settled"), ("no", "In the making"), (LATE, "Asked, and not settled")],
        method="with_state",
    )

    def with_state(self, analyses, _name, state):
        if state == LATE:
            return analyses.to_settle(on=timezone.localdate())
        return analyses.filter(settled_on__isnull=state == "no")
