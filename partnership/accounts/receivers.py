"""What follows from what Django and allauth say has happened: sessions begin and end, and it is written down.

They pass a request, or None where there was none.
"""

from allauth.account import signals
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa_signals
from django.contrib.auth import signals as django_signals

from partnership.accounts.events import Kind, note
from partnership.accounts.sessions import begin, end_the_others, forget
from partnership.models import User

WAYS = {
    "password": "with a password",
    "code": "with a code by mail",
    "mfa": "with a second step",
    "socialaccount": "by their organisation",
}


def signed_in(sender, request, user, **kwargs):
    ways = [WAYS.get(record["method"], record["method"]) for record in get_authentication_records(request, user)]
    note(Kind.SIGNED_IN, user, request, detail=", ".join(ways))


def failed(sender, credentials, request=None, **kwargs):
    """A wrong password. The address is looked for whether or not anybody has it."""
    email = credentials.get("email") or credentials.get("username") or ""
    person = User.objects.filter(email__iexact=email.strip()).first()
    note(Kind.SIGN_IN_FAILED, person, request, detail="password")


def failed_second_step(sender, request, user, reauthentication=False, **kwargs):
    note(Kind.SIGN_IN_FAILED, user, request, detail="second step")


def failed_code(sender, request, user, **kwargs):
    note(Kind.SIGN_IN_FAILED, user, request, detail="code by mail")


def step_added(sender, request, user, authenticator, **kwargs):
    note(Kind.STEP_ADDED, user, request, detail=NAMES[authenticator.type])


def step_removed(sender, request, user, authenticator, **kwargs):
    note(Kind.STEP_REMOVED, authenticator.user, request, by=user, detail=NAMES[authenticator.type])


def codes_replaced(sender, request, user, **kwargs):
    note(Kind.STEP_ADDED, user, request, detail="new recovery codes")


def proved_again(sender, request, user, method, reauthenticated=False, **kwargs):
    if reauthenticated:
        note(Kind.ASKED_AGAIN, user, request, detail=WAYS.get(method, method))


NAMES = {"totp": "an app", "webauthn": "a passkey", "recovery_codes": "recovery codes"}


def connect():
    """Once all models are there, which allauth's signals need."""
    for signal, receiver in (
        (django_signals.user_logged_in, begin),
        (django_signals.user_logged_out, forget),
        (signals.password_changed, end_the_others),
        (signals.password_set, end_the_others),
        (signals.password_reset, end_the_others),
        (django_signals.user_logged_in, signed_in),
        (django_signals.user_login_failed, failed),
        (signals.authentication_step_completed, proved_again),
        (signals.login_code_rejected, failed_code),
        (mfa_signals.authentication_failed, failed_second_step),
        (mfa_signals.authenticator_added, step_added),
        (mfa_signals.authenticator_removed, step_removed),
        (mfa_signals.authenticator_reset, codes_replaced),
    ):
        signal.connect(receiver, dispatch_uid=receiver.__name__)
