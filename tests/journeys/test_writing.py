"""The office writes its plan where it stands: by keyboard at a desk, by thumb on a phone, and two at once."""

import re

from playwright.sync_api import expect

from plans.models import Activity, Deliverable
from tests.journeys.conftest import PHONE


def open_cell(page, name):
    """Press Enter on the Edit link of a cell; gives its form."""
    page.get_by_role("link", name=name).focus()
    page.keyboard.press("Enter")
    form = page.locator(".cell-form")
    expect(form).to_be_visible()
    return form


def test_the_office_edits_by_keyboard_alone(visit, check_page, office, plan):
    page = visit(office)
    page.goto(plan.get_absolute_url())
    check_page(page)

    form = open_cell(page, "Edit the timescale of 1.1, activity b")
    check_page(page)
    page.keyboard.press("Control+A")
    page.keyboard.type("end of Feb 2027")
    expect(form.get_by_text("We read this as due 28 February 2027")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("By 28 February 2027")).to_be_visible()
    expect(page.get_by_role("link", name="Edit the timescale of 1.1, activity b")).to_be_focused()

    open_cell(page, "Edit who leads 1.2")
    page.keyboard.type("Words that nobody wanted")
    page.keyboard.press("Escape")
    expect(page.locator(".cell-form")).to_have_count(0)
    expect(page.get_by_role("link", name="Edit who leads 1.2")).to_be_focused()

    page.keyboard.press("Control+z")
    expect(page.get_by_text("by end of Nov 2026")).to_be_visible()
    assert Activity.objects.get(text="Try it in two maternity units.").timescale_text == "by end of Nov 2026"


def test_opening_another_cell_saves_the_one_that_is_open(visit, office, plan):
    page = visit(office)
    page.goto(plan.get_absolute_url())
    form = open_cell(page, "Edit activity a of 1.1")
    form.get_by_label("Activity").fill("Agree one checklist for both areas.")
    page.get_by_role("link", name="Edit activity b of 1.1").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cell-form textarea")).to_have_value("Try it in two maternity units.")
    expect(page.get_by_text("Agree one checklist for both areas.")).to_be_visible()


def test_it_opens_also_where_another_part_of_the_page_arrives_while_the_first_is_saved(visit, office, plan):
    page, held = visit(office), {}
    page.lookout = None  # what is held back is not waited for
    page.route("**/changes/", lambda route: hold_first(route, held, "changes"))
    page.route("**/text/", lambda route: hold_first(route, held, route.request.method))
    page.goto(plan.get_absolute_url())
    page.get_by_role("link", name="Edit activity a of 1.1").focus()
    with page.expect_request("**/text/"):
        page.keyboard.press("Enter")
    taken(page, held, "GET").continue_()
    page.locator(".cell-form").get_by_label("Activity").fill("Agree one checklist for both areas.")
    page.get_by_role("link", name="Edit activity b of 1.1").focus()
    with page.expect_request(lambda request: request.method == "POST"):
        page.keyboard.press("Enter")
    with page.expect_response("**/changes/"):
        taken(page, held, "changes").continue_()
    taken(page, held, "POST").continue_()
    expect(page.locator(".cell-form textarea")).to_have_value("Try it in two maternity units.")


def hold_first(route, held, what):
    """Keep the first request of its kind in ``held``; let others through."""
    if what in held:
        route.continue_()
    else:
        held[what] = route


def taken(page, held, what):
    """The request that is held, as soon as the browser has handed it over: it says first that it asks."""
    for _ in range(500):
        if what in held:
            return held[what]
        page.wait_for_timeout(20)
    raise AssertionError(f"Nothing was asked by {what}")


def test_a_change_made_meanwhile_shows_both_in_the_cell(visit, check_page, office, plan):
    page = visit(office)
    page.goto(plan.get_absolute_url())
    form = open_cell(page, "Edit 1.2 Safer sleep advice")
    Deliverable.objects.filter(priority__plan=plan, ref="2", priority__ref="1").update(title="Theirs")
    form.get_by_label("Deliverable").fill("Mine")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It now says “Theirs”").first).to_be_visible()
    expect(page.locator(".cell-form").get_by_label("Deliverable")).to_have_value("Mine")
    check_page(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Mine", exact=True)).to_be_visible()


def test_rows_are_added_and_arranged_on_a_phone(visit, check_page, office, plan):
    page = visit(office, screen=PHONE)
    page.goto(plan.get_absolute_url())
    page.get_by_role("link", name="Add an activity to 1.1").click()
    page.get_by_label("New activities").fill("Tell every midwife\nAsk ten families")
    check_page(page)
    page.get_by_role("button", name="Add to this deliverable").click()
    expect(page.get_by_text("Added 2 rows.")).to_be_visible()

    page.get_by_role("link", name="Move, copy or take out 1.1").click()
    check_page(page)
    row = page.get_by_role("row", name=re.compile("Ask ten families"))
    row.get_by_role("button", name="Move up").click()
    row.get_by_role("button", name="Move up").click()
    expect(page.get_by_text("Moved up.")).to_be_visible()
    texts = Activity.objects.filter(deliverable__priority__plan=plan, deliverable__position=1)
    assert [activity.text for activity in texts.filter(deliverable__priority__position=1).order_by("position")] == [
        "Agree one pre-birth checklist.",
        "Ask ten families",
        "Try it in two maternity units.",
        "Tell every midwife",
    ]


def test_without_a_script_each_cell_is_a_page(visit, office, plan):
    page = visit(office, java_script_enabled=False)
    page.goto(plan.get_absolute_url())
    page.get_by_role("link", name="Edit 1.2 Safer sleep advice").click()
    page.get_by_label("Deliverable").fill("Advice that reaches every carer")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Advice that reaches every carer", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Undo the last change")).to_be_visible()
