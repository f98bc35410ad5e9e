"""A subgroup's chair gets one e-mail, opens one page, answers from a phone and is done."""

import pytest
from playwright.sync_api import expect

from assurance.benchmarks.update_keystrokes import ACTIONS_FOR_NO_CHANGE
from plans.models import DateMove, Update, UpdateDraft
from tests.factories import PASSWORD, ActivityFactory, DeliverableFactory, DeliverableLeadFactory, MilestoneFactory
from tests.journeys.conftest import PHONE, save_by_itself

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
        Update.objects.filter(deliverable=deliverable, superseded_by=None).values_list(
            "rating__code", "progress", "difference_made", "voice", "submitted_by__name"
        )
    )


def line_of(page, deliverable):
    return page.locator(f"#line-{deliverable.pk}")


@pytest.fixture
def second_line(led_deliverable, lead):
    """1.3, which ``lead``'s post leads too and of which nothing was said before."""
    row = DeliverableFactory(priority=led_deliverable.priority, position=3, ref="3", title="Midwives meet weekly")
    DeliverableLeadFactory(deliverable=row, text="Head of Midwifery", post=lead.holdings.get().post)
    activity = ActivityFactory(
        deliverable=row, position=1, text="Meet.", timescale_text="Feb 2027", timescale_kind="date"
    )
    MilestoneFactory(activity=activity, due_on="2027-02-28")
    return row


def test_chair_updates_one_deliverable_from_a_phone(visit, check_page, chair, group_deliverable, round_open):
    page = visit(screen=PHONE)
    sign_in(page, chair)
    expect(page.get_by_role("heading", level=1)).to_have_text("Good morning, Tomasz")
    check_page(page)

    page.get_by_role("link", name=f"Update {group_deliverable.full_ref}").click()
    expect(page.get_by_role("heading", level=3)).to_have_text(group_deliverable.title)
    page.get_by_label("Green").check()
    page.get_by_label("What has happened?").fill(PROGRESS)
    page.get_by_label("What difference has it made?").fill(DIFFERENCE)
    page.get_by_text("What did children or adults say?").first.click()
    page.get_by_label("What did children or adults say?").fill(VOICE)
    check_page(page)
    page.get_by_role("button", name="Send what I have answered").click()

    expect(page.get_by_role("alert").first).to_contain_text(f"Your update on “{group_deliverable.title}” is in.")
    assert sent(group_deliverable) == [("G", PROGRESS, DIFFERENCE, VOICE, chair.name)]
    page.goto("/my-work/")
    expect(page.get_by_role("link", name=f"Update {group_deliverable.full_ref}")).to_have_count(0)
    page.get_by_text("Done lately (1)").click()
    expect(page.get_by_text("Green, 12 January 2027")).to_be_visible()


def test_no_change_takes_three_actions_from_my_work(visit, check_page, lead, led_deliverable, past_update, round_open):
    page = visit(lead, screen=PHONE)
    page.goto("/my-work/")
    actions = [
        lambda: page.get_by_role("link", name="Update 1.1").click(),
        lambda: line_of(page, led_deliverable).get_by_role("button", name="Same as last time").click(),
    ]
    for act in actions:
        act()
    expect(line_of(page, led_deliverable)).to_contain_text("Same as last time.")
    check_page(page)
    assert len(actions) == ACTIONS_FOR_NO_CHANGE <= 3
    assert sent(led_deliverable)[0][:2] == ("A", past_update.progress)


def test_what_is_typed_is_saved_survives_a_closed_tab_and_is_sent_with_a_new_date(
    visit, check_page, lead, led_deliverable, past_update, round_open, second_line
):
    page = visit(lead)
    page.goto("/updates/")
    line = line_of(page, second_line)
    save_by_itself(page, line.get_by_label("What has happened?"), PROGRESS)
    expect(page.locator("#saved")).to_contain_text("Saved at 09:")
    page.close()

    page = visit(lead, screen=PHONE)  # another device
    page.goto("/updates/")
    line = line_of(page, second_line)
    expect(line.get_by_label("What has happened?")).to_have_value(PROGRESS)
    line.get_by_role("button", name="Send this line").click()
    expect(page.get_by_role("alert").first).to_contain_text("Choose how it is going")
    line.get_by_label("Green").check()
    line.get_by_label("No, it needs a new date").check()
    line.get_by_label("31 March 2027").check()
    expect(line.get_by_label("Or in your own words")).to_have_value("31 March 2027")
    line.get_by_label("Or in your own words").fill("end of April 2027")
    expect(line.get_by_label("31 March 2027")).not_to_be_checked()
    expect(line).to_contain_text("We read this as due 30 April 2027, 61 days later")
    line.get_by_label("A post is vacant").check()
    line.get_by_label("In your own words", exact=True).fill("Two of four.")
    check_page(page)
    line.get_by_role("button", name="Send this line").click()
    expect(line).to_contain_text("New date asked for: end of April 2027")
    assert sent(second_line) == [("G", PROGRESS, "", "", lead.name)]
    assert DateMove.objects.get().reason == "A post is vacant. Two of four."
    assert UpdateDraft.objects.count() == 0


