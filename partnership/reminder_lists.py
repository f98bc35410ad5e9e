"""Lists of the e-mails that were sent, and of those that the demo kept."""

import django_filters
import django_tables2 as tables
from django.utils.html import format_html, format_html_join

from partnership.lists import MomentColumn, RecordFilter, RecordTable
from partnership.templatetags.components import long_date

RESTRICTED = "A restricted item"


class SentTable(RecordTable):
    """Needs ``visible_to``: of each message ``shown``, the reminders that this office may read."""

    caption = "Reminders that were sent"
    recipient = tables.Column("To", accessor="recipient__name")
    accepted_at = MomentColumn("When")
    about = tables.Column("About", accessor="shown", orderable=False)

    def render_about(self, value):
        lines = ((each.title or RESTRICTED, due_words(each)) for each in value)
        items = format_html_join("", '<li>{} <span class="meta">{}</span></li>', lines)
        return format_html('<ul class="plain">{}</ul>', items)

    def value_about(self, value):
        return "; ".join(f"{each.title or RESTRICTED} ({due_words(each)})" for each in value)


def due_words(reminder):
    """ "due 22 January 2027, 8 working days before, asked for by Nadia Fenwick"."""
    asked = f", asked for by {reminder.asked_by}" if reminder.asked_by else ""
    return f"due {long_date(reminder.due_on)}, {reminder.step_in_words}{asked}"


class SentFilter(RecordFilter):
    """What it was about is not searched: a message may also be about what this office must not know."""

    search_fields = ("recipient__name", "recipient__email")

    first = django_filters.DateFilter(label="From", field_name="day", lookup_expr="gte")
    last = django_filters.DateFilter(label="To", field_name="day", lookup_expr="lte")


class OutboxTable(RecordTable):
    caption = "E-mails"
    subject = tables.Column("Subject")
    recipients = tables.Column("To")
    sent_at = MomentColumn("When")

    def render_subject(self, record):
        return format_html(
            '<a href="{}">{}<span class="govuk-visually-hidden">, to {}</span></a>',
            record.get_absolute_url(),
            record.subject,
            record.recipients,
        )

    def value_subject(self, record):
        return record.subject


class OutboxFilter(RecordFilter):
    search_fields = ("subject", "recipients", "body")
