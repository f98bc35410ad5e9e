"""The annual report, from its first heading to the published file."""

from datetime import date, timedelta
from functools import partial

import tablib
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.annual.builds import request_build
from assurance.annual.companions import with_companions
from assurance.annual.content import content_of
from assurance.annual.figures import Figures
from assurance.annual.gathering import gather_evidence
from assurance.annual.missing import missing, opens_for, parted, people_of
from assurance.annual.standstill import section_of
from assurance.annual.starting import start_edition, start_report
from assurance.annual.steps import steps_of
from assurance.annual.typed import remember
from assurance.annual.word_lacks import lacks_of_figures
from assurance.forms import EditionForm, ReportStartForm
from assurance.lists import ReportFilter, ReportTable
from assurance.models import AnnualReport, ReportBuild, ReportContribution, ReportEvidence
from assurance.printed import as_objects, counted
from assurance.tasks import build_report as build_report_task
from partnership.access import get_permitted, may, may_or_refuse
from partnership.downloads import EXCEL, as_attachment
from partnership.lists import RecordList, harmless
from partnership.models import Partnership
from partnership.publishing import CannotPublish

SHOWN_NEXT = 3
MOST_PARTS = 6  # of one's own organisation, beside the list of reports


class ReportList(RecordList):
    """The reports of one's own partnerships: those inside see drafts, everybody what was published."""

    table_class, filterset_class = ReportTable, ReportFilter
    template_name = "assurance/report_list.html"
    export_name = "reports"

    def get_queryset(self):
        return with_companions(AnnualReport.objects.of_person(self.request.user).for_list())

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            may_start=bool(self.request.user.standing.office_ids),
            parts=ReportContribution.objects.own(self.request.user)[:MOST_PARTS],
            today=timezone.localdate(),
            **kwargs,
        )


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
    """Where the report stands: its steps, what is next for whoever looks, its sections, what is still missing."""
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    today = timezone.localdate()
    found = [] if report.is_published else missing(report, on=today)
    due, later = parted(found)
    roles = roles_of(request.user, report)
    mendable = [each for each in due if opens_for(each, **roles)] or [
        each for each in later if opens_for(each, **roles)
    ]
    context = {
        "report": report,
        "crumbs": crumbs((str(report), None)),
        "steps": steps_of(report, on=today),
        "sections": report.sections.annotate(
            evidence_count=Count("evidence", filter=~Q(evidence__use=ReportEvidence.Use.LEFT_OUT)),
            offered_count=Count("evidence", filter=Q(evidence__use=ReportEvidence.Use.OFFERED)),
        ).order_by("position"),
        "missing": due,
        "later": later,
        "next": mendable[:SHOWN_NEXT],
        "next_count": len(mendable),
        "people": people_of(due),
        "has_standstill": section_of(report) is not None,
        "build": report.builds.without_bytes().first(),
        "may_change": may(request.user, "change", report),
        "is_office": roles["is_office"],
        "may_correct": may(request.user, "correct", report) and not hasattr(report, "corrected_by"),
        "public_url": public_url(report),
    }
    return render(request, "assurance/report_detail.html", context)


@require_safe
def report_missing(request, pk):
    """Everything that is still missing, by who can mend it; ``?who=`` narrows it, ``?export=xlsx`` is a workbook."""
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    found = [] if report.is_published else missing(report, on=timezone.localdate())
    if request.htmx and "count" in request.GET:
        return HttpResponse(counted(sum(each.is_due for each in found), "thing") + " missing")
    people = people_of(found)
    who = request.GET.get("who", "")
    shown = [each for each in found if each.who == who] if who in dict(people) else found
    if request.GET.get("export") == "xlsx":
        filename = f"{report.filename_stem}-still-missing.xlsx"
        return as_attachment(as_xlsx(shown), filename, EXCEL)
    due, later = parted(shown)
    roles = roles_of(request.user, report)
    context = {
        "report": report,
        "people": people,
        "who": who if who in dict(people) else "",
        "parts": [
            ("To be done now", [(each, opens_for(each, **roles)) for each in due]),
            ("Not due yet", [(each, opens_for(each, **roles)) for each in later]),
        ],
        "all_count": len(found),
        "crumbs": crumbs((str(report), report.get_absolute_url()), ("Still missing", None)),
    }
    return render(request, "assurance/report_missing.html", context)


def roles_of(user, report):
    """As whom ``user`` reads this report's drafts."""
    standing, ids = user.standing, report.partnership_ids
    return {
        "is_office": bool(standing.office_ids & ids),
        "is_advisor": bool(standing.advisor_ids & ids),
        "is_lead": bool(standing.lead_partner_ids & ids),
    }


def as_xlsx(found):
    rows = [[each.what, each.who, each.todo, each.part, "Now" if each.is_due else "Not yet"] for each in found]
    headings = ["What is missing", "Who can mend it", "What to do", "Part of the report", "Due"]
    cells = [[harmless(cell) for cell in row] for row in rows]
    return tablib.Dataset(*cells, headers=headings, title="Still missing").export("xlsx")


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
    remember(report, Figures.of(report).all(), at=timezone.now())
    filed = "1 piece of evidence is" if count == 1 else f"{count:,} pieces of evidence are"
    messages.success(request, f"{filed} filed under the headings that they serve")
    back = request.POST.get("next", "")
    is_ours = back.startswith(report.get_absolute_url()) and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else report)


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
        "figures_missing": list(lacks_of_figures(build.report))
        if build.is_done and not build.report.is_published
        else [],
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
