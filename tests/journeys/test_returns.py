"""A return for two partnerships: two colleagues write it, a senior person signs it, and then it stands."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assurance.models import Answer, ReturnCopy, ScalePoint
from tests.conftest import hold
from tests.factories import AssuranceRequestFactory, QuestionFactory, ReturnFactory
from tests.factories_assurance import ScaleFactory, StandardFactory, StandardSetFactory
from tests.journeys.conftest import PHONE, save_by_itself

FIRST, SECOND = "Are we improving, and how do we know?", "What difference did it make?"
OWN = "Whom did you not reach?"


@pytest.fixture
def measured(draft_return):
    """``draft_return``, which asks for one standard too."""
    scale = ScaleFactory()
    for value, word in enumerate(["Not met", "Begun", "Mostly met", "Met"]):
        ScalePoint.objects.create(scale=scale, value=value, word=word)
    standard = StandardFactory(standard_set=StandardSetFactory(scale=scale), position=1, code="1.1")
    draft_return.request.standards = standard.standard_set
    draft_return.request.save()
    return draft_return


@pytest.fixture
def neighbour(far_partnership, charity, draft_return):
    """Farholme asks the charity one of the same, and one question of its own."""
    far_partnership.memberships.create(organisation=charity, role="relevant", from_on="2026-01-01")
    request = AssuranceRequestFactory(partnerships=[far_partnership], title="Yearly questions", due_on="2027-02-26")
    QuestionFactory(request=request, position=1, text=SECOND)
    QuestionFactory(request=request, position=2, text=OWN)
    return ReturnFactory(request=request, organisation=charity)


def saved(page):
    expect(page.locator("#saved")).to_contain_text("You can close this page")


def test_two_colleagues_write_a_senior_person_signs_and_two_partnerships_take_their_copies(
    visit, check_page, partner, charity, measured, neighbour, office
):
    ada = hold("Ada Winslow", "Service lead", organisation=charity)
    hugo = hold("Hugo Larkin", "Chief executive", organisation=charity)
    page = visit(partner)
    page.goto(reverse("assurance:return-list"))
    expect(page.get_by_role("heading", name="Assurance return 2026 to 2027")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Carry on").or_(page.get_by_role("link", name="Answer")).first.click()
    page.get_by_role("button", name="Answer both here").click()
    expect(page.get_by_text("Answered here too: Yearly questions")).to_be_visible()
    expect(page.get_by_text("1 of 4 answered")).to_be_visible()
    check_page(page)
    address = page.url

    other = visit(ada, screen=PHONE)
    other.goto(address)
    save_by_itself(other, other.get_by_role("textbox", name=f"2. {SECOND}").first, "Ada’s words")
    save_by_itself(page, page.get_by_role("textbox", name=f"2. {SECOND}").first, "Greta’s words")
    expect(page.get_by_text("Ada Winslow saved this while you were writing:")).to_be_visible()
    expect(page.locator(".typed-words")).to_have_text(["Ada’s words", "Nothing yet"])  # theirs, and before both
    check_page(page)
    assert Answer.objects.get(record=measured, question__position=2).text == "Ada’s words"
    page.get_by_role("button", name="Keep mine").click()
    saved(page)
    assert Answer.objects.get(record=measured, question__position=2).text == "Greta’s words"

    with other.expect_response("**/standards/*/"):
        other.get_by_role("radio", name="Mostly met").check()
    check_page(other)
    save_by_itself(page, page.get_by_role("textbox", name=f"3. {OWN}").first, "Families on the boats")
    line = page.locator("[data-line]").filter(has_text=FIRST)
    line.get_by_text("Files and links").click()
    file = {"name": "audit.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 an audit"}
    line.get_by_label("Add files").set_input_files(file)
    line.get_by_role("button", name="Add this evidence").click()
    expect(page.get_by_role("link", name="audit", exact=True)).to_be_visible()

    page.get_by_role("button", name="Go on to sign off").click()
    page.get_by_label("Who signs it off?").select_option(label="Hugo Larkin")
    check_page(page)
    page.get_by_role("button", name="Ask them to sign it off").click()
    expect(page.get_by_text("Hugo Larkin is asked to sign it off")).to_be_visible()

    signer = visit(hugo)
    signer.goto(reverse("assurance:my-work"))
    signer.get_by_role("link", name="Read and sign").click()
    expect(signer.get_by_text("Families on the boats")).to_be_visible()
    check_page(signer)
    page.goto(address)
    own_words = page.get_by_role("textbox", name=f"3. {OWN}").first
    save_by_itself(page, own_words, "Families on the boats, and their neighbours")
    signer.get_by_role("button", name="I sign this off and submit it").click()
    expect(signer.get_by_text("This changed while you were reading")).to_be_visible()
    signer.get_by_role("button", name="I sign this off and submit it").click()
    expect(signer.get_by_text("signed off by Hugo Larkin, Chief executive")).to_be_visible()
    check_page(signer)

    own_words.fill("Too late")
    expect(page.locator("#trouble")).to_contain_text("This return is submitted, so it can no longer be changed")
    page.goto(reverse("assurance:return-detail", args=[measured.pk]))
    expect(page.get_by_text("You typed this on this device and it was not saved")).to_be_visible()
    titles = {
        copy.partnership.short_name: [
            line["title"] for section in copy.content["sections"] for line in section["lines"]
        ]
        for copy in ReturnCopy.objects.all()
    }
    assert titles == {
        "AV": [f"1. {FIRST}", f"2. {SECOND}", "1.1 A senior leader answers for safeguarding."],
        "FH": [f"1. {SECOND}", f"2. {OWN}"],
    }
    reader = visit(office)
    reader.goto(reverse("assurance:return-copy", args=[measured.copies.get().pk]))
    expect(reader.get_by_text("Greta’s words")).to_be_visible()
    check_page(reader)
