"""The report that is due after a round, of the group that scrutinises the plan and of the office."""

from datetime import timedelta

from django.conf import settings
from django.db.models import DateField, Exists, OuterRef, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from assurance.models import QuarterlyReport
from partnership.deadlines import OFFICE, as_deadlines
from partnership.due_dates import of_office
from plans.models import Plan, UpdateRound


def reports(on):
    """The newest round's report, from the chair of the group that writes it."""
    return as_deadlines(
        wanted(on).exclude(plan__scrutiny_group=None),
        owner_text="plan__scrutiny_group__name",
        group="plan__scrutiny_group",
        group_above="plan__deciding_group",
        **columns(),
    )


def reports_of_office(on):
    """The same of the business office, which publishes it."""
    return of_office(wanted(on), office="plan__partnerships__posts", **columns())


def wanted(on):
    """The newest round that has opened of each running plan, while its report is not published.

    A plan is asked for reports from its first on: one that tells of its quarters otherwise is left alone.
    """
    newer = UpdateRound.objects.filter(plan=OuterRef("plan"), opens_on__lte=on, closes_on__gt=OuterRef("closes_on"))
    reports = QuarterlyReport.objects.filter(edition=1)
    published = reports.filter(round=OuterRef("pk")).published()
    begun = reports.filter(round__plan=OuterRef("plan"))
    return UpdateRound.objects.filter(
        ~Exists(newer), ~Exists(published), Exists(begun), opens_on__lte=on, plan__in=Plan.objects.running()
    )


def columns():
    """Due so many days after ratings are decided, or after the round where it does not say when that is."""
    days = timedelta(days=settings.QUARTERLY_REPORT_DAYS)
    return {
        "key": "quarterly",
        "kind": "Quarterly report",
        "due_on": Cast(Coalesce("decisions_due_on", "closes_on") + days, DateField()),
        "title": Concat(Value("How are we doing? "), "name", Value(", "), "plan__title", output_field=TextField()),
        "url_name": "assurance:quarterly-list",
        "url_pk": Value(""),
        "partnership": "plan__partnerships",
        "audience": OFFICE,
    }
