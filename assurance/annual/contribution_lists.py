"""Contributions to one report as a list: its columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html

from assurance.annual.contributions import KEY, printed_text
from partnership.lists import DayColumn, NumberColumn, RecordFilter, RecordTable
from partnership.models import Organisation, Reminder
from partnership.templatetags.components import days_late, long_date
from plans.round_page import words_of_reminder

SUBMITTED, WAITING, LATE, RETURNED, WITHDRAWN = "submitted", "waiting", "late", "returned", "withdrawn"


def state_of(contribution, *, on):
    """How it stands. Whether anything is drafted is the organisation's own affair."""
    if contribution.withdrawn_at:
        return WITHDRAWN
    if contribution.submitted_at:
        return SUBMITTED
    return LATE if contribution.due_on < on else WAITING


def state_words(contribution, *, on):
    state = state_of(contribution, on=on)
    if state == WITHDRAWN:
        return f"Not asked any more since {long_date(contribution.withdrawn_at)}"
    if state == SUBMITTED:
        return f"Answered {long_date(contribution.submitted_at)}"
    back = f"Given back {long_date(contribution.returned_at)}" if contribution.returned_at else "Not answered"
    late = days_late(contribution.due_on, on)
    return f"{late.capitalize()}. {back}" if late else back


class ContributionTable(RecordTable):
    """What everybody inside sees of each organisation. Words are of what was submitted."""

    caption = "Organisations asked"
    organisation = tables.Column("Organisation", order_by="organisation__name")
    kind = tables.Column("Kind", accessor="organisation__get_kind_display", order_by="organisation__kind")
    due_on = DayColumn("Due")
    submitted_at = tables.Column("Answer", empty_values=())
    words = NumberColumn("Words printed", empty_values=(), orderable=False)

    def render_organisation(self, record):
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.organisation)

    def value_organisation(self, record):
        return str(record.organisation)

    def render_submitted_at(self, record):
        today = timezone.localdate()
        words = state_words(record, on=today)
        if state_of(record, on=today) == LATE:
            return format_html('<span class="late-text">{}</span>', words)
        return words

    def value_submitted_at(self, record):
        return state_words(record, on=timezone.localdate())

    def render_words(self, record):
        if record.submitted_at is None:
            return ""
        count = len(printed_text(record).split())
        return format_html('{}<span class="lead meta">shortened</span>', count) if record.printed else count

    def value_words(self, record):
        return len(printed_text(record).split()) if record.submitted_at else ""


class OfficeTable(ContributionTable):
    """For the office: when each was reminded (``told``, of ``with_told``), and what can be done."""

    told = tables.Column("Reminded", empty_values=(), orderable=False)
    act = tables.Column(
        "What you can do",
        empty_values=(),
        orderable=False,
        exclude_from_export=True,
        attrs={"td": {"class": "no-print"}, "th": {"class": "no-print"}},
    )

    def render_told(self, record):
        return record.told

    def value_told(self, record):
        return record.told

    def render_act(self, record):
        return render_to_string("assurance/contribution_act.html", {"record": record}, request=self.request)


class ContributionFilter(RecordFilter):
    search_fields = ("organisation__name",)

    kind = django_filters.ChoiceFilter(
        label="Kind", empty_label="Any kind", field_name="organisation__kind", choices=Organisation.Kind.choices
    )
    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="All",
        choices=[
            (SUBMITTED, "Answered"),
            (WAITING, "Not answered"),
            (LATE, "Late"),
            (RETURNED, "Given back"),
            (WITHDRAWN, "Not asked any more"),
        ],
        method="in_state",
    )

    def in_state(self, contributions, _name, state):
        waiting = contributions.filter(submitted_at=None, withdrawn_at=None)
        return {
            SUBMITTED: contributions.filter(withdrawn_at=None).exclude(submitted_at=None),
            WAITING: waiting,
            LATE: waiting.filter(due_on__lt=timezone.localdate()),
            RETURNED: waiting.exclude(returned_at=None),
            WITHDRAWN: contributions.exclude(withdrawn_at=None),
        }[state]


def tally(contributions, *, on):
    """{"asked", "submitted", "late"}: how many stand how. One query."""
    rows = contributions.values_list("submitted_at", "withdrawn_at", "due_on")
    asked = [(submitted, due_on) for submitted, withdrawn, due_on in rows if withdrawn is None]
    return {
        "asked": len(asked),
        "submitted": sum(submitted is not None for submitted, _due in asked),
        "late": sum(submitted is None and due_on < on for submitted, due_on in asked),
    }


def with_told(rows, *, on):
    """Say beside each when its organisation was last reminded. One query."""
    rows = list(rows)
    keys = {f"{KEY}:{record.pk}": record for record in rows}
    told = {}
    reminders = Reminder.objects.filter(deadline_key__in=keys).exclude(state=Reminder.State.SUPPRESSED)
    for reminder in reminders.select_related("message", "asked_by").order_by("planned_at", "pk"):
        told[reminder.deadline_key] = words_of_reminder(reminder, on=on)
    for key, record in keys.items():
        record.told = "" if record.submitted_at or record.withdrawn_at else told.get(key, "Not yet")
