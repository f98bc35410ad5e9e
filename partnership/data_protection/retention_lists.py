"""The log of what went: counts, never a name."""

import django_tables2 as tables

from partnership.data_protection.map import kinds
from partnership.lists import MomentColumn, NumberColumn, RecordFilter, RecordTable
from partnership.models import RetentionRun


class RunTable(RecordTable):
    caption = "What went"

    kind = tables.Column("Kind of record")
    partnership = tables.Column("Of", accessor="partnership__short_name", default="The installation")
    count = NumberColumn("How many")
    older_than = tables.DateColumn(verbose_name="Older than", format="j F Y")
    at = MomentColumn("When")
    by = tables.Column("On whose word", default="Every night by itself")

    class Meta(RecordTable.Meta):
        model = RetentionRun
        fields = ("kind", "partnership", "count", "older_than", "at", "by")

    def render_kind(self, value):
        kind = kinds().get(value)
        return kind.name if kind else value

    value_kind = render_kind


class RunFilter(RecordFilter):
    class Meta:
        model = RetentionRun
        fields = ()
