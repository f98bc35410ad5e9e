"""What every request passes through, beside Django's own."""

import logging
from urllib.parse import quote

import pghistory
from django.http import HttpResponseBadRequest, HttpResponseNotAllowed
from django.template import loader
from django.utils.cache import patch_cache_control

from partnership.logs import masked
from partnership.request_ids import current

logger = logging.getLogger(__name__)
REFUSALS = {403, 404, 405}


class PlainRequests:
    """Answer 400 once for all views to what no browser sends: NUL and lone surrogates in the query."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        words = [request.path, *request.GET.keys(), *request.GET.values()]
        if any(not is_plain(word) for word in words):
            return HttpResponseBadRequest(loader.get_template("400.html").render())
        return self.get_response(request)


def is_plain(text):
    """Whether PostgreSQL could store ``text``: no NUL, and encodable as UTF-8."""
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class OwnOrigin:
    """Nothing of ours is shown inside another site, and no page of ours needs a camera; refusals say so too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


class FewMethods:
    """Refuse what no page of ours takes before anything is looked up; Django's views of forms would take PUT too."""

    METHODS = ("GET", "HEAD", "POST")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in self.METHODS:
            return HttpResponseNotAllowed(self.METHODS)
        return self.get_response(request)


class HistoryContext:
    """Tell the database's history triggers who is asking, where and in which request, for each that may write.

    Without the secret of a signed address: the history is kept longer than a link, and read by more people.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return self.get_response(request)
        user = request.user.pk if request.user.is_authenticated else None
        with pghistory.context(user=user, path=masked(request.path), request=current()):
            return self.get_response(request)


class WasAnswered:
    """Innermost: note on a request that may write that its view came to an end, and what it wrote is committed.

    Whatever fails on the way out, such as the session that cannot be saved, then undoes none of it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        request.was_answered = request.method == "POST" and response.status_code < 500
        return response


class PrivatePages:
    """What a signed-in person sees is kept by no cache, a proxy's or the browser's; what is refused them is logged."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
            if response.status_code in REFUSALS:
                # The path is quoted as it was sent: nothing in it begins another line.
                path = quote(request.path)
                logger.warning("%s to person %s: %s %s", response.status_code, request.user.pk, request.method, path)
        return response
