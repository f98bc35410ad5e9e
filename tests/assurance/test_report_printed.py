"""What the annual report prints: what others wrote, the Word edition, the one page; the web page says the same."""

import io
import re
from datetime import UTC, date, datetime
from html import unescape

import docx
import pikepdf
import pypdfium2
import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from assurance.annual.builds import print_assets, print_html
from assurance.annual.content import content_of
from assurance.annual.pictures import draw_pictures
from assurance.annual.pieces import quote_of
from assurance.annual.summary import make_summary
from assurance.annual.word import make_word
from assurance.models import ReportEvidence
from assurance.printed import as_objects
from partnership.pdf import render_pdf
from partnership.pdf_structure import faults_in
from tests.conftest import TODAY
from tests.factories import (
    AttendanceFactory,
    GroupFactory,
    GroupMemberFactory,
    MeetingFactory,
    OrganisationFactory,
    PlanFactory,
    PostFactory,
    PriorityFactory,
    RatingFactory,
    RatingKeyFactory,
    UpdateRoundFactory,
)
from tests.factories_report import (
    ConsultationCommentFactory,
    ReportConsultationFactory,
    ReportContributionFactory,
    ScrutinyStatementFactory,
)

pytestmark = pytest.mark.django_db

GIVEN = datetime(2027, 1, 10, 9, 0, tzinfo=UTC)
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LONG = "The partnership looked at this carefully and found that more was left to do. " * 6


@pytest.fixture
def group(partnership, hospital):
    """A public group that met twice; the hospital came once."""
    group = GroupFactory(name="Quality group", purpose="Looks at what is shown.", partnerships=[partnership])
    GroupMemberFactory(group=group, post=PostFactory(organisation=hospital), from_on=date(2026, 4, 1))
    for day, status in ((date(2026, 6, 3), "present"), (date(2026, 9, 3), "apologies")):
        meeting = MeetingFactory(group=group, meets_on=day, status="held")
        AttendanceFactory(meeting=meeting, organisation=hospital, status=status)
    return group


@pytest.fixture
def contribution(report, hospital, partner):
    return ReportContributionFactory(
        report=report, organisation=hospital, did="We asked every parent.", submitted_by=partner, submitted_at=GIVEN
    )


@pytest.fixture
def statement(report):
    return ScrutinyStatementFactory(report=report, given_at=GIVEN)


@pytest.fixture
def consulted(report, hospital, office):
    consultation = ReportConsultationFactory(report=report, opened_by=office, closed_at=GIVEN)
    ConsultationCommentFactory(
        consultation=consultation,
        organisation=hospital,
        made_by=office,
        result="changed",
        answer="Mended.",
        answered_by=office,
        answered_at=GIVEN,
    )
    return consultation


@pytest.fixture
def quoted(report):
    evidence = report.sections.get(rule__code="feedback").evidence.get(kind="voice")
    evidence.use, evidence.quote = ReportEvidence.Use.QUOTED, "Nobody asked me"
    evidence.save()
    return evidence


@pytest.fixture
def content(report, group, contribution, statement, consulted, quoted):
    """A report with something of everything."""
    report.in_short = "Plans were in place.\n\n- We listened\n- We changed"
    report.foreword, report.foreword_by = "What was different.", "Helena Crossfield, Chief executive"
    report.save()
    return content_of(report, on=TODAY)


def section_of(content, code, report):
    position = report.sections.get(rule__code=code).position
    return next(each for each in content["sections"] if each["number"] == str(position))


def blocks_of(content, kind):
    return [(s["title"], b) for s in content["sections"] for b in s["blocks"] if b["kind"] == kind]


def words_of(html):
    """All words that are read, drawings apart from their alternative texts left out."""
    html = re.sub(r"(?s)<(head|svg|nav|style)\b.*?</\1>", " ", html)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def web_html(content):
    return render_to_string("report/edition.html", {"report": as_objects(content)})


# What others wrote


def test_contributions_stand_under_their_heading(content, report):
    assert [
        (title, [each["organisation"] for each in block["items"]])
        for title, block in blocks_of(content, "contributions")
    ] == [("Contribution of each safeguarding partner", ["St Brannoc’s Hospital Trust"])]
    assert "We asked every parent." in web_html(content)


def test_the_statement_stands_under_scrutiny_with_the_answer(content, statement, report):
    [(title, block)] = blocks_of(content, "statement")
    assert (title, block["conclusion"]) == ("Impact of independent scrutiny", statement.conclusion)
    assert "The partnership has not answered yet" in web_html(content)
    statement.answer, statement.answered_at = "We accept every word.", GIVEN
    statement.save()
    html = web_html(content_of(report, on=TODAY))
    assert "We accept every word." in html and "has not answered yet" not in html


def test_without_such_a_heading_they_have_sections_of_their_own(content, report):
    report.sections.filter(rule__code__in=["contribution", "scrutiny"]).update(rule=None)
    titles = [(each["number"], each["title"]) for each in content_of(report, on=TODAY)["sections"]]
    assert titles[-3:] == [
        ("13", "What each organisation says"),
        ("14", "Independent scrutiny"),
        ("15", "How this report was consulted on"),
    ]
    assert content["sections"][-1]["number"] == "13"


