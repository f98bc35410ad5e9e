"""Pages of evaluation: questionnaires by link, figures for members, words for whoever runs the training."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.apps import apps
from django.urls import reverse
from openpyxl import load_workbook

from tests.factories import CourseFactory, EventFactory, PlaceFactory
from tests.factories_training import EvaluationFactory, PractitionerFactory
from tests.plans.test_plan_page import count_queries
from training import links
from training.models import Evaluation, EvaluationSummary, Place, TrainingMail

pytestmark = pytest.mark.django_db

Stage = Evaluation.Stage
LIST = reverse("training:evaluation-list")
TODAY = date(2027, 1, 12)
SAID_AT = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
CANARY = "Canary of an answer"


def text_of(response):
    return response.content.decode()


def path_of(kind, evaluation):
    return "/" + links.address_of(kind, evaluation).split("/", 3)[3]


@pytest.fixture
def held(partnership):
    course = CourseFactory(
        title="Safer sleep", partnerships=[partnership], afterwards="Ask to see where the baby sleeps"
    )
    return EventFactory(course=course, starts_at=datetime(2026, 12, 1, 9, 30, tzinfo=UTC))


@pytest.fixture
def ann(held, hospital):
    practitioner = PractitionerFactory(
        name="Ann", email="ann@hospital.example", organisation=hospital, manager_email="boss@hospital.example"
    )
    return PlaceFactory(
        event=held, organisation=hospital, person="Ann", practitioner=practitioner, status=Place.Status.ATTENDED
    )


@pytest.fixture
def questions(ann):
    """``questions(stage)``: Ann's, open today."""

    def questions(stage=Stage.AFTER, **fields):
        fields = {"opens_on": TODAY - timedelta(days=7), "closes_on": TODAY + timedelta(days=7)} | fields
        return EvaluationFactory(place=ann, stage=stage, **fields)

    return questions


@pytest.fixture
def answered(held, hospital):
    """``answered(count)``: so many questionnaires straight after, each with words of its own, closed."""

    def answered(count, *, event=held, stage=Stage.AFTER, **said):
        found = []
        for number in range(count):
            place = PlaceFactory(
                event=event, organisation=hospital, person=f"Person {number}", status=Place.Status.ATTENDED
            )
            answers = {"confidence": 4, "usefulness": 5, "changed": "yes", "answered_at": SAID_AT} | said
            words = {"words": f"{CANARY} {number}", "hindered": ""}
            days = {"opens_on": date(2026, 12, 1), "closes_on": date(2026, 12, 22)}
            found.append(EvaluationFactory(place=place, stage=stage, **days, **(words | answers)))
        return found

    return answered


# Questionnaires


AFTER = {"confidence": "4", "usefulness": "5", "words": "I will ask to see the cot", "hindered": "A longer break"}
LATER = {
    "confidence": "3",
    "changed": "partly",
    "words": "I ask each time",
    "hindered": "Time",
    "manager": "ask",
    "manager_email": "boss@hospital.example",
}


def test_opening_a_link_changes_nothing_and_sending_keeps_the_answers(client_of, questions):
    evaluation, client = questions(), client_of(None)
    url = path_of(links.EVALUATION, evaluation)
    page = client.get(url)
    assert page.status_code == 200
    assert "Ask to see where the baby sleeps" in text_of(page)
    assert not Evaluation.objects.exclude(answered_at=None).exists()
    page = client.post(url, AFTER)
    assert (page.status_code, "Thank you" in text_of(page)) == (200, True)
    evaluation.refresh_from_db()
    said = (evaluation.confidence, evaluation.usefulness, evaluation.words, evaluation.hindered)
    assert said == (4, 5, AFTER["words"], AFTER["hindered"])


def test_each_stage_has_its_own_questions_and_every_number_its_words(client_of, questions):
    client = client_of(None)
    pages = {
        stage: text_of(client.get(path_of(links.EVALUATION, questions(stage)))) for stage in (Stage.AFTER, Stage.LATER)
    }
    for words in ("1 Not at all confident", "5 Very confident"):
        assert all(words in page for page in pages.values())
    assert "How useful was it" in pages[Stage.AFTER]
    assert "Has your practice changed" not in pages[Stage.AFTER]
    assert "Has your practice changed" in pages[Stage.LATER]
    assert "boss@hospital.example" in pages[Stage.LATER]


