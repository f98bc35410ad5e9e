"""The list of signed links."""

import django_filters
import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html

from partnership.lists import DayColumn, MomentColumn, NumberColumn, RecordFilter, RecordTable
from plans.models import UpdateLink

STATES = (("working", "Works"), ("stopped", "Stopped"), ("over", "Over"))


class LinkTable(RecordTable):
    caption = "Links for answering without signing in"
    holder = tables.Column("Mailed to", accessor="holder__name")
    made_at = MomentColumn("When")
    state = tables.Column("State", empty_values=(), orderable=False)
    expires_at = DayColumn("Until")
    last_used_at = MomentColumn("Last used")
    browser_count = NumberColumn("Browsers")
    answer_count = NumberColumn("Answers")

    def render_holder(self, record):
        return format_html(
            '<a href="{}">{}<span class="govuk-visually-hidden">, {}</span></a>',
            record.get_absolute_url(),
            record.holder,
            timezone.localtime(record.made_at).strftime("%d %B %Y %H:%M"),
        )

    def value_holder(self, record):
        return str(record.holder)

    def render_expires_at(self, record):
        return DayColumn.render(self.columns["expires_at"].column, timezone.localtime(record.expires_at).date())

    def render_state(self, record):
        return dict(STATES)[record.state]

    value_state = render_state


class LinkFilter(RecordFilter):
    search_fields = ("holder__name", "holder__email")

    state = django_filters.ChoiceFilter(label="State", choices=STATES, empty_label="Any state")

    class Meta:
        model = UpdateLink
        fields = []
