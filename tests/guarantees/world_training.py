"""What the world of the access table holds of training, beside the event that everybody knows."""

from datetime import UTC, date, datetime

from tests.factories import EventFactory, PlaceFactory
from tests.factories_training import (
    AgencyCourseFactory,
    AgencyTrainingReturnFactory,
    ChargeStatementFactory,
    CompetencyFactory,
    CompetencyRecordFactory,
    EvaluationFactory,
    EvaluationSummaryFactory,
    EventTrainerFactory,
    LearningNeedFactory,
    NeedsAnalysisFactory,
    NeedsInvitationFactory,
    NeedsReplyFactory,
    NeedsWishFactory,
    PractitionerFactory,
    RoleRequirementFactory,
    WorkRoleFactory,
)
from training.models import Evaluation, NeedsInvitation, Place, TrainingImport, TrainingMail

LAST_WEEK = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)


def training_of(partnership, people, event, own, other, document):
    """Fields of the world. ``own`` and ``other`` are the organisations of the partner and of the other partner.

    ``event`` is still to come; ``document`` is any uploaded file.
    """
    course = event.course
    coordinator = people["training_coordinator"]
    competency = CompetencyFactory(partnership=partnership, title="Safer sleep")
    course.competencies.add(competency)
    role = WorkRoleFactory(partnership=partnership, title="Health visitor")
    requirement = RoleRequirementFactory(role=role, competency=competency)
    practitioner = PractitionerFactory(name="Priya Shah", organisation=own, role=role, email="priya@own.example")
    other_practitioner = PractitionerFactory(
        name="Canary of another agency", organisation=other, role=role, email="owen@other.example"
    )
    trainer = EventTrainerFactory(event=event, organisation=own)
    held = EventFactory(course=course, starts_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC), venue="Old library")
    cancelled = EventFactory(
        course=course,
        starts_at=datetime(2027, 3, 9, 9, 30, tzinfo=UTC),
        cancelled_at=LAST_WEEK,
        cancelled_because="The trainer is ill.",
    )
    place = PlaceFactory(event=event, organisation=own, practitioner=practitioner, person=practitioner.name)
    waiting = PlaceFactory(
        event=event,
        organisation=other,
        practitioner=other_practitioner,
        person=other_practitioner.name,
        status=Place.Status.WAITING,
    )
    attended = PlaceFactory(
        event=held,
        organisation=own,
        practitioner=practitioner,
        person=practitioner.name,
        status=Place.Status.ATTENDED,
        signed_in_at=held.starts_at,
        signed_in_how=Place.How.CODE,
    )
    missed = PlaceFactory(
        event=held,
        organisation=other,
        practitioner=other_practitioner,
        person=other_practitioner.name,
        status=Place.Status.MISSED,
    )
    evaluation = EvaluationFactory(
        place=attended, stage=Evaluation.Stage.LATER, opens_on=date(2027, 1, 5), closes_on=date(2027, 1, 19)
    )
    answered = EvaluationFactory(
        place=attended,
        stage=Evaluation.Stage.AFTER,
        opens_on=date(2026, 11, 24),
        closes_on=date(2027, 2, 1),
        answered_at=LAST_WEEK,
        confidence=4,
        words="Canary of an answer",
    )
    analysis = NeedsAnalysisFactory(partnership=partnership)
    settled = NeedsAnalysisFactory(
        partnership=partnership,
        title="Learning needs 2026-27",
        starts_on=date(2026, 4, 1),
        ends_on=date(2027, 3, 31),
        opens_on=None,
        closes_on=None,
        settled_on=date(2026, 3, 20),
    )
    need = LearningNeedFactory(analysis=analysis, position=1)
    LearningNeedFactory(analysis=settled, position=1, decision="met", courses=[course])
    invitation = NeedsInvitationFactory(analysis=analysis, organisation=own)
    invitation_people = NeedsInvitationFactory(
        analysis=analysis, organisation=own, kind=NeedsInvitation.Kind.PRACTITIONERS
    )
    reply = NeedsReplyFactory(invitation=invitation, by="Somebody, Own agency")
    own_return = AgencyTrainingReturnFactory(
        partnership=partnership, organisation=own, assured="Canary of a draft training return"
    )
    AgencyCourseFactory(record=own_return)
    submitted = AgencyTrainingReturnFactory(
        partnership=partnership, organisation=other, submitted_at=LAST_WEEK, submitted_by=people["other_partner"]
    )
    AgencyCourseFactory(record=submitted)
    return {
        "course": course,
        "competency": competency,
        "competency_record": CompetencyRecordFactory(
            practitioner=practitioner, competency=competency, recorded_by=coordinator
        ),
        "work_role": role,
        "role_requirement": requirement,
        "practitioner": practitioner,
        "other_practitioner": other_practitioner,
        "event_trainer": trainer,
        "event_held": held,
        "event_cancelled": cancelled,
        "place": place,
        "place_waiting": waiting,
        "place_attended": attended,
        "place_missed": missed,
        "evaluation": evaluation,
        "evaluation_answered": answered,
        "evaluation_summary": EvaluationSummaryFactory(event=held, written_by=coordinator),
        "needs_analysis": analysis,
        "needs_settled": settled,
        "learning_need": need,
        "needs_invitation": invitation,
        "needs_invitation_people": invitation_people,
        "needs_wish": NeedsWishFactory(reply=reply),
        "statement": ChargeStatementFactory(partnership=partnership, organisation=own, issued_by=coordinator),
        "own_training": own_return,
        "own_training_submitted": submitted,
        "training_import": TrainingImport.objects.create(
            partnership=partnership, document=document, understood={}, created_by=coordinator
        ),
        "training_mail": TrainingMail.objects.create(
            kind=TrainingMail.Kind.BOOKED, key="booked-of-the-world", address=practitioner.email, place=place
        ),
        "training_mail_refused": TrainingMail.objects.create(
            kind=TrainingMail.Kind.REMINDER,
            key="remind-of-the-world",
            address=practitioner.email,
            place=place,
            problem="550 5.1.1 No such user",
        ),
    }
