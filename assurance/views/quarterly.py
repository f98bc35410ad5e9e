"""How are we doing? A plan's report of each quarter: begun, written, given to the board, published, corrected."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.models import QuarterlyBuild, QuarterlyEvidence, QuarterlyPromise, QuarterlyReport
from assurance.printed import as_objects
from assurance.quarterly import publishing, writing
from assurance.quarterly.builds import request_build
from assurance.quarterly.content import content_of, judgements_before
from assurance.quarterly.forms import CorrectForm, LineForm, PromiseForm, PublishForm, ResultsForm, WordsForm
from assurance.quarterly.lists import QuarterlyFilter, QuarterlyTable, rounds_with_reports
from assurance.quarterly.standing import missing
from assurance.tasks import build_quarterly
from partnership.access import get_permitted, may, may_or_refuse
from partnership.downloads import as_attachment
from partnership.lists import RecordList
from partnership.published_first import published_first
from partnership.publishing import CannotPublish
from partnership.templatetags.components import long_date
from partnership.whole_numbers import whole_number
from plans.documents import WORD
from plans.models import UpdateRound

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])
LEAVE, TAKE = "leave", "take"
MOST_FIELDS = 200  # of a draft: three for each promise of the last report, and a few


class QuarterlyList(RecordList):
    """Each round of each plan, and where its report stands."""

    table_class, filterset_class = QuarterlyTable, QuarterlyFilter
    template_name = "assurance/quarterly_list.html"
    export_name = "quarterly-reports"

    def get_queryset(self):
        return rounds_with_reports(self.request.user, on=timezone.localdate())


def crumbs(*here):
    return [("How are we doing?", reverse("assurance:quarterly-list")), *here]


def crumbs_of(report, label):
    return crumbs((str(report.round), report.get_absolute_url()), (label, None))


def find(user, verb="view", **lookup):
    """The one report matching ``lookup`` to which ``user`` may do ``verb``, with its round and plan."""
    report = get_permitted(user, QuarterlyReport, "view", **lookup)
    report = QuarterlyReport.objects.select_related(
        "round__plan__scrutiny_group", "round__plan__deciding_group", "given_by", "published_by", "meeting__group"
    ).get(pk=report.pk)
    may_or_refuse(user, verb, report)
    return report


@require_POST
def begin(request, pk):
    """Begin the round's report; one that is begun is opened."""
    round = get_permitted(request.user, UpdateRound, "view", pk=pk)
    now = timezone.now()
    if round.opens_on > timezone.localdate(now):
        raise Http404
    may_or_refuse(request.user, "give", QuarterlyReport(round=round))
    try:
        report = writing.begin_report(round, by=request.user, at=now, on=timezone.localdate(now))
    except writing.NothingToJudge as refusal:
        messages.error(request, str(refusal))
        return redirect("assurance:quarterly-list")
    return redirect(report)


@require_safe
def detail(request, pk):
    """The report as it was published, or as it stands with what each may do next."""
    report = find(request.user, pk=pk)
    build = report.builds.filter(published_at__isnull=False).first() if report.is_published else None
    content = build.content if build else content_of(report, on=timezone.localdate())
    may_change = may(request.user, "change", report)
    reads_drafts = may(request.user, "view", QuarterlyReport(round=report.round))
    seen = QuarterlyReport.objects.visible_to(request.user).exclude(pk=report.pk)
    context = {
        "record": report,
        "build": build,
        "last_build": None if report.is_published or not reads_drafts else report.builds.without_bytes().first(),
        "report": as_objects(content),
        "may_change": may_change,
        "may_give": may(request.user, "give", report),
        "may_build": may(request.user, "build", report) and not report.is_published,
        "may_publish": may(request.user, "publish", report),
        "may_correct": may(request.user, "correct", report),
        "reads_drafts": reads_drafts,
        "may_look_back": may(request.user, "look_back", report),
        "missing": missing(report) if reads_drafts and not report.is_published else [],
        "editions": seen.filter(round=report.round).order_by("edition"),
        "before": neighbour(seen, report, "round__ends_on__lt", "-round__ends_on"),
        "after": neighbour(seen, report, "round__ends_on__gt", "round__ends_on"),
        "crumbs": crumbs((str(report.round), None)),
    }
    return render(request, "assurance/quarterly_detail.html", context)


def neighbour(reports, report, lookup, order):
    """The plan's last edition of the quarter before or after that this person may read, or None."""
    own = reports.filter(round__plan=report.round.plan_id, **{lookup: report.round.ends_on}).select_related("round")
    return own.order_by(order, "-edition").first()


# Writing


