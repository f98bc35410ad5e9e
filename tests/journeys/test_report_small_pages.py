"""The annual report's smaller pages, each as the person whose it is: read by axe, wide and on a phone.

The evidence, the words with their live figures, what is still missing, headings of one's own, and the short forms.
"""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assurance.annual.starting import start_report
from assurance.models import CoverBuild
from partnership.models import Rule, RuleSet
from partnership.statutory import load_rule_sets
from tests.factories_report import (
    ConsultationCommentFactory,
    CoverReportFactory,
    CoverSectionFactory,
    ReportBuildFactory,
    ReportConsultationFactory,
    ReportContributionFactory,
    ScrutinyStatementFactory,
)
from tests.journeys.conftest import PHONE

GIVEN = datetime(2027, 1, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def rule_sets(address):
    """A journey's database is emptied of what migrations put there."""
    load_rule_sets(RuleSet, Rule)


@pytest.fixture
def report(rule_sets, plan, past_update, review_proposed, submitted_return, partnership, other_partnership):
    return start_report(
        [partnership, other_partnership],
        starts_on=date(2026, 4, 1),
        ends_on=date(2027, 3, 31),
        rule_set=RuleSet.objects.get(code="wt2023"),
    )


@pytest.fixture
def walk(visit, check_page):
    """``walk(user, page names with their keys)``: opens each, checks it and gives the last."""

    def walk(user, *pages, screen=PHONE):
        page = visit(user, screen=screen)
        for name, *keys in pages:
            page.goto(reverse(f"assurance:{name}", args=keys))
            check_page(page)
        return page

    return walk


def test_the_office_decides_on_evidence_and_writes_beside_it(visit, check_page, office, report):
    section = report.sections.get(position=2)
    page = visit(office)
    page.goto(reverse("assurance:report-evidence", args=[report.pk, section.pk]))
    check_page(page)
    page.get_by_text("Quote a part, or file it elsewhere").first.click()
    check_page(page)
    page.get_by_role("button", name="In the report").first.click()
    expect(page.get_by_role("button", name="Undo").first).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Everything").click()
    check_page(page)
    narrowing = page.get_by_role("main")
    narrowing.get_by_role("searchbox").or_(narrowing.get_by_label("Words")).first.fill("nothing like it")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Nothing fits that")).to_be_visible()
    check_page(page)

    page.goto(reverse("assurance:section-change", args=[report.pk, section.pk]))
    check_page(page)
    for group in page.locator("details summary").all():
        group.click()
    check_page(page)
    page.get_by_label("What you have to say").fill("We heard [[no-such-figure]] people.")
    page.get_by_role("button", name="Save the section").click()
    expect(page.get_by_role("alert").first).to_contain_text("no-such-figure")
    check_page(page)


def test_what_is_still_missing_is_read_by_those_who_can_mend_it(walk, office, advisor, report):
    page = walk(office, ("report-missing", report.pk), ("foreword-change", report.pk), ("in-short-change", report.pk))
    page.goto(reverse("assurance:report-missing", args=[report.pk]))
    page.get_by_label("Who can mend it").select_option("Business office")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Still missing")
    walk(advisor, ("report-missing", report.pk))


def test_headings_of_ones_own_are_made_changed_and_removed(visit, check_page, office, partnership, rule_sets):
    page = visit(office, screen=PHONE)
    page.goto(reverse("partnership:rule-set-list"))
    check_page(page)
    page.get_by_role("link", name="Make our own headings").click()
    check_page(page)
    page.get_by_label("Whose is it?").select_option(label=str(partnership))
    page.get_by_role("button", name="Make the rule set").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    check_page(page)
    page.get_by_label("What is it called?").fill("What Ashford Vale asks of itself")
    page.get_by_role("button", name="Make the rule set").click()
    expect(page.get_by_role("alert").first).to_contain_text("is made")
    check_page(page)
    for link, box, words in (
        ("Add a heading", "Heading", "What fathers told us"),
        ("Add a recipient", "Who is sent it?", "The parents’ forum"),
    ):
        page.get_by_role("link", name=link).click()
        check_page(page)
        page.get_by_label(box).fill(words)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("alert").first).to_contain_text("is added")
    check_page(page)
    page.get_by_role("link", name="Change What fathers told us").click()
    check_page(page)
    page.go_back()
    page.get_by_role("link", name="Remove What fathers told us").click()
    check_page(page)
    page.get_by_role("button", name="Remove it").click()
    check_page(page)


def test_a_contribution_is_given_back_moved_to_another_day_and_no_longer_asked_for(
    walk, visit, check_page, office, report, charity, hospital
):
    given = ReportContributionFactory(
        report=report, organisation=charity, did="We visited.", submitted_by=office, submitted_at=GIVEN
    )
    open_ = ReportContributionFactory(report=report, organisation=hospital, asked_by=office)
    page = walk(
        office,
        ("contribution-detail", given.pk),
        ("contribution-give-back", given.pk),
        ("contribution-shorten", given.pk),
        ("contribution-day", open_.pk),
        ("contribution-withdraw", open_.pk),
    )
    for name, record, button in (
        ("give-back", given, "Give it back"),
        ("day", open_, None),
        ("withdraw", open_, None),
    ):
        page.goto(reverse(f"assurance:contribution-{name}", args=[record.pk]))
        for box in page.get_by_role("textbox").all():
            box.fill("")
        (page.get_by_role("button", name=button) if button else page.locator("main form button").first).click()
        expect(page.get_by_role("alert").first).to_be_visible()
        check_page(page)


def test_a_statement_is_wanted_by_a_day_and_answered(walk, check_page, office, advisor, lead_partner, report):
    walk(office, ("statement-day", report.pk))
    ScrutinyStatementFactory(report=report, written_by=advisor, given_at=GIVEN)
    page = walk(lead_partner, ("statement-detail", report.pk), ("statement-answer", report.pk))
    page.get_by_role("button", name="Save the answer").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    check_page(page)


@pytest.mark.parametrize("state", CoverBuild.State.values)
def test_the_files_of_a_cover_report_are_waited_for(walk, office, report, state):
    consultation = ReportConsultationFactory(
        report=report,
        audience="committee",
        name="Families scrutiny committee",
        build=ReportBuildFactory(report=report, requested_by=office),
        opened_by=office,
    )
    cover = CoverReportFactory(consultation=consultation, begun_by=office)
    section = CoverSectionFactory(cover=cover)
    done = {"finished_at": GIVEN, "pdf": b"%PDF-1.7", "size": 8, "word": b"PK", "word_size": 2, "page_count": 2}
    build = CoverBuild.objects.create(
        cover=cover,
        requested_by=office,
        state=state,
        step="Laying out page 2",
        problem="The PDF was not made." if state == CoverBuild.State.FAILED else "",
        **(done if state == CoverBuild.State.DONE else {}),
    )
    walk(office, ("cover-build", build.pk), ("cover-section-change", cover.pk, section.pk), ("cover-change", cover.pk))


def test_a_comment_is_changed_and_answered(walk, office, partner, charity, report):
    consultation = ReportConsultationFactory(
        report=report, build=ReportBuildFactory(report=report, requested_by=office), opened_by=office
    )
    comment = ConsultationCommentFactory(consultation=consultation, organisation=charity, made_by=partner)
    walk(partner, ("comment-change", comment.pk))
    walk(office, ("consultation-change", consultation.pk), ("comment-answer", comment.pk), ("heading-list", report.pk))
