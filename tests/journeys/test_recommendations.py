"""A recommendation of a case is released by its group, put on the plan by the office, and found to be embedded."""

from playwright.sync_api import expect

from tests.factories import ReCheckFactory, RecommendationFactory
from tests.journeys.conftest import PHONE

TEXT = "Write down who else cares for the baby."


def test_from_a_case_to_a_judgement(visit, check_page, office, case_group_member, case, plan):
    recommendation = RecommendationFactory(
        partnership=case.partnership,
        source="local",
        source_title="",
        case=case,
        ref="1",
        text="As the reviewer put it.",
    )
    ReCheckFactory(recommendation=recommendation)

    # The group answers it and releases it; others find nothing until then.
    reader = visit(office)
    reader.goto("/recommendations/")
    expect(reader.get_by_text("No recommendation yet")).to_be_visible()
    check_page(reader)
    page = visit(case_group_member, screen=PHONE)
    page.goto("/recommendations/")
    check_page(page)
    page.get_by_role("link", name="1 As the reviewer put it.").click()
    check_page(page)
    page.get_by_role("link", name="Answer it").click()
    page.get_by_label("Accepted", exact=True).check()
    page.get_by_role("button", name="Save the answer").click()
    page.get_by_role("link", name="Release it to members").click()
    page.get_by_label("What do others read as its source?").fill(f"Case {case.reference}")
    page.get_by_role("button", name="Show me what members will read").click()
    expect(page.get_by_text("it leads to the case").first).to_be_visible()
    check_page(page)
    page.get_by_label("What do others read as its source?").fill("A local review")
    page.get_by_label("The recommendation, as others read it").fill(TEXT)
    page.get_by_role("button", name="Show me what members will read").click()
    expect(page.get_by_role("heading", name="This is what members will read")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Release it", exact=True).click()
    expect(page.get_by_text("Every member of").first).to_be_visible()

    # The office puts it on the plan and, when the day has come, records what was found.
    reader.reload()
    reader.get_by_role("link", name=f"1 {TEXT}").click()
    reader.get_by_role("link", name="Put it on a plan").click()
    check_page(reader)
    reader.get_by_label(str(plan.title)).check()
    reader.get_by_role("button", name="Go on").click()
    reader.get_by_label("A new deliverable").check()
    reader.get_by_label("Priority").select_option(index=1)
    check_page(reader)
    reader.get_by_role("button", name="Put it on the plan").click()
    expect(reader.get_by_text("It is on").first).to_be_visible()
    check_page(reader)
    reader.get_by_role("link", name="Judge it").click()
    reader.get_by_label("Embedded", exact=True).check()
    reader.get_by_label("What does that rest on?").fill("Ten of ten records.")
    check_page(reader)
    reader.get_by_role("button", name="Record the judgement").click()
    expect(reader.get_by_text("Recorded: embedded.")).to_be_visible()
    reader.goto("/recommendations/")
    expect(reader.get_by_role("cell", name="Embedded")).to_be_visible()
    check_page(reader)
    for address in ("/recommendations/not-to-be-done/", "/recommendations/re-checks/"):
        reader.goto(address)
        check_page(reader)
