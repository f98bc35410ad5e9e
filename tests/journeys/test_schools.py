"""Schools: the office brings a file, sends the survey, a head answers on a phone, the silent get letters."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from assurance.models import SchoolMail, SchoolReturn
from assurance.schools.links import token_of
from tests.assurance.test_schools import csv_of, row_of
from tests.factories_assurance import ScaleFactory, SchoolFactory, SchoolQuestionFactory, SchoolSurveyFactory
from tests.journeys.conftest import PHONE, save_by_itself


def test_schools_from_the_file_to_the_letters(visit, check_page, office, partnership, mail_server, tmp_path):
    page = visit(office)
    page.goto("/returns/")
    page.get_by_role("link", name="Schools").click()
    expect(page.get_by_text("There are no schools in the register yet")).to_be_visible()
    check_page(page)

    page.get_by_role("link", name="Bring schools from a file").click()
    check_page(page)
    file = tmp_path / "edubase.csv"
    odd = row_of(100_003, "Odd", **{"EstablishmentStatus (name)": "Sleeping"})
    far = row_of(100_004, "Far", **{"LA (name)": "Elsewhere"})
    file.write_bytes(csv_of(row_of(100_001, "Elm Road School"), row_of(100_002, "Oak Lane School"), odd, far))
    page.get_by_label("The file").set_input_files(file)
    page.get_by_label(partnership.name).check()
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", name="What we understood")).to_be_visible()
    expect(page.get_by_text("We know no status “Sleeping”")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Yes, bring them").click()
    check_page(page)
    page.get_by_role("link", name="See the schools").click()
    check_page(page)

    page.get_by_role("link", name="Elm Road School").click()
    check_page(page)
    page.get_by_role("link", name="Change contacts").click()
    page.get_by_label("Head’s e-mail").fill("head@elm.example")
    check_page(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("head@elm.example")).to_be_visible()

    survey = SchoolSurveyFactory(partnership=partnership, sent_on=None)
    SchoolQuestionFactory(survey=survey, position=1, kind="yes-no", text="Is everybody trained?")
    SchoolQuestionFactory(survey=survey, position=2, kind="score", scale=ScaleFactory(), text="Are children heard?")
    page.goto(survey.get_absolute_url())
    page.get_by_role("link", name="Add a question").click()
    page.get_by_label("Question", exact=True).fill("What would help you?")
    page.get_by_label("In words").check()
    check_page(page)
    page.get_by_role("button", name="Save the question").click()
    check_page(page)
    page.get_by_role("link", name="Look through it and send").click()
    expect(page.get_by_role("region", name="1 school without an e-mail")).to_contain_text("Oak Lane School")
    check_page(page)
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("1 mail is on the way")).to_be_visible()
    check_page(page)
    [message] = mail_server.delivered
    link = re.search(r"http\S+/schools/answer/\S+", message.body)[0]

    phone = visit(screen=PHONE)
    answer_page = f"/schools/answer/{link.split('/schools/answer/')[1]}"
    phone.goto(answer_page)
    check_page(phone)
    phone.get_by_label("Yes", exact=True).check()
    expect(phone.get_by_text("1 of 3 answered")).to_be_visible()
    save_by_itself(phone, phone.get_by_label("What would help you?", exact=True), "One number to ring")
    expect(phone.get_by_text("2 of 3 answered")).to_be_visible()

    colleague = visit(screen=PHONE)
    colleague.goto(answer_page)
    save_by_itself(colleague, colleague.get_by_label("What would help you?", exact=True), "A training day")
    expect(colleague.get_by_text("2 of 3 answered")).to_be_visible()
    save_by_itself(phone, phone.get_by_label("What would help you?", exact=True), "One number to ring, day and night")
    first = phone.locator(":visible", has_text=re.compile("^Somebody else at your school answered this"))
    expect(first.last).to_be_visible()
    expect(phone.get_by_text("A training day")).to_be_visible()
    check_page(phone)
    phone.get_by_role("button", name="Keep mine").click()
    expect(phone.get_by_text("A training day")).to_be_hidden()

    phone.get_by_role("button", name="Submit the answers").click()
    expect(phone.get_by_role("alert")).to_contain_text("Choose an answer")
    check_page(phone)
    phone.get_by_label("2", exact=True).check()
    phone.get_by_label("Your name and post").fill("Sam Okoro, safeguarding lead")
    phone.get_by_role("button", name="Submit the answers").click()
    expect(phone.get_by_text("One number to ring, day and night")).to_be_visible()
    check_page(phone)

    page.goto(survey.get_absolute_url())
    expect(page.get_by_text("1 of 2 schools have answered: 50%")).to_be_visible()
    page.get_by_role("row", name="Primary").get_by_role("link", name="not yet").click()
    expect(page.get_by_role("link", name="Oak Lane School")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Oak Lane School").click()
    check_page(page)
    page.get_by_role("link", name="Type in an answer on paper").click()
    check_page(page)

    page.goto(survey.get_absolute_url())
    page.get_by_role("link", name="Write letters to heads and chairs").click()
    check_page(page)
    page.get_by_role("button", name="Make PDF and Word").click()
    expect(page.get_by_role("heading", name="2 letters are ready")).to_be_visible()
    check_page(page)
    assert SchoolMail.objects.filter(kind="letter", sent_at__isnull=False).count() == 2

    page.goto(reverse("assurance:school-survey-results", args=[survey.pk]))
    check_page(page)
    page.goto(survey.get_absolute_url())
    page.get_by_role("button", name="Close the survey").click()
    phone.goto(answer_page)
    expect(phone.get_by_role("heading", name="This survey is closed")).to_be_visible()
    check_page(phone)


def test_without_a_script_a_school_answers_on_one_form(visit, partnership):
    survey = SchoolSurveyFactory(partnership=partnership)
    SchoolQuestionFactory(survey=survey, position=1, text="What would help you?")
    record = SchoolReturn.objects.create(survey=survey, school=SchoolFactory(area=partnership.areas.get()))
    page = visit(screen=PHONE, java_script_enabled=False)
    page.goto(reverse("assurance:school-answer", args=[token_of(record)]))
    page.get_by_label("What would help you?").fill("One number to ring")
    page.get_by_role("button", name="Save and go on later").click()
    expect(page.get_by_label("What would help you?")).to_have_value("One number to ring")
    page.get_by_label("Your name and post").fill("Ann Lee, head")
    page.get_by_role("button", name="Submit the answers").click()
    expect(page.get_by_text("Submitted on 12 January 2027 by Ann Lee, head")).to_be_visible()
