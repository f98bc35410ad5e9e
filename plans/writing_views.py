"""The plan page as an editor: a cell is a form in its place, a row is added, moved, copied or retired.

Every address works without a script, as a page of its own; with one, only the cell or the row is
fetched again.
"""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from partnership.access import get_permitted
from partnership.forms import PlannerForm
from plans import date_moves, undoing
from plans.cells import CELLS, LONGEST_CELL, Lines, find_row, read_in
from plans.models import Activity, Deliverable, Plan, Priority
from plans.timescale import describe
from plans.views import asks_and_answers
from plans.writing import (
    PARENTS,
    HasAnswers,
    add_rows,
    copy_row,
    delete_row,
    move_row,
    restore_row,
    retire_row,
)


def plan_to_edit(request, pk):
    return get_permitted(request.user, Plan, "edit", pk=pk)


def crumbs(plan, *here):
    """From the list of plans to this page, the last of ``here``."""
    top = [("Plans", reverse("plans:plan-list")), (str(plan), plan.get_absolute_url())]
    return [*top, *[(label, None) for label in here]]


def row_to_edit(plan, kind, pk):
    """A row of the plan's table (not the plan itself); Http404 where there is none of that kind."""
    if kind not in PARENTS:
        raise Http404
    return find_row(plan, kind, pk)


def place_of(plan, row):
    """The address of the plan page at ``row``."""
    if isinstance(row, Activity):
        return f"{plan.get_absolute_url()}#row-{row.deliverable_id}"
    if isinstance(row, Deliverable):
        return f"{plan.get_absolute_url()}#row-{row.pk}"
    return row.get_absolute_url()


@asks_and_answers
def change_cell(request, pk, kind, row_pk, cell):
    """Change one cell; the page of a change that came too late shows both versions (409)."""
    plan = plan_to_edit(request, pk)
    row = find_row(plan, kind, row_pk)
    if (kind, cell) not in CELLS:
        raise Http404
    form = CELLS[kind, cell](request.POST or None, instance=row, plan=plan, cancel_url=place_of(plan, row))
    before = dict(form.initial)
    if form.is_valid():
        form.save()
        if (kind, cell) == date_moves.CELL:
            date_moves.settle_moves(plan, by=request.user, at=timezone.now())
        say_saved(request, plan, kind, row, cell, form, before)
        return redirect(place_of(plan, row))
    context = {"plan": plan, "row": row, "form": form, "kind": kind, "cell": cell, "crumbs": crumbs(plan, "Edit")}
    response = render(request, "plans/cell_change.html", context, status=form.status)
    if request.htmx and request.method == "POST":
        # The form itself takes the place of the page's cell; a saved one shows the whole table again.
        place = f"#cell-{kind}-{row.pk}-{cell}"
        response["HX-Retarget"], response["HX-Reselect"], response["HX-Reswap"] = (
            place,
            ".cell-form",
            "innerHTML settle:0ms",
        )
    return response


def say_saved(request, plan, kind, row, cell, form, before):
    """Say that it is saved and what somebody else's change was kept beside it; keep what an undo puts back."""
    fresh = CELLS[kind, cell](instance=find_row(plan, kind, row.pk), plan=plan)
    names = [name for name in fresh.fields if name != "seen"]
    if all(before.get(name) == fresh.initial.get(name) for name in names):
        messages.info(request, "Nothing was changed.")
        return
    kept = f" Somebody else’s change was kept: {', '.join(form.merged)}." if form.merged else ""
    if not any(isinstance(field.widget, forms.MultiWidget) for field in fresh.fields.values()):
        data = {name: before[name] for name in names if before.get(name) not in (None, False)}
        step = undoing.cell_step(kind, row, cell, data=data, seen=fresh.fields["seen"].initial)
        undoing.remember(request.session, plan, step)
    messages.success(request, " ".join([f"Saved.{kept}", *getattr(form, "warnings", ())]), extra_tags="undo")


