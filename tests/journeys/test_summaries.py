"""Two agencies are asked, answer on a telephone and on paper; the advisor advises and the partners decide."""

from datetime import date

import pytest
from playwright.sync_api import expect

from partnership.models import GroupMember, Post
from reviews.cases import open_case
from reviews.models import AgencySummary
from tests.conftest import hold
from tests.journeys.conftest import PHONE, save_by_itself


@pytest.fixture
def case_chair(case_group):
    return hold("Morag Teale", "Chair of the group", group=case_group, role=GroupMember.Role.CHAIR)


@pytest.fixture
def for_health(health_board, case_group):
    return hold("Hana Novak", "Designated nurse", organisation=health_board, group=case_group)


@pytest.fixture
def seated_advisor(partnership, case_group):
    return hold("Marguerite Lowell", "Scrutineer", duty=Post.Duty.ADVISOR, partnerships=[partnership], group=case_group)


@pytest.fixture
def opened(partnership, case_group, rule_sets):
    return open_case(
        partnership=partnership,
        aware_on=date(2027, 1, 8),
        notified_on=date(2027, 1, 11),
        reference="AV-2027-01",
        category="Injury to a baby",
        summary="What happened, with nothing that says to whom.",
    )


def test_agencies_answer_and_what_follows_is_decided(
    visit, check_page, opened, case_chair, for_health, seated_advisor, partner, other_partner, hospital, charity
):
    page = visit(case_chair)
    page.goto(opened.get_absolute_url())
    check_page(page)
    page.get_by_role("link", name="Add agencies").click()
    page.get_by_label("Lantern Family Trust").check()
    page.get_by_label("St Brannoc’s Hospital Trust").check()
    check_page(page)
    page.get_by_role("button", name="Add").click()
    page.get_by_role("link", name="Name a contact of Lantern Family Trust").click()
    page.get_by_label("Greta Holloway").check()
    check_page(page)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Ask those not asked yet").click()
    check_page(page)
    page.get_by_label("What do you ask?").fill("Please look at the time from the booking visit on.")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("1 agency asked")).to_be_visible()
    page.get_by_role("link", name="It came on paper from St Brannoc’s Hospital Trust").click()
    page.get_by_label("How they were involved").fill("One visit to the emergency department.")
    check_page(page)
    page.get_by_role("button", name="Keep the answer").click()
    expect(page.get_by_role("table", name="Agencies and their summaries")).to_contain_text("Came on paper")

    agency = visit(partner, screen=PHONE)
    agency.goto("/my-work/")
    agency.get_by_role("link", name="Open Summary of your agency on AV-2027-01").click()
    expect(agency.get_by_text("Please look at the time from the booking visit on.")).to_be_visible()
    check_page(agency)
    save_by_itself(agency, agency.get_by_label("How was your agency involved?"), "Two visits before the injury.")
    expect(agency.get_by_text("Saved at")).to_be_visible()
    agency.reload()
    expect(agency.get_by_label("How was your agency involved?")).to_have_value("Two visits before the injury.")
    agency.get_by_role("button", name="Send it").click()
    expect(agency.get_by_role("alert")).to_contain_text("Answer “What mattered in practice?”")
    check_page(agency)
    agency.get_by_label("What mattered in practice?").fill("The second visit was cut short.")
    agency.get_by_label("What do you make of it?").fill("Nobody asked who else cared for the baby.")
    agency.get_by_label("What did you do at once?").fill("Every team was reminded.")
    agency.get_by_role("button", name="Send it").click()
    expect(agency.get_by_text("Sent by Greta Holloway")).to_be_visible()
    check_page(agency)
    assert AgencySummary.objects.filter(submitted_at=None).count() == 0

    page.goto(f"/reviews/{opened.pk}/rapid-review/")
    page.get_by_text("Lantern Family Trust", exact=True).click()
    expect(page.get_by_text("The second visit was cut short.")).to_be_visible()
    check_page(page)
    save_by_itself(page, page.get_by_label("What is known"), "A baby was hurt, and three agencies had visited.")
    expect(page.get_by_text("Saved at")).to_be_visible()

    advice = visit(seated_advisor)
    advice.goto(opened.get_absolute_url())
    advice.get_by_role("link", name="Give advice").click()
    check_page(advice)
    advice.get_by_label("A local child safeguarding practice review").check()
    advice.get_by_label("Why?").fill("Three agencies each held a part of the picture.")
    advice.get_by_role("button", name="Keep the advice").click()
    expect(advice.get_by_role("link", name="Decide for")).to_have_count(0)

    health = visit(for_health)
    health.goto(opened.get_absolute_url())
    health.get_by_role("link", name="Decide for Vale and Mill Integrated Care Board").click()
    check_page(health)
    health.get_by_label("A local child safeguarding practice review").check()
    health.get_by_label("Why?").fill("There is learning that one agency can’t find alone.")
    health.get_by_role("button", name="Record the decision").click()
    expect(health.get_by_text("All safeguarding partners have decided")).to_be_visible()
    check_page(health)
    health.get_by_role("link", name="Begin the practice review").click()
    check_page(health)
    health.get_by_label("Local reference").fill("AV-LR-3")
    health.get_by_role("button", name="Begin the review").click()
    expect(health.get_by_role("heading", level=1)).to_contain_text("AV-LR-3")
