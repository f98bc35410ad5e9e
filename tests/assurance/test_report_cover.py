"""The cover report of a draft: drafted from the records, never over words, numbered through, as PDF and Word."""

import io
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from assurance.annual import cover as covers
from assurance.annual import cover_builds
from assurance.annual.cover_facts import draft_of
from assurance.annual.cover_pdf import make_pdf
from assurance.annual.cover_word import make_word
from assurance.models import CoverBuild, ReportConsultation
from assurance.tasks import resume_cover_builds
from partnership.models import BudgetYear, Group, Meeting
from partnership.pdf import Pdf
from tests.factories import (
    AnnualReportFactory,
    BudgetYearFactory,
    ContributionFactory,
    GroupFactory,
    MeetingFactory,
    PartnershipFactory,
)
from tests.factories_report import LAST_WEEK, CoverReportFactory, ReportBuildFactory, ReportConsultationFactory
from tests.plans.test_plan_page import count_queries

pytestmark = pytest.mark.django_db

TODAY = date(2027, 1, 12)


@pytest.fixture
def committee(annual_report, office):
    return ReportConsultationFactory(
        report=annual_report,
        build=ReportBuildFactory(report=annual_report, requested_by=office, number=3),
        opened_by=office,
        audience=ReportConsultation.Audience.COMMITTEE,
        name="Families scrutiny committee",
        meets_on=date(2027, 1, 20),
    )


@pytest.fixture
def budget(annual_report, charity, hospital):
    """Of the report's year, agreed: three quarters and a quarter; the charity gave £500 less the year before."""
    budget = BudgetYearFactory(
        partnerships=annual_report.partnerships.all(),
        starts_on=annual_report.starts_on,
        ends_on=annual_report.ends_on,
        status=BudgetYear.Status.AGREED,
        agreed_on=annual_report.starts_on,
        opening_reserve=Decimal("1250.00"),
    )
    for organisation, amount, before in ((charity, "7500.00", "7000.00"), (hospital, "2500.00", "2500.00")):
        ContributionFactory(
            budget=budget, organisation=organisation, amount=Decimal(amount), prior_amount=Decimal(before)
        )
    return budget


@pytest.fixture
def cover(committee, office):
    return covers.begin_cover(committee, by=office, at=LAST_WEEK)


@pytest.fixture
def quick_pdf(monkeypatch):
    """The layout takes seconds; what it is given is kept here instead."""
    made = []

    def made_of(content, *, on_progress=None):
        made.append(content)
        return Pdf(b"%PDF-1.7 " + str(len(made)).encode(), 3, 0.1)

    monkeypatch.setattr(cover_builds, "make_pdf", made_of)
    return made


def words_of(cover, heading):
    return cover.sections.get(heading=heading).words


def address(name, cover, *more):
    return reverse(f"assurance:cover-{name}", args=[cover.pk, *more])


def text_of(response):
    return response.content.decode()


# Beginning


def test_it_begins_with_the_usual_headings_and_what_the_records_know(annual_report, budget, cover, office):
    assert list(cover.sections.values_list("heading", flat=True)) == list(covers.USUAL_HEADINGS)
    assert annual_report.years in words_of(cover, "Purpose of report")
    resources = words_of(cover, "Resource implications")
    assert "£10,000; in the year before it was £9,500" in resources
    assert "The reserve was £1,250 at the start" in resources
    assert "20 January 2027: Families scrutiny committee meets" in words_of(cover, "Timetable for decisions")
    assert office.name in words_of(cover, "Officers to contact")
    assert words_of(cover, "Crime and disorder implications") == ""


def test_the_meeting_that_was_cancelled_stands_there_with_its_reason(annual_report, partnership, committee, office):
    board = GroupFactory(name="The Partnership", kind=Group.Kind.BOARD, partnerships=[partnership])
    MeetingFactory(group=board, meets_on=annual_report.starts_on, status=Meeting.Status.HELD)
    MeetingFactory(
        group=board,
        meets_on=annual_report.ends_on,
        status=Meeting.Status.CANCELLED,
        cancelled_reason="Snow closed the roads.",
    )
    progress = words_of(covers.begin_cover(committee, by=office, at=LAST_WEEK), "Progress")
    assert "The Partnership: 1 meeting held, 1 cancelled." in progress
    assert "Why: Snow closed the roads." in progress


