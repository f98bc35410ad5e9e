"""Passwords and codes by mail: asked for by anybody, good once, for a while, and no way round the second step."""

import re
import time

import pytest
import requests
import time_machine
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from partnership.accounts.passwords import BreachValidator, EarlyGuessValidator
from partnership.models import AccountEvent
from tests.factories import PASSWORD, UserFactory

SIGN_IN = reverse("partnership:sign-in")
FORGOTTEN = reverse("partnership:password-forgotten")
CHOOSE = reverse("partnership:password-choose")
CHANGE = reverse("partnership:password-change")
MY_WORK = reverse("assurance:my-work")
ASK_CODE = reverse("account_request_login_code")
GIVE_CODE = reverse("account_confirm_login_code")
GOOD = "kettle ravine paper boat"
Kind = AccountEvent.Kind


@pytest.fixture
def link(client, partner, django_capture_on_commit_callbacks):
    """The path of the link that the partner was mailed."""
    with django_capture_on_commit_callbacks(execute=True):
        client.post(FORGOTTEN, {"email": partner.email.upper()})
    assert [each.to for each in mail.outbox] == [[partner.email]]
    return re.search(r"http\S+?(/password/link/\S+)", mail.outbox[0].body)[1]


def choose(link, password=GOOD):
    browser = Client()
    browser.get(link)
    return browser.post(CHOOSE, {"password": password})


@pytest.fixture
def before(partner):
    """A browser in which the partner is signed in already."""
    browser = Client()
    browser.force_login(partner)
    return browser


def test_a_new_password_is_chosen_by_the_link_and_ends_all_sessions(client, partner, before, link):
    assert choose(link).url == SIGN_IN
    assert before.get(MY_WORK).url.startswith(SIGN_IN)
    assert client.post(SIGN_IN, {"login": partner.email, "password": PASSWORD}).status_code == 422
    assert client.post(SIGN_IN, {"login": partner.email, "password": GOOD}).url == MY_WORK
    kinds = set(partner.account_events.values_list("kind", flat=True))
    assert {Kind.RESET_ASKED, Kind.PASSWORD_CHANGED} <= kinds


def test_the_link_is_good_once(link):
    assert [choose(link).status_code for _each in range(2)] == [302, 404]


def test_the_link_is_good_for_an_hour(link):
    with time_machine.travel(time.time() + 3601):
        assert choose(link).status_code == 404


def test_a_scanner_that_opens_the_link_uses_nothing_up(link):
    for _each in range(3):
        scanner = Client()
        assert scanner.get(link, follow=True).status_code == 200
        assert scanner.head(link).status_code == 302
    assert choose(link).status_code == 302


def test_a_changed_or_made_up_link_leads_nowhere(db, link):
    made_up = link[:-4] + ("aaa/" if not link.endswith("aaa/") else "bbb/")
    assert [Client().get(made_up).status_code, Client().get("/password/link/zz/x-y/").status_code] == [404, 404]


def test_whoever_is_switched_off_is_sent_no_link(client, partner, django_capture_on_commit_callbacks):
    partner.is_active = False
    partner.save()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(FORGOTTEN, {"email": partner.email}).status_code == 200
    assert mail.outbox == []


@pytest.mark.parametrize("password", ["short", "password1234", "Summer2026Summer", "greta holloway", "123456789012"])
def test_a_password_that_is_easily_guessed_is_refused_with_what_to_do(link, password):
    answer = choose(link, password)
    assert answer.status_code == 422
    assert answer.context["form"].errors["password"]


def test_changing_it_asks_for_the_one_before_and_keeps_this_session_alone(client, partner):
    client.force_login(partner)
    other = Client()
    other.force_login(partner)
    assert client.post(CHANGE, {"now": "wrong", "password": GOOD}).status_code == 422
    assert client.post(CHANGE, {"now": PASSWORD, "password": GOOD}).status_code == 302
    assert client.get(MY_WORK).status_code == 200
    assert other.get(MY_WORK).url.startswith(SIGN_IN)


def test_three_words_are_a_good_password_and_a_pattern_is_none():
    person = UserFactory.build(name="Greta Holloway", email="greta@example.org")
    EarlyGuessValidator().validate("ravine kettle paper", person)
    with pytest.raises(ValidationError):
        EarlyGuessValidator().validate("GretaHolloway1!", person)


def test_a_breached_password_is_refused_where_that_is_asked_and_nobody_waits_for_it(settings, monkeypatch):
    settings.BREACHED_PASSWORDS = "online"
    sent = []

    class Answer:
        text = "1E4C9B93F3F0682250B6CF8331B7EE68FD8:12\r\n00000000000000000000000000000000000:0"  # of "password"

        def raise_for_status(self):
            pass

    def get(address, **kwargs):
        sent.append(address)
        return Answer()

    monkeypatch.setattr(requests, "get", get)
    with pytest.raises(ValidationError):
        BreachValidator().validate("password")
    BreachValidator().validate(GOOD)
    assert [address.rpartition("/")[2] for address in sent][0] == "5BAA6"

    def nobody(address, **kwargs):
        raise requests.ConnectTimeout

    monkeypatch.setattr(requests, "get", nobody)
    BreachValidator().validate("password")


# Codes by mail


@pytest.fixture
def code(client, partner, django_capture_on_commit_callbacks):
    """The code that the partner was mailed, asked for by ``client``."""
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(ASK_CODE, {"email": partner.email}).url == GIVE_CODE
    return mail.outbox[0].body.split("\n")[2]


def test_a_code_signs_in_the_browser_that_asked_for_it_once(client, partner, code):
    other = Client()
    assert other.post(GIVE_CODE, {"code": code}).url == ASK_CODE
    assert client.get(GIVE_CODE).status_code == 200
    assert client.post(GIVE_CODE, {"code": code}).url == MY_WORK
    client.post(reverse("partnership:sign-out"))
    assert client.post(GIVE_CODE, {"code": code}).url == ASK_CODE


def test_a_code_is_good_for_ten_minutes(client, code):
    with time_machine.travel(time.time() + 601):
        assert client.post(GIVE_CODE, {"code": code}).url == ASK_CODE
    assert SESSION_KEY not in client.session


def test_three_wrong_codes_end_it(client, code):
    answers = [client.post(GIVE_CODE, {"code": "WRONG"}).status_code for _each in range(3)]
    assert answers == [422, 422, 302]
    assert client.post(GIVE_CODE, {"code": code}).url == ASK_CODE
    assert SESSION_KEY not in client.session


def test_an_address_that_nobody_has_is_answered_alike_and_sent_nothing(client, db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(ASK_CODE, {"email": "nobody@example.org"}).url == GIVE_CODE
    assert client.get(GIVE_CODE).status_code == 200
    assert [client.post(GIVE_CODE, {"code": ""}).status_code, client.post(GIVE_CODE, {"code": "A"}).status_code] == [
        422,
        422,
    ]
    assert mail.outbox == []


def test_one_address_is_mailed_three_times_in_ten_minutes(client, partner):
    answers = [Client().post(FORGOTTEN, {"email": partner.email}).status_code for _each in range(4)]
    assert answers == [200, 200, 200, 429]
