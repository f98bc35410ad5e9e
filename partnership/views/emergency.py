"""Emergency access to cases: asking, answering, ending. It says nothing of whether there is a case."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership import emergency
from partnership.access import get_permitted, may
from partnership.accounts.freshness import asks_again
from partnership.emergency_forms import AskForm, RefuseForm
from partnership.models import EmergencyAccess, Partnership
from partnership.refusals import NotNow
from partnership.standing import standing_of
from partnership.tasks import tell_of_emergencies

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def emergency_list(request):
    """What one asked for, and what one may answer; and of which partnerships one may ask."""
    open_to_ask = may_ask(request.user)
    found = EmergencyAccess.objects.visible_to(request.user).select_related(
        "partnership", "asked_by", "allowed_by", "refused_by"
    )
    if not open_to_ask and not found and not second_for(request.user):
        raise Http404
    now = timezone.now()
    rows = [(access, state_of(access, at=now)) for access in found[:100]]
    context = {"rows": rows, "partnerships": open_to_ask, "hours": emergency.HOURS, "crumbs": crumbs()}
    return render(request, "partnership/emergency_list.html", context)


def may_ask(user):
    """The partnerships whose cases this person may ask to see: its office and lead partners, and administrators.

    Not those whose case review group they sit in.
    """
    standing = standing_of(user)
    inside = standing.own_case_group_ids
    if standing.is_administrator:
        return Partnership.objects.exclude(pk__in=inside)
    return Partnership.objects.filter(pk__in=(standing.office_ids | standing.lead_partner_ids) - inside)


def second_for(user):
    """Partnerships for which this person is a second person."""
    standing = standing_of(user)
    return standing.lead_partner_ids | standing.own_case_group_ids


def state_of(access, *, at):
    if access.refused_by_id:
        return "Not allowed"
    if access.ended_at:
        return "Ended"
    if not access.allowed_at:
        return "Waiting for an answer"
    return "Open" if access.is_open(at=at) else "Over"


@asks_again
@asks_and_answers
def ask_for_access(request, pk):
    partnership = may_ask(request.user).filter(pk=pk).first()
    if partnership is None:
        raise Http404
    form = AskForm(request.POST or None, cancel_url=reverse("partnership:emergency-list"))
    if form.is_valid():
        access = emergency.ask(
            partnership=partnership, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        )
        transaction.on_commit(tell_of_emergencies.delay)
        messages.success(request, "You have asked. Those who can answer are mailed now.")
        return redirect(access)
    context = {
        "form": form,
        "partnership": partnership,
        "hours": emergency.HOURS,
        "crumbs": crumbs("Ask for access"),
    }
    return render(request, "partnership/emergency_ask.html", context, status=form.status)


@require_safe
def emergency_detail(request, pk):
    access = get_permitted(request.user, EmergencyAccess, "view", pk=pk)
    return show(request, access, refusal(access))


@asks_again
@require_POST
def allow_access(request, pk):
    access = get_permitted(request.user, EmergencyAccess, "answer", pk=pk)
    return answered(request, access, emergency.allow, at=timezone.now())


@require_POST
def refuse_access(request, pk):
    access = get_permitted(request.user, EmergencyAccess, "answer", pk=pk)
    form = refusal(access, request.POST)
    if not form.is_valid():
        return show(request, access, form)
    return answered(request, access, emergency.refuse, because=form.cleaned_data["because"])


@require_POST
def end_access(request, pk):
    access = get_permitted(request.user, EmergencyAccess, "end", pk=pk)
    emergency.end(access, at=timezone.now())
    messages.success(request, "It has ended.")
    return redirect(access)


def refusal(access, data=None):
    """Its form, which is sent to an address of its own."""
    form = RefuseForm(data)
    form.helper.form_action = reverse("partnership:emergency-refuse", args=[access.pk])
    return form


def answered(request, access, command, **given):
    try:
        command(access, by=request.user, **given)
    except NotNow as problem:
        messages.warning(request, str(problem))
    else:
        transaction.on_commit(tell_of_emergencies.delay)
        messages.success(request, "Your answer is kept. Who asked and the case review group are mailed now.")
    return redirect(access)


def show(request, access, form):
    now = timezone.now()
    is_waiting = not (access.allowed_at or access.refused_by_id or access.ended_at)
    context = {
        "access": access,
        "state": state_of(access, at=now),
        "is_open": access.is_open(at=now),
        "may_answer": is_waiting and may(request.user, "answer", access),
        "may_end": (is_waiting or access.is_open(at=now)) and may(request.user, "end", access),
        "form": form,
        "hours": emergency.HOURS,
        "crumbs": crumbs(str(access.partnership.short_name)),
    }
    return render(request, "partnership/emergency_detail.html", context, status=form.status)


def crumbs(*last):
    if not last:
        return [("Emergency access", None)]
    return [("Emergency access", reverse("partnership:emergency-list")), (last[0], None)]


patterns = [
    path("emergency-access/", emergency_list, name="emergency-list"),
    path("emergency-access/ask/<int:pk>/", ask_for_access, name="emergency-ask"),
    path("emergency-access/<uuid:pk>/", emergency_detail, name="emergency-detail"),
    path("emergency-access/<uuid:pk>/allow/", allow_access, name="emergency-allow"),
    path("emergency-access/<uuid:pk>/refuse/", refuse_access, name="emergency-refuse"),
    path("emergency-access/<uuid:pk>/end/", end_access, name="emergency-end"),
]
