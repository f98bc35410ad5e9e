"""A draft goes out to members and to a committee: commented on from a phone, answered, closed, read by all."""

import re
from datetime import date

from playwright.sync_api import expect

from assurance.models import ReportConsultation
from tests.factories import ReportSectionFactory
from tests.factories_report import ReportBuildFactory
from tests.journeys.conftest import PHONE

UNTIL = date(2027, 1, 29)


def test_from_a_members_comment_to_what_a_committee_said(visit, check_page, office, partner, annual_report):
    ReportSectionFactory(report=annual_report, position=40, title="Voices of children")
    ReportBuildFactory(report=annual_report, requested_by=office, number=2)
    desk = visit(office)
    desk.goto(f"/reports/{annual_report.pk}/consultations/")
    check_page(desk)
    desk.get_by_role("link", name="Open a consultation").click()
    desk.get_by_role("button", name="Open the consultation").click()
    expect(desk.get_by_role("alert")).to_contain_text("Enter the last day for comments")
    check_page(desk)
    fill_last_day(desk)
    desk.get_by_label("What are they asked?").fill("What is missing?")
    desk.get_by_role("button", name="Open the consultation").click()
    check_page(desk)

    # A member reads it on a phone and says what is missing; words that were not sent are offered again.
    phone = visit(partner, screen=PHONE)
    phone.goto("/my-work/")
    phone.get_by_role("link", name="Read and comment").first.click()
    check_page(phone)
    phone.get_by_role("link", name="Comment", exact=True).click()
    phone.get_by_label("Your comment").fill("Half a thought")
    phone.reload()
    phone.get_by_role("button", name="Put my words back").click()
    expect(phone.get_by_label("Your comment")).to_have_value("Half a thought")
    check_page(phone)
    phone.get_by_label("About which part?").select_option(label="40. Voices of children")
    phone.get_by_label("Your comment").fill("Say who was not heard.")
    phone.get_by_role("button", name="Send your comment").click()
    expect(phone.get_by_text("The business office will answer your comment")).to_be_visible()
    check_page(phone)
    phone.get_by_role("link", name="Comment", exact=True).click()
    expect(phone.get_by_text("You wrote this here and did not send it")).to_be_hidden()

    # The office can't close it before it has answered.
    desk.goto(ReportConsultation.objects.get().get_absolute_url())
    desk.get_by_role("button", name="Close the consultation").click()
    expect(desk.get_by_text("1 comment has no answer yet")).to_be_visible()
    check_page(desk)
    desk.get_by_role("link", name="Answer", exact=False).last.click()
    desk.get_by_label("Not changed").check()
    desk.get_by_role("button", name="Save the answer").click()
    expect(desk.get_by_role("alert")).to_contain_text("Enter why the report is not changed")
    check_page(desk)
    desk.get_by_label("Your answer").fill("It stands in section 2.")
    desk.get_by_role("button", name="Save the answer").click()
    desk.get_by_role("button", name="Close the consultation").click()
    phone.goto(ReportConsultation.objects.get().get_absolute_url())
    expect(phone.get_by_text("It stands in section 2.")).to_be_visible()

    # A committee has it with a cover report, and its minutes are pasted.
    desk.goto(f"/reports/{annual_report.pk}/consultations/open/")
    desk.get_by_label("A scrutiny committee").check()
    desk.get_by_label("What are they called?").fill("Families scrutiny committee")
    fill_last_day(desk)
    desk.get_by_role("button", name="Open the consultation").click()
    desk.get_by_role("button", name="Begin the cover report").click()
    check_page(desk)
    desk.get_by_role("link", name="Change Conclusion").click()
    desk.get_by_label("Words").fill("We thank the committee.")
    desk.get_by_role("button", name="Save the section").click()
    desk.get_by_role("link", name="Change Conclusion").click()
    desk.get_by_role("button", name="Put this below my words").click()
    expect(desk.get_by_label("Words")).to_have_value(
        "We thank the committee.\n\nThe committee is asked for its comments by 29 January 2027."
    )
    check_page(desk)
    desk.goto(ReportConsultation.objects.get(audience="committee").get_absolute_url())
    desk.get_by_role("link", name="Enter comments").first.click()
    check_page(desk)
    desk.get_by_label("What they said").fill("- Too long\n- Too dear")
    desk.get_by_role("button", name="Enter the comments").click()
    desk.get_by_role("button", name=re.compile("^Noted ?: Families scrutiny committee: Too long")).click()
    expect(desk.get_by_text("Noted. 1 more to answer")).to_be_visible()
    check_page(desk)


def fill_last_day(page):
    for box, typed in (("Day", UNTIL.day), ("Month", UNTIL.month), ("Year", UNTIL.year)):
        page.get_by_label(box, exact=True).first.fill(str(typed))
