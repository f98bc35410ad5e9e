"""Mails to people without an account as a list: its columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from partnership.lists import LONGEST_WORDS, MomentColumn, RecordFilter, RecordTable
from partnership.reminders.bounces import bounced_at
from partnership.templatetags.components import long_date
from training.mails.mending import is_undelivered
from training.models import Event, TrainingMail
from training.models.mails import OVERTAKEN

SENT, WAITS, NOT_SENT, RETURNED, PASSED = "sent", "waits", "not-sent", "returned", "overtaken"
TO_MEND = "to-mend"


class MailTable(RecordTable):
    """Needs ``with_standing``."""

    caption = "Mails"
    address = tables.Column("To")
    kind = tables.Column("What", accessor="get_kind_display", order_by="kind")
    about = tables.Column("About", accessor="about", orderable=False)
    made_at = MomentColumn("Made")
    sent_at = tables.Column("Left", empty_values=())
    again = tables.Column("What to do", accessor="pk", orderable=False, exclude_from_export=True)

    def render_about(self, value):
        return format_html('<a href="{}">{}</a>', value.get_absolute_url(), self.value_about(value))

    def value_about(self, value):
        return f"{value.course.title}, {long_date(value.starts_at)}" if isinstance(value, Event) else str(value)

    def render_sent_at(self, record):
        words = self.value_sent_at(record)
        return format_html('<span class="late-text">{}</span>', words) if is_undelivered(record) else words

    def value_sent_at(self, record):
        if record.problem:
            return record.problem
        if record.sent_at and record.came_back_at:
            return f"Left {moment(record.sent_at)}; mail to this address comes back"
        return moment(record.sent_at) if record.sent_at else "Waits to leave"

    def render_again(self, record):
        if not is_undelivered(record):
            return ""
        url = reverse("training:mail-again", args=[record.pk])
        hidden = f" to {record.address}: {record.get_kind_display()}"
        return format_html('<a href="{}">Send again<span class="govuk-visually-hidden">{}</span></a>', url, hidden)


def moment(value):
    return f"{long_date(value)}, {timezone.localtime(value):%H:%M}"


def events_of_request(request):
    return Event.objects.run_by(request.user).select_related("course").order_by("-starts_at", "-pk")


class MailFilter(RecordFilter):
    search_fields = ("address",)

    words = django_filters.CharFilter(label="Address", method="with_words", max_length=LONGEST_WORDS)
    kind = django_filters.ChoiceFilter(label="What", empty_label="Any", choices=TrainingMail.Kind.choices)
    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="All",
        choices=[
            (TO_MEND, "Did not arrive, and still needed"),
            (SENT, "Left"),
            (WAITS, "Wait to leave"),
            (NOT_SENT, "Refused"),
            (RETURNED, "Address comes back"),
            (PASSED, "Not needed any more"),
        ],
        method="in_state",
    )
    event = django_filters.ModelChoiceFilter(
        label="Event", empty_label="Any event", queryset=events_of_request, method="about_event"
    )

    class Meta:
        model = TrainingMail
        fields = []

    def in_state(self, mails, _name, state):
        if state == TO_MEND:
            to_mend = TrainingMail.objects.undelivered().still_of_use(on=timezone.localdate())
            return mails.filter(pk__in=to_mend.order_by().values("pk"))
        states = {
            SENT: Q(sent_at__isnull=False, problem=""),
            WAITS: Q(sent_at=None, problem=""),
            NOT_SENT: ~Q(problem="") & ~Q(problem__startswith=OVERTAKEN),
            PASSED: Q(problem__startswith=OVERTAKEN),
            RETURNED: Q(came_back_at__isnull=False),
        }
        return mails.filter(states[state])

    def about_event(self, mails, _name, event):
        return mails.about_event(event)


def with_standing(mails):
    return mails.select_related(
        "place__event__course",
        "evaluation__place__event__course",
        "statement__organisation",
        "invitation__analysis",
    ).annotate(came_back_at=bounced_at("address"))
