"""The practitioner survey and the pack: who may answer, what is told and what never is."""

import re
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assurance.models import PractitionerMark, PractitionerReply, PractitionerSurvey, ScrutinyResponse
from assurance.practitioners import address_of, findings_of, keep_reply, new_press, press_of, totals_of
from partnership.deadlines import deadlines_for
from partnership.logs import masked
from tests.factories import AssuranceRequestFactory, ReturnFactory
from tests.factories_assurance import (
    AssessmentFactory,
    AssuranceLevelFactory,
    ImprovementFactory,
    PractitionerSurveyFactory,
    ScaleFactory,
    ScrutinyFactory,
    StandardFactory,
    StandardSetFactory,
    SurveyInvitationFactory,
    SurveyStatementFactory,
)
from tests.plans.test_plan_page import count_queries

pytestmark = pytest.mark.django_db

ADD = reverse("assurance:practitioner-survey-add")
TODAY, AFTER = date(2027, 1, 12), date(2027, 3, 1)
SUBMITTED = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def text_of(response):
    return response.content.decode()


def path_of(invitation):
    return "/" + address_of(invitation).split("/", 3)[3]


def reply(invitation, *values, comment="", press=None):
    statements = invitation.survey.statements.all()
    marks = {statement: value for statement, value in zip(statements, values, strict=False) if value}
    return keep_reply(invitation, press=press or press_of(new_press()), marks=marks, comment=comment, on=TODAY)


@pytest.fixture
def standards(partnership):
    scale = ScaleFactory(partnership=partnership)
    standard_set = StandardSetFactory(partnership=partnership, scale=scale)
    return [StandardFactory(standard_set=standard_set, code=code, position=at) for at, code in enumerate("AB")]


@pytest.fixture
def asked(partnership, standards, hospital, charity):
    asked = AssuranceRequestFactory(
        partnerships=[partnership], standards=standards[0].standard_set, due_on=date(2026, 12, 4)
    )
    asked.organisations.set([hospital, charity])
    return asked


@pytest.fixture
def survey(partnership, asked, standards):
    survey = PractitionerSurveyFactory(partnership=partnership, request=asked)
    for position, standard in enumerate(standards, start=1):
        SurveyStatementFactory(survey=survey, position=position, standard=standard, text=f"I know {standard.code}")
    return survey


@pytest.fixture
def invitation(survey, hospital):
    return SurveyInvitationFactory(survey=survey, organisation=hospital)


@pytest.fixture
def other_invitation(survey, charity):
    return SurveyInvitationFactory(survey=survey, organisation=charity)


# Making one


def body_of(standards, **more):
    return {
        "title": "How safe is it?",
        "introduction": "",
        "opens_on_day": "12",
        "opens_on_month": "1",
        "opens_on_year": "2027",
        "closes_on_day": "12",
        "closes_on_month": "2",
        "closes_on_year": "2027",
        f"s{standards[0].pk}": "I know whom to ask",
    } | more


def test_the_office_makes_one_from_a_request_and_a_second_press_makes_no_other(
    client_of, office, partnership, asked, standards, hospital, charity
):
    client, url = client_of(office), f"{ADD}?request={asked.pk}"
    assert client.get(url).status_code == 200
    for _press in range(2):
        assert client.post(url, body_of(standards, partnership=partnership.pk)).status_code == 302
    survey = PractitionerSurvey.objects.get()
    assert [(each.text, each.standard) for each in survey.statements.all()] == [("I know whom to ask", standards[0])]
    assert {each.organisation for each in survey.invitations.all()} == {hospital, charity}


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"title": ""}, "title", "Enter what the survey is called"),
        ({"closes_on_month": "1", "closes_on_day": "11"}, "closes_on", "Enter a last day that is not before the first"),
        (
            {"opens_on_year": "2026", "closes_on_year": "2026"},
            "closes_on",
            "Enter a last day that is not over",
        ),
        ({"partnership": "999999"}, "partnership", "Choose an answer from the list"),
    ],
)
def test_nonsense_is_told_at_its_field(client_of, office, partnership, asked, standards, wrong, field, said):
    body = body_of(standards, partnership=partnership.pk) | wrong
    response = client_of(office).post(f"{ADD}?request={asked.pk}", body)
    assert (response.status_code, response.context["form"].errors) == (422, {field: [said]})
    assert not PractitionerSurvey.objects.exists()


def test_a_survey_asks_something(client_of, office, partnership, asked, standards):
    body = body_of(standards, partnership=partnership.pk) | {f"s{standards[0].pk}": " "}
    response = client_of(office).post(f"{ADD}?request={asked.pk}", body)
    assert (response.status_code, response.context["form"].non_field_errors()) == (
        422,
        ["Write at least one statement"],
    )


