"""The office looks at tomorrow's reminders and changes three; a lead makes hers weekly, once by the link in a mail."""

from datetime import date

from playwright.sync_api import expect

from partnership.reminders.unsubscribing import unsubscribe_address
from tests.factories import MilestoneFactory
from tests.journeys.conftest import PHONE

DUE_ON = date(2027, 1, 14)


def test_the_office_pauses_one_skips_one_and_sends_one_now(visit, check_page, office, lead, led_deliverable):
    activity = led_deliverable.activities.first()
    for position, label in enumerate(["Leaflets", "Posters", "Website"], start=7):
        MilestoneFactory(activity=activity, position=position, label=label, due_on=DUE_ON)
    page = visit(office)
    page.set_default_timeout(30_000)  # the first look at a day reads every source of deadlines
    page.goto("/reminders/")
    check_page(page)
    expect(page.get_by_role("heading", level=2).first).to_contain_text("will be reminded")

    row(page, "Leaflets").get_by_role("link", name="Pause").click()
    check_page(page)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Say why, in one sentence").first).to_be_visible()
    page.get_by_label("Why?").fill("The printer is moving house.")
    page.get_by_role("button", name="Pause").click()
    expect(row(page, "Leaflets").first).to_contain_text("The printer is moving house.")

    row(page, "Posters").get_by_role("link", name="Skip").click()
    check_page(page)
    page.get_by_label("Why?").fill("We spoke this morning.")
    page.get_by_role("button", name="Skip this one").click()
    expect(row(page, "Posters").first).to_contain_text("Not told.")

    row(page, "Website").get_by_role("link", name="Send now").click()
    check_page(page)
    page.get_by_label("Why now?").fill("The director asks.")
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_text(f"{lead.name} is told within a minute.")).to_be_visible()

    page.get_by_role("button", name="Lift the pause").first.click()
    expect(page.get_by_text("The pause is lifted.")).to_be_visible()
    check_page(page)
    for name in ("Sent", "Not delivered", "People’s own choices", "When they come"):
        page.get_by_role("navigation", name="Reminders").get_by_role("link", name=name).click()
        check_page(page)

    page.get_by_role("link", name="Change Milestones of a plan").click()
    check_page(page)
    page.get_by_label("Working days before").fill("10, 2")
    page.get_by_label("Working days after, while it is not done").fill("1")
    expect(page.locator("#example")).to_contain_text("26 January 2027")
    page.get_by_role("button", name="Save the days").click()
    expect(page.get_by_text("Saved. Milestones of a plan: 10 and 2 working days before, 1 after.")).to_be_visible()


def row(page, words):
    return page.get_by_role("row").filter(has_text=words)


def test_a_lead_makes_hers_weekly_and_her_mail_can_do_it_too(visit, check_page, lead, led_deliverable):
    page = visit(lead, screen=PHONE)
    page.goto("/my-work/")
    page.get_by_role("link", name="My reminders").click()
    check_page(page)
    page.get_by_label("Once a week", exact=True).check()
    page.get_by_text("Another pace for one kind").click()
    check_page(page)
    page.get_by_label("Training events").select_option("Never")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Your next reminders keep to it.")).to_be_visible()
    expect(page.get_by_label("Once a week", exact=True)).to_be_checked()

    address = unsubscribe_address(lead)
    mail = visit()
    mail.goto(address[address.index("/unsubscribe/") :])
    check_page(mail)
    mail.get_by_role("button", name="Send me fewer reminders").click()
    expect(mail.get_by_role("heading", level=1)).to_have_text("Reminders to this address now come once a week")
    check_page(mail)
    mail.get_by_role("button", name="Undo").click()
    expect(mail.get_by_role("heading", level=1)).to_have_text("As it was before")
    mail.goto("/unsubscribe/nonsense/")
    check_page(mail)
