"""Signing in and out."""

from django import forms
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from partnership.demo_accounts import DEMO_ACCOUNTS
from partnership.forms import PlannerFormMixin
from partnership.models import User


class SignInForm(PlannerFormMixin, AuthenticationForm):
    """One answer for a wrong password, an unknown address and an account that is switched off."""

    submit_label = "Sign in"
    error_messages = {
        "invalid_login": "Check your e-mail address and password: together they match no account",
        "inactive": "Check your e-mail address and password: together they match no account",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        address = self.fields["username"]
        address.label = "E-mail address"
        address.widget = forms.EmailInput({"autocomplete": "username", "maxlength": 254})
        address.error_messages["required"] = "Enter your e-mail address"
        self.fields["password"].error_messages["required"] = "Enter your password"


class SignIn(LoginView):
    """E-mail address and password. Somebody already signed in is sent on."""

    form_class = SignInForm
    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True

    def get_redirect_url(self):
        """Where they were going, if that is a page of ours and not this one again."""
        wanted = super().get_redirect_url()
        ours = (reverse("partnership:sign-in"), reverse("partnership:sign-out"))
        return "" if wanted.startswith(ours) else wanted

    def get_context_data(self, **kwargs):
        accounts = () if settings.IS_PRODUCTION else DEMO_ACCOUNTS
        return super().get_context_data(demo_accounts=accounts, **kwargs)


@login_not_required
@require_POST
def sign_out(request):
    """End the session, and have the browser forget the pages it kept and what was typed and not saved."""
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
