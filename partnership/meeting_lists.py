"""Lists of meetings and of actions: their columns and what they can be narrowed to."""

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Case, DateField, F, Q, When
from django.utils import timezone
from django.utils.html import format_html

from partnership.lists import DayColumn, RecordFilter, RecordTable, own_partnerships, partnership_tags
from partnership.models import Group, Meeting, MeetingAction, Organisation
from partnership.models.meetings import groups_seen_by
from partnership.templatetags.components import days_late, long_date


def groups_of_request(request):
    return groups_seen_by(request.user)


def organisations_of_request(request):
    return Organisation.objects.visible_to(request.user)


def meetings_with_actions(request):
    seen = Meeting.objects.visible_to(request.user)
    return seen.filter(actions__isnull=False).distinct().select_related("group").order_by("-meets_on")


class DayFilter(django_filters.DateFilter):
    """One end of a period. Browsers offer a calendar; where they do not, "2027-03-09" is understood."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


# Meetings


def upcoming_first(meetings, *, on):
    """Those to come, the next first; then those gone by, the last first."""
    is_past = Case(When(meets_on__lt=on, then=1), default=0)
    to_come = Case(When(meets_on__gte=on, then=F("meets_on")), output_field=DateField())
    return meetings.annotate(is_past=is_past, to_come_on=to_come).order_by(
        "is_past", "to_come_on", "-meets_on", "starts_at", "pk"
    )


class MeetingTable(RecordTable):
    meeting = tables.Column(
        "Meeting", accessor="pk", order_by=("group__name", "meets_on"), linkify=lambda record: record.get_absolute_url()
    )
    meets_on = DayColumn("Date")
    time = tables.Column("Time", accessor="starts_at", order_by=("starts_at",))
    venue = tables.Column("Where")
    status = tables.Column("Status")
    papers_due_on = DayColumn("Papers due")
    partnerships = tables.Column("Of", accessor="group__partnerships", orderable=False)

    def render_meeting(self, record):
        return f"{record.title} ({record.group.name})" if record.title else record.group.name

    def value_meeting(self, record):
        return self.render_meeting(record)

    def render_time(self, record):
        return time_words(record)

    def value_time(self, record):
        return time_words(record)

    def render_status(self, record):
        if record.is_cancelled:
            return f"Cancelled: {record.cancelled_reason}"
        if record.status == Meeting.Status.PLANNED and record.meets_on < timezone.localdate():
            return "Not written up yet"
        return record.get_status_display()

    def value_status(self, record):
        return self.render_status(record)

    def render_partnerships(self, record):
        return partnership_tags(record.group.partnerships.all())

    def value_partnerships(self, record):
        return ", ".join(partnership.short_name for partnership in record.group.partnerships.all())


def time_words(meeting):
    """ "10:00 to 12:00", "from 10:00" or nothing."""
    if not meeting.starts_at:
        return ""
    return (
        f"{meeting.starts_at:%H:%M} to {meeting.ends_at:%H:%M}"
        if meeting.ends_at
        else f"from {meeting.starts_at:%H:%M}"
    )


class MeetingFilter(RecordFilter):
    search_fields = ("title", "venue", "group__name", "items__title")

    group = django_filters.ModelChoiceFilter(label="Group", empty_label="Any group", queryset=groups_of_request)
    partnership = django_filters.ModelChoiceFilter(
        label="Partnership",
        empty_label="Any partnership",
        queryset=own_partnerships,
        method="of_partnership",
    )
    status = django_filters.ChoiceFilter(label="Status", empty_label="Any status", choices=Meeting.Status.choices)
    first = DayFilter(label="From", field_name="meets_on", lookup_expr="gte")
    last = DayFilter(label="To", field_name="meets_on", lookup_expr="lte")

    def of_partnership(self, meetings, _name, partnership):
        return meetings.filter(group__in=Group.objects.filter(partnerships=partnership))

    def with_words(self, meetings, name, words):
        """An agenda has many items, so that a meeting is found once."""
        found = super().with_words(Meeting.objects.all(), name, words)
        return meetings.filter(pk__in=found.order_by().values("pk"))


# Actions


class ActionTable(RecordTable):
    ref = tables.Column("Ref", linkify=True)
    text = tables.Column("Action")
    group = tables.Column("Group", order_by=("group__name",))
    lead = tables.Column("Lead", orderable=False)
    due_on = DayColumn("Due")
    latest_text = tables.Column("Latest update", orderable=False)
    closed_on = DayColumn("Closed")

    def render_ref(self, record):
        return format_html('<span class="nowrap">{}</span>', record.ref)

    def value_ref(self, record):
        return record.ref

    def render_lead(self, record):
        return str(record.lead)

    def value_lead(self, record):
        return str(record.lead or "")

    def render_due_on(self, record):
        late = "" if record.closed_on else days_late(record.due_on, timezone.localdate())
        if not late:
            return long_date(record.due_on)
        return format_html('{}<br><span class="late-text">{}</span>', long_date(record.due_on), late)

    def render_latest_text(self, record):
        return format_html(
            '{}<br><span class="meta">{}, {}</span>',
            record.latest_text,
            record.latest_by_name,
            long_date(record.latest_at),
        )

    def value_latest_text(self, record):
        return f"{record.latest_text} ({record.latest_by_name}, {long_date(record.latest_at)})"


class ActionFilter(RecordFilter):
    search_fields = ("ref", "text", "outcome", "updates__text")

    OPEN, LATE, CLOSED = "open", "late", "closed"

    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="Open and closed",
        choices=[(OPEN, "Open"), (LATE, "Late"), (CLOSED, "Closed")],
        method="in_state",
    )
    group = django_filters.ModelChoiceFilter(label="Group", empty_label="Any group", queryset=groups_of_request)
    organisation = django_filters.ModelChoiceFilter(
        label="Lead’s organisation",
        empty_label="Any organisation",
        queryset=organisations_of_request,
        method="led_from",
    )
    lead = django_filters.CharFilter(label="Lead’s post or group", method="led_by")
    meeting = django_filters.ModelChoiceFilter(
        label="Agreed at", empty_label="Any meeting", queryset=meetings_with_actions
    )

    def in_state(self, actions, _name, state):
        if state == self.CLOSED:
            return actions.exclude(closed_on=None)
        return actions.overdue(on=timezone.localdate()) if state == self.LATE else actions.open()

    def led_from(self, actions, _name, organisation):
        return actions.led_from(organisation)

    def led_by(self, actions, _name, words):
        return actions.filter(Q(lead_post__title__icontains=words) | Q(lead_group__name__icontains=words))

    def with_words(self, actions, name, words):
        """An action has many updates, so that it is found once."""
        found = super().with_words(MeetingAction.objects.all(), name, words)
        return actions.filter(pk__in=found.order_by().values("pk"))
