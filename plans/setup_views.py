"""How a plan is laid out: the columns of its table and the refs of its rows."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from partnership.forms import PlannerForm
from partnership.refusals import ChangedMeanwhile
from partnership.templatetags.components import sentence_join
from plans import undoing
from plans.column_forms import ColumnsForm
from plans.columns import columns_to_show, hidden
from plans.renumbering import KEEP, LETTERS, NUMBERS, changes_of, digest_of, quotes_of, renumber
from plans.table import filled_columns, read_table
from plans.views import asks_and_answers
from plans.writing_views import crumbs, plan_to_edit


@asks_and_answers
def change_columns(request, pk):
    """Choose the columns; ``do=show`` only shows what the table would look like."""
    plan = plan_to_edit(request, pk)
    table = read_table(plan, on=timezone.localdate())
    filled = filled_columns(table)
    form = ColumnsForm(request.POST or None, instance=plan, cancel_url=plan.get_absolute_url())
    chosen = plan.columns
    if form.is_valid():
        chosen = form.chosen
    table.columns = columns_to_show(chosen, filled=filled, has_ratings=True)
    not_shown = hidden(table.columns, filled=filled)
    if form.is_valid() and request.POST.get("do") != "show":
        form.save()
        kept = f" Not shown in the table: {sentence_join(not_shown)}. Nothing of it is lost." if not_shown else ""
        messages.success(request, f"The columns are saved.{kept}")
        return redirect(plan)
    context = {
        "plan": plan,
        "form": form,
        "table": table,
        "example": next(iter(table.deliverables), None),
        "not_shown": not_shown,
        "crumbs": crumbs(plan, "Columns"),
    }
    return render(request, "plans/plan_columns.html", context, status=form.status)


class RenumberForm(PlannerForm):
    priorities = forms.ChoiceField(
        label="Priorities",
        choices=[(KEEP, "Keep their refs"), (NUMBERS, "1, 2, 3 in the order they stand")],
        widget=forms.RadioSelect,
        initial=NUMBERS,
    )
    deliverables = forms.ChoiceField(
        label="Deliverables",
        choices=[
            (KEEP, "Keep their refs"),
            (NUMBERS, "1.1, 1.2 within each priority"),
            (LETTERS, "1.a, 1.b within each priority"),
        ],
        widget=forms.RadioSelect,
        initial=NUMBERS,
    )


@asks_and_answers
def change_refs(request, pk):
    """Give the refs anew: what would change is shown first, and where a text quotes it."""
    plan = plan_to_edit(request, pk)
    form = RenumberForm(request.POST or None, cancel_url=plan.get_absolute_url())
    context = {"plan": plan, "form": form, "crumbs": crumbs(plan, "Refs")}
    if not form.is_valid():
        return render(request, "plans/plan_renumber.html", context, status=form.status)
    status = 200
    if request.POST.get("do") == "renumber":
        try:
            done = renumber(plan, **form.cleaned_data, shown=request.POST.get("shown", ""))
        except ChangedMeanwhile:
            form.add_error(None, "The plan was changed meanwhile. This is what would happen now")
            status = 409
        else:
            if done:
                undoing.remember(request.session, plan, undoing.refs_step(done))
                messages.success(request, f"Gave {len(done)} new {'ref' if len(done) == 1 else 'refs'}.")
            else:
                messages.info(request, "Every ref is as you asked already.")
            return redirect(plan)
    changes = changes_of(plan, **form.cleaned_data)
    context |= {
        "is_shown": True,
        "changes": changes,
        "shown": digest_of(changes),
        "quotes": quotes_of(plan, changes),
    }
    return render(request, "plans/plan_renumber.html", context, status=status)


patterns = [
    path("plans/<int:pk>/refs/", change_refs, name="plan-renumber"),
    path("plans/<int:pk>/columns/", change_columns, name="plan-columns"),
]
