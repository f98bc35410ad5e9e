"""Fixed factories: the same words every time, numbered only where the database wants them unique.

A factory makes the least that is valid. What a test is about it says itself; the people and records
that many tests share are the cast in ``conftest.py``.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
import pgtrigger
from factory.django import DjangoModelFactory

from assurance.models import (
    AnnualReport,
    Answer,
    AssuranceRequest,
    Question,
    ReportEvidence,
    ReportSection,
    Return,
    TimetableEntry,
    VoiceEntry,
)
from partnership.models import (
    AgendaItem,
    Area,
    Arrangements,
    ArrangementsChange,
    Attendance,
    BudgetYear,
    Contribution,
    Dispute,
    DisputeStage,
    DisputeStep,
    Group,
    GroupMember,
    Meeting,
    MeetingAction,
    Membership,
    Organisation,
    Partnership,
    Post,
    PostHolding,
    Rule,
    RuleSet,
    SpendingLine,
    TermsOfReference,
    User,
)
from plans.models import (
    Activity,
    Deliverable,
    DeliverableLead,
    Milestone,
    OutcomeStatement,
    Plan,
    PlanVersion,
    Priority,
    PriorityReview,
    Rating,
    RatingKey,
    RationaleItem,
    Update,
    UpdateRound,
)
from plans.snapshots import hash_of, take_snapshot
from reviews.cases import add_stages, begin_stages_of_review
from reviews.clock import AWARE, INCIDENT, NOTIFIED, SENT
from reviews.models import (
    Advice,
    AgencySummary,
    Briefing,
    Case,
    DisseminationStep,
    LearningPoint,
    Outcome,
    PanelLetter,
    PartnerDecision,
    PracticeReview,
    Receipt,
    ReCheck,
    Recommendation,
    Reviewer,
    Theme,
)
from training.models import Course, Event, Place

PASSWORD = "correct-horse-battery"


def fill(related):
    """A post-generation hook that puts what it is given into the many-to-many ``related``."""

    @factory.post_generation
    def hook(record, create, given, **_):
        if create and given:
            getattr(record, related).set(given)

    return hook


class Made(DjangoModelFactory):
    """Parent of all: a many-to-many filled afterwards needs no second save."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True


# People and organisations


class AreaFactory(Made):
    name = factory.Sequence(lambda n: f"Area {n}")

    class Meta:
        model = Area


class PartnershipFactory(Made):
    name = factory.Sequence(lambda n: f"Partnership {n}")
    short_name = factory.Sequence(lambda n: f"P{n}")
    slug = factory.LazyAttribute(lambda p: p.short_name.lower())
    second_step_roles = ()  # what asks for one says so

    areas = fill("areas")

    class Meta:
        model = Partnership


class OrganisationFactory(Made):
    name = factory.Sequence(lambda n: f"Organisation {n}")

    class Meta:
        model = Organisation


class MembershipFactory(Made):
    organisation = factory.SubFactory(OrganisationFactory)
    partnership = factory.SubFactory(PartnershipFactory)

    class Meta:
        model = Membership


class UserFactory(Made):
    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.LazyAttribute(lambda u: address_of(u.name))
    password = factory.django.Password(PASSWORD)

    class Meta:
        model = User


def address_of(name):
    """ "Ruth Adeyinka-Cole" has the address ruth.adeyinka-cole@example.org."""
    return f"{name.lower().replace(' ', '.')}@example.org"


class PostFactory(Made):
    title = factory.Sequence(lambda n: f"Post {n}")

    partnerships = fill("partnerships")

    class Meta:
        model = Post


class PostHoldingFactory(Made):
    post = factory.SubFactory(PostFactory)
    user = factory.SubFactory(UserFactory)

    class Meta:
        model = PostHolding


class GroupFactory(Made):
    name = factory.Sequence(lambda n: f"Group {n}")

    partnerships = fill("partnerships")

    class Meta:
        model = Group


class GroupMemberFactory(Made):
    group = factory.SubFactory(GroupFactory)
    post = factory.SubFactory(PostFactory)

    class Meta:
        model = GroupMember


