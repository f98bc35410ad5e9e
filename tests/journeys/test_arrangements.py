"""Arrangements and disputes: written by the office, endorsed on a phone, read by everyone; settled in private."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from partnership.models import Membership, Organisation, Post
from tests.conftest import hold
from tests.factories import MembershipFactory, OrganisationFactory
from tests.journeys.conftest import PHONE

PDF = {"name": "together.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 how we work together"}


@pytest.fixture
def police(partnership):
    organisation = OrganisationFactory(name="Vale Constabulary", kind=Organisation.Kind.POLICE)
    MembershipFactory(organisation=organisation, partnership=partnership, role=Membership.Role.STATUTORY)
    return organisation


@pytest.fixture
def chief_constable(partnership, police):
    return hold(
        "Gareth Ellwood",
        "Chief constable",
        duty=Post.Duty.LEAD_PARTNER,
        organisation=police,
        partnerships=[partnership],
    )


def fill_day(page, question, day):
    boxes = page.get_by_role("group", name=question)
    for name, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(name).fill(str(value))


def test_a_version_is_written_endorsed_published_and_read(
    visit, check_page, office, chief_constable, partnership, published_arrangements
):
    page = visit(office)
    page.goto(reverse("partnership:arrangements-list"))
    check_page(page)
    page.get_by_role("link", name="Start the next version").click()
    check_page(page)
    page.get_by_label(partnership.name).check()
    page.get_by_role("button", name="Start the next version").click()
    check_page(page)
    page.get_by_label("The document").set_input_files({**PDF, "buffer": b"only words"})
    fill_day(page, "From when are they in force?", date(2027, 1, 12))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This file is named .pdf but is something else").first).to_be_visible()
    check_page(page)
    page.get_by_label("The document").set_input_files(PDF)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Say what it changes, with the reason.")).to_be_visible()
    check_page(page)

    page.get_by_role("link", name="Add a change").click()
    check_page(page)
    page.get_by_label("What changes?").fill("Schools join the Executive")
    page.get_by_label("Why?").fill("They see every child every day")
    page.get_by_label("By when is it carried out?").fill("From September 2027")
    page.get_by_role("button", name="Save the change").click()
    check_page(page)
    page.get_by_role("button", name="Send for endorsement").click()
    expect(page.get_by_role("alert")).to_contain_text("Its words stand from now on")
    check_page(page)
    address = page.url

    phone = visit(chief_constable, screen=PHONE)
    phone.goto(address)
    phone.get_by_role("link", name="Read and endorse").click()
    check_page(phone)
    phone.get_by_role("button", name="Endorse it").click()
    expect(phone.get_by_role("alert")).to_contain_text("Endorsed for Vale Constabulary")

    page.reload()
    page.get_by_role("link", name="Publish").click()
    check_page(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert")).to_contain_text("Published")
    check_page(page)

    public = visit(screen=PHONE)
    public.goto(reverse("partnership:public-arrangements", args=[partnership.slug]))
    expect(public.get_by_text("They see every child every day")).to_be_visible()
    expect(public.get_by_text("Gareth Ellwood, Chief constable")).to_be_visible()
    check_page(public)
    with public.expect_download() as downloading:
        public.get_by_role("link", name="Download the arrangements").click()
    with open(downloading.value.path(), "rb") as file:
        assert file.read() == PDF["buffer"]


def test_a_dispute_is_raised_answered_advised_on_and_settled(
    visit, check_page, office, lead, partner, advisor, partnership, charity, health_board
):
    page = visit(office)
    page.goto(reverse("partnership:dispute-list"))
    expect(page.get_by_text("You are not involved in any dispute")).to_be_visible()
    check_page(page)
    page.goto(reverse("partnership:dispute-steps", args=[partnership.pk]))
    check_page(page)
    page.get_by_role("button", name="Save the stages").click()
    expect(page.get_by_role("alert")).to_contain_text("Saved")

    page.goto(reverse("partnership:dispute-add"))
    check_page(page)
    page.get_by_label(partnership.name).check()
    page.get_by_label("What is it about?").fill("Who pays for the taxi")
    page.get_by_label("What does each side say?").fill("One says this, the other that.")
    page.get_by_label("Who raised it?").select_option(label=charity.name)
    page.get_by_label(health_board.name).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("seen by you alone")
    check_page(page)
    page.get_by_label("Head of Midwifery").check()
    page.get_by_label("Independent advisor").check()
    page.get_by_role("button", name="Save who is involved").click()
    check_page(page)
    address = page.url
    page.get_by_role("link", name="Begin the next stage").click()
    check_page(page)
    page.get_by_label("Who answers?").select_option(label=f"Head of Midwifery, {health_board.name}")
    page.get_by_role("button", name="Begin this stage").click()
    expect(page.get_by_role("alert")).to_contain_text("An answer is due on 14 January 2027")

    theirs = visit(lead, screen=PHONE)
    theirs.goto(reverse("assurance:my-work"))
    theirs.get_by_role("link", name="Open").click()
    check_page(theirs)
    theirs.get_by_role("link", name="Answer this stage").click()
    check_page(theirs)
    theirs.get_by_label("What is the answer?").fill("We will pay half.")
    theirs.get_by_role("button", name="Keep the answer").click()
    expect(theirs.get_by_role("alert")).to_contain_text("Answer kept")

    advising = visit(advisor)
    advising.goto(address)
    advising.get_by_role("link", name="Keep the advice").click()
    check_page(advising)
    advising.get_by_label("What is the advice?").fill("Count the journeys first.")
    advising.get_by_role("button", name="Keep the advice").click()
    page.reload()
    page.get_by_role("link", name="Write the response").click()
    check_page(page)
    page.get_by_label("What do the partners say to the advice?").fill("We have counted four.")
    page.get_by_role("button", name="Keep the response").click()
    page.get_by_role("link", name="Settle the dispute").click()
    check_page(page)
    page.get_by_label("How was it settled?").fill("Half each.")
    page.get_by_label("What was learned?").fill("Count together first.")
    page.get_by_role("button", name="Settle the dispute").click()
    expect(page.get_by_text("Half each.")).to_be_visible()
    check_page(page)

    outside = visit(partner)
    assert outside.goto(address).status == 404
