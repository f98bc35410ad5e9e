"""What stands round the rows of a plan: the columns of its table, its drivers, its review dates."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from partnership.templatetags.components import sentence_join
from plans.column_forms import ColumnsForm
from plans.columns import columns_to_show, hidden
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


patterns = [
    path("plans/<int:pk>/columns/", change_columns, name="plan-columns"),
]
