"""Telling faults to Sentry, or to GlitchTip and others that speak its language: only where ``SENTRY_DSN`` is set.

Nothing is taken up by itself: no request, no log line, no query, no variable. What ``keep_fault`` hands over leaves as
the kinds of the exceptions, the lines of code that they came through and the request's id; neither their words, which
may quote somebody, nor what was in the frames. The package is the extra "sentry" and may be absent.
"""

from importlib import import_module

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from partnership.request_ids import current

KEPT_OF_EVENTS = {"event_id", "timestamp", "platform", "level", "release", "environment", "exception", "tags"}
KEPT_OF_EXCEPTIONS = {"type", "module", "stacktrace", "mechanism"}
KEPT_OF_FRAMES = {"filename", "function", "module", "lineno", "pre_context", "context_line", "post_context", "in_app"}
SECONDS_AT_THE_END = 2


def connect(**otherwise):
    """Once for each process. ``otherwise`` is for tests."""
    if not settings.SENTRY_DSN:
        return
    given = {
        "dsn": settings.SENTRY_DSN,
        "release": settings.RELEASE or None,
        "environment": settings.MODE,
        "default_integrations": False,
        "auto_enabling_integrations": False,
        "include_local_variables": False,
        "send_default_pii": False,
        "max_request_body_size": "never",
        "max_breadcrumbs": 0,
        "auto_session_tracking": False,
        "send_client_reports": False,
        "server_name": "planner",
        "shutdown_timeout": SECONDS_AT_THE_END,
        "before_send": without_words,
    }
    sdk().init(**given | otherwise)


def sdk():
    try:
        return import_module("sentry_sdk")
    except ImportError as absent:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, but the package sentry-sdk is absent: install requirements-sentry.txt."
        ) from absent


def report(error, *, kind, name):
    """Hand over one exception. It leaves by a thread of its own, so nobody waits for it."""
    if settings.SENTRY_DSN and error is not None:
        with sdk().new_scope() as scope:
            scope.set_tags({"request": current() or "", "kind": kind, "name": name})
            scope.capture_exception(error)


def without_words(event, hint):
    """The event as it may leave: of chosen keys, whatever the package or its next release puts beside them."""
    kept = {key: value for key, value in event.items() if key in KEPT_OF_EVENTS}
    exceptions = (event.get("exception") or {}).get("values", [])
    kept["exception"] = {"values": [bare(each) for each in exceptions]}
    return kept


def bare(exception):
    kept = {key: value for key, value in exception.items() if key in KEPT_OF_EXCEPTIONS}
    frames = (exception.get("stacktrace") or {}).get("frames", [])
    kept["stacktrace"] = {
        "frames": [{key: value for key, value in frame.items() if key in KEPT_OF_FRAMES} for frame in frames]
    }
    return kept
