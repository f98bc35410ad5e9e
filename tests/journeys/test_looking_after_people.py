"""What an office does for people's second steps and their data: every page of it, wide and narrow, with axe."""

from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone
from playwright.sync_api import expect

from partnership.data_protection.copies import run_copy
from partnership.models import Erasure, SubjectCopy
from tests.conftest import hold

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


@pytest.fixture
def person(partnership):
    """Somebody with an app and an account at their council."""
    person = hold("Orla Keane", "Named midwife", partnerships=[partnership])
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    SocialAccount.objects.create(user=person, provider="council", uid="number-7")
    return person


def test_office_takes_a_lost_second_step_away_and_parts_an_account(visit, check_page, office, partnership, person):
    page = visit(office)
    page.goto(f"/partnerships/{partnership.pk}/second-step/")
    check_page(page)
    page.goto(person.get_absolute_url())
    check_page(page)
    page.get_by_role("link", name="Take it away").click()
    check_page(page)
    page.get_by_role("button", name="Take the second step away").click()
    check_page(page)
    page.get_by_label("Why, and how do you know").fill("She called from her desk: her phone was stolen")
    page.get_by_role("button", name="Take the second step away").click()
    expect(page.get_by_role("alert")).to_contain_text("is taken away")
    page.goto(f"/people/{person.pk}/second-step/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Orla Keane has no second step")
    check_page(page)
    page.get_by_role("link", name="Back", exact=True).click()
    page.get_by_role("link", name="Disconnect").click()
    check_page(page)
    page.get_by_label("Why?").fill("That mailbox is another person’s now")
    page.get_by_role("button", name="Disconnect it").click()
    expect(page.get_by_role("alert")).to_contain_text("opens this one no more")


def test_one_parts_ones_own_account(visit, check_page, person):
    Authenticator.objects.all().delete()
    page = visit(person)
    page.goto("/account/second-step/with/council/part/")
    check_page(page)
    person.set_unusable_password()
    person.save()
    page = visit(person)  # whose session ended with the password
    page.goto("/account/second-step/with/council/part/")
    expect(page.locator("main")).to_contain_text("your only sure way in")
    check_page(page)


def test_office_looks_after_what_is_held_about_people(visit, check_page, office, administrator, partnership, person):
    page = visit(office)
    for address in ("", "map/", "retention/", "retention/log/", "erasures/"):
        page.goto(f"/data-protection/{address}")
        check_page(page)
    page.goto(f"/data-protection/retention/{partnership.slug}/imports/")
    check_page(page)
    for name in ("change", "hold"):
        page.goto(f"/data-protection/retention/{partnership.slug}/imports/{name}/")
        check_page(page)
    page.goto("/data-protection/people/?kind=colleague&words=Orla")
    check_page(page)
    page.get_by_role("link", name="Orla Keane").click()
    check_page(page)
    page.get_by_role("link", name="Erase them").click()
    check_page(page)
    page.get_by_role("button", name="Ask for it").click()
    check_page(page)
    erasure = Erasure.objects.create(
        partnership=partnership,
        subject_kind="colleague",
        subject_key=str(person.pk),
        because="They asked for it.",
        asked_by=administrator,
        asked_at=NOW,
    )
    page.goto(erasure.get_absolute_url())
    check_page(page)


def test_office_asks_for_a_copy_and_fetches_it(visit, check_page, office, person):
    page = visit(office)
    page.goto(f"/data-protection/people/colleague/{person.pk}/copy/")
    check_page(page)
    page.get_by_label("Who asked for it").fill("She wrote from her work address; rung back.")
    page.get_by_role("button", name="Make the copy").click()
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    for copy in SubjectCopy.objects.under_way():
        run_copy(copy.pk, at=timezone.now())
    expect(page.get_by_role("heading", name="The copy is ready")).to_be_visible()
    check_page(page)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Download the copy").click()
    assert fetched.value.suggested_filename.endswith(".zip")
    page.goto(f"/data-protection/people/colleague/{person.pk}/")
    check_page(page)