def test_last_times_words_are_begun_with_and_changed(
    visit, check_page, lead, led_deliverable, past_update, round_open, second_line
):
    page = visit(lead, screen=PHONE)
    page.goto("/updates/")
    line_of(page, second_line).get_by_label("What has happened?").fill(PROGRESS)
    line_of(page, led_deliverable).get_by_role("button", name="Start from last time’s words").click()
    box = line_of(page, led_deliverable).get_by_label("What has happened?")
    expect(box).to_have_value(past_update.progress)
    expect(box).to_be_focused()
    page.keyboard.type(" And one more.")
    expect(line_of(page, second_line).get_by_label("What has happened?")).to_have_value(PROGRESS)
    line_of(page, led_deliverable).get_by_label("Amber").check()
    check_page(page)
    line_of(page, led_deliverable).get_by_role("button", name="Send this line").click()
    expect(line_of(page, led_deliverable)).to_contain_text("Sent.")
    assert sent(led_deliverable)[0][1] == f"{past_update.progress} And one more."


def test_words_stay_where_the_server_cannot_be_reached_and_come_back_after_signing_in(
    visit, complaints, lead, led_deliverable, past_update, round_open
):
    page = visit(lead)
    page.goto("/updates/")
    page.context.set_offline(True)
    page.get_by_label("What has happened?").fill(PROGRESS)
    expect(page.locator("#trouble")).to_contain_text("We cannot reach the planner")
    page.context.clear_cookies()  # the session has ended meanwhile
    page.context.set_offline(False)
    page.get_by_role("button", name="Send what I have answered").click()
    expect(page.locator("#trouble")).to_be_visible()
    expect(page.get_by_label("What has happened?")).to_have_value(PROGRESS)
    complaints.clear()  # that it was offline

    page.goto("/sign-in/?next=/updates/")
    page.get_by_label("E-mail address").fill(lead.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("#put-back")).to_contain_text("is put back")
    expect(page.get_by_label("What has happened?")).to_have_value(PROGRESS)
    expect(page.locator("#saved")).to_contain_text("Saved at 09:")
    complaints.clear()


def test_update_works_by_keyboard_alone(visit, chair, group_deliverable, round_open):
    page = visit(chair)
    page.goto("/my-work/")
    tab_to(page, page.get_by_role("link", name=f"Update {group_deliverable.full_ref}"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=3)).to_have_text(group_deliverable.title)
    tab_to(page, page.get_by_role("radio").first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Green")).to_be_checked()
    tab_to(page, page.get_by_label("What has happened?"))
    page.keyboard.type(PROGRESS)
    tab_to(page, page.get_by_role("button", name="Send what I have answered"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("is in.")
    assert sent(group_deliverable) == [("G", PROGRESS, "", "", chair.name)]


def tab_to(page, control, *, at_most=60):
    """Press Tab until ``control`` has the focus, and see that one can tell where the focus is."""
    for _press in range(at_most):
        page.keyboard.press("Tab")
        if control.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{control} is not reached by {at_most} presses of Tab")


def test_updates_work_without_javascript(visit, lead, led_deliverable, past_update, round_open, second_line):
    page = visit(lead, java_script_enabled=False)
    page.goto("/my-work/")
    page.get_by_role("link", name="Update all").click()
    line_of(page, second_line).get_by_label("What has happened?").fill(PROGRESS)
    line_of(page, led_deliverable).get_by_role("button", name="Same as last time").click()
    line = line_of(page, second_line)
    expect(line.get_by_label("What has happened?")).to_have_value(PROGRESS)
    line.get_by_role("button", name="Send this line").click()
    expect(page.get_by_text("Choose how it is going").first).to_be_visible()
    line.get_by_label("Green").check()
    line.get_by_role("button", name="Send this line").click()
    expect(line).to_contain_text("Sent.")
    assert (sent(second_line)[0][1], led_deliverable.updates.in_round(round_open).get().is_unchanged) == (
        PROGRESS,
        True,
    )
