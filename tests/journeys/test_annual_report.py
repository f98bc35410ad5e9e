"""The annual report: the office makes and publishes it, a partner and the public read and download it."""

import hashlib
import re
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assurance.annual.starting import start_report
from assurance.models import AnnualReport, ReportBuild
from partnership.models import PublishedFile, Rule, RuleSet
from partnership.statutory import load_rule_sets
from tests.journeys.conftest import PHONE


@pytest.fixture
def rule_sets(address):
    """A journey's database is emptied of what migrations put there."""
    load_rule_sets(RuleSet, Rule)


@pytest.fixture
def report(
    rule_sets, plan, past_update, review_proposed, submitted_return, draft_return, partnership, other_partnership
):
    return start_report(
        [partnership, other_partnership],
        starts_on=date(2026, 4, 1),
        ends_on=date(2027, 3, 31),
        rule_set=RuleSet.objects.get(code="wt2023"),
    )


def download(page, link):
    with page.expect_download() as downloading:
        link.click()
    with open(downloading.value.path(), "rb") as file:
        return file.read()


def test_the_office_makes_the_report_and_everyone_reads_it(visit, check_page, office, partner, partnership, report):
    page = visit(office)
    page.goto("/reports/")
    check_page(page)
    page.get_by_role("link", name=report.title).click()
    check_page(page)

    page.get_by_role("link", name="Write the foreword").click()
    check_page(page)
    page.get_by_label("Foreword").fill("What was different for children.\n\nAnd what was not.")
    page.get_by_label("Who signs it?").fill("Helena Crossfield, Chief executive")
    page.get_by_role("button", name="Save the foreword").click()
    page.get_by_role("link", name="Write section 2, Evidence of impact, including training").click()
    check_page(page)
    page.get_by_label("The main thing in one sentence").fill("Plans were in place before most births.")
    page.get_by_label("What you have to say").fill("Fourteen of twenty families had a plan.\n\n- one unit\n- not two")
    page.get_by_role("button", name="Save the section").click()
    expect(page.get_by_role("alert")).to_contain_text("Section 2 saved")

    page.get_by_role("link", name="Preview as a page").click()
    expect(page.get_by_text("Fourteen of twenty families had a plan.")).to_be_visible()
    check_page(page)
    page.go_back()

    page.get_by_role("button", name="Make the PDF").click()
    expect(page.get_by_role("heading", name="The proof is ready")).to_be_visible()
    check_page(page)
    proof = download(page, page.get_by_role("link", name="Download the proof"))

    page.get_by_role("link", name="Publish this proof").click()
    check_page(page)
    page.get_by_label("Why is it published before everybody has signed?").fill("The post of its lead was vacant.")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The report is published")
    check_page(page)

    public = visit(screen=PHONE)
    public.goto(reverse("assurance:public-report-list", args=[partnership.slug]))
    check_page(public)
    public.get_by_role("link", name=report.title, exact=True).click()
    check_page(public)
    published = download(public, public.get_by_role("link", name="Download PDF"))
    public.get_by_text("Check that this is the file we published").click()
    expect(public.get_by_text(hashlib.sha256(published).hexdigest())).to_be_visible()

    theirs = visit(partner)
    theirs.goto("/reports/")
    check_page(theirs)
    assert download(theirs, theirs.get_by_role("link", name=re.compile("^Download"))) == proof == published


def test_progress_moves_by_itself(visit, check_page, office, report):
    build = ReportBuild.objects.create(
        report=report,
        requested_by=office,
        state=ReportBuild.State.RUNNING,
        step="Laying out page 12 of about 25",
        done_count=12,
        total_count=25,
    )
    page = visit(office)
    page.goto(build.get_absolute_url())
    expect(page.get_by_text("Laying out page 12 of about 25")).to_be_visible()
    check_page(page)
    ReportBuild.objects.filter(pk=build.pk).update(step="Laying out page 20 of about 25", done_count=20)
    expect(page.get_by_text("Laying out page 20 of about 25")).to_be_visible()
    ReportBuild.objects.filter(pk=build.pk).update(state=ReportBuild.State.FAILED, problem="The PDF was not made.")
    expect(page.get_by_role("heading", name="The PDF could not be made")).to_be_visible()


def test_the_office_starts_a_report_and_corrects_a_published_one(visit, check_page, office, rule_sets, plan):
    page = visit(office)
    page.goto("/reports/start/")
    check_page(page)
    page.get_by_label("Working Together 2023").check()
    page.get_by_role("button", name="Start the report").click()
    expect(page.get_by_role("alert")).to_contain_text("Report started")
    check_page(page)
    page.get_by_role("button", name="Make the PDF").click()
    page.get_by_role("link", name="Publish this proof").click()
    page.get_by_label("Why is it published before everybody has signed?").fill("The post of its lead was vacant.")
    page.get_by_role("button", name="Publish", exact=True).click()

    page.get_by_role("link", name="Correct it in a new edition").click()
    check_page(page)
    page.get_by_label("What will the next edition correct?").fill("A total was wrong.")
    page.get_by_role("button", name="Start the next edition").click()
    expect(page.get_by_role("alert")).to_contain_text("Edition 2 started")
    published = PublishedFile.objects.filter(kind=PublishedFile.Kind.ANNUAL_REPORT)
    assert [AnnualReport.objects.count(), published.count()] == [2, 1]
