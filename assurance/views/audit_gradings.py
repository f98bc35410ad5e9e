"""An agency looks at a case: typed line by line, submitted, handed back."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assurance.audits import grading
from assurance.audits.grading_forms import GradeForm, HandBackForm, QuestionForm, ShownLine
from assurance.audits.sheets import WORDS, line_of, questions_of, read_sheet
from assurance.models import AuditGrading
from assurance.return_forms import seen_of, typed_of
from assurance.return_sheet import digest
from assurance.returns import HasGaps, NotSubmitted, SavedMeanwhile
from assurance.views.audits import crumbs_of
from partnership.access import get_permitted, may, may_or_refuse
from partnership.refusals import ChangedMeanwhile
from partnership.standing import standing_of

GET_OR_POST = ["GET", "HEAD", "POST"]
ENDED = "This grading is submitted, or its grades are agreed, so it can no longer be changed"


@require_http_methods(GET_OR_POST)
def grade(request, pk):
    """One agency's page for one case: to be filled in by the agency, to be read by whoever reads the audit."""
    record = get_permitted(request.user, AuditGrading, "view", pk=pk)
    is_own = record.organisation_id in standing_of(request.user).organisation_ids
    if not may(request.user, "change", record):
        if request.method == "POST":
            if not is_own:
                raise PermissionDenied
            return not_saved(request, record)
        return read_grading(request, record, is_own=is_own)
    if request.method == "POST":
        return save_page(request, record)
    return show_page(request, read_sheet(record))


def read_grading(request, record, *, is_own):
    audit = record.case.audit
    context = {
        "grading": record,
        "audit": audit,
        "sheet": read_sheet(record),
        "is_own": is_own,
        "may_hand_back": may(request.user, "hand_back", record),
        "crumbs": crumbs_of(audit, str(record)),
    }
    return render(request, "assurance/audit_grading_read.html", context)


def show_page(request, sheet, rows=None):
    """The page to fill in. ``rows``: {line's key: ShownLine} of those that were typed just now and not saved."""
    rows = rows or {}
    record, today = sheet.grading, timezone.localdate()
    problems = [problem for row in rows.values() for problem in row.problems]
    context = {
        "sheet": sheet,
        "grading": record,
        "audit": record.case.audit,
        "parts": [(part, [rows.get(line.key) or ShownLine(line) for line in part.lines]) for part in sheet.parts],
        "problems": problems,
        "today": today,
        "crumbs": crumbs_of(record.case.audit, str(record.case)),
    }
    has_conflict = any(row.other for row in rows.values())
    status = HTTPStatus.CONFLICT if has_conflict else HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, "assurance/audit_grading.html", context, status=status)


def not_saved(request, record):
    """It was submitted or its grades are agreed meanwhile: say so, and show what was typed, to be copied out."""
    sheet = read_sheet(record)
    typed = []
    for line in sheet.lines:
        values = typed_of(request.POST, line)
        words = [values[name] for name in WORDS[line.kind][1:] if values.get(name)]
        if words and is_touched(line, values):
            typed.append((line, words))
    if not typed:
        messages.info(request, ENDED)
        return redirect(record)
    context = {
        "grading": record,
        "audit": record.case.audit,
        "said": ENDED,
        "typed": typed,
        "crumbs": crumbs_of(record.case.audit, str(record.case)),
    }
    return render(request, "assurance/audit_not_saved.html", context, status=HTTPStatus.CONFLICT)


def is_touched(line, typed):
    """Whether somebody changed what the page showed: a box left alone overwrites nothing."""
    words = {name: typed.get(name, "") for name in WORDS[line.kind]}
    return words != line.values and digest(words) != seen_of(typed)[1]


def save_page(request, record):
    """Save everything on the page, each line by itself. What cannot be saved stays in its box."""
    now = timezone.now()
    sheet = read_sheet(record)
    rows = {}
    try:
        for line in sheet.lines:
            values = typed_of(request.POST, line)
            if request.POST.get("theirs") == line.key or not values or not is_touched(line, values):
                continue
            row = ShownLine(line, values)
            keep(row, record, values, by=request.user, at=now)
            if row.errors:
                rows[line.key] = row
    except grading.GradingEnded:
        return not_saved(request, AuditGrading.objects.get(pk=record.pk))
    if rows:
        fresh = read_sheet(record)
        for key, row in rows.items():
            row.line = fresh.line(key)
        return show_page(request, fresh, rows)
    if "submit" in request.POST:
        return redirect("assurance:audit-grading-submit", record.pk)
    messages.success(request, "Saved. Only your own organisation can read it until you submit")
    return redirect("assurance:audit-list" if "later" in request.POST else record)


