"""T11: a signed link opens what is due from its holder, and nothing else; each promise beside its control."""

import io
import logging

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership import tokens
from partnership.logs import MaskingFormatter, masked
from plans import link_views
from plans import links as links_module
from plans.links import make_link
from plans.models import Update, UpdateLink, UpdateLinkUse
from tests.guarantees.access_table import DOORS
from tests.guarantees.quick_half import one_in
from tests.guarantees.test_access import answer_of, knock, rows_written
from tests.guarantees.walks import MORNING, content_of

pytestmark = pytest.mark.django_db

OWN = "plans:answer"


def address(token):
    return reverse("plans:answer-open", args=[token])


def opened(token, browser=None):
    browser = browser or Client(raise_request_exception=False)
    assert browser.post(reverse("plans:answer-begin"), {"token": token}).status_code == 302
    return browser


@pytest.fixture
def by_link(world):
    """The browser of ``lead``, who pressed "Open my lines"."""
    return opened(world.link_token)


# It opens nothing else


def doors_opened(world, browser, doors=DOORS):
    """Lines ``door method`` for each address outside the link's own that answers otherwise than to a stranger."""
    stranger = Client(raise_request_exception=False)
    found = []
    for door in doors:
        if door.name.startswith(OWN):
            continue
        url = reverse(door.name, kwargs=door.place(world))
        for method in ("get", "post"):
            body = door.body(world) if method == "post" else None
            with time_machine.travel(MORNING, tick=False):  # what is signed by the second is the same for both
                theirs, _written = knock(stranger, method, url, body)
                ours, _written = knock(browser, method, url, body)
            same = content_of(theirs) == content_of(ours) and said_by(theirs) == said_by(ours)
            if theirs.status_code != ours.status_code or not same:
                found.append(f"{door} {method.upper()} {answer_of(theirs)} {answer_of(ours)}")
    return found


def said_by(response):
    """Its headers but those by which a public page is kept: who brings a cookie is given no kept one."""
    return {name: value for name, value in response.items() if name not in {"ETag", "Cache-Control", "Vary"}}


def test_to_every_other_address_its_browser_is_a_stranger(world, by_link, is_whole_run):
    """In the quick half to every third address of plans, whose updates it opens, and every sixth of the rest."""
    assert by_link.get(reverse("plans:answer")).status_code == 200
    few = [door for door in DOORS if one_in(3 if door.name.startswith("plans:") else 6, "by link", door)]
    assert doors_opened(world, by_link, DOORS if is_whole_run else few) == []


def test_control_a_link_that_signed_in_would_be_found(world, by_link, monkeypatch):
    by_link.force_login(world.people["lead"])
    doors = [door for door in DOORS if door.name == "plans:deliverable-update"]
    assert doors_opened(world, by_link, doors)[0] == "plans:deliverable-update (led by lead’s post) GET LOGIN OK"


def test_nobody_is_signed_in_by_it(world, by_link):
    assert "sessionid" not in by_link.cookies or SESSION_KEY not in by_link.session
    assert by_link.get(reverse("plans:answer")).wsgi_request.user.is_anonymous


# It answers its holder's lines and nobody else's


def verbs(pk, activity_pk=1):
    return {
        "send-one": ("post", [pk]),
        "same": ("post", [pk]),
        "draft": ("post", [pk]),
        "words": ("get", [pk, activity_pk]),
        "evidence-add": ("post", [pk]),
    }


def rows_answered(world, browser, deliverable):
    """The verbs that the link's browser may do to ``deliverable``."""
    activity = deliverable.activities.first()
    found = []
    for name, (method, args) in verbs(deliverable.pk, activity.pk if activity else 1).items():
        response, written = knock(browser, method, reverse(f"plans:answer-{name}", args=args))
        if response.status_code != 404 or written:
            found.append(name)
    return found


def test_of_deliverables_only_its_holders(world, by_link):
    assert rows_answered(world, by_link, world.led_deliverable) == list(verbs(1))
    for other in (world.group_deliverable, world.draft_deliverable, world.carried_deliverable):
        assert rows_answered(world, by_link, other) == []


