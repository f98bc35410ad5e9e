"""The register of challenges: its columns and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.db.models import F
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.html import format_html

from assurance.models import Challenge
from assurance.risk_lists import OfOneColumn
from partnership.lists import DayColumn, RecordFilter, RecordTable, own_partnerships
from partnership.models import Organisation
from partnership.templatetags.components import days_late, long_date
from plans.models import Plan, Priority

WAITING, LATE, ANSWERED, CLOSED = "waiting", "late", "answered", "closed"


class ChallengeTable(RecordTable):
    """Needs ``late_pks``: those of which this person is told that they are late."""

    caption = "Challenges"
    ref = tables.Column("Ref", order_by=("ref_length", "ref"))
    title = tables.Column("What it is about")
    raised_on = DayColumn("Raised")
    raised_by = tables.Column("By", orderable=False)
    put_to = tables.Column("To", orderable=False)
    answer_due_on = DayColumn("Answer asked by")
    answered_on = DayColumn("Answer", empty_values=())
    closed_on = DayColumn("Closed")
    partnership = OfOneColumn()

    def render_title(self, record):
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.title)

    def value_title(self, record):
        return record.title

    def render_answered_on(self, record):
        if record.answered_on:
            return f"Answered {long_date(record.answered_on)}"
        if record.pk in self.late_pks:
            late = days_late(record.answer_due_on, timezone.localdate())
            return format_html('<span class="late-text">No answer, {}</span>', late)
        return "No answer" if record.closed_on else "No answer yet"

    def value_answered_on(self, record):
        return record.answered_on or ("Late" if record.pk in self.late_pks else "No answer")


class ChallengeExport(ChallengeTable):
    """The same with all that the page of a challenge says, for a spreadsheet."""

    issue = tables.Column("What is asked to be better")
    evidence = tables.Column("What shows it")
    answer = tables.Column("What was answered")
    difference = tables.Column("Difference it made")


def linked_priorities(request):
    """Priorities that this person may see and that a challenge they may read is linked to."""
    challenges = Challenge.objects.visible_to(request.user)
    links = Challenge.priorities.through.objects.filter(challenge__in=challenges.values("pk"))
    plans = Plan.objects.visible_to(request.user)
    found = Priority.objects.filter(pk__in=links.values("priority"), plan__in=plans.values("pk"))
    return found.order_by("-plan__starts_on", "plan", "position")


def organisations_asked(request):
    challenges = Challenge.objects.visible_to(request.user)
    return Organisation.objects.filter(pk__in=challenges.values("to_organisation")).order_by("name")


class ChallengeFilter(RecordFilter):
    search_fields = ("ref", "title", "issue", "evidence", "answer", "difference", "by_words")

    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="All",
        choices=[(WAITING, "Waiting for an answer"), (LATE, "Late"), (ANSWERED, "Answered, open"), (CLOSED, "Closed")],
        method="in_state",
    )
    to = django_filters.ModelChoiceFilter(
        label="To", field_name="to_organisation", empty_label="Anybody", queryset=organisations_asked
    )
    priority = django_filters.ModelChoiceFilter(
        label="Priority", empty_label="Any priority", queryset=linked_priorities, method="about_priority"
    )
    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if len(self.request.user.standing.partnership_ids) < 2:
            del self.filters["partnership"]

    def in_state(self, challenges, _name, state):
        if state == LATE:
            late = Challenge.objects.late_to(self.request.user, on=timezone.localdate())
            return challenges.filter(pk__in=late.values("pk"))
        if state == CLOSED:
            return challenges.exclude(closed_on=None)
        return challenges.open().filter(answered_on__isnull=state == WAITING)

    def about_priority(self, challenges, _name, priority):
        links = Challenge.priorities.through.objects.filter(priority=priority)
        return challenges.filter(pk__in=links.values("challenge"))


def register(user):
    """The challenges that this person may read, open ones first, the newest first, as the table needs them."""
    return (
        Challenge.objects.visible_to(user)
        .annotate(ref_length=Length("ref"))
        .select_related("partnership", "by_organisation", "by_group", "to_organisation", "to_group")
        .order_by(F("closed_on").desc(nulls_first=True), "-raised_on", "-pk")
    )
