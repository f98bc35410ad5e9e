"""Returns: a draft is its own organisation's alone; what is submitted never changes."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from assurance.returns import AlreadySubmitted, save_draft, submit_return
from tests.factories import AnswerFactory, AssuranceRequestFactory, OrganisationFactory, QuestionFactory, ReturnFactory

LIST = reverse("assurance:return-list")


def change_url(record):
    return reverse("assurance:return-change", args=[record.pk])


def typed(record, *texts, action="save", signed_off_by=""):
    questions = record.request.questions.all()
    answers = {f"answer_{question.pk}": text for question, text in zip(questions, texts, strict=True)}
    return {**answers, "signed_off_by": signed_off_by, "action": action}


def answers_of(record):
    return [answer.text for answer in record.answers.all()]


def test_a_draft_may_have_gaps_and_keeps_every_word(client_of, partner, draft_return):
    answer = client_of(partner).post(change_url(draft_return), typed(draft_return, "", "Two\r\nlines"))
    draft_return.refresh_from_db()
    assert answer.url == change_url(draft_return)
    assert (answers_of(draft_return), draft_return.submitted_at) == (["", "Two\nlines"], None)


def test_what_was_saved_stands_in_the_form_again(client_of, partner, draft_return):
    page = client_of(partner).get(change_url(draft_return))
    assert "A draft that nobody else may read." in page.content.decode()


def test_what_was_said_last_time_stands_beside_the_question(client_of, partner, draft_return, hospital):
    earlier = AssuranceRequestFactory(due_on=date(2026, 1, 30))
    question = QuestionFactory(request=earlier, position=1, text=draft_return.request.questions.first().text)
    for organisation, words in ((draft_return.organisation, "Our words of last year"), (hospital, "Another’s words")):
        last = ReturnFactory(
            request=earlier, organisation=organisation, submitted_at=datetime(2026, 1, 20, 9, tzinfo=UTC)
        )
        AnswerFactory(record=last, question=question, text=words)
    page = client_of(partner).get(change_url(draft_return))
    assert [field.last_words for field in list(page.context["form"].fields.values())[:2]] == [
        "Our words of last year",
        "",
    ]
    assert "Another’s words" not in page.content.decode()


def test_submitting_needs_every_answer_and_loses_none(client_of, partner, draft_return):
    page = client_of(partner).post(
        change_url(draft_return), typed(draft_return, "Words typed just now", "", action="submit")
    )
    errors = [error for errors in page.context["form"].errors.values() for error in errors]
    draft_return.refresh_from_db()
    assert (page.status_code, errors, draft_return.submitted_at) == (
        422,
        ["Answer question 2 before you submit", "Enter who signed this off"],
        None,
    )
    assert "Words typed just now" in page.content.decode()


def test_a_submitted_return_says_who_and_when(client_of, partner, draft_return, today):
    given = typed(draft_return, "One", "Two", action="submit", signed_off_by="Greta’s director")
    answer = client_of(partner).post(change_url(draft_return), given)
    draft_return.refresh_from_db()
    assert answer.url == draft_return.get_absolute_url()
    assert (
        draft_return.signed_off_by,
        draft_return.submitted_by,
        draft_return.submitted_at.date(),
        answers_of(draft_return),
    ) == ("Greta’s director", partner, today, ["One", "Two"])


def test_a_submitted_return_is_frozen(client_of, other_partner, submitted_return):
    before = answers_of(submitted_return)
    answer = client_of(other_partner).post(change_url(submitted_return), typed(submitted_return, "Other", "words"))
    assert (answer.url, answers_of(submitted_return)) == (submitted_return.get_absolute_url(), before)
    for process in (
        lambda: save_draft(submitted_return, answers={}),
        lambda: submit_return(submitted_return, answers={}, signed_off_by="x", by=other_partner),
    ):
        with pytest.raises(AlreadySubmitted):
            process()


def test_pressing_submit_twice_submits_once(client_of, partner, draft_return):
    client = client_of(partner)
    given = typed(draft_return, "One", "Two", action="submit", signed_off_by="The director")
    client.post(change_url(draft_return), given)
    draft_return.refresh_from_db()
    first = draft_return.submitted_at
    client.post(change_url(draft_return), given)
    draft_return.refresh_from_db()
    assert draft_return.submitted_at == first


def test_fields_of_the_record_cannot_be_smuggled_in(client_of, partner, draft_return, hospital):
    smuggled = {"organisation": hospital.pk, "submitted_at": "2027-01-01", "submitted_by": partner.pk}
    client_of(partner).post(change_url(draft_return), {**typed(draft_return, "One", "Two"), **smuggled})
    draft_return.refresh_from_db()
    assert (draft_return.organisation.name, draft_return.submitted_at, draft_return.submitted_by) == (
        "Lantern Family Trust",
        None,
        None,
    )


@pytest.mark.parametrize("role", ["office", "advisor", "other_partner", "administrator", "stranger"])
def test_a_draft_does_not_exist_for_others(request, client_of, draft_return, role):
    client = client_of(request.getfixturevalue(role))
    pages = [client.get(draft_return.get_absolute_url()), client.post(change_url(draft_return), {"action": "submit"})]
    assert [page.status_code for page in pages] == [404, 404]


def listed(page):
    return [row.record for row in page.context["table"].paginated_rows]


def test_the_office_sees_who_has_submitted_and_no_drafts_words(client_of, office, draft_return, submitted_return):
    client = client_of(office)
    page = client.get(LIST)
    assert listed(page) == [draft_return, submitted_return]
    taken = client.get(LIST, {"export": "csv"}).content.decode("utf-8-sig")
    both = "Ashford Vale Safeguarding Children Partnership, Millbrook Safeguarding Children Partnership"
    assert taken.splitlines() == [
        "Organisation,Request,Of,Due,Return",
        f'Lantern Family Trust,Assurance return 2026 to 2027,"{both}",2027-01-29,Not submitted',
        f'St Brannoc’s Hospital Trust,Assurance return 2026 to 2027,"{both}",2027-01-29,2027-01-08',
    ]
    for content in (page.content.decode(), taken):
        assert [words for words in (str(draft_return.pk), "1 of 2", "nobody else may read") if words in content] == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"state": "submitted"}, ["St Brannoc’s Hospital Trust"]),
        ({"state": "waiting"}, ["Lantern Family Trust"]),
        ({"state": "late"}, []),
        ({"words": "hospital 2026"}, ["St Brannoc’s Hospital Trust"]),
        ({"words": "nobody else may read"}, []),
    ],
)
def test_returns_are_narrowed_by_what_may_be_known(client_of, office, draft_return, submitted_return, asked, expected):
    assert [record.organisation.name for record in listed(client_of(office).get(LIST, asked))] == expected


def test_a_return_is_late_after_its_day_while_its_request_is_open(client_of, office, draft_return):
    request = draft_return.request
    request.due_on = date(2027, 1, 11)
    request.save()
    client = client_of(office)
    page = client.get(LIST, {"state": "late"})
    assert listed(page) == [draft_return]
    assert "Not submitted, 1 day late" in page.content.decode()
    request.closed_on = date(2027, 1, 12)
    request.save()
    assert listed(client.get(LIST, {"state": "late"})) == []


def test_the_advisor_sees_submitted_ones_alone(client_of, advisor, draft_return, submitted_return):
    assert listed(client_of(advisor).get(LIST)) == [submitted_return]


def test_a_partner_sees_its_own_organisations_alone(client_of, partner, draft_return, submitted_return):
    page = client_of(partner).get(LIST)
    assert (list(page.context["mine"]), listed(page)) == ([draft_return], [])
    assert [(record.answered_count, record.question_count) for record in page.context["mine"]] == [(1, 2)]


def test_nothing_asked_teaches(client_of, stranger):
    assert b"Nobody has been asked yet" in client_of(stranger).get(LIST).content


def test_who_follows_no_request_is_taught_what_a_return_is(client_of, chair):
    assert b"Nothing is asked of your organisation" in client_of(chair).get(LIST).content


@pytest.mark.parametrize("returns", [1, 3])
def test_list_query_count(client_of, office, assurance_request, django_assert_num_queries, returns):
    for _ in range(returns):
        ReturnFactory(request=assurance_request, organisation=OrganisationFactory())
    client = client_of(office)
    # session, user, savepoint (2), standing, frame, requests and partnerships to choose, own, count, returns, whose
    with django_assert_num_queries(10):
        client.get(LIST)


@pytest.mark.parametrize("questions", [1, 3])
def test_form_query_count(client_of, partner, draft_return, django_assert_num_queries, questions):
    for number in range(questions - 1):
        QuestionFactory(request=draft_return.request, position=number + 3)
    client = client_of(partner)
    with django_assert_num_queries(11):
        client.get(change_url(draft_return))
