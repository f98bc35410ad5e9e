"""Proving again who one is, before something sensitive: with the password, a code or a passkey."""

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as ByCode
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.urls import path

from partnership.accounts.forms import AgainByCodeForm, AgainByPasskeyForm, AgainByPasswordForm
from partnership.accounts.second_step import without_second_step
from partnership.views.accounts import Answering


class ProveByPassword(Answering, ReauthenticateView):
    form_class = AgainByPasswordForm
    template_name = "registration/prove_again.html"


class ProveByCode(Answering, ByCode):
    form_class = AgainByCodeForm
    template_name = "registration/prove_again.html"


class ProveByPasskey(Answering, ReauthenticateWebAuthnView):
    form_class = AgainByPasskeyForm
    template_name = "registration/prove_by_passkey.html"

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"form": kwargs.get("form") or self.get_form()}


allauth_patterns = [
    path("account/prove/", without_second_step(ProveByPassword.as_view()), name="account_reauthenticate"),
    path("account/prove/code/", without_second_step(ProveByCode.as_view()), name="mfa_reauthenticate"),
    path("account/prove/passkey/", without_second_step(ProveByPasskey.as_view()), name="mfa_reauthenticate_webauthn"),
]
