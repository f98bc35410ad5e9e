"""Scrutiny: the chair reads and judges, the office answers and sums up, the organisation reads what it is told."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from assurance.return_sheet import content_of, read_sheet
from tests.factories import ReturnFactory
from tests.factories_assurance import ReturnCopyFactory
from tests.journeys.conftest import PHONE

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


@pytest.fixture
def given(submitted_return, charity, partnership, scrutiny_group):
    """Two returns as Ashford Vale was given them; Quality and Scrutiny judges them."""
    request = submitted_return.request
    request.group = scrutiny_group
    request.save()
    other = ReturnFactory(request=request, organisation=charity, submitted_at=NOW, signed_off_by="Director")
    for record in (submitted_return, other):
        content = content_of(read_sheet(record, with_joined=False))
        ReturnCopyFactory(record=record, partnership=partnership, content=content, taken_at=NOW)
    return request


def test_returns_are_judged_answered_and_summed_up(
    visit, check_page, given, office, scrutiny_chair, other_partner, submitted_return
):
    chair = visit(scrutiny_chair)
    chair.goto(given.group.get_absolute_url())
    chair.get_by_role("link", name="Assurance return 2026 to 2027, Ashford Vale").click()
    check_page(chair)
    chair.get_by_role("link", name="St Brannoc’s Hospital Trust").click()
    expect(chair.get_by_text("Our answer to 1.")).to_be_visible()
    check_page(chair)
    chair.get_by_role("button", name="Save and read the next").click()
    expect(chair.get_by_role("alert")).to_contain_text("Choose how assured you are")
    check_page(chair)
    chair.get_by_role("radio", name="Partly assured").check()
    chair.get_by_label("Why?").fill("The audit is told and not shown.")
    chair.get_by_role("button", name="Save and read the next").click()
    expect(chair.get_by_role("heading", level=1)).to_have_text("Lantern Family Trust")
    chair.get_by_role("link", name="Next: St Brannoc’s Hospital Trust").first.click()
    chair.get_by_text("Add an action", exact=True).click()
    chair.get_by_label("What is the organisation to do?").fill("Send the audit.")
    for box, typed in (("Day", "31"), ("Month", "3"), ("Year", "2027")):
        chair.get_by_label(box, exact=True).fill(typed)
    chair.get_by_role("button", name="Put it in the action log").click()
    expect(chair.get_by_text("Send the audit.")).to_be_visible()

    page = visit(office)
    page.goto(given.get_absolute_url())
    expect(page.get_by_text("1 of 2 left to judge. 1 organisation not told yet")).to_be_visible()
    page.get_by_role("link", name="Every judgement of Ashford Vale").click()
    page.get_by_role("link", name="St Brannoc’s Hospital Trust").click()
    page.get_by_label("What do you tell the organisation?").fill("Thank you. We ask for the audit.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Nobody has said yet that they read it.")).to_be_visible()
    check_page(page)

    phone = visit(other_partner, screen=PHONE)
    phone.goto(submitted_return.get_absolute_url())
    told = phone.get_by_role("region", name="What Ashford Vale Safeguarding Children Partnership says of it")
    expect(told.get_by_text("We ask for the audit.")).to_be_visible()
    expect(told.get_by_text("Partly assured")).to_be_visible()
    told.get_by_role("button", name="We have read it").click()
    expect(phone.get_by_text("by Owen Tarrant").first).to_be_visible()
    check_page(phone)

    page.goto(given.get_absolute_url())
    page.get_by_role("button", name="Begin the summary of what they say to Ashford Vale").click()
    page.get_by_role("link", name="Read the answers side by side").click()
    check_page(page)
    page.get_by_role("link", name="Quote it without the name: St Brannoc’s Hospital Trust").click()
    expect(page.get_by_label("What do they say?")).to_have_value("“Our answer to 1.” An organisation")
    page.get_by_role("radio", name="What worries us").check()
    page.get_by_label("Heading").fill("Told, not shown")
    page.get_by_role("button", name="Save the section").click()
    page.get_by_role("link", name="Release it to members").click()
    check_page(page)
    page.get_by_role("button", name="Release it").click()
    expect(page.get_by_text("Released to everybody of Ashford Vale")).to_be_visible()
    check_page(page)


def test_the_words_of_a_board_are_its_own(visit, check_page, office, partnership):
    page = visit(office)
    page.goto("/returns/levels/")
    check_page(page)
    page.get_by_role("button", name="Begin words of its own").first.click()
    page.get_by_role("link", name="Change : Partly assured").click()
    page.get_by_label("Word", exact=True).fill("Assured with gaps")
    check_page(page)
    page.get_by_role("button", name="Save the level").click()
    expect(page.get_by_text("Assured with gaps").first).to_be_visible()
