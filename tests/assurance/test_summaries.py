"""Thematic summaries: what all the returns say together, and who reads it when."""

from datetime import UTC, date, datetime
from io import BytesIO

import pikepdf
import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from docx import Document

from assurance import summaries
from assurance.annual.offers import summary_offers
from assurance.annual.year import Year
from assurance.models import AssuranceLevel, SummarySection, ThematicSummary
from assurance.plan_sources import summaries as plan_source
from assurance.return_sheet import content_of, read_sheet
from tests.factories import AnswerFactory, OrganisationFactory, ReturnFactory
from tests.factories_assurance import (
    AssessmentFactory,
    ReturnCopyFactory,
    ScrutinyFactory,
    StandardFactory,
    ThematicSummaryFactory,
)

NOW = datetime(2027, 1, 12, 8, 0, tzinfo=UTC)


@pytest.fixture
def summary(submitted_return, partnership, scrutiny_group):
    """Of Ashford Vale; one return was given, of St Brannoc’s."""
    request = submitted_return.request
    request.group = scrutiny_group
    request.save()
    give(submitted_return, partnership)
    return ThematicSummaryFactory(request=request, partnership=partnership, introduction="Audits are common.")


def give(record, partnership, edition=1):
    content = content_of(read_sheet(record, with_joined=False))
    return ReturnCopyFactory(record=record, partnership=partnership, content=content, taken_at=NOW, edition=edition)


def first_line(summary):
    return f"q{summary.request.questions.get(position=1).pk}"


def address(summary, verb):
    return reverse(f"assurance:summary-{verb}", args=[summary.pk])


# Who reads it


@pytest.mark.parametrize("role", ["lead", "partner", "other_partner", "chair", "lead_partner"])
def test_members_read_it_once_it_is_released(request, client_of, summary, office, today, role):
    client = client_of(request.getfixturevalue(role))
    before = client.get(summary.get_absolute_url()).status_code
    summaries.release(summary, by=office, on=today)
    pages = [client.get(summary.get_absolute_url()), client.get(address(summary, "answers"))]
    assert (before, [page.status_code for page in pages]) == (404, [200, 404])
    assert b"Side by side" not in pages[0].content


@pytest.mark.parametrize("role", ["office", "advisor", "scrutiny_chair"])
def test_its_draft_is_for_those_who_scrutinise(request, client_of, summary, role):
    client = client_of(request.getfixturevalue(role))
    assert [client.get(each).status_code for each in (summary.get_absolute_url(), address(summary, "answers"))] == [
        200,
        200,
    ]


def test_a_far_office_reads_none_of_it(client_of, summary, stranger, office, today):
    summaries.release(summary, by=office, on=today)
    assert client_of(stranger).get(summary.get_absolute_url()).status_code == 404


# Counting


def test_returns_are_counted_by_judgement_without_names(client_of, summary, office, lead, partnership, charity, today):
    levels = list(AssuranceLevel.objects.filter(partnership=None).order_by("position"))
    ScrutinyFactory(
        record=summary.request.returns.get(), partnership=partnership, level=levels[1], reasons="Canary", judged_at=NOW
    )
    give(ReturnFactory(request=summary.request, organisation=charity, submitted_at=NOW), partnership)
    summaries.release(summary, by=office, on=today)
    figures = ThematicSummary.objects.get().figures
    assert (figures["given"], figures["judged"], [(each["word"], each["count"]) for each in figures["levels"]]) == (
        2,
        1,
        [("Not assured", 0), ("Partly assured", 1), ("Assured", 0)],
    )
    page = client_of(lead).get(summary.get_absolute_url()).content.decode()
    assert [words for words in ("Canary", "St Brannoc", "Lantern") if words in page] == []


def test_what_was_counted_stands_once_it_is_released(summary, office, partnership, today):
    summaries.release(summary, by=office, on=today)
    level = AssuranceLevel.objects.filter(partnership=None).first()
    ScrutinyFactory(record=summary.request.returns.get(), partnership=partnership, level=level, judged_at=NOW)
    released = ThematicSummary.objects.get()
    assert summaries.figures_of(released).judged == 0
    assert summaries.figures_of(summaries.take_back(released)).judged == 1


def test_scores_are_counted_by_standard(summary, partnership):
    standard = StandardFactory(code="1.1")
    summary.request.standards = standard.standard_set
    summary.request.save()
    for name, given in (("A", {"score": 2}), ("B", {"score": 0}), ("C", {"score": 2}), ("D", None)):
        record = ReturnFactory(request=summary.request, organisation=OrganisationFactory(name=name))
        given = given or {"score": None, "is_not_applicable": True, "reason": "No families"}
        AssessmentFactory(record=record, standard=standard, **given)
        give(record, partnership)
    own = summaries.counted(ThematicSummary.objects.get())["standards"]
    assert [(each["title"], [(mark["words"], mark["count"]) for mark in each["marks"]]) for each in own] == [
        ("1.1 A senior leader answers for safeguarding.", [("0", 1), ("2", 2), ("Does not apply", 1)])
    ]


# Side by side


def test_answers_stand_side_by_side_from_what_was_given(client_of, office, summary, partnership, charity):
    draft = ReturnFactory(request=summary.request, organisation=charity)
    AnswerFactory(record=draft, question=summary.request.questions.get(position=1), text="Canary of a draft")
    page = client_of(office).get(address(summary, "answers"))
    assert [(str(each["organisation"]), each["line"].words) for each in page.context["answers"]] == [
        ("St Brannoc’s Hospital Trust", "Our answer to 1.")
    ]
    assert b"Canary" not in page.content


