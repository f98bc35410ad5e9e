"""Thematic summaries: what all the returns to one request say together, from a draft to what members read."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance import summaries
from assurance.models import SummarySection, ThematicSummary
from assurance.summaries import Released
from assurance.summary_forms import IntroductionForm, SectionForm
from assurance.summary_print import make_pdf, make_word
from assurance.views.scrutiny import crumbs_of, find_request
from partnership.access import get_permitted, may, may_or_refuse
from partnership.downloads import as_attachment
from partnership.pdf import PdfProblem
from partnership.rules import is_office
from plans.documents import WORD

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])
STANDS = "This summary is released, so it can no longer be changed. Take it back first"


@require_POST
def begin(request, pk, slug):
    record, partnership = find_request(request.user, pk, slug)
    if not is_office(request.user, partnership_shell(record, partnership)):
        raise PermissionDenied
    return redirect(summaries.begin_summary(record, partnership))


def partnership_shell(record, partnership):
    return ThematicSummary(request=record, partnership=partnership)


@require_safe
def detail(request, pk):
    summary = find(request.user, pk)
    context = {
        "summary": summary,
        "content": summaries.content_of(summary),
        "may_change": may(request.user, "change", summary),
        "may_release": may(request.user, "release", summary),
        "may_look_back": is_inside(request.user, summary),
        "crumbs": crumbs(request.user, summary),
    }
    return render(request, "assurance/summary_detail.html", context)


def find(user, pk):
    return get_permitted(user, ThematicSummary, "view", pk=pk)


def is_inside(user, summary):
    """Reads the draft too, and every answer: the office, the advisor, the group."""
    partnership_of = ThematicSummary(request=summary.request, partnership=summary.partnership)
    return may(user, "view", partnership_of)


@asks_and_answers
def change(request, pk):
    """The words that stand before the sections."""
    summary = find(request.user, pk)
    if summary.released_on:
        return stands(request, summary)
    may_or_refuse(request.user, "change", summary)
    form = IntroductionForm(request.POST or None, instance=summary, cancel_url=summary.get_absolute_url())
    if form.is_valid():
        form.save()
        messages.success(request, "Saved")
        return redirect(summary)
    return show(request, summary, form, "What the returns say in all")


@asks_and_answers
def section(request, pk, section_pk=None):
    """One theme. ``?quote=&line=`` begins it with an answer, with its organisation's name or (``&named=``) without."""
    summary = find(request.user, pk)
    if summary.released_on and may(request.user, "release", summary):
        return stands(request, summary)
    may_or_refuse(request.user, "change", summary)
    own = get_object_or_404(SummarySection, summary=summary, pk=section_pk) if section_pk else None
    form = SectionForm(
        request.POST or None,
        instance=own or SummarySection(summary=summary, kind=""),
        initial={} if own else quoted(summary, request.GET),
        request_record=summary.request,
        cancel_url=summary.get_absolute_url(),
    )
    if form.is_valid():
        try:
            summaries.keep_section(summary, own, **form.cleaned_data)
        except Released:
            return stands(request, summary)
        messages.success(request, f"“{form.cleaned_data['heading']}” saved")
        return redirect(summary)
    return show(request, summary, form, "Change the section" if own else "Add a section", section=own)


def quoted(summary, asked):
    line = asked.get("line", "")
    text = summaries.quote(summary, asked.get("quote", ""), line, is_named=bool(asked.get("named")))
    return {"text": text, "question": summaries.question_of(line)} if text else {}


@require_POST
def remove(request, pk, section_pk):
    summary = find(request.user, pk)
    if summary.released_on and may(request.user, "release", summary):
        return stands(request, summary)
    may_or_refuse(request.user, "change", summary)
    own = get_object_or_404(SummarySection, summary=summary, pk=section_pk)
    summaries.remove_section(summary, own)
    messages.success(request, f"“{own}” is taken out")
    return redirect(summary)


@require_safe
def answers(request, pk):
    """Every organisation's answer to one question, side by side, to read and to quote from."""
    summary = find(request.user, pk)
    if not is_inside(request.user, summary):
        raise Http404
    questions = summaries.questions_of(summary)
    keys = [key for key, _title in questions]
    key = request.GET.get("line", "")
    if key not in keys:
        key = keys[0] if keys else ""
    place = keys.index(key) if keys else 0
    context = {
        "summary": summary,
        "questions": questions,
        "key": key,
        "title": dict(questions).get(key, ""),
        "answers": summaries.answers_to(summary, key),
        "before": keys[place - 1] if place else "",
        "after": keys[place + 1] if place + 1 < len(keys) else "",
        "may_change": may(request.user, "change", summary),
        "crumbs": [
            *crumbs(request.user, summary)[:-1],
            ("What the returns say", summary.get_absolute_url()),
            ("Side by side", None),
        ],
    }
    return render(request, "assurance/summary_answers.html", context)


@asks_and_answers
def release(request, pk):
    """Open it to all members, or take it back to correct it."""
    summary = find(request.user, pk)
    may_or_refuse(request.user, "release", summary)
    if request.method == "POST":
        if request.POST.get("action") == "back":
            summaries.take_back(summary)
            messages.success(request, "The summary is a draft again. Members no longer see it")
        else:
            summaries.release(summary, by=request.user, on=timezone.localdate())
            messages.success(request, f"Everybody of {summary.partnership} can read it now")
        return redirect(summary)
    context = {
        "summary": summary,
        "content": summaries.content_of(summary),
        "crumbs": [*crumbs(request.user, summary)[:-1], ("Release", None)],
    }
    return render(request, "assurance/summary_release.html", context)


@require_safe
def document(request, pk, kind):
    """The summary as a PDF or a Word document."""
    summary = find(request.user, pk)
    content = summaries.content_of(summary)
    if kind == "word":
        return as_attachment(make_word(content), "what-the-returns-say.docx", WORD)
    try:
        return as_attachment(make_pdf(content).content, "what-the-returns-say.pdf")
    except PdfProblem as problem:
        messages.error(request, f"{problem} Take the Word document instead.")
        return redirect(summary)


def stands(request, summary):
    messages.info(request, STANDS)
    return redirect(summary)


def show(request, summary, form, title, **more):
    trail = [*crumbs(request.user, summary)[:-1], ("What the returns say", summary.get_absolute_url()), (title, None)]
    context = {"summary": summary, "form": form, "title": title, "crumbs": trail, **more}
    return render(request, "assurance/summary_form.html", context, status=form.status)


def crumbs(user, summary):
    """The request's page is not for every member."""
    to_request = crumbs_of(summary.request)
    return [*(to_request if is_inside(user, summary) else to_request[:1]), ("What the returns say", None)]


SUMMARY = "returns/summaries/<int:pk>/"

patterns = [
    path("requests/<int:pk>/summary/<slug:slug>/", begin, name="summary-add"),
    path(SUMMARY, detail, name="summary-detail"),
    path(f"{SUMMARY}change/", change, name="summary-change"),
    path(f"{SUMMARY}sections/add/", section, name="summary-section-add"),
    path(f"{SUMMARY}sections/<int:section_pk>/", section, name="summary-section-change"),
    path(f"{SUMMARY}sections/<int:section_pk>/remove/", remove, name="summary-section-remove"),
    path(f"{SUMMARY}answers/", answers, name="summary-answers"),
    path(f"{SUMMARY}release/", release, name="summary-release"),
    path(f"{SUMMARY}summary.pdf", document, {"kind": "pdf"}, name="summary-pdf"),
    path(f"{SUMMARY}summary.docx", document, {"kind": "word"}, name="summary-word"),
]
