"""When a session ends by itself: after a while without a request, sooner for those who may read cases, and after a day.

When somebody was last here stands in a signed cookie of the session's own, so that no request writes to the
database for it. Whoever copies a session without that cookie has the time since it began and no more.
"""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.core import signing
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from partnership.accounts.events import note
from partnership.accounts.typed_before import TYPED, what_was_typed
from partnership.models import AccountEvent

BEGAN = "began_at"
SALT = "partnership.accounts.limits"
RENEWED_AFTER = 60  # seconds: a cookie younger than this is not sent again
TOLD = "You were signed out because nothing was done here for a while. Sign in again to go on"
TOLD_AND_KEPT = (
    "You were signed out because nothing was done here for a while. What you typed is kept: sign in again to save it"
)


def idle_seconds(user):
    """How long this person's session lasts without a request."""
    limits = settings.SESSION_LIMITS
    return limits["idle_with_cases"] if user.standing.case_group_ids else limits["idle"]


class SessionLimits:
    """End a session whose time is over, and note in a cookie that its owner was here."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.SESSION_LIMITS is None or not request.user.is_authenticated:
            return self.get_response(request)
        now = timezone.now().timestamp()
        began, seen = request.session.get(BEGAN, 0), seen_at(request)
        if now - began > settings.SESSION_LIMITS["whole"] or now - max(began, seen) > idle_seconds(request.user):
            return timed_out(request)
        response = self.get_response(request)
        if now - seen > RENEWED_AFTER and request.session.session_key:
            keep_seen(request, response, now)
        return response


def timed_out(request):
    """End it and ask to sign in again: then comes the page that was wanted, or what was typed."""
    note(AccountEvent.Kind.TIMED_OUT, request.user, request)
    typed = what_was_typed(request)
    logout(request)
    if typed:
        request.session[TYPED] = typed
    messages.info(request, TOLD_AND_KEPT if typed else TOLD)
    going = {}
    if request.method in {"GET", "HEAD"}:
        going = {REDIRECT_FIELD_NAME: request.get_full_path()}
    elif typed:
        going = {REDIRECT_FIELD_NAME: reverse("partnership:typed-before")}
    return redirect(f"{reverse('partnership:sign-in')}?{urlencode(going)}")


def seen_at(request):
    """The time in the cookie; 0 where there is none, or it is another session's."""
    try:
        key, at = signing.loads(request.COOKIES.get(settings.SEEN_COOKIE, ""), salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return 0
    return at if key == request.session.session_key else 0


def keep_seen(request, response, now):
    # The key stands in the session's own cookie beside this one, so this one gives nothing away.
    response.set_cookie(
        settings.SEEN_COOKIE,
        signing.dumps([request.session.session_key, now], salt=SALT),
        httponly=True,
        secure=settings.IS_PRODUCTION,
        samesite="Lax",
    )
