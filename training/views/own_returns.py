"""Own training: an organisation says once a year what it taught its own people; whoever runs training reads it."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from tablib import Dataset

from partnership.access import get_permitted, may
from partnership.downloads import EXCEL, as_attachment
from partnership.lists import as_workbook
from partnership.models import Partnership
from partnership.refusals import ChangedMeanwhile, NotNow
from partnership.standing import standing_of
from training import own_returns
from training.models import AgencyTrainingReturn, Competency
from training.own_return_forms import AskForm, DueForm, HandBackForm, WordsForm, course_rows, year_words
from training.views.competence import chosen_partnership, runs_training_of
from training.views.pages import GET_OR_POST

LIST = "training:own-return-list"
FORM = "training/framework_form.html"


def crumbs(*here):
    ways = [each if isinstance(each, tuple) else (each, None) for each in here]
    return [("Training", reverse("training:event-list")), ("Own training", reverse(LIST) if here else None), *ways]


def title_of(record):
    return f"{record.organisation}, {year_words(record.starts_on, record.ends_on)}"


def crumbs_of(record, here=None):
    return crumbs((title_of(record), record.get_absolute_url() if here else None), *([here] if here else []))


def form_page(request, form, *, title, crumbs, lede=""):
    return render(request, FORM, {"form": form, "title": title, "lede": lede, "crumbs": crumbs}, status=form.status)


@require_safe
def overview(request):
    """One's own returns; for whoever runs training, who answered and what it comes to, beside last year."""
    user = request.user
    partnership, own = chosen_partnership(request)
    runs = runs_training_of(user, partnership)
    visible = AgencyTrainingReturn.objects.visible_to(user).select_related("organisation", "partnership")
    context = {
        "partnership": partnership,
        "partnerships": own,
        "runs": runs,
        "mine": visible.filter(organisation__in=standing_of(user).organisation_ids),
        "today": timezone.localdate(),
        "crumbs": crumbs(),
    }
    if runs:
        context |= year_context(request, partnership)
        year = context["year"]
        if year and request.GET.get("export") == "xlsx":
            name = f"own-training-{year.starts_on:%Y}.xlsx"
            return as_attachment(as_workbook(*sheets_of(partnership, year)), name, EXCEL)
    return render(request, "training/own_return_list.html", context)


def year_context(request, partnership):
    asked = AgencyTrainingReturn.objects.filter(partnership=partnership)
    starts = list(asked.order_by("-starts_on").values_list("starts_on", flat=True).distinct())
    wanted = next((each for each in starts if str(each) == request.GET.get("year")), starts[0] if starts else None)
    year = own_returns.year_of(partnership, wanted) if wanted else None
    rows = [(line, [line.levels.get(level) for level in year.levels]) for line in year.lines] if year else []
    total = [year.total.levels[level] for level in year.levels] if year else []
    return {"year": year, "years": starts, "rows": rows, "total_cells": total}


def sheets_of(partnership, year):
    """What it comes to, and every course of what was submitted."""
    headers = ["Organisation", "Submitted", "Level", "Need it", "Took it", "Per cent"]
    sums = Dataset(headers=headers, title="By organisation and level")
    for line in [*year.lines, year.total]:
        name = line.organisation.name if line.organisation else "All organisations"
        is_in = "" if line.record is None else line.record.submitted_at is not None
        for level, count in sorted(line.levels.items()):
            sums.append([name, is_in, level or "No level said", count.needed, count.trained, count.share])
        sums.append([name, is_in, "In all", line.whole.needed, line.whole.trained, line.whole.share])
        sums.append(
            [name, is_in, "In all, the year before", line.before.needed, line.before.trained, line.before.share]
        )
    courses = Dataset(headers=["Organisation", "Course", "Level", "Need it", "Took it"], title="Courses")
    words = Dataset(headers=["Organisation", "How it is assured", "Difference it made"], title="Words")
    asked = AgencyTrainingReturn.objects.filter(partnership=partnership, starts_on=year.starts_on).submitted()
    for record in asked.select_related("organisation").prefetch_related("courses"):
        words.append([record.organisation.name, record.assured, record.difference])
        for each in record.courses.all():
            courses.append([record.organisation.name, each.title, each.level, each.needed_count, each.trained_count])
    return sums, courses, words


