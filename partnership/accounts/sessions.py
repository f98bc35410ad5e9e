"""Where people are signed in. Each session has its owner in a row beside it: ending them reads nobody else’s."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from partnership.accounts.limits import BEGAN
from partnership.throttling import address_of

NOWHERE = "::"  # an address to show
LONGEST_BROWSER = 200


def begin(sender, request, user, **kwargs):
    """Write when a session began, whose it is and from where (receiver of ``user_logged_in``)."""
    now = timezone.now()
    request.session[BEGAN] = now.timestamp()
    if not request.session.session_key:
        request.session.save()
    UserSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "ip": address_of(request) or NOWHERE,
            "user_agent": request.META.get("HTTP_USER_AGENT", "")[:LONGEST_BROWSER],
            "created_at": now,
        },
    )


def forget(sender, request, user, **kwargs):
    """Signed out: the session is gone, so is the row (receiver of ``user_logged_out``)."""
    if request.session.session_key:
        UserSession.objects.filter(session_key=request.session.session_key).delete()


def end_the_others(sender, request, user, **kwargs):
    """With another password, or none any more, only this session goes on (receiver of allauth's signals)."""
    end_sessions([user.pk], but=request.session.session_key)


def sessions_of(user, *, at):
    """The newest first, but for those whose time is over."""
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    return UserSession.objects.filter(user=user, session_key__in=alive).order_by("-created_at", "-pk")


@transaction.atomic
def end_sessions(people, *, but=None):
    """Sign these people (keys) out wherever they are, at their next click; how many sessions that were.

    ``but``: the key of a session that goes on.
    """
    return end_rows(UserSession.objects.filter(user__in=people).exclude(session_key=but))


@transaction.atomic
def end_rows(rows):
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
