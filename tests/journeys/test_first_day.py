"""From an empty installation to a round of updates that a chair answers: the administrator's part and the office's.

Every press is counted, so that the way does not grow long without anybody noticing.
"""

import re

import pytest
from django.contrib.staticfiles import finders
from django.core import mail
from openpyxl import Workbook
from playwright.sync_api import expect

from partnership.models import Organisation, User
from partnership.tasks import send_invitations, send_reminders
from plans.models import Update
from tests.journeys.conftest import PHONE
from tests.journeys.test_signing_in import GOOD, code_for

SAMPLE = finders.find("plans/sample-plan.docx")
NAME = "Harrowdale Safeguarding Children Partnership"
HEADINGS = ["Organisation", "Kind", "Membership", "Post", "Name", "E-mail", "Group", "Role in group"]
STATUTORY = "Statutory safeguarding partner"
COUNCIL = ["Harrowdale Council", "Local authority", STATUTORY]
POLICE = ["Wendmoor Police", "Police", STATUTORY]
TRUST = ["Harbour Family Trust", "Voluntary organisation", "Relevant agency"]
PEOPLE = [
    [*COUNCIL, "Director of Children’s Services", "Dora Quill", "dora@example.org", "Harrowdale Board", "Chair"],
    [*COUNCIL, "Named nurse", "Nils Ferrow", "nils@example.org", "Learning Group", "Chair"],
    [*POLICE, "Head of Public Protection", "Petra Vane", "petra@example.org", "Harrowdale Board", "Member"],
    [*TRUST, "Safeguarding manager", "Gwen Hale", "gwen@example.org", "Learning Group", "Member"],
]
MOST_PRESSES = 60
COUNT_PRESSES = "addEventListener('click', event => event.isTrusted && window.pressed(), true)"


@pytest.fixture
def people_list(tmp_path):
    book = Workbook()
    for row in [HEADINGS, *PEOPLE]:
        book.active.append(row)
    path = tmp_path / "people.xlsx"
    book.save(path)
    return path


@pytest.fixture
def presses():
    """Every press of everybody, one True each."""
    return []


@pytest.fixture
def visit_counted(visit, presses):
    def visit_counted(user=None, **options):
        page = visit(user, **options)
        page.expose_function("pressed", lambda: presses.append(True))
        page.add_init_script(COUNT_PRESSES)
        return page

    return visit_counted


def link_in(mails, to):
    """The path of the first address in the newest mail to them."""
    [newest, *_] = [each for each in reversed(mails) if each.to == [to]]
    return re.search(r"https?://[^/]+(/(?:invitation|a|answer)\S+)", newest.body)[1]


def step(page, title):
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=title))