def keep(row, record, values, *, by, at):
    """Save one line through the command of its kind. ``row`` says what could not be."""
    line = row.line
    form = (QuestionForm if line.is_question else GradeForm)(values, line=line)
    if not form.is_valid():
        row.errors = {name: said[0] for name, said in form.errors.items()}
        return
    command = grading.save_answer if line.is_question else grading.save_grade
    try:
        line.saved = command(record, line.row, seen=seen_of(values)[0], by=by, at=at, **form.said)
    except SavedMeanwhile as meanwhile:
        row.other = line.saved = meanwhile.row
        row.before = meanwhile.before
        row.errors = {"": f"{line.title}: {meanwhile}"}


@require_POST
def answer_save(request, pk, question_pk):
    """Save one answer: its new version, or a sentence why not."""
    record = get_permitted(request.user, AuditGrading, "view", pk=pk)
    question = get_object_or_404(questions_of(record.case.audit_id), pk=question_pk)
    return save_one(request, record, line_of(record, question=question))


@require_POST
def grade_save(request, pk, section_pk=None):
    """Save the grade of one section, or of the case as a whole, as ``answer_save``."""
    record = get_permitted(request.user, AuditGrading, "view", pk=pk)
    section = get_object_or_404(record.case.audit.sections, pk=section_pk) if section_pk else None
    return save_one(request, record, line_of(record, section=section))


def save_one(request, record, line):
    is_own = record.organisation_id in standing_of(request.user).organisation_ids
    if is_own and not grading.takes_grades(record):
        return ended()
    may_or_refuse(request.user, "change", record)
    now = timezone.now()
    values = typed_of(request.POST, line)
    row = ShownLine(line, values)
    try:
        keep(row, record, values, by=request.user, at=now)
    except grading.GradingEnded:
        return ended()
    if row.other:
        words = {"by": str(row.other.updated_by), "theirs": row.other_words, "before": row.before_words}
        words["values"] = line.values
        return JsonResponse({"problem": row.errors[""], "seen": line.seen, **words}, status=HTTPStatus.CONFLICT)
    if row.errors:
        name, said = next(iter(row.errors.items()))
        return JsonResponse({"problem": said, "field": name}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    at = timezone.localtime(now)
    return JsonResponse({"saved": f"{at:%H:%M}", "seen": line.seen, "values": line.values})


def ended():
    return JsonResponse({"problem": f"{ENDED}. Your words are kept on this device.", "is_over": True}, status=409)


@require_http_methods(GET_OR_POST)
def submit(request, pk):
    """Everything on one page, what is missing first; submitted, it is frozen."""
    record = get_permitted(request.user, AuditGrading, "view", pk=pk)
    is_own = record.organisation_id in standing_of(request.user).organisation_ids
    if is_own and not grading.takes_grades(record):
        messages.info(request, ENDED)
        return redirect(record)
    may_or_refuse(request.user, "change", record)
    status, changed = HTTPStatus.OK, False
    if request.method == "POST":
        try:
            grading.submit_grading(record, by=request.user, at=timezone.now(), seen=request.POST.get("seen", ""))
        except HasGaps:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        except ChangedMeanwhile:
            status, changed = HTTPStatus.CONFLICT, True
        except grading.GradingEnded:
            messages.info(request, ENDED)
            return redirect(record)
        else:
            messages.success(request, f"{record.case} is submitted. It can be read here and no longer changed")
            return redirect("assurance:audit-list")
    sheet = read_sheet(record)
    context = {
        "grading": record,
        "audit": record.case.audit,
        "sheet": sheet,
        "changed": changed,
        "crumbs": crumbs_of(record.case.audit, f"Submit {record.case}"),
    }
    return render(request, "assurance/audit_grading_submit.html", context, status=status)


@require_http_methods(GET_OR_POST)
def hand_back(request, pk):
    """Give a submitted grading back to its agency, with the reason."""
    record = get_permitted(request.user, AuditGrading, "hand_back", pk=pk)
    form = HandBackForm(request.POST or None, cancel_url=record.get_absolute_url())
    if form.is_valid():
        try:
            grading.hand_back(record, because=form.cleaned_data["because"], by=request.user, at=timezone.now())
        except (NotSubmitted, grading.GradingEnded):
            messages.info(request, "It is not submitted any more, or the grades are agreed. Nothing was changed")
        else:
            messages.success(request, f"{record} is handed back. It stands among the agency’s work again")
        return redirect(record.case.audit)
    context = {
        "form": form,
        "title": f"Hand back {record}",
        "crumbs": crumbs_of(record.case.audit, "Hand it back"),
    }
    return render(request, "assurance/audit_small_form.html", context, status=form.status)


patterns = [
    path("audits/gradings/<int:pk>/", grade, name="audit-grading"),
    path("audits/gradings/<int:pk>/questions/<int:question_pk>/", answer_save, name="audit-answer-save"),
    path("audits/gradings/<int:pk>/grades/", grade_save, name="audit-grade-save"),
    path("audits/gradings/<int:pk>/grades/<int:section_pk>/", grade_save, name="audit-grade-save"),
    path("audits/gradings/<int:pk>/submit/", submit, name="audit-grading-submit"),
    path("audits/gradings/<int:pk>/hand-back/", hand_back, name="audit-hand-back"),
]
