"""Handing a deliverable on for a round, saying who answers while one is away, and ending both."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partnership.access import get_permitted
from partnership.lists import RecordList
from partnership.standing import standing_of
from partnership.templatetags.components import long_date
from plans.deputies import CannotHandOn, cover, end, hand_on
from plans.deputy_forms import CoverForm, HandOnForm
from plans.deputy_lists import DelegationFilter, DelegationTable
from plans.models import Delegation, Deliverable, UpdateRound

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])


class DelegationList(RecordList):
    """What one gave and got; for an office, also what the leads of its partnerships gave."""

    table_class, filterset_class = DelegationTable, DelegationFilter
    template_name = "plans/delegation_list.html"
    export_name = "who-answers-for-whom"

    def get_queryset(self):
        seen = Delegation.objects.visible_to(self.request.user).with_state(on=timezone.localdate())
        return seen.select_related("given_by", "given_to", "made_by", "round", "deliverable__priority")

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_cover=bool(standing_of(self.request.user).partnership_ids), **kwargs)


@asks_and_answers
def add_delegation(request, pk):
    """One deliverable in the round that is answered now, or the next one to open."""
    deliverable = get_permitted(request.user, Deliverable, "hand_on", pk=pk)
    now = timezone.now()
    today = timezone.localdate(now)
    round = round_to_hand_on(deliverable.priority.plan_id, on=today)
    if round is None:
        messages.info(request, "No round is open or planned, so there is nothing to hand on yet.")
        return redirect(deliverable)
    form = HandOnForm(
        request.POST or None,
        user=request.user,
        deliverable=deliverable,
        on=today,
        cancel_url=deliverable.get_absolute_url(),
    )
    if form.is_valid():
        try:
            given = hand_on(deliverable, round=round, by=request.user, at=now, **form.answer())
        except CannotHandOn as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"{given.given_to} can answer it for {given.given_by} in this round.")
            return redirect(deliverable)
    crumbs = [(deliverable.title, deliverable.get_absolute_url()), ("Hand it on", None)]
    context = {"deliverable": deliverable, "round": round, "form": form, "crumbs": crumbs}
    return render(request, "plans/delegation_add.html", context, status=form.status)


def round_to_hand_on(plan_id, *, on):
    """The plan's round that takes answers on that day, else the next to open, else None."""
    rounds = UpdateRound.objects.filter(plan=plan_id, closed_at=None)
    now = UpdateRound.objects.newest_answerable_on(on).filter(plan=plan_id).first()
    return now or rounds.filter(opens_on__gt=on).order_by("opens_on").first()


@asks_and_answers
def add_cover(request):
    """Days away, for oneself or by an office for a lead who is ill."""
    now = timezone.now()
    if not standing_of(request.user).partnership_ids:
        raise PermissionDenied
    form = CoverForm(
        request.POST or None,
        user=request.user,
        on=timezone.localdate(now),
        cancel_url=reverse("plans:delegation-list"),
    )
    if form.is_valid():
        try:
            given = cover(by=request.user, at=now, **form.answer())
        except CannotHandOn as refusal:
            add_refusal(form, refusal)
        else:
            days = f"from {long_date(given.starts_on)} to {long_date(given.ends_on)}"
            messages.success(request, f"{given.given_to} answers for {given.given_by} {days}, and is reminded instead.")
            return redirect("plans:delegation-list")
    crumbs = [("Who answers for whom", reverse("plans:delegation-list")), ("Days away", None)]
    return render(request, "plans/cover_add.html", {"form": form, "crumbs": crumbs}, status=form.status)


def add_refusal(form, refusal):
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


@asks_and_answers
def end_delegation(request, pk):
    """The lead takes it back, the deputy gives it back, or the office ends it."""
    delegation = get_permitted(request.user, Delegation, "end", pk=pk)
    if request.method == "POST":
        end(delegation, at=timezone.now())
        messages.success(request, f"{delegation.given_to} no longer answers for {delegation.given_by}.")
        return redirect("plans:delegation-list")
    crumbs = [("Who answers for whom", reverse("plans:delegation-list")), ("End", None)]
    return render(request, "plans/delegation_end.html", {"delegation": delegation, "crumbs": crumbs})


patterns = [
    path("deputies/", DelegationList.as_view(), name="delegation-list"),
    path("deputies/away/", add_cover, name="cover-add"),
    path("deputies/<int:pk>/end/", end_delegation, name="delegation-end"),
    path("deliverables/<int:pk>/hand-on/", add_delegation, name="delegation-add"),
]
