"""The register of voices: a partner tells on a phone who was heard, the office shows to the public what came of it."""

from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import expect

from partnership.deadlines import deadlines_for
from tests.conftest import TODAY
from tests.journeys.conftest import PHONE

SAID = "Tell us how long the wait is, even when it is long."


def fill_day(page, day):
    for box, typed in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(box, exact=True).first.fill(str(typed))


def test_from_what_somebody_said_to_what_everybody_reads(
    visit, check_page, office, partner, partnership, plan, charity
):
    phone = visit(partner, screen=PHONE)
    phone.goto(reverse("assurance:voice-list"))
    expect(phone.get_by_text("Nobody’s voice is here yet")).to_be_visible()
    check_page(phone)
    phone.get_by_role("link", name="Tell who was heard", exact=True).click()
    phone.get_by_role("button", name="Add it to the register").click()
    expect(phone.get_by_role("alert")).to_contain_text("Enter what they said")
    check_page(phone)
    phone.get_by_label("What did they say?").fill(f"{SAID} Mrs Okafor never rang.")
    phone.get_by_label("Children and young people").check()
    phone.get_by_label("Which group of people were they?").fill("Children who wait for help")
    phone.get_by_label("How many people were heard?").fill("80")
    phone.get_by_label("A survey").check()
    fill_day(phone, TODAY - timedelta(days=30))
    phone.get_by_label(partnership.name).check()
    phone.get_by_label(f"{plan}: 2. Seeing neglect early").check()
    phone.get_by_role("button", name="Add it to the register").click()
    expect(phone.get_by_role("alert")).to_contain_text("Is “Mrs Okafor” somebody’s name?")
    phone.get_by_label("What did they say?").fill(SAID)
    phone.get_by_role("button", name="Add it to the register").click()
    expect(phone.get_by_role("heading", name="Children who wait for help")).to_be_visible()
    check_page(phone)
    assert [each.kind for each in deadlines_for(partner, on=TODAY) if each.key.startswith("voice:")] == ["Voice"]

    phone.get_by_role("link", name="Say what was done").click()
    check_page(phone)
    phone.get_by_label("What did you do?").fill("A text each fortnight with the place in the queue.")
    phone.get_by_role("button", name="Save").click()
    phone.get_by_role("link", name="Say what came of it").click()
    phone.get_by_label("What changed because of it?").fill("63 of 80 knew how long they would wait.")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_role("heading", name="How it grew")).to_be_visible()

    page = visit(office)
    page.goto(reverse("assurance:voice-gaps"))
    row = page.get_by_role("row", name="2. Seeing neglect early")
    expect(row.get_by_text("1 time")).to_be_visible()
    check_page(page)
    page.goto(reverse("assurance:voice-offers"))
    expect(page.get_by_text("Nothing waits here")).to_be_visible()
    page.goto(reverse("assurance:voice-list"))
    expect(page.get_by_role("cell", name=SAID)).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Children who wait for help").click()
    page.get_by_role("link", name="Show it to the public").click()
    page.get_by_label("What did we do?").fill("You get a text every two weeks.")
    page.get_by_role("button", name="Show it to the public").click()
    expect(page.get_by_role("alert")).to_contain_text("tick this when nobody can be known from it")
    page.get_by_label("I have read the whole of it").check()
    page.get_by_role("button", name="Show it to the public").click()
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()
    check_page(page)

    public = visit()
    public.goto(partnership.get_absolute_url())
    public.get_by_role("link", name="All that you said and we did").click()
    expect(public.get_by_text("You get a text every two weeks.")).to_be_visible()
    expect(public.get_by_text("A text each fortnight")).to_have_count(0)
    check_page(public)
