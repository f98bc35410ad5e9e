"""Pages of what stands before the rows of a plan: drivers, review dates, where the reasons come from."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import path

from plans.cells import find_row
from plans.front_forms import DriverFormSet, ReasonFormSet, ReviewDateFormSet
from plans.front_matter import quarters_of, write_review_dates
from plans.sources import Offers
from plans.views import asks_and_answers
from plans.writing_views import crumbs, plan_to_edit


def status_of(request, rows):
    """200 for a page that is asked for, 409 where somebody has changed a line meanwhile, 422 to be mended."""
    if request.method != "POST":
        return 200
    return 409 if any(form.has_conflict for form in rows) else 422


@asks_and_answers
def change_drivers(request, pk):
    """What drives the plan, line by line, each with the record it comes from."""
    plan = plan_to_edit(request, pk)
    offers = Offers(request.user, plan.partnership_ids)
    rows = DriverFormSet(request.POST or None, plan=plan, prefix="drivers", form_kwargs={"offers": offers})
    if request.method == "POST" and rows.is_valid():
        with transaction.atomic():
            rows.save_all()
        messages.success(request, "Saved what drives the plan.")
        return redirect(plan)
    context = {"plan": plan, "rows": rows, "offers": offers, "crumbs": crumbs(plan, "What drives it")}
    return render(request, "plans/plan_drivers.html", context, status=status_of(request, rows))


@asks_and_answers
def change_review_dates(request, pk):
    """The days on which the plan is looked at again; ``?fill=quarters`` offers the sector's four."""
    plan = plan_to_edit(request, pk)
    kept = set(plan.review_dates.values_list("held_on", flat=True))
    offered = [{"held_on": day} for day in quarters_of(plan) if day not in kept]
    initial = offered if request.GET.get("fill") == "quarters" else None
    rows = ReviewDateFormSet(
        request.POST or None, plan=plan, prefix="days", form_kwargs={"plan": plan}, initial=initial
    )
    rows.extra = max(rows.extra, len(initial or []))
    if request.method == "POST" and rows.is_valid():
        write_review_dates(plan, rows.days)
        messages.success(request, "Saved when the plan is looked at again.")
        return redirect(plan)
    context = {"plan": plan, "rows": rows, "may_fill": bool(offered), "crumbs": crumbs(plan, "Review dates")}
    return render(request, "plans/plan_review_dates.html", context, status=status_of(request, rows))


@asks_and_answers
def change_sources(request, pk, priority_pk):
    """Where each reason of a priority comes from."""
    plan = plan_to_edit(request, pk)
    priority = find_row(plan, "priority", priority_pk)
    offers = Offers(request.user, plan.partnership_ids)
    queryset = priority.rationale.order_by("position", "pk")
    rows = ReasonFormSet(request.POST or None, queryset=queryset, prefix="reasons", form_kwargs={"offers": offers})
    if request.method == "POST" and rows.is_valid():
        rows.save()
        messages.success(request, "Saved where the reasons come from.")
        return redirect(priority)
    context = {
        "plan": plan,
        "priority": priority,
        "rows": rows,
        "offers": offers,
        "crumbs": crumbs(plan, "Where the reasons come from"),
    }
    return render(request, "plans/priority_sources.html", context, status=status_of(request, rows))


patterns = [
    path("plans/<int:pk>/drivers/", change_drivers, name="plan-drivers"),
    path("plans/<int:pk>/review-dates/", change_review_dates, name="plan-review-dates"),
    path("plans/<int:pk>/priorities/<int:priority_pk>/sources/", change_sources, name="priority-sources"),
]
