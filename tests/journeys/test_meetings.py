"""The office plans a group's year; its chair runs a meeting from the forward plan to agreed minutes."""

from datetime import date

from playwright.sync_api import expect

from partnership.models import Meeting, MeetingAction
from tests.conftest import hold
from tests.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    GroupMemberFactory,
    MeetingFactory,
    OrganisationFactory,
    PostFactory,
)
from tests.journeys.conftest import PHONE


def fill_day(page, question, day):
    group = page.get_by_role("group", name=question).first
    for box, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(box).fill(str(value))


def give_seats(group, *names):
    for name in names:
        organisation = OrganisationFactory(name=name)
        GroupMemberFactory(group=group, post=PostFactory(title=f"Head, {name}", organisation=organisation))


def test_the_office_plans_a_year_and_moves_one_meeting(visit, check_page, office, learning_group):
    page = visit(office)
    page.goto(f"/groups/{learning_group.pk}/meetings/")
    check_page(page)
    page.get_by_role("link", name="Plan a year").click()
    check_page(page)
    fill_day(page, "First meeting", date(2027, 4, 5))
    fill_day(page, "Until", date(2027, 6, 30))
    page.get_by_label("How often?").select_option("Every month")
    page.get_by_label("From (optional)").fill("10am")
    page.get_by_role("button", name="Show the dates").click()

    expect(page.get_by_text("Moved from Monday 3 May 2027, a bank holiday")).to_be_visible()
    check_page(page)
    page.get_by_label("Monday 7 June 2027").uncheck()
    page.get_by_role("button", name="Plan these meetings").click()
    expect(page.get_by_role("alert")).to_contain_text("2 meetings are planned")
    assert list(learning_group.meetings.values_list("meets_on", flat=True)) == [date(2027, 4, 5), date(2027, 5, 4)]

    page.get_by_label("Year").select_option("April 2027 to March 2028")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Tuesday 4 May 2027").click()
    check_page(page)
    page.get_by_role("link", name="Move it").click()
    check_page(page)
    fill_day(page, "New date", date(2027, 5, 11))
    page.get_by_label("Why is it moved?").fill("Schools are closed")
    page.get_by_role("button", name="Move the meeting").click()
    expect(page.get_by_text("Moved from 4 May 2027 to 11 May 2027: Schools are closed")).to_be_visible()


def test_a_chair_takes_an_item_from_the_forward_plan_to_agreed_minutes(visit, check_page, chair, learning_group):
    give_seats(learning_group, "Ambulance", "Borough")
    today = MeetingFactory(group=learning_group, meets_on=date(2027, 1, 12), papers_due_on=date(2027, 1, 5))
    MeetingFactory(group=learning_group, meets_on=date(2027, 3, 9))
    AgendaItemFactory(group=learning_group, title="Training plan")
    page = visit(chair)
    page.goto(f"/groups/{learning_group.pk}/forward-plan/")
    check_page(page)
    page.get_by_role("button", name="Place").click()
    expect(page.get_by_role("alert")).to_contain_text("is on the agenda of 12 January 2027")

    page.get_by_role("link", name="12 January 2027", exact=True).click()
    page.get_by_role("link", name="Say who was there").click()
    check_page(page)
    page.get_by_role("group", name="Ambulance").get_by_label("Present").check()
    page.get_by_role("group", name="Borough").get_by_label("Deputy").check()
    page.get_by_role("button", name="Save attendance").click()

    page.get_by_role("link", name="Write the minutes").click()
    check_page(page)
    page.get_by_label("What was said").first.fill("Everyone liked the plan.")
    page.get_by_text("Add a decision: Training plan").click()
    page.get_by_label("What was decided").first.fill("The plan is agreed")
    page.get_by_text("Add an action: Training plan").click()
    page.get_by_label("Action (optional)").first.fill("Book the rooms")
    page.get_by_role("button", name="Save and finish").click()
    expect(page.get_by_role("alert").first).to_contain_text("Enter by when it is to be done")
    check_page(page)
    fill_day(page, "By when", date(2027, 2, 1))
    page.get_by_label("Who answers for it").first.select_option(learning_group.name)
    page.get_by_role("button", name="Save and finish").click()

    expect(page.get_by_text("Decided (D1):")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="The minutes are agreed").click()
    expect(page.get_by_role("alert")).to_contain_text("The minutes are agreed")
    expect(page.get_by_role("link", name="Write the minutes")).to_have_count(0)
    today.refresh_from_db()
    assert (today.status, today.minutes_agreed_on) == (Meeting.Status.HELD, date(2027, 1, 12))

    action = MeetingAction.objects.get()
    page.get_by_role("link", name=action.ref).click()
    check_page(page)
    page.get_by_role("link", name="Say what has happened").click()
    check_page(page)
    page.get_by_label("What has happened?").fill("All rooms are booked")
    page.get_by_label("It is done, and can be closed").check()
    page.get_by_label("What came of it?").fill("Four courses have a room")
    page.get_by_role("button", name="Save what has happened").click()
    expect(page.get_by_role("alert")).to_contain_text(f"{action.ref} is closed")


def test_a_member_looks_who_was_there_from_a_phone(visit, check_page, learning_group, partnership):
    give_seats(learning_group, "Ambulance", "Borough")
    member = hold("Anna Seat", "Member", group=learning_group)
    for month, status in ((5, "apologies"), (7, "none"), (9, "deputy")):
        meeting = MeetingFactory(group=learning_group, meets_on=date(2026, month, 12), status="held")
        for name, answer in (("Ambulance", "present"), ("Borough", status)):
            organisation = learning_group.members.get(post__organisation__name=name).post.organisation
            AttendanceFactory(meeting=meeting, organisation=organisation, status=answer)
    page = visit(member, screen=PHONE)
    page.goto("/meetings/")
    check_page(page)
    page.goto(f"/groups/{learning_group.pk}/attendance/")
    expect(page.get_by_text("Borough (1 of 3)")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Standing items").click()
    check_page(page)
    page.get_by_role("link", name="Action log").click()
    check_page(page)
    page.goto(f"/p/{partnership.slug}/meetings/")
    check_page(page)


def test_planning_works_without_javascript(visit, chair, learning_group):
    page = visit(chair, java_script_enabled=False)
    page.goto(f"/groups/{learning_group.pk}/meetings/plan/")
    fill_day(page, "First meeting", date(2027, 4, 6))
    fill_day(page, "Until", date(2027, 4, 30))
    page.get_by_role("button", name="Show the dates").click()
    page.get_by_role("button", name="Plan these meetings").click()
    expect(page.get_by_text("1 meeting is planned")).to_be_visible()
    assert list(learning_group.meetings.values_list("meets_on", flat=True)) == [date(2027, 4, 6)]
