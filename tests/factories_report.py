"""Fixed factories of the annual report's parts: see ``factories.py``."""

from datetime import UTC, date, datetime

import factory

from assurance.models import (
    ConsultationComment,
    CoverReport,
    CoverSection,
    ReportBuild,
    ReportCompanion,
    ReportConsultation,
    ReportContribution,
    ReportRecipient,
    ReportSignature,
    ScrutinyStatement,
    SignOff,
)
from tests.factories import AnnualReportFactory, Made, OrganisationFactory, UserFactory

LAST_WEEK = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)


class ReportBuildFactory(Made):
    """A proof that was made."""

    report = factory.SubFactory(AnnualReportFactory)
    requested_by = factory.SubFactory(UserFactory)
    number = factory.Sequence(lambda n: n + 1)
    state = ReportBuild.State.DONE
    pdf = b"%PDF-1.7"
    size = 8
    page_count = 2
    finished_at = LAST_WEEK

    class Meta:
        model = ReportBuild


class ReportContributionFactory(Made):
    """Asked before Christmas, due at the end of January."""

    report = factory.SubFactory(AnnualReportFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    asks = "Tell us what your agency did, and what changed."
    due_on = date(2027, 1, 29)
    asked_by = factory.SubFactory(UserFactory)
    asked_at = datetime(2026, 12, 14, 9, 0, tzinfo=UTC)

    class Meta:
        model = ReportContribution


class ScrutinyStatementFactory(Made):
    report = factory.SubFactory(AnnualReportFactory)
    number = 1
    conclusion = "The partnership listens, and is slow to act on what it hears."
    words = "I looked at three priorities and spoke with forty people."
    by_line = "Marguerite Oduya, independent scrutineer"
    written_by = factory.SubFactory(UserFactory)
    begun_at = LAST_WEEK

    class Meta:
        model = ScrutinyStatement


class ReportConsultationFactory(Made):
    """Members are asked until the end of January."""

    report = factory.SubFactory(AnnualReportFactory)
    name = "Members of the partnership"
    build = factory.SubFactory(ReportBuildFactory, report=factory.SelfAttribute("..report"))
    note = "Is anything wrong, or missing?"
    opens_on = date(2027, 1, 5)
    closes_on = date(2027, 1, 29)
    opened_by = factory.SubFactory(UserFactory)
    opened_at = LAST_WEEK

    class Meta:
        model = ReportConsultation


class ConsultationCommentFactory(Made):
    consultation = factory.SubFactory(ReportConsultationFactory)
    said_by = "The health board"
    words = "Page four counts children twice."
    made_by = factory.SubFactory(UserFactory)
    made_at = LAST_WEEK

    class Meta:
        model = ConsultationComment


class CoverReportFactory(Made):
    consultation = factory.SubFactory(ReportConsultationFactory, audience=ReportConsultation.Audience.COMMITTEE)
    title = "Annual report of the safeguarding partnership"
    report_of = "The business manager"
    begun_by = factory.SubFactory(UserFactory)
    begun_at = LAST_WEEK

    class Meta:
        model = CoverReport


class CoverSectionFactory(Made):
    cover = factory.SubFactory(CoverReportFactory)
    position = factory.Sequence(lambda n: n + 1)
    heading = "Purpose of report"
    words = "To ask the committee what it thinks of the draft."

    class Meta:
        model = CoverSection


class SignOffFactory(Made):
    report = factory.SubFactory(AnnualReportFactory)
    build = factory.SubFactory(ReportBuildFactory, report=factory.SelfAttribute("..report"))
    due_on = date(2027, 1, 29)
    asked_by = factory.SubFactory(UserFactory)
    asked_at = LAST_WEEK

    class Meta:
        model = SignOff


class ReportSignatureFactory(Made):
    sign_off = factory.SubFactory(SignOffFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    decision = ReportSignature.Decision.SIGNED
    name = "Imogen Vance"
    post_title = "Chief executive"
    signed_on = date(2027, 1, 8)
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = datetime(2027, 1, 8, 9, 0, tzinfo=UTC)

    class Meta:
        model = ReportSignature


class ReportCompanionFactory(Made):
    report = factory.SubFactory(AnnualReportFactory)
    kind = ReportCompanion.Kind.EASY_READ
    title = "Annual report in easy read"
    added_by = factory.SubFactory(UserFactory)
    added_at = LAST_WEEK

    class Meta:
        model = ReportCompanion


class ReportRecipientFactory(Made):
    report = factory.SubFactory(AnnualReportFactory)
    position = factory.Sequence(lambda n: n + 1)
    name = "The Panel"
    email = "panel@example.org"
    within_days = 7

    class Meta:
        model = ReportRecipient
