"""The independent scrutineer's statement: written by advisors alone, given for good, answered, printed."""

from datetime import UTC, date, datetime

import pgtrigger
import pytest
from django.db import InternalError, connection, transaction
from django.urls import reverse

from assurance.annual import statements
from assurance.annual.statements import lacks_of_statement, statement_content
from assurance.models import ScrutinyStatement
from partnership.deadlines import deadlines_for
from partnership.models import Post
from partnership.refusals import ChangedMeanwhile, NotNow
from tests.conftest import hold
from tests.factories import AnnualReportFactory, ReportEvidenceFactory
from tests.factories_judged import AdvisorNoteFactory
from tests.factories_report import ScrutinyStatementFactory
from tests.plans.test_plan_page import count_queries

pytestmark = pytest.mark.django_db

AT = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
TODAY = date(2027, 1, 12)
CANARY = "I looked at forty files, and nobody may know yet"
GUARDS = ("assurance.ScrutinyStatement:given_statement_stands", "assurance.ScrutinyStatement:given_statement_is_kept")


def url(name, report):
    return reverse(f"assurance:statement-{name}", args=[report.pk])


def text_of(response):
    return response.content.decode()


def said(**more):
    return {"words": CANARY, "conclusion": "It listens.", "by_line": "Marguerite Lowell, scrutineer"} | more


def seen_of(statement):
    return (statement.conclusion, statement.words, statement.by_line)


@pytest.fixture
def draft(annual_report, advisor):
    return ScrutinyStatementFactory(report=annual_report, words=CANARY, written_by=advisor)


@pytest.fixture
def given(draft):
    return statements.give_statement(draft.report, seen=seen_of(draft), at=AT)


@pytest.fixture
def other_advisor(partnership):
    return hold("Ambrose Tully", "Deputy advisor", duty=Post.Duty.ADVISOR, partnerships=[partnership])


# Writing


def test_the_advisor_writes_a_draft_and_goes_on_with_it(client_of, advisor, annual_report):
    client, page = client_of(advisor), url("write", annual_report)
    assert "Marguerite Lowell, independent scrutineer" in text_of(client.get(page))
    client.post(page, said())
    statement = ScrutinyStatement.objects.get()
    assert (statement.words, statement.number, statement.written_by, statement.given_at) == (CANARY, 1, advisor, None)
    shown = client.get(page)
    assert CANARY in text_of(shown)
    client.post(page, said(words="More", seen=shown.context["form"]["seen"].value()))
    assert ScrutinyStatement.objects.get().words == "More"


def test_two_advisors_overwrite_each_other_never_unseen(client_of, advisor, other_advisor, annual_report):
    page = url("write", annual_report)
    seen = client_of(other_advisor).get(page).context["form"]["seen"].value()
    client_of(advisor).post(page, said())
    answer = client_of(other_advisor).post(page, said(words="Mine", seen=seen))
    assert answer.status_code == 409
    assert CANARY in text_of(answer)
    assert "Mine" in text_of(answer)
    assert ScrutinyStatement.objects.get().words == CANARY


def test_a_sentence_that_is_too_long_is_mended_and_nothing_is_lost(client_of, advisor, annual_report):
    answer = client_of(advisor).post(url("write", annual_report), said(conclusion="x" * 251))
    assert answer.status_code == 422
    assert CANARY in text_of(answer)


def test_beside_it_stand_the_year_s_evidence_the_notes_and_what_was_answered_last_time(
    client_of, advisor, annual_report, partnership
):
    earlier = AnnualReportFactory(
        title="Annual report 2024 to 2025",
        starts_on=date(2024, 4, 1),
        ends_on=date(2025, 3, 31),
        rule_set=annual_report.rule_set,
        partnerships=[partnership],
    )
    ScrutinyStatementFactory(
        report=earlier, words="Said last year", given_at=AT, answer="We moved money", written_by=advisor
    )
    AdvisorNoteFactory(partnership=partnership, looked_on=date(2025, 9, 1), looked_at="Ten plans", written_by=advisor)
    AdvisorNoteFactory(partnership=partnership, looked_on=date(2026, 9, 1), looked_at="A year on", written_by=advisor)
    ReportEvidenceFactory(section=annual_report.sections.first(), text="Filed in the year")
    text = text_of(client_of(advisor).get(url("write", annual_report)))
    for words in ("Said last year", "We moved money", "Ten plans", "Filed in the year"):
        assert words in text
    assert "A year on" not in text