@require_http_methods(GET_OR_POST)
def ask(request, pk):
    """Ask organisations for a year: one press, and twice pressed is once."""
    partnership = Partnership.objects.filter(pk=pk, pk__in=standing_of(request.user).partnership_ids).first()
    if partnership is None:
        raise Http404
    if not runs_training_of(request.user, partnership):
        raise PermissionDenied
    today = timezone.localdate()
    address = f"{reverse(LIST)}?partnership={partnership.pk}"
    form = AskForm(request.POST or None, partnership=partnership, on=today, cancel_url=address)
    if form.is_valid():
        count = own_returns.ask(partnership, on=today, **form.answers)
        words = "1 organisation is asked" if count == 1 else f"{count} organisations are asked"
        messages.success(request, words if count else "They were all asked before")
        return redirect(f"{address}&year={form.answers['starts_on']}")
    lede = (
        "Each organisation says what it taught its own people, how it knows that it is good and what difference it "
        "made. It is reminded until it answers."
    )
    return form_page(request, form, title="Ask for own training", crumbs=crumbs("Ask"), lede=lede)


@require_safe
def detail(request, pk):
    """What was said, last year's beside it. A draft is its own organisation's alone."""
    record = get_permitted(request.user, AgencyTrainingReturn, "view", pk=pk)
    user = request.user
    may_read, may_answer = may(user, "read", record), may(user, "answer", record)
    context = {
        "record": record,
        "title": title_of(record),
        "may_read": may_read,
        "may_answer": may_answer,
        "may_change": may(user, "change", record),
        "is_own": record.organisation_id in standing_of(user).organisation_ids,
        "today": timezone.localdate(),
        "crumbs": crumbs_of(record),
    }
    if may_read:
        last = last_year_of(record)
        context |= {
            "courses": beside(record, last),
            "last": last,
            "missing": own_returns.missing_of(record) if may_answer else [],
        }
    context["handed_back"] = own_returns.handed_back_because(record)
    return render(request, "training/own_return_detail.html", context)


def beside(record, last):
    """(course, the course of that name last year or None), then last year's that are not repeated, (None, course)."""
    before = {course.title.casefold(): course for course in last.courses.all()} if last else {}
    rows = [(course, before.pop(course.title.casefold(), None)) for course in record.courses.all()]
    return rows + [(None, course) for course in before.values()]


def last_year_of(record):
    """The submitted return of the year before; None where there is none."""
    before = AgencyTrainingReturn.objects.submitted().filter(
        partnership=record.partnership_id,
        organisation=record.organisation_id,
        starts_on=own_returns.year_before(record.starts_on),
    )
    return before.prefetch_related("courses").first()


# Answering


@require_http_methods(GET_OR_POST)
def answer(request, pk):
    """The page on which an organisation writes its return. Somebody else's saving is never overwritten unseen."""
    record = get_permitted(request.user, AgencyTrainingReturn, "view", pk=pk)
    if not may(request.user, "answer", record):
        if record.submitted_at and may(request.user, "read", record):
            messages.info(request, own_returns.SUBMITTED)
            return redirect(record)
        raise PermissionDenied
    if request.method != "POST":
        said = own_returns.said_in(record)
        courses = said["courses"] or courses_to_begin_with(record)
        return answer_page(request, record, WordsForm(initial=said), course_rows(initial=courses))
    words, rows = WordsForm(request.POST), course_rows(request.POST)
    if not (words.is_valid() & rows.is_valid()):
        return answer_page(request, record, words, rows, seen=request.POST.get("version"))
    said = {**words.cleaned_data, "courses": rows.said}
    try:
        own_returns.save_draft(record, seen=number_of(request.POST.get("version")), said=said)
    except NotNow as why:
        messages.error(request, str(why))
        return redirect(record)
    except ChangedMeanwhile as meanwhile:
        return answer_page(request, record, words, rows, there=meanwhile.there)
    messages.success(request, "Saved. Only your own organisation can read it")
    if "check" in request.POST:
        return redirect(record)
    return redirect("training:own-return-answer", record.pk)


def courses_to_begin_with(record):
    """Before anything is saved: last year's courses, without their numbers."""
    last = last_year_of(record) if record.version == 1 else None
    return [{"title": each.title, "level": each.level} for each in last.courses.all()] if last else []


