"""What the world of the access table holds of audits, inspections, indicators, risks, challenges and quarters."""

from datetime import UTC, date, datetime
from decimal import Decimal

from assurance.models import IndicatorImport, QuarterlyBuild
from assurance.quarterly.content import content_of
from tests.factories import MeetingActionFactory, VoiceEntryFactory
from tests.factories_assurance import ScaleFactory
from tests.factories_judged import (
    AdvisorNoteFactory,
    AuditAnswerFactory,
    AuditCaseFactory,
    AuditFactory,
    AuditFindingFactory,
    AuditGradeFactory,
    AuditGradingFactory,
    AuditQuestionFactory,
    AuditSectionFactory,
    ChallengeFactory,
    IndicatorCommentFactory,
    IndicatorFactory,
    IndicatorValueFactory,
    InspectionFactory,
    QuarterlyEvidenceFactory,
    QuarterlyLineFactory,
    QuarterlyPromiseFactory,
    QuarterlyReportFactory,
    RiskFactory,
    RiskReviewFactory,
)

LAST_WEEK = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)


def judged_of(partnership, people, rounds, own, other, group):
    """Fields of the world. ``own`` and ``other`` are the organisations of the partner and of the other partner.

    ``rounds``: one that is past and the open one. ``group`` carries the audits out.
    All is for inside; what is told to members has a name that says so.
    """
    round_past, round_open = rounds
    scale = ScaleFactory(name="Four points", lowest=1, highest=4)
    audit = AuditFactory(partnerships=[partnership], group=group, scale=scale)
    section = AuditSectionFactory(audit=audit, position=1)
    question = AuditQuestionFactory(section=section, position=1)
    case = AuditCaseFactory(audit=audit, position=1, reference="Case A")
    drafted = AuditGradingFactory(case=case, organisation=own)
    AuditAnswerFactory(grading=drafted, question=question, evidence="Canary of a draft grading")
    AuditGradeFactory(grading=drafted, reasons="Canary of a draft grade")
    submitted = AuditGradingFactory(
        case=case, organisation=other, submitted_at=LAST_WEEK, submitted_by=people["other_partner"]
    )
    AuditGradeFactory(grading=submitted, reasons="Canary of a submitted grade")
    told = AuditFactory(
        partnerships=[partnership],
        group=group,
        title="Neglect seen early, told",
        scale=scale,
        moderated_on=date(2026, 12, 20),
        released_on=date(2027, 1, 4),
        re_audit_on=date(2027, 9, 1),
    )
    planned = AuditFactory(partnerships=[partnership], title="Canary of a plan", scale=scale, asked_on=None)
    indicator = IndicatorFactory(
        partnership=partnership, owner=own, title="Children on a plan because of neglect", target=Decimal(40)
    )
    # It fell behind its target in summer, and nobody has said why.
    for starts_on, ends_on, value in [
        (date(2026, 4, 1), date(2026, 6, 30), 39),
        (date(2026, 7, 1), date(2026, 9, 30), 44),
    ]:
        IndicatorValueFactory(
            indicator=indicator, starts_on=starts_on, ends_on=ends_on, value=value, entered_by=people["office"]
        )
    risk = RiskFactory(partnership=partnership, ref="R901", lead_organisation=own)
    RiskReviewFactory(risk=risk, reviewed_by=people["office"])
    shared_risk = RiskFactory(partnership=partnership, ref="R902", shared_on=date(2027, 1, 4))
    RiskReviewFactory(risk=shared_risk, reviewed_by=people["office"])
    outcome = round_open.plan.priorities.get(position=1).outcomes.get()
    published = QuarterlyReportFactory(round=round_past, begun_by=people["office"], given_at=LAST_WEEK)
    QuarterlyLineFactory(report=published, outcome=outcome, position=1)
    QuarterlyPromiseFactory(report=published, position=1)
    QuarterlyBuild.objects.create(
        report=published,
        requested_by=people["office"],
        state=QuarterlyBuild.State.DONE,
        pdf=b"%PDF-1.7",
        word=b"PK",
        size=8,
        word_size=2,
        page_count=2,
        finished_at=LAST_WEEK,
        content=content_of(published, on=LAST_WEEK.date()),
        published_at=LAST_WEEK,
    )
    published.published_at, published.published_by = LAST_WEEK, people["office"]
    published.save()
    draft = QuarterlyReportFactory(round=round_open, begun_by=people["office"])
    line = QuarterlyLineFactory(report=draft, outcome=outcome, position=1)
    return {
        "audit": audit,
        "audit_told": told,
        "audit_planned": planned,
        "audit_section": section,
        "audit_question": question,
        "audit_case": case,
        "audit_grading_draft": drafted,
        "audit_grading": submitted,
        "audit_finding": AuditFindingFactory(audit=audit, position=1, text="Canary of a finding"),
        "audit_finding_told": AuditFindingFactory(audit=told, position=1),
        "inspection": InspectionFactory(partnership=partnership, organisation=own),
        "inspection_told": InspectionFactory(partnership=partnership, title="All of us", released_on=date(2027, 1, 4)),
        "indicator": indicator,
        "indicator_value": IndicatorValueFactory(indicator=indicator, entered_by=people["office"]),
        "indicator_comment": IndicatorCommentFactory(indicator=indicator, said_by=people["office"]),
        "indicator_import": IndicatorImport.objects.create(
            partnership=partnership, understood={}, pasted="Indicator", created_by=people["office"]
        ),
        "voice_entry": VoiceEntryFactory(partnerships=[partnership]),
        "voice_of_partner": VoiceEntryFactory(
            partnerships=[partnership], organisation=own, said="Nobody rang back.", people_count=9
        ),
        "voice_of_group": VoiceEntryFactory(partnerships=[partnership], group=group, did="We asked.", is_public=True),
        "risk": risk,
        "risk_shared": shared_risk,
        "risk_action": MeetingActionFactory(group=group, ref="A901"),
        "challenge": ChallengeFactory(partnership=partnership, ref="C901", by_organisation=other, to_organisation=own),
        "challenge_shared": ChallengeFactory(
            partnership=partnership, ref="C902", to_group=group, shared_on=date(2027, 1, 4)
        ),
        "advisor_note": AdvisorNoteFactory(
            partnership=partnership,
            to_organisation=own,
            written_by=people["advisor"],
            asked="How will you know?",
            answer_due_on=date(2027, 1, 29),
        ),
        "advisor_note_shared": AdvisorNoteFactory(
            partnership=partnership, written_by=people["advisor"], shared_on=date(2027, 1, 4)
        ),
        "quarter_draft": draft,
        "quarter_published": published,
        "quarter_line": line,
        "quarter_evidence": QuarterlyEvidenceFactory(line=line),
        "quarter_promise": QuarterlyPromiseFactory(report=draft, position=1),
        "quarter_build": QuarterlyBuild.objects.create(
            report=draft,
            requested_by=people["office"],
            state=QuarterlyBuild.State.DONE,
            pdf=b"%PDF-1.7",
            word=b"PK",
            size=8,
            word_size=2,
            page_count=2,
            finished_at=LAST_WEEK,
        ),
    }
