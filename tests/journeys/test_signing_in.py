"""From an invitation to one's first page with a second step, and in again with a passkey, on a phone."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from partnership.accounts import invitations
from partnership.models.organisations import SignInRole
from tests.factories import PASSWORD
from tests.journeys.conftest import PHONE

GOOD = "kettle ravine paper boat"


@pytest.fixture
def authenticator():
    """``authenticator(page)``: the page's device can make and use passkeys, and its owner's finger is on it."""

    def authenticator(page):
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        return session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    return authenticator


def code_for(key):
    return format_hotp_value(hotp_value(key, int(time.time()) // 30))


def test_somebody_invited_comes_in_with_a_second_step_and_again_with_a_passkey(
    visit, check_page, authenticator, partnership, office, partner
):
    partnership.second_step_roles = list(SignInRole.values)
    partnership.save()
    partner.set_unusable_password()
    partner.save()
    invitations.invite(partner, at=timezone.now(), by=office)
    invitations.send_waiting(at=timezone.now())
    page = visit(screen=PHONE)
    authenticator(page)

    page.goto(re.search(r"https?://[^/]+(/\S+)", mail.outbox[0].body)[1])
    check_page(page)
    page.get_by_role("button").last.click()
    check_page(page)
    page.get_by_label("New password").fill(GOOD)
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("New password")).to_have_attribute("type", "text")
    page.get_by_role("button", name="Come in").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second step")
    check_page(page)
    page.get_by_role("link", name="Set up an app").click()
    expect(page.get_by_role("img", name="Picture with the key")).to_be_visible()
    check_page(page)
    key = page.locator(".key-text").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows now").fill("000000")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("alert").first).to_contain_text("Check the code")
    check_page(page)
    assert page.locator(".key-text").inner_text().replace(" ", "") == key
    page.get_by_label("Code that the app shows now").fill(code_for(key))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep your recovery codes")
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    check_page(page)
    recovery = page.locator("#recovery-codes li").first.inner_text()
    page.get_by_role("button", name="I have kept them").click()

    page.goto(reverse("partnership:second-step"))
    check_page(page)
    page.get_by_role("link", name="Add a passkey").click()
    check_page(page)
    page.get_by_label("What do you call it?").fill("My phone")
    page.get_by_role("button", name="Set up the passkey").click()
    expect(page.get_by_text("The passkey “My phone” is set up")).to_be_visible()
    check_page(page)
    assert Authenticator.objects.filter(user=partner, type="webauthn").count() == 1

    page.get_by_role("button", name="Sign out").click()
    page.goto(reverse("partnership:sign-in"))
    check_page(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile(reverse("assurance:my-work")))

    page.get_by_role("button", name="Sign out").click()
    page.goto(reverse("partnership:sign-in"))
    page.get_by_label("E-mail address").fill(partner.email)
    page.get_by_label("Password", exact=True).fill(GOOD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The second step")
    check_page(page)
    page.get_by_label("Code from your app, or a recovery code").fill(recovery)
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(re.compile(reverse("assurance:my-work")))


def test_a_passkey_is_the_second_step_after_a_password(visit, check_page, authenticator, partner):
    page = visit(partner)
    authenticator(page)
    page.goto(reverse("partnership:passkey-add"))
    page.get_by_role("button", name="Set up the passkey").click()
    page.get_by_role("button", name="I have kept them").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(reverse("partnership:sign-in"))
    page.get_by_label("E-mail address").fill(partner.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    check_page(page)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page).to_have_url(re.compile(reverse("assurance:my-work")))


def test_a_device_without_a_passkey_says_what_to_do(visit, check_page, authenticator, partner):
    page = visit()
    authenticator(page)
    page.goto(reverse("partnership:sign-in"))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("use another way")
    check_page(page)
