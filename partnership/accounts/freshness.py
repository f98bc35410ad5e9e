"""Whether somebody has shown lately who they are, which sensitive acts ask for: "prove again".

Signing in counts, and proving it again does. How long it counts is ``ASK_AGAIN_AFTER`` (None: for as long as the
session, which is how tests that are not about this run).
"""

from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from partnership.accounts.limits import BEGAN


def is_fresh(request):
    """Whether this session began, or its owner proved who they are, a short while ago."""
    if settings.ASK_AGAIN_AFTER is None:
        return True
    proved = [record["at"] for record in get_authentication_records(request, request.user)]
    last = max([request.session.get(BEGAN, 0), *proved])
    return timezone.now().timestamp() - last < settings.ASK_AGAIN_AFTER


def asks_again(view):
    """Have whoever opens ``view`` prove again who they are, where that was long ago. What they typed is sent on."""

    @wraps(view)
    def asking(request, *args, **kwargs):
        if request.user.is_authenticated and not is_fresh(request):
            if not get_adapter(request).get_reauthentication_methods(request.user):
                return sign_in_again(request)
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return asking


def sign_in_again(request):
    """For who can prove nothing here, as they came by a code in a mail: they come in anew."""
    going = {REDIRECT_FIELD_NAME: request.path} if request.method == "GET" else {}
    logout(request)
    messages.info(request, "What you want to do is sensitive, and you signed in a while ago. Sign in again to go on")
    return redirect(f"{reverse('partnership:sign-in')}?{urlencode(going)}")