def test_the_draft_is_its_appendix_and_says_its_years_once(annual_report, cover):
    version = cover.consultation.build.number
    assert words_of(cover, "List of appendices") == f"- Appendix A: {annual_report}, draft, version {version}"


def test_begun_twice_it_is_one(client_of, office, committee):
    for _ in range(2):
        answer = client_of(office).post(reverse("assurance:cover-begin", args=[committee.pk]))
    assert answer.url == committee.cover.get_absolute_url()


def test_members_are_asked_without_a_cover_report(client_of, office, annual_report):
    build = ReportBuildFactory(report=annual_report)
    members = ReportConsultationFactory(report=annual_report, build=build)
    assert client_of(office).post(reverse("assurance:cover-begin", args=[members.pk])).status_code == 404


def test_headings_come_from_the_last_one_of_the_partnership_and_from_nobody_elses(
    annual_report, committee, cover, office
):
    cover.sections.exclude(heading__in=["Purpose of report", "Conclusion"]).delete()
    cover.sections.filter(heading="Conclusion").update(heading="What happens next")
    again = ReportConsultationFactory(
        report=annual_report, build=committee.build, audience="committee", name=committee.name, opened_at=LAST_WEEK
    )
    headings = covers.begin_cover(again, by=office, at=LAST_WEEK).sections.values_list("heading", flat=True)
    assert list(headings) == ["Purpose of report", "What happens next"]
    report = AnnualReportFactory(partnerships=[PartnershipFactory()])
    elsewhere = ReportConsultationFactory(report=report, audience="committee", name=committee.name)
    headings = covers.begin_cover(elsewhere, by=office, at=LAST_WEEK).sections.values_list("heading", flat=True)
    assert list(headings) == list(covers.USUAL_HEADINGS)


# Writing


def test_drafting_again_fills_what_is_empty_and_never_words_that_were_typed(client_of, office, cover):
    cover.sections.filter(heading="Purpose of report").update(words="Our own words.")
    cover.sections.filter(heading="Conclusion").update(words="")
    client_of(office).post(address("draft", cover))
    assert words_of(cover, "Purpose of report") == "Our own words."
    assert "asked for its comments by 29 January 2027" in words_of(cover, "Conclusion")


def test_what_the_records_say_goes_below_words_that_are_being_typed(client_of, office, cover):
    section = cover.sections.get(heading="Conclusion")
    drafted = draft_of(cover, "Conclusion")
    typed = {"heading": "Conclusion", "words": "We thank the committee.", "act": "take"}
    for _ in range(2):
        client_of(office).post(address("section-change", cover, section.pk), typed)
        section.refresh_from_db()
        assert section.words == f"We thank the committee.\n\n{drafted}"


def test_two_who_write_one_section_see_each_others_words(client_of, office, cover):
    section = cover.sections.get(heading="Conclusion")
    page = client_of(office).get(address("section-change", cover, section.pk))
    seen = page.context["form"]["seen"].value()
    cover.sections.filter(pk=section.pk).update(words="Theirs.")
    answer = client_of(office).post(
        address("section-change", cover, section.pk), {"heading": "Conclusion", "words": "Mine.", "seen": seen}
    )
    assert answer.status_code == 409
    assert "Theirs." in text_of(answer)
    assert "Mine." in text_of(answer)


def test_a_heading_is_added_moved_and_taken_out(client_of, office, cover):
    for _ in range(2):
        client_of(office).post(address("section-add", cover), {"heading": "Local issues", "words": "None known."})
    section = cover.sections.get(heading="Local issues")
    assert section == cover.sections.last()
    client_of(office).post(address("section-move", cover, section.pk), {"to": "up"})
    assert cover.sections.last().heading == "List of appendices"
    client_of(office).post(address("section-remove", cover, section.pk))
    client_of(office).post(address("section-remove", cover, section.pk))
    assert not cover.sections.filter(heading="Local issues").exists()
    empty = client_of(office).post(address("section-add", cover), {"heading": "", "words": "Lost?"})
    assert (empty.status_code, "Lost?" in text_of(empty)) == (422, True)


def test_nobody_outside_the_office_changes_it_and_a_member_never_sees_it(client_of, advisor, partner, stranger, cover):
    assert client_of(advisor).get(address("detail", cover)).status_code == 200
    assert client_of(advisor).post(address("draft", cover)).status_code == 403
    assert client_of(partner).get(address("detail", cover)).status_code == 404
    assert client_of(stranger).get(address("detail", cover)).status_code == 404


# What is printed


