"""The list of who answers for whom."""

import django_filters
import django_tables2 as tables
from django.utils.html import format_html

from partnership.lists import RecordFilter, RecordTable
from partnership.templatetags.components import long_date
from plans.models import Delegation

STATES = (("now", "Now"), ("to come", "To come"), ("over", "Over"))


class DelegationTable(RecordTable):
    caption = "Who answers for whom"
    given_to = tables.Column("Who answers", accessor="given_to__name")
    given_by = tables.Column("For", accessor="given_by__name")
    what = tables.Column("What", empty_values=(), orderable=False)
    state = tables.Column("State")
    made_by = tables.Column("Said by", accessor="made_by__name")
    end = tables.Column("To do", empty_values=(), orderable=False, exclude_from_export=True)

    def value_what(self, record):
        if record.deliverable_id:
            return f"{record.deliverable}, {record.round}"
        return f"All that they lead, from {long_date(record.starts_on)} to {long_date(record.ends_on)}"

    def render_what(self, record):
        said = format_html('<br><span class="meta">“{}”</span>', record.note) if record.note else ""
        if record.deliverable_id:
            url, row = record.deliverable.get_absolute_url(), record.deliverable
            return format_html('<a href="{}">{}</a><br><span class="meta">{}</span>{}', url, row, record.round, said)
        return format_html("{}{}", self.value_what(record), said)

    def render_state(self, value):
        return dict(STATES)[value]

    value_state = render_state

    def render_end(self, record):
        if record.state == "over":
            return ""
        hidden = f"{record.given_to} answering for {record.given_by}"
        return format_html(
            '<a href="{}">End<span class="govuk-visually-hidden"> {}</span></a>', record.get_absolute_url(), hidden
        )


class DelegationFilter(RecordFilter):
    search_fields = ("given_by__name", "given_to__name", "deliverable__title")

    state = django_filters.ChoiceFilter(label="State", choices=STATES, empty_label="Any state")

    class Meta:
        model = Delegation
        fields = []
