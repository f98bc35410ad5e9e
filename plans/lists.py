"""The list of plans: its columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables

from partnership.lists import (
    DayColumn,
    NumberColumn,
    PartnershipsColumn,
    RecordFilter,
    RecordTable,
    own_partnerships,
)
from partnership.templatetags.components import long_date
from plans.models import Plan


class PlanTable(RecordTable):
    """Needs ``with_counts``."""

    caption = "Plans of your partnerships"
    title = tables.Column("Plan", linkify=True)
    starts_on = DayColumn("From")
    ends_on = DayColumn("To")
    partnerships = PartnershipsColumn()
    priority_count = NumberColumn("Priorities")
    deliverable_count = NumberColumn("Deliverables")
    status = tables.Column("Status")
    version = tables.Column("Version", orderable=False)

    def render_status(self, record):
        if record.status == Plan.Status.CONSULTATION and record.comments_until:
            return f"Out for comment until {long_date(record.comments_until)}"
        return record.get_status_display()

    value_status = render_status


class PlanFilter(RecordFilter):
    search_fields = ("title", "priorities__title")

    partnership = django_filters.ModelChoiceFilter(
        label="Partnership",
        empty_label="Any partnership",
        queryset=own_partnerships,
        method="of_partnership",
    )
    status = django_filters.ChoiceFilter(label="Status", empty_label="Any status", choices=Plan.Status.choices)

    def of_partnership(self, plans, _name, partnership):
        """Counts of what hangs on a plan must not be multiplied by a second look at its partnerships."""
        return plans.filter(pk__in=Plan.objects.filter(partnerships=partnership).values("pk"))
