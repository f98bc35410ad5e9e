"""What is answered when something can't be: fixed pages that ask nothing of the database.

Every page is rendered without the request, so that two refusals can't differ by a byte, and so
that they come out when the database or the list of static files is away. Where we are at fault, and only
there, the page gives the reference under which the log has it.
"""

import errno
import sys
import traceback

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import (
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseForbidden,
    HttpResponseNotFound,
    HttpResponseServerError,
)
from django.template import loader

from partnership.kept_bytes import FilesAway
from partnership.operations.versions import is_behind
from partnership.request_ids import reference

AWAY = (OperationalError, InterfaceError, FilesAway)  # no connection, nothing free in time, or no room on its disk
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}  # on ours
COMMIT = BaseDatabaseWrapper.commit.__wrapped__.__code__
SOON = 60  # seconds


def bad_request(request, exception=None):
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(page("413.html"), status=413)
    return HttpResponseBadRequest(page("400.html"))


def forbidden(request, exception=None):
    return HttpResponseForbidden(page("403.html"))


def not_found(request, exception=None):
    """The same bytes whether the record is absent or hidden from this person."""
    return HttpResponseNotFound(page("404.html"))


def server_error(request):
    """Where only the database is away or busy, or a disk full, say so: nothing is broken, and nothing was saved.

    But where it went away while it was to commit, or after that, nobody knows whether it did. And where it lacks
    tables of this version, whoever runs it is told which word is missing.
    """
    fault = request.fault = sys.exc_info()[1]
    if is_behind(fault):
        return HttpResponse(page("behind.html", reference()), status=503, headers={"Retry-After": SOON})
    if is_away(fault):
        is_doubtful = is_of_commit(fault) or getattr(request, "was_answered", False)
        template = "nobody.html" if is_doubtful else "503.html"
        return HttpResponse(page(template, reference()), status=503, headers={"Retry-After": SOON})
    return HttpResponseServerError(page("500.html", reference()))


def is_away(fault):
    """A bare DatabaseError is one to which PostgreSQL gave no code: it was gone."""
    is_full = isinstance(fault, OSError) and fault.errno in NO_ROOM
    return is_full or isinstance(fault, AWAY) or type(fault) is DatabaseError


def is_of_commit(fault):
    return any(frame.f_code is COMMIT for frame, _line in traceback.walk_tb(fault.__traceback__))


def csrf_failure(request, reason=""):
    return HttpResponseForbidden(page("403_csrf.html"))


def page(template, reference=""):
    return loader.get_template(template).render({"reference": reference})