@pytest.mark.parametrize(
    ("named", "words"),
    [("1", "“Our answer to 1.” St Brannoc’s Hospital Trust"), ("", "“Our answer to 1.” An organisation")],
)
def test_an_answer_is_quoted_with_the_name_or_without(client_of, office, summary, named, words):
    copy = summary.request.returns.get().copies.get()
    asked = {"quote": copy.pk, "line": first_line(summary), "named": named}
    form = client_of(office).get(address(summary, "section-add"), asked).context["form"]
    assert (form["text"].value(), form["question"].value()) == (words, summary.request.questions.get(position=1).pk)


def test_only_what_this_partnership_was_given_is_quoted(client_of, office, summary, other_partnership):
    other = give(summary.request.returns.get(), other_partnership)
    for asked in (str(other.pk), "nonsense", ""):
        assert summaries.quote(summary, asked, first_line(summary), is_named=True) == ""


# Writing


def test_a_section_is_written_once_changed_and_taken_out(client_of, office, summary):
    client = client_of(office)
    sent = {"kind": "concern", "heading": "Supervision", "text": "Too few have it.", "question": ""}
    for _ in range(2):
        assert client.post(address(summary, "section-add"), sent).url == summary.get_absolute_url()
    own = SummarySection.objects.get()
    change = reverse("assurance:summary-section-change", args=[summary.pk, own.pk])
    client.post(change, {**sent, "heading": "Supervision of midwives"})
    own.refresh_from_db()
    assert (own.heading, own.kind, own.text) == ("Supervision of midwives", "concern", "Too few have it.")
    client.post(reverse("assurance:summary-section-remove", args=[summary.pk, own.pk]))
    assert SummarySection.objects.count() == 0


def test_bad_input_is_said_at_its_field_and_kept(client_of, office, summary, assurance_request, partnership):
    far = ThematicSummaryFactory(partnership=partnership)
    question = far.request.questions.create(position=1, text="Another’s")
    page = client_of(office).post(
        address(summary, "section-add"), {"kind": "", "heading": "", "text": "Typed", "question": question.pk}
    )
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"kind", "heading", "question"})
    assert "Typed" in page.content.decode()


def test_what_is_released_is_changed_only_once_it_is_taken_back(client_of, office, summary):
    client = client_of(office)
    client.post(address(summary, "release"), {"action": "release"})
    sent = {"kind": "next", "heading": "Late", "text": "Words", "question": ""}
    answers = [client.post(address(summary, verb), sent) for verb in ("section-add", "change")]
    assert [each.url for each in answers] == [summary.get_absolute_url()] * 2
    with pytest.raises(summaries.Released):
        summaries.keep_section(summary, None, **sent | {"question": None})
    client.post(address(summary, "release"), {"action": "back"})
    client.post(address(summary, "section-add"), sent)
    assert [(each.heading, each.summary.released_on) for each in SummarySection.objects.all()] == [("Late", None)]


def test_the_advisor_and_the_group_do_not_write(client_of, summary, advisor, scrutiny_chair):
    for person in (advisor, scrutiny_chair):
        client = client_of(person)
        assert [client.post(address(summary, verb)).status_code for verb in ("change", "section-add", "release")] == [
            403,
            403,
            403,
        ]


# Taken away, offered


def test_the_pdf_and_the_word_document_say_the_same(client_of, office, summary):
    SummarySection.objects.create(summary=summary, position=1, kind="strength", heading="Audits", text="All show one.")
    client = client_of(office)
    words = [each.text for each in Document(BytesIO(client.get(address(summary, "word")).content)).paragraphs]
    with pikepdf.open(BytesIO(client.get(address(summary, "pdf")).content)) as pdf:
        is_tagged = pdf.Root.MarkInfo.Marked
    html = render_to_string("assurance/print/summary.html", {"content": summaries.content_of(summary)})
    said = ["Audits are common.", "1 return came, 0 of them judged.", "Audits", "All show one."]
    assert ([each in words for each in said], [each in html for each in said], is_tagged) == (
        [True] * 4,
        [True] * 4,
        True,
    )


def test_the_years_report_and_a_plan_may_cite_it_once_it_is_released(summary, office, lead, partnership, today):
    year = Year(frozenset([partnership.pk]), date(2026, 4, 1), date(2027, 3, 31))
    assert (list(summary_offers(year)), plan_source(office, [partnership.pk])) == ([], [])
    summaries.release(summary, by=office, on=today)
    assert [(each.source_key, each.text) for each in summary_offers(year)] == [
        (f"returns:{summary.pk}", "Assurance return 2026 to 2027: Audits are common.")
    ]
    for person in (office, lead):
        assert plan_source(person, [partnership.pk]) == [
            (
                summary.pk,
                "What returns say",
                "Summary of returns: Assurance return 2026 to 2027, January 2027",
                summary.get_absolute_url(),
                "Audits are common.",
            )
        ]


@pytest.mark.parametrize("count", [1, 3])
def test_page_query_count(client_of, office, summary, partnership, django_assert_num_queries, count):
    for number in range(count):
        record = ReturnFactory(request=summary.request, organisation=OrganisationFactory(name=f"Agency {number}"))
        give(record, partnership)
        SummarySection.objects.create(summary=summary, position=number, heading="H", text="T")
    client = client_of(office)
    with django_assert_num_queries(14):
        client.get(summary.get_absolute_url())
