"""Rounds of updates: a year of them planned, one opened, changed, closed for good and reopened."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone

from partnership.access import get_permitted
from partnership.templatetags.components import long_date
from plans.models import Plan, UpdateRound
from plans.round_forms import (
    PlannedRoundForm,
    ReopenForm,
    RoundForm,
    RunningRoundForm,
    StepsForm,
    YearFormSet,
)
from plans.round_page import RoundPage, chase_view, who_never_answered
from plans.round_year import name_of, proposed_rounds
from plans.rounds import Clashes, change_round, close_round, delete_round, open_round, plan_rounds, reopen_round
from plans.views import asks_and_answers

PUBLISH_FIRST = "Publish the plan first. Then its leads can be asked."


@asks_and_answers
def open_round_view(request, pk):
    """Start a turn of the cycle."""
    plan = get_permitted(request.user, Plan, "open_round", pk=pk)
    today = timezone.localdate()
    form = RoundForm(request.POST or None, initial=next_round_of(plan, on=today), cancel_url=plan.get_absolute_url())
    if not plan.is_running:
        messages.info(request, PUBLISH_FIRST)
        return redirect(plan)
    if form.is_valid():
        try:
            round = open_round(plan, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, opened_words(round, on=today))
            return redirect(round)
    return render(request, "plans/round_open.html", {"plan": plan, "form": form}, status=form.status)


def opened_words(round, *, on):
    if on < round.opens_on:
        return f"The round {round} is planned. It opens by itself on {long_date(round.opens_on)}."
    return (
        f"The round {round} is open until {long_date(round.closes_on)}. "
        "Leads are reminded on their days; to tell them today, ask everybody who is silent."
    )


def next_round_of(plan, *, on):
    """The quarter after the last round's, or the plan's first; open at once, or after the last, for three weeks."""
    last = plan.rounds.order_by("-ends_on").first()
    starts_on = last.ends_on + timedelta(days=1) if last else plan.starts_on
    month = starts_on.month + 2
    year, month = starts_on.year + (month - 1) // 12, (month - 1) % 12 + 1
    ends_on = (starts_on.replace(year=year, month=month, day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    opens_on = max(on, last.closes_on + timedelta(days=1)) if last else on
    return {
        "name": name_of(starts_on, ends_on),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "opens_on": opens_on,
        "closes_on": opens_on + timedelta(days=21),
        "proposals_due_on": opens_on + timedelta(days=35),
        "decisions_due_on": opens_on + timedelta(days=49),
    }


@asks_and_answers
def plan_year(request, pk):
    """A year's rounds in one table: those that are there, and those proposed from the plan's review dates."""
    plan = get_permitted(request.user, Plan, "open_round", pk=pk)
    if not plan.is_running:
        messages.info(request, PUBLISH_FIRST)
        return redirect(plan)
    today, standing = timezone.localdate(), list(plan.rounds.order_by("starts_on"))
    steps = StepsForm(request.GET if "to_answer" in request.GET else None)
    initial = [
        days | {"is_wanted": days["closes_on"] >= today}
        for days in proposed_rounds(plan, standing=standing, steps=steps.steps)
    ]
    rows = YearFormSet(request.POST or None, plan=plan, initial=initial, prefix="rounds")
    if request.method == "POST" and rows.is_valid():
        try:
            made = plan_rounds(plan, rounds=[form.days for form in rows.wanted])
        except Clashes as clashes:  # somebody else has planned one in the same moment
            rows.say(clashes.problems)
        else:
            messages.success(request, planned_words(made))
            return redirect("plans:round-year", pk=plan.pk)
    context = {
        "plan": plan,
        "standing": [(round, round.state(on=today)) for round in standing],
        "rows": rows,
        "steps": steps,
        "has_review_dates": plan.review_dates.exists(),
        "today": today,
        "crumbs": plan_crumbs(plan, "Rounds of the year"),
    }
    status = 422 if request.method == "POST" or steps.errors else 200
    return render(request, "plans/round_year.html", context, status=status)


def planned_words(made):
    if not made:
        return "These rounds were planned already."
    count = "One round is" if len(made) == 1 else f"{len(made)} rounds are"
    return f"{count} planned. Each opens by itself on its day."


@asks_and_answers
def change_round_view(request, pk):
    """Other days for a round: all of a planned one, what is still to come of one that has opened."""
    round = get_permitted(request.user, UpdateRound, "change", pk=pk)
    today = timezone.localdate()
    if round.closed_at:
        messages.info(request, "This round is closed. Reopen it first.")
        return redirect(round)
    is_planned = today < round.opens_on
    form_class = PlannedRoundForm if is_planned else RunningRoundForm
    form = form_class(request.POST or None, instance=round, cancel_url=round.get_absolute_url())
    if form.is_valid():
        try:
            change_round(round, on=today, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, "Saved the round.")
            return redirect(round)
    context = {"round": round, "form": form, "is_planned": is_planned, "crumbs": round_crumbs(round, "Change")}
    return render(request, "plans/round_change.html", context, status=form.status)


@asks_and_answers
def delete_round_view(request, pk):
    """Take a planned round out of the year."""
    round = get_permitted(request.user, UpdateRound, "change", pk=pk)
    if request.method == "POST":
        try:
            delete_round(round, on=timezone.localdate())
        except ValidationError as problem:
            messages.error(request, problem.message)
            return redirect(round)
        messages.success(request, f"The round {round} is no longer planned.")
        return redirect("plans:round-year", pk=round.plan_id)
    context = {"round": round, "crumbs": round_crumbs(round, "Take it out of the year")}
    return render(request, "plans/round_delete.html", context)


@asks_and_answers
def close_round_view(request, pk):
    """Take no more answers; who never answered is on record from then on."""
    round = get_permitted(request.user, UpdateRound, "close", pk=pk)
    today = timezone.localdate()
    if request.method == "POST":
        try:
            is_closed_now = close_round(round, by=request.user, at=timezone.now())
        except ValidationError as problem:
            messages.error(request, problem.message)
        else:
            words = "closed. No answer is taken any more." if is_closed_now else "closed already."
            messages.success(request, f"The round {round} is {words}")
        return redirect(round)
    if round.closed_at or today < round.opens_on:
        return redirect(round)
    context = {
        "round": round,
        "silent": who_never_answered(round, on=today),
        "is_early": today <= round.closes_on,
        "crumbs": round_crumbs(round, "Close it"),
    }
    return render(request, "plans/round_close.html", context)


@asks_and_answers
def reopen_round_view(request, pk):
    """Take late answers again, for a reason."""
    round = get_permitted(request.user, UpdateRound, "close", pk=pk)
    if not round.closed_at:
        messages.info(request, "This round is not closed.")
        return redirect(round)
    form = ReopenForm(request.POST or None, cancel_url=round.get_absolute_url())
    if form.is_valid():
        reopen_round(round, reason=form.cleaned_data["reason"])
        messages.success(request, f"The round {round} takes answers again. They are marked late.")
        return redirect(round)
    context = {"round": round, "form": form, "crumbs": round_crumbs(round, "Reopen it")}
    return render(request, "plans/round_reopen.html", context, status=form.status)


def plan_crumbs(plan, *last):
    return [
        ("Plans", reverse("plans:plan-list")),
        (plan.title, plan.get_absolute_url()),
        *((each, None) for each in last),
    ]


def round_crumbs(round, last):
    return [*plan_crumbs(round.plan), (str(round), round.get_absolute_url()), (last, None)]


patterns = [
    path("plans/<int:pk>/rounds/open/", open_round_view, name="round-open"),
    path("plans/<int:pk>/rounds/", plan_year, name="round-year"),
    path("rounds/<int:pk>/", RoundPage.as_view(), name="round-detail"),
    path("rounds/<int:pk>/chase/", chase_view, name="round-chase"),
    path("rounds/<int:pk>/change/", change_round_view, name="round-change"),
    path("rounds/<int:pk>/delete/", delete_round_view, name="round-delete"),
    path("rounds/<int:pk>/close/", close_round_view, name="round-close"),
    path("rounds/<int:pk>/reopen/", reopen_round_view, name="round-reopen"),
]
