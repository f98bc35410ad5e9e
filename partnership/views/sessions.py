"""One's own account: who one is here, where one is signed in, and what was typed before a session ended."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.accounts.browsers import browser_in_words
from partnership.accounts.events import Kind, note
from partnership.accounts.limits import idle_seconds
from partnership.accounts.sessions import end_rows, sessions_of
from partnership.accounts.typed_before import TYPED, typed_by
from partnership.models import AccountEvent

SESSIONS = "partnership:session-list"
LATEST_EVENTS = 10
LONGEST_SHOWN = 2000


@require_safe
def account(request):
    """Name and address, how one signs in, and the last that happened."""
    now = timezone.now()
    user = request.user
    events = AccountEvent.objects.filter(user=user).select_related("by")[:LATEST_EVENTS]
    context = {
        "crumbs": [("Your account", None)],
        "steps": Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).count(),
        "session_count": sessions_of(user, at=now).count(),
        "events": [(event, browser_in_words(event.browser)) for event in events],
        "typed": typed_by(request, at=now),
        "has_password": user.has_usable_password(),
    }
    return render(request, "partnership/account.html", context)


@require_safe
def session_list(request):
    rows = sessions_of(request.user, at=timezone.now())
    limits = settings.SESSION_LIMITS
    context = {
        "sessions": [
            {
                "record": row,
                "browser": browser_in_words(row.user_agent),
                "is_this_one": row.session_key == request.session.session_key,
            }
            for row in rows
        ],
        "idle_minutes": idle_seconds(request.user) // 60 if limits else None,
        "whole_hours": limits["whole"] // 3600 if limits else None,
        "crumbs": [("Your account", reverse("partnership:account")), ("Where you are signed in", None)],
    }
    context["others"] = sum(not session["is_this_one"] for session in context["sessions"])
    return render(request, "partnership/session_list.html", context)


@require_POST
def end_session(request, pk):
    """One's own alone: whoever else administers them ends all of a person's."""
    row = get_object_or_404(sessions_of(request.user, at=timezone.now()), pk=pk)
    if row.session_key == request.session.session_key:
        messages.info(request, "That is the one you are using: sign out to end it")
        return redirect(SESSIONS)
    end_rows(UserSession.objects.filter(pk=row.pk))
    note(Kind.SESSION_ENDED, request.user, request, detail=browser_in_words(row.user_agent))
    messages.success(request, "Ended. Whoever used it has to sign in again")
    return redirect(SESSIONS)


@require_POST
def end_other_sessions(request):
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    if end_rows(others):
        note(Kind.SESSION_ENDED, request.user, request, detail="All but the one in use")
    messages.success(request, "You are signed in here and nowhere else")
    return redirect(SESSIONS)


@require_POST
def stay(request):
    """Asked by a page whose reader wants to stay signed in: the request itself is all that is needed."""
    return HttpResponse(status=204)


@require_http_methods(["GET", "HEAD", "POST"])
def typed_before(request):
    """What was sent too late, to be sent again or thrown away."""
    typed = typed_by(request, at=timezone.now())
    if request.method == "POST":
        request.session.pop(TYPED, None)
        messages.success(request, "Thrown away")
        return redirect(settings.LOGIN_REDIRECT_URL)
    words = [(label_of(name), value[:LONGEST_SHOWN]) for name, value in typed["answers"]] if typed else []
    context = {
        "typed": typed,
        "words": [(label, value) for label, value in words if is_readable(value)],
        "crumbs": [("What you typed before", None)],
    }
    return render(request, "partnership/typed_before.html", context)


def label_of(name):
    return name.rpartition("-")[2].replace("_", " ").capitalize()


def is_readable(value):
    """Words of a person, not what a page had hidden for itself."""
    longest = max((len(word) for word in value.split()), default=0)
    return 0 < longest < 60


patterns = [
    path("account/", account, name="account"),
    path("account/sessions/", session_list, name="session-list"),
    path("account/sessions/<int:pk>/end/", end_session, name="session-end"),
    path("account/sessions/end-others/", end_other_sessions, name="session-end-others"),
    path("account/stay/", stay, name="account-stay"),
    path("account/typed-before/", typed_before, name="typed-before"),
]
