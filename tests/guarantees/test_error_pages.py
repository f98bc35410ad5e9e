"""T23: the error pages come out with nothing behind them, say what to do, and give nothing away."""

import errno
import json
import mimetypes
import os
import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as ours
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, DataError, InterfaceError, OperationalError, connection
from django.http import Http404
from django.template import loader
from django.test import Client, RequestFactory
from django.urls import reverse

from partnership.views import errors
from tests.guarantees.figures import record

PAGES = ["400", "403", "403_csrf", "404", "409", "413", "429", "500", "503", "behind", "nobody"]
NOT_SAVED = b"it was not saved"
AWAY = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"


@pytest.fixture
def nothing_behind(settings, monkeypatch):
    """No database and no list of static files; production's debug switch."""
    settings.DEBUG = False
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": AWAY}}

    def away(*args, **kwargs):
        raise AssertionError("an error page asked the database")

    monkeypatch.setattr(connection, "cursor", away)


@pytest.mark.parametrize("name", PAGES)
def test_error_pages_need_no_database_and_no_static_files(nothing_behind, name):
    page = loader.get_template(f"{name}.html").render()
    assert [part in page for part in ("<h1", 'href="/"', "lang=", "Traceback", "/work/", "site-packages")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (lambda request: errors.bad_request(request, BadRequest("why")), 400),
        (lambda request: errors.bad_request(request, RequestDataTooBig("why")), 413),
        (lambda request: errors.forbidden(request, PermissionDenied("why")), 403),
        (lambda request: errors.csrf_failure(request, reason="why"), 403),
        (lambda request: errors.not_found(request, Http404("why")), 404),
        (errors.server_error, 500),
    ],
)
def test_handlers_answer_with_their_own_status_and_without_the_reason(nothing_behind, view, status):
    response = view(RequestFactory().get("/"))
    assert (response.status_code, b"why" in response.content) == (status, False)


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused_in_plain_words(client):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/sign-in/", {"username": "a@example.org", "password": "b"})
    assert (response.status_code, b"nothing was saved" in response.content) == (403, True)


@pytest.mark.parametrize(("query", "status"), [("?q=a", 200), ("?q=%00", 400), ("?%00=a", 400)])
def test_what_no_browser_sends_is_refused_before_any_page_sees_it(client, db, query, status):
    assert client.get(f"/help/{query}").status_code == status


@pytest.mark.django_db
def test_absent_addresses_answer_alike(client, office):
    client.force_login(office)
    missing = [client.get(path) for path in ("/nowhere/", "/reviews/00000000-0000-0000-0000-000000000000/")]
    assert [response.status_code for response in missing] == [404, 404]
    assert missing[0].content == missing[1].content


