"""A briefing is written and published; an agency says on a phone what it did with it; the office reads that."""

from playwright.sync_api import expect

from partnership.models import Membership
from tests.conftest import hold
from tests.factories import MembershipFactory, OrganisationFactory
from tests.journeys.conftest import PHONE


def test_from_a_draft_to_what_an_agency_did_with_it(visit, check_page, office, partnership):
    agency = OrganisationFactory(name="Vale Housing")
    MembershipFactory(organisation=agency, partnership=partnership, role=Membership.Role.RELEVANT)
    officer = hold("Petra Lindqvist", "Housing lead", organisation=agency)

    page = visit(office)
    page.goto("/learning/")
    check_page(page)
    page.get_by_role("link", name="Begin a briefing").click()
    page.get_by_label(partnership.name).check()
    page.get_by_label("What is it called?").fill("Safer nights for babies")
    page.get_by_role("button", name="Begin the briefing").click()
    page.get_by_role("textbox", name="Background").fill("Nights that are not ordinary are the dangerous ones.")
    page.get_by_role("textbox", name="What we learned").fill("- Ask about tonight.\n- Ask everybody.")
    page.get_by_role("textbox", name="What to do").fill("Make a plan with the family.")
    check_page(page)
    page.get_by_role("button", name="Save and see how it reads").click()
    check_page(page)
    page.get_by_role("link", name="Publish").click()
    check_page(page)
    expect(page.get_by_label("Vale Housing")).to_be_checked()
    page.get_by_label("I have read the whole of it").check()
    page.get_by_role("button", name="Publish the briefing").click()
    expect(page.get_by_text("“Safer nights for babies” is published.")).to_be_visible()
    check_page(page)

    phone = visit(officer, screen=PHONE)
    phone.goto("/my-work/")
    phone.get_by_role("link", name="Safer nights for babies").first.click()
    check_page(phone)
    phone.get_by_label("No", exact=True).check()
    phone.get_by_label("Why not?").fill("We take it in March")
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_text("Thank you.")).to_be_visible()

    page.get_by_role("link", name="What agencies did with it").click()
    expect(page.get_by_text("We take it in March")).to_be_visible()
    check_page(page)
    page.goto("/learning/themes/")
    check_page(page)

    public = visit()
    public.goto(f"/p/{partnership.slug}/learning/")
    check_page(public)
    public.get_by_role("link", name="Safer nights for babies").click()
    expect(public.get_by_text("Make a plan with the family.")).to_be_visible()
    check_page(public)
