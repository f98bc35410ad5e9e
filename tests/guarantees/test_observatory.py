"""T15: every kind of answer scores an A+ with room to spare, by the rules of Mozilla's Observatory."""

import re
from pathlib import Path

import pytest
from django.conf import settings as ours
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.guarantees.figures import record
from tests.guarantees.headers import HEADERS, POLICY
from tests.guarantees.observatory import cookies_of, score_of

ENOUGH = 125
HSTS = "max-age=31536000; includeSubDomains; preload"


@pytest.fixture
def in_production(settings):
    """What settings.py says of headers and cookies where MODE is production, over https."""
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sid", "__Host-csrf"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.CSRF_COOKIE_HTTPONLY = True


def answers(world, client_of):
    """{what it is: an answer}, one of each kind that leaves the house."""
    public, office = client_of(None), client_of(world.people["office"])
    strict = Client(enforce_csrf_checks=True)
    slug = {"slug": world.partnership.slug}
    style = next(Path(ours.BASE_DIR, "static/build").glob("planner*.css")).name
    pages = {
        "a public page": (public, "/help/"),
        "a partnership’s page": (public, reverse("partnership:public-home", kwargs=slug)),
        "the page to sign in": (public, reverse("partnership:sign-in")),
        "a page of somebody signed in": (office, reverse("assurance:my-work")),
        "a case, or none": (office, reverse("reviews:case-detail", args=[world.case.pk])),
        "a way to sign in": (public, reverse("assurance:my-work")),
        "a bad request": (public, "/help/?q=%00"),
        "an absent page": (public, "/nowhere/"),
        "a style of a partnership": (public, reverse("partnership:house-style", kwargs=slug)),
        "a picture of a partnership": (public, reverse("partnership:public-icon", kwargs=slug)),
        "what robots read": (public, "/robots.txt"),
        "a map": (public, "/sitemap.xml"),
        "whom to tell": (public, "/.well-known/security.txt"),
        "whether it is well": (public, "/health/"),
        "data for programs": (public, reverse("partnership:public-api", kwargs=slug)),
        "a published file": (public, reverse("partnership:file-download", args=[world.published_file.pk])),
        "a list as Excel": (office, reverse("partnership:action-list") + "?_export=xlsx"),
        "a static style": (public, f"/static/build/{style}"),
        "a static picture": (public, "/static/icon.svg"),
        "a wrong answer to a link": (public, "/answer/nothing-of-the-kind/"),
    }
    found = {what: client.get(url, secure=True) for what, (client, url) in pages.items()}
    found["a refused method"] = public.post("/help/", secure=True)
    found["a form from elsewhere"] = strict.post(reverse("partnership:sign-in"), {"username": "a"}, secure=True)
    found["a wrong form"] = public.post(reverse("partnership:sign-in"), {"username": "a"}, secure=True)
    found["a stranger’s name for us"] = public.get("/help/", secure=True, headers={"host": "evil.example"})
    return found


@pytest.mark.django_db
def test_every_kind_of_answer_has_an_a_plus(in_production, world, client_of):
    found = {what: (score_of(each), each) for what, each in answers(world, client_of).items()}
    low = {
        what: (score, each.status_code, {part: points for part, points in parts.items() if points < 0})
        for what, ((score, parts), each) in found.items()
        if score < ENOUGH
    }
    assert low == {}
    assert {each.status_code for _score, each in found.values()} >= {200, 302, 400, 403, 404, 405}
    worst = min(score for (score, _parts), _each in found.values())
    record(
        "T15", f"{len(found)} kinds of answer, the lowest with {worst} points of Mozilla’s Observatory (A+ from 100)"
    )


# Controls: by the same rules, what is missing is found.


def answer(cookie="", **headers):
    policy = "; ".join(f"{name} {sources}" for name, sources in POLICY.items())
    given = {"Content-Security-Policy": policy, "Strict-Transport-Security": HSTS, **HEADERS} | headers
    response = HttpResponse("<p>", headers={name: value for name, value in given.items() if value})
    response.cookies = cookies_of(cookie)
    return response


GOOD_COOKIE = "__Host-sid=1; Secure; HttpOnly; SameSite=Lax"


@pytest.mark.parametrize(
    ("response", "score"),
    [
        (answer(), 130),
        (answer(GOOD_COOKIE), 135),
        (answer(GOOD_COOKIE.replace("Secure; ", "")), 60),
        (answer(GOOD_COOKIE.replace("HttpOnly; ", "")), 70),
        (answer(**{"Content-Security-Policy": None}), 75),
        (answer(**{"Content-Security-Policy": "sandbox"}), 80),
        (answer(**{"Content-Security-Policy": "default-src 'self' 'unsafe-inline'"}), 80),
        (answer(**{"Content-Security-Policy": "default-src 'self'; style-src 'unsafe-inline'"}), 115),
        (answer(**{"Strict-Transport-Security": None}), 80),
        (answer(**{"Strict-Transport-Security": "max-age=300"}), 120),
        (answer(**{"Referrer-Policy": "unsafe-url"}), 120),
        (answer(**{"X-Content-Type-Options": None}), 125),
        (answer(**{"Cross-Origin-Resource-Policy": None}), 120),
        (answer(**{"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true"}), 50),
    ],
)
def test_the_score_falls_with_each_header_that_is_missing(response, score):
    assert score_of(response)[0] == score


def test_settings_of_production_are_those_that_are_tried_here():
    text = Path(ours.BASE_DIR, "partnership/settings.py").read_text()
    production = text[text.index('SESSION_COOKIE_NAME = "__Host-sid"') :]
    said = dict(re.findall(r"^    (S\w+|CSRF\w+) = (.+)$", production, re.MULTILINE))
    assert {
        name: said[name]
        for name in ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY", "SECURE_HSTS_SECONDS"]
    } == {
        "SESSION_COOKIE_SECURE": "True",
        "CSRF_COOKIE_SECURE": "True",
        "CSRF_COOKIE_HTTPONLY": "True",
        "SECURE_HSTS_SECONDS": "365 * 24 * 60 * 60",
    }
