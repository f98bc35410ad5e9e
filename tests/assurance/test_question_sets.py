"""Question sets: written, changed without losing what was asked, copied to be one's own, retired."""

from datetime import date

import pytest
from django.urls import reverse

from assurance.models import QuestionSet
from tests.factories import AssuranceRequestFactory, QuestionFactory
from tests.factories_assurance import QuestionSetFactory, SetQuestionFactory

pytestmark = pytest.mark.django_db

LIST, ADD = reverse("assurance:question-set-list"), reverse("assurance:question-set-add")


def url(name, record):
    return reverse(f"assurance:question-set-{name}", args=[record.pk])


def text_of(response):
    return response.content.decode()


def sent(page, **typed):
    """What a browser would send of the set that ``page`` shows, with ``typed`` over it."""
    rows, form = page.context["rows"], page.context["form"]
    data = {"rows": len(rows), "mark": rows.mark}
    for field in [*form, *(field for row in rows for field in row)]:
        value = field.value()
        if value not in (None, False, ""):
            data[field.html_name] = "on" if value is True else value
    return data | typed


def words_of(question_set):
    rows = question_set.questions.filter(retired_on=None)
    return [(each.text, each.is_required, each.wants_evidence, each.is_voice) for each in rows]


@pytest.fixture
def own(partnership):
    made = QuestionSetFactory(partnership=partnership, title="Our own questions")
    SetQuestionFactory(question_set=made, position=1, text="Who was heard?")
    SetQuestionFactory(question_set=made, position=2, text="What changed?")
    return made


@pytest.fixture
def everybodys():
    made = QuestionSetFactory(partnership=None, title="Everybody’s questions", about="For all.")
    SetQuestionFactory(question_set=made, position=1, text="Are you safe?", wants_evidence=True)
    return made


def test_a_set_is_written_with_its_questions(client_of, office, partnership):
    client = client_of(office)
    typed = {
        "partnership": partnership.pk,
        "title": "Neglect",
        "q0-text": "Do you know it?",
        "q0-is_voice": "on",
        "q1-text": "",
        "q1-is_required": "",
    }
    response = client.post(ADD, sent(client.get(ADD), **typed))
    made = QuestionSet.objects.get(title="Neglect")
    assert (response.url, made.partnership, words_of(made)) == (
        made.get_absolute_url(),
        partnership,
        [("Do you know it?", True, False, True)],
    )
    again = client.post(ADD, sent(client.get(ADD), **typed))
    assert (again.status_code, QuestionSet.objects.filter(title="Neglect").count()) == (422, 1)
    assert "There is a set of this title already" in text_of(again)


def test_a_set_needs_a_title_an_owner_and_a_question(client_of, office):
    client = client_of(office)
    response = client.post(ADD, sent(client.get(ADD), about="Kept"))
    assert response.status_code == 422
    for words in ("Enter what the set is called", "Choose whose set it is", "Write at least one question", "Kept"):
        assert words in text_of(response)


def test_a_set_is_never_given_to_another_partnership(client_of, office, far_partnership):
    client = client_of(office)
    typed = {"partnership": far_partnership.pk, "title": "Theirs", "q0-text": "Ours?"}
    assert client.post(ADD, sent(client.get(ADD), **typed)).status_code == 422
    assert not QuestionSet.objects.filter(title="Theirs").exists()


def test_what_was_asked_is_asked_no_more_and_is_still_found(client_of, office, own):
    asked, never = own.questions.all()
    QuestionFactory(request=AssuranceRequestFactory(), position=1, asked_from=asked)
    client = client_of(office)
    page = client.get(url("change", own))
    client.post(url("change", own), sent(page, **{"q0-remove": "on", "q1-remove": "on", "q2-text": "New?"}))
    assert words_of(own) == [("New?", True, False, False)]
    asked.refresh_from_db()
    assert asked.retired_on == date(2027, 1, 12)
    assert not own.questions.filter(pk=never.pk).exists()
    assert "No longer asked (1)" in text_of(client.get(own.get_absolute_url()))


def test_questions_are_moved_by_their_place(client_of, office, own):
    client = client_of(office)
    client.post(url("change", own), sent(client.get(url("change", own)), **{"q1-place": "1"}))
    assert [text for text, *_more in words_of(own)] == ["What changed?", "Who was heard?"]


def test_who_writes_over_a_colleagues_change_is_told_first(client_of, office, own):
    client = client_of(office)
    page = client.get(url("change", own))
    own.questions.filter(position=1).update(text="Theirs")
    response = client.post(url("change", own), sent(page, **{"q0-text": "Mine"}))
    assert (response.status_code, "Mine" in text_of(response)) == (409, True)
    assert own.questions.get(position=1).text == "Theirs"
    assert client.post(url("change", own), sent(response)).status_code == 302
    assert own.questions.get(position=1).text == "Mine"


def test_the_installations_set_is_copied_to_be_changed(client_of, office, administrator, everybodys, partnership):
    client = client_of(office)
    assert client.get(url("change", everybodys)).status_code == 403
    assert client_of(administrator).get(url("change", everybodys)).status_code == 200
    for _press in range(2):
        client.post(url("copy", everybodys), {"partnership": partnership.pk})
    own = QuestionSet.objects.get(partnership=partnership)
    assert (own.title, own.about, words_of(own)) == (
        "Everybody’s questions",
        "For all.",
        [("Are you safe?", True, True, False)],
    )


def test_a_retired_set_is_offered_to_no_request_until_it_is_offered_again(client_of, office, own):
    client = client_of(office)
    client.post(url("retire", own), follow=True)
    assert own.title not in text_of(client.get(reverse("assurance:request-add")))
    assert "Not since 12 January 2027" in text_of(client.get(LIST, {"state": "retired"}))
    client.post(url("retire", own), {"again": "yes"}, follow=True)
    assert own.title in text_of(client.get(reverse("assurance:request-add")))


def test_a_neighbours_set_is_the_neighbours(client_of, stranger, own, everybodys):
    client = client_of(stranger)
    listed = text_of(client.get(LIST))
    assert (own.title in listed, everybodys.title in listed) == (False, True)
    for name in ("detail", "change"):
        assert client.get(url(name, own)).status_code == 404
    for name in ("copy", "retire"):
        assert client.post(url(name, own)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_set_takes_the_same_queries_for_one_and_three(
    client_of, office, partnership, count, django_assert_max_num_queries
):
    made = QuestionSetFactory(partnership=partnership, title="Counted")
    for number in range(count):
        SetQuestionFactory(question_set=made, position=number, text=f"Question {number}?")
    client = client_of(office)
    for name in ("detail", "change"):
        with django_assert_max_num_queries(16):
            assert client.get(url(name, made)).status_code == 200
