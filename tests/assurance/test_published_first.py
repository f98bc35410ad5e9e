"""Who presses publish when somebody else has just done so is told by whom and when, and nothing is published twice."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from partnership.models import PublishedFile
from partnership.publishing import publish_file
from tests.conftest import hold
from tests.factories import AnnualReportFactory
from tests.factories_judged import QuarterlyReportFactory
from tests.factories_report import ReportCompanionFactory

pytestmark = pytest.mark.usefixtures("today")

THEN = datetime(2027, 1, 11, 14, 5, tzinfo=UTC)


@pytest.fixture
def colleague(partnership, other_partnership, office):
    """Of the same office."""
    return hold("Petra Vane", "Business support officer", duty="office", partnerships=[partnership, other_partnership])


@pytest.fixture
def file_of(partnership, office):
    """Publishes a file of that kind."""

    def publish(kind):
        return publish_file(
            partnerships=[partnership],
            kind=kind,
            title=kind.label,
            filename=f"{kind}.pdf",
            content=b"%PDF-1.7",
            by=office,
            at=THEN,
        )

    return publish


@pytest.fixture
def published_report(partnership, file_of):
    file = file_of(PublishedFile.Kind.ANNUAL_REPORT)
    return AnnualReportFactory(partnerships=[partnership], published_file=file)


@pytest.fixture
def published_companion(published_report, file_of):
    """What was brought after its report came out."""
    return ReportCompanionFactory(report=published_report, published_file=file_of(PublishedFile.Kind.EASY_READ))


@pytest.fixture
def published_quarter(round_past, office):
    return QuarterlyReportFactory(round=round_past, given_at=THEN, published_at=THEN, published_by=office)


@pytest.fixture
def published(plan, published_arrangements, published_report, published_companion, published_quarter):
    """[(address of publishing, who published it, on which day)]."""
    version = plan.published_version
    arrangements, report = published_arrangements.published_file, published_report.published_file
    return [
        (reverse("plans:plan-publish", args=[plan.pk]), version.made_by, version.made_at),
        (
            reverse("partnership:arrangements-publish", args=[published_arrangements.pk]),
            arrangements.published_by,
            published_arrangements.published_at,
        ),
        (
            reverse("assurance:report-publish", args=[published_report.pk]),
            report.published_by,
            report.published_at,
        ),
        (reverse("assurance:companion-publish", args=[published_companion.pk]), report.published_by, THEN),
        (reverse("assurance:quarterly-publish", args=[published_quarter.pk]), published_quarter.published_by, THEN),
    ]


def test_the_second_is_told_who_was_first_and_when(client_of, colleague, published):
    before, client = PublishedFile.objects.count(), client_of(colleague)
    for address, by, at in published:
        answer = client.post(address, {})
        page = answer.content.decode()
        assert (answer.status_code, "Somebody else published this first" in page) == (409, True), address
        assert f"{by} published it on {at:%-d %B %Y}" in page
    assert PublishedFile.objects.count() == before


def test_who_published_it_and_presses_again_is_shown_it(client_of, published):
    for address, by, _at in published:
        answer = client_of(by).post(address, {})
        assert answer.status_code in {302, 403, 404}, address  # the plan's was made by somebody who is of no office


@pytest.mark.parametrize("role", ["advisor", "lead_partner", "stranger"])
def test_to_who_may_not_publish_nothing_is_told(request, client_of, published, role):
    for address, by, _at in published:
        answer = client_of(request.getfixturevalue(role)).post(address, {})
        assert answer.status_code in {403, 404}, address
        assert by.name not in answer.content.decode()