class AddForm(PlannerForm):
    """New rows, one on each line."""

    lines = Lines(label="One on each line", max_length=LONGEST_CELL, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.submit_label = {
            "priority": "Add to the plan",
            "deliverable": "Add to this priority",
            "activity": "Add to this deliverable",
        }[kind]
        field = self.fields["lines"]
        field.label = {"priority": "New priorities", "deliverable": "New deliverables", "activity": "New activities"}[
            kind
        ]
        field.help_text = "One on each line."
        if kind == "activity":
            field.help_text += " A tab parts an activity from its timescale, as in two columns copied from a table."
        field.error_messages["required"] = f"Enter at least one {kind}"


@asks_and_answers
def add_row(request, pk, kind, parent_pk):
    """Add rows to the plan, to a priority or to a deliverable."""
    plan = plan_to_edit(request, pk)
    if kind not in PARENTS:
        raise Http404
    parent = find_row(plan, PARENTS[kind], parent_pk)
    form = AddForm(request.POST or None, kind=kind, cancel_url=place_of(plan, parent))
    if form.is_valid():
        rows = add_rows(plan, kind, parent, form.cleaned_data["lines"].splitlines())
        messages.success(request, f"Added {len(rows)} {'row' if len(rows) == 1 else 'rows'}.")
        return redirect(place_of(plan, rows[0]))
    paste = reverse("plans:rows-paste", args=[plan.pk, kind, parent_pk])
    context = {"plan": plan, "parent": parent, "form": form, "paste": paste, "crumbs": crumbs(plan, "Add")}
    return render(request, "plans/row_add.html", context, status=form.status)


@asks_and_answers
def arrange_row(request, pk, kind, row_pk):
    """Move a row up or down, copy it, or delete one that nobody has answered (``do``)."""
    plan = plan_to_edit(request, pk)
    row = row_to_edit(plan, kind, row_pk)
    if request.method != "POST":
        rows = [(kind, row)]
        if kind == "deliverable":
            rows += [("activity", activity) for activity in row.activities.in_plan()]
        back = place_of(plan, row)
        context = {"plan": plan, "row": row, "rows": rows, "back": back, "crumbs": crumbs(plan, "Arrange")}
        return render(request, "plans/row_arrange.html", context)
    goes_to = row
    try:
        match request.POST.get("do"):
            case "up":
                is_done = move_row(plan, row, by=-1)
                said = "Moved up." if is_done else "It is the first already."
            case "down":
                is_done = move_row(plan, row, by=1)
                said = "Moved down." if is_done else "It is the last already."
            case "copy":
                goes_to, said = copy_row(plan, row), "Copied. The copy stands right below."
            case "restore":
                restore_row(plan, row)
                said = "It is back in the plan."
            case "delete":
                goes_to, said = getattr(row, PARENTS[kind]), "Deleted."
                delete_row(plan, row)
            case _:
                raise Http404
    except HasAnswers as problem:
        messages.error(request, str(problem))
        return redirect("plans:row-retire", plan.pk, kind, row.pk)
    messages.success(request, said)
    if request.POST.get("stay") and goes_to == row:
        return redirect("plans:row-arrange", plan.pk, kind, row.pk)
    return redirect(place_of(plan, goes_to))


class RetireForm(PlannerForm):
    submit_label = "Take it out of the plan"
    submit_kind = "warning"

    reason = forms.CharField(
        label="Why does it leave the plan?",
        help_text="The yearly report says so. Its updates and its history stay.",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say why it leaves the plan"},
    )


@asks_and_answers
def retire(request, pk, kind, row_pk):
    """Take a row out of the plan, with the reason; nobody is asked about it any more."""
    plan = plan_to_edit(request, pk)
    row = row_to_edit(plan, kind, row_pk)
    form = RetireForm(request.POST or None, cancel_url=place_of(plan, row))
    if form.is_valid():
        retire_row(plan, row, on=timezone.localdate(), reason=form.cleaned_data["reason"])
        messages.success(request, "It is out of the plan. You can bring it back from the rows that were retired.")
        return redirect(plan)
    context = {"plan": plan, "row": row, "form": form, "crumbs": crumbs(plan, "Take out")}
    return render(request, "plans/row_retire.html", context, status=form.status)


@require_safe
def retired_rows(request, pk):
    """What was taken out of the plan, with the reasons, to be brought back."""
    plan = plan_to_edit(request, pk)
    parts = [
        ("priority", Priority.objects.filter(plan=plan)),
        ("deliverable", Deliverable.objects.filter(priority__plan=plan).select_related("priority")),
        ("activity", Activity.objects.filter(deliverable__priority__plan=plan)),
    ]
    rows = [(kind, row) for kind, queryset in parts for row in queryset.exclude(retired_on=None)]
    context = {"plan": plan, "rows": rows, "crumbs": crumbs(plan, "Retired rows")}
    return render(request, "plans/rows_retired.html", context)


@require_safe
def read_words(request, pk):
    """What we make of a timescale as it is being typed: a line for beside the box."""
    plan = plan_to_edit(request, pk)
    words = request.GET.get("timescale_text", "")[:LONGEST_CELL]
    return HttpResponse(describe(read_in(plan, words)), content_type="text/plain")


@require_POST
def undo(request, pk):
    """Take back the last step, unless somebody has changed what it made since."""
    plan = plan_to_edit(request, pk)
    is_done, says, row = undoing.take_back(request.session, plan)
    if is_done:
        date_moves.settle_moves(plan, by=request.user, at=timezone.now())
    (messages.success if is_done else messages.error)(request, says)
    return redirect(place_of(plan, row) if row else plan.get_absolute_url())
