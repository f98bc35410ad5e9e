"""What is answered when something can't be: fixed pages that ask nothing of the database.

Every page is rendered without the request, so that two refusals can't differ by a byte, and so
that they come out when the database or the list of static files is away.
"""

from django.http import (
    HttpResponseBadRequest,
    HttpResponseForbidden,
    HttpResponseNotFound,
    HttpResponseServerError,
)
from django.template import loader


def bad_request(request, exception=None):
    return HttpResponseBadRequest(page("400.html"))


def forbidden(request, exception=None):
    return HttpResponseForbidden(page("403.html"))


def not_found(request, exception=None):
    """The same bytes whether the record is absent or hidden from this person."""
    return HttpResponseNotFound(page("404.html"))


def server_error(request):
    return HttpResponseServerError(page("500.html"))


def csrf_failure(request, reason=""):
    return HttpResponseForbidden(page("403_csrf.html"))


def page(template):
    return loader.get_template(template).render()
