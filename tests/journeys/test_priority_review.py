"""One group proposes a rating, another decides a different one, and both stay on the page."""

import pytest
from playwright.sync_api import expect

from plans.models import PriorityReview
from tests.journeys.conftest import PHONE, save_by_itself


@pytest.fixture
def review_url(plan, round_open):
    return f"/priorities/{plan.priorities.get(position=1).pk}/review/{round_open.pk}/"


def test_scrutiny_proposes_and_the_executive_decides_differently_with_its_reason(
    visit, check_page, scrutiny_chair, executive_chair, office, review_url
):
    page = visit(scrutiny_chair)
    page.goto(review_url)
    check_page(page)
    page.get_by_label("Green").check()
    page.get_by_label("Comments").fill("Both units use the checklist now.")
    save_by_itself(page, page.get_by_label("Recommendations"), "Ask families again in March.")
    expect(page.get_by_text("Saved as a draft at")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Comments")).to_have_value("Both units use the checklist now.")
    expect(page.get_by_label("Green")).to_be_checked()
    check_page(page)
    page.get_by_role("button", name="Propose this rating").click()
    expect(page.get_by_role("alert")).to_contain_text("Your group’s rating is proposed.")
    check_page(page)
    page.get_by_role("link", name="2. Seeing neglect early").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Seeing neglect early")
    refused = page.goto(f"{review_url}decide/")
    assert refused.status == 403

    page = visit(executive_chair, screen=PHONE)
    page.goto(review_url)
    check_page(page)
    page.get_by_text("Add an action").click()
    page.get_by_label("Action", exact=True).fill("Ask the second unit for a start date. Named Midwife.")
    page.get_by_role("button", name="Add to the log").click()
    expect(page.get_by_role("table", name="Action log")).to_contain_text("Ask the second unit for a start date.")
    page.get_by_label("Amber").check()
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why: you chose Amber, Green was proposed")
    expect(page.get_by_label("Amber")).to_be_checked()
    check_page(page)
    page.get_by_label("If it differs from the one proposed, why?").fill("One unit’s figures are missing.")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("alert")).to_contain_text("The decision is recorded beside the proposal.")

    page = visit(office)
    page.goto(review_url)
    proposed = page.get_by_role("region", name="Quality and Scrutiny Subgroup’s proposal")
    decided = page.get_by_role("region", name="Executive’s decision")
    expect(proposed).to_contain_text("Green")
    expect(proposed).to_contain_text("Both units use the checklist now.")
    expect(decided).to_contain_text("Amber")
    expect(decided).to_contain_text("One unit’s figures are missing.")
    expect(page.get_by_role("table", name="Round by round")).to_contain_text("One unit’s figures are missing.")
    check_page(page)
    page.get_by_role("link", name="Print this review").click()
    expect(page.get_by_role("rowheader", name="RAG decision by Executive")).to_be_visible()
    check_page(page)
    review = PriorityReview.objects.get()
    assert [review.proposed_rating.code, review.proposed_by, review.decided_rating.code, review.decided_by] == [
        "G",
        scrutiny_chair,
        "A",
        executive_chair,
    ]


def test_other_people_see_the_review_and_no_form(visit, chair, review_url):
    page = visit(chair)
    page.goto(review_url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(0)
