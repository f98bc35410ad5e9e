"""Passkeys: added, named, removed, and signed in with."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal import flows
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from partnership.accounts.browsers import browser_in_words
from partnership.accounts.forms import BROKEN, NO_PASSKEY, OfAccounts, SignInByPasskeyForm
from partnership.accounts.freshness import asks_again
from partnership.accounts.second_step import steps_of
from partnership.forms import PlannerForm
from partnership.views.second_step import after_adding, own_step, pages, remove_step

LONGEST_NAME = 60


class NameForm(PlannerForm):
    name = forms.CharField(
        label="What do you call it?",
        max_length=LONGEST_NAME,
        help_text="So that you know it among others, for example “My phone”",
        error_messages={"required": "Enter a name for the passkey"},
    )


class AddForm(OfAccounts, AddWebAuthnForm):
    """What the browser made, and the name that its owner gives it."""

    submit_label = "Set up a passkey"
    name = NameForm.base_fields["name"]
    credential = forms.JSONField(
        widget=forms.HiddenInput,
        error_messages={"required": "The browser made no passkey. Try again", "invalid": "Try again"},
    )
    passwordless = None

    def clean(self):
        try:
            return super().clean()
        except BROKEN as trouble:
            raise ValidationError(NO_PASSKEY) from trouble


@own_step
@asks_again
@pages
def add_passkey(request):
    """The browser makes a key that never leaves the device or its owner's key chain."""
    name = browser_in_words(request.headers.get("User-Agent", ""))
    form = AddForm(
        request.POST or None,
        user=request.user,
        initial={"name": name[:LONGEST_NAME]},
        cancel_url=reverse("partnership:second-step"),
    )
    if form.is_valid():
        step, codes = flows.add_authenticator(
            request, name=form.cleaned_data["name"], credential=form.cleaned_data["credential"]
        )
        record_authentication(request, request.user, "mfa", id=step.pk, type=step.type)
        return after_adding(request, codes, f"The passkey “{form.cleaned_data['name']}” is set up")
    options = flows.begin_registration(request, request.user, passwordless=True)
    context = {"form": form, "options": options}
    return render(request, "registration/passkey_add.html", context, status=form.status)


def own_passkey(request, pk):
    return get_object_or_404(steps_of(request.user), pk=pk, type=Authenticator.Type.WEBAUTHN)


@own_step
@asks_again
@pages
def rename_passkey(request, pk):
    step = own_passkey(request, pk)
    form = NameForm(
        request.POST or None, initial={"name": step.wrap().name}, cancel_url=reverse("partnership:second-step")
    )
    if form.is_valid():
        flows.rename_authenticator(request, step, form.cleaned_data["name"])
        return redirect("partnership:second-step")
    return render(request, "registration/passkey_rename.html", {"form": form}, status=form.status)


@own_step
@asks_again
@pages
def remove_passkey(request, pk):
    step = own_passkey(request, pk)
    return remove_step(request, step, name=f"the passkey “{step.wrap().name}”", remove=flows.remove_authenticator)


class SignInWithPasskey(LoginWebAuthnView):
    """GET gives a script what a passkey is to sign; POST signs in with what it signed."""

    form_class = SignInByPasskeyForm


patterns = [
    path("account/second-step/passkeys/add/", add_passkey, name="passkey-add"),
    path("account/second-step/passkeys/<int:pk>/name/", rename_passkey, name="passkey-rename"),
    path("account/second-step/passkeys/<int:pk>/remove/", remove_passkey, name="passkey-remove"),
]
allauth_patterns = [path("sign-in/passkey/", SignInWithPasskey.as_view(), name="mfa_login_webauthn")]
