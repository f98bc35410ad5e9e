"""Answering a return: several people on one page, each answer saved as it is typed; two requests answered at once."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assurance.joining import CannotJoin, join, offers_of, part
from assurance.models import Question, Return, Standard
from assurance.return_evidence import add_files, add_link, remove_evidence
from assurance.return_forms import (
    TO_DO,
    WORDS,
    AnswerForm,
    AssessmentForm,
    LinkForm,
    ToDoForm,
    is_touched,
    repeated,
    seen_of,
    shown,
    typed_of,
)
from assurance.return_sheet import line_of, read_saved, read_sheet, say_last, whose
from assurance.return_state import AlreadySubmitted, NoLongerOpen, is_joined, takes_answers
from assurance.returns import (
    SavedMeanwhile,
    add_improvement,
    drop_improvement,
    save_answer,
    save_assessment,
)
from assurance.schools.figures import figures_beside
from assurance.views.returns import crumbs
from partnership.access import get_permitted, may_or_refuse
from partnership.standing import standing_of

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])
SUBMITTED = "This return is submitted, so it can no longer be changed"
CLOSED = "This request is closed, so nothing more can be saved. Ask the business office for more time"
TAKEN = "You have written something here. Empty the box first to take what you said last time"


@asks_and_answers
def answer_return(request, pk):
    """The page on which an organisation answers. Each answer is saved as it is typed; “Save” saves all of the page."""
    record = get_permitted(request.user, Return, "view", pk=pk)
    elsewhere = why_elsewhere(request, record)
    if elsewhere is not None:
        return elsewhere
    may_or_refuse(request.user, "change", record)
    if request.method == "POST":
        return save_page(request, record)
    return show_page(request, read_sheet(record))


def why_elsewhere(request, record):
    """Where whoever opens or sends this page goes instead: it is submitted, closed, or answered in another."""
    if record.organisation_id not in standing_of(request.user).organisation_ids:
        return None
    if is_joined(record):
        return redirect("assurance:return-change", record.answered_in_id)
    if takes_answers(record, on=timezone.localdate()):
        return None
    if request.method == "POST" and not record.withdrawn_at:
        return not_saved(request, record)
    messages.info(request, SUBMITTED if record.submitted_at else CLOSED)
    return redirect(record)


def not_saved(request, record):
    """It was submitted or closed meanwhile: say so, and show what was typed, to be copied out."""
    sheet = read_sheet(record, with_last=False)
    typed = []
    for line in sheet.lines:
        values = typed_of(request.POST, line)
        words = [values[name] for name in [*WORDS[line.kind], *TO_DO] if values.get(name)]
        if values and is_touched(line, values):
            typed.append((line, words))
    if not typed:
        messages.info(request, SUBMITTED if record.submitted_at else CLOSED)
        return redirect(record)
    context = {
        "record": record,
        "crumbs": crumbs(record),
        "said": SUBMITTED if record.submitted_at else CLOSED,
        "typed": typed,
    }
    return render(request, "assurance/return_not_saved.html", context, status=HTTPStatus.CONFLICT)


def show_page(request, sheet, rows=None):
    """The page, of a long return one section. ``rows``: {line's key: ShownLine} of those that were typed just now."""
    rows = rows or {}
    today = timezone.localdate()
    sections = sections_shown(request, sheet)
    problems = [problem for row in rows.values() for problem in row.problems]
    has_conflict = any(row.other for row in rows.values())
    numbers = [section.number for section in sections]
    context = {
        "sheet": sheet,
        "record": sheet.record,
        "crumbs": crumbs(sheet.record),
        "sections": [(section, [rows.get(line.key) or shown(line) for line in section.lines]) for section in sections],
        "is_part": len(sections) < len(sheet.sections),
        "here": numbers[0] if len(numbers) == 1 else 0,
        "next": next((each for each in sheet.sections if numbers and each.number == numbers[-1] + 1), None),
        "elsewhere_answered": sum(each.answered_count for each in sheet.sections if each not in sections),
        "gaps": [(line, place_of(sheet, line)) for line in sheet.gaps],
        "joined": [(each, whose(each)) for each in sheet.joined],
        "offers": [] if sheet.record.answered_in_id else offers_of(sheet, on=today),
        "figures": figures_beside(sheet.record.request, questions_of(sheet)),
        "problems": problems,
        "today": today,
    }
    status = HTTPStatus.CONFLICT if has_conflict else HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, "assurance/return_change.html", context, status=status)


def questions_of(sheet):
    return [line.row for section in sheet.sections for line in section.lines if line.is_question]


def sections_shown(request, sheet):
    """The section that the address names; without one all of a short return, and the first of a long one."""
    wanted = request.GET.get("section", "")
    if wanted == "all" or not sheet.is_long and not wanted:
        return sheet.sections
    named = [section for section in sheet.sections if str(section.number) == wanted]
    return named or sheet.sections[:1]