class TermsFactory(Made):
    """Agreed, in force, to be looked at again in a year."""

    group = factory.SubFactory(GroupFactory)
    status = TermsOfReference.Status.AGREED
    remit = "What the group does and answers for"
    membership = "Heads of safeguarding of every partner"
    quorum = "Three organisations, one of them a safeguarding partner"
    agreed_on = date(2026, 4, 21)
    next_review_on = date(2027, 4, 30)

    class Meta:
        model = TermsOfReference


# Meetings


class MeetingFactory(Made):
    """Planned for 9 March, papers due five working days before."""

    group = factory.SubFactory(GroupFactory)
    meets_on = date(2027, 3, 9)
    papers_due_on = date(2027, 3, 2)

    class Meta:
        model = Meeting


class AgendaItemFactory(Made):
    """Of ``group``; on no agenda unless a ``meeting`` is given."""

    group = factory.LazyAttribute(lambda item: item.meeting.group if item.meeting else GroupFactory())
    meeting = None
    title = factory.Sequence(lambda n: f"Item {n}")

    class Meta:
        model = AgendaItem


class AttendanceFactory(Made):
    meeting = factory.SubFactory(MeetingFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    status = Attendance.Status.PRESENT

    class Meta:
        model = Attendance


class MeetingActionFactory(Made):
    group = factory.SubFactory(GroupFactory)
    ref = factory.Sequence(lambda n: f"A{n}")
    text = "Write to every school"
    due_on = date(2027, 2, 26)

    class Meta:
        model = MeetingAction


# Money


class BudgetYearFactory(Made):
    starts_on = date(2026, 4, 1)
    ends_on = date(2027, 3, 31)
    status = BudgetYear.Status.AGREED
    agreed_on = date(2026, 2, 24)
    opening_reserve = Decimal("20000.00")

    partnerships = fill("partnerships")

    class Meta:
        model = BudgetYear


class ContributionFactory(Made):
    budget = factory.SubFactory(BudgetYearFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    amount = Decimal("10000.00")

    class Meta:
        model = Contribution


class SpendingLineFactory(Made):
    budget = factory.SubFactory(BudgetYearFactory)
    title = factory.Sequence(lambda n: f"Line {n}")
    planned = Decimal("5000.00")

    class Meta:
        model = SpendingLine


# Arrangements and disputes


class ArrangementsFactory(Made):
    """A draft."""

    partnership = factory.SubFactory(PartnershipFactory)
    version = 1
    title = "How we work together"
    summary = "Who we are and how we keep children safe together."

    class Meta:
        model = Arrangements


class ArrangementsChangeFactory(Made):
    arrangements = factory.SubFactory(ArrangementsFactory)
    what = "Schools join the Executive"
    reason = "They see every child every day"
    timescale = "From September 2026"

    class Meta:
        model = ArrangementsChange


class DisputeStepFactory(Made):
    partnership = factory.SubFactory(PartnershipFactory)
    position = factory.Sequence(lambda n: n + 1)
    name = "Managers talk"
    who = "The two managers"
    working_days = 2

    class Meta:
        model = DisputeStep


class DisputeFactory(Made):
    partnership = factory.SubFactory(PartnershipFactory)
    ref = factory.Sequence(lambda n: f"D{n}")
    title = "Who pays for the placement"
    about = "One side says this, the other that."
    raised_by = factory.SubFactory(OrganisationFactory)
    raised_on = date(2027, 1, 4)

    people = fill("people")
    raised_with = fill("raised_with")

    class Meta:
        model = Dispute


class DisputeStageFactory(Made):
    dispute = factory.SubFactory(DisputeFactory)
    position = 1
    name = "Managers talk"
    begun_on = date(2027, 1, 4)
    answer_due_on = date(2027, 1, 6)

    class Meta:
        model = DisputeStage


class RuleSetFactory(Made):
    code = factory.Sequence(lambda n: f"guidance-{n}")
    title = "Guidance"

    class Meta:
        model = RuleSet


class RuleFactory(Made):
    rule_set = factory.SubFactory(RuleSetFactory)
    code = factory.Sequence(lambda n: f"rule-{n}")
    title = "A heading that the yearly report must have"
    source = "Guidance, chapter 2"

    class Meta:
        model = Rule


# Plans


class RatingKeyFactory(Made):
    name = factory.Sequence(lambda n: f"Key {n}")

    class Meta:
        model = RatingKey


class RatingFactory(Made):
    key = factory.SubFactory(RatingKeyFactory)
    position = factory.Sequence(int)
    code = "G"
    word = "Green"
    meaning = "On track"
    token = Rating.Token.GREEN
    shape = Rating.Shape.CIRCLE

    @factory.lazy_attribute
    def outlook(self):
        """What its colour usually says."""
        return "well" if self.token in {"green", "blue"} else "worry" if self.token in {"red", "amber"} else "neither"

    class Meta:
        model = Rating


class PlanFactory(Made):
    title = "Business plan 2026 to 2027"
    starts_on = date(2026, 4, 1)
    ends_on = date(2027, 3, 31)
    status = Plan.Status.PUBLISHED
    rating_key = factory.SubFactory(RatingKeyFactory)

    partnerships = fill("partnerships")

    class Meta:
        model = Plan


class PlanVersionFactory(Made):
    """Published, of the plan's rows as they stand."""

    plan = factory.SubFactory(PlanFactory)
    number = "1.0"
    stage = PlanVersion.Stage.PUBLISHED
    snapshot = factory.LazyAttribute(lambda version: take_snapshot(Plan.objects.get(pk=version.plan.pk)))
    sha256 = factory.LazyAttribute(lambda version: hash_of(version.snapshot))
    made_by = factory.SubFactory(UserFactory)
    made_at = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)

    class Meta:
        model = PlanVersion


class PriorityFactory(Made):
    plan = factory.SubFactory(PlanFactory)
    position = factory.Sequence(int)
    ref = ""
    title = "A priority"

    class Meta:
        model = Priority


class RationaleItemFactory(Made):
    priority = factory.SubFactory(PriorityFactory)
    position = factory.Sequence(int)
    text = "A reason"

    class Meta:
        model = RationaleItem


class OutcomeStatementFactory(Made):
    priority = factory.SubFactory(PriorityFactory)
    position = factory.Sequence(int)
    text = "What will be different"

    class Meta:
        model = OutcomeStatement


class DeliverableFactory(Made):
    priority = factory.SubFactory(PriorityFactory)
    position = factory.Sequence(int)
    ref = ""
    title = "A deliverable"

    class Meta:
        model = Deliverable


class DeliverableLeadFactory(Made):
    deliverable = factory.SubFactory(DeliverableFactory)
    text = "A lead as written"

    class Meta:
        model = DeliverableLead


class ActivityFactory(Made):
    deliverable = factory.SubFactory(DeliverableFactory)
    position = factory.Sequence(int)
    text = "An activity"

    class Meta:
        model = Activity


class MilestoneFactory(Made):
    activity = factory.SubFactory(ActivityFactory)
    due_on = date(2027, 1, 31)

    class Meta:
        model = Milestone


class UpdateRoundFactory(Made):
    """October to December, open in January."""

    plan = factory.SubFactory(PlanFactory)
    name = "October to December 2026"
    starts_on = date(2026, 10, 1)
    ends_on = date(2026, 12, 31)
    opens_on = date(2027, 1, 4)
    closes_on = date(2027, 1, 22)

    class Meta:
        model = UpdateRound


class UpdateFactory(Made):
    deliverable = factory.SubFactory(DeliverableFactory)
    round = factory.SubFactory(UpdateRoundFactory)
    rating = factory.SubFactory(RatingFactory)
    progress = "What has happened since the last update"
    submitted_by = factory.SubFactory(UserFactory)
    submitted_at = datetime(2027, 1, 11, 9, 30, tzinfo=UTC)

    class Meta:
        model = Update


class PriorityReviewFactory(Made):
    """Nothing proposed yet."""

    priority = factory.SubFactory(PriorityFactory)
    round = factory.SubFactory(UpdateRoundFactory)

    class Meta:
        model = PriorityReview


# Reviews and training


class ThemeFactory(Made):
    kind = Theme.Kind.PRACTICE
    title = factory.Sequence(lambda n: f"Theme {n}")

    class Meta:
        model = Theme


class CaseFactory(Made):
    """With the three stages that law and guidance time: aware, notified, rapid review sent (None: not yet)."""

    partnership = factory.SubFactory(PartnershipFactory)
    reference = factory.Sequence(lambda n: f"2026-{n}")
    category = "Injury to a baby"
    summary = "What happened, with nothing in it that says to whom."
    aware_on = date(2027, 1, 5)
    notified_on = date(2027, 1, 7)
    rapid_review_sent_on = None

    class Meta:
        model = Case

    @classmethod
    def _create(cls, model_class, *args, aware_on, notified_on, rapid_review_sent_on, **fields):
        case = super()._create(model_class, *args, **fields)
        days = {AWARE: aware_on, NOTIFIED: notified_on, SENT: rapid_review_sent_on}
        add_stages([step for step in INCIDENT if step.code in days], case=case, partnership=case.partnership)
        for code, day in days.items():
            case.stages.filter(code=code).update(done_on=day)
        return case


class AgencySummaryFactory(Made):
    """Asked of ``contact`` on 8 January, back by 21 January, not begun."""

    partnership = factory.SelfAttribute("case.partnership")
    organisation = factory.SubFactory(OrganisationFactory)
    asked_on = date(2027, 1, 8)
    due_on = date(2027, 1, 21)

    class Meta:
        model = AgencySummary


class AdviceFactory(Made):
    partnership = factory.SelfAttribute("case.partnership")
    outcome = Outcome.LOCAL
    reasons = "Three agencies each held a part of the picture."
    given_on = date(2027, 1, 11)

    class Meta:
        model = Advice


class PartnerDecisionFactory(Made):
    partnership = factory.SelfAttribute("case.partnership")
    outcome = Outcome.LOCAL
    reasons = "There is learning that one agency can’t find alone."
    decided_on = date(2027, 1, 12)

    class Meta:
        model = PartnerDecision


class PanelLetterFactory(Made):
    partnership = factory.SelfAttribute("case.partnership")
    received_on = date(2027, 1, 12)
    view = PanelLetter.View.AGREES

    class Meta:
        model = PanelLetter


class ReviewerFactory(Made):
    partnership = factory.SubFactory(PartnershipFactory)
    name = "Ottoline Marsh"

    class Meta:
        model = Reviewer


class PracticeReviewFactory(Made):
    """Decided on 12 October, with its stages."""

    partnership = factory.SubFactory(PartnershipFactory)
    kind = PracticeReview.Kind.LOCAL
    reference = factory.Sequence(lambda n: f"LR-{n}")
    title = "A baby who was hurt at home"
    begun_on = date(2026, 10, 12)
    publish_on = None

    cases = fill("cases")

    class Meta:
        model = PracticeReview

    @classmethod
    def _create(cls, model_class, *args, begun_on, publish_on, **fields):
        review = super()._create(model_class, *args, **fields)
        begin_stages_of_review(review, begun_on=begun_on, publish_on=publish_on)
        return review


class RecommendationFactory(Made):
    """From a national review, so that every member may read it."""

    partnership = factory.SubFactory(PartnershipFactory)
    source = Recommendation.Source.NATIONAL
    source_title = "National review of babies harmed at home"
    ref = factory.Sequence(lambda n: f"R{n}")
    text = "Ask about everybody who cares for the baby."
    made_on = date(2026, 11, 2)

    organisations = fill("organisations")
    themes = fill("themes")

    class Meta:
        model = Recommendation


class ReCheckFactory(Made):
    recommendation = factory.SubFactory(RecommendationFactory)
    planned_on = date(2027, 2, 1)
    method = "Ten records looked at by two agencies"

    class Meta:
        model = ReCheck


class LearningPointFactory(Made):
    partnership = factory.SubFactory(PartnershipFactory)
    source_title = "National review of babies harmed at home"
    text = "A bruise on a baby who does not yet move is always asked about."
    learned_on = date(2026, 11, 2)

    themes = fill("themes")

    class Meta:
        model = LearningPoint


class BriefingFactory(Made):
    """A draft; published where ``published_at`` is given."""

    partnership = factory.SubFactory(PartnershipFactory)
    title = "Bruises on babies"
    background = "Babies who do not move yet seldom bruise themselves."
    learning = "Every bruise was explained away by somebody."

    class Meta:
        model = Briefing


class DisseminationStepFactory(Made):
    briefing = factory.SubFactory(BriefingFactory)
    audience = "Health visitors"
    channel = "Team meetings"
    due_on = date(2027, 2, 1)

    class Meta:
        model = DisseminationStep


class ReceiptFactory(Made):
    briefing = factory.SubFactory(BriefingFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    asked_on = date(2027, 1, 4)
    due_on = date(2027, 2, 15)

    class Meta:
        model = Receipt


class CourseFactory(Made):
    title = "Safer sleep for every home visitor"

    partnerships = fill("partnerships")

    class Meta:
        model = Course


class EventFactory(Made):
    course = factory.SubFactory(CourseFactory)
    starts_at = datetime(2027, 2, 9, 9, 30, tzinfo=UTC)
    venue = "Town Hall"
    capacity = 20

    class Meta:
        model = Event


class PlaceFactory(Made):
    event = factory.SubFactory(EventFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    person = "Somebody Booked"
    status = Place.Status.BOOKED
    waiting_since = factory.LazyAttribute(
        lambda place: datetime(2027, 1, 5, 9, 0, tzinfo=UTC) if place.status == Place.Status.WAITING else None
    )

    class Meta:
        model = Place


# Assurance


class AssuranceRequestFactory(Made):
    title = "Assurance return 2026 to 2027"
    due_on = date(2027, 1, 29)
    sent_on = date(2026, 12, 7)

    partnerships = fill("partnerships")

    class Meta:
        model = AssuranceRequest


class QuestionFactory(Made):
    request = factory.SubFactory(AssuranceRequestFactory)
    position = factory.Sequence(int)
    text = "What difference did it make?"

    class Meta:
        model = Question


class ReturnFactory(Made):
    request = factory.SubFactory(AssuranceRequestFactory)
    organisation = factory.SubFactory(OrganisationFactory)

    class Meta:
        model = Return


GUARDS_OF_RETURNS = (
    "assurance.Answer:submitted_answers_stand",
    "assurance.Assessment:submitted_assessments_stand",
    "assurance.ReturnEvidence:submitted_evidence_stands",
)


class OfReturn(Made):
    """A row of a return, also of one that was submitted before it was filled."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with pgtrigger.ignore(*GUARDS_OF_RETURNS):
            return super()._create(model_class, *args, **kwargs)


class AnswerFactory(OfReturn):
    record = factory.SubFactory(ReturnFactory)
    question = factory.SubFactory(QuestionFactory)
    text = "An answer"

    class Meta:
        model = Answer


def told(name):
    """What the public reads is what stands inside, once it is told to the public."""
    return factory.LazyAttribute(lambda entry: getattr(entry, name, "") if getattr(entry, "is_public", False) else "")


class VoiceEntryFactory(Made):
    heard_on = date(2026, 11, 12)
    who = "A group of young parents"
    people_count = 6
    said = "Nobody asked me what worried me."
    public_who = told("who")
    public_said = told("said")
    public_did = told("did")
    public_because = told("not_done_because")
    public_changed = told("changed")

    partnerships = fill("partnerships")
    priorities = fill("priorities")

    class Meta:
        model = VoiceEntry


class TimetableEntryFactory(Made):
    title = "How well do we hear children?"
    kind = TimetableEntry.Kind.AUDIT
    quarter_on = date(2027, 1, 1)

    partnerships = fill("partnerships")

    class Meta:
        model = TimetableEntry


class AnnualReportFactory(Made):
    title = "Annual report 2025 to 2026"
    starts_on = date(2025, 4, 1)
    ends_on = date(2026, 3, 31)
    rule_set = factory.SubFactory(RuleSetFactory)

    partnerships = fill("partnerships")

    class Meta:
        model = AnnualReport


class ReportSectionFactory(Made):
    report = factory.SubFactory(AnnualReportFactory)
    position = factory.Sequence(int)
    title = "A section"

    class Meta:
        model = ReportSection


class ReportEvidenceFactory(Made):
    section = factory.SubFactory(ReportSectionFactory)
    source_key = factory.Sequence(lambda n: f"made:{n}")
    reference = "U-1.1"
    kind = "update"
    text = "What it shows"
    dated_on = date(2026, 1, 31)

    class Meta:
        model = ReportEvidence
