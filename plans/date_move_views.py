"""Dates that leads ask for: those that wait, and the office's answer."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from partnership.access import get_permitted, may
from partnership.forms import PlannerForm
from plans import undoing
from plans.answering import moves_waiting
from plans.date_moves import agree_to_move, decline_move
from plans.models import DateMove, Plan
from plans.views import asks_and_answers
from plans.writing_views import crumbs


class DeclineForm(PlannerForm):
    submit_label = "Keep the date of the plan"
    submit_kind = "secondary"

    reason = forms.CharField(
        label="Why the date stays as it is",
        help_text="The lead reads it on the deliverable’s page.",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say why the date stays as it is"},
    )


@require_safe
def move_list(request, pk):
    """The dates of one plan that wait for the office, and those that were answered."""
    plan = get_permitted(request.user, Plan, "view", pk=pk)
    decided = DateMove.objects.filter(update__round__plan=plan).exclude(decided_at=None)
    related = [
        "activity__deliverable__priority",
        "update__submitted_by",
        "update__round",
        "decided_by",
        "taken_back_by",
    ]
    context = {
        "plan": plan,
        "waiting": moves_waiting(plan),
        "decided": decided.select_related(*related).order_by("-decided_at"),
        "may_decide": may(request.user, "change", plan),
        "may_undo": may(request.user, "edit", plan) and undoing.waits(request.session, plan),
        "crumbs": crumbs(plan, "New dates asked for"),
    }
    return render(request, "plans/date_move_list.html", context)


@asks_and_answers
def decide(request, pk):
    """Agree by one press, or say why not."""
    move = get_permitted(request.user, DateMove, "decide", pk=pk)
    plan, is_agreed = move.update.round.plan, "agree" in request.POST
    form = DeclineForm(request.POST if request.method == "POST" and not is_agreed else None)
    now, said = timezone.now(), ""
    try:
        if is_agreed:
            step = agree_to_move(move, by=request.user, at=now, seen=request.POST.get("seen"))
            undoing.remember(request.session, plan, step)
            messages.success(request, f"The plan now says “{move.after_text}”.", extra_tags="undo")
            return redirect(back_of(request, plan))
        if form.is_valid():
            decline_move(move, by=request.user, at=now, reason=form.cleaned_data["reason"])
            messages.success(request, "The date of the plan stays as it is. The lead can read why.")
            return redirect(back_of(request, plan))
    except ValidationError as problem:
        said = problem.messages[0]
    context = {
        "plan": plan,
        "move": DateMove.objects.select_related(
            "activity__deliverable__priority", "update__submitted_by", "decided_by", "taken_back_by"
        ).get(pk=pk),
        "form": form,
        "said": said,
        "crumbs": [
            *crumbs(plan),
            ("New dates asked for", reverse("plans:date-move-list", args=[plan.pk])),
            ("New date", None),
        ],
    }
    return render(request, "plans/date_move_decide.html", context, status=409 if said else form.status)


def back_of(request, plan):
    """Where the button stood, if it was one of our pages; else the list."""
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    return reverse("plans:date-move-list", args=[plan.pk])


patterns = [
    path("plans/<int:pk>/dates/", move_list, name="date-move-list"),
    path("date-moves/<int:pk>/", decide, name="date-move-decide"),
]
