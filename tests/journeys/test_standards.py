"""The office writes standards and reads the heat map; a practitioner answers by a link, without an account."""

from datetime import UTC, date, datetime

from playwright.sync_api import expect

from assurance.models import PractitionerReply, StandardSet
from assurance.practitioners import address_of
from tests.factories import AssuranceRequestFactory, ReturnFactory
from tests.factories_assurance import (
    AssessmentFactory,
    PractitionerSurveyFactory,
    SurveyInvitationFactory,
    SurveyStatementFactory,
)
from tests.journeys.conftest import PHONE

SUBMITTED = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
ROWS = "Leaders\t1.1\tOne leader answers for it\nStaff\t2.1\tEverybody is trained\t\t\t2\n"


def test_standards_are_written_measured_and_asked_of_practitioners(
    visit, check_page, office, partnership, hospital, charity
):
    page = visit(office)
    page.goto("/scales/add/")
    check_page(page)
    page.goto("/standards/")
    check_page(page)
    page.get_by_role("link", name="Write a set").click()
    check_page(page)
    page.get_by_label("Whose is it?").select_option(partnership.name)
    page.get_by_label("What is the set called?").fill("Our own duties")
    page.get_by_label("Which edition is it?").fill("2026")
    page.get_by_label("By which scale?").select_option("0 to 3")
    page.get_by_role("button", name="Begin the set").click()
    page.get_by_role("link", name="From a spreadsheet").click()
    check_page(page)
    page.get_by_label("Rows").fill("Leaders\t1.1\n")
    page.get_by_role("button", name="Add these standards").click()
    expect(page.get_by_text("there is no standard").first).to_be_visible()
    page.get_by_label("Rows").fill(ROWS)
    page.get_by_role("button", name="Add these standards").click()
    expect(page.get_by_role("cell", name="Everybody is trained")).to_be_visible()
    page.get_by_role("link", name="Change 1.1").click()
    check_page(page)
    page.get_by_label("3: Met").fill("Three of three people name the same leader")
    page.get_by_role("button", name="Save the standard").click()
    page.get_by_role("button", name="Publish the set").click()
    expect(page.get_by_text("It stands from now on")).to_be_visible()
    check_page(page)
    own = StandardSet.objects.get(title="Our own duties")

    asked = AssuranceRequestFactory(partnerships=[partnership], standards=own, due_on=date(2026, 12, 4))
    for organisation in (hospital, charity):
        record = ReturnFactory(request=asked, organisation=organisation)
        for score, standard in enumerate(own.standards.all(), start=1):
            AssessmentFactory(record=record, standard=standard, score=score)
        record.submitted_at = SUBMITTED
        record.save()
    page.goto("/standards/heat-map/")
    expect(page.get_by_role("row", name=hospital.name).first).to_contain_text("5 of 9")
    check_page(page)
    page.get_by_label("Sorted by").select_option("The weakest first")
    page.get_by_role("button", name="Show").click()
    check_page(page)
    page.goto(f"/organisations/{hospital.pk}/pack/")
    check_page(page)

    survey = PractitionerSurveyFactory(partnership=partnership, request=asked)
    SurveyStatementFactory(survey=survey, position=1, standard=own.standards.first(), text="I know who answers")
    invitation = SurveyInvitationFactory(survey=survey, organisation=hospital)
    page.goto(survey.get_absolute_url())
    check_page(page)
    phone = visit(screen=PHONE)
    phone.goto("/" + address_of(invitation).split("/", 3)[3])
    check_page(phone)
    phone.get_by_label("4", exact=True).check()
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    check_page(phone)
    assert PractitionerReply.objects.get().marks.get().value == 4
    phone.goto("/say/wrong/")
    check_page(phone)
