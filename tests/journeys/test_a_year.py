"""A year of four rounds by five people: the office, a lead, a chair, and the chairs of the two groups that judge."""

from datetime import date

from playwright.sync_api import expect

from plans.models import PriorityReview, Update, UpdateRound
from tests.journeys.conftest import PHONE

# (name, period from, period to, opens, closes, ratings proposed, ratings decided)
YEAR = [
    ("April to June 2026", "2026-04-01", "2026-06-30", "2026-07-01", "2026-07-17", "2026-07-31", "2026-08-14"),
    ("July to September 2026", "2026-07-01", "2026-09-30", "2026-10-01", "2026-10-16", "2026-10-30", "2026-11-13"),
    ("October to December 2026", "2026-10-01", "2026-12-31", "2027-01-04", "2027-01-22", "2027-02-05", "2027-02-19"),
    ("January to March 2027", "2027-01-01", "2027-03-31", "2027-04-01", "2027-04-16", "2027-04-30", "2027-05-14"),
]
PROPOSED, DECIDED = ["Red", "Amber", "Green", "Green"], ["Red", "Amber", "Amber", "Green"]


def test_a_year_of_four_rounds_by_five_people(
    visit,
    check_page,
    on_day,
    office,
    lead,
    chair,
    scrutiny_chair,
    executive_chair,
    plan,
    led_deliverable,
    group_deliverable,
):
    desk, leads, chairs = visit(), visit(screen=PHONE), visit(screen=PHONE)
    scrutiny, executive = visit(), visit()
    priority = plan.priorities.get(position=1)
    for number, (name, *days) in enumerate(YEAR):
        starts, ends, opens, closes, propose_by, decide_by = map(date.fromisoformat, days)
        round = UpdateRound.objects.create(
            plan=plan,
            name=name,
            starts_on=starts,
            ends_on=ends,
            opens_on=opens,
            closes_on=closes,
            proposals_due_on=propose_by,
            decisions_due_on=decide_by,
        )

        page = on_day(opens, leads, lead)
        page.goto("/updates/")
        answer(page, led_deliverable, first=number == 0)

        page = on_day(closes, chairs, chair)
        page.goto("/my-work/")
        page.get_by_role("link", name="Update").first.click()
        answer(page, group_deliverable, first=number == 0)

        page = on_day(closes, desk, office)
        page.goto(round.get_absolute_url())
        expect(page.get_by_text("2 of 3 deliverables answered")).to_be_visible()

        page = on_day(propose_by, scrutiny, scrutiny_chair)
        page.goto(f"/priorities/{priority.pk}/review/{round.pk}/")
        page.get_by_role("radio", name=PROPOSED[number]).check()
        page.get_by_label("Comments").fill(f"What we saw, {name}.")
        page.get_by_role("button", name="Propose this rating").click()
        expect(page.get_by_role("alert")).to_contain_text("Your group’s rating is proposed.")

        page = on_day(decide_by, executive, executive_chair)
        page.goto(f"/priorities/{priority.pk}/review/{round.pk}/")
        page.get_by_role("radio", name=DECIDED[number]).check()
        if PROPOSED[number] != DECIDED[number]:
            page.get_by_label("If it differs from the one proposed, why?").fill("One unit’s figures are missing.")
        page.get_by_role("button", name="Record the decision").click()
        expect(page.get_by_role("alert")).to_contain_text("The decision is recorded beside the proposal.")

        page = on_day(decide_by, desk, office)
        page.goto(f"/rounds/{round.pk}/close/")
        page.get_by_role("button", name="Close the round").click()
        expect(page.get_by_text("Closed", exact=False).first).to_be_visible()

    assert [(update.deliverable.full_ref, update.round.name, update.is_unchanged) for update in in_order()] == [
        (ref, name, number > 0) for number, (name, *_days) in enumerate(YEAR) for ref in ("1.1", "1.2")
    ]
    judged = PriorityReview.objects.order_by("round__closes_on")
    assert [review.decided_rating.word for review in judged] == DECIDED
    assert [review.proposed_rating.word for review in judged] == PROPOSED

    desk.goto(f"/plans/{plan.pk}/pictures/")
    glance = desk.get_by_role("row", name=priority.title)
    expect(glance).to_contain_text("Red")
    expect(glance).to_contain_text("Green")
    check_page(desk)


def in_order():
    return Update.objects.current().order_by("round__closes_on", "deliverable__ref")


def answer(page, deliverable, *, first):
    """In words the first time; "no change" ever after."""
    line = page.locator(f"#line-{deliverable.pk}")
    if first:
        line.get_by_label("Amber").check()
        line.get_by_label("What has happened?").fill("Ten teams have had the briefing.")
        page.get_by_role("button", name="Send what I have answered").click()
        expect(page.get_by_role("alert").first).to_contain_text(f"Your update on “{deliverable.title}” is in.")
    else:
        line.get_by_role("button", name="Same as last time").click()
        expect(line).to_contain_text("Same as last time.")