def test_control_lines_of_somebody_else_would_be_found(world, by_link, monkeypatch):
    chair = world.people["chair"]
    real = links_module.lines_due
    monkeypatch.setattr(links_module, "lines_due", lambda user, *, on: real(user, on=on) + real(chair, on=on))
    assert rows_answered(world, by_link, world.group_deliverable) == list(verbs(1))


def test_the_page_names_no_other_row_and_leads_nowhere_else(world, by_link):
    page = by_link.get(reverse("plans:answer")).content.decode()
    assert world.led_deliverable.title in page
    assert world.group_deliverable.title not in page
    links = {part.split('"')[0] for part in page.split('href="')[1:]}
    assert {link for link in links if not link.startswith(("#", "/static/", "?change="))} == set()


# Following it does nothing


def answers_of_a_scanner(token):
    """How many rows outside the log of uses a scanner changes, and what the page shows it."""
    scanner = Client(headers={"user-agent": "Scanner"})
    before = (Update.objects.count(), rows_of_events())
    for _time in range(100):
        page = scanner.get(address(token)).content.decode()
        scanner.head(address(token))
        scanner.get(address(token), headers={"sec-purpose": "prefetch"})
        scanner.options(address(token))
    return (Update.objects.count(), rows_of_events()) == before, page


def rows_of_events():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM plans_updateevent")
        updates = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM plans_updatelinkevent")
        return updates, cursor.fetchone()[0]


def test_a_scanner_that_follows_it_a_hundred_times_does_nothing(world):
    is_unchanged, page = answers_of_a_scanner(world.link_token)
    assert is_unchanged
    assert [use.kind for use in world.update_link.uses.all()] == ["followed"]
    shown = [
        world.led_deliverable.title,
        world.people["lead"].name,
        world.plan.title,
        world.round_open.name,
        "due from you",
    ]
    assert [words for words in shown if words in page] == []
    assert opened(world.link_token).get(reverse("plans:answer")).status_code == 200


def test_a_log_has_an_end_whatever_follows(world):
    for number in range(60):
        Client(headers={"user-agent": f"Scanner {number}"}).get(address(world.link_token))
    assert world.update_link.uses.count() == links_module.MOST_USES_OF_A_KIND


def test_control_a_page_that_opened_by_itself_would_be_found(world, monkeypatch):
    real = link_views.note_use

    def note_and_open(link, kind, *, at, browser="", detail=""):
        link.revoked_at = at
        link.save()
        return real(link, kind, at=at, browser=browser)

    monkeypatch.setattr(link_views, "note_use", note_and_open)
    assert answers_of_a_scanner(world.link_token)[0] is False


# What proves nothing


def wrong_tokens(token):
    return {
        "short": token[:-4],
        "long": token + "AAAA",
        "another end": token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB"),
        "another link": ("AAAA" if token[:4] != "AAAA" else "BBBB") + token[4:],
        "no base64": "%%%" + token[3:],
        "not ascii": "ü" * 64,
        "a NUL": "a\x00b",
        "empty": "",
        "huge": "A" * 100_000,
    }


def test_every_wrong_token_is_the_same_404_and_writes_nothing(world):
    answers = set()
    for name, token in wrong_tokens(world.link_token).items():
        before = rows_written()
        response = Client().post(reverse("plans:answer-begin"), {"token": token})
        assert (name, response.status_code, rows_written() - before) == (name, 404, 0)
        answers.add(content_of(response))
    assert len(answers) == 1


def test_revoked_and_absent_are_the_same_page(world):
    gone = Client().get(address("A" * 64))
    UpdateLink.objects.update(revoked_at=timezone.now(), revoked_by=world.people["office"])
    stopped = Client().get(address(world.link_token))
    assert (stopped.status_code, content_of(stopped)) == (404, content_of(gone))


def test_many_wrong_tokens_from_one_address_are_answered_no_more_and_a_right_one_is(world):
    answers = [Client().get(address("A" * 64)).status_code for _time in range(link_views.BAD_TOKENS + 2)]
    assert (answers[0], answers[-1]) == (404, 429)
    assert Client().get(address(world.link_token)).status_code == 200


def wrong_cookies(cookie):
    key, _dot, secret = cookie.partition(".")
    return [
        "",
        ".",
        key,
        f"{key}.",
        f"{int(key) + 1}.{secret}",
        f"{key}.{secret[:-4]}AAA=",
        f"9{'9' * 30}.{secret}",
        "ü.ü",
    ]


