"""A chair changes: one edit, and whatever the chair leads is with the new one the same day."""

import pytest
from playwright.sync_api import expect

from tests.conftest import hold


@pytest.fixture
def newcomer(partnership):
    return hold("Orla Keane", "Named midwife", partnerships=[partnership])


def test_one_edit_hands_everything_the_chair_leads_to_the_next(
    visit, check_page, office, chair, newcomer, learning_group, group_deliverable, round_open
):
    before = visit(chair)
    before.goto("/my-work/")
    expect(before.get_by_role("main")).to_contain_text(group_deliverable.title)

    page = visit(office)
    page.goto(group_deliverable.get_absolute_url())
    expect(page.get_by_role("definition").filter(has_text="Chair, Learning")).to_contain_text(f"Chaired by {chair}")
    check_page(page)
    page.goto("/posts/")
    page.get_by_role("link", name="Chair of Learning and Development").click()
    page.get_by_role("link", name="Say who holds it").click()
    page.get_by_label("Their e-mail address").fill(newcomer.email)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Yes, appoint them").click()
    expect(page.get_by_role("alert")).to_contain_text("Orla Keane holds this post")

    page.goto(group_deliverable.get_absolute_url())
    expect(page.get_by_role("definition").filter(has_text="Chair, Learning")).to_contain_text("Chaired by Orla Keane")
    page.goto(learning_group.get_absolute_url())
    expect(page.get_by_role("row", name="Chair of Learning")).to_contain_text("Orla Keane")

    after = visit(newcomer)
    after.goto("/my-work/")
    after.get_by_role("link", name=group_deliverable.title).click()
    expect(after.get_by_role("heading", name=group_deliverable.title)).to_be_visible()
    check_page(after)

    before.goto("/my-work/")
    expect(before.get_by_role("main")).not_to_contain_text(group_deliverable.title)
    answer = before.goto(f"{group_deliverable.get_absolute_url()}update/")
    assert answer.status in {403, 404}