def test_a_draft_of_a_contribution_or_of_the_statement_is_not_printed(report, hospital):
    ReportContributionFactory(report=report, organisation=hospital, did="Canary")
    ScrutinyStatementFactory(report=report, words="Canary", conclusion="Canary")
    assert "Canary" not in print_html(content_of(report, on=TODAY))


def test_a_quotation_is_quoted_and_not_listed(content, report, quoted):
    feedback = section_of(content, "feedback", report)
    assert [each["words"] for each in feedback["quotes"]] == ["Nobody asked me"]
    assert quoted.reference not in [each["reference"] for part in feedback["evidence"] for each in part]


def test_without_words_of_its_own_the_whole_is_quoted(quoted):
    quoted.quote, quoted.text = "", "“All of it.”"
    assert quote_of(quoted)["words"] == "All of it."


# Groups and attendance


def test_groups_and_who_came_are_told(content):
    [group] = [each for each in content["structure"]["rows"] if each["name"] == "Quality group"]
    assert (group["purpose"], group["held"]) == ("Looks at what is shown.", 2)
    [row] = [each for each in content["attendance"]["rows"] if each["name"] == "St Brannoc’s Hospital Trust"]
    assert (row["groups"], row["there"], row["asked"]) == ([{"name": "Quality group", "came": "1 of 2"}], 1, 2)


def test_a_group_that_is_not_public_or_of_cases_is_not_told(report, partnership, hospital, group):
    for more in ({"is_public": False}, {"kind": "case-review"}):
        hidden = GroupFactory(name="Canary", partnerships=[partnership], **more)
        GroupMemberFactory(group=hidden, post=PostFactory(organisation=hospital))
        meeting = MeetingFactory(group=hidden, meets_on=date(2026, 6, 3), status="held")
        AttendanceFactory(meeting=meeting, organisation=hospital)
    found = content_of(report, on=TODAY)
    assert "Canary" not in str([found["structure"], found.get("attendance")])
    assert "Quality group" in str(found["structure"])


def test_letters_of_appendices_leave_no_gap(content, report):
    assert list(content["letters"]) == ["plan", "rules", "structure", "members", "attendance", "words"]
    assert list(content["letters"].values()) == list("ABCDEF")


def test_more_groups_and_contributions_ask_no_more_of_the_database(content, report, partnership, hospital, partner):
    with CaptureQueriesContext(connection) as of_one:
        content_of(report, on=TODAY)
    for number in range(3):
        more = GroupFactory(name=f"Group {number}", partnerships=[partnership])
        post = PostFactory(organisation=OrganisationFactory())
        GroupMemberFactory(group=more, post=post)
        meeting = MeetingFactory(group=more, meets_on=date(2026, 6, 3), status="held")
        AttendanceFactory(meeting=meeting, organisation=post.organisation)
        ReportContributionFactory(
            report=report, organisation=post.organisation, did="More", submitted_by=partner, submitted_at=GIVEN
        )
    with CaptureQueriesContext(connection) as of_four:
        content_of(report, on=TODAY)
    assert len(of_four) == len(of_one)


# Web and PDF


def test_the_web_page_says_what_the_pdf_says(content):
    """Every section, table and figure; what only one has is its cover, its contents and the page it stands on."""
    printed = print_html(content)
    start = printed.index('<div class="about full">')
    web = words_of(web_html(content))
    pdf = words_of(printed[start:])
    assert sorted(set(pdf.split()) - set(web.split())) == []
    assert re.findall(r"(?:Table|Figure) \d+\.", pdf) == re.findall(r"(?:Table|Figure) \d+\.", web)
    headings = [re.findall(r"(?s)<h[2-4][^>]*>(.*?)</h[2-4]>", html) for html in (printed[start:], web_html(content))]
    own = {"Contents"}
    assert [words_of(each) for each in headings[0]] == [
        words_of(each) for each in headings[1] if words_of(each) not in own
    ]


def test_a_proof_of_before_is_still_shown(content):
    old = {key: value for key, value in content.items() if key not in {"letters", "structure", "attendance", "next"}}
    old["sections"] = [
        {key: each[key] for key in each if key not in {"quotes", "has_own_words"}} for each in old["sections"]
    ]
    html = web_html(old)
    assert "B. The rules behind the headings" in html and "Words we use" in html


def test_a_report_with_much_in_it_is_laid_out_and_can_be_read_aloud(content):
    section = content["sections"][1]
    item = {"reference": "UP-1", "text": LONG, "facts": "update"}
    section["evidence"] = [[item] * 5] * 40
    section["title"] = f"{section['title']} {LONG_WORD}"
    section["quotes"] = [{"words": LONG, "reference": "V-1", "facts": "voice"}]
    pdf = render_pdf(print_html(content), assets=print_assets(content))
    assert (faults_in(pdf.content), pdf.page_count > 20) == ([], True)


# Word


# The year on one page


