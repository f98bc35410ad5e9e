"""Lists of schools, surveys and returns: their columns and what they can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from assurance.models import School, SchoolReturn, SchoolSurvey
from assurance.schools.results import NO_PHASE
from partnership.lists import DayColumn, NumberColumn, PartnershipColumn, RecordFilter, RecordTable, own_partnerships
from partnership.models import Area
from partnership.templatetags.components import days_late, long_date

NO_ADDRESS = mark_safe('<span class="late-text">None</span>')

# The register


class SchoolTable(RecordTable):
    caption = "Schools"
    name = tables.Column("School", linkify=True)
    urn = tables.Column("URN")
    area = tables.Column("Area", order_by="area__name")
    phase = tables.Column("Phase")
    status = tables.Column("Status")
    trust = tables.Column("Trust")
    head_name = tables.Column("Head", empty_values=())
    head_email = tables.Column("Head’s e-mail", visible=False)
    chair_name = tables.Column("Chair of governors", empty_values=())
    chair_email = tables.Column("Chair’s e-mail", visible=False)

    def render_head_name(self, record):
        return format_html("{}{}", record.head_name, under(record.head_email or NO_ADDRESS))

    def value_head_name(self, value):
        return value

    def render_chair_name(self, record):
        return format_html("{}{}", record.chair_name, under(record.chair_email) if record.chair_email else "")

    def value_chair_name(self, value):
        return value


def under(words):
    """A second line of a cell."""
    return format_html('<span class="lead meta">{}</span>', words)


def areas_of_request(request):
    return Area.objects.filter(partnerships__in=request.user.standing.wide_ids).distinct()


def values_of(field):
    """The different values of a field of the schools that whoever asks may see."""

    def choices(request):
        seen = School.objects.visible_to(request.user).order_by(field).values_list(field, flat=True).distinct()
        return [value for value in seen if value]

    return choices


class SchoolFilter(RecordFilter):
    search_fields = ("name", "urn", "town", "head_name")

    area = django_filters.ModelChoiceFilter(label="Area", empty_label="Any area", queryset=areas_of_request)
    phase = django_filters.ChoiceFilter(label="Phase", empty_label="Any phase")
    status = django_filters.ChoiceFilter(label="Status", empty_label="Any status", choices=School.Status.choices)
    trust = django_filters.ChoiceFilter(label="Trust", empty_label="Any trust")
    email = django_filters.ChoiceFilter(
        label="Head’s e-mail",
        empty_label="Known or not",
        choices=[("yes", "Known"), ("no", "Not known")],
        method="with_email",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("phase", "trust"):
            found = values_of(name)(self.request)
            self.filters[name].extra["choices"] = [(value, value) for value in found]

    def with_email(self, schools, _name, answer):
        return schools.filter(head_email="") if answer == "no" else schools.exclude(head_email="")


# Surveys


class SurveyTable(RecordTable):
    caption = "Surveys of schools"
    title = tables.Column("Survey", linkify=True)
    partnership = PartnershipColumn()
    due_on = DayColumn("Due")
    sent_on = DayColumn("Sent", empty_values=())
    asked_count = NumberColumn("Asked")
    answered_count = NumberColumn("Answered")
    closed_on = DayColumn("Closed")

    def render_sent_on(self, value):
        return long_date(value) if value else "Not sent yet"


class SurveyFilter(RecordFilter):
    search_fields = ("title",)

    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships
    )

    class Meta:
        model = SchoolSurvey
        fields = []


# Returns


class SchoolReturnTable(RecordTable):
    """Who has answered one survey. Nothing of what is not submitted."""

    caption = "Schools asked"
    school = tables.Column("School", linkify=lambda record: record.get_absolute_url(), order_by="school__name")
    urn = tables.Column("URN", accessor="school__urn")
    area = tables.Column("Area", accessor="school__area__name")
    phase = tables.Column("Phase", accessor="school__phase")
    trust = tables.Column("Trust", accessor="school__trust")
    head_email = tables.Column("Head’s e-mail", accessor="school__head_email", empty_values=())
    submitted_at = DayColumn("Answer", empty_values=())

    def render_head_email(self, record):
        return record.school.head_email or NO_ADDRESS

    def value_head_email(self, record):
        return record.school.head_email

    def render_submitted_at(self, record):
        if record.submitted_at:
            return f"Submitted {long_date(record.submitted_at)}"
        if record.excused_on:
            return "Excused"
        late = "" if record.survey.closed_on else days_late(record.survey.due_on, timezone.localdate())
        if late:
            return format_html('<span class="late-text">Not submitted, {}</span>', late)
        return "Not submitted" if record.survey.closed_on else "Not submitted yet"

    def value_submitted_at(self, record):
        if record.submitted_at:
            return timezone.localdate(record.submitted_at)
        return "Excused" if record.excused_on else "Not submitted"


class SchoolReturnFilter(RecordFilter):
    search_fields = ("school__name", "school__urn")

    ANSWERED, WAITING, EXCUSED = "answered", "waiting", "excused"

    phase = django_filters.ChoiceFilter(label="Phase", empty_label="Any phase", method="of_phase")
    area = django_filters.ModelChoiceFilter(
        label="Area", empty_label="Any area", queryset=areas_of_request, field_name="school__area"
    )
    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="All",
        choices=[(WAITING, "Not submitted"), (ANSWERED, "Submitted"), (EXCUSED, "Excused")],
        method="in_state",
    )
    email = django_filters.ChoiceFilter(
        label="Mail",
        empty_label="Any",
        choices=[("none", "No address"), ("trouble", "Mail did not arrive")],
        method="with_trouble",
    )

    class Meta:
        model = SchoolReturn
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        phases = self.queryset.order_by("school__phase").values_list("school__phase", flat=True).distinct()
        self.filters["phase"].extra["choices"] = [(phase or "none", phase or NO_PHASE) for phase in phases]

    def of_phase(self, returns, _name, phase):
        return returns.filter(school__phase="" if phase == "none" else phase)

    def in_state(self, returns, _name, state):
        if state == self.ANSWERED:
            return returns.exclude(submitted_at=None)
        if state == self.EXCUSED:
            return returns.exclude(excused_on=None).filter(submitted_at=None)
        return returns.waiting()

    def with_trouble(self, returns, _name, what):
        if what == "none":
            return returns.filter(school__head_email="")
        return returns.filter(~Q(mails__problem="")).exclude(mails=None).distinct()