def go_on(page, title, words):
    """From wherever one is, by the menu, to the step's link."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Getting started").click()
    step(page, title).get_by_role("link", name=words).click()


def test_a_new_partnership_goes_from_nothing_to_an_answered_round(
    visit_counted, check_page, administrator, people_list, presses
):
    page = visit_counted(administrator)
    make_partnership(page, check_page)
    office = visit_counted()
    come_in(office, User.objects.get(email="beth@example.org").email)
    say_who_we_are(office, check_page, people_list)
    bring_plan(office, check_page)
    ask(office, check_page)
    answer(visit_counted(screen=PHONE), check_page)

    office.goto("/getting-started/")
    expect(office.get_by_text("10 of 10 done")).to_be_visible()
    check_page(office)
    expect(office.get_by_role("navigation", name="Main").get_by_role("link", name="Getting started")).to_have_count(0)
    assert len(presses) <= MOST_PRESSES


def make_partnership(page, check_page):
    page.goto("/my-work/")
    page.get_by_role("main").get_by_role("link", name="Administration").click()
    check_page(page)
    page.get_by_role("link", name="Add areas").click()
    page.get_by_role("link", name="Add an area").click()
    page.get_by_label("Name of the local authority area").fill("Harrowdale")
    page.get_by_role("button", name="Add the area").click()
    page.get_by_role("link", name="Add a partnership").click()
    page.get_by_label("Name", exact=True).fill(NAME)
    page.get_by_label("Short name").fill("HD")
    page.get_by_label("Harrowdale", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Getting started")
    check_page(page)
    step(page, "The business office").get_by_role("link").click()
    check_page(page)
    expect(page.get_by_label(NAME)).to_be_checked()
    expect(page.get_by_label("Duty")).to_have_value("office")
    page.get_by_label("Title").fill("Partnership manager")
    page.get_by_role("button", name="Add the post").click()
    page.get_by_role("link", name="Say who holds it").click()
    page.get_by_label("Their e-mail address").fill("beth@example.org")
    page.get_by_label("Their name").fill("Beth Ames")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text(f"Runs the business office of {NAME}")).to_be_visible()
    page.get_by_role("button", name="Yes, appoint them").click()
    page.get_by_role("main").get_by_role("link", name="Beth Ames", exact=True).click()
    page.get_by_role("button", name="Invite them").click()
    expect(page.get_by_role("alert")).to_contain_text("on its way to beth@example.org")
    send_invitations()


def come_in(page, address):
    page.goto(link_in(mail.outbox, address))
    page.get_by_role("main").get_by_role("button").last.click()
    page.get_by_label("New password").fill(GOOD)
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("link", name="Set up an app").click()
    key = page.locator(".key-text").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows now").fill(code_for(key))
    page.get_by_role("button", name="Set it up").click()
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("link", name="Go on with the steps")).to_be_visible()


def say_who_we_are(page, check_page, people_list):
    check_page(page)
    page.get_by_role("link", name="Go on with the steps").click()
    check_page(page)
    step(page, "Name, areas and address").get_by_role("link").first.click()
    page.get_by_label("The office’s e-mail address").fill("office@example.org")
    page.get_by_role("button", name="Save").click()
    for name, kind in (("Harrowdale Board", "Board"), ("Learning Group", "Subgroup")):
        go_on(page, "Groups and their chairs", "Add a group")
        expect(page.get_by_label(NAME)).to_be_checked()
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("What kind of group").select_option(label=kind)
        page.get_by_role("button", name="Add the group").click()
    go_on(page, "Posts and people", "Bring people from a spreadsheet")
    page.get_by_label("Your list").set_input_files(people_list)
    page.get_by_role("button", name="Read the file").click()
    check_page(page)
    page.get_by_role("button", name="Yes, make all of this").first.click()
    check_page(page)
    assert Organisation.objects.get(name="Wendmoor Police").kind == Organisation.Kind.POLICE
    page.get_by_role("link", name="Invite those who never signed in").click()
    page.get_by_role("button", name="Send the invitations").click()
    expect(page.get_by_role("alert")).to_contain_text("4 invitations are on their way")


def bring_plan(page, check_page):
    go_on(page, "The plan and who leads", "Import the plan you have")
    page.get_by_label("Your plan").set_input_files(SAMPLE)
    page.get_by_role("button", name="Read the plan").click()
    page.get_by_role("button", name="Yes, make this plan").first.click()
    go_on(page, "The plan and who leads", "Say who leads")
    check_page(page)
    for box in page.get_by_role("main").get_by_role("combobox").all():
        box.select_option(label="Learning Group")
    page.get_by_role("button", name="Save who leads").click()
    go_on(page, "The plan agreed", "Approve or publish it")
    page.get_by_role("link", name="Publish it").click()
    page.get_by_label("Which group approved it?").select_option(label="Harrowdale Board")
    for box, typed in (("Day", "11"), ("Month", "January"), ("Year", "2027")):
        page.get_by_label(box, exact=True).fill(typed)
    page.get_by_label("Which group proposes ratings?").select_option(label="Learning Group")
    page.get_by_label("Which group decides them?").select_option(label="Harrowdale Board")
    page.get_by_role("button", name="Publish the plan").click()
    expect(page.get_by_role("alert")).to_contain_text("The plan is published.")


def ask(page, check_page):
    go_on(page, "The first round of updates", "Open a round")
    page.get_by_role("button", name="Open the round").click()
    expect(page.get_by_role("alert")).to_contain_text("to tell them today, ask everybody who is silent")
    go_on(page, "Reminders", "Ask everybody who is silent")
    page.get_by_role("button", name="Ask everybody who is silent").click()
    expect(page.get_by_role("alert")).to_contain_text("Nils Ferrow")
    check_page(page)
    send_reminders()


def answer(page, check_page):
    """The chair opens the link of the mail on a phone, without an account's password."""
    page.goto(link_in(mail.outbox, "nils@example.org"))
    check_page(page)
    page.get_by_role("button", name="Open my lines").click()
    check_page(page)
    page.get_by_label("Green").first.check()
    page.get_by_label("What has happened").first.fill("It has begun.")
    page.get_by_role("button", name=re.compile("^Send|^Submit")).first.click()
    expect(page.get_by_text("Thank you").first).to_be_visible()
    assert Update.objects.get().submitted_by.email == "nils@example.org"
