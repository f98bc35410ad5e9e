"""The register of inspections: its columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.db.models import F
from django.utils.html import format_html

from assurance.models import Inspection
from assurance.risk_lists import OfOneColumn
from partnership.lists import DayColumn, NumberColumn, RecordFilter, RecordTable, own_partnerships
from partnership.models import Organisation
from partnership.templatetags.components import long_date

OPEN, CLOSED = "open", "closed"


class InspectionTable(RecordTable):
    """Needs ``with_what_is_open``."""

    caption = "Inspections"
    title = tables.Column("What was inspected")
    inspectorate = tables.Column("By whom")
    organisation = tables.Column("Of whom", order_by="organisation__name", empty_values=())
    starts_on = DayColumn("Began")
    outcome = tables.Column("Outcome")
    open_recommendation_count = NumberColumn("Recommendations open")
    open_action_count = NumberColumn("Actions open")
    next_on = DayColumn("Again about")
    closed_on = DayColumn("Closed", empty_values=())
    partnership = OfOneColumn()

    def render_title(self, record):
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.title)

    def value_title(self, record):
        return record.title

    def render_organisation(self, record):
        return str(record.organisation or "All of us")

    def render_closed_on(self, record):
        return long_date(record.closed_on) if record.closed_on else "Open"

    def value_closed_on(self, record):
        return record.closed_on or "Open"


class InspectionExport(InspectionTable):
    """The same with all that the page of an inspection says, for a spreadsheet."""

    ends_on = DayColumn("Ended")
    published_on = DayColumn("Report published")
    summary = tables.Column("What it said")
    address = tables.Column("Where it can be read")
    released_on = DayColumn("Told to members")
    closed_because = tables.Column("What came of it")


def organisations_inspected(request):
    inspections = Inspection.objects.visible_to(request.user)
    return Organisation.objects.filter(pk__in=inspections.values("organisation")).order_by("name")


class InspectionFilter(RecordFilter):
    search_fields = ("title", "inspectorate", "outcome", "summary", "organisation__name")

    state = django_filters.ChoiceFilter(
        label="Which", empty_label="All", choices=[(OPEN, "Open"), (CLOSED, "Closed")], method="in_state"
    )
    organisation = django_filters.ModelChoiceFilter(
        label="Of whom", empty_label="Anybody", queryset=organisations_inspected
    )
    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if len(self.request.user.standing.partnership_ids) < 2:
            del self.filters["partnership"]

    def in_state(self, inspections, _name, state):
        return inspections.open() if state == OPEN else inspections.exclude(closed_on=None)


def register(user):
    """The inspections that this person may read, open ones first, as the table needs them."""
    return (
        Inspection.objects.visible_to(user)
        .with_what_is_open()
        .select_related("partnership", "organisation")
        .order_by(F("closed_on").desc(nulls_first=True), "-starts_on", "-pk")
    )