def test_a_cookie_that_was_tampered_with_opens_nothing(world, by_link):
    cookie = by_link.cookies["answer"].value
    other = opened(make_link(world.people["chair"], at=timezone.now())[1]).cookies["answer"].value
    mixed = f"{cookie.partition('.')[0]}.{other.partition('.')[2]}"
    for wrong in [*wrong_cookies(cookie), mixed]:
        browser = Client()
        browser.cookies["answer"] = wrong
        assert (wrong, browser.get(reverse("plans:answer")).status_code) == (wrong, 404)


def test_control_a_comparison_left_out_would_be_found(world, by_link, monkeypatch):
    monkeypatch.setattr(tokens, "constant_time_compare", lambda one, other: True)
    browser = Client()
    browser.cookies["answer"] = by_link.cookies["answer"].value[:-4] + "AAA="
    assert browser.get(reverse("plans:answer")).status_code == 200


def test_only_hashes_are_kept(world, by_link):
    kept = {world.update_link.token_hash, *UpdateLinkUse.objects.values_list("detail", flat=True)}
    secrets = {world.link_token, by_link.cookies["answer"].value.partition(".")[2]}
    assert all(len(each) in {0, 64} for each in kept)
    assert not kept & secrets
    with connection.cursor() as cursor:
        cursor.execute("SELECT metadata::text FROM pghistory_context")
        assert [row for row in cursor.fetchall() if world.link_token in row[0]] == []


# The cookie and the headers


def test_the_cookie_is_for_us_alone(by_link):
    cookie = by_link.cookies["answer"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Strict", "/", "")


def test_no_cache_and_no_search_engine_keeps_its_pages(world, by_link):
    anybody = Client()
    for response in (
        anybody.get(address(world.link_token)),
        anybody.get(address("A" * 64)),
        by_link.get(reverse("plans:answer")),
    ):
        kept = {part.strip() for part in response.headers["Cache-Control"].split(",")}
        assert {"private", "no-store"} <= kept
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"


def test_a_form_from_another_site_is_refused(world):
    browser = Client(enforce_csrf_checks=True)
    browser.get(address(world.link_token))
    assert browser.post(reverse("plans:answer-begin"), {"token": world.link_token}).status_code == 403
    assert UpdateLinkUse.objects.filter(kind="opened").count() == 0


# Whoever is signed in


def test_signed_in_as_its_holder_leads_to_the_page_and_as_another_does_nothing(world, client_of):
    assert client_of(world.people["lead"]).get(address(world.link_token)).headers["Location"] == reverse(
        "plans:updates"
    )
    browser = client_of(world.people["chair"])
    before = rows_written()
    for response in (
        browser.get(address(world.link_token)),
        browser.post(reverse("plans:answer-begin"), {"token": world.link_token}),
    ):
        assert (response.status_code, "This link is somebody else’s" in response.content.decode()) == (403, True)
    assert rows_written() == before
    assert "answer" not in browser.cookies


# Logs


def logged(token, formatter):
    """What a log holds of a request that was refused and one that failed."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    for name in ("django.request", "django.security.csrf"):
        logging.getLogger(name).addHandler(handler)
    try:
        browser = Client(raise_request_exception=False, enforce_csrf_checks=True)
        browser.get(address(f"{token[:-4]}AAAA"))
        browser.post(address(token))
        logging.getLogger("django.request").error("Trouble at %s", address(token), exc_info=ValueError(address(token)))
    finally:
        for name in ("django.request", "django.security.csrf"):
            logging.getLogger(name).removeHandler(handler)
    return stream.getvalue()


def test_no_log_holds_a_token(world):
    words = logged(world.link_token, MaskingFormatter("%(message)s"))
    assert ("/answer/…/" in words, world.link_token[:40] in words) == (True, False)


def test_control_a_plain_log_would_hold_it(world):
    assert world.link_token[:40] in logged(world.link_token, logging.Formatter("%(message)s"))


def test_other_addresses_stand_in_the_log_as_they_are():
    lines = ["GET /answer/ HTTP/1.1", "POST /answer/evidence/12/ HTTP/1.1", "GET /plans/12/ HTTP/1.1"]
    assert [masked(line) for line in lines] == lines