def test_a_link_used_twice_keeps_the_first_answer_and_shows_nothing_of_it(client_of, questions):
    evaluation, client = questions(), client_of(None)
    url = path_of(links.EVALUATION, evaluation)
    client.post(url, AFTER)
    for page in (client.get(url), client.post(url, AFTER | {"confidence": "1", "words": "Another"})):
        assert page.status_code == 200
        assert "You have answered already" in text_of(page)
        assert AFTER["words"] not in text_of(page)
    evaluation.refresh_from_db()
    assert (evaluation.confidence, evaluation.words) == (4, AFTER["words"])


def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(client_of, questions):
    page = client_of(None).post(path_of(links.EVALUATION, questions()), {"words": "I will ask to see the cot"})
    assert page.status_code == 422
    assert "I will ask to see the cot" in text_of(page)
    assert set(page.context["form"].errors) == {"confidence", "usefulness"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"opens_on": date(2026, 12, 1), "closes_on": date(2027, 1, 11)}, "These questions are closed"),
        ({"opens_on": date(2027, 1, 13)}, "These questions are not open yet"),
    ],
)
def test_a_link_that_is_not_open_says_why_and_keeps_what_was_typed_on_the_page(client_of, questions, fields, said):
    url = path_of(links.EVALUATION, questions(**fields))
    client = client_of(None)
    assert said in text_of(client.get(url))
    page = client.post(url, AFTER)
    assert (page.status_code, said in text_of(page), AFTER["words"] in text_of(page)) == (404, True, True)
    assert not Evaluation.objects.exclude(answered_at=None).exists()


def test_somebody_who_gave_the_place_back_is_told_so(client_of, questions, ann):
    evaluation = questions()
    Place.objects.filter(pk=ann.pk).update(status=Place.Status.CANCELLED)
    page = client_of(None).get(path_of(links.EVALUATION, evaluation))
    assert (page.status_code, "Nothing is asked here any more" in text_of(page)) == (404, True)


def test_a_wrong_link_an_older_one_and_one_of_another_kind_open_nothing(client_of, questions):
    evaluation, client = questions(), client_of(None)
    url = path_of(links.EVALUATION, evaluation)
    of_manager = links.token_of(links.EVALUATION_MANAGER, evaluation)
    Evaluation.objects.update(generation=2)
    wrong = [
        url,
        reverse("training:evaluation-open", args=["wrong"]),
        reverse("training:evaluation-open", args=[of_manager]),
    ]
    assert [client.get(each).status_code for each in wrong] == [404, 404, 404]


def test_pages_by_link_are_kept_by_nobody_and_tell_no_other_address(client_of, questions):
    page = client_of(None).get(path_of(links.EVALUATION, questions()))
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "strict-origin"
    assert "noindex" in page["X-Robots-Tag"]


def test_the_own_place_page_leads_to_the_questions_until_they_are_answered(client_of, questions, ann):
    evaluation, client = questions(), client_of(None)
    url, place_url = path_of(links.EVALUATION, evaluation), path_of(links.PLACE, ann)
    assert url in text_of(client.get(place_url))
    client.post(url, AFTER)
    assert url not in text_of(client.get(place_url))


# The manager


def test_the_manager_is_asked_and_does_not_see_what_was_written(client_of, questions):
    evaluation, client = questions(Stage.LATER), client_of(None)
    assert client.post(path_of(links.EVALUATION, evaluation), LATER).status_code == 200
    assert TrainingMail.objects.get().address == "boss@hospital.example"
    url = path_of(links.EVALUATION_MANAGER, evaluation)
    page = text_of(client.get(url))
    assert ("Ann" in page, LATER["words"] in page) == (True, False)
    assert client.post(url, {"changed": "yes", "words": "I saw it"}).status_code == 200
    assert "You have answered already" in text_of(client.post(url, {"changed": "no", "words": ""}))
    evaluation.refresh_from_db()
    assert (evaluation.changed, evaluation.manager_changed, evaluation.manager_words) == ("partly", "yes", "I saw it")


def test_a_manager_with_whom_somebody_answered_sees_it(client_of, questions):
    evaluation, client = questions(Stage.LATER), client_of(None)
    client.post(path_of(links.EVALUATION, evaluation), LATER | {"manager": "together"})
    assert LATER["words"] in text_of(client.get(path_of(links.EVALUATION_MANAGER, evaluation)))


