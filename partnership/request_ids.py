"""One name for all that comes of one request, so that its log lines, its history and its tasks can be joined.

The proxy draws it (nginx's ``$request_id``) and hands it on, or we do. It goes back in ``X-Request-ID``, stands in
each line of the log, with each change in the history, and in the headers of each task that the request asks for;
a task that the clock asked for goes by its own. On the page that says that something went wrong its beginning is the
reference by which whoever looks finds the rest.
"""

import re
import uuid
from contextlib import contextmanager
from contextvars import ContextVar

from celery import current_task
from django.conf import settings

HEADER = "X-Request-ID"
IN_TASKS = "asked_by_request"  # among a task's headers
ASKED_AT = "asked_at"  # beside it, in seconds since 1970: how old the oldest message in the queue is
WELL_FORMED = re.compile(r"[0-9a-f]{32}")
LENGTH_OF_REFERENCE = 12  # characters that somebody can read out, of which two requests never share all

_held = ContextVar("request_id", default=None)


def current():
    """The id of the request or the task that is being worked on, or None."""
    return _held.get() or (id_of_task(current_task.request) if current_task else None)


def id_of_task(task_request):
    """What asked for the task of that Celery request, or the task itself; None where it is called as a function."""
    asked = task_request.get(IN_TASKS) or (task_request.headers or {}).get(IN_TASKS)
    return asked or (task_request.id and task_request.id.replace("-", ""))


def reference(request_id=None):
    """What a person is shown of it, as words that the log can be searched for; "" outside a request."""
    return (request_id or current() or "")[:LENGTH_OF_REFERENCE]


@contextmanager
def working_on(request_id):
    held = _held.set(request_id)
    try:
        yield
    finally:
        _held.reset(held)


def drawn():
    return uuid.uuid4().hex


def handed_on(request):
    """What the proxy in front calls this request. Where none is said to be, whoever asks could write there."""
    given = request.headers.get(HEADER, "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
    return given if WELL_FORMED.fullmatch(given) else None


class RequestIds:
    """First of all, so that refusals, redirects and static files have one too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request_id = handed_on(request) or drawn()
        with working_on(request_id):
            response = self.get_response(request)
        response.headers[HEADER] = request_id
        return response
