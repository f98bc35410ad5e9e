"""What is published with the annual report: brought, looked at, taken back, published later; Word and one page."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assurance.annual import companions
from assurance.annual.companion_forms import CompanionForm, languages_of
from assurance.models import AnnualReport, ReportBuild, ReportCompanion
from assurance.views.registers import form_page
from assurance.views.report_versions import crumbs_of
from partnership.access import get_permitted, may, may_or_refuse
from partnership.downloads import as_attachment
from partnership.published_first import published_first
from partnership.publishing import CannotPublish
from partnership.uploads import UnreadableFile

GET_OR_POST = ["GET", "HEAD", "POST"]
LIST = "assurance:companion-list"


def crumbs(report, *here):
    return crumbs_of(report, ("With the report", reverse(LIST, args=[report.pk]) if here else None), *here)


def may_add(user, report):
    """The office before publication and after; what comes later is published on its own."""
    return may(user, "change", ReportCompanion(report=report))


@require_safe
def companion_list(request, pk):
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    held = report.companions.select_related("document", "published_file", "added_by").defer(
        "document__content", "published_file__content", "published_file__manifest"
    )
    shown = languages_of(held)
    kinds = {each.kind for each, *_ in shown if each.document_id}
    context = {
        "report": report,
        "companions": [each for each in shown if each[0].document_id],
        "made": [each for each, *_ in shown if each.kind in companions.MADE],
        "absent": [kind.label for kind in companions.BROUGHT if kind not in kinds],
        "build": None if report.is_published else report.builds.without_bytes().done().first(),
        "may_add": may_add(request.user, report),
        "crumbs": crumbs(report),
    }
    return render(request, "assurance/report_companions.html", context)


@require_http_methods(GET_OR_POST)
def add(request, pk):
    """Bring a PDF, or another in place of one that is not published."""
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    may_or_refuse(request.user, "change", ReportCompanion(report=report))
    form = CompanionForm(request.POST or None, request.FILES or None, cancel_url=reverse(LIST, args=[report.pk]))
    if form.is_valid():
        said = form.cleaned_data
        upload = said.pop("upload")
        try:
            companion = companions.bring(
                report, **said, filename=upload.name, content=upload.read(), by=request.user, at=timezone.now()
            )
        except (UnreadableFile, CannotPublish) as refusal:
            form.add_error("upload", str(refusal))
        else:
            tell(request, companion)
            return redirect(LIST, report.pk)
    lede = "A PDF that goes out with the report and stays beside it for good."
    if report.is_published:
        lede = "The report is published. What you add now is published on its own, when you say so."
    here = crumbs(report, "Add to the report")
    return form_page(request, form, title="Add to the report", crumbs=here, lede=lede)


def tell(request, companion):
    count = len(companion.findings)
    if count:
        found = "one thing stands" if count == 1 else f"{count} things stand"
        messages.warning(request, f"“{companion}” is added, but {found} against reading it with a screen reader")
    else:
        messages.success(request, f"“{companion}” is added. Nothing stands against reading it with a screen reader")


@require_http_methods(GET_OR_POST)
def remove(request, pk):
    companion = get_permitted(request.user, ReportCompanion, "view", pk=pk)
    may_or_refuse(request.user, "change", companion)
    if request.method == "POST":
        return done(request, companion, lambda: companions.remove(companion), f"“{companion}” is taken back")
    return sure(request, companion, title="Take it back?", label="Take it back", kind="warning")


@require_http_methods(GET_OR_POST)
def publish(request, pk):
    """Publish one that came after the report."""
    companion = get_permitted(request.user, ReportCompanion, "view", pk=pk)
    if companion.is_published and may_add(request.user, companion.report):
        return was_published(request, companion)
    may_or_refuse(request.user, "publish", companion)
    if request.method == "POST":
        at = timezone.now()
        return done(
            request,
            companion,
            lambda: companions.publish_companion(companion, by=request.user, at=at),
            f"“{companion}” is published. Its file can never change",
        )
    return sure(request, companion, title="Publish it beside the report?", label="Publish", kind="primary")


def was_published(request, companion):
    """Who only looks goes to what is out; who presses publish once somebody else has is told so."""
    file = companion.published_file
    if request.method != "POST":
        return redirect(file)
    here = crumbs(companion.report, "Publish")
    return published_first(request, file, by=file.published_by, at=file.published_at, crumbs=here)


def done(request, companion, act, words):
    try:
        act()
    except CannotPublish as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect(LIST, companion.report_id)


def sure(request, companion, *, title, label, kind):
    context = {
        "companion": companion,
        "title": title,
        "label": label,
        "kind": kind,
        "crumbs": crumbs(companion.report, title),
    }
    return render(request, "assurance/report_companion_sure.html", context)


@require_safe
def download(request, pk):
    """The bytes as they were brought; of what comes with the proof, those that were published."""
    companion = get_permitted(request.user, ReportCompanion, "view", pk=pk)
    if companion.is_published:
        return redirect(companion.published_file.get_absolute_url())
    if not companion.document_id:
        return redirect(LIST, companion.report_id)
    return as_attachment(companion.document.content, companion.document.filename)


# With the proof


@require_safe
def build_word(request, pk):
    build = get_permitted(request.user, ReportBuild, "view", pk=pk)
    if not build.word:
        return redirect(build)
    return as_attachment(build.word, f"{build.report.filename_stem}-proof.docx", companions.WORD_TYPE)


@require_safe
def build_summary(request, pk):
    build = get_permitted(request.user, ReportBuild, "view", pk=pk)
    if not build.summary:
        return redirect(build)
    return as_attachment(build.summary, f"{build.report.filename_stem}-one-page-proof.pdf")


patterns = [
    path("reports/<int:pk>/companions/", companion_list, name="companion-list"),
    path("reports/<int:pk>/companions/add/", add, name="companion-add"),
    path("report-companions/<int:pk>/remove/", remove, name="companion-remove"),
    path("report-companions/<int:pk>/publish/", publish, name="companion-publish"),
    path("report-companions/<int:pk>/file/", download, name="companion-file"),
    path("reports/builds/<uuid:pk>/word/", build_word, name="build-word"),
    path("reports/builds/<uuid:pk>/one-page/", build_summary, name="build-summary"),
]
