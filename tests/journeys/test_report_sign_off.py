"""A report on its last way: put before the leads, signed on a phone, published, sent to those who have to have it."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assurance.annual.content import content_of
from assurance.annual.starting import start_report
from assurance.models import ReportBuild
from assurance.printed import content_hash
from partnership.models import Membership, Organisation, Post, Rule, RuleSet
from partnership.statutory import load_rule_sets
from tests.conftest import hold
from tests.factories import MembershipFactory, OrganisationFactory
from tests.factories_report import ReportBuildFactory
from tests.journeys.conftest import PHONE

TODAY = date(2027, 1, 12)


@pytest.fixture
def council(address, partnership):
    organisation = OrganisationFactory(name="Ashford Vale County Council", kind=Organisation.Kind.LOCAL_AUTHORITY)
    MembershipFactory(organisation=organisation, partnership=partnership, role=Membership.Role.STATUTORY)
    return organisation


@pytest.fixture
def council_lead(partnership, council):
    return hold(
        "Imogen Vance",
        "Chief executive",
        duty=Post.Duty.LEAD_PARTNER,
        partnerships=[partnership],
        organisation=council,
    )


@pytest.fixture
def report(council_lead, partnership, plan):
    load_rule_sets(RuleSet, Rule)  # a journey's database is emptied of what migrations put there
    return start_report(
        [partnership],
        starts_on=date(2026, 4, 1),
        ends_on=date(2027, 3, 31),
        rule_set=RuleSet.objects.get(code="wt2023"),
    )


def proof_of(report, office):
    """A proof as the worker would keep it, with no PDF to wait for."""
    content = content_of(report, on=TODAY)
    return ReportBuildFactory(
        report=report,
        number=report.builds.count() + 1,
        requested_by=office,
        state=ReportBuild.State.DONE,
        content=content,
        content_hash=content_hash(content),
        finished_at=datetime(2027, 1, 12, 8, 0, tzinfo=UTC),
    )


def test_the_office_asks_a_lead_signs_on_a_phone_and_the_report_goes_out(
    visit, check_page, office, council_lead, council, report
):
    proof_of(report, office)
    page = visit(office)
    page.goto(reverse("assurance:sign-off-ask", args=[report.pk]))
    check_page(page)
    page.get_by_label("What do you want to tell them?").fill("Section 3 is new.")
    page.get_by_role("button", name="Ask them to sign").click()
    expect(page.get_by_role("alert")).to_contain_text("The lead partners find it on My work")
    check_page(page)

    theirs = visit(council_lead, screen=PHONE)
    theirs.goto("/my-work/")
    theirs.get_by_role("link", name="Read and sign").first.click()
    check_page(theirs)
    theirs.get_by_role("link", name="Sign, or ask for changes").click()
    check_page(theirs)
    theirs.get_by_label("I ask for changes before I sign").check()
    theirs.get_by_role("button", name="Send").click()
    expect(theirs.get_by_role("link", name="Enter what has to change before you sign")).to_be_visible()
    theirs.get_by_label("What has to change?").fill("Page 4 counts children twice.")
    theirs.get_by_role("button", name="Send").click()
    expect(theirs.get_by_text("Page 4 counts children twice.")).to_be_visible()

    report.foreword = "We counted again."
    report.save()
    proof_of(report, office)
    page.goto(reverse("assurance:version-list", args=[report.pk]))
    check_page(page)
    page.get_by_role("link", name="With version 1").click()
    expect(page.get_by_text("We counted again.")).to_be_visible()
    check_page(page)
    page.goto(reverse("assurance:sign-off-ask", args=[report.pk]))
    page.get_by_label("Why is the version before this one withdrawn?").fill("Page 4 counted twice.")
    page.get_by_role("button", name="Ask them to sign").click()

    theirs.goto("/my-work/")
    theirs.get_by_role("link", name="Read and sign").first.click()
    theirs.get_by_role("link", name="Sign, or ask for changes").click()
    theirs.get_by_label("I have read this version").check()
    theirs.get_by_role("button", name="Send").click()
    expect(theirs.get_by_role("alert")).to_contain_text(f"Signed for {council}")
    check_page(theirs)

    page.reload()
    page.get_by_role("link", name="Keep a signature given elsewhere").click()
    check_page(page)
    page.get_by_label("Who signed?").fill("Priya Nandakumar")
    page.get_by_label("What is their post?").fill("Chief nurse")
    for box, typed in (("Day", "12"), ("Month", "1"), ("Year", "2027")):
        page.get_by_label(box, exact=True).fill(typed)
    page.get_by_label("Where is it signed?").fill("Executive, 12 January, item 3.")
    page.get_by_role("button", name="Keep the signature").click()
    expect(page.get_by_text("Everybody has signed.")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Publish").click()
    check_page(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The report is published")

    page.goto(reverse("assurance:recipient-list", args=[report.pk]))
    check_page(page)
    page.get_by_role("link", name="Address of The Child Safeguarding Practice Review Panel").click()
    check_page(page)
    page.get_by_label("E-mail address").fill("panel@example.org")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Send by mail").click()
    check_page(page)
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("link", name="Was it sent? Foundations").click()
    check_page(page)
    page.get_by_label("Uploaded to their site").check()
    page.get_by_role("button", name="Save").click()
    check_page(page)
    expect(page.get_by_text("Sent on 12 January 2027, in time")).to_have_count(2)
