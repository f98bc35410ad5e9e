"""Signing in and out: with a password, a code by mail, and a second step."""

from allauth.account.internal.stagekit import clear_login, unstash_login
from allauth.account.views import ConfirmLoginCodeView, LoginView, RequestLoginCodeView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from partnership.accounts import mails
from partnership.accounts.adapters import MAILS
from partnership.accounts.events import Kind, note
from partnership.accounts.forms import CodeForm, CodeRequestForm, PasskeyForm, SecondStepForm, SignInForm
from partnership.demo_accounts import DEMO_ACCOUNTS
from partnership.models import User


class Answering:
    """A page of allauth's with a form of ours: it is answered by what the form comes to."""

    def render_to_response(self, context, **kwargs):
        form = context.get("form")
        return super().render_to_response(context, status=getattr(form, "status", 200), **kwargs)


class SignIn(Answering, LoginView):
    """E-mail address and password. Somebody already signed in is sent on."""

    form_class = SignInForm
    template_name = "registration/sign_in.html"

    def _redirect_to_pending_stage(self, request, stage):
        """Who is half in may begin again."""
        return

    def get_context_data(self, **kwargs):
        accounts = () if settings.IS_PRODUCTION else DEMO_ACCOUNTS
        return super().get_context_data(
            demo_accounts=accounts, going=self.get_next_url(), organisations=settings.ORGANISATIONS_SIGN_IN, **kwargs
        )


class RequestCode(Answering, RequestLoginCodeView):
    """Have a code sent by mail. It says the same of an address that nobody has."""

    form_class = CodeRequestForm
    template_name = "registration/code_request.html"

    def form_valid(self, form):
        """The same work is done for an address that nobody has: a mail is written, and sent to nobody."""
        response = super().form_valid(form)
        if form._user is None:
            mails.post("account_code", *MAILS["account/email/login_code"][1:], {"code": ""}, to="")
        note(Kind.CODE_SENT, form._user, self.request)
        return response

    def _redirect_to_pending_stage(self, request, stage):
        return None


class ConfirmCode(Answering, ConfirmLoginCodeView):
    """The code that was sent, in the browser that asked for it, once, for ten minutes."""

    form_class = CodeForm
    template_name = "registration/code.html"


class SecondStepOfSignIn(AuthenticateView):
    """After the password: a passkey, a code from an app, or a recovery code."""

    form_class = SecondStepForm
    webauthn_form_class = PasskeyForm
    template_name = "registration/second_step.html"

    def get_context_data(self, **kwargs):
        types = set(Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True))
        return super().get_context_data(**kwargs) | {
            "has_passkey": Authenticator.Type.WEBAUTHN in types,
            "has_code": bool(types - {Authenticator.Type.WEBAUTHN}),
            "has_app": Authenticator.Type.TOTP in types,
        }

    def render_to_response(self, context, **kwargs):
        status = self.form.status if self.form else 200
        return TemplateView.render_to_response(self, context, status=status, **kwargs)


@login_not_required
@require_POST
def begin_again(request):
    """Leave the half of signing in that is done, and go back to its first page."""
    if unstash_login(request, peek=True):
        clear_login(request)
    return redirect("partnership:sign-in")


@login_not_required
@require_POST
def sign_out(request):
    """End the session, and have the browser forget the pages it kept and what was typed and not saved."""
    if request.user.is_authenticated:
        note(Kind.SIGNED_OUT, request.user, request)
    logout(request)
    response = redirect("partnership:home")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@login_not_required
@require_POST
def demo_sign_in(request):
    """Sign in as one of the demo's ready accounts by one press. Production has no such address."""
    email = request.POST.get("email", "")
    if settings.IS_PRODUCTION or email not in {account.email for account in DEMO_ACCOUNTS}:
        raise Http404
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        raise Http404
    login(request, user)
    return redirect(settings.LOGIN_REDIRECT_URL)


sign_in = SignIn.as_view()
patterns = [
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-in/again/", begin_again, name="sign-in-again"),
    path("sign-out/", sign_out, name="sign-out"),
]
# Under the names by which allauth asks for them.
allauth_patterns = [
    path("sign-in/", sign_in, name="account_login"),
    path("sign-in/code/", RequestCode.as_view(), name="account_request_login_code"),
    path("sign-in/code/confirm/", ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("sign-in/second-step/", SecondStepOfSignIn.as_view(), name="mfa_authenticate"),
]