@pytest.mark.parametrize("many", [1, 3])
def test_write_query_count(client_of, advisor, draft, partnership, many):
    section = draft.report.sections.first()
    for number in range(many):
        AdvisorNoteFactory(partnership=partnership, looked_on=date(2025, 9, 1), written_by=advisor)
        ReportEvidenceFactory(section=section, source_key=f"note:{number}")
    client = client_of(advisor)
    client.get(url("write", draft.report))
    assert count_queries(client, url("write", draft.report)) == WRITE_QUERIES


WRITE_QUERIES = 15


# Giving


def test_given_the_office_reads_it_and_before_that_nothing(client_of, office, advisor, lead_partner, draft):
    page = url("detail", draft.report)
    for person in (office, lead_partner):
        assert CANARY not in text_of(client_of(person).get(page))
    client = client_of(advisor)
    seen = client.get(url("give", draft.report)).context["seen"]
    assert client.post(url("give", draft.report), {"seen": seen}).url == page
    for person in (office, lead_partner):
        assert CANARY in text_of(client_of(person).get(page))


def test_what_another_advisor_changed_since_is_read_first(client_of, advisor, draft):
    client, page = client_of(advisor), url("give", draft.report)
    seen = client.get(page).context["seen"]
    ScrutinyStatement.objects.update(words="Other words")
    answer = client.post(page, {"seen": seen})
    assert answer.status_code == 409
    assert "Other words" in text_of(answer)
    assert ScrutinyStatement.objects.get().given_at is None
    assert client.post(page, {"seen": answer.context["seen"]}).status_code == 302
    with pytest.raises(ChangedMeanwhile):
        statements.give_statement(draft.report, seen=seen_of(draft), at=AT)


def test_it_is_not_given_without_whose_it_is(client_of, advisor, annual_report):
    statement = ScrutinyStatementFactory(report=annual_report, by_line="", written_by=advisor)
    with pytest.raises(NotNow, match="Say whose it is"):
        statements.give_statement(annual_report, seen=seen_of(statement), at=AT)
    assert "Say whose it is" in text_of(client_of(advisor).get(url("give", annual_report)))


def test_another_may_follow_and_the_first_is_kept(client_of, advisor, office, given):
    client_of(advisor).post(url("write", given.report), said(words="And another thing"))
    second = statements.draft_of(given.report)
    assert second.number == 2
    assert "And another thing" not in text_of(client_of(office).get(url("detail", given.report)))
    statements.give_statement(given.report, seen=seen_of(second), at=AT)
    assert statement_content(given.report)["paragraphs"] == [{"text": "And another thing"}]
    text = text_of(client_of(office).get(url("detail", given.report)))
    assert CANARY in text
    assert "And another thing" in text


# Given is for good


