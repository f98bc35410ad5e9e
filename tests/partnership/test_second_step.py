"""A second step: asked for where a partnership wants it, set up with an app, used, lost, removed."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import encrypt
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.urls import reverse
from django.utils.http import urlencode

from partnership.models import AccountEvent
from partnership.models.organisations import SignInRole
from tests.factories import PASSWORD

SIGN_IN = reverse("partnership:sign-in")
MY_WORK = reverse("assurance:my-work")
OVERVIEW = reverse("partnership:second-step")
APP = reverse("partnership:app-add")
CODES = reverse("partnership:recovery-codes")
USE = reverse("mfa_authenticate")
Kind = AccountEvent.Kind


def code_now(secret, *, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def sign_in(client, person):
    return client.post(SIGN_IN, {"login": person.email, "password": PASSWORD})


@pytest.fixture
def asked(partnership):
    """Ashford Vale asks everybody for a second step."""
    partnership.second_step_roles = list(SignInRole.values)
    partnership.save()
    return partnership


@pytest.fixture
def secret(partner):
    """The partner has an app."""
    secret = generate_totp_secret()
    TOTP.activate(partner, secret)
    return secret


def kinds_of(person):
    return set(person.account_events.values_list("kind", flat=True))


def test_who_needs_one_sets_it_up_before_anything_else(client, asked, partner, django_capture_on_commit_callbacks):
    assert sign_in(client, partner).url == MY_WORK
    wanted = reverse("assurance:return-list")
    assert client.get(wanted).url == f"{OVERVIEW}?{urlencode({'next': wanted})}"
    assert client.get(client.get(wanted).url).status_code == 200
    page = client.get(APP)
    key = re.search(r"key-text\">([A-Z2-7 ]+)<", page.content.decode())[1].replace(" ", "")
    wrong = client.post(APP, {"code": "000000"})
    assert (wrong.status_code, client.get(MY_WORK).status_code) == (422, 302)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(APP, {"code": code_now(key)})
    assert answer.url == CODES
    assert client.get(CODES).content.decode().count("<li><code>") == 10
    assert client.post(CODES).url == wanted
    assert client.get(wanted).status_code == 200
    assert mail.outbox[-1].to == [partner.email]
    assert Kind.STEP_ADDED in kinds_of(partner)


def test_nobody_is_asked_where_no_partnership_asks(client, partner):
    sign_in(client, partner)
    assert client.get(MY_WORK).status_code == 200


def test_a_code_of_the_app_is_asked_for_after_the_password_and_counts_once(client, partner, secret):
    assert sign_in(client, partner).url == USE
    assert SESSION_KEY not in client.session
    assert client.get(USE).status_code == 200
    assert client.post(USE, {"code": "123456"}).status_code == 422
    code = code_now(secret)
    assert client.post(USE, {"code": code}).url == MY_WORK
    client.post(reverse("partnership:sign-out"))
    sign_in(client, partner)
    with time_machine.travel(time.time() + 40):
        assert client.post(USE, {"code": code}).status_code == 422
    assert SESSION_KEY not in client.session
    assert {Kind.SIGNED_IN, Kind.SIGN_IN_FAILED} <= kinds_of(partner)


def test_a_recovery_code_lets_one_in_once(client, partner, secret):
    codes = Authenticator.objects.create(
        user=partner, type="recovery_codes", data={"seed": encrypt("0" * 80), "used_mask": 0}
    ).wrap()
    code = codes.get_unused_codes()[0]
    for answer in (302, 422):
        sign_in(client, partner)
        assert client.post(USE, {"code": code}).status_code == answer
        client.post(reverse("partnership:sign-out"))
        client.cookies.clear()


def test_many_wrong_codes_are_answered_no_more(client, partner, secret):
    sign_in(client, partner)
    answers = [client.post(USE, {"code": f"00000{each}"}).status_code for each in range(7)]
    assert answers == [422] * 5 + [429] * 2
    assert client.post(USE, {"code": code_now(secret)}).status_code == 429


def test_a_session_begun_without_uses_the_step_before_it_changes_any(client, partner, secret):
    """Somebody who had only the password, and a session from before the step was set up."""
    client.force_login(partner)
    answer = client.get(APP)
    assert answer.url == f"{reverse('mfa_reauthenticate')}?{urlencode({'next': APP})}"
    assert client.post(reverse("partnership:app-remove")).url.startswith(reverse("mfa_reauthenticate"))
    assert Authenticator.objects.filter(user=partner).count() == 1
    again = client.post(answer.url, {"code": code_now(secret)})
    assert again.url == APP
    assert client.get(OVERVIEW).status_code == 200


def test_the_last_step_stays_where_one_is_needed(client, asked, partner, secret):
    sign_in(client, partner)
    client.post(USE, {"code": code_now(secret)})
    remove = reverse("partnership:app-remove")
    assert client.post(remove).status_code == 422
    asked.second_step_roles = []
    asked.save()
    assert client.post(remove).url == OVERVIEW
    assert not Authenticator.objects.filter(user=partner).exists()


def test_recovery_codes_are_shown_until_they_are_kept_and_never_again(client, partner, secret):
    sign_in(client, partner)
    client.post(USE, {"code": code_now(secret)})
    assert client.post(reverse("partnership:recovery-codes-new")).url == CODES
    shown = client.get(CODES).content
    assert shown.count(b"<li><code>") == client.get(CODES).content.count(b"<li><code>") == 10
    saved = client.get(reverse("partnership:recovery-codes-file"))
    assert saved["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    client.post(CODES)
    assert client.get(CODES).url == OVERVIEW
    assert client.get(reverse("partnership:recovery-codes-file")).status_code == 404


NO_CREDENTIALS = [
    "",
    "null",
    "[]",
    "1",
    '"word"',
    "{}",
    "{",
    '{"id": "a"}',
    '{"id": "YQ", "rawId": "YQ", "response": {}, "type": "public-key"}',
    '{"id": "YQ", "rawId": "YQ", "response": [], "type": "public-key"}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30", "authenticatorData": "YQ",'
    ' "signature": "YQ", "userHandle": "____", "attestationObject": "oA"}}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30", "authenticatorData": "YQ",'
    ' "signature": "YQ", "userHandle": null, "attestationObject": null}}',
]


@pytest.mark.parametrize("credential", NO_CREDENTIALS)
def test_what_is_no_passkey_lets_nobody_in_and_breaks_nothing(client, partner, credential):
    by_passkey = reverse("mfa_login_webauthn")
    client.get(by_passkey, headers={"Accept": "application/json"})
    assert client.post(by_passkey, {"credential": credential}).url == SIGN_IN
    assert SESSION_KEY not in client.session
    client.force_login(partner)
    add = reverse("partnership:passkey-add")
    client.get(add)
    assert client.post(add, {"name": "My phone", "credential": credential}).status_code == 422
    assert not Authenticator.objects.exists()
