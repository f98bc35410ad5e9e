"""Fixed factories of audits, inspections, indicators, risks, challenges and quarterly reports: see ``factories.py``."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory

from assurance.models import (
    AdvisorNote,
    Audit,
    AuditAnswer,
    AuditCase,
    AuditFinding,
    AuditGrade,
    AuditGrading,
    AuditModeration,
    AuditQuestion,
    AuditSection,
    Challenge,
    Indicator,
    IndicatorComment,
    IndicatorValue,
    Inspection,
    QuarterlyEvidence,
    QuarterlyLine,
    QuarterlyPromise,
    QuarterlyReport,
    Risk,
    RiskReview,
)
from tests.factories import (
    Made,
    OrganisationFactory,
    OutcomeStatementFactory,
    PartnershipFactory,
    UpdateRoundFactory,
    UserFactory,
    fill,
)
from tests.factories_assurance import ScaleFactory

LAST_WEEK = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)


class AuditFactory(Made):
    """Agencies are grading: asked in December, due at the end of January."""

    title = "Neglect seen early"
    scale = factory.SubFactory(ScaleFactory)
    grades_due_on = date(2027, 1, 29)
    asked_on = date(2026, 12, 14)

    partnerships = fill("partnerships")
    priorities = fill("priorities")
    themes = fill("themes")

    class Meta:
        model = Audit


class AuditSectionFactory(Made):
    audit = factory.SubFactory(AuditFactory)
    position = factory.Sequence(int)
    title = "The child’s own voice"

    class Meta:
        model = AuditSection


class AuditQuestionFactory(Made):
    section = factory.SubFactory(AuditSectionFactory)
    position = factory.Sequence(int)
    text = "Was the child seen alone?"

    class Meta:
        model = AuditQuestion


class AuditCaseFactory(Made):
    audit = factory.SubFactory(AuditFactory)
    position = factory.Sequence(int)
    reference = factory.Sequence(lambda n: f"Case {n}")
    about = "A child of four, neglect"

    class Meta:
        model = AuditCase


class AuditGradingFactory(Made):
    case = factory.SubFactory(AuditCaseFactory)
    organisation = factory.SubFactory(OrganisationFactory)

    class Meta:
        model = AuditGrading


class AuditAnswerFactory(Made):
    grading = factory.SubFactory(AuditGradingFactory)
    question = factory.SubFactory(AuditQuestionFactory)
    answer = AuditAnswer.Answer.YES
    evidence = "Seen alone in May and in July."

    class Meta:
        model = AuditAnswer


class AuditGradeFactory(Made):
    grading = factory.SubFactory(AuditGradingFactory)
    score = Decimal(2)
    reasons = "Heard, but late."

    class Meta:
        model = AuditGrade


class AuditModerationFactory(Made):
    case = factory.SubFactory(AuditCaseFactory)
    score = Decimal(1)
    reasons = "Two of three visits were missed."
    moderated_by = factory.SubFactory(UserFactory)
    moderated_at = LAST_WEEK

    class Meta:
        model = AuditModeration


class AuditFindingFactory(Made):
    audit = factory.SubFactory(AuditFactory)
    position = factory.Sequence(int)
    text = "Fathers were asked in one case of five."

    recommendations = fill("recommendations")

    class Meta:
        model = AuditFinding


class InspectionFactory(Made):
    partnership = factory.SubFactory(PartnershipFactory)
    title = "Front door of children’s services"
    inspectorate = "Ofsted"
    starts_on = date(2026, 10, 12)

    priorities = fill("priorities")
    recommendations = fill("recommendations")

    class Meta:
        model = Inspection


class IndicatorFactory(Made):
    """Children on a plan for neglect: lower is better, a number, each quarter."""

    partnership = factory.SubFactory(PartnershipFactory)
    owner = factory.SubFactory(OrganisationFactory)
    title = factory.Sequence(lambda n: f"Children on a plan because of neglect {n}")
    polarity = Indicator.Polarity.LOWER

    priorities = fill("priorities")
    outcomes = fill("outcomes")

    class Meta:
        model = Indicator


class IndicatorValueFactory(Made):
    indicator = factory.SubFactory(IndicatorFactory)
    starts_on = date(2026, 10, 1)
    ends_on = date(2026, 12, 31)
    value = Decimal(41)
    entered_by = factory.SubFactory(UserFactory)
    entered_at = LAST_WEEK

    class Meta:
        model = IndicatorValue


class IndicatorCommentFactory(Made):
    indicator = factory.SubFactory(IndicatorFactory)
    period_on = date(2026, 10, 1)
    why = "Two large families."
    so_what = "Nothing new in practice; we watch it."
    said_by = factory.SubFactory(UserFactory)
    said_at = LAST_WEEK

    class Meta:
        model = IndicatorComment


class RiskFactory(Made):
    """As it was last looked at only where ``RiskReviewFactory`` says so."""

    partnership = factory.SubFactory(PartnershipFactory)
    ref = factory.Sequence(lambda n: f"R{n}")
    title = "Health visitors leave faster than they are replaced"
    raised_on = date(2026, 9, 1)
    next_review_on = date(2027, 2, 1)

    priorities = fill("priorities")

    class Meta:
        model = Risk


class RiskReviewFactory(Made):
    risk = factory.SubFactory(RiskFactory)
    reviewed_on = date(2026, 11, 2)
    likelihood = 4
    impact = 3
    reviewed_by = factory.SubFactory(UserFactory)
    reviewed_at = LAST_WEEK

    class Meta:
        model = RiskReview


class ChallengeFactory(Made):
    partnership = factory.SubFactory(PartnershipFactory)
    ref = factory.Sequence(lambda n: f"C{n}")
    title = "Strategy meetings without a nurse"
    raised_on = date(2026, 11, 9)
    issue = "Three of ten meetings in October had nobody from health."
    answer_due_on = date(2027, 1, 22)

    priorities = fill("priorities")

    class Meta:
        model = Challenge


class AdvisorNoteFactory(Made):
    partnership = factory.SubFactory(PartnershipFactory)
    looked_on = date(2026, 12, 8)
    looked_at = "Ten plans for children living with neglect"
    said = "The child’s day is described in four of ten."
    written_by = factory.SubFactory(UserFactory)

    priorities = fill("priorities")

    class Meta:
        model = AdvisorNote


class QuarterlyReportFactory(Made):
    round = factory.SubFactory(UpdateRoundFactory)
    begun_by = factory.SubFactory(UserFactory)
    begun_at = LAST_WEEK

    class Meta:
        model = QuarterlyReport


class QuarterlyLineFactory(Made):
    report = factory.SubFactory(QuarterlyReportFactory)
    outcome = factory.SubFactory(OutcomeStatementFactory)
    position = factory.Sequence(int)

    class Meta:
        model = QuarterlyLine


class QuarterlyEvidenceFactory(Made):
    line = factory.SubFactory(QuarterlyLineFactory)
    report = factory.SelfAttribute("line.report")
    stream = QuarterlyEvidence.Stream.VOICE
    source_key = factory.Sequence(lambda n: f"voice:{n}")
    reference = "A group of young parents, November 2026"
    text = "Nobody asked me what worried me."
    dated_on = date(2026, 11, 12)

    class Meta:
        model = QuarterlyEvidence


class QuarterlyPromiseFactory(Made):
    report = factory.SubFactory(QuarterlyReportFactory)
    position = factory.Sequence(int)
    text = "Ask fathers in every assessment."
    due_on = date(2027, 3, 31)

    class Meta:
        model = QuarterlyPromise
