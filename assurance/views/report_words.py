"""Writing the annual report: a section beside its evidence, the foreword, the year in short, drafts as one types."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assurance.annual import standstill, writing
from assurance.annual.figures import Figures
from assurance.annual.last_words import last_foreword, last_words
from assurance.annual.writing_forms import ForewordForm, InShortForm, SectionForm, with_kept
from assurance.models import AnnualReport
from partnership.access import get_permitted, may_or_refuse
from partnership.whole_numbers import whole_number

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])
NOT_TYPED = {"csrfmiddlewaretoken", "go", "replace", "forget", "piece"}
MOST_FIELDS = 20


@asks_and_answers
def change_section(request, pk, section_pk):
    """One heading: what is said under it, beside its evidence and what was said the year before."""
    report = find(request.user, pk)
    section = section_of(report, section_pk)
    form = form_for(request, SectionForm, section, report, writing.page_of(section))
    if form.is_valid():
        writing.save_words(form, report, page=writing.page_of(section), by=request.user, at=timezone.now())
        messages.success(request, with_kept(f"Section {section.position} saved.", form))
        following = report.sections.filter(position__gt=section.position).first()
        if "go" in request.POST and request.POST["go"] == "next" and following:
            return redirect("assurance:section-change", report.pk, following.pk)
        return redirect(report)
    is_standstill = standstill.is_standstill(section)
    pieces = standstill.pieces_of(report, on=timezone.localdate()) if is_standstill else []
    return answer(
        request,
        report,
        form,
        title=f"{section.position}. {section.title}",
        here=f"Section {section.position}",
        draft_page=writing.page_of(section),
        section=section,
        evidence=list(section.evidence.printed()),
        undecided_count=section.evidence.undecided().count(),
        last=last_words(section),
        has_next=report.sections.filter(position__gt=section.position).exists(),
        is_standstill=is_standstill,
        has_words=bool((form["narrative"].value() or "").strip()),
        pieces=standstill.new_pieces(report, pieces),
        piece_count=len(pieces),
    )


@asks_and_answers
def change_foreword(request, pk):
    report = find(request.user, pk)
    form = form_for(request, ForewordForm, report, report, writing.FOREWORD)
    if form.is_valid():
        writing.save_words(form, report, page=writing.FOREWORD, by=request.user, at=timezone.now())
        messages.success(request, with_kept("Foreword saved.", form))
        return redirect(report)
    return answer(
        request,
        report,
        form,
        title="Foreword",
        here="Foreword",
        draft_page=writing.FOREWORD,
        last=last_foreword(report),
    )


@asks_and_answers
def change_in_short(request, pk):
    """What the report on one page says in words."""
    report = find(request.user, pk)
    form = form_for(request, InShortForm, report, report, writing.IN_SHORT)
    if form.is_valid():
        writing.save_words(form, report, page=writing.IN_SHORT, by=request.user, at=timezone.now())
        messages.success(request, with_kept("The year in short saved.", form))
        return redirect(report)
    return answer(
        request, report, form, title="The year in short", here="The year in short", draft_page=writing.IN_SHORT
    )


@require_POST
def draft(request, pk, page):
    """Keep what somebody has typed so far. A script asks for it as they write; without one a button does."""
    report = find(request.user, pk)
    back, form_class, record = page_at(report, page)
    if "forget" in request.POST:
        writing.forget_draft(report, page=page, by=request.user)
        return redirect(back)
    typed = typed_in(request)
    if "replace" in request.POST:
        typed = writing.replace_typed(typed, request.POST["replace"], Figures.of(report))
    kept = writing.keep_draft(report, page=page, by=request.user, at=timezone.now(), answers=typed)
    if request.htmx:
        form = form_class(instance=record, draft=kept, figures=Figures.of(report))
        context = {"draft": kept, "previews": writing.previews(form, report), "report": report, "draft_page": page}
        return render(request, "assurance/report_words_reads.html", context)
    if "replace" in request.POST:
        messages.success(request, "Replaced in your draft. Save it when you are done.")
        return redirect(f"{back}#reads")
    messages.success(request, "Kept as a draft. Only you see it until you save it.")
    return redirect(back)


@require_POST
def draft_standstill(request, pk):
    """Little or no progress, and why: put what the trail says into one's own draft; never over words that are there."""
    report = find(request.user, pk)
    now = timezone.now()
    section = standstill.section_of(report, make=True)
    pieces = standstill.pieces_of(report, on=timezone.localdate(now))
    if "narrative" in request.POST:
        writing.keep_draft(report, page=writing.page_of(section), by=request.user, at=now, answers=typed_in(request))
    wanted = request.POST.get("piece", "")
    result = standstill.draft(report, section, pieces, only=wanted, by=request.user, at=now)
    messages.success(request, RESULTS[result])
    return redirect(f"{reverse('assurance:section-change', args=[report.pk, section.pk])}#trail")


RESULTS = {
    standstill.DRAFTED: "Drafted from the trail. Only you see it until you save it: read it, and make it yours.",
    standstill.ADDED: "Added at the end of your draft.",
    standstill.KEPT: "What is written stays as it is. What is new since stands below it.",
    standstill.NOTHING: "The trail shows nothing that stood still, was dropped or came late.",
}


# What these pages have in common


def typed_in(request):
    """``{field: as typed}`` of the form that was sent, its buttons left out."""
    return {name: request.POST[name] for name in list(request.POST)[:MOST_FIELDS] if name not in NOT_TYPED}


def find(user, pk):
    """The report, if ``user`` may write in it."""
    report = get_permitted(user, AnnualReport, "view", pk=pk)
    may_or_refuse(user, "change", report)
    return report


def section_of(report, section_pk):
    section = get_object_or_404(report.sections.select_related("rule__rule_set"), pk=section_pk)
    section.report = report
    return section


def page_at(report, page):
    """(its address, its form, the record it changes) of the page of that name; 404 where this report has none."""
    if page == writing.FOREWORD:
        return reverse("assurance:foreword-change", args=[report.pk]), ForewordForm, report
    if page == writing.IN_SHORT:
        return reverse("assurance:in-short-change", args=[report.pk]), InShortForm, report
    kind, _, key = page.partition(":")
    if kind == "section" and (number := whole_number(key)) is not None:
        section = section_of(report, number)
        return reverse("assurance:section-change", args=[report.pk, section.pk]), SectionForm, section
    raise Http404


def form_for(request, form_class, record, report, page):
    is_post = request.method == "POST"
    return form_class(
        request.POST if is_post else None,
        instance=record,
        draft=None if is_post else writing.draft_of(report, page=page, by=request.user),
        figures=Figures.of(report),
        cancel_url=report.get_absolute_url(),
    )


def answer(request, report, form, *, here, **context):
    every = form.figures.all()
    context |= {
        "report": report,
        "form": form,
        "figures": every,
        "previews": writing.previews(form, report),
        "crumbs": [
            ("Reports", reverse("assurance:report-list")),
            (str(report), report.get_absolute_url()),
            (here, None),
        ],
    }
    return render(request, "assurance/report_words.html", context, status=form.status)


patterns = [
    path("reports/<int:pk>/sections/<int:section_pk>/", change_section, name="section-change"),
    path("reports/<int:pk>/foreword/", change_foreword, name="foreword-change"),
    path("reports/<int:pk>/in-short/", change_in_short, name="in-short-change"),
    path("reports/<int:pk>/drafts/<str:page>/", draft, name="report-draft"),
    path("reports/<int:pk>/little-progress/", draft_standstill, name="standstill-draft"),
]
