"""An audit: planned by the office, graded by two agencies, agreed by the chair, told to members, looked at again."""

from datetime import date

import pytest
from playwright.sync_api import expect

from assurance.audits import moderating, planning, telling
from assurance.models import Audit, AuditGrading
from tests.assurance.test_audits import NOW, submit
from tests.factories_judged import AuditCaseFactory, AuditGradingFactory
from tests.journeys.conftest import PHONE, save_by_itself

TODAY = date(2027, 1, 12)
SECTIONS = ("Seeing the risk", "Working together")


def fill_day(page, group, day, month, year):
    boxes = page.get_by_role("group", name=group)
    for box, typed in (("Day", day), ("Month", month), ("Year", year)):
        boxes.get_by_label(box, exact=True).fill(typed)


def grade_all(page, grade):
    """Every question answered and every grade given, typed and saved by itself."""
    for line in page.locator("[data-line]").all():
        if line.get_by_role("radio", name=grade).count():
            line.get_by_role("radio", name=grade).check()
            save_by_itself(page, line.get_by_label("Why this grade?"), f"Worth {grade.lower()}.")
        else:
            line.get_by_label("Partly", exact=True).check()
            save_by_itself(page, line.get_by_label("What shows it in the record?"), "Seen in May.")


@pytest.fixture
def short_tool(monkeypatch):
    """A starter of two questions: what is journeyed is the way, not the length."""
    short = [(title, [(f"{title}: is it there?", "Look twice.")]) for title in SECTIONS]
    monkeypatch.setattr(planning, "STARTER_TOOL", short)


def test_an_audit_from_its_theme_to_the_audit_after_it(
    visit, check_page, short_tool, partnership, scrutiny_group, office, scrutiny_chair, partner, other_partner, lead
):
    page = visit(office)
    page.goto("/audits/")
    check_page(page)
    page.get_by_role("link", name="Plan an audit").click()
    page.get_by_label("What is the theme?").fill("Neglect seen early")
    page.get_by_label(partnership.name).check()
    page.get_by_label("Which group carries it out?").select_option(label=str(scrutiny_group))
    page.get_by_label("By which scale are cases graded?").select_option(label="Four points, 1 the best")
    fill_day(page, "By when do agencies grade the cases?", "29", "1", "2027")
    check_page(page)
    page.get_by_role("button", name="Plan the audit").click()
    page.get_by_role("button", name="Ask the agencies").click()
    expect(page.get_by_role("alert")).to_contain_text("Build the tool")
    check_page(page)

    page.get_by_role("link", name="Build the tool").click()
    page.get_by_role("button", name="Take the starter").click()
    check_page(page)
    page.get_by_role("button", name="Save the tool").click()
    page.get_by_role("link", name="List the cases").click()
    first = page.get_by_role("group", name="A new case", exact=True)
    first.get_by_label("Reference").fill("943 476 5919")
    page.get_by_role("button", name="Save the cases").click()
    expect(page.get_by_role("alert")).to_contain_text("may be somebody’s number")
    check_page(page)
    first.get_by_label("Reference").fill("Case A")
    first.get_by_label("Who is it about?").fill("Under 5, neglect")
    for agency in ("Lantern Family Trust", "St Brannoc’s Hospital Trust"):
        first.get_by_label(agency).check()
    page.get_by_role("button", name="Save the cases").click()
    page.get_by_role("button", name="Ask the agencies").click()
    expect(page.get_by_role("region", name="Who has not answered")).to_contain_text("Lantern Family Trust: Case A")
    check_page(page)

    phone = visit(partner, screen=PHONE)
    phone.goto("/audits/")
    phone.get_by_role("link", name="Grade it").click()
    check_page(phone)
    grade_all(phone, "Good")
    expect(phone.locator("#progress-words")).to_have_text("5 of 5 answered")
    expect(phone.locator("#saved")).to_contain_text("Saved at")
    phone.get_by_role("button", name="Go on to submit").click()
    check_page(phone)
    phone.get_by_role("button", name="Submit it").click()
    expect(phone.get_by_text("Case A is submitted")).to_be_visible()

    desk = visit(other_partner)
    desk.goto(AuditGrading.objects.get(organisation__name="St Brannoc’s Hospital Trust").get_absolute_url())
    grade_all(desk, "Inadequate")
    desk.get_by_role("button", name="Go on to submit").click()
    desk.get_by_role("button", name="Submit it").click()

    chair = visit(scrutiny_chair)
    chair.goto(Audit.objects.get().get_absolute_url())
    chair.get_by_role("link", name="Agree the grades").click()
    expect(chair.get_by_text("They differ").first).to_be_visible()
    check_page(chair)
    chair.get_by_role("link", name="Case A").click()
    check_page(chair)
    for title in (*SECTIONS, "The case as a whole"):
        chair.get_by_label(f"Agreed grade: {title}").select_option(label="3 Requires improvement")
        chair.get_by_label(f"Why: {title}").fill("The later notes weigh more.")
    chair.get_by_role("button", name="Save what was agreed").click()
    fill_day(chair, "On which day?", "12", "1", "2027")
    chair.get_by_role("button", name="The grades are agreed").click()
    chair.get_by_role("link", name="Add a finding").click()
    chair.get_by_label("What did you find?").fill("Fathers were asked in no case.")
    chair.get_by_label("What do people need to learn?").fill("How to ask a father")
    check_page(chair)
    chair.get_by_role("button", name="Save the finding").click()

    page.goto(Audit.objects.get().get_absolute_url())
    page.get_by_role("link", name="Recommend something").click()
    page.get_by_label("What is recommended?").fill("Ask every father.")
    check_page(page)
    page.get_by_role("button", name="Recommend it").click()
    page.get_by_role("link", name="Tell members").click()
    check_page(page)
    page.get_by_label("What did it find in all?").fill("Seen late, by all of us.")
    page.get_by_role("button", name="Tell members").click()

    member = visit(lead)
    member.goto(Audit.objects.get().get_absolute_url())
    expect(member.get_by_text("Seen late, by all of us.")).to_be_visible()
    expect(member.get_by_role("link", name="Ask every father.")).to_be_visible()
    expect(member.get_by_role("region", name="Cases", exact=True)).to_have_count(0)
    check_page(member)

    page.get_by_role("button", name="Look at it again with the same tool").click()
    again = Audit.objects.get(re_audit_of__isnull=False)
    look_again(again, office=office, partner=partner)
    page.goto(again.get_absolute_url())
    expect(page.get_by_role("region", name="Then and now").get_by_text("Better", exact=True)).to_have_count(3)
    check_page(page)


def look_again(again, *, office, partner):
    """The second turn without its pages: one case, graded good, agreed and told."""
    case = AuditCaseFactory(audit=again, position=1, reference="Case A")
    record = AuditGradingFactory(case=case, organisation=partner.holdings.get().post.organisation)
    again.grades_due_on = TODAY
    again.save()
    planning.ask_agencies(again, on=TODAY)
    submit(record, 2, by=partner)
    keys = [*again.sections.values_list("pk", flat=True), None]
    moderating.agree_grades(case, {key: (2, "Seen in time.") for key in keys}, by=office, at=NOW)
    moderating.end_moderation(again, meeting=None, on=TODAY)
    telling.tell_members(again, summary="Seen earlier.", re_audit_on=None, by=office, on=TODAY)
