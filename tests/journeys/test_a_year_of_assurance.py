"""A year of assurance: two offices ask, three organisations answer or do not, a group judges, and it begins again."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from assurance.models import AssuranceRequest, Return, ReturnCopy
from tests.journeys.conftest import PHONE, save_by_itself

VOICE = "The voice of children and adults"
HEARD, CHANGED = "1. How do you hear the people you work for?", "2. What changed because of what they said?"


@pytest.fixture
def neighbour(far_partnership, charity):
    """The charity works in Farholme too."""
    far_partnership.memberships.create(organisation=charity, role="relevant", from_on="2026-01-01")
    return far_partnership


def ask(page, *, title, partnership, due, asked, group=None):
    """Build a request of the usual questions about voice and send it to ``asked`` alone."""
    page.goto("/requests/")
    page.get_by_role("link", name="Ask organisations").click()
    page.get_by_label("What is the request called?").fill(title)
    page.get_by_label(partnership.name).check()
    for box, typed in zip(("Day", "Month", "Year"), due, strict=True):
        page.get_by_label(box, exact=True).fill(typed)
    page.get_by_label(VOICE).check()
    if group:
        page.get_by_label("Which group scrutinises what comes?").select_option(label=str(group))
    page.get_by_role("button", name="Go on to its questions").click()
    page.get_by_role("button", name="Save the questions").click()
    page.get_by_role("link", name="Choose whom it asks").click()
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    for organisation in asked:
        page.get_by_label(organisation.name).check()
    page.get_by_role("button", name="Save whom it asks").click()
    page.get_by_role("link", name="Send it").click()
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", name="Organisation by organisation")).to_be_visible()


def answer(page, *words):
    for name, each in zip((HEARD, CHANGED), words, strict=True):
        save_by_itself(page, page.get_by_role("textbox", name=name).first, each)
        expect(page.locator("#saved")).to_contain_text("You can close this page")


def sign(page, who):
    page.get_by_role("button", name="Go on to sign off").click()
    page.get_by_label("Who signed it off?").fill(who)
    page.get_by_role("button", name="Submit the return").click()
    expect(page.get_by_text(f"signed off by {who}")).to_be_visible()


def test_a_year_of_assurance(
    visit,
    on_day,
    office,
    stranger,
    partner,
    other_partner,
    lead,
    advisor,
    scrutiny_chair,
    scrutiny_group,
    partnership,
    neighbour,
    charity,
    hospital,
    health_board,
):
    """Lantern works in two partnerships and answers both at once; the integrated care board never answers."""
    desk, far_desk, lantern, st_brannocs, adviser, chair = (visit() for _ in range(6))
    phone = visit(screen=PHONE)

    asked_on = date(2027, 1, 12)
    asked = [charity, hospital, health_board]
    due, title = ("26", "2", "2027"), "How we hear people 2027"
    on_day(asked_on, desk, office)
    ask(desk, title=title, partnership=partnership, due=due, asked=asked, group=scrutiny_group)
    on_day(asked_on, far_desk, stranger)
    ask(far_desk, title="Farholme asks 2027", partnership=neighbour, due=due, asked=[charity])
    ours = AssuranceRequest.objects.get(title=title)

    on_day(date(2027, 2, 1), lantern, partner)
    lantern.goto(Return.objects.get(request=ours, organisation=charity).get_absolute_url())
    lantern.get_by_role("link", name="Answer the questions").click()
    lantern.get_by_role("button", name="Answer both here").click()
    answer(lantern, "Eighty parents, in three groups", "We open on Saturdays now")
    sign(lantern, "Jo Marsh, director")
    on_day(date(2027, 2, 10), st_brannocs, other_partner)
    st_brannocs.goto(Return.objects.get(request=ours, organisation=hospital).get_absolute_url())
    st_brannocs.get_by_role("link", name="Answer the questions").click()
    answer(st_brannocs, "A survey of the wards", "Nothing yet")
    sign(st_brannocs, "Chief nurse")
    taken = ReturnCopy.objects.order_by("partnership__short_name", "record__organisation__name")
    assert [(copy.partnership.short_name, copy.record.organisation.name) for copy in taken] == [
        ("AV", charity.name),
        ("AV", hospital.name),
        ("FH", charity.name),
    ]

    after = date(2027, 3, 2)
    on_day(after, desk, office)
    desk.goto(ours.get_absolute_url())
    expect(desk.get_by_role("row", name=health_board.name)).to_contain_text("late")
    on_day(after, adviser, advisor)
    adviser.goto(ours.get_absolute_url())
    expect(adviser.get_by_text(hospital.name).first).to_be_visible()
    expect(adviser.get_by_text(health_board.name)).to_have_count(0)
    on_day(after, phone, lead)
    phone.goto("/my-work/")
    expect(phone.get_by_text(title).first).to_be_visible()

    on_day(date(2027, 3, 9), chair, scrutiny_chair)
    chair.goto(scrutiny_group.get_absolute_url())
    chair.get_by_role("link", name=f"{title}, Ashford Vale").click()
    expect(chair.get_by_role("heading", level=1)).to_contain_text(title)
    judgements = chair.url
    for organisation, level, why in (
        (hospital, "Not assured", "Nothing changed."),
        (charity, "Assured", "They show it."),
    ):
        chair.goto(judgements)
        chair.get_by_role("link", name=organisation.name).first.click()
        chair.get_by_role("radio", name=re.compile(f"^{level}")).check()
        chair.get_by_label("Why?").fill(why)
        chair.get_by_role("button", name="Save", exact=True).or_(
            chair.get_by_role("button", name="Save the judgement")
        ).first.click()
        expect(chair.get_by_role("alert")).to_be_visible()

    on_day(date(2027, 3, 16), desk, office)
    desk.goto(ours.get_absolute_url())
    desk.get_by_role("link", name="Every judgement of Ashford Vale").click()
    desk.get_by_role("link", name=hospital.name).first.click()
    desk.get_by_label("What do you tell the organisation?").fill("Tell us by June what you will change.")
    desk.get_by_role("button", name="Send").click()
    on_day(date(2027, 3, 17), st_brannocs, other_partner)
    st_brannocs.reload()
    expect(st_brannocs.get_by_text("Tell us by June what you will change.")).to_be_visible()

    on_day(date(2027, 4, 6), desk, office)
    desk.goto(ours.get_absolute_url())
    desk.get_by_role("link", name="Close it").click()
    desk.get_by_role("button", name="Close the request").click()
    desk.get_by_role("button", name="Make next year’s from it").click()
    expect(desk.get_by_role("heading", name="How we hear people 2028")).to_be_visible()
    on_day(date(2028, 1, 11), desk, office)
    desk.reload()
    desk.get_by_role("link", name="Send it").click()
    desk.get_by_role("button", name="Send the request").click()
    expect(desk.get_by_role("heading", name="Organisation by organisation")).to_be_visible()

    on_day(date(2028, 1, 18), lantern, partner)
    following = Return.objects.get(request__previous=ours, organisation=charity)
    lantern.goto(following.get_absolute_url())
    lantern.get_by_role("link", name="Answer the questions").click()
    lantern.get_by_role("button", name=re.compile("^Still true.*How do you hear")).click()
    expect(lantern.get_by_role("textbox", name=HEARD).first).to_have_value("Eighty parents, in three groups")
    expect(lantern.get_by_text("Said last time and still true.").first).to_be_visible()
