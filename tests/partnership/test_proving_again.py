"""Sensitive acts ask again who it is, where that was shown long ago; what was typed goes on."""

import time

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth import SESSION_KEY
from django.urls import reverse

from partnership.models import EmergencyAccess
from tests.factories import PASSWORD, UserFactory

PROVE = reverse("account_reauthenticate")
SIGN_IN = reverse("partnership:sign-in")
MINUTES = 60


@pytest.fixture(autouse=True)
def asked_after_half_an_hour(settings, today):
    settings.ASK_AGAIN_AFTER = 30 * MINUTES


@pytest.fixture
def later():
    """``later(minutes)``: it is so many minutes later from now on."""
    travellers = []

    def later(minutes):
        traveller = time_machine.travel(time.time() + minutes * MINUTES, tick=True)
        traveller.start()
        travellers.append(traveller)

    yield later
    for traveller in reversed(travellers):
        traveller.stop()


def sensitive(cast):
    return {
        "second step": reverse("partnership:app-add"),
        "passkey": reverse("partnership:passkey-add"),
        "password": reverse("partnership:password-change"),
        "appointing": reverse("partnership:post-appoint", args=[cast["post"].pk]),
        "a person": reverse("partnership:person-change", args=[cast["person"].pk]),
        "leaving": reverse("partnership:person-leave", args=[cast["person"].pk]),
        "emergency": reverse("partnership:emergency-ask", args=[cast["partnership"].pk]),
    }


@pytest.fixture
def cast(partnership, partner):
    return {"post": partner.holdings.first().post, "person": partner, "partnership": partnership}


def test_whoever_signed_in_lately_is_not_asked(client, office, cast, later):
    client.force_login(office)
    later(29)
    found = {what: client.get(url).status_code for what, url in sensitive(cast).items()}
    assert found == dict.fromkeys(found, 200)


def test_whoever_signed_in_long_ago_is_asked_everywhere(client, office, cast, later):
    client.force_login(office)
    later(31)
    found = {what: client.get(url).url.partition("?")[0] for what, url in sensitive(cast).items()}
    assert found == dict.fromkeys(found, PROVE)
    assert client.get(reverse("partnership:person-list")).status_code == 200


def test_an_export_of_cases_is_asked_for_again_and_looking_at_them_is_not(client, case_group_member, later):
    client.force_login(case_group_member)
    later(31)
    cases = reverse("reviews:case-list")
    assert client.get(cases).status_code == 200
    assert client.get(cases, {"export": "xlsx"}).url.startswith(PROVE)


def test_what_was_typed_goes_on_once_it_is_proved(client, office, cast, later):
    client.force_login(office)
    later(31)
    asking = client.post(sensitive(cast)["emergency"], {"reason": "Somebody is in danger and the group is away."})
    assert asking.url.startswith(PROVE)
    assert client.post(asking.url, {"password": "wrong"}).status_code == 422
    assert not EmergencyAccess.objects.exists()
    assert client.post(asking.url, {"password": PASSWORD}).status_code == 302
    assert EmergencyAccess.objects.get().asked_by == office


def test_a_code_of_the_app_proves_it_too(client, office, cast, later):
    secret = generate_totp_secret()
    TOTP.activate(office, secret)
    client.force_login(office)
    later(31)
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    url = f"{reverse('mfa_reauthenticate')}?next={sensitive(cast)['a person']}"
    assert client.post(url, {"code": "000000"}).status_code == 422
    assert client.post(url, {"code": code}).url == sensitive(cast)["a person"]
    assert client.get(sensitive(cast)["a person"]).status_code == 200


def test_whoever_can_prove_nothing_here_signs_in_anew(client, later, db):
    person = UserFactory(name="Came by a code")
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    later(31)
    answer = client.get(reverse("partnership:app-add"))
    assert (answer.url.startswith(SIGN_IN), SESSION_KEY in client.session) == (True, False)


def test_proving_leads_to_a_page_of_ours_only(client, office, later):
    client.force_login(office)
    answer = client.post(f"{PROVE}?next=https://elsewhere.example/", {"password": PASSWORD})
    assert answer.url == reverse("assurance:my-work")
