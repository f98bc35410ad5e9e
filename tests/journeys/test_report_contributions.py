"""An agency's part of the annual report, asked to printed; and what the independent scrutineer says of the year."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assurance.models import ReportContribution, ScrutinyStatement
from tests.factories_report import ReportContributionFactory
from tests.journeys.conftest import PHONE, save_by_itself


@pytest.fixture
def asked(annual_report, charity, hospital, health_board):
    """The report, and members who can be asked."""
    return annual_report


def test_an_agency_is_asked_answers_on_a_phone_is_given_it_back_and_answers_again(
    visit, check_page, office, partner, other_partner, lead, asked
):
    desk = visit(office)
    desk.goto(reverse("assurance:contribution-list", args=[asked.pk]))
    check_page(desk)
    desk.get_by_role("link", name="Ask organisations").click()
    check_page(desk)
    for label, value in zip(("Day", "Month", "Year"), ("29", "1", "2027"), strict=True):
        desk.get_by_label(label, exact=True).fill(value)
    desk.get_by_role("button", name="Ask them").click()
    expect(desk.get_by_role("alert").first).to_contain_text("3 organisations are asked")
    check_page(desk)

    phone = visit(partner, screen=PHONE)
    phone.goto("/my-work/")
    phone.get_by_role("link", name=re.compile(f"Your part of {asked}")).first.click()
    check_page(phone)
    did = phone.get_by_label("Your answer: What did you do?")
    save_by_itself(phone, did, "Eighteen volunteers visited ninety families.")
    expect(phone.locator("#saved")).to_contain_text("Saved at")
    expect(phone.get_by_text("5 words")).to_be_visible()
    phone.reload()
    expect(did).to_have_value("Eighteen volunteers visited ninety families.")
    desk.reload()
    expect(desk.get_by_text("Eighteen volunteers")).to_have_count(0)

    phone.get_by_role("button", name="Read it and submit").click()
    phone.get_by_role("link", name="What difference did it make, and how do you know?").click()
    difference = phone.get_by_label("Your answer: What difference did it make, and how do you know?")
    save_by_itself(phone, difference, "They feel supported.")
    phone.get_by_role("button", name="Read it and submit").click()
    check_page(phone)
    phone.get_by_role("button", name="Submit it").click()
    expect(phone.get_by_role("alert")).to_contain_text("Submitted")
    check_page(phone)

    desk.reload()
    desk.get_by_role("link", name="Give back to Lantern Family Trust").click()
    check_page(desk)
    desk.get_by_label("What should be changed or added?").fill("How do you know?")
    desk.get_by_role("button", name="Give it back").click()
    expect(desk.get_by_text("They feel supported.")).to_have_count(0)

    phone.goto("/my-work/")
    phone.get_by_role("link", name=re.compile(f"Your part of {asked}")).first.click()
    expect(phone.get_by_text("The office gave this back")).to_be_visible()
    check_page(phone)
    save_by_itself(phone, difference, "Of 52 families that we asked 41 said so.")
    phone.get_by_role("button", name="Read it and submit").click()
    phone.get_by_role("button", name="Submit it").click()

    desk.reload()
    desk.get_by_role("link", name="Text for print").click()
    check_page(desk)
    desk.get_by_label("As the report prints it").fill("Of 52 families 41 were helped.")
    desk.get_by_role("button", name="Save the text for print").click()
    phone.reload()
    expect(phone.get_by_text("Of 52 families 41 were helped.")).to_be_visible()
    check_page(phone)
    assert ReportContribution.objects.get(organisation__name="Lantern Family Trust").submitted_by == partner


def test_two_of_one_organisation_write_the_same_answer_and_both_stand_there(
    visit, check_page, office, partner, charity, asked
):
    contribution = ReportContributionFactory(report=asked, organisation=charity, asked_by=office)
    at_desk, on_phone = visit(partner), visit(partner, screen=PHONE)
    for page in (at_desk, on_phone):
        page.goto(reverse("assurance:contribution-answer", args=[contribution.pk]))
    box = "Your answer: What did you do?"
    save_by_itself(at_desk, at_desk.get_by_label(box), "Written at the desk")
    on_phone.get_by_label(box).fill("Written on the phone")
    expect(on_phone.get_by_text("saved this while you were writing")).to_be_visible()
    check_page(on_phone)
    on_phone.get_by_role("button", name="Keep mine").click()
    expect(on_phone.locator("#saved")).to_contain_text("Saved at")
    at_desk.reload()
    expect(at_desk.get_by_label(box)).to_have_value("Written on the phone")


def test_the_scrutineer_writes_alone_gives_it_for_good_and_is_answered(visit, check_page, office, advisor, asked):
    theirs = visit(advisor)
    theirs.goto("/my-work/")
    theirs.get_by_role("link", name=f"Write your statement for {asked}").click()
    check_page(theirs)
    theirs.get_by_label("The statement").fill("I read forty files.\n\n- one\n- two")
    theirs.get_by_label("What it comes to, in one sentence").fill("It listens, and acts late.")
    theirs.get_by_role("button", name="Save the draft").click()
    check_page(theirs)

    desk = visit(office)
    desk.goto(reverse("assurance:statement-detail", args=[asked.pk]))
    expect(desk.get_by_text("No statement is given yet")).to_be_visible()
    check_page(desk)

    theirs.get_by_role("link", name="Give it to the partnership").click()
    check_page(theirs)
    theirs.get_by_role("button", name="Give it for good").click()
    expect(theirs.get_by_role("alert")).to_contain_text("can no longer change")
    check_page(theirs)

    desk.reload()
    expect(desk.get_by_text("It listens, and acts late.")).to_be_visible()
    desk.get_by_role("link", name="Answer it").click()
    check_page(desk)
    desk.get_by_label("What does the partnership answer?").fill("We choose one of the two.")
    desk.get_by_role("button", name="Save the answer").click()
    check_page(desk)
    theirs.reload()
    expect(theirs.get_by_text("We choose one of the two.")).to_be_visible()
    assert ScrutinyStatement.objects.get().answered_by == office
