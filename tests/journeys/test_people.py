"""The office's people: a new holder in one step, somebody who leaves, and a list from a spreadsheet."""

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

from partnership.models import Post
from tests.conftest import hold


@pytest.fixture
def newcomer(partnership):
    return hold("Orla Keane", "Named midwife", partnerships=[partnership])


def test_office_says_who_holds_a_post_and_who_has_left(visit, check_page, office, lead, newcomer):
    page = visit(office)
    page.goto("/posts/")
    check_page(page)
    page.get_by_role("link", name="Head of Midwifery").click()
    check_page(page)
    page.get_by_role("link", name="Say who holds it").click()
    check_page(page)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter their e-mail address")
    check_page(page)
    page.get_by_label("Their e-mail address").fill(newcomer.email)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Delia Marchetti’s last day becomes 11 January 2027.")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="No, change something").click()
    expect(page.get_by_label("Their e-mail address")).to_have_value(newcomer.email)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Yes, appoint them").click()
    expect(page.get_by_role("alert")).to_contain_text("Orla Keane holds this post from 12 January 2027")
    check_page(page)

    page.get_by_role("link", name="Change the post").click()
    check_page(page)
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="They leave this post").click()
    check_page(page)
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Orla Keane").first.click()
    check_page(page)
    page.get_by_role("link", name="They have left").click()
    expect(page.get_by_text("2 posts become vacant:")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Yes, they have left").click()
    expect(page.get_by_role("alert")).to_contain_text("Orla Keane has left. 2 posts are vacant now")
    expect(page.get_by_text("Their account is switched off.")).to_be_visible()
    check_page(page)


def test_office_adds_a_post(visit, check_page, office, health_board):
    page = visit(office)
    page.goto("/posts/add/")
    check_page(page)
    page.get_by_label("Title").fill("Named doctor")
    page.get_by_label("Organisation").fill("care board")
    page.get_by_role("button", name="Add the post").click()
    expect(page.get_by_role("alert")).to_contain_text("Added. Nobody holds it yet")
    expect(page.get_by_text("Vacant: nobody has held it yet.")).to_be_visible()
    check_page(page)


def list_of_people(path, *rows):
    book = Workbook()
    book.active.append(["Organisation", "Post", "Name", "E-mail", "Group", "Role in group"])
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_office_brings_a_list_mends_it_and_says_yes(visit, check_page, office, executive, tmp_path):
    right = ["Harbour Trust", "Head of Nursing", "Ann Leary", "ann@example.org", "Executive", "Vice chair"]
    page = visit(office)
    page.goto("/people/")
    check_page(page)
    page.get_by_role("link", name="Bring people from a spreadsheet").click()
    check_page(page)

    def bring(*rows):
        page.get_by_label("Your list").set_input_files(list_of_people(tmp_path / "people.xlsx", *rows))
        page.get_by_label("Ashford Vale Safeguarding Children Partnership").check()
        page.get_by_role("button", name="Read the file").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("What we understood")
        check_page(page)

    bring([*right[:4], "Exectuive", ""], ["Harbour Trust", "Matron", "Bo Ito", "bo@"])
    expect(page.get_by_role("heading", name="2 things to mend in your file")).to_be_visible()
    expect(page.get_by_role("row", name="E2")).to_contain_text("Did you mean “Executive”?")
    expect(page.get_by_role("row", name="D3")).to_contain_text("is not an e-mail address")
    page.get_by_role("link", name="Bring the mended file").click()
    bring(right)
    assert not Post.objects.filter(title="Head of Nursing").exists()
    page.get_by_role("button", name="Yes, make all of this").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Everything was brought")
    check_page(page)
    assert str(executive.members.get(role="vice-chair").post) == "Head of Nursing, Harbour Trust"
