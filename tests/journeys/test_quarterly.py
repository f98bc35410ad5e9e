"""Two quarters: the first report promises, and the second tells what came of it."""

import re

from playwright.sync_api import expect

from tests.factories import UpdateFactory, VoiceEntryFactory
from tests.journeys.conftest import PHONE, save_by_itself


def test_two_quarters_and_what_came_of_the_firsts_promise(
    visit,
    check_page,
    office,
    scrutiny_chair,
    executive_chair,
    partner,
    partnership,
    plan,
    led_deliverable,
    round_past,
    round_open,
    ratings,
):
    plan.priorities.get(position=2).outcomes.all().delete()
    priority = plan.priorities.get(position=1)
    UpdateFactory(deliverable=led_deliverable, round=round_past, rating=ratings["A"], progress="One unit has begun.")
    VoiceEntryFactory(partnerships=[partnership], priorities=[priority], heard_on=round_past.ends_on, said="Ask me.")

    writer = visit(scrutiny_chair)
    writer.goto("/how-are-we-doing/")
    writer.get_by_role("button", name="Begin the report on July to September 2026").click()
    check_page(writer)

    # Evidence is left out by one press, and what was typed beside it stays.
    writer.get_by_role("link", name="Judge it").click()
    check_page(writer)
    writer.get_by_label("How do we know?").fill("Plans are in place in 14 of 20 cases.")
    writer.get_by_role("button", name=re.compile("^Leave it out.*A group")).click()
    expect(writer.get_by_text("Left out of the report.")).to_be_visible()
    expect(writer.get_by_label("How do we know?")).to_have_value("Plans are in place in 14 of 20 cases.")
    writer.get_by_role("button", name=re.compile("^Take it back")).click()
    writer.get_by_label("Partly shown").check()
    writer.get_by_role("button", name="Save", exact=True).click()
    promise(writer, "Begin the second unit.")
    writer.get_by_role("link", name="Write them").click()
    save_by_itself(writer, writer.get_by_label("The quarter in short"), "One unit does well.")
    expect(writer.get_by_text(re.compile(r"Saved as a draft at \d\d:\d\d"))).to_be_visible()
    writer.get_by_role("button", name="Save", exact=True).click()
    writer.get_by_role("button", name="Give it to the board").click()
    expect(writer.get_by_text("With the board.")).to_be_visible()

    # The board changes a word; the office publishes.
    board = visit(executive_chair, screen=PHONE)
    board.goto(writer.url)
    board.get_by_role("link", name="Change these words").click()
    board.get_by_label("The quarter in short").fill("One unit of two does well.")
    board.get_by_role("button", name="Save", exact=True).click()
    expect(board.get_by_role("heading", name="What the board changed")).to_be_visible()
    check_page(board)
    desk = visit(office)
    publish(desk, writer.url, check_page)

    # The next quarter.
    writer.goto("/how-are-we-doing/")
    writer.get_by_role("button", name="Begin the report on October to December 2026").click()
    writer.get_by_role("link", name="Tell what came of them").click()
    check_page(writer)
    expect(writer.get_by_role("group", name="Begin the second unit.")).to_contain_text("Open")
    writer.get_by_label("What came of it?").select_option("Partly done")
    writer.get_by_label("In words").fill("Two midwives have started.")
    writer.get_by_label("It goes on").check()
    writer.get_by_role("button", name="Save", exact=True).click()
    expect(writer.get_by_text("was partly shown in July to September 2026")).to_be_visible()
    writer.get_by_role("link", name="Judge it").click()
    writer.get_by_label("Shown", exact=True).check()
    writer.get_by_label("How do we know?").fill("Eighteen of 20.")
    writer.get_by_role("button", name="Save", exact=True).click()
    writer.get_by_role("button", name="Give it to the board").click()
    publish(desk, writer.url, check_page)

    reader = visit(partner, screen=PHONE)
    reader.goto("/how-are-we-doing/")
    check_page(reader)
    reader.get_by_role("link", name=re.compile("^October to December 2026")).click()
    expect(reader.get_by_text("Two midwives have started.")).to_be_visible()
    check_page(reader)
    with reader.expect_download() as download:
        reader.get_by_role("link", name="PDF", exact=True).click()
    assert download.value.suggested_filename == "how-are-we-doing-2026-12-edition-1.pdf"
    reader.get_by_role("link", name="Before: July to September 2026").click()
    expect(reader.get_by_text("One unit of two does well.").first).to_be_visible()


def promise(page, text):
    page.get_by_role("link", name="Add a next action").click()
    page.get_by_label("What will we do?").fill(text)
    page.get_by_label("Who answers for it?").select_option(label="Executive")
    page.get_by_label("Day").fill("31")
    page.get_by_label("Month").fill("3")
    page.get_by_label("Year").fill("2027")
    page.get_by_role("button", name="Save the action").click()
    expect(page.get_by_role("rowheader", name=text)).to_be_visible()


def publish(page, address, check_page):
    page.goto(address)
    page.get_by_role("button", name="Make PDF and Word").click()
    expect(page.get_by_role("heading", name="The files are ready")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Publish", exact=True).click()
    check_page(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("The report is published. Its files can never change.")).to_be_visible()
