"""What changed: read beside each other, narrowed, and laid out for the board."""

from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.factories import PlanVersionFactory
from tests.journeys.conftest import PHONE


def test_the_office_reads_what_changed_and_takes_it_to_the_board(
    visit, check_page, office, lead, plan, plan_version, led_deliverable
):
    led_deliverable.title = "A shared plan with each family before a birth"
    led_deliverable.save()
    led_deliverable.leads.update(text="Director of Midwifery")
    PlanVersionFactory(plan=plan, number="1.1", made_at=datetime(2027, 1, 10, 9, 0, tzinfo=UTC))

    page = visit(office)
    page.goto(f"/plans/{plan.pk}/compare/")
    expect(page.get_by_text("1 deliverable reworded, 1 with another lead.")).to_be_visible()
    row = page.get_by_role("row", name="Promise")
    expect(row.get_by_role("deletion")).to_contain_text("every")
    expect(row.get_by_role("insertion")).to_contain_text("each")
    check_page(page)

    page.get_by_label("Show").select_option("New lead")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("From Head of Midwifery to Director of Midwifery.")).to_be_visible()
    expect(page.get_by_role("row", name="Promise")).to_have_count(0)
    check_page(page)

    phone = visit(lead, screen=PHONE)
    phone.goto(page.url)  # the link says it all
    expect(phone.get_by_text("From Head of Midwifery to Director of Midwifery.")).to_be_visible()

    page.get_by_role("button", name="Make a PDF for the board").click()
    page.wait_for_url("**/documents/**")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