@asks_and_answers
def line(request, pk):
    """One outcome: its evidence by stream, how far it is shown, what goes well, what is promised."""
    report = find(request.user, "change", lines=pk)
    own = get_object_or_404(report.lines.select_related("outcome__priority"), pk=pk)
    own.report = report
    draft = None if request.method == "POST" else writing.draft_of(report, page=writing.page_of(own), by=request.user)
    form = LineForm(
        request.POST if request.method == "POST" else None,
        instance=own,
        draft=draft,
        cancel_url=report.get_absolute_url(),
    )
    if form.is_valid():
        try:
            writing.write_line(own, by=request.user, at=timezone.now(), **form.written)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, with_kept("Saved.", form))
            following = report.lines.filter(position__gt=own.position).first()
            if "go" in request.POST and following:
                return redirect("assurance:quarterly-line", following.pk)
            return redirect(f"{report.get_absolute_url()}#outcome-{own.pk}")
    before = judgements_before(report, [own]).get(own.outcome_id)
    evidence = list(report.evidence.filter(line=own))
    context = {
        "report": report,
        "line": own,
        "form": form,
        "draft_page": writing.page_of(own),
        "before": before,
        "streams": [
            (stream, [each for each in evidence if each.stream == stream]) for stream in QuarterlyEvidence.Stream
        ],
        "taken_count": sum(not each.is_left_out for each in evidence),
        "promises": own.promises.select_related("lead_post", "lead_group", "lead_organisation"),
        "is_last": not report.lines.filter(position__gt=own.position).exists(),
        "crumbs": crumbs_of(report, "Outcome"),
    }
    return render(request, "assurance/quarterly_line.html", context, status=form.status)


def with_kept(words, form):
    return f"{words} Somebody else’s change was kept: {', '.join(form.merged)}." if form.merged else words


@asks_and_answers
def words(request, pk):
    """What the report says in all."""
    report = find(request.user, "change", pk=pk)
    draft = None if request.method == "POST" else writing.draft_of(report, page=writing.WORDS, by=request.user)
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        instance=report,
        draft=draft,
        cancel_url=report.get_absolute_url(),
    )
    if form.is_valid():
        try:
            writing.write_words(
                report, by=request.user, **{name: form.cleaned_data[name] for name in WordsForm.Meta.fields}
            )
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, with_kept("Saved.", form))
            return redirect(report)
    context = {
        "report": report,
        "form": form,
        "draft_page": writing.WORDS,
        "title": "The quarter in short",
        "crumbs": crumbs_of(report, "The quarter in short"),
    }
    return render(request, "assurance/quarterly_words.html", context, status=form.status)


@asks_and_answers
def results(request, pk):
    """What came of what the last report promised, beside what the action log says."""
    report = find(request.user, "change", pk=pk)
    draft = None if request.method == "POST" else writing.draft_of(report, page=writing.RESULTS, by=request.user)
    form = ResultsForm(
        request.POST if request.method == "POST" else None,
        instance=report,
        draft=draft,
        cancel_url=report.get_absolute_url(),
    )
    if form.is_valid():
        try:
            writing.tell_results(report, form.written)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            writing.forget_draft(report, page=writing.RESULTS, by=request.user)
            messages.success(request, with_kept("Saved.", form))
            return redirect(report)
    context = {
        "report": report,
        "form": form,
        "draft_page": writing.RESULTS,
        "before": writing.report_before(report),
        "today": timezone.localdate(),
        "crumbs": crumbs_of(report, "What came of it"),
    }
    return render(request, "assurance/quarterly_results.html", context, status=form.status)


@require_POST
def draft(request, pk, page):
    """Keep what somebody has typed so far. A script asks for it as they write; without one a button does."""
    report = find(request.user, "change", pk=pk)
    back = page_address(report, page)
    if "forget" in request.POST:
        writing.forget_draft(report, page=page, by=request.user)
        return redirect(back)
    kept = keep_typed(request, report, page)
    if request.htmx:
        return render(request, "plans/review_draft_saved.html", {"draft": kept})
    messages.success(request, "Kept as a draft. Only you see it until you save it.")
    return redirect(back)


def keep_typed(request, report, page):
    typed = {name: request.POST[name] for name in list(request.POST)[:MOST_FIELDS] if name not in NOT_TYPED}
    return writing.keep_draft(report, page=page, by=request.user, at=timezone.now(), answers=typed)


NOT_TYPED = {"csrfmiddlewaretoken", "do", "go"}


def page_address(report, page):
    """The page of that name; 404 where this report has none."""
    kind, _, key = page.partition(":")
    if kind == "line" and report.lines.filter(pk=whole_number(key)).exists():
        return reverse("assurance:quarterly-line", args=[key])
    if page in {writing.WORDS, writing.RESULTS}:
        return reverse(f"assurance:quarterly-{page}", args=[report.pk])
    raise Http404


