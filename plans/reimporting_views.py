"""Bring in a later issue of a plan's document: choose it, see what differs, say what stands, take it back."""

from itertools import groupby

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from partnership.access import get_permitted
from partnership.refusals import ChangedMeanwhile, NotNow
from plans.importer import UnreadablePlan
from plans.importing import stage_import
from plans.merging import merge_issue, take_back_issue
from plans.models import Plan, PlanImport, PlanIssue
from plans.reimporting import hold_against, summary_of
from plans.reimporting_forms import LaterIssueForm, MergeForm, RowsForm, chosen_in
from plans.version_views import crumbs
from plans.views import asks_and_answers
from plans.writing_views import plan_to_edit

BRING = "Bring in a later issue"
CHANGED = (
    "Somebody changed the plan while you were choosing. What you chose is still here. "
    "Look at what differs now, and press the button again."
)
PAIRED_ANEW = "Other rows are held against each other now. Look at what differs, and press the button again."


@asks_and_answers
def bring(request, pk):
    """Choose the document. What was brought in before stands below, with who did and what can be done about it."""
    plan = plan_to_edit(request, pk)
    form = LaterIssueForm(request.POST or None, request.FILES or None, plan=plan, cancel_url=plan.get_absolute_url())
    if form.is_valid():
        try:
            staged = stage_import(form.cleaned_data["document"], partnerships=plan.partnerships.all(), by=request.user)
        except UnreadablePlan as problem:
            form.add_error("document", str(problem))
        else:
            return redirect("plans:reimport-compare", plan.pk, staged.pk)
    issues = plan.issues.newest_first().for_list()
    context = {"plan": plan, "form": form, "issues": issues, "crumbs": crumbs(plan, BRING)}
    return render(request, "plans/reimport_upload.html", context, status=form.status)


@asks_and_answers
def compare(request, pk, staged_pk):
    """What differs, cell by cell, and what stands. A document that is in the plan already is not asked about again."""
    plan = plan_to_edit(request, pk)
    staged = get_permitted(request.user, PlanImport, "view", pk=staged_pk)
    if not staged.partnership_ids & plan.partnership_ids:
        raise Http404
    if staged.plan_id or staged.issues.standing().exists():
        messages.info(request, "This document is in the plan already.")
        return redirect("plans:reimport-upload", plan.pk)
    chosen = chosen_in(request.POST)
    questions = hold_against(plan, staged, chosen=chosen)
    says, status = "", 200
    data = None
    if request.method == "POST":
        data = request.POST.copy()
        is_same = data.get("pairs") == questions.pairs
        is_stale = data.get("seen") != questions.digest
        for each in questions.all:  # what was not asked before is answered as it would be now
            data.setdefault(each.name, each.answer)
        form = MergeForm(data, questions=questions)
        if is_stale:
            says, status = CHANGED, 409
        elif not is_same or data.get("do") == "pair":
            says = PAIRED_ANEW
            form = MergeForm(initial=data.dict(), questions=questions)
        elif form.is_valid():
            try:
                issue = merge_issue(
                    plan,
                    staged,
                    answers=form.answers,
                    chosen=chosen,
                    reason=form.cleaned_data.get("reason", ""),
                    seen=questions.digest,
                    by=request.user,
                    at=timezone.now(),
                    on=timezone.localdate(),
                )
            except ChangedMeanwhile:
                return answer_late(request, plan, staged, chosen)
            except NotNow as refusal:
                messages.error(request, str(refusal))
                return redirect("plans:reimport-upload", plan.pk)
            messages.success(request, said_of(issue))
            return redirect(plan)
        else:
            status = form.status
    else:
        form = MergeForm(questions=questions)
    return show(request, plan, staged, questions, form, data, says=says, status=status)


def answer_late(request, plan, staged, chosen):
    """Somebody was quicker by a moment: the same page, with what differs now."""
    questions = hold_against(plan, staged, chosen=chosen)
    data = request.POST.copy()
    for each in questions.all:
        data.setdefault(each.name, each.answer)
    form = MergeForm(data, questions=questions)
    return show(request, plan, staged, questions, form, data, says=CHANGED, status=409)


def show(request, plan, staged, questions, form, data, *, says, status):
    context = {
        "plan": plan,
        "staged": staged,
        "questions": questions,
        "sections": sections_of(questions),
        "summary": summary_of(questions),
        "form": form,
        "rows_form": RowsForm(data, questions=questions) if data else RowsForm(questions=questions),
        "says": says,
        "crumbs": crumbs(plan, (BRING, reverse("plans:reimport-upload", args=[plan.pk])), "What differs"),
    }
    return render(request, "plans/reimport_compare.html", context, status=status)


def sections_of(questions):
    """{section: [(the plan's row, its questions)]} of the cells that differ, in the order of the document."""
    parts = {"conflicts": questions.conflicts, "taken": questions.taken, "kept": questions.kept}
    return {
        name: [(row, list(each)) for row, each in grouped(found, questions)] for name, found in parts.items() if found
    }


def grouped(found, questions):
    """Questions by the promise that they are about, or the priority."""

    def of(question):
        row = question.ours
        if row.kind == "activity":
            return questions.plan_rows[row.home]
        return row

    for _key, group in groupby(found, key=lambda question: of(question).key):
        group = list(group)
        yield of(group[0]), group


def said_of(issue):
    """What came of it, in a sentence or two."""
    counts = {}
    for step in issue.steps:
        counts[step["do"]] = counts.get(step["do"], 0) + 1
    words = {
        "cell": ("1 cell changed", "{} cells changed"),
        "added": ("1 row added", "{} rows added"),
        "moved": ("1 row moved", "{} rows moved"),
        "back": ("1 row brought back", "{} rows brought back"),
        "retired": ("1 row taken out", "{} rows taken out"),
    }
    done = [words[do][counts[do] > 1].format(counts[do]) for do in words if do in counts]
    if not done:
        return f"{issue.staged.document} is noted as a later issue. Nothing in the plan was changed."
    said = f"{issue.staged.document} is brought in: {', '.join(done)}."
    if issue.plan.status == Plan.Status.PUBLISHED:
        said += " Everyone reads the published version until you publish the change."
    return said


@require_POST
def take_back(request, pk):
    """Undo what a later issue changed, but for what somebody has changed since."""
    issue = get_permitted(request.user, PlanIssue, "take_back", pk=pk)
    plan = plan_to_edit(request, issue.plan_id)
    if issue.staged.plan_id:
        raise Http404
    if issue.taken_back_at:
        messages.info(request, "It is taken back already.")
        return redirect("plans:reimport-upload", plan.pk)
    left = take_back_issue(issue, by=request.user, at=timezone.now())
    said = f"{issue.staged.document} is taken back."
    if left:
        said += (
            f" {left} {'place was' if left == 1 else 'places were'} left alone, for somebody has changed them since."
        )
    messages.success(request, said)
    return redirect("plans:reimport-upload", plan.pk)


patterns = [
    path("plans/<int:pk>/later-issue/", bring, name="reimport-upload"),
    path("plans/<int:pk>/later-issue/<uuid:staged_pk>/", compare, name="reimport-compare"),
    path("plan-issues/<int:pk>/take-back/", take_back, name="reimport-undo"),
]