def test_nobody_is_asked_where_somebody_wants_nobody_asked(client_of, questions):
    evaluation, client = questions(Stage.LATER), client_of(None)
    client.post(path_of(links.EVALUATION, evaluation), LATER | {"manager": "alone"})
    evaluation.refresh_from_db()
    assert (evaluation.manager_email, TrainingMail.objects.count()) == ("", 0)
    assert client.get(path_of(links.EVALUATION_MANAGER, evaluation)).status_code == 404


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("", "Enter your manager’s work e-mail, or choose to ask nobody else"),
        ("ANN@hospital.example", "Enter your manager’s address. This one is your own"),
        ("boss@gmail.com", "Enter your manager’s work address. This one is a private one"),
        ("boss", "Enter an e-mail address like name@example.org"),
    ],
)
def test_a_managers_address_is_somebody_elses_at_work(client_of, questions, email, said):
    page = client_of(None).post(path_of(links.EVALUATION, questions(Stage.LATER)), LATER | {"manager_email": email})
    assert page.status_code == 422
    assert page.context["form"].errors["manager_email"] == [said]
    assert not TrainingMail.objects.exists()


# Figures and words


def detail_of(event):
    return reverse("training:evaluation-detail", args=[event.pk])


def words_of(event, stage=Stage.AFTER):
    return reverse("training:evaluation-words", args=[event.pk, stage])


def test_members_read_figures_and_the_summary_and_nobodys_words(client_of, partner, office, held, answered):
    answered(5)
    EvaluationSummary.objects.create(
        event=held, stage="after", text="They will ask.", answer_count=5, written_by=office, written_at=SAID_AT
    )
    client = client_of(partner)
    page = text_of(client.get(detail_of(held)))
    event = text_of(client.get(held.get_absolute_url()))
    for each in (page, event):
        assert "They will ask." in each
        assert "5 of 5 who were asked answered" in each
        assert (CANARY in each, words_of(held) in each) == (False, False)
    assert client.get(words_of(held)).status_code == 403


@pytest.mark.parametrize("who", ["advisor", "chair", "partner", "lead"])
def test_words_are_for_whoever_runs_the_training(client_of, request, held, answered, who):
    answered(5)
    assert client_of(request.getfixturevalue(who)).get(words_of(held)).status_code == 403


def test_four_answers_are_read_by_nobody(client_of, training_coordinator, held, answered):
    answered(4)
    client = client_of(training_coordinator)
    page = client.get(words_of(held))
    assert (CANARY in text_of(page), page.context["form"]) == (False, None)
    client.post(words_of(held), {"text": "They will ask.", "difference": ""})
    assert not EvaluationSummary.objects.exists()
    page = text_of(client.get(detail_of(held)))
    assert "too few answers to tell" in page
    assert "spread-drawing" not in page


def test_words_stand_in_alphabetical_order_without_names(client_of, training_coordinator, held, answered):
    for evaluation, words in zip(answered(5), ["delta", "Alpha", "echo", "bravo", "Charlie"], strict=True):
        Evaluation.objects.filter(pk=evaluation.pk).update(words=words)
    page = client_of(training_coordinator).get(words_of(held))
    assert page.context["words"].said[0] == (
        "What they will do differently",
        ["Alpha", "bravo", "Charlie", "delta", "echo"],
    )
    assert "Person 0" not in text_of(page)


@pytest.mark.parametrize(("count", "read"), [(5, 0), (9, 0), (10, 5), (14, 5), (15, 10)])
def test_while_somebody_can_answer_words_are_read_in_steps_of_five(
    client_of, training_coordinator, held, answered, questions, count, read
):
    """So that nobody can watch one person's words arrive: at the end there are always five new ones."""
    answered(count)
    questions()
    page = client_of(training_coordinator).get(words_of(held))
    words = page.context["words"]
    assert (words.answer_count if words else 0, text_of(page).count(CANARY)) == (read, read)


def test_a_summary_is_written_and_says_when_more_was_answered(client_of, training_coordinator, held, answered):
    answered(5)
    client = client_of(training_coordinator)
    assert client.post(words_of(held), {"text": "", "difference": ""}).status_code == 422
    assert client.post(words_of(held), {"text": "They will ask.", "difference": "Cots are seen."}).status_code == 302
    summary = EvaluationSummary.objects.get()
    assert (summary.answer_count, summary.written_by) == (5, training_coordinator)
    assert "new answer" not in text_of(client.get(words_of(held)))
    answered(2)
    assert "2 new answers since the summary was written" in text_of(client.get(words_of(held)))