@pytest.mark.parametrize("plans", [1, 2, 3])
def test_the_year_on_one_page_is_one_page_with_as_many_plans_as_run(report, partnership, plans):
    for number in range(1, plans):
        another_plan(partnership, f"Plan {number}")
    pdf = printed_pdf(content_of(report, on=TODAY))
    assert (pages_of_the_year(pdf), faults_in(pdf.content)) == (1, [])


def test_control_two_plans_that_are_drawn_take_more_than_a_page(report):
    content = content_of(report, on=TODAY)
    [chart] = content["rating_charts"]
    assert chart["drawing"] and content["keys"][0]["table"]
    content["rating_charts"] = [chart] * 3
    assert pages_of_the_year(printed_pdf(content)) > 1


def test_figures_and_tables_are_numbered_without_a_gap_where_ratings_are_not_drawn(report, partnership):
    another_plan(partnership, "Turning 18")
    html = print_html(content_of(report, on=TODAY))
    for kind in ("Figure", "Table"):
        shown = list(dict.fromkeys(int(number) for number in re.findall(rf">{kind} (\d+)\.", html)))
        assert shown == list(range(1, len(shown) + 1)), kind
    assert "Turning 18: At their last rating of the year: 6 not rated" in words_of(html)
    document = word_document(content_of(report, on=TODAY), {})
    assert any("How to read the ratings of Turning 18" in each.text for each in document.paragraphs)


def another_plan(partnership, title):
    """With a key, priorities and rounds of its own, none of them judged yet."""
    key = RatingKeyFactory()
    for place, word in enumerate(["Settled", "Moving", "Late", "Blocked"]):
        RatingFactory(key=key, position=place, code=word[0], word=word, meaning="What everybody can see has happened")
    plan = PlanFactory(title=title, rating_key=key, partnerships=[partnership])
    for position in range(1, 7):
        PriorityFactory(
            plan=plan, position=position, ref=str(position), title="What children and families told us first"
        )
    for month in (4, 7, 10):
        UpdateRoundFactory(
            plan=plan,
            name=f"Round of month {month}",
            starts_on=date(2026, month, 1),
            ends_on=date(2026, month + 2, 28),
            opens_on=date(2026, month + 2, 1),
            closes_on=date(2026, month + 2, 20),
        )


def printed_pdf(content):
    return render_pdf(print_html(content), assets=print_assets(content))


def pages_of_the_year(pdf):
    """How many pages there are from its heading to the first section's."""
    with pypdfium2.PdfDocument(pdf.content) as pages:
        starts = {each.get_title(): each.get_dest().get_index() for each in pages.get_toc()}
    start = starts["The year on one page"]
    return min(page for page in starts.values() if page > start) - start


def word_document(content, pictures):
    return docx.Document(io.BytesIO(make_word(content, pictures=pictures)))


def test_the_word_edition_has_headings_tables_and_figures_that_are_told(content):
    document = word_document(content, draw_pictures(content, assets=print_assets(content)))
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert headings == [
        "Foreword",
        "The year on one page",
        *[f"{each['number']} {each['title']}" for each in content["sections"]],
        "A The plan, deliverable by deliverable",
        "B The rules behind the headings",
        "C How we are organised",
        "D Members",
        "E Who came to meetings",
        "F Words we use",
    ]
    shown = [each._inline.docPr.get("descr") for each in document.inline_shapes]
    assert len(shown) == 2 and all("Babies" in each or "St Brannoc" in each for each in shown)
    assert all(table.rows[0]._tr.xpath("./w:trPr/w:tblHeader") for table in document.tables)
    assert (document.core_properties.language, document.core_properties.title[:13]) == ("en-GB", "Annual report")


def test_the_word_edition_says_what_the_web_page_says(content):
    document = word_document(content, {})
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    word = " ".join([each.text for each in document.paragraphs] + cells)
    for block in content["sections"]:
        for each in block["paragraphs"] + block["quotes"]:
            assert (each.get("text") or each.get("words")) in word
    for words in ("We asked every parent.", "Quality group 1 of 2", "Nobody asked me"):
        assert words in word, words


def test_the_same_report_gives_the_same_word_document(content):
    assert make_word(content, pictures={}) == make_word(content, pictures={})


# On one page


def lengthened(content):
    content["in_short"] = [{"text": LONG * 9}, {"items": [LONG_WORD * 4] * 30}]
    content["next"] = [{"text": LONG_WORD * 3, "priority": LONG_WORD, "due": "30 September 2026"}] * 4
    chart = content["rating_charts"][0]
    chart["priorities"] = [each | {"heading": f"{each['heading']} {LONG_WORD}"} for each in chart["priorities"]] * 12
    for each in content["figures"]:
        each["words"] *= 2
    return content


def emptied(content):
    return content | {"in_short": [], "next": [], "rating_charts": []}


@pytest.mark.parametrize("change", [dict, lengthened, emptied])
def test_one_page_is_one_page_whatever_there_is_to_say(content, change):
    pdf = make_summary(change(content), assets=print_assets(content))
    assert faults_in(pdf.content) == []
    with pikepdf.open(io.BytesIO(pdf.content)) as opened:
        assert (len(opened.pages), str(opened.Root.Lang)) == (1, "en-GB")
