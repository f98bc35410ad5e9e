"""A subgroup's chair gets one e-mail, opens one page, answers from a phone and is done."""

from playwright.sync_api import expect

from plans.models import Update
from tests.factories import PASSWORD
from tests.journeys.conftest import PHONE

PROGRESS = "The briefing is written and twelve health visitors have used it."
DIFFERENCE = "Five fathers told us they had changed where the baby sleeps."
VOICE = "“Nobody had ever shown me,” one father said."


def sign_in(page, user):
    page.goto("/")
    page.get_by_role("link", name="Sign in").first.click()
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sent(deliverable):
    """(rating's letter, progress, difference made, voice, by whom), for each update there is."""
    return list(
        Update.objects.filter(deliverable=deliverable).values_list(
            "rating__code", "progress", "difference_made", "voice", "submitted_by__name"
        )
    )


def test_chair_updates_one_deliverable_from_a_phone(visit, check_page, chair, group_deliverable, round_open):
    page = visit(screen=PHONE)
    sign_in(page, chair)
    expect(page.get_by_role("heading", level=1)).to_have_text("Good morning, Tomasz")
    check_page(page)

    page.get_by_role("link", name=f"Update {group_deliverable.full_ref}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(group_deliverable.title)
    check_page(page)
    page.get_by_label("Green").check()
    page.get_by_label("What has happened?").fill(PROGRESS)
    page.get_by_label("What difference has it made?").fill(DIFFERENCE)
    page.get_by_label("What have children and families said?").fill(VOICE)
    page.get_by_role("button", name="Submit update").click()

    expect(page.get_by_role("alert")).to_contain_text(f"Your update on “{group_deliverable.title}” is in.")
    expect(page.get_by_role("link", name=f"Update {group_deliverable.full_ref}")).to_have_count(0)
    page.get_by_text("Done lately (1)").click()
    expect(page.get_by_text("Green, 12 January 2027")).to_be_visible()
    check_page(page)
    assert sent(group_deliverable) == [("G", PROGRESS, DIFFERENCE, VOICE, chair.name)]


def test_nothing_typed_is_lost_where_an_answer_is_missing(visit, check_page, chair, group_deliverable, round_open):
    page = visit(chair, screen=PHONE)
    page.goto(f"/deliverables/{group_deliverable.pk}/update/")
    page.get_by_label("What difference has it made?").fill(DIFFERENCE)
    page.get_by_label("What have children and families said?").fill(VOICE)
    page.get_by_role("button", name="Submit update").click()

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Choose how it is going")
    expect(summary).to_contain_text("Enter what has happened since the last update")
    expect(page).to_have_title(f"Error: Update {group_deliverable.full_ref} – Partnership Planner")
    check_page(page)
    expect(page.get_by_label("What difference has it made?")).to_have_value(DIFFERENCE)
    expect(page.get_by_label("What have children and families said?")).to_have_value(VOICE)
    assert sent(group_deliverable) == []

    summary.get_by_role("link", name="Enter what has happened").click()
    expect(page.get_by_label("What has happened?")).to_be_focused()
    page.keyboard.type(PROGRESS)
    page.get_by_label("Green").check()
    page.get_by_role("button", name="Submit update").click()
    expect(page).to_have_url("/my-work/")
    assert sent(group_deliverable) == [("G", PROGRESS, DIFFERENCE, VOICE, chair.name)]


def test_same_as_last_time_is_one_press(visit, check_page, lead, led_deliverable, past_update, round_open):
    page = visit(lead, screen=PHONE)
    page.goto(f"/deliverables/{led_deliverable.pk}/update/")
    check_page(page)
    page.get_by_role("button", name="Same as last time").click()
    expect(page.get_by_role("alert")).to_contain_text("is in.")
    repeated = led_deliverable.updates.in_round(round_open).get()
    assert (repeated.is_unchanged, repeated.progress, repeated.rating) == (
        True,
        past_update.progress,
        past_update.rating,
    )


def test_update_works_by_keyboard_alone(visit, chair, group_deliverable, round_open):
    page = visit()
    page.goto("/sign-in/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    tab_to(page, page.get_by_label("E-mail address"))
    page.keyboard.type(chair.email)
    tab_to(page, page.get_by_label("Password", exact=True))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page).to_have_url("/my-work/")
    tab_to(page, page.get_by_role("link", name=f"Update {group_deliverable.full_ref}"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(group_deliverable.title)

    ratings = page.get_by_role("radio")
    tab_to(page, ratings.first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Green")).to_be_checked()
    tab_to(page, page.get_by_label("What has happened?"))
    page.keyboard.type(PROGRESS)
    tab_to(page, page.get_by_role("button", name="Submit update"))
    page.keyboard.press("Enter")
    expect(page).to_have_url("/my-work/")
    assert sent(group_deliverable) == [("G", PROGRESS, "", "", chair.name)]


def tab_to(page, control, *, at_most=60):
    """Press Tab until ``control`` has the focus, and see that one can tell where the focus is."""
    for _press in range(at_most):
        page.keyboard.press("Tab")
        if control.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{control} is not reached by {at_most} presses of Tab")


def test_update_works_without_javascript(visit, lead, led_deliverable, past_update, round_open):
    page = visit(lead, java_script_enabled=False)
    page.goto("/my-work/")
    page.get_by_role("link", name=f"Update {led_deliverable.full_ref}").click()
    page.get_by_role("button", name="Submit update").click()
    expect(page.get_by_text("Choose how it is going").first).to_be_visible()
    page.get_by_label("Green").check()
    page.get_by_label("What has happened?").fill(PROGRESS)
    page.get_by_role("button", name="Submit update").click()
    expect(page).to_have_url("/my-work/")
    assert led_deliverable.updates.in_round(round_open).get().progress == PROGRESS
