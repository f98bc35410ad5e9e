"""Indicators: the office brings four quarters from Excel, mends what is in doubt; a member meets no small number."""

from openpyxl import Workbook
from playwright.sync_api import expect

from assurance.models import Indicator
from tests.factories import AreaFactory
from tests.journeys.conftest import PHONE

NAME = "Children on a plan because of neglect"
# Area by area, quarter by quarter; whole, Brook End has 3 in the third.
ROWS = [
    [NAME, "Brook End", 12, 14, 3, 9],
    [NAME, "Coldharbour", 61, 58, "about 63", 66],
    [NAME, "Colharbour", 1, 1, 1, 1],
    [NAME, "Whole partnership", 73, 72, 66, 75],
]


def test_four_quarters_from_excel_and_what_a_member_sees(
    visit, check_page, office, other_partner, partnership, charity, tmp_path
):
    partnership.areas.set([AreaFactory(name="Brook End"), AreaFactory(name="Coldharbour")])
    page = visit(office)
    page.goto("/indicators/")
    expect(page.get_by_text("No indicator is followed yet")).to_be_visible()
    check_page(page)

    page.get_by_role("link", name="Add an indicator").click()
    check_page(page)
    page.get_by_role("button", name="Save the indicator").click()
    expect(page.get_by_role("link", name="Enter what the indicator is called")).to_be_visible()
    page.get_by_label("Which partnership follows it?").select_option(partnership.name)
    page.get_by_label("What is it called?").fill(NAME)
    page.get_by_label("Which organisation answers for its figures?").select_option(charity.name)
    page.get_by_label("Lower is better").check()
    page.get_by_role("button", name="Save the indicator").click()
    expect(page.get_by_text("There are no figures yet")).to_be_visible()
    check_page(page)

    file = tmp_path / "figures.xlsx"
    book = Workbook()
    for row in [["Indicator", "Area", "Q4 2025/26", "Q1 2026/27", "Q2 2026/27", "Q3 2026/27"], *ROWS]:
        book.active.append(row)
    book.save(file)
    page.goto("/indicators/import/")
    check_page(page)
    page.get_by_label("The file").set_input_files(file)
    page.get_by_label(partnership.name).check()
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("“about 63” is no number")).to_be_visible()
    expect(page.get_by_text("Did you mean “Coldharbour”?").first).to_be_visible()
    check_page(page)
    page.get_by_label("Value, E3").fill("63")
    for box in page.get_by_role("group", name="Row 4").get_by_label("Leave it out").all():
        box.check()
    page.get_by_role("button", name="Keep what you mended").click()
    expect(page.get_by_text("Nothing is in doubt any more")).to_be_visible()
    page.get_by_role("button", name="Yes, count these").click()
    expect(page.get_by_role("heading", name="The figures count")).to_be_visible()
    check_page(page)

    page.get_by_role("link", name="See the indicators").click()
    check_page(page)
    page.get_by_role("link", name=NAME).click()
    check_page(page)
    row = page.get_by_role("row", name="July to September 2026").last
    expect(row.get_by_role("cell").nth(1)).to_have_text("3")

    page.get_by_role("link", name="Type figures").click()
    check_page(page)
    first = page.get_by_label("Value, Brook End, January to March 2026")
    first.click()
    page.evaluate("""() => {
        const data = new DataTransfer()
        data.setData("text/plain", "13\\t15\\n62\\t59\\n")
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}))
    }""")
    expect(page.get_by_text("4 figures put in. Look, then save.")).to_be_visible()
    first.press("ArrowDown")
    expect(page.get_by_label("Value, Coldharbour, January to March 2026")).to_be_focused()
    page.get_by_role("button", name="Save the figures").click()
    expect(page.get_by_text("Saved 4 figures")).to_be_visible()

    member = visit(other_partner, screen=PHONE)
    member.goto(Indicator.objects.get().get_absolute_url())
    check_page(member)
    row = member.get_by_role("row", name="July to September 2026").last
    expect(row.get_by_role("cell").nth(0)).to_contain_text("66")
    expect(row.get_by_role("cell").nth(1)).to_contain_text("Hidden")
    expect(row.get_by_role("cell").nth(2)).to_contain_text("Hidden")
