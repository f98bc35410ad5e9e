"""Import a plan: a document, what was understood of it, and the yes."""

from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from partnership.access import get_permitted, may_or_refuse
from partnership.models import Partnership
from partnership.whole_numbers import whole_number
from plans.cells import LONGEST_CELL
from plans.correcting import (
    AlreadyMade,
    anchor_of_step,
    correct_cell,
    draft_of,
    find_right,
    join_activities,
    lock,
    move_activity,
    split_activity,
    take_out,
    undo,
    undoable,
)
from plans.corrections import PLAN, Draft, Gone, anchor_of, kind_of
from plans.import_forms import STAGED_CELLS, ImportForm, JoinForm, SplitForm
from plans.importer import UnreadablePlan
from plans.importing import CorrectedSince, confirm_import, plan_with, progress_of, stage_import, unknown_leads
from plans.models import PlanImport
from plans.staged_table import StagedTable
from plans.timescale import describe, read_timescale
from plans.views import asks_and_answers


@asks_and_answers
def import_upload(request):
    """Step 1: a document, and whose plan it is."""
    partnerships = Partnership.objects.of_office(request.user)
    may_or_refuse_import(request.user)
    form = ImportForm(request.POST or None, request.FILES or None, partnerships=partnerships)
    if form.is_valid():
        try:
            staged = stage_import(
                form.cleaned_data["document"], partnerships=form.cleaned_data["partnerships"], by=request.user
            )
        except UnreadablePlan as problem:
            form.add_error("document", str(problem))
        else:
            return redirect(staged)
    return render(request, "plans/import_upload.html", {"form": form}, status=form.status)


def may_or_refuse_import(user):
    """Only an office imports; there is no record yet to ask."""
    office = Partnership.objects.of_office(user).first()
    may_or_refuse(user, "office", office or Partnership())


@require_safe
def import_preview(request, pk):
    """Step 2: what was understood, cell by cell, with every doubt marked and every cell to be put right."""
    staged = get_permitted(request.user, PlanImport, "view", pk=pk)
    plan = plan_with(staged)
    if plan:
        return redirect(plan)
    return render(request, "plans/import_preview.html", preview_of(staged, request.user))


def preview_of(staged, user):
    """What the page shows of a staged import."""
    steps = list(staged.corrections.select_related("made_by", "undone_by"))
    draft = Draft(staged.understood, [step for step in steps if step.undone_at is None])
    starts_on, ends_on = draft.days
    partnerships = list(staged.partnerships.all())
    tables = StagedTable(staged, draft, on=starts_on)
    for step in steps:
        step.anchor = anchor_of_step(step, draft)
    return {
        "staged": staged,
        "draft": draft,
        "read": draft.read,
        "title": draft.read.get("title") or "None written",
        "version": draft.read.get("version") or "None written",
        "period": f"{starts_on:%-d %B %Y} to {ends_on:%-d %B %Y}",
        "whose": " and ".join(str(partnership) for partnership in partnerships),
        "unlinked": unknown_leads(partnerships, draft.deliverables),
        "notes": draft.notes,
        "progress": progress_of(draft.deliverables),
        "table": tables.table(),
        "plan_doubts": {cell: tables.doubt(draft.read, cell) for cell in ("details", "introduction")},
        "steps": steps[::-1],
        "undo": undoable(steps, user),
        "seen": steps[-1].number if steps else 0,
    }


@require_POST
def import_confirm(request, pk):
    """Step 3: yes. The second yes of a double click gives the same plan; one to an older page is asked again."""
    staged = get_permitted(request.user, PlanImport, "confirm", pk=pk)
    plan = plan_with(staged)
    if plan:
        messages.info(request, "This document is in this plan already.")
        return redirect(plan)
    try:
        plan = confirm_import(staged, by=request.user, seen=whole_number(request.POST.get("seen")))
    except CorrectedSince as since:
        messages.error(request, str(since))
        return render(request, "plans/import_preview.html", preview_of(staged, request.user), status=409)
    messages.success(request, "The plan is imported as a draft. Nobody is asked anything until you publish it.")
    return redirect(plan)


# Put right before the yes


def to_correct(request, pk, row):
    """(the import, its draft) with the row in it; the import stays locked while an answer is taken."""
    staged = get_permitted(request.user, PlanImport, "change", pk=pk)
    if staged.plan_id:
        raise AlreadyMade
    if request.method == "POST":
        lock(staged)
    draft = draft_of(staged)
    draft.row(row)
    return staged, draft