# Answering


def test_a_practitioner_answers_without_account_and_nothing_says_who(client, today, invitation):
    path = path_of(invitation)
    page = client.get(path)
    form = page.context["form"]
    first, second = form.statements
    body = {first: "5", second: "", "comment": "Supervision helps", "press": form["press"].value()}
    for _press in range(2):
        assert "Your answers are in" in text_of(client.post(path, body))
    saved = PractitionerReply.objects.get()
    assert (saved.invitation, saved.replied_on, saved.comment) == (invitation, TODAY, "Supervision helps")
    assert [mark.value for mark in PractitionerMark.objects.all()] == [5]
    assert {field.name for field in PractitionerReply._meta.concrete_fields} == {
        "id",
        "invitation",
        "replied_on",
        "comment",
    }
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("strict-origin", "noindex, nofollow, noarchive")


@pytest.mark.parametrize(
    ("body", "said"),
    [({}, "Answer at least one statement before you send"), ({"wrong": "6"}, "Choose a number from 1 to 5")],
)
def test_an_empty_or_wrong_answer_is_told_and_nothing_is_kept(client, today, invitation, body, said):
    path = path_of(invitation)
    name = next(iter(client.get(path).context["form"].statements))
    response = client.post(path, {name if key == "wrong" else key: value for key, value in body.items()})
    assert (response.status_code, said in text_of(response)) == (422, True)
    assert not PractitionerReply.objects.exists()


def test_no_log_holds_the_link(invitation):
    assert masked(f"GET {path_of(invitation)} HTTP/1.1") == "GET /say/…/ HTTP/1.1"


def test_wrong_old_and_closed_links_lead_to_the_same_page(client, client_of, office, today, survey, invitation):
    path = path_of(invitation)
    assert client.get(path).status_code == 200
    url = reverse("assurance:practitioner-survey-link", args=[survey.pk, invitation.pk])
    assert client_of(office).post(url).status_code == 302
    invitation.refresh_from_db()
    newer = path_of(invitation)
    assert client.get(newer).status_code == 200
    PractitionerSurvey.objects.update(opens_on=date(2026, 1, 1), closes_on=date(2027, 1, 11))
    pages = [
        client.get(each) for each in (path, newer, path[:-3] + "/", reverse("assurance:survey-answer", args=["x"]))
    ]
    assert [page.status_code for page in pages] == [404] * 4
    words = [re.sub(r"X-CSRFToken.*", "", text_of(page)) for page in pages]
    assert words == [words[0]] * 4
    assert client.post(newer, {}).status_code == 404


def test_the_office_sees_who_has_the_link_until_another_is_made(client_of, office, survey, invitation, today):
    client, page = client_of(office), survey.get_absolute_url()
    given = reverse("assurance:practitioner-survey-given", args=[survey.pk, invitation.pk])
    client.post(given)
    client.post(given)
    assert text_of(client.get(page)).count("Given on 12 January 2027") == 1
    client.post(reverse("assurance:practitioner-survey-link", args=[survey.pk, invitation.pk]))
    assert "Given on" not in text_of(client.get(page))


@pytest.mark.parametrize(
    ("day", "due"),
    [(date(2027, 1, 3), []), (TODAY, [date(2027, 2, 26)]), (date(2027, 2, 26), [date(2027, 2, 26)]), (AFTER, [])],
)
def test_the_last_day_of_an_open_survey_is_due_to_the_office(office, partner, survey, day, due):
    found = [each for each in deadlines_for(office, on=day) if each.kind == "Survey of practitioners"]
    assert [each.due_on for each in found] == due
    assert [each for each in deadlines_for(partner, on=day) if each.kind == "Survey of practitioners"] == []


def test_too_many_replies_from_one_place_are_braked(client, today, invitation, monkeypatch):
    monkeypatch.setattr("assurance.views.practitioners.REPLIES", 1)
    path = path_of(invitation)
    assert [client.post(path, {}).status_code for _press in range(2)] == [422, 429]


# What is told


def test_nothing_is_told_below_five_nor_before_it_closes(office, survey, invitation, other_invitation):
    for _reply in range(4):
        reply(invitation, 5, 1, comment="Ours")
    for _reply in range(5):
        reply(other_invitation, 5, 0, comment="Theirs")
    reply(other_invitation, 1, 4)
    early = {each.invitation: each for each in findings_of(survey, office, on=TODAY)}
    assert {key: (each.reply_count, each.findings, each.comments) for key, each in early.items()} == {
        invitation: (None, [], []),
        other_invitation: (6, [], []),
    }
    late = {each.invitation: each for each in findings_of(survey, office, on=AFTER)}
    assert (late[invitation].reply_count, late[invitation].findings, late[invitation].comments) == (None, [], [])
    told = late[other_invitation]
    assert [(each.agree_count, each.count) for each in told.findings] == [(5, 6), (None, None)]
    assert told.comments == ["Theirs"] * 5
    totals = totals_of(list(survey.statements.all()), list(late.values()))
    assert [each[1:] for each in totals] == [(5, 6, 1), (0, 0, 0)]  # four replies more would follow from others


