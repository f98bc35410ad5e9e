"""A figure moves: who answers for it finds it among what is due, says why, and everybody reads it."""

from decimal import Decimal

from playwright.sync_api import expect

from tests.assurance.test_indicator_moves import STEADY, counted
from tests.factories import AreaFactory
from tests.factories_judged import IndicatorFactory
from tests.journeys.conftest import PHONE


def test_a_figure_moves_and_somebody_says_why(visit, check_page, partner, other_partner, partnership, charity):
    indicator = IndicatorFactory(
        partnership=partnership, owner=charity, title="Children on a plan", unit_words="children", target=Decimal(30)
    )
    for name, share in (("Brook End", 9), ("Coldharbour", 20)):
        counted(indicator, [value - share for value in (*STEADY, 70)], area=AreaFactory(name=name))
    counted(indicator, [*STEADY, 70])

    page = visit(partner)
    page.goto("/my-work/")
    page.get_by_role("link", name="Say why").first.click()
    expect(page.get_by_role("heading", name="Why it moved")).to_be_visible()
    expect(page.get_by_label("Which period is it about?")).to_have_value("2026-10-01")
    check_page(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Enter why it moved, or that you do not know yet")).to_be_visible()
    page.get_by_label("Why did it move?").fill("Two large families came at once.")
    page.get_by_label("So what?").fill("We visit both weekly until March.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("We visit both weekly until March.")).to_be_visible()
    expect(page.get_by_role("link", name="Say why, and what follows")).to_have_count(0)

    member = visit(other_partner, screen=PHONE)
    member.goto(indicator.get_absolute_url())
    expect(member.get_by_text("Two large families came at once.")).to_be_visible()
    drawing = member.get_by_role("img", name="Whole partnership. Higher than limits in October to December 2026")
    expect(drawing).to_be_visible()
    check_page(member)