@pytest.mark.django_db
def test_a_text_that_is_too_long_is_refused_with_its_own_page(client):
    response = client.post("/sign-in/", {"login": "a" * (ours.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
    assert (response.status_code, b"too much at once" in response.content) == (413, True)


# The database away


@pytest.mark.parametrize(
    ("trouble", "status"),
    [(OperationalError, 503), (InterfaceError, 503), (DatabaseError, 503), (DataError, 500), (ValueError, 500)],
)
def test_a_database_that_is_away_is_no_fault_of_the_page(nothing_behind, trouble, status):
    try:
        raise trouble("why")
    except trouble:
        response = errors.server_error(RequestFactory().get("/"))
    assert (response.status_code, response.headers.get("Retry-After")) == (status, "60" if status == 503 else None)


@pytest.mark.parametrize(("number", "status"), [(errno.ENOSPC, 503), (errno.EDQUOT, 503), (errno.EACCES, 500)])
def test_a_disk_without_room_is_no_fault_of_the_page(nothing_behind, number, status):
    try:
        raise OSError(number, "why")
    except OSError:
        response = errors.server_error(RequestFactory().post("/"))
    assert (response.status_code, NOT_SAVED in response.content) == (status, status == 503)


@pytest.mark.parametrize(
    ("falls_at", "words"), [("commit", "it may have been saved or not"), ("save", "it was not saved")]
)
def test_where_it_fell_while_committing_nobody_is_told_that_nothing_was_saved(monkeypatch, falls_at, words):
    def fall(*args):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(connection, "_commit", fall)
    try:
        connection.commit() if falls_at == "commit" else fall()
    except OperationalError:
        response = errors.server_error(RequestFactory().post("/"))
    assert words in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("falls_at", "words"),
    [
        ("partnership.middleware.patch_cache_control", "it may have been saved or not"),
        ("partnership.views.closures.get_permitted", "it was not saved"),
    ],
)
def test_where_it_fell_after_the_view_nobody_is_told_that_nothing_was_saved(
    office, partnership, monkeypatch, falls_at, words
):
    """As when the session can no longer be kept: what the view wrote was committed before."""

    def fall(*args, **kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    client = Client(raise_request_exception=False)
    client.force_login(office)
    monkeypatch.setattr(falls_at, fall)
    response = client.post(reverse("partnership:closure-add", args=[partnership.pk]), {})
    assert (response.status_code, words in response.content.decode()) == (503, True)


ASK = """
import json, sys
import django
django.setup()
from django.conf import settings
from django.test import Client
client = Client(raise_request_exception=False)
host = {"host": "planner.example.org"}
asked = [(client.get, "/help/"), (client.get, "/p/av/"), (client.post, "/sign-in/"), (client.get, "/nowhere/")]
asked += [(client.get, "/?q=%00")]
answers = [ask(path, secure=True, headers=host) for ask, path in asked]
json.dump([[each.status_code, each.content.decode(), dict(each.items())] for each in answers], sys.stdout)
"""


def test_production_answers_plainly_with_no_database_no_redis_and_no_manifest(tmp_path):
    """A process of its own, with production's settings, and nothing of what they name."""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "partnership.settings",
        "MODE": "production",
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
        "SITE_URL": "https://planner.example.org",
        "DATABASE_URL": "postgres://planner@127.0.0.1:9/planner",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "DATA_DIR": str(tmp_path),
        "STATIC_ROOT": str(tmp_path / "static"),
    }
    asked = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK], cwd=ours.BASE_DIR, env=environment, capture_output=True, text=True
    )
    answers = json.loads(asked.stdout)
    assert [status for status, _page, _headers in answers] == [503, 503, 503, 404, 400]
    for status, page, headers in answers:
        assert ("<h1" in page, "Traceback" in page, str(ours.BASE_DIR) in page) == (True, False, False)
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], status
    assert "it was not saved" in answers[0][1]


# Who reads them


def show(page, name, width):
    """Open one error page in the browser, with its style and nothing else behind it."""

    def answer(route):
        path = route.request.url.removeprefix("http://planner.test")
        if path == "/":
            return route.fulfill(body=loader.get_template(f"{name}.html").render(), content_type="text/html")
        file = Path(ours.BASE_DIR, path.lstrip("/"))
        return route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0])

    page.set_viewport_size({"width": width, "height": 844})
    page.route("**/*", answer)
    page.goto("http://planner.test/")


AXE = """() => axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
    .then(({violations}) => violations.map(each => each.id))"""
IS_WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_error_pages_are_for_everyone(page, width):
    found = {}
    for name in PAGES:
        show(page, name, width)
        page.evaluate(Axe().axe_script)
        found[name] = [*page.evaluate(AXE), *(["too wide"] if page.evaluate(IS_WIDER) else [])]
    assert {name: faults for name, faults in found.items() if faults} == {}
    record("T23", f"{len(PAGES)} error pages with nothing behind them: 0 violations of WCAG 2.2 AA (axe), 0 traces")


@pytest.mark.browser
def test_a_page_that_is_not_for_everyone_is_found(page):
    """The control."""
    page.set_content("<html><body><img src='x'><h3>Words</h3></body></html>")
    page.evaluate(Axe().axe_script)
    assert "image-alt" in page.evaluate(AXE)
