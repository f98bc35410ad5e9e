"""Returns: a draft is its own organisation's alone, each answer saved by itself; what is submitted never changes."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from assurance.joining import join
from assurance.models import Assessment, Return, ReturnCopy, ScalePoint
from assurance.return_sheet import line_of, read_saved, read_sheet
from assurance.return_state import AlreadySubmitted, NoLongerOpen
from assurance.returns import (
    HasGaps,
    NotSubmitted,
    SavedMeanwhile,
    add_improvement,
    ask_to_sign,
    hand_back,
    save_answer,
    save_assessment,
    submit_return,
)
from tests.conftest import hold
from tests.factories import AnswerFactory, AssuranceRequestFactory, OrganisationFactory, QuestionFactory, ReturnFactory
from tests.factories_assurance import (
    AssessmentFactory,
    ScaleFactory,
    SetQuestionFactory,
    StandardFactory,
    StandardSetFactory,
)

LIST = reverse("assurance:return-list")
NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def change_url(record):
    return reverse("assurance:return-change", args=[record.pk])


def sign_url(record):
    return reverse("assurance:return-sign-off", args=[record.pk])


def save_url(record, row):
    name, key = ("answer-save", "question_pk") if hasattr(row, "request_id") else ("assessment-save", "standard_pk")
    return reverse(f"assurance:{name}", kwargs={"pk": record.pk, key: row.pk})


def question(record, number):
    return record.request.questions.get(position=number)


def line_shown(record, **row):
    line = line_of(record, **row)
    read_saved(line)
    return line


def sent(record, number, text, seen=None):
    """What the page sends of one question. ``seen``: else what stands now."""
    asked = question(record, number)
    return {f"q{asked.pk}-text": text, f"q{asked.pk}-seen": seen or line_shown(record, question=asked).seen}


def typed(record, *texts):
    """What the page sends of all of them."""
    return {key: value for n, text in enumerate(texts, start=1) for key, value in sent(record, n, text).items()}


def answers_of(record):
    return [answer.text for answer in record.answers.order_by("question__position")]


def answer_all(record, by):
    for asked in record.request.questions.all():
        said = record.answers.filter(question=asked).first()
        seen = said.version if said else 0
        save_answer(record, asked, text=f"Words to {asked.position}.", seen=seen, by=by, at=NOW)


@pytest.fixture
def colleague(charity):
    return hold("Ada Winslow", "Service lead", organisation=charity)


@pytest.fixture
def chief(charity):
    return hold("Hugo Larkin", "Chief executive", organisation=charity)


@pytest.fixture
def standards():
    """Two standards of 0 to 3 in words."""
    scale = ScaleFactory()
    for value, word in enumerate(["Not met", "Begun", "Mostly met", "Met"]):
        ScalePoint.objects.create(scale=scale, value=value, word=word)
    body = StandardSetFactory(scale=scale)
    return [StandardFactory(standard_set=body, position=n, code=f"1.{n}") for n in (1, 2)]


@pytest.fixture
def measured(draft_return, standards):
    """``draft_return``, of which standards are asked too."""
    draft_return.request.standards = standards[0].standard_set
    draft_return.request.save()
    return draft_return


# One answer at a time


def test_an_answer_is_saved_by_itself(client_of, partner, draft_return):
    type(draft_return).objects.update(begun_at=None)
    asked = question(draft_return, 2)
    response = client_of(partner).post(save_url(draft_return, asked), sent(draft_return, 2, "Two\r\nlines "))
    answer = draft_return.answers.get(question=asked)
    assert (response.status_code, answer.text, answer.version, answer.updated_by) == (200, "Two\nlines", 1, partner)
    assert response.json() == {
        "saved": "09:00",
        "seen": f"1-{response.json()['seen'][2:]}",
        "values": {"text": answer.text},
    }
    draft_return.refresh_from_db()
    assert draft_return.begun_at == answer.updated_at


def test_the_second_of_two_people_at_one_question_sees_both_and_chooses(client_of, partner, colleague, draft_return):
    asked = question(draft_return, 1)
    shown = line_shown(draft_return, question=asked).seen
    client_of(colleague).post(save_url(draft_return, asked), sent(draft_return, 1, "Ada’s words", shown))
    client = client_of(partner)
    refused = client.post(save_url(draft_return, asked), sent(draft_return, 1, "Greta’s words", shown))
    said = refused.json()
    assert (refused.status_code, said["by"], said["theirs"]) == (409, "Ada Winslow", "Ada’s words")
    assert draft_return.answers.get(question=asked).text == "Ada’s words"
    kept = client.post(save_url(draft_return, asked), sent(draft_return, 1, "Greta’s words", said["seen"]))
    assert (kept.status_code, draft_return.answers.get(question=asked).text) == (200, "Greta’s words")


def test_what_stood_there_before_both_is_said_too(client_of, partner, colleague, draft_return):
    asked = question(draft_return, 2)
    client = client_of(partner)
    client.post(save_url(draft_return, asked), sent(draft_return, 2, "At first", "0-x"))
    client_of(colleague).post(save_url(draft_return, asked), sent(draft_return, 2, "Ada’s words", "1-x"))
    refused = client.post(save_url(draft_return, asked), sent(draft_return, 2, "Greta’s words", "1-x"))
    assert (refused.status_code, refused.json()["theirs"], refused.json()["before"]) == (409, "Ada’s words", "At first")
    page = client.post(change_url(draft_return), sent(draft_return, 2, "Greta’s words", "1-x"))
    assert page.status_code == 409
    assert all(each in page.content.decode() for each in ("At first", "Ada’s words", "Greta’s words"))


def test_without_a_script_both_versions_stand_on_the_page_and_theirs_can_be_taken(
    client_of, partner, colleague, draft_return
):
    given = typed(draft_return, "Greta’s words", "Hers too")
    save_answer(draft_return, question(draft_return, 1), text="Ada’s words", seen=0, by=colleague, at=NOW)
    client = client_of(partner)
    page = client.post(change_url(draft_return), given)
    words = page.content.decode()
    assert page.status_code == 409
    assert all(each in words for each in ("Ada’s words", "Greta’s words", "Ada Winslow saved this"))
    assert answers_of(draft_return) == ["Ada’s words", "Hers too"]
    key = f"q{question(draft_return, 1).pk}"
    client.post(change_url(draft_return), sent(draft_return, 1, "Greta’s words") | {"theirs": key})
    assert answers_of(draft_return) == ["Ada’s words", "Hers too"]
    client.post(change_url(draft_return), sent(draft_return, 1, "Greta’s words"))
    assert answers_of(draft_return) == ["Greta’s words", "Hers too"]


def test_a_box_left_alone_overwrites_nothing_that_a_colleague_wrote(client_of, partner, colleague, draft_return):
    shown = typed(draft_return, "A draft that nobody else may read.", "Only this is mine")
    save_answer(draft_return, question(draft_return, 1), text="Ada’s words", seen=0, by=colleague, at=NOW)
    response = client_of(partner).post(change_url(draft_return), shown)
    assert (response.status_code, answers_of(draft_return)) == (302, ["Ada’s words", "Only this is mine"])


def test_the_same_words_twice_are_saved_once(partner, draft_return):
    asked = question(draft_return, 2)
    for _ in range(2):
        answer = save_answer(draft_return, asked, text="Once", seen=0, by=partner, at=NOW)
    assert answer.version == 1
    with pytest.raises(SavedMeanwhile):
        save_answer(draft_return, asked, text="Another", seen=0, by=partner, at=NOW)


def test_an_answer_too_long_is_refused_with_a_sentence(client_of, partner, draft_return):
    asked = question(draft_return, 2)
    response = client_of(partner).post(save_url(draft_return, asked), sent(draft_return, 2, "x" * 20_001))
    assert (response.status_code, response.json()["problem"]) == (
        422,
        "Use 20000 characters or fewer. You have 20001",
    )


def test_a_question_of_another_request_is_none(client_of, partner, draft_return):
    other = QuestionFactory()
    url = reverse("assurance:answer-save", args=[draft_return.pk, other.pk])
    assert client_of(partner).post(url, {}).status_code == 404


def test_what_was_saved_stands_in_the_form_again(client_of, partner, draft_return):
    page = client_of(partner).get(change_url(draft_return))
    assert "A draft that nobody else may read." in page.content.decode()


# Last time


@pytest.fixture
def last_year(draft_return, hospital):
    """Both organisations answered the first question last year, in other words but from the same set."""
    of_set = SetQuestionFactory()
    first = question(draft_return, 1)
    first.asked_from = of_set
    first.save()
    earlier = AssuranceRequestFactory(title="Last year’s", due_on=date(2026, 1, 30))
    asked = QuestionFactory(request=earlier, position=1, text="Worded differently then", asked_from=of_set)
    for organisation, words in ((draft_return.organisation, "Our words of last year"), (hospital, "Another’s words")):
        last = ReturnFactory(
            request=earlier, organisation=organisation, submitted_at=datetime(2026, 1, 20, 9, tzinfo=UTC)
        )
        AnswerFactory(record=last, question=asked, text=words)
    return earlier


def test_what_was_said_last_time_stands_beside_the_question(draft_return, last_year, client_of, partner):
    found = [line.last and (line.last.words, line.last.asked_in) for line in read_sheet(draft_return).lines]
    assert found == [("Our words of last year", "Last year’s"), None]
    assert "Another’s words" not in client_of(partner).get(change_url(draft_return)).content.decode()


def test_last_years_answer_is_found_by_the_same_words_too(draft_return, last_year):
    question(draft_return, 1).request.questions.update(asked_from=None)
    last_year.questions.update(text=question(draft_return, 1).text.upper(), asked_from=None)
    assert read_sheet(draft_return).lines[0].last is None
    last_year.questions.update(text=question(draft_return, 1).text)
    assert read_sheet(draft_return).lines[0].last.words == "Our words of last year"


@pytest.mark.parametrize("is_script", [True, False])
def test_still_true_takes_last_times_words_and_says_so(client_of, partner, draft_return, last_year, is_script):
    draft_return.answers.all().delete()
    first = question(draft_return, 1)
    if is_script:
        client_of(partner).post(save_url(draft_return, first), sent(draft_return, 1, "") | {"still": "1"})
    else:
        client_of(partner).post(change_url(draft_return), typed(draft_return, "", "") | {"still": f"q{first.pk}"})
    answer = draft_return.answers.get()
    assert (answer.text, answer.is_still_true) == ("Our words of last year", True)
    changed = save_answer(draft_return, first, text="Our words, changed", seen=1, by=partner, at=NOW)
    assert not changed.is_still_true


def test_still_true_overwrites_nothing_that_was_typed(client_of, partner, draft_return, last_year):
    key = f"q{question(draft_return, 1).pk}"
    page = client_of(partner).post(change_url(draft_return), typed(draft_return, "New words", "") | {"still": key})
    assert page.status_code == 422
    assert "Empty the box first to take what you said last time" in page.content.decode()
    assert "New words" in page.content.decode()


# Standards


def assessed(record, standard, **values):
    line = line_shown(record, standard=standard)
    return {f"{line.key}-seen": line.seen} | {f"{line.key}-{name}": value for name, value in values.items()}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"score": "2", "evidence": "An audit"}, (2, False, "", "An audit")),
        ({"score": "na", "reason": "We have no wards"}, (None, True, "We have no wards", "")),
        ({"score": "1", "reason": "left from before"}, (1, False, "", "")),
        ({"evidence": "Only this so far"}, (None, False, "", "Only this so far")),
    ],
)
def test_a_standard_is_scored_or_does_not_apply(client_of, partner, measured, standards, values, expected):
    given = assessed(measured, standards[0], **values)
    response = client_of(partner).post(save_url(measured, standards[0]), given)
    row = measured.assessments.get()
    assert (response.status_code, (row.score, row.is_not_applicable, row.reason, row.evidence)) == (200, expected)


@pytest.mark.parametrize("score", ["4", "-1", "1.5", "two", "NaN", "1e9"])
def test_a_score_off_the_scale_is_refused_and_nothing_else_lost(client_of, partner, measured, standards, score):
    client = client_of(partner)
    given = assessed(measured, standards[0], score=score, evidence="Typed beside it")
    refused = client.post(save_url(measured, standards[0]), given)
    assert (refused.status_code, refused.json()["problem"]) == (422, "Choose one of the scores of this scale")
    page = client.post(change_url(measured), given | typed(measured, "One", "Two"))
    assert (page.status_code, answers_of(measured), measured.assessments.count()) == (422, ["One", "Two"], 0)
    assert "Typed beside it" in page.content.decode()


def test_a_per_cent_is_a_number_with_its_step(client_of, partner, measured, standards):
    body = standards[0].standard_set
    body.scale.points.all().delete()
    body.scale.__class__.objects.filter(pk=body.scale_id).update(highest=100, step=5, unit="%")
    client = client_of(partner)
    page = client.get(change_url(measured)).content.decode()
    assert 'type="number" min="0" max="100" step="5"' in page
    url = save_url(measured, standards[0])
    refused = client.post(url, assessed(measured, standards[0], score="62"))
    assert refused.json()["problem"] == "Enter a number per cent from 0 to 100 in steps of 5"
    client.post(url, assessed(measured, standards[0], score="65 %"))
    assert measured.assessments.get().score == Decimal(65)
    client.post(url, assessed(measured, standards[0], score="65", na="1", reason="No wards"))
    assert (measured.assessments.get().score, measured.assessments.get().is_not_applicable) == (None, True)


def test_last_times_score_stands_beside_it_and_is_taken_when_still_true(client_of, partner, measured, standards):
    earlier = AssuranceRequestFactory(due_on=date(2026, 1, 30), standards=standards[0].standard_set)
    last = ReturnFactory(request=earlier, organisation=measured.organisation, submitted_at=NOW - timedelta(days=340))
    AssessmentFactory(record=last, standard=standards[0], score=2, evidence="Last year’s audit")
    line = next(line for line in read_sheet(measured).lines if not line.is_question)
    assert line.last.words == "Mostly met"
    given = assessed(measured, standards[0]) | {"still": "1"}
    client_of(partner).post(save_url(measured, standards[0]), given)
    row = measured.assessments.get()
    assert (row.score, row.evidence, row.is_still_true) == (2, "Last year’s audit", True)


def test_what_will_be_done_has_a_day(client_of, partner, measured, standards):
    client = client_of(partner)
    refused = client.post(change_url(measured), assessed(measured, standards[0], todo="Train managers", when="soon"))
    assert refused.status_code == 422
    assert "Enter a real day with its year" in refused.content.decode()
    assert "Train managers" in refused.content.decode()
    given = assessed(measured, standards[0], todo="Train managers", who="Head of people", when="31 March 2027")
    for _ in range(2):
        client.post(change_url(measured), given)
    [improvement] = measured.assessments.get().improvements.all()
    assert (improvement.text, improvement.lead, improvement.due_on) == (
        "Train managers",
        "Head of people",
        date(2027, 3, 31),
    )
    client.post(change_url(measured), assessed(measured, standards[0]) | {"drop": improvement.pk})
    assert not measured.assessments.get().improvements.exists()


def test_what_was_promised_is_done_after_submission_with_what_came_of_it(
    client_of, partner, stranger, measured, standards
):
    improvement = add_improvement(
        measured, standards[0], text="Train", lead="", due_on=date(2027, 3, 31), by=partner, at=NOW
    )
    fill(measured, partner, standards)
    submit_return(measured, signed_off_by="Chief", by=partner, at=NOW)
    url = reverse("assurance:improvement-done", args=[improvement.pk])
    assert client_of(stranger).post(url, {"outcome": "No"}).status_code == 404
    client = client_of(partner)
    assert client.post(url, {"outcome": ""}).status_code == 422
    client.post(url, {"outcome": "All 14 were trained"})
    improvement.refresh_from_db()
    assert (improvement.done_on, improvement.outcome) == (date(2027, 1, 12), "All 14 were trained")
    assert "All 14 were trained" in client.get(measured.get_absolute_url()).content.decode()


def fill(record, by, standards=()):
    """Answer everything."""
    answer_all(record, by)
    for standard in standards:
        row = record.assessments.filter(standard=standard).first()
        said = {"score": Decimal(2), "is_not_applicable": False, "reason": "", "evidence": "Audit"}
        save_assessment(record, standard, seen=row.version if row else 0, by=by, at=NOW, **said)


# How far it is


def test_what_is_missing_is_named_and_what_is_not_required_is_not(measured, standards, partner):
    question(measured, 2).request.questions.filter(position=2).update(is_required=False)
    sheet = read_sheet(measured)
    assert (sheet.answered_count, sheet.asked_count) == (1, 3)
    assert [line.missing for line in sheet.gaps] == [f"Score {each.code} {each.text}" for each in standards]
    said = {"score": None, "is_not_applicable": True, "reason": "", "evidence": ""}
    save_assessment(measured, standards[0], seen=0, by=partner, at=NOW, **said)
    assert read_sheet(measured).gaps[0].missing == "Say why 1.1 does not apply to you"


def test_a_long_return_is_a_section_a_page_and_saves_what_is_on_it(client_of, partner, measured, standards):
    for number in range(14):
        StandardFactory(standard_set=standards[0].standard_set, position=10 + number, section="Practice")
    client = client_of(partner)
    sheet = read_sheet(measured)
    assert [section.title for section in sheet.sections] == ["Questions", "Leadership", "Practice"]
    page = client.get(change_url(measured))
    assert [section.number for section, _rows in page.context["sections"]] == [1]
    page = client.get(change_url(measured) + "?section=2")
    assert [section.number for section, _rows in page.context["sections"]] == [2]
    given = assessed(measured, standards[0], score="3") | {"next": "3"}
    answer = client.post(change_url(measured) + "?section=2", given)
    assert answer.url == change_url(measured) + "?section=3"
    assert len(client.get(change_url(measured) + "?section=all").context["sections"]) == 3


# Evidence

PDF = b"%PDF-1.7 audit"


def with_file(record, name="audit of records.pdf", content=PDF):
    key = f"q{question(record, 1).pk}"
    return sent(record, 1, "Words beside the file") | {f"{key}-files": SimpleUploadedFile(name, content), "go": key}


def test_a_file_and_a_link_are_kept_once_and_taken_away_again(client_of, partner, draft_return):
    client = client_of(partner)
    key = f"q{question(draft_return, 1).pk}"
    for _ in range(2):
        client.post(change_url(draft_return), with_file(draft_return))
        client.post(
            change_url(draft_return),
            sent(draft_return, 1, "Words beside the file")
            | {f"{key}-link": "https://example.org/audit", f"{key}-label": "The audit"},
        )
    file, link = draft_return.evidence.all()
    assert (file.label, file.document.filename, link.label, link.address) == (
        "audit of records",
        "audit of records.pdf",
        "The audit",
        "https://example.org/audit",
    )
    got = client.get(reverse("assurance:evidence-file", args=[file.pk]))
    assert (got.content, got["Content-Type"], got["Content-Disposition"]) == (
        PDF,
        "application/octet-stream",
        'attachment; filename="audit of records.pdf"',
    )
    client.post(change_url(draft_return), sent(draft_return, 1, "Words beside the file") | {"remove": str(file.pk)})
    assert client.get(reverse("assurance:evidence-file", args=[file.pk])).status_code == 404
    assert [each.pk for each in draft_return.evidence.filter(removed_at=None)] == [link.pk]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("large.pdf", PDF + b"0" * (30 * 1024 * 1024), "large.pdf has 30 MB and 10 MB is the most"),
        ("page.html", b"<script>alert(1)</script>", "page.html: This kind of file can’t be read here"),
        ("empty.pdf", b"", "empty.pdf: This file is empty"),
        ("macro.docm", b"PK\x03\x04", "macro.docm: This file can hold macros"),
    ],
)
def test_a_file_that_is_not_taken_loses_no_word(client_of, partner, draft_return, name, content, said):
    page = client_of(partner).post(change_url(draft_return), with_file(draft_return, name, content))
    assert page.status_code == 422
    assert said in page.content.decode()
    assert (answers_of(draft_return), draft_return.evidence.count()) == (["Words beside the file"], 0)


def test_a_link_that_is_none_is_refused(client_of, partner, draft_return):
    key = f"q{question(draft_return, 1).pk}"
    given = sent(draft_return, 1, "Words") | {f"{key}-link": "javascript:alert(1)"}
    page = client_of(partner).post(change_url(draft_return), given)
    assert (page.status_code, draft_return.evidence.count()) == (422, 0)
    assert "Enter a web address that starts with https://" in page.content.decode()


@pytest.mark.parametrize("role", ["office", "advisor", "other_partner", "stranger"])
def test_evidence_of_a_draft_does_not_exist_for_others(request, client_of, partner, draft_return, role):
    client_of(partner).post(change_url(draft_return), with_file(draft_return))
    url = reverse("assurance:evidence-file", args=[draft_return.evidence.get().pk])
    assert client_of(request.getfixturevalue(role)).get(url).status_code == 404


# Closed or submitted meanwhile


def close(record, on=date(2027, 1, 12)):
    record.request.closed_on = on
    record.request.save()


def test_after_closing_nothing_is_saved_and_the_words_come_back(client_of, partner, draft_return):
    given = typed(draft_return, "Typed too late", "This too")
    close(draft_return)
    client = client_of(partner)
    page = client.post(change_url(draft_return), given)
    words = page.content.decode()
    assert page.status_code == 409
    assert all(each in words for each in ("This request is closed", "Typed too late", "This too"))
    answer = client.post(save_url(draft_return, question(draft_return, 1)), given)
    assert (answer.status_code, answer.json()["is_over"]) == (409, True)
    assert answers_of(draft_return) == ["A draft that nobody else may read."]
    read = client.get(change_url(draft_return), follow=True).content.decode()
    assert "A draft that nobody else may read." in read
    assert "The business office can give you more time" in read


def test_more_time_opens_it_again_for_one_organisation(client_of, partner, draft_return):
    close(draft_return)
    draft_return.extended_to = date(2027, 1, 20)
    draft_return.save()
    response = client_of(partner).post(change_url(draft_return), typed(draft_return, "In time", ""))
    assert (response.status_code, answers_of(draft_return)) == (302, ["In time"])
    draft_return.extended_to = date(2027, 1, 11)
    draft_return.save()
    with pytest.raises(NoLongerOpen):
        save_answer(draft_return, question(draft_return, 1), text="Late", seen=1, by=partner, at=NOW)


def test_what_is_typed_while_a_colleague_submits_comes_back(client_of, partner, colleague, draft_return):
    answer_all(draft_return, partner)
    given = typed(draft_return, "Typed while Ada submitted", "Words to 2.")
    submit_return(draft_return, signed_off_by="Chief", by=colleague, at=NOW)
    page = client_of(partner).post(change_url(draft_return), given)
    words = page.content.decode()
    assert page.status_code == 409
    assert all(each in words for each in ("This return is submitted", "Ada Winslow", "Typed while Ada submitted"))
    assert answers_of(draft_return) == ["Words to 1.", "Words to 2."]


# Signing off


def looked_at(client, record):
    return client.get(sign_url(record)).context["seen"]


def test_a_half_answered_return_is_signed_off_by_no_way_and_the_gaps_are_named(client_of, partner, chief, draft_return):
    client = client_of(partner)
    page = client.get(sign_url(draft_return))
    assert "Answer “What difference did it make?”" in page.content.decode()
    for given in ({"action": "ask", "signer": chief.pk}, {"action": "submit", "signed_off_by": "Hugo Larkin, chief"}):
        page = client.post(sign_url(draft_return), given | {"seen": looked_at(client, draft_return)})
        assert page.status_code == 422
        assert [said for said, _to in page.context["problems"]] == ["Answer “What difference did it make?”"]
    draft_return.refresh_from_db()
    assert (draft_return.submitted_at, draft_return.signer) == (None, None)
    with pytest.raises(HasGaps):
        ask_to_sign(draft_return, signer=chief, by=partner, at=NOW)


def test_a_senior_person_reads_it_and_signs_it_off(client_of, partner, chief, colleague, draft_return):
    answer_all(draft_return, partner)
    client_of(partner).post(sign_url(draft_return), {"action": "ask", "signer": chief.pk})
    client = client_of(chief)
    assert "Sign off: Assurance return 2026 to 2027" in client.get(reverse("assurance:my-work")).content.decode()
    page = client.get(sign_url(draft_return))
    assert "I sign this off and submit it" in page.content.decode()
    given = {"action": "sign", "seen": page.context["seen"]}
    assert client_of(colleague).post(sign_url(draft_return), given).status_code == 403
    answer = client.post(sign_url(draft_return), given)
    draft_return.refresh_from_db()
    assert answer.url == draft_return.get_absolute_url()
    assert (draft_return.signed_off_by, draft_return.submitted_by, draft_return.edition) == (
        "Hugo Larkin, Chief executive",
        chief,
        1,
    )


def test_only_people_of_the_organisation_can_be_asked(client_of, partner, other_partner, leaver, chief, draft_return):
    answer_all(draft_return, partner)
    client = client_of(partner)
    offered = set(client.get(sign_url(draft_return)).context["forms"]["ask"].fields["signer"].queryset)
    assert offered == {partner, chief}
    page = client.post(sign_url(draft_return), {"action": "ask", "signer": other_partner.pk})
    assert page.status_code == 422


def test_what_changed_between_looking_and_signing_is_told(client_of, partner, chief, draft_return):
    answer_all(draft_return, partner)
    ask_to_sign(draft_return, signer=chief, by=partner, at=NOW)
    client = client_of(chief)
    seen = looked_at(client, draft_return)
    save_answer(draft_return, question(draft_return, 2), text="Changed since", seen=1, by=partner, at=NOW)
    page = client.post(sign_url(draft_return), {"action": "sign", "seen": seen})
    draft_return.refresh_from_db()
    assert (page.status_code, draft_return.submitted_at) == (409, None)
    assert [line.title for line, _place in page.context["changed"]] == ["2. What difference did it make?"]
    client.post(sign_url(draft_return), {"action": "sign", "seen": page.context["seen"]})
    draft_return.refresh_from_db()
    assert draft_return.submitted_at is not None


def test_it_is_sent_back_with_words(client_of, partner, chief, draft_return):
    answer_all(draft_return, partner)
    ask_to_sign(draft_return, signer=chief, by=partner, at=NOW)
    client = client_of(chief)
    assert client.post(sign_url(draft_return), {"action": "back", "note": ""}).status_code == 422
    client.post(sign_url(draft_return), {"action": "back", "note": "Say how many were trained"})
    draft_return.refresh_from_db()
    assert (draft_return.sign_off_asked_at, draft_return.submitted_at) == (None, None)
    assert "Say how many were trained" in client_of(partner).get(change_url(draft_return)).content.decode()
    assert "Sign off:" not in client.get(reverse("assurance:my-work")).content.decode()


def test_a_name_and_post_is_enough_of_somebody_without_an_account(client_of, partner, draft_return, today):
    answer_all(draft_return, partner)
    client = client_of(partner)
    seen = looked_at(client, draft_return)
    assert client.post(sign_url(draft_return), {"action": "submit", "seen": seen}).status_code == 422
    given = {"action": "submit", "signed_off_by": "Jo Marsh, director", "seen": seen}
    for _ in range(2):
        client.post(sign_url(draft_return), given)
    draft_return.refresh_from_db()
    assert (draft_return.signed_off_by, draft_return.submitted_by, draft_return.submitted_at.date()) == (
        "Jo Marsh, director",
        partner,
        today,
    )
    assert (draft_return.edition, draft_return.copies.count()) == (1, 1)


# Submitted


def test_each_partnership_of_which_it_is_a_member_gets_a_copy(partner, draft_return, partnership):
    answer_all(draft_return, partner)
    submit_return(draft_return, signed_off_by="Jo Marsh", by=partner, at=NOW)
    [copy] = draft_return.copies.all()
    assert (copy.partnership, copy.edition, copy.signed_off_by) == (partnership, 1, "Jo Marsh")
    said = [(line["title"], line["answer"]) for section in copy.content["sections"] for line in section["lines"]]
    assert said == [
        ("1. Are we improving, and how do we know?", "Words to 1."),
        ("2. What difference did it make?", "Words to 2."),
    ]


def test_an_organisation_that_is_a_member_of_none_gives_all_a_copy(
    draft_return, partner, partnership, other_partnership
):
    draft_return.organisation.memberships.all().delete()
    answer_all(draft_return, partner)
    submit_return(draft_return, signed_off_by="Jo Marsh", by=partner, at=NOW)
    assert {copy.partnership for copy in draft_return.copies.all()} == {partnership, other_partnership}


def test_a_copy_is_read_by_its_own_partnership_and_the_organisation(
    client_of, office, partner, stranger, other_partner, draft_return
):
    answer_all(draft_return, partner)
    submit_return(draft_return, signed_off_by="Jo Marsh", by=partner, at=NOW)
    url = reverse("assurance:return-copy", args=[draft_return.copies.get().pk])
    pages = [client_of(person).get(url) for person in (office, partner, stranger, other_partner)]
    assert [page.status_code for page in pages] == [200, 200, 404, 404]
    assert "Words to 1." in pages[0].content.decode()


def test_a_submitted_return_is_frozen(client_of, other_partner, submitted_return):
    before = answers_of(submitted_return)
    client = client_of(other_partner)
    given = typed(submitted_return, "Other", "words")
    assert client.post(change_url(submitted_return), given).status_code == 409
    assert client.post(save_url(submitted_return, question(submitted_return, 1)), given).status_code == 409
    assert client.get(sign_url(submitted_return)).url == submitted_return.get_absolute_url()
    for process in (
        lambda: save_answer(
            submitted_return, question(submitted_return, 1), text="x", seen=0, by=other_partner, at=NOW
        ),
        lambda: submit_return(submitted_return, signed_off_by="x", by=other_partner, at=NOW),
    ):
        with pytest.raises(AlreadySubmitted), transaction.atomic():
            process()
    assert answers_of(submitted_return) == before


def test_handed_back_it_is_a_draft_again_and_its_first_copy_stays(client_of, office, partner, draft_return):
    answer_all(draft_return, partner)
    submit_return(draft_return, signed_off_by="Jo Marsh", by=partner, at=NOW)
    hand_back(draft_return, because="The second answer is cut off.", by=office, at=NOW)
    with pytest.raises(NotSubmitted), transaction.atomic():
        hand_back(draft_return, because="Twice.", by=office, at=NOW)
    assert "The second answer is cut off." in client_of(partner).get(change_url(draft_return)).content.decode()
    assert client_of(office).get(draft_return.get_absolute_url()).status_code == 404
    save_answer(draft_return, question(draft_return, 2), text="Whole now.", seen=1, by=partner, at=NOW)
    submit_return(draft_return, signed_off_by="Jo Marsh", by=partner, at=NOW)
    said = [copy.content["sections"][0]["lines"][1]["answer"] for copy in draft_return.copies.order_by("edition")]
    assert said == ["Words to 2.", "Whole now."]


# Answered together


@pytest.fixture
def neighbour(far_partnership, charity, draft_return):
    """Farholme asks the charity two of the same and one of its own, due in February."""
    far_partnership.memberships.create(organisation=charity, role="relevant", from_on=date(2026, 1, 1))
    asked = AssuranceRequestFactory(partnerships=[far_partnership], title="Yearly questions", due_on=date(2027, 2, 26))
    for position, text in enumerate(
        ["Whom did you not reach?", *(q.text for q in draft_return.request.questions.all())]
    ):
        QuestionFactory(request=asked, position=position, text=text)
    return ReturnFactory(request=asked, organisation=charity)


def join_url(record):
    return reverse("assurance:return-join", args=[record.pk])


def test_what_another_partnership_asks_alike_is_offered_in_words(client_of, partner, draft_return, neighbour):
    page = client_of(partner).get(change_url(draft_return)).content.decode()
    assert "Farholme Safeguarding Children Partnership asks 3 things, 2 of them the same, due 26 February 2027." in page


def test_one_return_serves_two_partnerships_and_each_takes_its_own_questions(
    client_of, partner, draft_return, neighbour, partnership, far_partnership
):
    client = client_of(partner)
    client.post(join_url(draft_return), {"other": neighbour.pk})
    assert client.get(change_url(neighbour)).url == change_url(draft_return)
    sheet = read_sheet(draft_return)
    assert [(line.title, line.section) for line in sheet.lines] == [
        ("1. Are we improving, and how do we know?", "Questions"),
        ("2. What difference did it make?", "Questions"),
        ("3. Whom did you not reach?", "Asked by FH alone"),
    ]
    for line, words in zip(sheet.lines, ["One", "Two", "Three"], strict=True):
        client.post(save_url(line.record, line.row), {f"{line.key}-text": words, f"{line.key}-seen": line.seen})
    client.post(
        sign_url(draft_return),
        {"action": "submit", "signed_off_by": "Jo Marsh, director", "seen": looked_at(client, draft_return)},
    )
    for record in (draft_return, neighbour):
        record.refresh_from_db()
    assert (neighbour.submitted_at, neighbour.answered_in) == (draft_return.submitted_at, None)
    copies = {
        copy.partnership: [(line["title"], line["answer"]) for s in copy.content["sections"] for line in s["lines"]]
        for copy in ReturnCopy.objects.all()
    }
    assert copies == {
        partnership: [
            ("1. Are we improving, and how do we know?", "One"),
            ("2. What difference did it make?", "Two"),
        ],
        far_partnership: [
            ("1. Whom did you not reach?", "Three"),
            ("2. Are we improving, and how do we know?", "One"),
            ("3. What difference did it make?", "Two"),
        ],
    }
    assert answers_of(neighbour) == ["Three", "One", "Two"]


def test_joining_loses_no_word_of_either(partner, draft_return, neighbour):
    first = neighbour.request.questions.get(position=1)
    second = neighbour.request.questions.get(position=2)
    save_answer(neighbour, first, text="What we told Farholme", seen=0, by=partner, at=NOW)
    save_answer(neighbour, second, text="Only told Farholme", seen=0, by=partner, at=NOW)
    differing = join(draft_return, neighbour, by=partner, at=NOW)
    assert [line.title for line in differing] == ["1. Are we improving, and how do we know?"]
    assert answers_of(draft_return) == [
        "A draft that nobody else may read.\n\nWhat we told Farholme",
        "Only told Farholme",
    ]


def test_parted_again_each_has_all_words_that_stand(client_of, partner, draft_return, neighbour):
    client = client_of(partner)
    client.post(join_url(draft_return), {"other": neighbour.pk})
    save_answer(draft_return, question(draft_return, 2), text="Said together", seen=0, by=partner, at=NOW)
    client.post(reverse("assurance:return-part", args=[neighbour.pk]))
    neighbour.refresh_from_db()
    assert neighbour.answered_in is None
    assert answers_of(neighbour) == ["A draft that nobody else may read.", "Said together"]
    assert answers_of(draft_return) == ["A draft that nobody else may read.", "Said together"]


def test_standards_that_both_measure_by_are_scored_once(partner, measured, standards, neighbour):
    neighbour.request.standards = standards[0].standard_set
    neighbour.request.save()
    join(measured, neighbour, by=partner, at=NOW)
    for line in read_sheet(measured).lines:
        if line.is_question:
            save_answer(line.record, line.row, text="Words", seen=line.version, by=partner, at=NOW)
    fill(measured, partner, standards)
    add_improvement(measured, standards[0], text="Train", lead="", due_on=date(2027, 3, 31), by=partner, at=NOW)
    submit_return(measured, signed_off_by="Jo Marsh", by=partner, at=NOW)
    rows = Assessment.objects.filter(record=neighbour).values_list("standard__code", "score", "evidence")
    assert list(rows) == [("1.1", 2, "Audit"), ("1.2", 2, "Audit")]
    assert [
        each.text for each in Assessment.objects.get(record=neighbour, standard=standards[0]).improvements.all()
    ] == ["Train"]


@pytest.mark.parametrize("case", ["another’s", "nothing alike", "itself", "no key"])
def test_what_cannot_be_joined_stays_apart(client_of, partner, hospital, draft_return, neighbour, case):
    other = {"itself": str(draft_return.pk), "no key": "x", "nothing alike": str(neighbour.pk)}.get(case)
    if case == "another’s":
        other = str(ReturnFactory(request=neighbour.request, organisation=hospital).pk)
    neighbour.request.questions.filter(position__gt=0).delete()
    response = client_of(partner).post(join_url(draft_return), {"other": other})
    draft_return.refresh_from_db()
    neighbour.refresh_from_db()
    assert response.status_code == (404 if case in ("another’s", "no key") else 302)
    assert (draft_return.answered_in, neighbour.answered_in) == (None, None)


# Who may


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
    pages = [
        client.get(draft_return.get_absolute_url()),
        client.post(change_url(draft_return), typed(draft_return, "Not", "ours")),
        client.post(save_url(draft_return, question(draft_return, 1)), sent(draft_return, 1, "Not ours")),
        client.post(sign_url(draft_return), {"action": "sign"}),
        client.post(join_url(draft_return), {"other": draft_return.pk}),
    ]
    assert [page.status_code for page in pages] == [404] * 5
    assert answers_of(draft_return) == ["A draft that nobody else may read."]


# The list


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


def test_an_answer_is_saved_with_few_questions(client_of, partner, draft_return, django_assert_num_queries):
    """All save in the same hour, so each question that a save asks is asked some thousand times in it."""
    client, question = client_of(partner), draft_return.request.questions.first()
    # session, user, standing, savepoints (4), return, question with its request, the return locked, answer, its words
    with django_assert_num_queries(12):
        client.post(save_url(draft_return, question), {f"q{question.pk}-text": "Said", f"q{question.pk}-seen": "0-"})


@pytest.mark.parametrize(("page", "queries"), [("return-change", 19), ("return-detail", 21), ("return-sign-off", 20)])
@pytest.mark.parametrize("lines", [1, 3, 10, 60])
def test_query_count(client_of, partner, measured, standards, django_assert_num_queries, lines, page, queries):
    body = standards[0].standard_set
    AssessmentFactory(record=measured, standard=standards[0])
    for number in range(lines - 1):
        asked = QuestionFactory(request=measured.request, position=number + 3, text=f"Question {number}")
        AnswerFactory(record=measured, question=asked)
        AssessmentFactory(record=measured, standard=StandardFactory(standard_set=body, position=number + 3))
    client = client_of(partner)
    with django_assert_num_queries(queries):
        client.get(reverse(f"assurance:{page}", args=[measured.pk]) + "?section=all")


def test_returns_of_one_day_stand_by_their_titles(partnership, hospital):
    for title in "DBACE":
        request = AssuranceRequestFactory(title=title, partnerships=[partnership])
        ReturnFactory(request=request, organisation=hospital)
    asked = Return.objects.filter(organisation=hospital).asked(on=date(2027, 1, 12))
    assert [each.request.title for each in asked] == list("ABCDE")
