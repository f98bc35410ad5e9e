"""Invitations: an office sends them to one person or to many, takes them back, and whoever got one comes in by it."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted
from partnership.accounts import invitations
from partnership.accounts.forms import NewPasswordForm
from partnership.accounts.invitations import invitable, invitation_of_token, invite_many
from partnership.accounts.ways_in import with_ways_in
from partnership.models import Invitation, User
from partnership.models.people import holders_in
from partnership.refusals import NotNow
from partnership.standing import standing_of
from partnership.tasks import send_invitations
from partnership.throttling import is_too_often

PEOPLE = "partnership:person-list"
MOST_AT_ONCE = 200
BAD_TOKENS = 30  # in ten minutes from one address
IN_SESSION = "invitation"


# By whom they are sent


def people_of(user):
    """Those whom ``user`` may invite: of their offices' partnerships, or all to an administrator."""
    standing = standing_of(user)
    if standing.is_administrator:
        return User.objects.exclude(pk=user.pk)
    if not standing.office_ids:
        raise PermissionDenied
    return User.objects.filter(pk__in=holders_in(standing.office_ids), is_administrator=False).exclude(pk=user.pk)


@require_POST
def invite_person(request, pk):
    person = get_permitted(request.user, User, "invite", pk=pk)
    try:
        invitations.invite(person, at=timezone.now(), by=request.user)
    except NotNow as problem:
        messages.warning(request, str(problem))
    else:
        transaction.on_commit(send_invitations.delay)
        messages.success(request, f"The invitation of {person} is on its way to {person.email}")
    return redirect(person)


@require_POST
def withdraw_invitation(request, pk):
    person = get_permitted(request.user, User, "invite", pk=pk)
    if invitations.withdraw(person, at=timezone.now()):
        messages.success(request, f"Taken back: the link that {person} was sent is worth nothing now")
    else:
        messages.info(request, f"{person} has no invitation that could be taken back")
    return redirect(person)


@require_http_methods(["GET", "HEAD", "POST"])
def invite_people(request):
    """Everybody who could come in and never did, to be invited together."""
    now = timezone.now()
    people = invitable(people_of(request.user), on=timezone.localdate(now)).order_by("name", "pk")
    if request.method == "POST":
        keys = [int(key) for key in request.POST.getlist("person") if key.isdecimal() and len(key) < 19]
        chosen = people.filter(pk__in=keys[:MOST_AT_ONCE])
        if not chosen:
            return show_people(request, people, now, error="Choose whom to invite")
        invited, problems = invite_many(chosen, at=now, by=request.user)
        transaction.on_commit(send_invitations.delay)
        words = "1 invitation is on its way" if len(invited) == 1 else f"{len(invited)} invitations are on their way"
        messages.success(request, words)
        for problem in problems:
            messages.warning(request, problem)
        return redirect("partnership:invite-people")
    return show_people(request, people, now)


def show_people(request, people, now, *, error=""):
    shown = list(with_ways_in(people)[:MOST_AT_ONCE])
    context = {
        "new": [person for person in shown if not person.invited_at],
        "invited": [person for person in shown if person.invited_at],
        "more": people.count() - len(shown),
        "most": MOST_AT_ONCE,
        "days": settings.INVITATION_DAYS,
        "now": now,
        "error": error,
        "crumbs": [("People", reverse(PEOPLE)), ("Invite people", None)],
    }
    return render(request, "partnership/invite_people.html", context, status=422 if error else 200)


# By whom they are followed


class ComeInForm(NewPasswordForm):
    """Name and password of somebody who was invited."""

    submit_label = "Come in"
    name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="As your colleagues write it.",
        error_messages={"required": "Enter your name"},
    )
    field_order = ["name", "password"]

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, person=person, initial={"name": person.name}, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())


@login_not_required
@never_cache
@require_safe
def follow(request, token):
    """What the mail leads to: a page with one button. It shows nothing and changes nothing, as scanners follow too."""
    if invitation_of_token(token, at=timezone.now()) is None:
        return refuse(request)
    context = {"token": token, "is_signed_in": request.user.is_authenticated}
    return render(request, "registration/invitation_follow.html", context)


@login_not_required
@never_cache
@sensitive_post_parameters("token")
@require_POST
def begin(request):
    """The button: this browser may go on. The token goes no further than here."""
    invitation = invitation_of_token(request.POST.get("token", ""), at=timezone.now())
    if invitation is None:
        return refuse(request)
    if request.user.is_authenticated:
        logout(request)
    request.session.cycle_key()
    request.session[IN_SESSION] = [str(invitation.pk), invitation.token_hash]
    return redirect("partnership:invitation-come-in")


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def come_in(request):
    """Name and password; then they are in, and set up a second step where one is asked for."""
    now = timezone.now()
    key, proof = request.session.get(IN_SESSION, (None, ""))
    invitation = Invitation.objects.usable(at=now).filter(pk=key, token_hash=proof).first() if key else None
    if invitation is None or request.user.is_authenticated:
        return refuse(request)
    form = ComeInForm(request.POST or None, person=invitation.user)
    if form.is_valid():
        try:
            person = invitations.use(invitation, at=now, request=request, **form.cleaned_data)
        except NotNow:
            return refuse(request)
        del request.session[IN_SESSION]
        messages.success(request, f"Welcome, {person.first_name}. Your account is ready")
        return perform_password_login(request, {"email": person.email}, Login(user=person, email=person.email))
    context = {"form": form, "person": invitation.user}
    return render(request, "registration/invitation_come_in.html", context, status=form.status)


def refuse(request):
    """The one answer for an invitation that is wrong, used, taken back or over: what to do. After many of them 429."""
    if is_too_often(request, "invitations-bad", BAD_TOKENS):
        return render(request, "429.html", status=429)
    return render(request, "registration/invitation_over.html", status=404)


patterns = [
    path("people/<int:pk>/invite/", invite_person, name="person-invite"),
    path("people/<int:pk>/invite/take-back/", withdraw_invitation, name="person-invite-withdraw"),
    path("people/invite/", invite_people, name="invite-people"),
    path("invitation/", begin, name="invitation-begin"),
    path("invitation/come-in/", come_in, name="invitation-come-in"),
    path("invitation/<str:token>/", follow, name="invitation-follow"),
]