def raw(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


WAYS_TO_CHANGE = {
    "words": lambda: raw("UPDATE assurance_scrutinystatement SET words = 'The office’s words'"),
    "conclusion": lambda: ScrutinyStatement.objects.update(conclusion="All is well"),
    "by line": lambda: ScrutinyStatement.objects.update(by_line="Somebody else"),
    "number": lambda: ScrutinyStatement.objects.update(number=7),
    "take it back": lambda: raw("UPDATE assurance_scrutinystatement SET given_at = NULL"),
    "delete": lambda: ScrutinyStatement.objects.all().delete(),
    "raw delete": lambda: raw("DELETE FROM assurance_scrutinystatement"),
}


@pytest.mark.parametrize("way", WAYS_TO_CHANGE)
def test_postgresql_refuses_to_change_what_was_given(given, way):
    with pytest.raises(InternalError, match="pgtrigger"), transaction.atomic():
        WAYS_TO_CHANGE[way]()
    assert ScrutinyStatement.objects.get().words == CANARY


@pytest.mark.parametrize("way", WAYS_TO_CHANGE)
def test_control_without_the_guards_it_could(given, way):
    with pgtrigger.ignore(*GUARDS):
        WAYS_TO_CHANGE[way]()


@pytest.mark.parametrize("way", WAYS_TO_CHANGE)
def test_control_a_draft_changes(draft, way):
    WAYS_TO_CHANGE[way]()


# Answering


def test_the_office_or_a_lead_partner_answers_and_the_words_stand(client_of, office, lead_partner, given):
    page = url("answer", given.report)
    assert client_of(office).post(page, {"answer": ""}).status_code == 422
    client_of(office).post(page, {"answer": "We choose one."})
    shown = client_of(lead_partner).get(page).context["form"]["seen"].value()
    client_of(lead_partner).post(page, {"answer": "We choose two.", "seen": shown, "words": "Ours"})
    statement = ScrutinyStatement.objects.get()
    assert (statement.answer, statement.answered_by, statement.words) == ("We choose two.", lead_partner, CANARY)


def test_two_who_answer_are_shown_both(client_of, office, lead_partner, given):
    page = url("answer", given.report)
    seen = client_of(office).get(page).context["form"]["seen"].value()
    client_of(lead_partner).post(page, {"answer": "Theirs", "seen": seen})
    assert client_of(office).post(page, {"answer": "Ours", "seen": seen}).status_code == 409


# What is due, printed and lacked


def test_wanted_by_a_day_it_is_due_from_the_advisor_until_it_is_given(client_of, office, advisor, draft):
    page = url("day", draft.report)
    past = {"statement_due_on_day": "1", "statement_due_on_month": "1", "statement_due_on_year": "2027"}
    assert client_of(office).post(page, past).status_code == 422
    client_of(office).post(page, past | {"statement_due_on_month": "3"})
    [due] = [each for each in deadlines_for(advisor, on=TODAY) if each.key.startswith("report-statement")]
    assert (due.due_on, due.url) == (date(2027, 3, 1), url("write", draft.report))
    assert not [each for each in deadlines_for(office, on=TODAY) if each.key.startswith("report-statement")]
    statements.give_statement(draft.report, seen=seen_of(draft), at=AT)
    assert not [each for each in deadlines_for(advisor, on=TODAY) if each.key.startswith("report-statement")]


def test_the_advisor_s_home_names_it_and_the_office_s_does_not(client_of, office, advisor, draft):
    link = url("write", draft.report)
    assert link in text_of(client_of(advisor).get(reverse("assurance:my-work")))
    assert link not in text_of(client_of(office).get(reverse("assurance:my-work")))


def test_the_report_prints_what_was_given_with_its_answer_and_no_draft(draft, office):
    assert statement_content(draft.report) is None
    given = statements.give_statement(draft.report, seen=seen_of(draft), at=AT)
    statements.answer_statement(given, answer="We choose one.", by=office, at=AT)
    assert statement_content(draft.report) == {
        "conclusion": draft.conclusion,
        "paragraphs": [{"text": CANARY}],
        "by_line": draft.by_line,
        "answer": [{"text": "We choose one."}],
    }


def test_a_report_lacks_the_statement_then_the_answer_then_nothing(draft, office):
    def lacks():
        return [(each.what, each.who) for each in lacks_of_statement(draft.report, on=TODAY)]

    assert lacks() == [("The independent scrutiny statement", "Independent advisor")]
    given = statements.give_statement(draft.report, seen=seen_of(draft), at=AT)
    assert lacks() == [("An answer to the independent scrutiny statement", "Business office")]
    statements.answer_statement(given, answer="We choose one.", by=office, at=AT)
    assert lacks() == []


# Nobody but advisors reads a draft


def test_no_page_of_anybody_but_advisors_holds_a_word_of_a_draft(
    client_of, draft, office, lead_partner, partner, chair, stranger
):
    report = draft.report
    pages = [
        url("detail", report),
        url("write", report),
        url("give", report),
        url("answer", report),
        report.get_absolute_url(),
        reverse("assurance:report-preview", args=[report.pk]),
        reverse("assurance:contribution-list", args=[report.pk]),
        reverse("assurance:my-work"),
        reverse("assurance:independent-scrutiny"),
        reverse("partnership:record-history", args=["assurance.scrutinystatement", draft.pk]),
        reverse("partnership:record-history", args=["assurance.annualreport", report.pk]),
    ]
    for person in (office, lead_partner, partner, chair, stranger):
        for page in pages:
            assert CANARY not in text_of(client_of(person).get(page)), (person, page)


def test_control_the_advisor_does_and_given_the_office_too(client_of, advisor, office, given):
    assert CANARY in text_of(client_of(advisor).get(url("detail", given.report)))
    preview = reverse("assurance:report-preview", args=[given.report_id])
    assert CANARY in text_of(client_of(office).get(preview))
