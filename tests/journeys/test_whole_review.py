"""One case from the day it is known until what it taught is found to be embedded, by everybody who has a part in it."""

import re
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from partnership.models import Post
from reviews.models import Case, Recommendation
from tests.conftest import hold
from tests.journeys.conftest import PHONE
from tests.journeys.test_arrangements import fill_day
from tests.reviews.pdfs import a_pdf

TEXT = "Write down at every visit who else cares for the baby."
TITLE = "A baby who was hurt at home"
PUBLISHED_ON, LOOKED_ON = date(2027, 2, 9), date(2027, 8, 10)


@pytest.fixture
def for_health(health_board, case_group):
    return hold("Hana Novak", "Designated nurse", organisation=health_board, group=case_group)


@pytest.fixture
def scrutineer(partnership, case_group):
    return hold("Marguerite Lowell", "Scrutineer", duty=Post.Duty.ADVISOR, partnerships=[partnership], group=case_group)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    page.get_by_role("link", name=name).first.click()


def test_from_a_notification_to_what_is_embedded(
    visit, check_page, on_day, rule_sets, partnership, charity, plan,
    case_group_member, partner, for_health, scrutineer, office, lead,
):  # fmt: skip
    # The group opens the case and asks the agency, which answers.
    group = visit(case_group_member)
    group.goto(reverse("reviews:case-list"))
    follow(group, "Open a case")
    fill_day(group, "When did the partnership become aware?", date(2027, 1, 8))
    fill_day(group, "When was the Panel notified?", date(2027, 1, 11))
    group.get_by_label("What is it about?").fill("Injury to a baby")
    group.get_by_label("What happened?").fill("The baby was taken to hospital with an injury that nobody explained.")
    group.get_by_label("Lantern Family Trust").check()
    press(group, "Open the case")
    expect(group.get_by_role("alert")).to_contain_text("known to the case review group alone")
    case = Case.objects.get()
    follow(group, "Name a contact of Lantern Family Trust")
    group.get_by_label("Greta Holloway").check()
    press(group, "Save")
    follow(group, "Ask those not asked yet")
    group.get_by_label("What do you ask?").fill("Please look at the time from the booking visit on.")
    press(group, "Ask")
    expect(group.get_by_text("1 agency asked")).to_be_visible()

    agency = visit(partner, screen=PHONE)
    agency.goto("/my-work/")
    follow(agency, f"Open Summary of your agency on {case.reference}")
    for question, words in {
        "How was your agency involved?": "Two visits before the injury.",
        "What mattered in practice?": "The second visit was cut short.",
        "What do you make of it?": "Nobody asked who else cared for the baby.",
        "What did you do at once?": "Every team was reminded.",
    }.items():
        agency.get_by_label(question).fill(words)
    press(agency, "Send it")
    expect(agency.get_by_text("Sent by Greta Holloway")).to_be_visible()

    # The scrutineer advises, and the safeguarding partner decides and begins the review.
    advice = visit(scrutineer)
    advice.goto(case.get_absolute_url())
    follow(advice, "Read the summary of Lantern Family Trust")
    expect(advice.get_by_text("The second visit was cut short.")).to_be_visible()
    advice.goto(case.get_absolute_url())
    follow(advice, "Give advice")
    advice.get_by_label("A local child safeguarding practice review").check()
    advice.get_by_label("Why?").fill("Each agency held a part of the picture.")
    press(advice, "Keep the advice")
    health = visit(for_health)
    health.goto(case.get_absolute_url())
    expect(health.get_by_text("Each agency held a part of the picture.")).to_be_visible()
    follow(health, "Decide for Vale and Mill Integrated Care Board")
    health.get_by_label("A local child safeguarding practice review").check()
    health.get_by_label("Why?").fill("There is learning that no agency can find alone.")
    press(health, "Record the decision")
    follow(health, "Begin the practice review")
    health.get_by_label("Local reference").fill("AV-LR-1")
    press(health, "Begin the review")
    expect(health.get_by_role("heading", level=1)).to_contain_text("AV-LR-1")
    address = health.url

    # The group writes its terms, finds a reviewer, keeps what the family was offered and the draft.
    group.goto(address)
    follow(group, "Change terms, method, themes and cases")
    group.get_by_label("What is it to find out?").fill("Who knew of the other carers, and when?")
    press(group, "Save")
    follow(group, "Appoint a reviewer")
    follow(group, "Add somebody to the register")
    group.get_by_label("Name", exact=True).fill("Ottoline Marsh")
    press(group, "Save")
    expect(group.get_by_label("Who leads it?").locator("option:checked")).to_have_text("Ottoline Marsh")
    fill_day(group, "When were they appointed?", date(2027, 1, 12))
    press(group, "Appoint")
    group.get_by_role("listitem").filter(has_text="Nobody has told the family").get_by_role("link").click()
    fill_day(group, "When was it done?", date(2027, 1, 12))
    press(group, "Save")
    follow(group, "Add a draft")
    group.get_by_label("The draft").set_input_files(
        {"name": "draft.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
    )
    press(group, "Add the draft")
    expect(group.get_by_role("link", name="Draft 1")).to_be_visible()
    follow(group, "Add recommendations")
    group.get_by_label("What is recommended?").fill(f"1. {TEXT}")
    fill_day(group, "When was it made?", date(2027, 1, 12))
    press(group, "Add")
    follow(group, f"1 {TEXT}")
    follow(group, "Answer it")
    group.get_by_label("Accepted", exact=True).check()
    press(group, "Save the answer")
    group.goto(address)
    follow(group, "Add a learning point")
    group.get_by_label("What did we learn?").fill("Whoever cares at night is cared for too.")
    press(group, "Save")

    # Its words, its day and every step before publication; then the day itself.
    follow(group, "Words, steps and day of publication")
    follow(group, "Write them")
    group.get_by_label("Title for the public").fill(TITLE)
    group.get_by_label("In short").fill("Three services saw the family, and none knew who cared for the baby at night.")
    group.get_by_label("What the review found").fill("Nobody asked.")
    group.get_by_label("What partners did and will do").fill("The visit form asks first who else cares.")
    press(group, "Save the words")
    follow(group, "Choose the day")
    fill_day(group, "On which day is it to be published?", PUBLISHED_ON)
    press(group, "Choose this day")
    expect(group.get_by_text("8 steps are open.")).to_be_visible()
    for _ in range(8):
        follow(group, re.compile("^Answer"))
        fill_day(group, "When was it done?", date(2027, 1, 12))
        press(group, "Save")
        expect(group.get_by_role("alert")).to_contain_text("Saved")
    expect(group.get_by_text("The day chosen is 9 February 2027.")).to_be_visible()
    on_day(PUBLISHED_ON, group, case_group_member)
    group.reload()
    group.get_by_role("link", name="Publish", exact=True).click()
    press(group, "Publish")
    expect(group.get_by_role("alert")).to_contain_text("never change")

    # What it taught is released under the title that everyone reads; the learning point stays with the group.
    check_page(group)
    expect(group.get_by_label("What do others read as their source?")).to_have_value(TITLE)
    group.get_by_label("I have read what is ticked").check()
    press(group, "Release what is ticked")
    expect(group.get_by_role("alert")).to_contain_text("1 stayed with the group")
    group.get_by_label("Why does the rest stay with the group?").fill("The family asked for it.")
    press(group, "Leave the rest with the group")
    check_page(group)

    public = visit(screen=PHONE)
    public.goto(reverse("reviews:public-review-list", args=[partnership.slug]))
    follow(public, TITLE)
    expect(public.get_by_text(TEXT)).to_be_visible()
    expect(public.get_by_text("Accepted.")).to_be_visible()
    assert case.reference not in public.content()
    assert "AV-LR-1" not in public.content()

    # The office puts it on the plan under its label; the lead finds it there, and no way to the case.
    desk = on_day(PUBLISHED_ON, visit(), office)
    desk.goto("/recommendations/")
    follow(desk, f"1 {TEXT}")
    expect(desk.get_by_text(TITLE).first).to_be_visible()
    follow(desk, "Put it on a plan")
    desk.get_by_label(str(plan.title)).check()
    press(desk, "Go on")
    desk.get_by_label("A new deliverable").check()
    desk.get_by_label("Priority").select_option(index=1)
    press(desk, "Put it on the plan")
    expect(desk.get_by_role("alert")).to_contain_text("It is on")
    desk.get_by_text("Add evidence").click()
    desk.get_by_label("What does it show?").fill("The form asks it since March.")
    press(desk, "Add the evidence")
    follow(desk, "Plan a re-check")
    fill_day(desk, "When do we look again?", LOOKED_ON)
    desk.get_by_label("How do we look?").fill("Ten records of visits")
    press(desk, "Plan the re-check")
    row = Recommendation.objects.get().actions.get().deliverable
    reader = on_day(PUBLISHED_ON, visit(), lead)
    reader.goto(row.get_absolute_url())
    follow(reader, f"1 {TEXT}")
    expect(reader.get_by_text("The form asks it since March.")).to_be_visible()
    assert not [word for word in (case.reference, "AV-LR-1", str(case.pk)) if word in reader.content()]

    # In the summer somebody looks whether it is so.
    on_day(LOOKED_ON, desk, office)
    desk.goto("/my-work/")
    follow(desk, re.compile("Is it embedded"))
    follow(desk, "Judge it")
    desk.get_by_label("Embedded", exact=True).check()
    desk.get_by_label("What does that rest on?").fill("Ten of ten records.")
    press(desk, "Record the judgement")
    expect(desk.get_by_text("Recorded: embedded.")).to_be_visible()
    group = on_day(LOOKED_ON, group, case_group_member)
    group.goto(address)
    expect(group.get_by_role("table", name="Recommendations")).to_contain_text("Embedded")
    expect(group.get_by_text("The family asked for it.")).to_be_visible()
