"""Quarterly reports as a list: each round of each plan, and where its report stands."""

import django_filters
import django_tables2 as tables
from django.db.models import Case, CharField, OuterRef, Q, Subquery, Value, When
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html

from assurance.models import QuarterlyReport
from partnership.access import may
from partnership.lists import DayColumn, RecordFilter, RecordTable
from partnership.standing import standing_of
from plans.models import Plan, UpdateRound

NOT_BEGUN, WRITTEN, WITH_BOARD, PUBLISHED = "none", "written", "board", "published"
STATES = {
    NOT_BEGUN: "Not begun",
    WRITTEN: "Being written",
    WITH_BOARD: "With the board",
    PUBLISHED: "Published",
}


def rounds_with_reports(user, *, on):
    """Rounds that have opened, with ``state``, ``report_id``, ``edition``, ``published_at`` of the last edition.

    Whoever does not read drafts of a plan sees its published reports alone; of a closed plan so does everybody, and
    those that were begun.
    """
    standing = standing_of(user)
    rounds = UpdateRound.objects.visible_to(user).filter(opens_on__lte=on)
    reports = QuarterlyReport.objects.visible_to(user).filter(round=OuterRef("pk")).order_by("-edition")
    inside = Plan.objects.filter(
        Q(partnerships__in=standing.wide_ids)
        | Q(scrutiny_group__in=standing.group_ids)
        | Q(deciding_group__in=standing.group_ids)
    )
    return (
        rounds.annotate(
            report_id=Subquery(reports.values("pk")[:1]),
            edition=Subquery(reports.values("edition")[:1]),
            given_at=Subquery(reports.values("given_at")[:1]),
            published_at=Subquery(reports.values("published_at")[:1]),
            state=Case(
                When(report_id=None, then=Value(NOT_BEGUN)),
                When(published_at__isnull=False, then=Value(PUBLISHED)),
                When(given_at__isnull=False, then=Value(WITH_BOARD)),
                default=Value(WRITTEN),
                output_field=CharField(),
            ),
        )
        .filter(~Q(report_id=None) | Q(plan__in=inside.values("pk")) & ~Q(plan__status=Plan.Status.CLOSED))
        .select_related("plan__scrutiny_group", "plan__deciding_group")
        .prefetch_related("plan__partnerships")
        .order_by("-ends_on", "plan__title", "pk")
    )


class QuarterlyTable(RecordTable):
    """Needs ``rounds_with_reports``."""

    caption = "Quarterly reports"
    name = tables.Column("Quarter", order_by="ends_on")
    plan = tables.Column("Plan", order_by="plan__title")
    state = tables.Column("Report")
    edition = tables.Column("Edition", empty_values=())
    published_at = DayColumn("Published")
    act = tables.Column("What you can do", empty_values=(), orderable=False, exclude_from_export=True)

    def render_name(self, record):
        if record.report_id is None:
            return record.name
        address = reverse("assurance:quarterly-detail", args=[record.report_id])
        return format_html(
            '<a href="{}">{}<span class="govuk-visually-hidden">, {}</span></a>', address, record, record.plan
        )

    def value_name(self, record):
        return record.name

    def render_state(self, value):
        return STATES[value]

    def value_state(self, value):
        return STATES[value]

    def render_edition(self, record):
        return record.edition or ""

    def render_act(self, record):
        may_begin = record.report_id is None and may(self.request.user, "give", QuarterlyReport(round=record))
        context = {"round": record, "may_begin": may_begin}
        return render_to_string("assurance/quarterly_begin.html", context, request=self.request)


def plans_of_request(request):
    return (
        Plan.objects.visible_to(request.user)
        .filter(partnerships__in=standing_of(request.user).partnership_ids)
        .distinct()
    )


class QuarterlyFilter(RecordFilter):
    search_fields = ("name", "plan__title")

    plan = django_filters.ModelChoiceFilter(label="Plan", empty_label="Any plan", queryset=plans_of_request)
    state = django_filters.ChoiceFilter(label="Report", empty_label="Any", choices=list(STATES.items()))