def place_of(sheet, line):
    """The address at which a line is answered."""
    number = next(section.number for section in sheet.sections if line in section.lines)
    page = reverse("assurance:return-change", args=[sheet.record.pk])
    return f"{page}{f'?section={number}' if sheet.is_long else ''}#line-{line.key}"


def save_page(request, record):
    """Save everything on the page: words, scores, files, links, what will be done. What cannot be saved stays."""
    now = timezone.now()
    sheet = read_sheet(record)
    rows = {}
    try:
        remove_what_is_pressed(request, sheet, now)
        for line in sheet.lines:
            values = typed_of(request.POST, line)
            if values:
                row = shown(line, values=values)
                keep_line(request, row, values, now)
                if row.errors or row.other:
                    rows[line.key] = row
    except (AlreadySubmitted, NoLongerOpen):
        return not_saved(request, Return.objects.get(pk=record.pk))
    if rows:
        fresh = read_sheet(record)
        for row in rows.values():
            row.line = fresh.line(row.key) or row.line
        return show_page(request, fresh, rows)
    if "later" in request.POST:
        messages.success(request, "Saved. Only your own organisation can read it")
        return redirect("assurance:return-list")
    return redirect(next_address(request, sheet))


def next_address(request, sheet):
    """The page again, at the line whose button was pressed; “Save and go on” leads to the next section."""
    page = reverse("assurance:return-change", args=[sheet.record.pk])
    section, goes_to = request.GET.get("section", ""), request.POST.get("go", "") or pressed(request)
    if "sign" in request.POST:
        return reverse("assurance:return-sign-off", args=[sheet.record.pk])
    if request.POST.get("next", "").isdecimal():
        section = request.POST["next"]
    elif not goes_to:
        messages.success(request, "Saved. Only your own organisation can read it")
    query = f"?section={section}" if section.isdecimal() or section == "all" else ""
    return f"{page}{query}{f'#line-{goes_to}' if goes_to and sheet.line(goes_to) else ''}"


def pressed(request):
    return request.POST.get("still", "") or request.POST.get("theirs", "")


def remove_what_is_pressed(request, sheet, now):
    """Take away a piece of evidence or a thing to do whose button was pressed; one of another return is none."""
    evidence, dropped = request.POST.get("remove", ""), request.POST.get("drop", "")
    for line in sheet.lines:
        for each in line.evidence:
            if str(each.pk) == evidence:
                remove_evidence(each, at=now)
                line.evidence.remove(each)
                return
        for each in line.improvements:
            if str(each.pk) == dropped:
                drop_improvement(each, at=now)
                return


def keep_line(request, row, values, now):
    """Save what was typed in one line, each part by itself. ``row`` says what could not be."""
    line, by = row.line, request.user
    if request.POST.get("theirs") == line.key:
        row.values |= shown(line).values
    elif request.POST.get("still") == line.key:
        keep_still_true(row, values, by, now)
    elif is_touched(line, values):
        keep_words(row, values, by, now)
    files = request.FILES.getlist(f"{line.key}-files")
    if files:
        problems = add_files(line, files, by=by, at=now)
        if problems:
            row.errors["files"] = ". ".join(problems)
    keep_link(row, values, by, now)
    keep_to_do(row, values, by, now)


def keep_words(row, values, by, now):
    line = row.line
    form = (AnswerForm if line.is_question else AssessmentForm)(values, line=line)
    if not form.is_valid():
        row.errors |= {name: said[0] for name, said in form.errors.items()}
    else:
        keep(row, form.said, seen_of(values)[0], by, now)


def keep_still_true(row, values, by, now):
    line = row.line
    if line.last is None or not repeated(line):
        return
    if any(values.get(name) for name in WORDS[line.kind]):
        row.errors[WORDS[line.kind][0]] = TAKEN
        return
    keep(row, repeated(line), seen_of(values)[0], by, now, is_still_true=True)


def keep(row, said, seen, by, now, *, is_still_true=False):
    """Save through the command of its kind. A colleague's words that stand meanwhile go to ``row.other``."""
    line = row.line
    command = save_answer if line.is_question else save_assessment
    try:
        line.saved = command(line.record, line.row, seen=seen, by=by, at=now, is_still_true=is_still_true, **said)
    except SavedMeanwhile as meanwhile:
        row.other = line.saved = meanwhile.row
        row.before = meanwhile.before
        row.errors[""] = f"{line.title}: {meanwhile}"


def keep_link(row, values, by, now):
    if not values.get("link"):
        return
    form = LinkForm(values)
    if form.is_valid():
        cleaned = form.cleaned_data
        add_link(row.line, cleaned["link"], label=cleaned["label"], by=by, at=now)
        row.values |= {"link": "", "label": ""}
    else:
        row.errors |= {name: said[0] for name, said in form.errors.items()}