def test_a_gap_between_leaders_and_practitioners_is_marked(
    client_of, office, asked, survey, invitation, standards, hospital
):
    record = ReturnFactory(request=asked, organisation=hospital, submitted_at=SUBMITTED, edition=1)
    AssessmentFactory(record=record, standard=standards[0], score=3)
    AssessmentFactory(record=record, standard=standards[1], score=1)
    for _reply in range(5):
        reply(invitation, 2, 5)
    [told] = findings_of(survey, office, on=AFTER)
    assert [each.gap for each in told.findings] == ["Leaders say more", "Practitioners say more"]
    PractitionerSurvey.objects.update(closes_on=date(2027, 1, 11))
    page = text_of(client_of(office).get(survey.get_absolute_url()))
    assert ("0 of 5" in page, "Leaders say more" in page) == (True, True)


def test_statements_and_days_stand_once_it_is_closed(client_of, office, survey):
    PractitionerSurvey.objects.update(closes_on=date(2027, 1, 11))
    url = reverse("assurance:practitioner-survey-change", args=[survey.pk])
    assert "its figures stand" in text_of(client_of(office).get(url, follow=True))


def test_a_survey_takes_as_many_queries_for_three_organisations_as_for_one(
    client_of, office, survey, invitation, other_invitation, lead, health_board
):
    PractitionerSurvey.objects.update(closes_on=date(2027, 1, 11))
    client = client_of(office)
    for _reply in range(5):
        reply(invitation, 2, 5, comment="Said")
    at_1 = count_queries(client, survey.get_absolute_url())
    third = SurveyInvitationFactory(survey=survey, organisation=health_board)
    for each in (other_invitation, third):
        for _reply in range(5):
            reply(each, 2, 5, comment="Said")
    assert count_queries(client, survey.get_absolute_url()) == at_1


# An organisation's pack


@pytest.fixture
def submitted(asked, hospital, standards, partnership, office, survey, invitation):
    record = ReturnFactory(
        request=asked, organisation=hospital, submitted_at=SUBMITTED, edition=1, signed_off_by="Chief nurse"
    )
    assessment = AssessmentFactory(record=record, standard=standards[0], score=3, evidence="Minutes of May")
    ImprovementFactory(assessment=assessment, text="Train every manager")
    scrutiny = ScrutinyFactory(record=record, partnership=partnership)
    level = AssuranceLevelFactory(partnership=partnership, word="Nearly")
    ScrutinyResponse.objects.create(
        scrutiny=scrutiny, level=level, text="We thank you", sent_by=office, sent_at=SUBMITTED
    )
    for _reply in range(5):
        reply(invitation, 4, 4)
    PractitionerSurvey.objects.update(closes_on=date(2027, 1, 11))
    return record


def test_a_pack_holds_all_of_one_organisation(client_of, office, other_partner, partner, submitted, hospital):
    url = reverse("assurance:organisation-pack-xlsx", args=[hospital.pk])
    for user in (office, other_partner):
        book = load_workbook(BytesIO(client_of(user).get(url).content))
        assert {sheet.title: [cell.value for cell in list(sheet.rows)[-1]] for sheet in book.worksheets[1:]} == {
            "Standards": [2026, submitted.request.title, "B", submitted.request.standards.standards.last().text]
            + ["Not answered", None, None, None, None],
            "Improvements": [2026, "A", "Train every manager", None, datetime(2027, 3, 31), None, None],
            "Responses": [2026, submitted.request.title, "Ashford Vale Safeguarding Children Partnership"]
            + ["Nearly", "We thank you", "1 December 2026"],
            "Practitioners": ["What practitioners say, 2027", "I know B", "5 of 5", None],
        }
    assert client_of(partner).get(url).status_code == 403


def test_a_pack_is_made_as_pdf(client_of, office, submitted, hospital):
    pdf = client_of(office).get(reverse("assurance:organisation-pack-pdf", args=[hospital.pk]))
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


def test_years_of_a_pack_are_chosen(client_of, office, submitted, hospital):
    url = reverse("assurance:organisation-pack", args=[hospital.pk])
    found = {
        query: client_of(office).get(url + query).context["pack"].chosen for query in ("", "?year=2026", "?year=x")
    }
    assert found == {"": [2026], "?year=2026": [2026], "?year=x": [2026]}