@require_POST
def evidence(request, pk):
    """Leave one piece out, or take it back. What was typed beside it is kept as a draft."""
    report = find(request.user, "change", evidence=pk)
    own = get_object_or_404(report.evidence.select_related("line"), pk=pk)
    page = writing.page_of(own.line)
    if "seen" in request.POST:
        keep_typed(request, report, page)
    try:
        writing.leave_out(own, is_left_out=request.POST.get("do") == LEAVE)
    except ValidationError as problem:
        messages.error(request, problem.message)
        return redirect(report)
    return redirect(f"{page_address(report, page)}#evidence-{own.pk}")


@require_POST
def gather(request, pk):
    """Look again at what the quarter has shown."""
    report = find(request.user, "change", pk=pk)
    try:
        count = writing.gather(report, on=timezone.localdate())
    except ValidationError as problem:
        messages.error(request, problem.message)
        return redirect(report)
    new = f"{count} new piece{'' if count == 1 else 's'} of evidence" if count else "Nothing new"
    messages.success(request, f"{new}. What was left out stays out.")
    return redirect(report)


# Promises


@asks_and_answers
def add_promise(request, pk):
    """What will be done next: for one outcome (``?line=``) or for all of them."""
    report = find(request.user, "change", pk=pk)
    key = whole_number(request.GET.get("line"))
    own = get_object_or_404(report.lines, pk=key) if key is not None else None
    promise = QuarterlyPromise(report=report, line=own)
    form = PromiseForm(
        request.POST if request.method == "POST" else None,
        instance=promise,
        on=timezone.localdate(),
        cancel_url=back_of(promise),
    )
    if form.is_valid():
        writing.add_promise(report, line=own, **form.written)
        messages.success(request, "Added. From publication on it is a line of the action log.")
        return redirect(back_of(promise))
    return show_promise(request, promise, form, "Add a next action")


@asks_and_answers
def change_promise(request, pk):
    report = find(request.user, "change", promises=pk)
    promise = get_object_or_404(report.promises.select_related("line"), pk=pk)
    promise.report = report
    if request.method == "POST" and "remove" in request.POST:
        writing.remove_promise(promise)
        messages.success(request, "Taken out of the report.")
        return redirect(back_of(promise))
    form = PromiseForm(
        request.POST if request.method == "POST" else None,
        instance=promise,
        on=timezone.localdate(),
        cancel_url=back_of(promise),
    )
    if form.is_valid():
        writing.change_promise(QuarterlyPromise.objects.get(pk=promise.pk), **form.written)
        messages.success(request, with_kept("Saved.", form))
        return redirect(back_of(promise))
    return show_promise(request, promise, form, "Next action")


def back_of(promise):
    """The page from which it is written."""
    if promise.line_id:
        return reverse("assurance:quarterly-line", args=[promise.line_id]) + "#next"
    return promise.report.get_absolute_url() + "#next"


def show_promise(request, promise, form, title):
    context = {"promise": promise, "form": form, "title": title, "crumbs": crumbs_of(promise.report, title)}
    return render(request, "assurance/quarterly_promise.html", context, status=form.status)


# To the board, and out


@require_POST
def give(request, pk):
    report = find(request.user, pk=pk)
    if report.given_at is None or report.is_published:
        may_or_refuse(request.user, "give", report)
    elif not may(request.user, "give", QuarterlyReport(round=report.round)):
        raise PermissionDenied
    else:
        return redirect(report)  # pressed twice
    try:
        writing.give_to_board(report, by=request.user, at=timezone.now())
    except ValidationError as problem:
        messages.error(request, problem.message)
    else:
        board = report.plan.deciding_group or "board"
        messages.success(request, f"Given to the {board}. What it changes from now on stands beside what you gave.")
    return redirect(report)


@require_POST
def make(request, pk):
    """Ask the worker for the PDF and the Word file; the page that follows shows how far they are."""
    report = find(request.user, "build", pk=pk)
    if report.is_published:
        return redirect(report)
    build = request_build(report, by=request.user, on=timezone.localdate())
    key = str(build.pk)
    transaction.on_commit(lambda: build_quarterly.delay(key), robust=True)
    return redirect(build)


@require_safe
def build_detail(request, pk):
    """How far the files are; htmx asks for the moving part alone, once a second, until they are done."""
    build = get_permitted(request.user, QuarterlyBuild, "view", pk=pk)
    report = find(request.user, pk=build.report_id)
    context = {
        "build": build,
        "report": report,
        "may_publish": build.is_done and may(request.user, "publish", report),
        "crumbs": crumbs_of(report, "Files"),
    }
    part = "#progress" if request.htmx else ""
    return render(request, f"assurance/quarterly_build.html{part}", context)


