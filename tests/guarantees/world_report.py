"""What the world of the access table holds around the annual report: contributions, statement, comments, signatures."""

from datetime import date

from assurance.models import ContributionDraft, CoverBuild, ReportCompanion, ReportConsultation
from partnership.models import Document
from tests.factories import ReportEvidenceFactory, ReportSectionFactory, RuleFactory, RuleSetFactory
from tests.factories_report import (
    LAST_WEEK,
    ConsultationCommentFactory,
    CoverReportFactory,
    CoverSectionFactory,
    ReportBuildFactory,
    ReportCompanionFactory,
    ReportConsultationFactory,
    ReportContributionFactory,
    ReportRecipientFactory,
    ScrutinyStatementFactory,
    SignOffFactory,
)


def report_of(report, published, people, own, other):
    """Fields of the world. ``own`` and ``other`` are the organisations of the partner and of the other partner.

    ``report`` is a draft, ``published`` is out.
    """
    office = people["office"]
    report.statement_due_on = date(2027, 2, 26)
    report.save(update_fields=["statement_due_on"])
    build = ReportBuildFactory(report=report, requested_by=office, number=9)
    drafted = ReportContributionFactory(report=report, organisation=own, asked_by=office)
    ContributionDraft.objects.create(
        contribution=drafted,
        answers={"did": "Canary of a drafted contribution"},
        saved_by=people["partner"],
        saved_at=LAST_WEEK,
    )
    submitted = ReportContributionFactory(
        report=report,
        organisation=other,
        asked_by=office,
        did="Canary of a submitted contribution",
        submitted_by=people["other_partner"],
        submitted_at=LAST_WEEK,
    )
    consultation = ReportConsultationFactory(report=report, build=build, opened_by=office)
    committee = ReportConsultationFactory(
        report=report,
        build=build,
        opened_by=office,
        audience=ReportConsultation.Audience.COMMITTEE,
        name="Canary of a committee",
    )
    closed = ReportConsultationFactory(report=report, build=build, opened_by=office, closed_at=LAST_WEEK)
    cover = CoverReportFactory(consultation=committee, begun_by=office)
    brought = Document.keep(filename="easy-read.pdf", content=b"%PDF-1.7 easy", by=office)
    return {
        "contribution_draft": drafted,
        "contribution_submitted": submitted,
        "scrutiny_statement": ScrutinyStatementFactory(
            report=report, written_by=people["advisor"], words="Canary of a statement"
        ),
        "consultation": consultation,
        "consultation_closed": closed,
        "consultation_committee": committee,
        "consultation_comment": ConsultationCommentFactory(
            consultation=consultation, organisation=own, made_by=people["partner"], words="Canary of a comment"
        ),
        "cover": cover,
        "cover_section": CoverSectionFactory(cover=cover, position=1),
        "cover_build": CoverBuild.objects.create(
            cover=cover,
            requested_by=office,
            state=CoverBuild.State.DONE,
            pdf=b"%PDF-1.7",
            word=b"PK",
            size=8,
            word_size=2,
            page_count=1,
            finished_at=LAST_WEEK,
        ),
        "sign_off": SignOffFactory(report=report, build=build, asked_by=office),
        "companion": ReportCompanionFactory(report=report, added_by=office, document=brought),
        "companion_of_published": ReportCompanionFactory(
            report=published, added_by=office, document=brought, kind=ReportCompanion.Kind.CHILDREN
        ),
        "recipient": ReportRecipientFactory(report=published, position=1),
        "recipient_of_draft": ReportRecipientFactory(report=report, position=1),
        **evidence_of(report, published),
    }


def evidence_of(report, published):
    """Something filed under the first heading of each, a heading of the draft's own, and an own rule set."""
    own_rules = RuleSetFactory(code="our-own", title="Our own headings", partnership=report.partnerships.first())
    return {
        "report_evidence": ReportEvidenceFactory(section=report.sections.first()),
        "evidence_of_published": ReportEvidenceFactory(section=published.sections.first(), use="accepted"),
        "report_own_section": ReportSectionFactory(report=report, position=99, title="Forward look"),
        "own_rule_set": own_rules,
        "own_rule": RuleFactory(rule_set=own_rules, code="our-heading", title="What is ours", unit="heading"),
    }
