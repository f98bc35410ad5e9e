"""Fixed factories of training: see ``factories.py``."""

from datetime import UTC, date, datetime

import factory

from tests.factories import (
    CourseFactory,
    EventFactory,
    Made,
    OrganisationFactory,
    PartnershipFactory,
    PlaceFactory,
    fill,
)
from training.models import (
    AgencyCourse,
    AgencyTrainingReturn,
    ChargeStatement,
    Competency,
    CompetencyRecord,
    Evaluation,
    EvaluationSummary,
    EventTrainer,
    LearningNeed,
    NeedsAnalysis,
    NeedsInvitation,
    NeedsReply,
    NeedsWish,
    Practitioner,
    RoleRequirement,
    TrainingPolicy,
    WorkRole,
)

__all__ = ["CourseFactory", "EventFactory", "PlaceFactory"]
LAST_WEEK = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)


class TrainingPolicyFactory(Made):
    partnership = factory.SubFactory(PartnershipFactory)

    class Meta:
        model = TrainingPolicy


class EventTrainerFactory(Made):
    event = factory.SubFactory(EventFactory)
    name = "Named nurse"
    organisation = factory.SubFactory(OrganisationFactory)

    class Meta:
        model = EventTrainer


class CompetencyFactory(Made):
    partnership = factory.SubFactory(PartnershipFactory)
    title = factory.Sequence(lambda n: f"Safer sleep {n}")

    class Meta:
        model = Competency


class WorkRoleFactory(Made):
    partnership = factory.SubFactory(PartnershipFactory)
    title = factory.Sequence(lambda n: f"Health visitor {n}")

    class Meta:
        model = WorkRole


class RoleRequirementFactory(Made):
    role = factory.SubFactory(WorkRoleFactory)
    competency = factory.SubFactory(CompetencyFactory)

    class Meta:
        model = RoleRequirement


class PractitionerFactory(Made):
    name = "Priya Shah"
    email = factory.Sequence(lambda n: f"practitioner{n}@agency.example")
    organisation = factory.SubFactory(OrganisationFactory)
    job = "Health visitor"

    class Meta:
        model = Practitioner


class CompetencyRecordFactory(Made):
    practitioner = factory.SubFactory(PractitionerFactory)
    competency = factory.SubFactory(CompetencyFactory)
    gained_on = date(2026, 6, 1)
    evidence = "The agency’s own course"

    class Meta:
        model = CompetencyRecord


class NeedsAnalysisFactory(Made):
    """Questions are open in January for the year from April."""

    partnership = factory.SubFactory(PartnershipFactory)
    title = "Learning needs 2027-28"
    starts_on = date(2027, 4, 1)
    ends_on = date(2028, 3, 31)
    opens_on = date(2027, 1, 4)
    closes_on = date(2027, 1, 29)

    class Meta:
        model = NeedsAnalysis


class LearningNeedFactory(Made):
    analysis = factory.SubFactory(NeedsAnalysisFactory)
    position = factory.Sequence(int)
    topic = "Seeing babies asleep where they sleep"

    courses = fill("courses")

    class Meta:
        model = LearningNeed


class NeedsInvitationFactory(Made):
    analysis = factory.SubFactory(NeedsAnalysisFactory)
    kind = NeedsInvitation.Kind.ORGANISATION
    organisation = factory.SubFactory(OrganisationFactory)

    class Meta:
        model = NeedsInvitation


class NeedsReplyFactory(Made):
    invitation = factory.SubFactory(NeedsInvitationFactory)
    replied_on = date(2027, 1, 8)

    class Meta:
        model = NeedsReply


class NeedsWishFactory(Made):
    reply = factory.SubFactory(NeedsReplyFactory)
    position = 1
    topic = "Talking about sleep without blame"

    class Meta:
        model = NeedsWish


class EvaluationFactory(Made):
    place = factory.SubFactory(PlaceFactory)
    stage = Evaluation.Stage.BEFORE
    opens_on = date(2027, 1, 4)
    closes_on = date(2027, 2, 9)

    class Meta:
        model = Evaluation


class EvaluationSummaryFactory(Made):
    event = factory.SubFactory(EventFactory)
    stage = Evaluation.Stage.AFTER
    text = "They will ask to see where the baby sleeps."
    answer_count = 6
    written_at = LAST_WEEK

    class Meta:
        model = EvaluationSummary


class ChargeStatementFactory(Made):
    partnership = factory.SubFactory(PartnershipFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    starts_on = date(2025, 4, 1)
    ends_on = date(2026, 3, 31)
    content = factory.LazyFunction(lambda: {"lines": []})
    total = 0
    issued_at = LAST_WEEK

    class Meta:
        model = ChargeStatement


class AgencyTrainingReturnFactory(Made):
    partnership = factory.SubFactory(PartnershipFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    starts_on = date(2026, 4, 1)
    ends_on = date(2027, 3, 31)
    asked_on = date(2027, 1, 4)
    due_on = date(2027, 2, 26)

    class Meta:
        model = AgencyTrainingReturn


class AgencyCourseFactory(Made):
    record = factory.SubFactory(AgencyTrainingReturnFactory)
    position = 1
    title = "Safeguarding for everybody"
    needed_count = 120
    trained_count = 96

    class Meta:
        model = AgencyCourse
