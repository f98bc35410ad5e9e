"""People's accounts: one's own, those that an office looks after, the yearly review, and a session that nearly ends."""

import pytest
from playwright.sync_api import expect

from tests.conftest import hold

# The page's clock, so that half an hour is over at once.
CLOCK = "const now = Date.now; let on = 0; window.goOn = (s) => { on += s * 1000; }; Date.now = () => now() + on;"


@pytest.fixture
def newcomer(partnership):
    return hold("Orla Keane", "Named midwife", partnerships=[partnership])


def test_office_looks_after_accounts_and_reviews_access(visit, check_page, office, newcomer):
    page = visit(office)
    page.goto("/account/")
    check_page(page)
    page.get_by_role("link", name="Look Signed in").click()
    check_page(page)
    page.goto("/people/")
    check_page(page)
    page.get_by_role("link", name="Invite people").click()
    check_page(page)
    page.get_by_role("button", name="Send the invitations").click()
    expect(page.get_by_role("alert")).to_contain_text("on its way")
    page.goto(newcomer.get_absolute_url())
    check_page(page)
    page.get_by_role("link", name="Switch the account off").click()
    check_page(page)
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="What happened to this account").click()
    check_page(page)

    page.goto("/access-reviews/")
    check_page(page)
    page.get_by_role("link", name="Begin one for AV").click()
    check_page(page)
    page.get_by_role("button", name="Begin the review").click()
    check_page(page)
    page.get_by_role("button", name="Keep this answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick at least one person")
    page.get_by_role("checkbox", name="Orla Keane").check()
    page.get_by_label("Still right").check()
    page.get_by_role("button", name="Keep this answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Kept, for 1 person")
    page.get_by_role("link", name="All on one page").click()
    check_page(page)


def test_who_is_still_there_stays_by_one_press_and_who_is_not_keeps_the_page(visit, office, settings):
    settings.SESSION_LIMITS = {"idle": 1800, "idle_with_cases": 900, "whole": 43_200}
    page = visit(office)
    page.add_init_script(CLOCK)
    page.goto("/account/")
    dialog = page.get_by_role("dialog")
    page.evaluate("goOn(1500)")
    page.wait_for_timeout(1200)
    expect(dialog).to_have_count(0)
    page.evaluate("goOn(140)")
    expect(dialog).to_contain_text("You will be signed out in 2 minutes")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    page.evaluate("goOn(1900)")
    expect(dialog).to_contain_text("What you typed is still on this page")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