def keep_to_do(row, values, by, now):
    if row.line.is_question or not any(values.get(name) for name in TO_DO):
        return
    form = ToDoForm(values)
    if form.is_valid():
        add_improvement(row.line.record, row.line.row, by=by, at=now, **form.said)
        row.values |= dict.fromkeys(TO_DO, "")
    else:
        row.errors |= {name: said[0] for name, said in form.errors.items()}


# One answer, as it is typed


@require_POST
def answer_save(request, pk, question_pk):
    """Save one answer: its new version, or a sentence why not."""
    record = get_permitted(request.user, Return, "view", pk=pk)
    questions = Question.objects.select_related("request")
    question = get_object_or_404(questions, request=record.request_id, pk=question_pk)
    record.request = question.request  # asked with it: in the hour before a deadline each question counts
    return save_one(request, record, line_of(record, question=question))


@require_POST
def assessment_save(request, pk, standard_pk):
    """Save what is said for one standard, as ``answer_save``."""
    record = get_permitted(request.user, Return, "view", pk=pk)
    standards = Standard.objects.filter(standard_set=record.request.standards_id).select_related("standard_set__scale")
    return save_one(request, record, line_of(record, standard=get_object_or_404(standards, pk=standard_pk)))


def save_one(request, record, line):
    now = timezone.now()
    is_own = record.organisation_id in standing_of(request.user).organisation_ids
    if is_own and not takes_answers(record, on=timezone.localdate(now)):
        return refused(SUBMITTED if record.submitted_at else CLOSED)
    may_or_refuse(request.user, "change", record)
    values = typed_of(request.POST, line)
    row = shown(line, values=values)
    is_still_true = "still" in request.POST
    if is_still_true:
        read_saved(line)
        say_last([line], record)
    try:
        (keep_still_true if is_still_true else keep_words)(row, values, request.user, now)
    except AlreadySubmitted:
        return refused(SUBMITTED)
    except NoLongerOpen:
        return refused(CLOSED)
    if row.other:
        words = {"by": str(row.other.updated_by), "theirs": row.other_words, "before": row.before_words}
        words["values"] = shown(line).values
        return JsonResponse({"problem": row.errors[""], "seen": line.seen, **words}, status=HTTPStatus.CONFLICT)
    if row.errors:
        name, said = next(iter(row.errors.items()))
        return JsonResponse({"problem": said, "field": name}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    at = timezone.localtime(now)
    return JsonResponse({"saved": f"{at:%H:%M}", "seen": line.seen, "values": shown(line).values})


def refused(said):
    return JsonResponse({"problem": f"{said}. Your words are kept on this device.", "is_over": True}, status=409)


# Answered together


@require_POST
def join_return(request, pk):
    """Answer another return of the same organisation here too."""
    record = get_permitted(request.user, Return, "change", pk=pk)
    other = get_permitted(request.user, Return, "change", pk=chosen(request.POST.get("other", "")))
    try:
        differing = join(record, other, by=request.user, at=timezone.now())
    except (CannotJoin, AlreadySubmitted, NoLongerOpen):
        messages.error(request, "These two can’t be answered together any more. Nothing was changed.")
    else:
        said = f"What {whose(other)} asks is answered here too from now on. Each partnership gets its own copy."
        if differing:
            named = "; ".join(line.title for line in differing)
            said += f" You had answered both: {named}. There both answers stand one after the other."
        messages.success(request, said)
    return redirect("assurance:return-change", record.pk)


def chosen(typed):
    """The key of a return out of a form; of none where it is no key."""
    try:
        return UUID(typed)
    except ValueError:
        raise Http404 from None


@require_POST
def part_return(request, pk):
    """Answer a return by itself again, with all that was written to its questions."""
    other = get_permitted(request.user, Return, "change", pk=pk)
    if not is_joined(other):
        return redirect("assurance:return-change", other.pk)
    holder = other.answered_in_id
    try:
        part(other, at=timezone.now())
    except (AlreadySubmitted, NoLongerOpen):
        messages.error(request, "It can’t be answered by itself any more. Nothing was changed.")
    else:
        messages.success(request, f"What {whose(other)} asks is answered by itself again, with what you wrote so far.")
    return redirect("assurance:return-change", holder)


patterns = [
    path("returns/<uuid:pk>/answer/", answer_return, name="return-change"),
    path("returns/<uuid:pk>/questions/<int:question_pk>/", answer_save, name="answer-save"),
    path("returns/<uuid:pk>/standards/<int:standard_pk>/", assessment_save, name="assessment-save"),
    path("returns/<uuid:pk>/join/", join_return, name="return-join"),
    path("returns/<uuid:pk>/part/", part_return, name="return-part"),
]
