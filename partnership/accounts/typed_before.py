"""What somebody sent in the moment after their session's time was over: kept, and offered to them again.

It waits in the session that begins when they are asked to sign in, for an hour. Only the same person is shown it, and
nothing of it is done until they press: then it goes to its own page as if it had just been typed.
"""

from datetime import timedelta

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.utils import timezone

TYPED = "typed_before"
KEPT_FOR = timedelta(hours=1)
LONGEST = 500_000  # characters of all answers together: a session is one row
NEVER_KEPT = ("password", "passphrase", "code", "token")  # words in the names of fields


def what_was_typed(request):
    """What a timed-out ``request`` was to save, as a session can hold it; None where nobody typed anything.

    Requests of scripts are not kept: those pages keep words in the browser themselves.
    """
    is_of_script = request.headers.get("HX-Request") or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    if request.method != "POST" or is_of_script:
        return None
    try:
        answers = [(name, value) for name, values in request.POST.lists() for value in values if is_kept(name)]
        files = sorted(request.FILES)
    except (RequestDataTooBig, TooManyFieldsSent):
        return None
    if not any(value for _name, value in answers) or sum(len(value) for _name, value in answers) > LONGEST:
        return None
    return {
        "user": request.user.pk,
        "at": timezone.now().timestamp(),
        "path": request.get_full_path(),
        "answers": answers,
        "files": files,
    }


def is_kept(name):
    return name != "csrfmiddlewaretoken" and not any(word in name.lower() for word in NEVER_KEPT)


def typed_by(request, *, at):
    """What waits for whoever is signed in now, or None. What waits for another person, or too long, is let go."""
    typed = request.session.get(TYPED)
    if typed is None:
        return None
    if typed["user"] != request.user.pk or at.timestamp() - typed["at"] > KEPT_FOR.total_seconds():
        del request.session[TYPED]
        return None
    return typed
