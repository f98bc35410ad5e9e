"""The office brings an edited document back into its plan, chooses what stands, and takes it back."""

import pytest
from playwright.sync_api import expect

from plans.models import Activity, Deliverable
from plans.plan_excel import make_workbook
from plans.snapshots import take_snapshot


@pytest.fixture
def edited(plan, tmp_path):
    """An Excel export of the plan in which a title was edited, while another and the same were edited here."""
    sleep = Deliverable.objects.get(title="Safer sleep advice that reaches fathers")
    Deliverable.objects.filter(pk=sleep.pk).update(title="Safer sleep advice that reaches every carer")
    Activity.objects.filter(text="Every school uses the guide.").update(text="Every school and nursery uses the guide.")
    path = tmp_path / "plan-edited.xlsx"
    path.write_bytes(make_workbook(take_snapshot(plan), number="1.0"))
    # The document is an export of these words; here the title has moved on since.
    Deliverable.objects.filter(pk=sleep.pk).update(title="Safer sleep advice that reaches fathers")
    return path


def test_office_brings_in_a_later_issue_and_takes_it_back(visit, check_page, office, plan, edited):
    page = visit(office)
    page.goto(plan.get_absolute_url())
    page.get_by_role("link", name="Bring in a later issue").click()
    check_page(page)
    page.get_by_label("The later issue").set_input_files(edited)
    page.get_by_role("button", name="Compare it with the plan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What differs in plan-edited.xlsx")
    check_page(page)
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose which words stand")
    check_page(page)
    page.get_by_role("radio", name="Take the document’s").first.check()
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("alert")).to_contain_text("plan-edited.xlsx is brought in: 1 cell changed.")
    expect(page.get_by_text("Safer sleep advice that reaches every carer").first).to_be_visible()

    check_page(page)  # which waits until the whole plan is read: what moves under the mouse is not pressed
    page.get_by_role("link", name="Bring in a later issue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bring in a later issue")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("alert")).to_contain_text("plan-edited.xlsx is taken back.")
    check_page(page)
    assert Deliverable.objects.filter(title="Safer sleep advice that reaches fathers").exists()
