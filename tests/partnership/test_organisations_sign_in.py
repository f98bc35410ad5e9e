"""Signing in by one's organisation: only its own people, only those whom an office made an account."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from partnership.models import AccountEvent
from partnership.models.organisations import SignInRole
from tests.factories import UserFactory
from tests.organisation_server import CLIENT, SECRET, OrganisationServer

LEAVE = reverse("partnership:organisation-leave", args=["council"])
BACK = reverse("partnership:organisation-back", args=["council"])
PROVE = reverse("partnership:organisation-prove", args=["council"])
SIGN_IN = reverse("partnership:sign-in")
MY_WORK = reverse("assurance:my-work")
SECOND_STEP = reverse("partnership:second-step")


@pytest.fixture(scope="module")
def server():
    server = OrganisationServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def council(server, settings, partner):
    """The council of the partner, whose addresses end as theirs does."""
    server.person = {"sub": "number-7", "email": partner.email, "email_verified": True}
    server.spoilt, server.key_of_somebody_else, server.called = {}, False, server.issuer
    settings.ORGANISATIONS_SIGN_IN = [
        {
            "id": "council",
            "name": "Ashford Vale Council",
            "server_url": server.issuer,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "domains": [partner.email.partition("@")[2]],
            "second_step": "claims",
        }
    ]
    return server


def come(client, council, **query):
    """Leave for the organisation, sign in there, come back."""
    return client.get(council.sign_in(client.get(LEAVE, query).url))


def is_in(client):
    return SESSION_KEY in client.session


def test_an_address_of_the_organisation_joins_the_account_that_an_office_made(client, council, partner):
    assert come(client, council).url == MY_WORK
    assert SocialAccount.objects.get().user == partner
    assert partner.has_usable_password()
    kinds = set(partner.account_events.values_list("kind", flat=True))
    assert {AccountEvent.Kind.ACCOUNT_JOINED, AccountEvent.Kind.SIGNED_IN} <= kinds


def test_one_goes_on_to_where_one_was_going_and_nowhere_else(client, council):
    wanted = reverse("assurance:return-list")
    assert come(client, council, next=wanted).url == wanted
    assert come(Client(), council, next="https://elsewhere.example/").url == MY_WORK


def test_once_joined_the_number_counts_and_the_address_no_more(client, council, partner, office):
    come(client, council)
    council.person = {"sub": "number-7", "email": office.email, "email_verified": True}
    again = Client()
    come(again, council)
    assert again.session[SESSION_KEY] == str(partner.pk)


def test_an_address_that_was_given_to_somebody_else_joins_no_second_account(client, council):
    come(client, council)
    council.person = {**council.person, "sub": "number-8"}
    again = Client()
    assert come(again, council).url == SIGN_IN
    assert not is_in(again)


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": "greta@elsewhere.example"},
        {"email": "nobody-here@example.org"},
        {"email": None},
        {"email": "greta.holloway@example.org.elsewhere.example"},
        {"email": "greta.holloway@example.org@elsewhere.example"},
    ],
)
def test_whoever_the_organisation_can_not_vouch_for_stays_out(client, council, claims):
    council.person = {**council.person, **claims}
    answer = come(client, council)
    assert (answer.url, is_in(client), SocialAccount.objects.count()) == (SIGN_IN, False, 0)
    assert "Ask your partnership" in client.get(SIGN_IN).content.decode()


def test_a_fixed_tenant_vouches_where_that_is_said_of_it(client, council, settings):
    """Microsoft says of no address that it is verified."""
    council.person = {"sub": "number-7", "email": council.person["email"]}
    assert come(client, council).url == SIGN_IN
    settings.ORGANISATIONS_SIGN_IN[0]["vouches"] = True
    assert come(client, council).url == MY_WORK


def test_whoever_is_switched_off_stays_out(client, council, partner):
    come(client, council)
    partner.is_active = False
    partner.save()
    again = Client()
    assert (come(again, council).url, is_in(again)) == (SIGN_IN, False)


# What is not what it seems


@pytest.mark.parametrize(
    "spoilt",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody else"},
        {"aud": [CLIENT, "somebody else"], "azp": "somebody else"},
        {"iss": "http://127.0.0.1/other-tenant/v2.0"},
        {"exp": int(time.time()) - 3600},
        {"sub": None},
    ],
)
def test_a_token_that_is_not_for_this_sign_in_lets_nobody_in(client, council, spoilt):
    council.spoilt = spoilt
    assert (come(client, council).url, is_in(client)) == (SIGN_IN, False)


def test_a_token_signed_by_somebody_else_lets_nobody_in(client, council):
    council.key_of_somebody_else = True
    assert (come(client, council).url, is_in(client)) == (SIGN_IN, False)


def test_a_document_of_another_issuer_lets_nobody_leave(client, council):
    council.called = council.issuer.replace("/tenant/", "/{tenantid}/")
    assert client.get(LEAVE).url == SIGN_IN


def test_coming_back_needs_the_browser_and_the_state_that_left_and_works_once(client, council):
    back = council.sign_in(client.get(LEAVE).url)
    stranger = Client()
    assert (stranger.get(back).url, is_in(stranger)) == (SIGN_IN, False)
    wrong = back.partition("state=")[0] + "state=made-up"
    assert (client.get(wrong).url, is_in(client)) == (SIGN_IN, False)
    assert client.get(back).url == SIGN_IN  # what was begun is over
    good = council.sign_in(client.get(LEAVE).url)
    assert client.get(good).url == MY_WORK
    client.post(reverse("partnership:sign-out"))
    assert (client.get(good).url, is_in(client)) == (SIGN_IN, False)


def test_what_was_begun_at_one_organisation_is_not_finished_at_another(client, council, settings):
    """An organisation that is hostile, or was taken over, gives away no sign-in of another: each has its own address
    to come back to, its own state, and says who it is."""
    force = {**settings.ORGANISATIONS_SIGN_IN[0], "id": "force", "name": "Ashford Vale Police", "client_id": "theirs"}
    settings.ORGANISATIONS_SIGN_IN = [*settings.ORGANISATIONS_SIGN_IN, force]
    before = len(council.codes)
    back = council.sign_in(client.get(LEAVE).url)
    elsewhere = back.replace(BACK, reverse("partnership:organisation-back", args=["force"]))
    assert (client.get(elsewhere).url, is_in(client)) == (SIGN_IN, False)
    assert (client.get(back).url, is_in(client)) == (SIGN_IN, False)  # and what was begun is over
    back = council.sign_in(client.get(LEAVE).url)
    assert (client.get(f"{back}&iss=https://force.example/").url, is_in(client)) == (SIGN_IN, False)
    assert len(council.codes) == before + 2  # neither code was shown to anybody
    back = council.sign_in(client.get(LEAVE).url)
    assert client.get(f"{back}&{urlencode({'iss': council.issuer})}").url == MY_WORK


def test_a_code_that_is_over_or_a_refusal_there_says_what_to_do(client, council):
    back = council.sign_in(client.get(LEAVE).url)
    council.codes.clear()
    assert client.get(back).url == SIGN_IN
    client.get(LEAVE)
    state = client.session["organisation_sign_in"]["state"]
    assert client.get(BACK, {"error": "access_denied", "state": state}).url == SIGN_IN
    assert "Try again" in client.get(SIGN_IN).content.decode()


# The second step


@pytest.fixture
def asked(partnership):
    partnership.second_step_roles = list(SignInRole.values)
    partnership.save()


def test_an_organisation_that_asked_for_a_second_step_is_enough(client, council, asked):
    council.person["amr"] = ["pwd", "mfa"]
    come(client, council)
    assert client.get(MY_WORK).status_code == 200


def test_an_organisation_that_asked_for_a_password_alone_is_not(client, council, asked):
    council.person["amr"] = ["pwd"]
    come(client, council)
    assert client.get(MY_WORK).url.startswith(SECOND_STEP)


def test_whoever_has_a_second_step_here_uses_it_where_the_organisation_asked_for_none(client, council, partner):
    TOTP.activate(partner, generate_totp_secret())
    assert come(client, council).url == reverse("mfa_authenticate")
    council.person["amr"] = ["mfa"]
    assert come(Client(), council).url == MY_WORK
    assert Authenticator.objects.count() == 1


# Proving again


def test_whoever_has_no_password_proves_again_at_their_organisation(client, council, partner, settings):
    settings.ASK_AGAIN_AFTER = 0
    partner.set_unusable_password()
    partner.save()
    come(client, council)
    wanted = reverse("partnership:app-add")
    asking = client.get(wanted)
    assert asking.url.startswith(PROVE)
    leaving = client.get(asking.url).url
    assert "prompt=login" in leaving
    assert client.get(council.sign_in(leaving)).url == wanted
    settings.ASK_AGAIN_AFTER = 60
    assert client.get(wanted).status_code == 200


@pytest.mark.parametrize("spoilt", [{"auth_time": int(time.time()) - 7200}, {"auth_time": None}, {"sub": "number-9"}])
def test_an_organisation_that_did_not_ask_again_proves_nothing(client, council, partner, settings, spoilt):
    come(client, council)
    council.spoilt = spoilt
    before = partner.account_events.filter(kind=AccountEvent.Kind.ASKED_AGAIN).count()
    assert client.get(council.sign_in(client.get(PROVE).url)).url == SECOND_STEP
    assert partner.account_events.filter(kind=AccountEvent.Kind.ASKED_AGAIN).count() == before


def test_proving_is_for_who_came_by_that_organisation(client, council):
    client.force_login(UserFactory(name="Never came by it"))
    assert client.get(PROVE).status_code == 404


def test_the_page_to_sign_in_offers_the_organisation(client, council):
    assert f'href="{LEAVE}"' in client.get(SIGN_IN).content.decode()
