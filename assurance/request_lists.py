"""Requests as a list, and the organisations of one: their columns and what they can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html

from assurance.models import AssuranceRequest
from partnership.lists import DayColumn, PartnershipsColumn, RecordFilter, RecordTable, own_partnerships
from partnership.models import Organisation
from partnership.templatetags.components import days_late, long_date

DRAFT, OPEN, CLOSED = "draft", "open", "closed"
SUBMITTED, BEGUN, SILENT, LATE, WITHDRAWN = "submitted", "begun", "silent", "late", "withdrawn"


class RequestTable(RecordTable):
    """Needs ``with_return_counts``. How many were asked is for the office of the request alone."""

    caption = "Requests"
    title = tables.Column("Request", linkify=True)
    partnerships = PartnershipsColumn()
    due_on = DayColumn("Due")
    sent_on = DayColumn("Sent", empty_values=())
    submitted_count = tables.Column("Answered", empty_values=())

    def render_sent_on(self, record):
        if record.withdrawn_at:
            return f"Withdrawn {long_date(record.withdrawn_at)}"
        if record.closed_on:
            return f"Closed {long_date(record.closed_on)}"
        return long_date(record.sent_on) if record.sent_on else "Being built"

    def value_sent_on(self, record):
        return record.sent_on or "Being built"

    def render_submitted_count(self, record):
        if record.sent_on is None:
            return ""
        if self.request.user.standing.office_ids & record.partnership_ids:
            return f"{record.submitted_count} of {record.asked_count}"
        return str(record.submitted_count)

    def value_submitted_count(self, record):
        return self.render_submitted_count(record)


class RequestFilter(RecordFilter):
    search_fields = ("title", "introduction", "questions__text")

    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships, method="of_partnership"
    )
    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="All",
        choices=[(DRAFT, "Being built"), (OPEN, "Sent and open"), (CLOSED, "Closed")],
        method="in_state",
    )

    def of_partnership(self, requests, _name, partnership):
        return requests.filter(pk__in=partnership.requests.values("pk"))

    def in_state(self, requests, _name, state):
        if state == DRAFT:
            return requests.filter(sent_on=None)
        return requests.exclude(sent_on=None).filter(closed_on__isnull=state == OPEN)


# The organisations of one request


class AskedTable(RecordTable):
    """For the office: everybody who was asked, how they stand and what can be done. Needs ``with_due``.

    Each row has ``told``: in words when it was last reminded.
    """

    caption = "Organisations asked"
    organisation = tables.Column("Organisation", order_by="organisation__name")
    kind = tables.Column("Kind", accessor="organisation__get_kind_display", order_by="organisation__kind")
    due = DayColumn("Due", accessor="asked_by_day", order_by="asked_by_day", attrs={})
    submitted_at = tables.Column("Return", empty_values=())
    told = tables.Column("Reminded", empty_values=(), orderable=False)
    act = tables.Column(
        "What you can do",
        empty_values=(),
        orderable=False,
        exclude_from_export=True,
        attrs={"td": {"class": "no-print"}, "th": {"class": "no-print"}},
    )

    def render_due(self, record):
        if not record.extended_to:
            return long_date(record.asked_by_day)
        return format_html(
            '{}<span class="lead meta">More time: {}</span>', long_date(record.asked_by_day), record.extended_because
        )

    def value_due(self, record):
        return record.asked_by_day

    def render_submitted_at(self, record):
        today = timezone.localdate()
        words = state_words(record, on=today)
        if record.submitted_at:
            hidden = format_html('<span class="govuk-visually-hidden"> of {}</span>', record.organisation)
            return format_html('<a href="{}">{}{}</a>', record.get_absolute_url(), words, hidden)
        if state_of(record, on=today) == LATE:
            return format_html('<span class="late-text">{}</span>', words)
        return words

    def value_submitted_at(self, record):
        return state_words(record, on=timezone.localdate())

    def render_told(self, record):
        return record.told

    def value_told(self, record):
        return record.told

    def render_act(self, record):
        context = {"record": record, "today": timezone.localdate()}
        return render_to_string("assurance/request_act.html", context, request=self.request)


class AnsweredTable(RecordTable):
    """For the advisor and the group: what was submitted, and nothing of who is late."""

    caption = "Returns"
    organisation = tables.Column("Organisation", order_by="organisation__name")
    submitted_at = DayColumn("Submitted")
    signed_off_by = tables.Column("Signed off by", orderable=False)

    def render_organisation(self, record):
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.organisation)

    def value_organisation(self, record):
        return str(record.organisation)

    def value_submitted_at(self, value):
        return timezone.localdate(value)


def state_of(record, *, on):
    """How one organisation stands; LATE goes before whether it has begun."""
    if record.submitted_at:
        return SUBMITTED
    if record.withdrawn_at:
        return WITHDRAWN
    if is_open(record, on=on) and record.asked_by_day < on:
        return LATE
    return BEGUN if record.begun_at else SILENT


def is_open(record, *, on):
    return record.request.closed_on is None or (record.extended_to is not None and record.extended_to >= on)


def state_words(record, *, on):
    """ "Late, 3 days. Not begun": what the office knows of a return, which is nothing of its words."""
    state = state_of(record, on=on)
    if state == SUBMITTED:
        return f"Submitted {long_date(record.submitted_at)}"
    if state == WITHDRAWN and record.withdrawn_at == record.request.withdrawn_at:
        return "Withdrawn with the request"
    if state == WITHDRAWN:
        return f"Not asked any more: {record.withdrawn_because}"
    begun = f"Begun {long_date(record.begun_at)}" if record.begun_at else "Not begun"
    if record.sign_off_asked_at:
        begun = f"Waits for its sign-off since {long_date(record.sign_off_asked_at)}"
    elif record.handed_back_at:
        begun = f"Handed back {long_date(record.handed_back_at)}"
    if not is_open(record, on=on):
        return f"Never submitted. {begun}"
    late = days_late(record.asked_by_day, on)
    return f"{late.capitalize()}. {begun}" if late else begun


class AskedFilter(RecordFilter):
    search_fields = ("organisation__name",)

    kind = django_filters.ChoiceFilter(
        label="Kind", empty_label="Any kind", field_name="organisation__kind", choices=Organisation.Kind.choices
    )
    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="All",
        choices=[
            (SUBMITTED, "Submitted"),
            (LATE, "Late"),
            (SILENT, "Silent: not begun"),
            (BEGUN, "Begun, not submitted"),
            (WITHDRAWN, "Not asked any more"),
        ],
        method="in_state",
    )

    def in_state(self, returns, _name, state):
        drafts = returns.filter(submitted_at=None, withdrawn_at=None)
        if state == SUBMITTED:
            return returns.exclude(submitted_at=None)
        if state == WITHDRAWN:
            return returns.filter(submitted_at=None).exclude(withdrawn_at=None)
        if state == LATE:
            return returns.late(on=timezone.localdate())
        return drafts.filter(begun_at__isnull=state == SILENT)


class AnsweredFilter(RecordFilter):
    search_fields = ("organisation__name",)


def tally(returns, *, on):
    """How many stand how: {"asked", "submitted", "late", "begun", "silent", "withdrawn"}. One query.

    Late ones are counted again as begun or silent.
    """
    rows = (
        returns.with_due()
        .select_related("request")
        .only("submitted_at", "withdrawn_at", "begun_at", "extended_to", "request__due_on", "request__closed_on")
    )
    counts = dict.fromkeys(("asked", SUBMITTED, LATE, BEGUN, SILENT, WITHDRAWN), 0)
    for record in rows:
        state = state_of(record, on=on)
        counts["asked"] += state != WITHDRAWN
        counts[state] += 1
        if state == LATE:
            counts[BEGUN if record.begun_at else SILENT] += 1
    return counts


def in_order(returns):
    """Those who owe something first, the longest late first."""
    return returns.with_due().order_by(
        F("submitted_at").asc(nulls_first=True),
        F("withdrawn_at").asc(nulls_first=True),
        "asked_by_day",
        "organisation__name",
        "pk",
    )


def requests_of(user):
    return (
        AssuranceRequest.objects.followed_by(user)
        .with_return_counts()
        .prefetch_related("partnerships")
        .order_by("-due_on", "title", "pk")
    )
