"""A second step beside the password: a passkey, or a code from an app. Which partnerships ask whom for one.

A partnership says which of its roles need it (``Partnership.second_step_roles``: all, unless its office chose
otherwise); who holds posts in several needs it as soon as one asks. How a session began is written in the session by
allauth, and what follows from posts is read on each request, so no page asks the database any more for this.
"""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

EXEMPT = "is_without_second_step"


def without_second_step(view):
    """Mark a view as one that must be reached to set the second step up, or to sign out."""
    setattr(view, EXEMPT, True)
    return view


def is_needed(user):
    """Whether this person may come in with a second step only."""
    if user.is_administrator and settings.ADMINISTRATORS_NEED_SECOND_STEP:
        return True
    return bool(user.standing.second_step_ids)


def is_taken(request):
    """Whether this session was begun with one: a passkey, a code, or by an organisation that asks for its own."""
    return is_with_second_step(get_authentication_records(request, request.user))


def is_with_second_step(records):
    """Whether one of the ways by which somebody came in (allauth's records of them) was more than a password."""
    return any(record["method"] == "mfa" or record.get("second_step") for record in records)


def steps_of(user):
    """The passkeys and the app of this person: recovery codes alone are no second step."""
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)


class StageOfSecondStep(AuthenticateStage):
    """Between the password and being in. Whose organisation has asked for a second step is not asked twice."""

    def handle(self):
        records = get_authentication_records(self.request, self.login.user)
        return (None, True) if is_with_second_step(records) else super().handle()


class SecondStep:
    """Whoever needs a second step and came in without sets one up before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if getattr(view, EXEMPT, False):
            return None
        if is_taken(request) or not is_needed(request.user):
            return None
        going = {REDIRECT_FIELD_NAME: request.get_full_path()} if request.method == "GET" else {}
        return redirect(f"{reverse('partnership:second-step')}?{urlencode(going)}")
