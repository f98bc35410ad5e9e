"""Challenges: the register, one challenge, its answer, and what the office does with it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assurance import challenges
from assurance.challenge_forms import ChallengeAnswerForm, ChallengeEndForm, ChallengeForm
from assurance.challenge_lists import ChallengeExport, ChallengeFilter, ChallengeTable, register
from assurance.models import Challenge
from assurance.views.registers import for_whom, form_page, own_partnership, sharing_page
from partnership.access import get_permitted, may
from partnership.lists import RecordList
from plans.priority_links import shown_priorities

GET_OR_POST = ["GET", "HEAD", "POST"]
LIST = "assurance:challenge-list"


def crumbs(*here):
    ways = [each if isinstance(each, tuple) else (each, None) for each in here]
    return [("Challenges", reverse(LIST) if here else None), *ways]


def crumbs_of(challenge, here=None):
    top = (challenge.ref, challenge.get_absolute_url() if here else None)
    return crumbs(top, *([here] if here else []))


class ChallengeList(RecordList):
    """Open ones first, the newest first."""

    table_class, filterset_class = ChallengeTable, ChallengeFilter
    template_name = "assurance/challenge_list.html"
    export_name = "challenges"

    def get_queryset(self):
        return register(self.request.user)

    def get_table_class(self):
        return ChallengeExport if self.request.GET.get(self.export_trigger_param) else ChallengeTable

    def get_table(self, **kwargs):
        table = super().get_table(**kwargs)
        late = Challenge.objects.late_to(self.request.user, on=timezone.localdate())
        table.late_pks = set(late.values_list("pk", flat=True))
        return table

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_add=bool(self.request.user.standing.office_ids), crumbs=crumbs(), **kwargs)


@require_safe
def detail(request, pk):
    """One challenge: who asked whom for what, the answer, the difference it made."""
    challenge = get_permitted(request.user, Challenge, "view", pk=pk)
    today = timezone.localdate()
    context = {
        "challenge": challenge,
        "priorities": shown_priorities(challenge, request.user),
        "is_late": Challenge.objects.late_to(request.user, on=today).filter(pk=challenge.pk).exists(),
        "may_change": may(request.user, "change", challenge),
        "may_look_back": may(request.user, "look_back", challenge),
        "may_answer": may(request.user, "answer", challenge),
        "today": today,
        "crumbs": crumbs_of(challenge),
    }
    return render(request, "assurance/challenge_detail.html", context)


@require_http_methods(GET_OR_POST)
def add(request):
    return for_whom(
        request,
        name="assurance:challenge-add-for",
        title="Add a challenge",
        crumbs=crumbs("Add a challenge"),
        cancel_url=reverse(LIST),
    )


@require_http_methods(GET_OR_POST)
def add_for(request, pk):
    partnership = own_partnership(request.user, pk)
    form = ChallengeForm(
        request.POST or None, instance=Challenge(partnership=partnership), user=request.user, cancel_url=reverse(LIST)
    )
    form.submit_label = "Add the challenge"
    if form.is_valid():
        challenge, is_new = challenges.add_challenge(partnership, **form.answers)
        said = f"{challenge.ref} is put to {challenge.put_to}" if is_new else f"It is there already, as {challenge.ref}"
        messages.success(request, said)
        return redirect(challenge)
    lede = f"For {partnership}. Its office, its advisor, its lead partners and both sides read it."
    return form_page(request, form, title="Add a challenge", crumbs=crumbs("Add a challenge"), lede=lede)


@require_http_methods(GET_OR_POST)
def change(request, pk):
    challenge = get_permitted(request.user, Challenge, "change", pk=pk)
    form = ChallengeForm(
        request.POST or None, instance=challenge, user=request.user, cancel_url=challenge.get_absolute_url()
    )
    if form.is_valid():
        form.save()
        messages.success(request, f"{challenge.ref} is saved")
        return redirect(challenge)
    lede = "The answer and the difference it made have pages of their own."
    return form_page(request, form, title=f"Change {challenge.ref}", crumbs=crumbs_of(challenge, "Change"), lede=lede)


@require_http_methods(GET_OR_POST)
def answer(request, pk):
    """Answer it, or correct the answer; the office may for whoever was asked."""
    challenge = get_permitted(request.user, Challenge, "answer", pk=pk)
    form = ChallengeAnswerForm(request.POST or None, instance=challenge, cancel_url=challenge.get_absolute_url())
    if form.is_valid():
        try:
            challenges.answer_challenge(
                challenge, answer=form.cleaned_data["answer"], by=request.user, on=timezone.localdate()
            )
        except ValidationError as problem:
            form.add_error("answer", problem)
        else:
            messages.success(request, "Your answer is kept. Both sides, the office and the advisor read it")
            return redirect(challenge)
    context = {"challenge": challenge, "form": form, "crumbs": crumbs_of(challenge, "Answer")}
    return render(request, "assurance/challenge_answer.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def share(request, pk):
    challenge = get_permitted(request.user, Challenge, "change", pk=pk)
    return sharing_page(
        request,
        challenge,
        crumbs=crumbs_of(challenge, "Share with members"),
        template="assurance/challenge_share.html",
    )


@require_http_methods(GET_OR_POST)
def close(request, pk):
    """The difference it made, and with it the end; or open it again."""
    challenge = get_permitted(request.user, Challenge, "change", pk=pk)
    action = request.POST.get("action")
    if action == "reopen":
        challenges.reopen_challenge(challenge)
        messages.success(request, f"{challenge.ref} is open again")
        return redirect(challenge)
    if challenge.closed_on:
        return redirect(challenge)
    is_closing = action != "keep"
    form = ChallengeEndForm(request.POST or None, instance=challenge, is_closing=is_closing)
    if form.is_valid():
        on = timezone.localdate() if is_closing else None
        challenges.end_challenge(challenge, difference=form.cleaned_data["difference"], on=on)
        messages.success(request, f"{challenge.ref} is closed" if is_closing else "Kept. It stays open")
        return redirect(challenge)
    context = {"challenge": challenge, "form": form, "crumbs": crumbs_of(challenge, "Difference it made")}
    return render(request, "assurance/challenge_close.html", context, status=form.status)


patterns = [
    path("challenges/", ChallengeList.as_view(), name="challenge-list"),
    path("challenges/add/", add, name="challenge-add"),
    path("challenges/add/<int:pk>/", add_for, name="challenge-add-for"),
    path("challenges/<int:pk>/", detail, name="challenge-detail"),
    path("challenges/<int:pk>/change/", change, name="challenge-change"),
    path("challenges/<int:pk>/answer/", answer, name="challenge-answer"),
    path("challenges/<int:pk>/share/", share, name="challenge-share"),
    path("challenges/<int:pk>/close/", close, name="challenge-close"),
]