def of_a_draft(view):
    """The view of a row that may be gone meanwhile, or of an import that may be a plan by now."""

    @wraps(view)
    def guarded(request, pk, *args, **kwargs):
        try:
            return view(request, pk, *args, **kwargs)
        except Gone:
            staged = get_permitted(request.user, PlanImport, "change", pk=pk)
            step = staged.corrections.standing().filter(what__in=["out", "join"]).select_related("made_by").last()
            if step is None or request.method != "POST":
                raise Http404 from None
            messages.error(request, f"It is not here any more: {step.made_by} changed these rows. Nothing was saved.")
            return render(request, "plans/import_preview.html", preview_of(staged, request.user), status=409)
        except AlreadyMade:
            messages.error(request, "The plan was made meanwhile. Change it here.")
            return redirect("plans:import-preview", pk)

    return guarded


def place_on(staged, row, cell):
    """The address of the preview at a cell."""
    return f"{staged.get_absolute_url()}#{anchor_of(row, cell)}"


def crumbs(staged, here):
    top = [("Plans", reverse("plans:plan-list")), ("Import", reverse("plans:import-upload"))]
    return [*top, ("What we understood", staged.get_absolute_url()), (here, None)]


@asks_and_answers
@of_a_draft
def import_cell(request, pk, row, cell):
    """Put one cell right; a change that came too late shows both versions (409)."""
    staged, draft = to_correct(request, pk, row)
    kind = kind_of(row)
    if (kind, cell) not in STAGED_CELLS:
        raise Http404
    last = draft.changed_at.get((row, cell))
    form = STAGED_CELLS[kind, cell](
        request.POST or None,
        draft=draft,
        row=row,
        partnerships=list(staged.partnerships.all()),
        user=request.user,
        changed_by=last.made_by if last else "",
        cancel_url=place_on(staged, row, cell),
    )
    if form.is_valid():
        correct_cell(staged, row, cell, form.values, by=request.user, at=timezone.now())
        kept = f" Somebody else’s change was kept: {', '.join(form.merged)}." if form.merged else ""
        messages.success(request, " ".join([f"Corrected.{kept}", *getattr(form, "warnings", ())]))
        return redirect(place_on(staged, row, cell))
    context = {
        "staged": staged,
        "name": draft.name(row),
        "place": anchor_of(row, cell),
        "doubts": [doubt for doubt in draft.left if (doubt.row, doubt.cell) == (row, cell)],
        "form": form,
        "is_timescale": cell == "timescale",
        "crumbs": crumbs(staged, "Correct"),
    }
    response = render(request, "plans/import_cell.html", context, status=form.status)
    if request.htmx and request.method == "POST":
        place = f"#{anchor_of(row, cell)}"
        response["HX-Retarget"], response["HX-Reselect"], response["HX-Reswap"] = (
            place,
            ".cell-form",
            "innerHTML settle:0ms",
        )
    return response


@require_POST
@of_a_draft
def import_right(request, pk, row, cell):
    """Somebody held a doubted cell against the document: it is right as it was read."""
    staged, _draft = to_correct(request, pk, row)
    if (kind_of(row), cell) not in STAGED_CELLS:
        raise Http404
    if find_right(staged, row, cell, by=request.user, at=timezone.now()):
        messages.success(request, "Kept as it was read.")
    return redirect(place_on(staged, row, cell))


@asks_and_answers
@of_a_draft
def import_row(request, pk, row):
    """Take a row out; move an activity to the deliverable above or below, or go on to split or join it."""
    staged, draft = to_correct(request, pk, row)
    kind = kind_of(row)
    if kind == PLAN:
        raise Http404
    if request.method == "POST":
        return arranged_row(request, staged, draft, row)
    return render(request, "plans/import_row.html", row_context(staged, draft, row))


def row_context(staged, draft, row):
    kind = kind_of(row)
    rows = [row]
    if kind == "deliverable":
        rows += [each["key"] for each in draft.row(row)["activities"]]
    return {
        "staged": staged,
        "name": draft.name(row),
        "rows": [each_row(draft, key) for key in rows],
        "back": place_on(staged, row, {"activity": "text", "deliverable": "promise"}.get(kind, "heading")),
        "crumbs": crumbs(staged, "Move, split, join or take out"),
    }


def each_row(draft, key):
    """One line of the page on which rows are arranged."""
    values = draft.row(key)
    is_activity = kind_of(key) == "activity"
    return {
        "key": key,
        "words": values.get("title") or values["text"],
        "timescale": values.get("timescale_text", "") if is_activity else "",
        "is_activity": is_activity,
        "above": draft.beside(key, by=-1) if is_activity else None,
        "below": draft.beside(key, by=1) if is_activity else None,
        "next": draft.next(key) if is_activity else None,
        "stands_in": draft.parent(key),
    }


