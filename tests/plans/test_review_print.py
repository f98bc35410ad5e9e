"""The sector's review form on paper: eight fields in their order, one box a priority, filled or empty."""

from datetime import UTC, date, datetime
from io import BytesIO

import page as pages_of_pdf
import pdfplumber
import pytest
from django.urls import reverse
from docx import Document

from plans.models import PriorityReview
from plans.review_box import boxes_of
from plans.reviewing import correct_decision, decide_rating, log_action, propose_rating
from tests.factories import PriorityFactory
from tests.plans.test_plan_page import count_queries

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)

LABELS = [
    "Action Log + Date",
    "Comments from Quality and Scrutiny Subgroup",
    "Recommendations from Quality and Scrutiny Subgroup",
    "Identified Risks and Mitigation (Quality and Scrutiny Subgroup)",
    "RAG proposal by Quality and Scrutiny Subgroup",
    "Comments by Executive",
    "Identified Risks and Mitigation (Executive)",
    "RAG decision by Executive",
]


@pytest.fixture
def overridden(review_proposed, executive_chair, office, ratings):
    """Amber proposed, red decided, recorded first as green; one line in the log."""
    log_action(review_proposed, by=office, at=NOW, agreed_on=date(2026, 11, 2), text="Ask the second unit.")
    review = decide_rating(
        review_proposed, by=executive_chair, at=NOW, decided_rating=ratings["G"], decision_reason="A slip."
    )
    return correct_decision(
        review,
        by=executive_chair,
        at=NOW,
        because="The minutes say red.",
        decided_rating=ratings["R"],
        decision_reason="Slipped twice.",
        decision_comments="Too slow.",
        decision_risks="Bank posts end.",
    )


def address(kind, review, suffix=""):
    return reverse(f"plans:review-{kind}", args=[review.priority_id, review.round_id]) + suffix


def words_of(pdf):
    """The words of each page."""
    with pdfplumber.open(BytesIO(pdf)) as opened:
        return [" ".join(each.extract_text().split()) for each in opened.pages]


def test_the_box_holds_the_eight_fields_in_the_order_of_the_form(overridden):
    [box] = boxes_of(overridden.round, priority=overridden.priority)
    assert [(field.label, field.rating and field.rating.word, list(field.lines)) for field in box.fields] == [
        (LABELS[0], None, ["2 November 2026: Ask the second unit."]),
        (LABELS[1], None, ["Liked and used, but in one unit only."]),
        (LABELS[2], None, ["Begin the second unit."]),
        (LABELS[3], None, ["Vacancies."]),
        (LABELS[4], "Amber", ["29 October 2026, recorded by Ruth Adeyinka-Cole"]),
        (LABELS[5], None, ["Too slow."]),
        (LABELS[6], None, ["Bank posts end."]),
        (
            LABELS[7],
            "Red",
            [
                "Amber was proposed. Why it differs: Slipped twice.",
                "12 January 2027, recorded by Imogen Stallard",
                "Corrected on 12 January 2027: The minutes say red. Until then: Green, "
                "recorded on 12 January 2027 by Imogen Stallard.",
            ],
        ),
    ]


def test_every_priority_of_the_round_has_its_box_and_an_empty_one_has_only_the_fields(overridden, plan):
    boxes = boxes_of(overridden.round)
    assert [box.priority for box in boxes] == list(plan.priorities.order_by("position"))
    for box in boxes_of(overridden.round, is_empty=True):
        assert [(field.label, field.rating, field.lines) for field in box.fields] == [
            (label, None, ()) for label in LABELS
        ]


def test_a_page_shows_the_box_to_its_own_people_and_to_no_stranger(client_of, overridden, partner, stranger):
    page = client_of(partner).get(address("print", overridden)).content.decode()
    places = [page.index(f">{label}<") for label in LABELS]
    assert places == sorted(places)
    assert "The minutes say red." in page
    for kind in ("print", "pdf", "word"):
        assert client_of(stranger).get(address(kind, overridden)).status_code == 404


def test_the_pdf_conforms_to_pdf_ua_and_says_the_same_one_box_a_page(client_of, overridden, office, tmp_path):
    response = client_of(office).get(reverse("plans:reviews-pdf", args=[overridden.round_id]))
    path = tmp_path / "reviews.pdf"
    path.write_bytes(response.content)
    checked = pages_of_pdf.validate_pdf(str(path), profile=pages_of_pdf.ValidationProfile.PDF_UA_1)
    assert (checked.rules.total, [failure.rule_id for failure in checked.failures]) == (104, [])
    first, second = words_of(response.content)
    assert response["Content-Disposition"].startswith("attachment")
    assert "Slipped twice." in first and "Seeing neglect early" in second
    assert "The minutes say red." in first


def test_empty_boxes_are_printed_for_a_meeting(client_of, overridden, office):
    [words] = words_of(client_of(office).get(address("pdf", overridden, "?empty=yes")).content)
    assert words.count("Executive") >= 3 and "Action Log + Date" in words
    assert "Slipped twice" not in words and "Not recorded" not in words


def test_the_word_document_holds_the_same_boxes(client_of, overridden, office):
    response = client_of(office).get(reverse("plans:reviews-word", args=[overridden.round_id]))
    document = Document(BytesIO(response.content))
    first, second = document.tables
    assert [row.cells[0].text for row in first.rows] == LABELS
    assert first.rows[7].cells[1].text.splitlines()[:2] == [
        "Red: Off track",
        "Amber was proposed. Why it differs: Slipped twice.",
    ]
    assert [row.cells[1].text for row in second.rows] == [""] * 8


def test_hostile_words_stay_words_in_every_shape(client_of, round_past, plan, scrutiny_chair, office, ratings):
    review = PriorityReview(priority=plan.priorities.get(position=1), round=round_past)
    said = "🙂 <script>alert(1)</script> " + "x" * 3000
    review = propose_rating(review, by=scrutiny_chair, at=NOW, proposed_rating=ratings["A"], scrutiny_comments=said)
    page = client_of(office).get(address("print", review)).content.decode()
    assert "<script>alert" not in page
    assert client_of(office).get(address("pdf", review)).content[:4] == b"%PDF"
    assert client_of(office).get(address("word", review)).content[:2] == b"PK"


def test_printing_takes_as_many_queries_for_three_priorities_as_for_one(
    client_of, plan, round_past, scrutiny_chair, executive_chair, office, ratings
):
    client, url = client_of(office), reverse("plans:reviews-print", args=[round_past.pk])
    plan.priorities.get(position=2).delete()

    def judge(priority):
        review = PriorityReview(priority=priority, round=round_past)
        said = {"by": scrutiny_chair, "at": NOW, "scrutiny_comments": "x"}
        review = propose_rating(review, proposed_rating=ratings["A"], **said)
        review = decide_rating(review, by=executive_chair, at=NOW, decided_rating=ratings["A"])
        log_action(review, by=office, at=NOW, agreed_on=date(2026, 11, 2), text="Ask")
        correct_decision(
            review, by=executive_chair, at=NOW, because="x", decided_rating=ratings["G"], decision_reason="y"
        )

    judge(plan.priorities.get())
    at_1 = count_queries(client, url)
    for position in (2, 3):
        judge(PriorityFactory(plan=plan, position=position))
    assert count_queries(client, url) == at_1
