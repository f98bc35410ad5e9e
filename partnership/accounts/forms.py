"""The forms of signing in and of passwords."""

from allauth.account.forms import ConfirmLoginCodeForm, LoginForm, ReauthenticateForm, RequestLoginCodeForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError

from partnership.accounts.adapters import TOO_MANY, person_of
from partnership.forms import PlannerForm, PlannerFormMixin
from partnership.throttling import count_one

LONGEST_PASSWORD = 128  # characters
MAILS_IN_TEN_MINUTES = 3  # codes or links to one address
TOO_MANY_STATUS = 429


class PasswordInput(forms.PasswordInput):
    """A box for a password with GOV.UK's button that shows it. What was typed is not sent back."""

    template_name = "planner/password.html"

    def __init__(self, autocomplete):
        classes = "govuk-password-input__input govuk-js-password-input-input"
        super().__init__(
            {"autocomplete": autocomplete, "spellcheck": "false", "autocapitalize": "none", "class": classes}
        )


class PasswordField(forms.CharField):
    def __init__(self, *, autocomplete="current-password", **kwargs):
        kwargs.setdefault("label", "Password")
        super().__init__(max_length=LONGEST_PASSWORD, strip=False, widget=PasswordInput(autocomplete), **kwargs)


class NewPasswordField(PasswordField):
    """A password to be. ``person``, set by the form, is whom it must not be like."""

    person = None

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "New password")
        kwargs.setdefault(
            "help_text",
            "At least 12 characters. Three words that have nothing to do with one another make a good one, "
            "for example of three things that you can see",
        )
        super().__init__(autocomplete="new-password", **kwargs)

    def validate(self, value):
        super().validate(value)
        if value:
            validate_password(value, self.person)


def address_field():
    return forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={"required": "Enter your e-mail address"},
    )


def code_box():
    return forms.TextInput(
        {"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "characters", "class": "code-box"}
    )


class OfAccounts(PlannerFormMixin):
    """A form that allauth reads: too many tries are answered as such."""

    @property
    def status(self):
        is_too_many = any(TOO_MANY in str(words) for words in self.errors.values())
        return TOO_MANY_STATUS if is_too_many else super().status


class SignInForm(OfAccounts, LoginForm):
    """One answer for a wrong password, an unknown address and an account that is switched off."""

    submit_label = "Sign in"
    password = PasswordField(error_messages={"required": "Enter your password"})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail address"
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs |= {"autocomplete": "username webauthn", "spellcheck": "false"}
        self.fields["login"].error_messages["required"] = "Enter your e-mail address"


class CodeRequestForm(OfAccounts, RequestLoginCodeForm):
    """Asks for a code by mail. Whether there is such an account is not said."""

    submit_label = "Send me a code"
    email = address_field()

    def clean_email(self):
        email = self.cleaned_data["email"]
        if is_mailed_too_often(email):
            raise ValidationError(TOO_MANY)
        self._user = person_of(email)
        return email


class CodeForm(OfAccounts, ConfirmLoginCodeForm):
    submit_label = "Sign in"
    code = forms.CharField(label="Code", max_length=40, widget=code_box())


class OnceOnly:
    """A code of an app counts once: longer than allauth remembers it, for as long as its clock would take it."""

    def clean_code(self):
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            seconds = 30 * (2 * settings.MFA_TOTP_TOLERANCE + 2)
            if not cache.add(f"code-used:{self.user.pk}:{code.strip()}", True, seconds):
                raise ValidationError("That code is used. Wait for the next one")
        return code


class SecondStepForm(OfAccounts, OnceOnly, AuthenticateForm):
    submit_label = "Go on"
    code = forms.CharField(
        label="Code from your app, or a recovery code",
        max_length=40,
        widget=code_box(),
        error_messages={"required": "Enter the six figures that your app shows now, or one of your recovery codes"},
    )


NO_PASSKEY = "That was no passkey that is known here. Try again, or use another way"
BROKEN = (AttributeError, KeyError, TypeError, ValueError)  # what the readers of passkeys raise for what is none


class OfPasskeys(OfAccounts):
    """What a passkey signed."""

    def clean_credential(self):
        try:
            return super().clean_credential()
        except BROKEN as trouble:
            raise ValidationError(NO_PASSKEY) from trouble


class PasskeyForm(OfPasskeys, AuthenticateWebAuthnForm):
    pass


class AgainByPasskeyForm(OfPasskeys, ReauthenticateWebAuthnForm):
    pass


class SignInByPasskeyForm(OfPasskeys, LoginWebAuthnForm):
    pass


class AgainByCodeForm(OfAccounts, OnceOnly, CodeAgainForm):
    submit_label = "Go on"
    code = SecondStepForm.base_fields["code"]


class AgainByPasswordForm(OfAccounts, ReauthenticateForm):
    submit_label = "Go on"
    password = PasswordField(error_messages={"required": "Enter your password"})


class AppForm(OfAccounts, ActivateTOTPForm):
    submit_label = "Set it up"
    code = forms.CharField(
        label="Code that the app shows now",
        help_text="Six figures",
        max_length=20,
        widget=code_box(),
        error_messages={"required": "Enter the six figures that the app shows now"},
    )


class ForgottenForm(OfAccounts, forms.Form):
    """Asks for a link to choose a new password."""

    submit_label = "Send me a link"
    email = address_field()

    def clean_email(self):
        email = self.cleaned_data["email"]
        if is_mailed_too_often(email):
            raise ValidationError(TOO_MANY)
        return email


class NewPasswordForm(PlannerForm):
    """A new password for ``person``, who came by a link that was sent to them."""

    submit_label = "Save the password"
    password = NewPasswordField()

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["password"].person = person


class ChangePasswordForm(NewPasswordForm):
    """The password now, where there is one, and a new one."""

    now = PasswordField(label="Password now")
    field_order = ["now", "password"]

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, person=person, **kwargs)
        if not person.has_usable_password():
            del self.fields["now"]

    def clean_now(self):
        now = self.cleaned_data["now"]
        if not self.person.check_password(now):
            raise ValidationError("Enter the password that you sign in with now")
        return now


def is_mailed_too_often(email):
    """Whether codes and links were sent to this address too often, whoever asked for them."""
    return count_one(f"account-mail:{email.strip().casefold()}") > MAILS_IN_TEN_MINUTES
