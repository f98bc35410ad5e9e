"""T23: the error pages come out with nothing behind them, say what to do, and give nothing away."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import connection
from django.http import Http404
from django.template import loader
from django.test import Client, RequestFactory

from partnership.views import errors

PAGES = ["400", "403", "403_csrf", "404", "409", "413", "429", "500", "503"]
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
