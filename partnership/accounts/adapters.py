"""What this product does otherwise than django-allauth does by itself."""

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import authenticate
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from partnership.accounts import guessing, mails
from partnership.accounts.freshness import is_fresh
from partnership.models import User

NO_MATCH = "Check your e-mail address and password: together they match no account"
TOO_MANY = "There have been too many tries. Wait 10 minutes, then try again, or use a passkey if you have one"
# Of the mails that allauth sends those that are ours, each by its own name there: our text and its subject.
MAILS = {
    "account/email/login_code": ("account_code", "Your code to sign in"),
    "mfa/email/totp_activated": ("account_step_added", "A second step was set up for your account"),
    "mfa/email/webauthn_added": ("account_step_added", "A second step was set up for your account"),
    "mfa/email/totp_deactivated": ("account_step_removed", "A second step was removed from your account"),
    "mfa/email/webauthn_removed": ("account_step_removed", "A second step was removed from your account"),
    "mfa/email/recovery_codes_generated": ("account_new_codes", "You have new recovery codes"),
}

WAYS = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code from your app, or a recovery code",
    "mfa_reauthenticate:webauthn": "Use your passkey",
}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: an office invites. Mails, words and what counts as too often are ours."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": NO_MATCH,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "incorrect_code": "Check the code: it is not the right one, or it is used or too old",
        "incorrect_password": "Check your password: it is not the right one",
    }

    def is_open_for_signup(self, request):
        return False

    def is_safe_url(self, url):
        """A page of ours, by its path alone, and not one of signing in or out."""
        ours = (reverse("partnership:sign-in"), reverse("partnership:sign-out"))
        return bool(
            url and url.startswith("/") and url_has_allowed_host_and_scheme(url, None) and not url.startswith(ours)
        )

    def authenticate(self, request, **credentials):
        guess = guessing.Guess(request, credentials.get("email", ""))
        if guess.is_one_too_many():
            raise self.validation_error("too_many_login_attempts")
        user = authenticate(request, **credentials)
        if user:
            guess.take_back()
        return user

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        guessing.remember(request, response, user)
        return response

    def respond_user_inactive(self, request, user):
        """They are told no more than anybody who may not come in."""
        return redirect("partnership:sign-in")

    def get_login_stages(self):
        ours = {"allauth.mfa.stages.AuthenticateStage": "partnership.accounts.second_step.StageOfSecondStep"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_reauthentication_methods(self, user):
        """One's password, second step, and the organisations by which one has come in."""
        methods = [
            method | {"description": WAYS[method["id"]]} for method in super().get_reauthentication_methods(user)
        ]
        joined = set(SocialAccount.objects.filter(user=user).values_list("provider", flat=True))
        return methods + [
            {
                "id": f"organisation:{each['id']}",
                "description": f"Use your account at {each['name']}",
                "url": reverse("partnership:organisation-prove", args=[each["id"]]),
            }
            for each in settings.ORGANISATIONS_SIGN_IN
            if each["id"] in joined
        ]

    def is_reauthentication_required(self, *, app, **kwargs):
        return not is_fresh(self.request)

    def add_message(self, request, level, message_template=None, message_context=None, extra_tags="", message=None):
        """Our views say what was done; of allauth's messages only errors are shown."""
        if message:
            super().add_message(request, level, extra_tags=extra_tags, message=message)

    def send_mail(self, template_prefix, email, context):
        template, subject = MAILS[template_prefix]
        mails.post(template, subject, {**context, "request": None}, to=email)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Always to the address that the account has now."""
        if template_prefix in MAILS:
            self.send_mail(template_prefix, user.email, {"person": user, **(context or {})})


class OrganisationAdapter(DefaultSocialAccountAdapter):
    """Accounts at people's own organisations join accounts that an office made; they make none."""

    def is_open_for_signup(self, request, sociallogin):
        return False


class SecondStepAdapter(DefaultMFAAdapter):
    """What the codes of an app are made from is kept encrypted."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Check the code: it is not the right one, or it is used or too old",
    }

    def encrypt(self, text):
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return cipher().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self):
        """A passkey is of one of our own addresses: whatever else a request calls it is refused before."""
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}


def cipher():
    """By the first of the keys, readable by each: the former ones stay in the settings while rows use them."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second step {key}".encode()).digest())) for key in keys]
    )


def person_of(email):
    """Whose address this is, or None: nobody who is switched off."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first()