def test_a_first_summary_is_not_written_over_another_one_unseen(
    client_of, training_coordinator, office, held, answered
):
    answered(5)
    own, other = client_of(training_coordinator), client_of(office)
    other.post(words_of(held), {"text": "Theirs", "difference": ""})
    page = own.post(words_of(held), {"text": "Mine", "difference": ""})
    assert (page.status_code, "Theirs" in text_of(page), "Mine" in text_of(page)) == (409, True, True)
    assert EvaluationSummary.objects.get().text == "Theirs"


def test_the_list_narrows_by_course_and_days_and_adds_up_what_is_told(client_of, partner, held, answered, partnership):
    other = EventFactory(
        course=CourseFactory(title="Neglect", partnerships=[partnership]),
        starts_at=datetime(2026, 10, 1, 9, 0, tzinfo=UTC),
    )
    answered(5)
    answered(4, event=other)
    client = client_of(partner)
    page = client.get(LIST)
    assert [course.title for course, _figures in page.context["courses"]] == ["Neglect", "Safer sleep"]
    assert (page.context["figures"].after.answered_count, page.context["figures"].after.confidence.count) == (9, 5)
    narrowed = client.get(LIST, {"course": other.course_id})
    assert (narrowed.context["figures"].after.answered_count, narrowed.context["drawings"]) == (4, [])
    old = EventFactory(course=other.course, starts_at=datetime(2025, 6, 1, 9, 0, tzinfo=UTC))
    answered(5, event=old)
    counts = [client.get(LIST, asked).context["figures"].event_count for asked in ({}, {"when": "all"})]
    assert counts == [2, 3]
    days = client.get(LIST, {"since": "2026-11-01", "until": "2026-12-31"})
    assert days.context["figures"].event_count == 1


def test_excel_holds_figures_of_courses_and_events_and_no_answer(client_of, training_coordinator, held, answered):
    answered(5)
    book = load_workbook(BytesIO(client_of(training_coordinator).get(LIST, {"export": "xlsx"}).content))
    rows = {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}
    assert [len(sheet) for sheet in rows.values()] == [2, 2]
    headings, event = rows["By event"]
    said = dict(zip(headings, event, strict=True))
    assert (said["Answered after"], said["Usefulness"], said["Confidence after, of everybody where told"]) == (5, 5, 4)
    assert said["Practice changed"] is None or said["Practice changed"] == ""
    assert CANARY not in str(rows)
    assert CANARY not in text_of(client_of(training_coordinator).get(LIST, {"export": "csv"}))


def test_nobodys_answer_stands_on_any_page_about_the_event_or_the_person(
    client_of, training_coordinator, held, questions
):
    evaluation = questions()
    Evaluation.objects.filter(pk=evaluation.pk).update(
        answered_at=SAID_AT, confidence=1, usefulness=1, words=CANARY, hindered=CANARY, manager_words=CANARY
    )
    client = client_of(training_coordinator)
    practitioner = evaluation.place.practitioner
    addresses = [
        held.get_absolute_url(),
        detail_of(held),
        words_of(held),
        LIST,
        f"{LIST}?export=xlsx",
        practitioner.get_absolute_url(),
        reverse("partnership:record-history", args=["training.event", held.pk]),
        reverse("partnership:record-history", args=["training.place", evaluation.place_id]),
        path_of(links.EVALUATION, evaluation),
        path_of(links.EVALUATION_MANAGER, evaluation),
    ]
    for address in addresses:
        assert CANARY not in text_of_any(client.get(address)), address


def text_of_any(response):
    if "spreadsheet" in response["Content-Type"]:
        return str(
            [[cell.value for cell in row] for sheet in load_workbook(BytesIO(response.content)) for row in sheet]
        )
    return text_of(response)


def test_of_an_answer_no_history_is_kept():
    """A table of it would say who answered what and when, to whoever reads history."""
    tables = {model.__name__ for model in apps.get_app_config("training").get_models()}
    assert "EvaluationSummaryEvent" in tables
    assert "EvaluationEvent" not in tables


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts(client_of, partner, training_coordinator, partnership, answered, held, count):
    for _more in range(count):
        event = EventFactory(course=CourseFactory(partnerships=[partnership]), starts_at=held.starts_at)
        answered(5, event=event)
    counts = (
        count_queries(client_of(partner), LIST),
        count_queries(client_of(partner), detail_of(event)),
        count_queries(client_of(training_coordinator), words_of(event)),
    )
    assert counts == (12, 12, 13)
