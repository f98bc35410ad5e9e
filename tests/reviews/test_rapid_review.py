"""The rapid review is written beside what agencies said, and its pack holds all of it and is kept by nobody."""

import io
from datetime import date

import pdfplumber
import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from reviews.cases import close_case, open_case
from reviews.models import AgencySummary, PanelLetter
from reviews.rapid_review import content_of
from tests.factories import AdviceFactory, PartnerDecisionFactory

pytestmark = pytest.mark.usefixtures("rule_sets")


@pytest.fixture
def opened(partnership, case_group):
    return open_case(
        partnership=partnership,
        aware_on=date(2027, 1, 8),
        notified_on=date(2027, 1, 11),
        reference="AV-2027-01",
        category="Injury to a baby",
        summary="What happened, and to nobody by name.",
    )


@pytest.fixture
def whole(opened, partner, charity, hospital, other_partner, advisor, lead, health_board):
    """With a summary that is back and one that is only a draft, advice, a decision and the Panel's letter."""
    asked = {
        "case": opened,
        "partnership": opened.partnership,
        "asked_on": date(2027, 1, 11),
        "due_on": date(2027, 1, 20),
    }
    AgencySummary.objects.create(
        organisation=charity,
        contact=partner,
        involvement="Two visits before the injury.",
        submitted_at="2027-01-12T08:00Z",
        submitted_by=partner,
        **asked,
    )
    AgencySummary.objects.create(organisation=hospital, contact=other_partner, involvement="A DRAFT", **asked)
    AdviceFactory(case=opened, given_by=advisor)
    PartnerDecisionFactory(case=opened, organisation=health_board, decided_by=lead, recorded_by=lead)
    letter = PanelLetter.objects.create(
        case=opened, partnership=opened.partnership, received_on=date(2027, 1, 12), view=PanelLetter.View.AGREES
    )
    letter.points.create(
        partnership=opened.partnership, position=1, point="Ask about others at home.", response="We do."
    )
    opened.rapid_review.context = "Poverty, and a language that nobody asked about."
    opened.rapid_review.save()
    return opened


IN_THE_PACK = [
    "AV-2027-01",
    "What happened, and to nobody by name.",
    "Lantern Family Trust",
    "Two visits before the injury.",
    "Poverty, and a language that nobody asked about.",
    "Three agencies each held a part of the picture.",
    "There is learning that one agency can’t find alone.",
    "Ask about others at home.",
    "We do.",
    "Copy of Sunita Rao, made on 12 January 2027 at 09:00",
]


def test_what_is_written_is_kept_and_a_second_writer_is_asked(client_of, case_group_member, opened):
    client, where = client_of(case_group_member), reverse("reviews:rapid-review-change", args=[opened.pk])
    seen = client.get(where).context["form"]["seen"].value()
    htmx = {"HTTP_HX_REQUEST": "true"}
    first = client.post(where, {"facts": "First.", "seen": seen}, **htmx)
    second = client.post(where, {"facts": "Second.", "seen": seen})
    opened.rapid_review.refresh_from_db()
    assert (first.status_code, second.status_code, opened.rapid_review.facts) == (200, 409, "First.")
    assert b"Second." in second.content


def test_a_name_is_questioned(client_of, case_group_member, opened):
    where = reverse("reviews:rapid-review-change", args=[opened.pk])
    page = client_of(case_group_member).post(where, {"facts": "Ellie Marsh was seen twice."})
    opened.rapid_review.refresh_from_db()
    assert (page.status_code, opened.rapid_review.facts) == (422, "")


def test_what_agencies_sent_stands_beside_it_and_no_draft(client_of, case_group_member, whole):
    page = client_of(case_group_member).get(reverse("reviews:rapid-review-change", args=[whole.pk])).content.decode()
    assert ("Two visits before the injury." in page, "A DRAFT" in page) == (True, False)


@pytest.mark.parametrize("kind", ["pdf", "word"])
def test_the_pack_holds_everything_and_is_kept_by_no_cache(client_of, case_group_member, whole, kind):
    response = client_of(case_group_member).get(reverse(f"reviews:rapid-review-{kind}", args=[whole.pk]))
    ending = {"pdf": "pdf", "word": "docx"}[kind]
    assert (response["Cache-Control"], response["Content-Disposition"]) == (
        "private, no-store",
        f'attachment; filename="rapid-review.{ending}"',
    )
    text = {"pdf": words_of_pdf, "word": words_of_word}[kind](response.content)
    assert [words for words in IN_THE_PACK if words.replace(" ", "") not in text] == []
    assert "ADRAFT" not in text
    assert [reading.what for reading in whole.readings.all()] == ["Rapid review pack"]


def test_of_a_closed_case_the_pack_waits_for_nothing(opened, case_group_member):
    def said(case):
        content = content_of(case, by=case_group_member, now=timezone.localtime())
        return [content["stages"][-1]["done"], content["sign_off"][-1][1], content["verdict"]]

    before = said(opened)
    closed = close_case(opened, closed_on=date(2027, 1, 12), because="Everything was done")
    assert (before, said(closed)) == (
        ["Not yet", "Not yet", "Not all safeguarding partners have decided yet."],
        ["Not done", "No", "The case was closed before all safeguarding partners had decided."],
    )


def words_of_pdf(content):
    """What it says, without spaces; and that it is tagged."""
    assert "/StructTreeRoot" in pikepdf.open(io.BytesIO(content)).Root
    text = "".join(page.extract_text() for page in pdfplumber.open(io.BytesIO(content)).pages)
    return "".join(text.split())


def words_of_word(content):
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    lines = [paragraph.text for paragraph in document.paragraphs]
    return "".join("".join([*lines, *cells]).split())


@pytest.mark.parametrize("role", ["partner", "office", "chair", "advisor", "administrator", "stranger"])
def test_to_everyone_else_there_is_no_pack(request, client_of, whole, role):
    client = client_of(request.getfixturevalue(role))
    kinds = ("change", "pdf", "word")
    found = [client.get(reverse(f"reviews:rapid-review-{kind}", args=[whole.pk])).status_code for kind in kinds]
    assert found == [404] * 3
    assert not whole.readings.exists()