def number_of(text):
    return int(text) if (text or "").isdecimal() else 0


def answer_page(request, record, words, rows, *, seen=None, there=None):
    """``there``: the return as a colleague saved it meanwhile, shown beside what was typed."""
    is_wrong = words.is_bound and bool(words.errors or rows.total_error_count())
    levels = Competency.objects.filter(partnership=record.partnership).exclude(level="").order_by("level")
    context = {
        "record": record,
        "title": title_of(record),
        "words": words,
        "rows": rows,
        "version": there.version if there else seen or record.version,
        "there": there,
        "their_courses": list(there.courses.all()) if there else [],
        "last": last_year_of(record),
        "handed_back": own_returns.handed_back_because(record),
        "levels": levels.values_list("level", flat=True).distinct(),
        "crumbs": crumbs_of(record, "Answer"),
    }
    status = HTTPStatus.CONFLICT if there else HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    return render(request, "training/own_return_answer.html", context, status=status)


@require_POST
def submit(request, pk):
    record = get_permitted(request.user, AgencyTrainingReturn, "view", pk=pk)
    if record.submitted_at is None and not may(request.user, "answer", record):
        raise PermissionDenied
    if record.submitted_at and not may(request.user, "read", record):
        raise PermissionDenied
    try:
        if record.submitted_at is None:
            own_returns.submit(record, by=request.user, at=timezone.now())
            messages.success(request, "Submitted. Thank you")
    except NotNow as why:
        messages.error(request, str(why))
    return redirect(record)


# Whoever asked


@require_http_methods(GET_OR_POST)
def hand_back(request, pk):
    record = get_permitted(request.user, AgencyTrainingReturn, "change", pk=pk)
    today = timezone.localdate()
    if record.submitted_at is None:
        messages.info(request, own_returns.NOT_SUBMITTED)
        return redirect(record)
    form = HandBackForm(request.POST or None, on=today, cancel_url=record.get_absolute_url())
    if form.is_valid():
        try:
            own_returns.hand_back(record, by=request.user, **form.cleaned_data)
        except NotNow as why:
            messages.error(request, str(why))
        else:
            messages.success(request, f"{record.organisation} can change it again, and is reminded")
        return redirect(record)
    lede = "Its figures no longer count until it is submitted again. What stood in it stays in the history."
    return form_page(request, form, title="Hand it back", crumbs=crumbs_of(record, "Hand back"), lede=lede)


@require_http_methods(GET_OR_POST)
def due(request, pk):
    """Give more time, or less."""
    record = get_permitted(request.user, AgencyTrainingReturn, "change", pk=pk)
    if record.submitted_at:
        return redirect(record)
    form = DueForm(
        request.POST or None,
        on=timezone.localdate(),
        initial={"due_on": record.due_on},
        cancel_url=record.get_absolute_url(),
    )
    if form.is_valid():
        AgencyTrainingReturn.objects.owed().filter(pk=record.pk).update(due_on=form.cleaned_data["due_on"])
        messages.success(request, "The day is saved")
        return redirect(record)
    return form_page(request, form, title="By when?", crumbs=crumbs_of(record, "By when"), lede=title_of(record))


@require_POST
def take_back(request, pk):
    record = get_permitted(request.user, AgencyTrainingReturn, "change", pk=pk)
    try:
        own_returns.take_back(record)
    except NotNow as why:
        messages.error(request, str(why))
        return redirect(record)
    messages.success(request, f"{record.organisation} is no longer asked")
    return redirect(LIST)


patterns = [
    path("training/own/", overview, name="own-return-list"),
    path("training/own/ask/<int:pk>/", ask, name="own-return-ask"),
    path("training/own/<int:pk>/", detail, name="own-return-detail"),
    path("training/own/<int:pk>/answer/", answer, name="own-return-answer"),
    path("training/own/<int:pk>/submit/", submit, name="own-return-submit"),
    path("training/own/<int:pk>/hand-back/", hand_back, name="own-return-hand-back"),
    path("training/own/<int:pk>/due/", due, name="own-return-due"),
    path("training/own/<int:pk>/take-back/", take_back, name="own-return-take-back"),
]
