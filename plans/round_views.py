"""A round of updates: opened, and who has answered."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.access import get_permitted, may
from plans.models import Deliverable, Plan, Priority, UpdateRound
from plans.round_forms import RoundForm
from plans.rounds import open_round
from plans.views import asks_and_answers


@asks_and_answers
def open_round_view(request, pk):
    """Start a turn of the cycle."""
    plan = get_permitted(request.user, Plan, "open_round", pk=pk)
    form = RoundForm(request.POST or None, initial=next_round_of(plan), cancel_url=plan.get_absolute_url())
    if not plan.is_running:
        messages.info(request, "Publish the plan first. Then its leads can be asked.")
        return redirect(plan)
    if form.is_valid():
        try:
            round = open_round(plan, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"The round {round} is open until {round.closes_on:%-d %B %Y}.")
            return redirect(round)
    return render(request, "plans/round_open.html", {"plan": plan, "form": form}, status=form.status)


def next_round_of(plan):
    """The quarter after the last round's, or the plan's first; open now, for three weeks."""
    today = timezone.localdate()
    last = plan.rounds.order_by("-ends_on").first()
    starts_on = last.ends_on + timedelta(days=1) if last else plan.starts_on
    month = starts_on.month + 2
    year, month = starts_on.year + (month - 1) // 12, (month - 1) % 12 + 1
    ends_on = (starts_on.replace(year=year, month=month, day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return {
        "name": f"{starts_on:%B} to {ends_on:%B %Y}",
        "starts_on": starts_on,
        "ends_on": ends_on,
        "opens_on": today,
        "closes_on": today + timedelta(days=21),
        "proposals_due_on": today + timedelta(days=35),
        "decisions_due_on": today + timedelta(days=49),
    }


@require_safe
def round_detail(request, pk):
    """Who has answered and who has not; each priority's review."""
    round = get_permitted(request.user, UpdateRound, "view", pk=pk)
    deliverables = Deliverable.objects.for_round(round)
    answered = [row for row in deliverables if row.round_updates]
    context = {
        "deliverable_count": len(deliverables),
        "progress_words": f"{len(answered)} of {len(deliverables)} deliverables answered",
        "round": round,
        "plan": round.plan,
        "answered": answered,
        "silent": [row for row in deliverables if not row.round_updates],
        "priorities": Priority.objects.filter(plan=round.plan).with_review_in(round),
        "is_open": round.is_open(on=timezone.localdate()),
        "may_change": may(request.user, "change", round),
    }
    return render(request, "plans/round_detail.html", context)


patterns = [
    path("plans/<int:pk>/rounds/open/", open_round_view, name="round-open"),
    path("rounds/<int:pk>/", round_detail, name="round-detail"),
]
