"""Signing in and out: one answer to every failure, and nowhere to be led astray."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.urls import reverse

from partnership.demo_accounts import DEMO_ACCOUNTS
from tests.factories import PASSWORD, UserFactory

SIGN_IN = reverse("partnership:sign-in")
MY_WORK = reverse("assurance:my-work")
TOKEN = re.compile(r"[A-Za-z0-9]{64}")


def sign_in(client, email, password=PASSWORD, **query):
    return client.post(SIGN_IN, {"login": email, "password": password}, query_params=query)


def test_the_right_password_leads_to_my_work(client, partner):
    assert sign_in(client, partner.email).url == MY_WORK


def test_the_address_counts_whatever_its_case(client, partner):
    assert sign_in(client, partner.email.upper()).url == MY_WORK


def test_every_failure_is_answered_alike(client, db):
    known = UserFactory(name="Known Person")
    switched_off = UserFactory(name="Switched Off", is_active=False)
    answers = [
        sign_in(client, known.email, "not the password"),
        sign_in(client, "nobody@example.org"),
        sign_in(client, switched_off.email),
    ]
    typed = [known.email, "nobody@example.org", switched_off.email]
    pages = {
        TOKEN.sub("", answer.content.decode()).replace(email, "") for answer, email in zip(answers, typed, strict=True)
    }
    assert ([answer.status_code for answer in answers], len(pages)) == ([422] * 3, 1)
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "javascript:alert(1)",
        "/\\elsewhere.example",
        SIGN_IN,
        reverse("partnership:sign-out"),
    ],
)
def test_nobody_is_led_elsewhere_after_signing_in(client, partner, elsewhere):
    assert sign_in(client, partner.email, next=elsewhere).url == MY_WORK


def test_a_page_of_ours_is_where_one_goes_on(client, partner):
    wanted = reverse("assurance:return-list")
    assert client.get(wanted).url == f"{SIGN_IN}?next={wanted}"
    assert sign_in(client, partner.email, next=wanted).url == wanted


def test_a_signed_in_person_who_opens_the_page_again_is_sent_on(client, partner):
    client.force_login(partner)
    answers = [client.get(SIGN_IN), client.get(SIGN_IN, {"next": SIGN_IN})]
    assert [answer.url for answer in answers] == [MY_WORK, MY_WORK]


def test_a_session_begun_before_signing_in_gets_a_new_key(client, partner):
    client.session["before"] = "kept by somebody else"
    client.session.save()
    before = client.session.session_key
    sign_in(client, partner.email)
    assert client.session.session_key != before


def test_signing_out_ends_the_session_and_needs_a_press(client, partner):
    client.force_login(partner)
    assert client.get(reverse("partnership:sign-out")).status_code == 405
    assert SESSION_KEY in client.session
    answer = client.post(reverse("partnership:sign-out"))
    assert (answer.url, answer["Clear-Site-Data"]) == ("/", '"cache", "storage"')
    assert client.get(MY_WORK).url == f"{SIGN_IN}?next={MY_WORK}"


def test_somebody_switched_off_is_out_at_the_next_click(client, partner):
    client.force_login(partner)
    partner.is_active = False
    partner.save()
    assert client.get(MY_WORK).url == f"{SIGN_IN}?next={MY_WORK}"


def test_an_empty_form_says_what_to_enter(client, db):
    errors = client.post(SIGN_IN, {}).context["form"].errors
    assert {name: list(words) for name, words in errors.items()} == {
        "login": ["Enter your e-mail address"],
        "password": ["Enter your password"],
    }


# The demo's ready accounts


def test_one_press_signs_a_ready_account_in(client, office):
    assert office.email in {account.email for account in DEMO_ACCOUNTS}
    answer = client.post(reverse("partnership:demo-sign-in"), {"email": office.email})
    assert (answer.url, client.session[SESSION_KEY]) == (MY_WORK, str(office.pk))


def test_one_press_signs_nobody_else_in(client, stranger):
    answer = client.post(reverse("partnership:demo-sign-in"), {"email": stranger.email})
    assert (answer.status_code, SESSION_KEY in client.session) == (404, False)


def test_the_sign_in_page_offers_each_ready_account(client, db):
    page = client.get(SIGN_IN).content.decode()
    assert [account.email for account in DEMO_ACCOUNTS if account.email not in page] == []


def test_production_has_none_of_the_demos_addresses():
    """Asked in a process of its own, because addresses are made once, when the settings are read."""
    ask = """
import django
django.setup()
from django.urls import NoReverseMatch, reverse
for name, args in [("sign-in", []), ("demo-sign-in", []), ("outbox", []), ("design", [])]:
    try:
        print(reverse(f"partnership:{name}", args=args))
    except NoReverseMatch:
        print("none")
"""
    environment = {
        **os.environ,
        "MODE": "production",
        "DJANGO_SETTINGS_MODULE": "partnership.settings",
        "SECRET_KEY": "0123456789abcdefghij" * 3,
        "SITE_URL": "https://plan.example.org",
        "REDIS_URL": "redis://localhost",
        "EMAIL_URL": "smtp://localhost",
    }
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", ask],
        capture_output=True,
        check=True,
        cwd=settings.BASE_DIR,
        env=environment,
        text=True,
    )
    assert done.stdout.split() == ["/sign-in/", "none", "none", "none"]
