"""Leads answer: one update on one deliverable, and that a milestone is met."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from partnership.access import get_permitted
from plans.models import Deliverable, Milestone
from plans.rounds import RoundClosed, last_update, meet_milestone, repeat_update, submit_update
from plans.table import read_table
from plans.update_forms import UpdateForm
from plans.views import asks_and_answers


@asks_and_answers
def update_deliverable(request, pk):
    """The short form: how is it going, what has happened, what difference, what is in the way, voice."""
    deliverable = get_permitted(request.user, Deliverable, "update", pk=pk)
    today = timezone.localdate()
    plan = deliverable.priority.plan
    round = plan.rounds.order_by("-closes_on").first()
    if round is None:
        messages.info(request, "No round has been opened yet, so there is nothing to answer.")
        return redirect(deliverable)
    last = last_update(deliverable, before=round)
    current = deliverable.updates.in_round(round).current().first()
    form = UpdateForm(request.POST or None, plan=plan, last=last, instance=None, initial=initial_of(current))
    status = 200
    try:
        if "same" in request.POST and last:
            repeat_update(deliverable, round=round, by=request.user, on=today)
            return update_done(request, deliverable)
        if form.is_valid():
            submit_update(deliverable, round=round, by=request.user, on=today, **form.cleaned_data)
            return update_done(request, deliverable)
    except RoundClosed:
        status = 409
        form.add_error(None, "This round has closed. Your words are kept on this page: send them to the office.")
    context = {
        "deliverable": deliverable,
        "plan": plan,
        "round": round,
        "is_open": round.is_open(on=today),
        "last": last,
        "current": current,
        "form": form,
        "row": read_table(plan, on=today, deliverables=Deliverable.objects.filter(pk=pk)).deliverables[0],
    }
    return render(
        request, "plans/deliverable_update.html", context, status=422 if form.errors and status == 200 else status
    )


@require_POST
def meet_milestone_view(request, pk):
    """Met today, or not met after all (``undo``)."""
    milestone = get_permitted(request.user, Milestone, "update", pk=pk)
    on = None if "undo" in request.POST else timezone.localdate()
    meet_milestone(milestone, on=on)
    messages.success(request, "Marked as met today." if on else "Marked as not met.")
    return redirect(milestone.activity.deliverable)


def initial_of(update):
    """The answers of ``update`` to begin with, if this person has answered in the round."""
    if update is None or update.is_unchanged:
        return None
    return {name: getattr(update, name) for name in UpdateForm.Meta.fields}


def update_done(request, deliverable):
    messages.success(request, f"Thank you. Your update on “{deliverable.title}” is in.")
    return redirect("assurance:my-work")


patterns = [
    path("deliverables/<int:pk>/update/", update_deliverable, name="deliverable-update"),
    path("milestones/<int:pk>/met/", meet_milestone_view, name="milestone-meet"),
]
