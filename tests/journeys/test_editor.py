"""The office sets up its plan: columns and refs by keyboard alone, a table pasted, words kept, a phone."""

import re

from playwright.sync_api import expect

from plans.models import Deliverable
from tests.journeys.conftest import PHONE

WORD_TABLE = """
<html><body><table>
<tr><td><p>Key deliverable</p></td><td><p>Lead</p></td><td><p>Activity</p></td><td><p>Timescale</p></td></tr>
<tr><td rowspan="2"><p>One door for
 families</p></td><td rowspan="2"><p>Learning and Development Subgroup</p></td>
<td><ul><li>Agree one form</li><li>Say "yes" at once</li></ul></td><td><p>Sept 2026</p><p>Jan 2027</p></td></tr>
<tr><td><p>Try it in two areas</p></td><td><p>tbc</p></td></tr>
</table></body></html>
"""
PASTE = """html => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", html);
    clipboardData.setData("text/plain", "as Word writes it");
    const target = document.querySelector("#priority-%d caption");
    target.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
DRAFTS = "Object.keys(localStorage).filter(key => key.startsWith('plan-draft:')).length"


def press(page, role, name):
    """Reach a control by keyboard alone, and press Enter on it."""
    page.get_by_role(role, name=name).focus()
    page.keyboard.press("Enter")


def test_the_office_sets_up_its_plan_by_keyboard_alone(visit, check_page, office, plan):
    page = visit(office)
    page.goto(plan.get_absolute_url())

    press(page, "link", "Columns of the table")
    expect(page.get_by_role("heading", name="Columns of the table")).to_be_visible()
    page.get_by_label("Those in which something stands").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("Not shown then: other partnerships and activities.")).to_be_visible()
    check_page(page)
    for _step in range(3):
        page.keyboard.press("ArrowDown")
    page.get_by_label("Heading of “Key deliverable”").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("What we will do")
    page.keyboard.press("Tab")
    expect(page.locator("#example").get_by_role("columnheader", name="What we will do")).to_be_visible()
    check_page(page)
    press(page, "button", "Save the columns")
    expect(page.get_by_text("The columns are saved.")).to_be_visible()
    expect(page.get_by_role("columnheader", name="What we will do").first).to_be_visible()
    check_page(page)

    press(page, "link", "Give the refs anew")
    page.get_by_label("1.a, 1.b within each priority").focus()
    page.keyboard.press("Space")
    press(page, "button", "Show me what would change")
    expect(page.get_by_text("3 refs would change")).to_be_visible()
    check_page(page)
    press(page, "button", "Give these refs")
    expect(page.get_by_text("Gave 3 new refs.")).to_be_visible()
    press(page, "button", "Undo the last change")
    expect(page.get_by_text("Undone: the refs are as they were.")).to_be_visible()


def test_a_table_of_word_is_pasted_onto_the_plan(visit, check_page, office, plan):
    page = visit(office)
    page.goto(plan.get_absolute_url())
    babies = plan.priorities.get(position=1)
    page.evaluate(PASTE % babies.pk, WORD_TABLE)
    expect(page.get_by_role("heading", name="What we understood")).to_be_visible()
    expect(page.get_by_text("1 deliverable for 1. Babies: a safe first year.")).to_be_visible()
    expect(page.get_by_text("By 30 September 2026")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Add this row").click()
    expect(page.get_by_text("Added 1 row.")).to_be_visible()
    row = babies.deliverables.order_by("position").last()
    assert (row.title, list(row.activities.values_list("text", "timescale_text"))) == (
        "One door for families",
        [("Agree one form", "Sept 2026"), ('Say "yes" at once', "Jan 2027"), ("Try it in two areas", "tbc")],
    )
    page.get_by_role("button", name="Undo the last change").click()
    expect(page.get_by_text("Undone: the rows are gone again.")).to_be_visible()


def test_words_that_were_not_saved_are_offered_again_and_gone_after_signing_out(visit, check_page, office, plan):
    page = visit(office)
    page.goto(plan.get_absolute_url())
    page.get_by_role("link", name="Edit 1.2 Safer sleep advice").click()
    page.locator(".cell-form").get_by_label("Deliverable").fill("Half a thought")
    page.close()  # the tab is gone, the browser is not

    page = page.context.new_page()
    page.goto(plan.get_absolute_url())
    expect(page.get_by_text("You wrote here and did not save it.")).to_be_visible()
    page.get_by_role("listitem").get_by_role("link", name=re.compile("Edit 1.2")).click()
    expect(page.get_by_text("You wrote this here and did not save it:")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Put my words back").click()
    expect(page.locator(".cell-form").get_by_label("Deliverable")).to_have_value("Half a thought")
    page.locator(".cell-form").get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Half a thought", exact=True)).to_be_visible()
    assert (page.evaluate(DRAFTS), Deliverable.objects.filter(title="Half a thought").count()) == (0, 1)

    page.get_by_role("link", name="Edit 1.2 Half a thought").click()
    page.locator(".cell-form").get_by_label("Deliverable").fill("Another")
    assert page.evaluate(DRAFTS) == 1
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert page.evaluate(DRAFTS) == 0


def test_the_front_of_a_plan_and_its_duties_are_written_on_a_phone(visit, check_page, office, plan):
    page = visit(office, screen=PHONE)
    page.goto(plan.get_absolute_url())
    page.get_by_role("link", name="Say what drives it").click()
    page.get_by_label("What drives the plan").first.fill("What young people asked for")
    page.get_by_label("Shown as").first.fill("Survey of 2026")
    check_page(page)
    page.get_by_role("button", name="Save the drivers").click()
    expect(page.get_by_text("From Survey of 2026")).to_be_visible()

    page.get_by_role("link", name="Say when it is looked at again").click()
    page.get_by_role("link", name="Fill in January, April, July and October").click()
    check_page(page)
    page.get_by_role("button", name="Save the days").click()
    expect(page.get_by_text("15 July 2026")).to_be_visible()

    page.get_by_role("link", name="Where the reasons come from").first.click()
    page.get_by_label("Where it comes from").first.fill("a unicorn")
    page.get_by_role("button", name="Save the sources").click()
    expect(page.get_by_text("Nothing here is called “a unicorn”").first).to_be_visible()
    check_page(page)
    page.goto(plan.get_absolute_url())

    page.get_by_role("link", name="Paste rows from Word or Excel into 2.").click()
    page.get_by_label("Rows of your table").fill("Visit early\tHead of Midwifery\tMay 2026")
    page.get_by_role("button", name="See what we understood").click()
    check_page(page)
    page.get_by_role("button", name="Add this row").click()
    expect(page.get_by_text("Added 1 row.")).to_be_visible()

    page.get_by_text("More of this plan").click()
    page.get_by_role("link", name="Duties of the law").click()
    check_page(page)