def arranged_row(request, staged, draft, row):
    """Do what the page of a row asks for, unless somebody has moved it meanwhile (409)."""
    do, now = request.POST.get("do"), {"by": request.user, "at": timezone.now()}
    stands_in = request.POST.get("stands_in", draft.parent(row))
    if stands_in != draft.parent(row):
        last = staged.corrections.standing().filter(row=row).select_related("made_by").last()
        who = last.made_by if last else "Somebody"
        messages.error(request, f"{who} moved this meanwhile: it stands under “{draft.name(draft.parent(row))}” now.")
        return render(request, "plans/import_row.html", row_context(staged, draft, row), status=409)
    if do == "out":
        take_out(staged, row, **now)
        messages.success(request, "It will not be in the plan. Undo brings it back.")
        return redirect(staged)
    if do in ("up", "down") and kind_of(row) == "activity":
        if move_activity(staged, row, up=do == "up", **now):
            messages.success(request, f"Moved to the deliverable {'above' if do == 'up' else 'below'}.")
        else:
            messages.info(request, f"There is no deliverable {'above' if do == 'up' else 'below'} it.")
        return redirect(place_on(staged, row, "text"))
    raise Http404


@asks_and_answers
@of_a_draft
def import_split(request, pk, row):
    """Make two activities of one."""
    staged, draft = to_correct(request, pk, row)
    if kind_of(row) != "activity":
        raise Http404
    back = place_on(staged, row, "text")
    form = SplitForm(request.POST or None, activity=draft.row(row), changed_by=changed_by(staged, row), cancel_url=back)
    if form.is_valid():
        split_activity(staged, row, form.values, by=request.user, at=timezone.now())
        messages.success(request, "They are two activities now.")
        return redirect(back)
    context = {"staged": staged, "name": draft.name(row), "form": form, "verb": "Split"}
    return render(
        request,
        "plans/import_lines.html",
        context | {"crumbs": crumbs(staged, "Split")},
        status=form.status,
    )


@asks_and_answers
@of_a_draft
def import_join(request, pk, row):
    """Make one activity of this and the one after it."""
    staged, draft = to_correct(request, pk, row)
    if kind_of(row) != "activity":
        raise Http404
    other = draft.next(row)
    if other is None or request.POST.get("other", other["key"]) != other["key"]:
        raise Gone(row)
    back = place_on(staged, row, "text")
    form = JoinForm(
        request.POST or None,
        activity=draft.row(row),
        other=other,
        changed_by=changed_by(staged, row),
        cancel_url=back,
    )
    if form.is_valid():
        values = form.values | {"other": other["key"]}
        join_activities(staged, row, values, by=request.user, at=timezone.now())
        messages.success(request, "They are one activity now.")
        return redirect(back)
    context = {"staged": staged, "name": draft.name(row), "form": form, "verb": "Join", "other": other}
    return render(
        request,
        "plans/import_lines.html",
        context | {"crumbs": crumbs(staged, "Join")},
        status=form.status,
    )


def changed_by(staged, row):
    """Who changed a row of the draft last; empty where nobody did."""
    last = staged.corrections.standing().filter(row=row).select_related("made_by").last()
    return last.made_by if last else ""


@require_POST
@of_a_draft
def import_undo(request, pk):
    """Take back one's own last step."""
    staged = get_permitted(request.user, PlanImport, "change", pk=pk)
    is_done, says, step = undo(staged, by=request.user, at=timezone.now())
    (messages.success if is_done else messages.error)(request, says)
    anchor = anchor_of_step(step, draft_of(staged)) if step else ""
    return redirect(f"{staged.get_absolute_url()}#{anchor}" if anchor else staged.get_absolute_url())


@require_safe
def import_read_words(request, pk):
    """What we make of a timescale as it is being typed: a line for beside the box."""
    staged = get_permitted(request.user, PlanImport, "change", pk=pk)
    starts_on, ends_on = draft_of(staged).days
    words = request.GET.get("timescale_text", "")[:LONGEST_CELL]
    return HttpResponse(
        describe(read_timescale(words, starts_on=starts_on, ends_on=ends_on)), content_type="text/plain"
    )


patterns = [
    path("plans/import/", import_upload, name="import-upload"),
    path("plans/import/<uuid:pk>/", import_preview, name="import-preview"),
    path("plans/import/<uuid:pk>/confirm/", import_confirm, name="import-confirm"),
    path("plans/import/<uuid:pk>/cells/<str:row>/<str:cell>/", import_cell, name="import-cell"),
    path("plans/import/<uuid:pk>/cells/<str:row>/<str:cell>/right/", import_right, name="import-right"),
    path("plans/import/<uuid:pk>/rows/<str:row>/", import_row, name="import-row"),
    path("plans/import/<uuid:pk>/rows/<str:row>/split/", import_split, name="import-split"),
    path("plans/import/<uuid:pk>/rows/<str:row>/join/", import_join, name="import-join"),
    path("plans/import/<uuid:pk>/undo/", import_undo, name="import-undo"),
    path("plans/import/<uuid:pk>/timescale/", import_read_words, name="import-timescale"),
]