def test_paragraphs_are_numbered_through_the_whole_and_not_where_such_reports_do_not(cover):
    cover.sections.all().delete()
    for position, (heading, words) in enumerate(
        [("Purpose of report", "One.\n\nTwo."), ("Conclusion", "- a\n- b\n\nThree."), ("Background papers", "A paper.")]
    ):
        cover.sections.create(position=position, heading=heading, words=words)
    sections = covers.cover_content(cover, on=TODAY)["sections"]
    assert [each["blocks"] for each in sections] == [
        [{"number": 1, "text": "One."}, {"number": 2, "text": "Two."}],
        [{"items": ["a", "b"]}, {"number": 3, "text": "Three."}],
        [{"text": "A paper."}],
    ]


def test_the_money_stands_in_a_table_with_shares_of_both_years(budget, cover, charity, hospital):
    [table] = [table for section in covers.cover_content(cover, on=TODAY)["sections"] for table in section["tables"]]
    assert table["heads"] == ["Organisation", "This year", "Share", "The year before", "Share then"]
    assert sorted(table["rows"][:-1]) == sorted(
        [
            [charity.name, "£7,500", "75.0%", "£7,000", "73.7%"],
            [hospital.name, "£2,500", "25.0%", "£2,500", "26.3%"],
        ]
    )
    assert table["rows"][-1] == ["Together", "£10,000", "100%", "£9,500", "100%"]


def test_the_pdf_is_tagged_and_the_word_document_opens_with_the_same_words(budget, cover):
    content = covers.cover_content(cover, on=TODAY)
    pdf = make_pdf(content)
    with pikepdf.open(io.BytesIO(pdf.content)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert str(opened.Root.Lang) == "en-GB"
        assert str(opened.docinfo["/Title"]) == cover.title
        roles = [str(element.S) for element in elements(opened.Root.StructTreeRoot)]
    assert roles.count("/H1") == 1
    assert roles.count("/H2") == len(covers.USUAL_HEADINGS)
    assert roles.count("/TH") == 5 + 3
    word = make_word(content)
    assert word == make_word(content)
    document = Document(io.BytesIO(word))
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert headings == list(covers.USUAL_HEADINGS)
    assert document.core_properties.title == cover.title
    head = document.tables[0].rows[0]
    assert head._tr.trPr.find(qn("w:tblHeader")) is not None
    numbers = [each.text.split("\t")[0] for each in document.paragraphs if "\t" in each.text]
    assert numbers == [f"{number}." for number in range(1, len(numbers) + 1)]


def elements(root):
    waiting = [root]
    while waiting:
        element = waiting.pop()
        children = element.get("/K", [])
        for child in children if isinstance(children, pikepdf.Array) else [children]:
            if isinstance(child, pikepdf.Dictionary) and "/S" in child:
                yield child
                waiting.append(child)


# Making the files


def test_the_office_has_its_files_made_by_a_worker_and_fetches_them(
    client_of, office, partner, cover, quick_pdf, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        asked = client_of(office).post(address("make", cover))
    answer = client_of(office).get(asked.url)
    assert "The files are ready" in text_of(answer)
    build = cover.builds.get()
    pdf = client_of(office).get(reverse("assurance:cover-pdf", args=[build.pk]))
    word = client_of(office).get(reverse("assurance:cover-word", args=[build.pk]))
    assert (pdf.content, pdf["Content-Type"]) == (b"%PDF-1.7 1", "application/pdf")
    assert Document(io.BytesIO(word.content)).paragraphs
    assert client_of(partner).get(reverse("assurance:cover-pdf", args=[build.pk])).status_code == 404


def test_a_build_left_behind_is_taken_up_and_run_twice_is_made_once(office, cover, quick_pdf):
    build = covers.request_cover_build(cover, by=office)
    assert covers.request_cover_build(cover, by=office) == build
    resume_cover_builds()
    resume_cover_builds()
    build.refresh_from_db()
    assert (build.state, len(quick_pdf)) == (CoverBuild.State.DONE, 1)


@pytest.mark.parametrize("headings", [1, 3, 30])
def test_its_pages_cost_the_same_however_many_headings_it_has(client_of, office, committee, headings):
    cover = CoverReportFactory(consultation=committee, begun_by=office)
    for position in range(headings):
        cover.sections.create(position=position, heading=f"Heading {position}", words="Words.")
    client = client_of(office)
    client.get(cover.get_absolute_url())
    assert count_queries(client, cover.get_absolute_url()) == 13
