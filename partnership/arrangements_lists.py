"""The tables and filters of arrangements and of disputes."""

import django_filters
import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html

from partnership.lists import DayColumn, RecordFilter, RecordTable, own_partnerships
from partnership.models import Arrangements, Dispute
from partnership.templatetags.components import days_late, long_date

# Arrangements


class ArrangementsTable(RecordTable):
    """Needs a queryset with ``with_standing``."""

    title = tables.Column("Arrangements", order_by=("title", "version"), linkify=True)
    partnership = tables.Column("Partnership", accessor="partnership__name")
    version = tables.Column("Version")
    status = tables.Column("Where it stands")
    endorsed_count = tables.Column("Endorsed by", orderable=False)
    in_force_from = DayColumn("In force from")
    review_on = DayColumn("To be reviewed")

    class Meta(RecordTable.Meta):
        model = Arrangements
        fields = ("title", "partnership", "version", "status", "endorsed_count", "in_force_from", "review_on")
        order_by = ("partnership", "-version")

    def render_status(self, record):
        return standing_words(record)

    value_status = render_status

    def render_endorsed_count(self, record):
        if record.is_published or not record.waiting_count:
            return f"{record.endorsed_count}"
        return f"{record.endorsed_count} of {record.endorsed_count + record.waiting_count}"

    value_endorsed_count = render_endorsed_count


def standing_words(arrangements):
    """ "In force", "Published, for later", "Earlier version", "Being endorsed" or "Draft"."""
    if not arrangements.is_published:
        return arrangements.get_status_display()
    if arrangements.version == arrangements.in_force_version:
        return "In force"
    if arrangements.in_force_version is None or arrangements.version > arrangements.in_force_version:
        return "Published, for later"
    return "Earlier version"


class ArrangementsFilter(RecordFilter):
    search_fields = ("title", "summary")
    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships
    )
    status = django_filters.ChoiceFilter(
        label="Where it stands", empty_label="Anywhere", choices=Arrangements.Status.choices
    )

    class Meta:
        model = Arrangements
        fields = ["words", "partnership", "status"]


# Disputes


class DisputeTable(RecordTable):
    """Needs a queryset with ``with_stage``."""

    title = tables.Column("What it is about", linkify=True)
    ref = tables.Column("Ref")
    partnership = tables.Column("Of", accessor="partnership__short_name")
    raised_by = tables.Column("Raised by", accessor="raised_by__name")
    raised_on = DayColumn("Raised")
    stage_name = tables.Column("Stage")
    stage_due_on = DayColumn("Answer due")
    settled_on = DayColumn("Settled")

    class Meta(RecordTable.Meta):
        model = Dispute
        fields = ("title", "ref", "partnership", "raised_by", "raised_on", "stage_name", "stage_due_on", "settled_on")

    def render_stage_due_on(self, value):
        late = days_late(value, timezone.localdate())
        if late:
            return format_html('{} <span class="late-text">{}</span>', long_date(value), late)
        return long_date(value)

    def value_stage_due_on(self, value):
        return value


class DisputeFilter(RecordFilter):
    search_fields = ("title", "ref", "about", "raised_by__name")
    state = django_filters.ChoiceFilter(
        label="Show",
        empty_label="Open and settled",
        choices=[("open", "Open"), ("settled", "Settled")],
        method="in_state",
    )

    class Meta:
        model = Dispute
        fields = ["words", "state"]

    def in_state(self, queryset, _name, state):
        return queryset.filter(settled_on__isnull=state == "open")
