"""Passwords: forgotten, chosen anew by a link that was mailed, changed."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import default_token_generator
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import base36_to_int, int_to_base36
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from partnership.accounts import mails
from partnership.accounts.adapters import person_of
from partnership.accounts.events import Kind, note
from partnership.accounts.forms import ChangePasswordForm, ForgottenForm, NewPasswordForm
from partnership.accounts.freshness import asks_again
from partnership.accounts.sessions import end_sessions
from partnership.models import User

pages = require_http_methods(["GET", "HEAD", "POST"])
IN_SESSION = "password_link"


@login_not_required
@never_cache
@pages
def forgotten(request):
    """Ask for a link. What is answered, and how long it takes, is the same for an address that nobody has."""
    form = ForgottenForm(request.POST or None, cancel_url=reverse("partnership:sign-in"))
    if form.is_valid():
        email = form.cleaned_data["email"]
        person = person_of(email)
        token = default_token_generator.make_token(person or User(email=email))
        key = int_to_base36(person.pk if person else 0)
        link = settings.SITE_URL + reverse("partnership:password-link", args=[key, token])
        words = {"link": link, "minutes": settings.PASSWORD_RESET_TIMEOUT // 60}
        mails.post("account_password_link", "Choose a new password", words, to=person.email if person else "")
        note(Kind.RESET_ASKED, person, request, at=timezone.now())
        return render(request, "registration/password_asked.html", {"email": email, **words})
    return render(request, "registration/password_forgotten.html", {"form": form}, status=form.status)


@login_not_required
@never_cache
@pages
def follow_link(request, key, token):
    """The link of the mail. Opening it uses nothing up: it is kept in the session, out of the address."""
    if person_of_link(key, token) is None:
        return over(request)
    request.session[IN_SESSION] = [key, token]
    return redirect("partnership:password-choose")


def over(request):
    return render(request, "registration/password_link_over.html", status=404)


@login_not_required
@never_cache
@sensitive_post_parameters()
@pages
def choose(request):
    """Choose a new password by the link that was followed. The second step stays, and one signs in afterwards."""
    key, token = request.session.get(IN_SESSION, ("", ""))
    person = person_of_link(key, token, locks=request.method == "POST")
    if person is None:
        return over(request)
    form = NewPasswordForm(request.POST or None, person=person)
    if form.is_valid():
        save_password(person, form.cleaned_data["password"], request)
        del request.session[IN_SESSION]
        messages.success(request, "Your password is saved. Sign in with it")
        return redirect("partnership:sign-in")
    return render(request, "registration/password_choose.html", {"form": form, "person": person}, status=form.status)


def person_of_link(key, token, *, locks=False):
    """Whose link this is, or None: it is used, too old, or somebody's who is switched off."""
    people = User.objects.select_for_update() if locks else User.objects
    try:
        person = people.filter(pk=base36_to_int(key), is_active=True).first()
    except (ValueError, OverflowError):
        return None
    return person if person and default_token_generator.check_token(person, token) else None


@asks_again
@sensitive_post_parameters()
@pages
def change(request):
    """Choose another password. All other sessions end."""
    person = request.user
    form = ChangePasswordForm(request.POST or None, person=person, cancel_url=reverse("partnership:second-step"))
    if form.is_valid():
        save_password(person, form.cleaned_data["password"], request)
        update_session_auth_hash(request, person)
        messages.success(request, "Your password is changed. Wherever else you were signed in, you are no more")
        return redirect("partnership:second-step")
    return render(request, "registration/password_change.html", {"form": form}, status=form.status)


def save_password(person, password, request):
    """Keep it, say so by mail and write it down. Sessions begun with another one end by that."""
    person.set_password(password)
    person.save(update_fields=["password"])
    end_sessions([person.pk], but=request.session.session_key)
    note(Kind.PASSWORD_CHANGED, person, request, at=timezone.now())
    mails.post("account_password_changed", "Your password was changed", {"person": person}, to=person.email)


patterns = [
    path("password/forgotten/", forgotten, name="password-forgotten"),
    path("password/link/<str:key>/<str:token>/", follow_link, name="password-link"),
    path("password/choose/", choose, name="password-choose"),
    path("password/change/", change, name="password-change"),
]