@require_safe
def file(request, pk, kind):
    """The PDF or the Word file: of a published report what was published, else what was made last."""
    report = find(request.user, pk=pk)
    if report.is_published:
        build = report.builds.filter(published_at__isnull=False).first()
    else:
        build = report.builds.done().first()
    if build is None:
        raise Http404
    stem = report.filename_stem if report.is_published else f"{report.filename_stem}-draft"
    if kind == "pdf":
        return as_attachment(build.pdf, f"{stem}.pdf")
    return as_attachment(build.word, f"{stem}.docx", WORD)


def was_published(request, report):
    """Who only looks goes to what is out; who presses publish once somebody else has is told so."""
    if request.method != "POST":
        return redirect(report)
    crumbs = crumbs_of(report, "Publish")
    return published_first(request, report, by=report.published_by, at=report.published_at, crumbs=crumbs)


@asks_and_answers
def publish(request, pk):
    """Show what publishing means and which files it takes; then take exactly those."""
    report = find(request.user, pk=pk)
    if report.is_published and may(request.user, "correct", report):
        return was_published(request, report)
    may_or_refuse(request.user, "publish", report)
    form = PublishForm(
        request.POST if request.method == "POST" else None, report=report, cancel_url=report.get_absolute_url()
    )
    if form.is_valid():
        build = get_object_or_404(report.builds, pk=form.cleaned_data["build"])
        try:
            publishing.publish_report(
                report,
                build=build,
                by=request.user,
                at=timezone.now(),
                on=timezone.localdate(),
                meeting=form.cleaned_data["meeting"],
            )
        except CannotPublish as refusal:
            report.refresh_from_db()
            if report.is_published:
                return was_published(request, report)
            messages.error(request, str(refusal))
            return redirect("assurance:quarterly-publish", report.pk)
        messages.success(request, "The report is published. Its files can never change.")
        return redirect(report)
    build = report.builds.done().first()
    context = {
        "report": report,
        "form": form,
        "build": build,
        "is_up_to_date": bool(build) and publishing.is_up_to_date(build),
        "missing": missing(report),
        "crumbs": crumbs_of(report, "Publish"),
    }
    return render(request, "assurance/quarterly_publish.html", context, status=form.status)


@asks_and_answers
def correct(request, pk):
    """Correct a published report: a new edition beside the old one, which stays."""
    report = find(request.user, "correct", pk=pk)
    form = CorrectForm(request.POST if request.method == "POST" else None, cancel_url=report.get_absolute_url())
    if form.is_valid():
        try:
            again = publishing.correct_report(report, by=request.user, at=timezone.now(), **form.cleaned_data)
        except CannotPublish as refusal:
            messages.error(request, str(refusal))
            return redirect(report)
        messages.success(
            request,
            f"Edition {again.edition} is begun. Edition {report.edition} of {long_date(report.published_at)} stays",
        )
        return redirect(again)
    context = {"form": form, "title": f"Correct {report}", "crumbs": crumbs_of(report, "Correct")}
    return render(request, "assurance/quarterly_form.html", context, status=form.status)


patterns = [
    path("how-are-we-doing/", QuarterlyList.as_view(), name="quarterly-list"),
    path("how-are-we-doing/begin/<int:pk>/", begin, name="quarterly-begin"),
    path("how-are-we-doing/<int:pk>/", detail, name="quarterly-detail"),
    path("how-are-we-doing/<int:pk>/words/", words, name="quarterly-words"),
    path("how-are-we-doing/<int:pk>/results/", results, name="quarterly-results"),
    path("how-are-we-doing/<int:pk>/drafts/<str:page>/", draft, name="quarterly-draft"),
    path("how-are-we-doing/<int:pk>/gather/", gather, name="quarterly-gather"),
    path("how-are-we-doing/outcomes/<int:pk>/", line, name="quarterly-line"),
    path("how-are-we-doing/evidence/<int:pk>/", evidence, name="quarterly-evidence"),
    path("how-are-we-doing/<int:pk>/promises/add/", add_promise, name="quarterly-promise-add"),
    path("how-are-we-doing/promises/<int:pk>/", change_promise, name="quarterly-promise-change"),
    path("how-are-we-doing/<int:pk>/give/", give, name="quarterly-give"),
    path("how-are-we-doing/<int:pk>/make/", make, name="quarterly-make"),
    path("how-are-we-doing/builds/<uuid:pk>/", build_detail, name="quarterly-build"),
    path("how-are-we-doing/<int:pk>/publish/", publish, name="quarterly-publish"),
    path("how-are-we-doing/<int:pk>/correct/", correct, name="quarterly-correct"),
    path("how-are-we-doing/<int:pk>/report.pdf", file, {"kind": "pdf"}, name="quarterly-file"),
    path("how-are-we-doing/<int:pk>/report.docx", file, {"kind": "docx"}, name="quarterly-word"),
]
