"""Where faults are told to Sentry, nobody's words leave: not what was typed, nor who asked, nor what was in hand."""

import json
import subprocess
import sys

import pytest
import sentry_sdk
from django.conf import settings as ours
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from sentry_sdk.transport import Transport

from partnership.operations import error_reports
from partnership.request_ids import HEADER

CANARY = "Imelda-Brightwater-Okonjo"
DSN = "https://key@errors.example.org/1"


class Caught(Transport):
    """What would have left, as the bytes that would have."""

    sent = []

    def capture_envelope(self, envelope):
        self.sent.append(envelope.serialize())


def broken(request, *_arguments):
    in_hand = request.POST["words"]
    try:
        int(in_hand)
    except ValueError as cause:
        raise LookupError(in_hand) from cause


@pytest.fixture
def sent(settings):
    settings.SENTRY_DSN = DSN
    Caught.sent = []
    yield Caught.sent
    sentry_sdk.init()


@pytest.fixture
def fails(monkeypatch, office):
    """``fails()``: somebody sends a form, with a canary in all that a browser sends, to a page that fails."""

    def send():
        client = Client(raise_request_exception=False, headers={"user-agent": CANARY, "referer": f"https://{CANARY}/"})
        client.force_login(office)
        client.cookies["seen"] = CANARY
        monkeypatch.setattr(
            "django.core.handlers.base.BaseHandler._get_response", lambda _self, request: broken(request)
        )
        return client.post(f"/{CANARY}/?q={CANARY}", {"words": CANARY})

    return send


def test_what_leaves_is_where_it_broke_and_nobodys_words(sent, fails):
    error_reports.connect(transport=Caught())
    response = fails()
    [envelope] = sent
    event = json.loads(envelope.splitlines()[-1])
    kinds = [each["type"] for each in event["exception"]["values"]]
    functions = [frame["function"] for frame in event["exception"]["values"][-1]["stacktrace"]["frames"]]
    assert (response.status_code, kinds, functions[-1]) == (500, ["ValueError", "LookupError"], "broken")
    assert event["tags"]["request"] == response[HEADER]
    assert set(event) <= error_reports.KEPT_OF_EVENTS
    assert CANARY.encode() not in envelope


@pytest.mark.parametrize("otherwise", [{"before_send": None}, {"before_send": None, "include_local_variables": True}])
def test_without_the_scrubbing_it_would_say_them(sent, fails, otherwise):
    """The control."""
    error_reports.connect(transport=Caught(), **otherwise)
    fails()
    assert CANARY.encode() in b"".join(sent)


def test_it_is_off_unless_it_is_asked_for(settings, fails):
    Caught.sent = []
    settings.SENTRY_DSN = ""
    error_reports.connect(transport=Caught())
    assert (fails().status_code, Caught.sent) == (500, [])


def test_the_package_is_not_even_loaded_where_it_is_off():
    asked = "import django, sys; django.setup(); print('sentry_sdk' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", asked], cwd=ours.BASE_DIR, capture_output=True, text=True
    )
    assert done.stdout == "False\n"


def test_where_it_is_asked_for_and_absent_it_says_what_to_do(settings, monkeypatch):
    settings.SENTRY_DSN = DSN
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(ImproperlyConfigured, match="requirements-sentry.txt"):
        error_reports.connect()
