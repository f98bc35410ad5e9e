"""A practice review: begun, led, drafted, its gate gone through on the day, published, and read by everyone."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from reviews.models import PracticeReview
from reviews.publication import settle_step, steps_of
from tests.factories import ReviewerFactory
from tests.journeys.conftest import PHONE


@pytest.fixture
def register(partnership):
    return ReviewerFactory(partnership=partnership, name="Ottoline Marsh")


def fill_day(page, question, day):
    boxes = page.get_by_role("group", name=question)
    for name, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(name).fill(str(value))


def test_a_review_from_its_terms_to_the_public_page(
    visit, check_page, case_group_member, partnership, register, rule_sets, health_board, today
):
    page = visit(case_group_member)
    page.goto(reverse("reviews:review-list"))
    expect(page.get_by_text("No practice review yet")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Begin a review").click()
    check_page(page)
    page.get_by_label("Thematic review").check()
    page.get_by_label("Local reference").fill("AV-TR-1")
    page.get_by_label("What is it about?").fill("Bruises on babies")
    fill_day(page, "When was it decided on?", date(2026, 11, 2))
    page.get_by_role("button", name="Begin the review").click()
    expect(page.get_by_text("Nobody was offered an advocate")).to_be_visible()
    check_page(page)
    address = page.url

    page.get_by_role("link", name="Appoint a reviewer").click()
    page.get_by_label("Who leads it?").select_option(label="Ottoline Marsh")
    fill_day(page, "When were they appointed?", date(2026, 11, 9))
    page.get_by_label("What interests did they declare?").fill("Reviewed the hospital before")
    page.get_by_role("button", name="Appoint").click()
    check_page(page)
    page.get_by_label("Why is that no obstacle?").fill("Another service, years ago")
    page.get_by_role("button", name="Appoint").click()
    expect(page.get_by_text("Another service, years ago")).to_be_visible()

    page.get_by_role("listitem").filter(has_text="Nobody was offered an advocate").get_by_role("link").click()
    check_page(page)
    page.get_by_label("Or why was it not?").fill("They have one already")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Add a draft").click()
    draft = {"name": "draft.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a draft"}
    page.get_by_label("The draft").set_input_files(draft)
    page.get_by_role("button", name="Add the draft").click()
    expect(page.get_by_role("link", name="Draft 1")).to_be_visible()
    check_page(page)

    page.get_by_role("link", name="Go to publication").click()
    check_page(page)
    page.get_by_role("link", name="Write them").click()
    page.get_by_label("Title for the public").fill("What bruises on babies told us")
    page.get_by_label("In short").fill("Four people saw a bruise, and each believed that another would look again.")
    page.get_by_label("What the review found").fill("What was seen\n\nEach asked.\n\n- One\n- Two")
    page.get_by_label("What partners did and will do").fill("The form asks first who was told.")
    check_page(page)
    page.get_by_role("button", name="Save the words").click()
    page.get_by_role("link", name="Choose the day").click()
    fill_day(page, "On which day is it to be published?", today)
    page.get_by_role("button", name="Choose this day").click()
    expect(page.get_by_text("must have the report by").first).to_be_visible()
    check_page(page)
    page.get_by_label("Why is less notice right?").fill("Both have agreed to it")
    page.get_by_role("button", name="Choose this day").click()
    page.get_by_role("row").filter(has_text="Agencies checked it").get_by_role("link").click()
    check_page(page)
    fill_day(page, "When was it done?", date(2027, 1, 11))
    page.get_by_role("button", name="Save").click()
    review = PracticeReview.objects.get()
    for step in steps_of(review, on=today)[1:]:
        settle_step(review, step.code, done_on=today, exception="Agreed", by=case_group_member, on=today)

    page.reload()
    page.get_by_role("link", name="Publish", exact=True).click()
    check_page(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert")).to_contain_text("never change")
    check_page(page)

    public = visit(screen=PHONE)
    public.goto(reverse("reviews:public-review-list", args=[partnership.slug]))
    check_page(public)
    public.get_by_role("link", name="What bruises on babies told us").click()
    check_page(public)
    with public.expect_download() as downloading:
        public.get_by_role("link", name="The review").click()
    assert downloading.value.suggested_filename == "review-what-bruises-on-babies-told-us-2027.pdf"
    assert "/sign-in/" in public.goto(address).url
