"""Lists about reminders: what goes out on a day, what was sent, what came back; and the mails that the demo kept."""

import django_filters
import django_tables2 as tables
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from partnership.lists import DayColumn, MomentColumn, RecordFilter, RecordTable
from partnership.models import Reminder, ReminderPreference
from partnership.reminder_words import RESTRICTED, due_words, kind_name
from partnership.templatetags.components import long_date

KINDS = [(kind, kind_name(kind)) for kind in settings.DEADLINE_KINDS]


class DayTable(RecordTable):
    """The lines of a day, to be taken away; the page lays them out by person."""

    caption = "Who is told of what"
    person = tables.Column("To", accessor="person", empty_values=())
    title = tables.Column("About")
    due_on = DayColumn("Due")
    why = tables.Column("Why")
    why_not = tables.Column("Why not")

    def value_person(self, record):
        return str(record.person or "Nobody")


class SentTable(RecordTable):
    """Needs ``visible_to``: of each message ``shown``, the reminders that this office may read."""

    caption = "Reminders that were sent"
    recipient = tables.Column("To", accessor="recipient__name")
    accepted_at = MomentColumn("When")
    about = tables.Column("About", accessor="shown", orderable=False)
    came_to = tables.Column("Delivery", empty_values=(), orderable=False)

    def render_about(self, value):
        lines = ((each.title or RESTRICTED, long_date(each.due_on), due_words(each)) for each in value)
        items = format_html_join("", '<li>{} <span class="meta">due {}, {}</span></li>', lines)
        return format_html('<ul class="plain">{}</ul>', items)

    def value_about(self, value):
        return "; ".join(
            f"{each.title or RESTRICTED} (due {long_date(each.due_on)}, {due_words(each)})" for each in value
        )

    def value_came_to(self, record):
        """What whoever carries the mail said of it, and how often it was tried."""
        tries = record.attempt_count + 1
        at_try = f", at try {tries}" if tries > 1 else ""
        if record.bounced_at:
            return f"Came back on {moment(record.bounced_at)}"
        if record.delivered_at:
            return f"Delivered on {moment(record.delivered_at)}{at_try}"
        return f"Taken by the mail server{at_try}"

    render_came_to = value_came_to


def moment(at):
    return f"{long_date(at)} at {timezone.localtime(at):%H:%M}"


class SentFilter(RecordFilter):
    """What it was about is not searched: a message may also be about what this office must not know."""

    search_fields = ("recipient__name", "recipient__email")

    kind = django_filters.ChoiceFilter(label="Kind", empty_label="Any kind", choices=KINDS, method="of_kind")
    first = django_filters.DateFilter(label="From", field_name="day", lookup_expr="gte")
    last = django_filters.DateFilter(label="To", field_name="day", lookup_expr="lte")

    def of_kind(self, queryset, _name, kind):
        shown = Reminder.objects.visible_to(self.request.user).filter(deadline_key__startswith=f"{kind}:")
        return queryset.filter(pk__in=shown.exclude(message=None).values("message"))


class BounceTable(RecordTable):
    """Addresses, and whether mails go there."""

    caption = "Addresses from which mails came back"
    email = tables.Column("Address")
    noticed_at = MomentColumn("Came back")
    answer = tables.Column("In its own words", orderable=False)
    state = tables.Column("Now", empty_values=(), orderable=False)

    def value_state(self, record):
        if record.cleared_at:
            return f"Right again since {long_date(record.cleared_at)}: {record.cleared_by}"
        if not record.is_permanent:
            return "It may pass: tried again by itself"
        return "Nothing is sent there"

    def render_state(self, record):
        words = self.value_state(record)
        if record.cleared_at or not record.is_permanent:
            return words
        return format_html(
            '{}<br><a class="govuk-link" href="{}">The address is right'
            '<span class="govuk-visually-hidden">: {}</span></a>',
            words,
            reverse("partnership:bounce-clear", args=[record.pk]),
            record.email,
        )


class BounceFilter(RecordFilter):
    search_fields = ("email",)

    state = django_filters.ChoiceFilter(
        label="Now",
        empty_label="Any",
        choices=[("stopped", "Nothing is sent there"), ("cleared", "Right again"), ("passing", "It may pass")],
        method="in_state",
    )

    def in_state(self, queryset, _name, state):
        if state == "cleared":
            return queryset.exclude(cleared_at=None)
        return queryset.filter(cleared_at=None, is_permanent=state == "stopped")


class ChoiceTable(RecordTable):
    """What people have chosen for themselves."""

    caption = "How often people want to hear"
    user = tables.Column("Who", accessor="user__name")
    kind = tables.Column("Of what", empty_values=())
    pace = tables.Column("How often")

    def value_kind(self, record):
        return kind_name(record.kind) if record.kind else "All others"

    render_kind = value_kind

    def value_pace(self, record):
        return record.get_pace_display()

    render_pace = value_pace


class ChoiceFilter(RecordFilter):
    search_fields = ("user__name", "user__email")

    kind = django_filters.ChoiceFilter(label="Of what", empty_label="Anything", choices=KINDS)
    pace = django_filters.ChoiceFilter(label="How often", empty_label="Any", choices=ReminderPreference.Pace.choices)


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
