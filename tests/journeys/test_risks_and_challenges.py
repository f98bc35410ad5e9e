"""A risk from raised to worse, a challenge from raised to answered, an inspection from written down to closed."""

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE


def fill_day(page, legend, day, month, year):
    boxes = page.get_by_role("group", name=legend)
    for box, typed in (("Day", day), ("Month", month), ("Year", year)):
        boxes.get_by_label(box).fill(typed)


def begin(page, place, button):
    page.goto(place)
    check = page.get_by_role("link", name=button).first
    check.click()
    page.get_by_label("Ashford Vale Safeguarding Children Partnership").check()
    page.get_by_role("button", name="Go on").click()


def test_a_risk_is_raised_and_whoever_answers_finds_it_worse(
    visit, check_page, office, lead, health_board, learning_group, plan
):
    page = visit(office)
    page.goto("/risks/")
    expect(page.get_by_text("No open risk")).to_be_visible()
    begin(page, "/risks/", "Add a risk")
    page.get_by_role("button", name="Add the risk").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter what could go wrong")
    check_page(page)
    page.get_by_label("What could go wrong?").fill("Health visitors leave faster than they are replaced")
    page.get_by_label("Who answers for it?").select_option(str(health_board))
    page.get_by_label("How likely is it?").select_option("3 Possible")
    page.get_by_label("How bad would it be?").select_option("4 Major")
    page.get_by_label("2. Seeing neglect early").check()
    page.get_by_role("button", name="Add the risk").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Health visitors leave")
    page.get_by_role("link", name="Add an action").click()
    page.get_by_label("In whose action log?").select_option(str(learning_group))
    page.get_by_label("What is to be done?").fill("Count who leaves, each month")
    page.get_by_label("Who answers for it?").select_option(str(health_board))
    fill_day(page, "By when?", "29", "1", "2027")
    check_page(page)
    page.get_by_role("button", name="Put it in the action log").click()

    phone = visit(lead, screen=PHONE)
    phone.goto("/risks/")
    phone.get_by_role("link", name="Health visitors leave faster than they are replaced", exact=True).click()
    phone.get_by_role("link", name="Look at it again").click()
    phone.get_by_role("group", name="How likely is it now?").get_by_label("5 Almost certain").check()
    phone.get_by_label("What changed?").fill("Two more left in December.")
    check_page(phone)
    phone.get_by_role("button", name="Save what you found").click()
    expect(phone.get_by_text("Worse than at the last look: 20, it was 12")).to_be_visible()
    expect(phone.get_by_role("link", name="2. Seeing neglect early")).to_be_visible()
    check_page(phone)

    page.goto("/risks/?state=worse")
    picture = page.get_by_role("table", name="1 open risk by likelihood and impact")
    row = picture.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Almost certain"))
    expect(row.get_by_role("cell", name="Very high")).to_contain_text(["R1"])
    check_page(page)
    page.get_by_role("link", name="Words of likelihood and impact").click()
    check_page(page)
    page.get_by_role("link", name="Make its own").first.click()
    page.get_by_label("Likelihood 5", exact=True).fill("Here already")
    check_page(page)
    page.get_by_role("button", name="Save the words").click()
    expect(page.get_by_text("Here already")).to_be_visible()


def test_a_challenge_is_answered_and_closed_with_the_difference_it_made(
    visit, check_page, office, other_partner, charity, hospital
):
    page = visit(office)
    begin(page, "/challenges/", "Add a challenge")
    page.get_by_label("What is it about?").fill("Strategy meetings without a nurse")
    page.get_by_label("Who raised it?").select_option(str(charity))
    page.get_by_label("Who is asked to answer?").select_option(str(hospital))
    page.get_by_label("What is asked to be better?").fill("Three of ten in October had nobody from health.")
    fill_day(page, "By when is an answer asked for?", "12", "1", "2027")
    check_page(page)
    page.get_by_role("button", name="Add the challenge").click()

    phone = visit(other_partner, screen=PHONE)
    phone.goto("/my-work/")
    phone.get_by_role("link", name="Answer challenge C1").first.click()
    phone.get_by_label("What do you answer?").fill("A nurse is on the rota from February.")
    check_page(phone)
    phone.get_by_role("button", name="Save the answer").click()
    expect(phone.get_by_text("A nurse is on the rota from February.")).to_be_visible()

    page.reload()
    page.get_by_role("link", name="Difference it made").click()
    page.get_by_role("button", name="Close the challenge").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what difference it made, or why it made none")
    page.get_by_label("What difference did it make?").fill("All ten had a nurse in March.")
    page.get_by_role("button", name="Close the challenge").click()
    expect(page.get_by_text("All ten had a nurse in March.")).to_be_visible()
    check_page(page)
    page.goto("/challenges/")
    check_page(page)


def test_an_inspection_is_told_recommended_from_and_closed(visit, check_page, office, partner, charity):
    page = visit(office)
    begin(page, "/inspections/", "Add an inspection")
    page.get_by_label("What was inspected?").fill("Front door of children’s services")
    page.get_by_label("By whom?").fill("Ofsted")
    page.get_by_label("Which organisation?").select_option(str(charity))
    fill_day(page, "When did it begin?", "12", "10", "2026")
    page.get_by_label("What is the outcome?").fill("Requires improvement to be good")
    check_page(page)
    page.get_by_role("button", name="Add the inspection").click()
    page.get_by_role("link", name="Tell members").click()
    check_page(page)
    page.get_by_role("button", name="Tell members").click()
    page.get_by_role("link", name="Add recommendations").click()
    page.get_by_label("What is recommended?").fill("1. Answer calls within a day\n2. Tell whoever called what was done")
    page.get_by_role("button", name="Add", exact=True).click()

    phone = visit(partner, screen=PHONE)
    phone.goto("/inspections/")
    phone.get_by_role("link", name="Front door of children’s services").click()
    expect(phone.get_by_text("2 Tell whoever called what was done")).to_be_visible()
    check_page(phone)

    page.get_by_role("link", name="Close it").click()
    expect(page.get_by_text("Still open: 2 recommendations.")).to_be_visible()
    page.get_by_label("Close it all the same").check()
    page.get_by_label("What came of it").fill("The service moved to the county, which was told.")
    check_page(page)
    page.get_by_role("button", name="Close the inspection").click()
    expect(page.get_by_text("The service moved to the county, which was told.")).to_be_visible()
    page.goto("/inspections/")
    check_page(page)
