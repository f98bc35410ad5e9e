"""Lists of returns and reports: their columns and what they can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from assurance.annual.companions import in_short
from assurance.models import AnnualReport, AssuranceRequest
from partnership.access import may
from partnership.lists import DayColumn, PartnershipsColumn, RecordFilter, RecordTable, own_partnerships
from partnership.templatetags.components import days_late, file_facts, long_date

# Returns


class ReturnTable(RecordTable):
    """Who has answered. Nothing of a draft but whose it is. Needs ``with_due``."""

    caption = "Returns"
    organisation = tables.Column("Organisation", order_by="organisation__name")
    request = tables.Column("Request", order_by="request__title")
    partnerships = PartnershipsColumn(accessor="request__partnerships")
    due_on = DayColumn("Due", accessor="asked_by_day")
    submitted_at = DayColumn("Return", empty_values=())

    def render_submitted_at(self, record):
        if record.submitted_at:
            return format_html(
                '<a href="{}">Submitted<span class="govuk-visually-hidden"> by {}</span></a> {}',
                record.get_absolute_url(),
                record.organisation.name,
                long_date(record.submitted_at),
            )
        if record.withdrawn_at:
            return f"Not asked any more: {record.withdrawn_because}"
        is_over = record.request.closed_on and not record.extended_to
        late = "" if is_over else days_late(record.asked_by_day, timezone.localdate())
        if late:
            return format_html('<span class="late-text">Not submitted, {}</span>', late)
        return "Not submitted" if record.request.closed_on else "Not submitted yet"

    def value_submitted_at(self, record):
        if record.withdrawn_at:
            return "Not asked any more"
        return timezone.localdate(record.submitted_at) if record.submitted_at else "Not submitted"


def requests_followed(request):
    """Requests of the partnerships whose office this person is in, or which they advise."""
    return AssuranceRequest.objects.filter(partnerships__in=request.user.standing.wide_ids).distinct()


class ReturnFilter(RecordFilter):
    search_fields = ("organisation__name", "request__title")

    SUBMITTED, WAITING, LATE = "submitted", "waiting", "late"

    request_asked = django_filters.ModelChoiceFilter(
        label="Request", field_name="request", empty_label="Any request", queryset=requests_followed
    )
    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships, method="of_partnership"
    )
    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="All",
        choices=[(SUBMITTED, "Submitted"), (WAITING, "Not submitted"), (LATE, "Late")],
        method="in_state",
    )

    def of_partnership(self, returns, _name, partnership):
        return returns.filter(request__in=partnership.requests.values("pk"))

    def in_state(self, returns, _name, state):
        if state == self.SUBMITTED:
            return returns.exclude(submitted_at=None)
        if state == self.LATE:
            return returns.late(on=timezone.localdate())
        return returns.filter(submitted_at=None, withdrawn_at=None)


# Reports


class ReportTable(RecordTable):
    """Needs ``for_list`` and ``with_companions``. The title leads into a report only where this person may open it."""

    caption = "Annual reports"
    title = tables.Column("Report")
    edition = tables.Column("Edition")
    starts_on = DayColumn("From")
    ends_on = DayColumn("To")
    partnerships = PartnershipsColumn()
    published_at = DayColumn("Published", accessor="published_file__published_at", empty_values=())
    file = tables.Column("To read", accessor="published_file", orderable=False, exclude_from_export=True)

    def render_title(self, record):
        if may(self.request.user, "view", record):
            return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.title)
        return record.title

    def value_title(self, record):
        return record.title

    def render_published_at(self, record, value):
        if not record.is_published:
            return "In the making"
        if getattr(record, "corrected_by", None) and record.corrected_by.is_published:
            corrected = f"Corrected by edition {record.corrected_by.edition}"
            return format_html('{}<br><strong class="small">{}</strong>', long_date(value), corrected)
        return long_date(value)

    def value_published_at(self, record, value):
        return timezone.localdate(value) if record.is_published else "In the making"

    def render_file(self, record):
        file, name = record.published_file, f"{record.title}, edition {record.edition}"
        hidden = format_html('<span class="govuk-visually-hidden">: {}</span>', name)
        links = [(file.get_absolute_url(), format_html("Download{}", hidden), file_facts(file))]
        for partnership in [each for each in record.partnerships.all() if each.is_public][:1]:
            page = reverse("assurance:public-report", args=[partnership.slug, record.pk])
            links.append((page, format_html("Read it as a page{}", hidden), ""))
        for each in record.also:
            words = format_html("{}{}", in_short(each), hidden)
            links.append((each.published_file.get_absolute_url(), words, file_facts(each.published_file)))
        return format_html_join("", '<p><a href="{}">{}</a> <span class="meta">{}</span></p>', links)


class ReportFilter(RecordFilter):
    search_fields = ("title",)

    partnership = django_filters.ModelChoiceFilter(
        label="Partnership", empty_label="Any partnership", queryset=own_partnerships, method="of_partnership"
    )
    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="All",
        choices=[("making", "In the making"), ("published", "Published")],
        method="in_state",
    )

    def of_partnership(self, reports, _name, partnership):
        return reports.filter(pk__in=AnnualReport.objects.filter(partnerships=partnership).values("pk"))

    def in_state(self, reports, _name, state):
        return reports.filter(published_file__isnull=state == "making")
