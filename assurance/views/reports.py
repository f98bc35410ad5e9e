"""The annual report, from its first heading to the published file."""

from datetime import date, timedelta
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.annual.builds import request_build
from assurance.annual.content import content_of
from assurance.annual.gathering import gather_evidence
from assurance.annual.missing import missing
from assurance.annual.starting import start_edition, start_report
from assurance.forms import EditionForm, ReportStartForm
from assurance.lists import ReportFilter, ReportTable
from assurance.models import AnnualReport, ReportBuild, ReportEvidence
from assurance.printed import as_objects
from assurance.tasks import build_report as build_report_task
from partnership.access import get_permitted, may, may_or_refuse
from partnership.downloads import as_attachment
from partnership.lists import RecordList
from partnership.models import Partnership
from partnership.publishing import CannotPublish


class ReportList(RecordList):
    """The reports of one's own partnerships: those inside see drafts, everybody what was published."""

    table_class, filterset_class = ReportTable, ReportFilter
    template_name = "assurance/report_list.html"
    export_name = "reports"

    def get_queryset(self):
        return AnnualReport.objects.of_person(self.request.user).for_list()

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_start=bool(self.request.user.standing.office_ids), **kwargs)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request):
    """Begin a report: its headings and what the year has shown are filed at once."""
    if not request.user.standing.office_ids:
        raise PermissionDenied
    form = ReportStartForm(
        request.POST or None,
        user=request.user,
        initial=suggested_year(request.user, on=timezone.localdate()),
        cancel_url=reverse("assurance:report-list"),
    )
    if form.is_valid():
        report = start_report(**form.cleaned_data)
        messages.success(request, "Report started. What the year has shown is filed under its headings")
        return redirect(report)
    context = {"form": form, "crumbs": crumbs(("Start a report", None))}
    return render(request, "assurance/report_form.html", context, status=form.status)


@require_safe
def report_detail(request, pk):
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    context = {
        "report": report,
        "crumbs": crumbs((str(report), None)),
        "sections": report.sections.annotate(
            evidence_count=Count("evidence", filter=~Q(evidence__use=ReportEvidence.Use.LEFT_OUT))
        ),
        "missing": [] if report.is_published else missing(report),
        "build": report.builds.without_bytes().first(),
        "may_change": may(request.user, "change", report),
        "may_correct": may(request.user, "correct", report) and not hasattr(report, "corrected_by"),
        "public_url": public_url(report),
    }
    return render(request, "assurance/report_detail.html", context)


@require_safe
def report_preview(request, pk):
    """The report as a page: as it would be printed today, or as it was published."""
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    content = report.published_file.manifest if report.is_published else content_of(report, on=timezone.localdate())
    context = {
        "record": report,
        "report": as_objects(content),
        "crumbs": crumbs((str(report), report.get_absolute_url()), ("As a page", None)),
    }
    return render(request, "assurance/report_preview.html", context)


@require_POST
def gather(request, pk):
    """Look again at what the year has shown."""
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    may_or_refuse(request.user, "change", report)
    count = gather_evidence(report)
    messages.success(request, f"{count} pieces of evidence are filed under the headings that they serve")
    return redirect(report)


# The proof


@require_POST
def build_report(request, pk):
    """Ask the worker for a proof; the page that follows shows how far it is."""
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    may_or_refuse(request.user, "build", report)
    build = request_build(report, by=request.user)
    transaction.on_commit(partial(build_report_task.delay, str(build.pk)))
    return redirect(build)


@require_safe
def build_detail(request, pk):
    """How far a proof is; htmx asks for the moving part alone, once a second, until it is done."""
    build = get_permitted(request.user, ReportBuild, "view", pk=pk)
    context = {
        "build": build,
        "report": build.report,
        "may_publish": build.is_done and may(request.user, "publish", build.report),
        "crumbs": crumbs((str(build.report), build.report.get_absolute_url()), ("Proof", None)),
    }
    part = "#progress" if request.htmx else ""
    return render(request, f"assurance/report_build.html{part}", context)


@require_safe
def build_proof(request, pk):
    build = get_permitted(request.user, ReportBuild, "view", pk=pk)
    if not build.is_done:
        return redirect(build)
    return as_attachment(build.pdf, build.filename)


# The next edition


@require_http_methods(["GET", "HEAD", "POST"])
def next_edition(request, pk):
    """Correct a published report: a new edition beside the old one, which stays."""
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    may_or_refuse(request.user, "correct", report)
    form = EditionForm(request.POST or None, cancel_url=report.get_absolute_url())
    if form.is_valid():
        try:
            edition = start_edition(report, **form.cleaned_data)
        except CannotPublish as refusal:
            messages.error(request, str(refusal))
            return redirect(report)
        messages.success(
            request, f"Edition {edition.edition} started. Edition {report.edition} stays as it was published"
        )
        return redirect(edition)
    context = {"form": form, "crumbs": crumbs((str(report), report.get_absolute_url()), ("Next edition", None))}
    return render(request, "assurance/report_form.html", context, status=form.status)


def suggested_year(user, *, on):
    """The office's partnerships and their last year that has ended; if that has its report, the year that runs."""
    partnerships = Partnership.objects.of_office(user)
    month = partnerships[0].financial_year_starts_month
    runs_from = date(on.year if on.month >= month else on.year - 1, month, 1)
    ended_from = runs_from.replace(year=runs_from.year - 1)
    has_report = AnnualReport.objects.filter(partnerships__in=partnerships, starts_on=ended_from).exists()
    first = runs_from if has_report else ended_from
    return {
        "partnerships": partnerships,
        "starts_on": first,
        "ends_on": first.replace(year=first.year + 1) - timedelta(days=1),
    }


def crumbs(*here):
    return [("Reports", reverse("assurance:report-list")), *here]


def public_url(report):
    """Where everyone reads it, or "" before it is published or for partnerships that are not public."""
    partnership = report.partnerships.filter(is_public=True).first()
    if not report.is_published or partnership is None:
        return ""
    return reverse("assurance:public-report", args=[partnership.slug, report.pk])
