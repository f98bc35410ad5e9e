"""What may be in a world without most people knowing: put in after somebody looked, it must change nothing for them."""

from datetime import UTC, date, datetime

from assurance.models import Return, ReturnEvidence
from tests.factories import AnswerFactory, DisputeFactory, DisputeStageFactory
from tests.factories_assurance import ImprovementFactory
from tests.factories_judged import AuditGradeFactory
from tests.guarantees.restricted import CANARY, more_restricted

# None of what ``more_of_everything`` adds is theirs: cases are hidden from all outside their group, a draft return
# and a draft grading from other organisations, disputes from the uninvolved.
HIDDEN_FROM = ["anonymous", "office", "chair", "other_partner", "advisor", "administrator", "stranger"]


def more_of_a_draft(world):
    """More words, a score, a promise, a link, a note of who signs, and a second draft answered in it.

    The office knows of a draft that it was begun and that it waits for its sign-off, so neither is done here.
    """
    record, other = world.draft_return, world.self_assessment_draft
    partner = world.people["partner"]
    first, second = record.request.questions.order_by("position")[:2]
    AnswerFactory(record=record, question=second, text=f"{CANARY}: words that nobody else may read")
    record.answers.filter(question=first).update(text=f"{CANARY} instead", version=7)
    assessment = other.assessments.get()
    ImprovementFactory(assessment=assessment, text=CANARY, due_on=date(2027, 1, 29))
    other.assessments.update(evidence=CANARY, score=1)
    ReturnEvidence.objects.create(
        record=record,
        question=second,
        label=CANARY,
        address="https://example.org/canary",
        added_by=partner,
        added_at=datetime(2027, 1, 11, 9, 0, tzinfo=UTC),
    )
    Return.objects.filter(pk=record.pk).update(signer=partner, sign_off_note=CANARY)
    Return.objects.filter(pk=other.pk).update(answered_in=record)


def more_of_a_grading(world):
    """Other words and other grades in what an agency drafts for an audit."""
    drafted = world.audit_grading_draft
    drafted.answers.update(answer="no", evidence=f"{CANARY}: words that nobody else may read", version=7)
    drafted.grades.update(score=1, reasons=CANARY, good_practice=CANARY, version=7)
    AuditGradeFactory(grading=drafted, section=world.audit_section, score=1, reasons=CANARY)


def more_disputes(world, *people):
    """A late one and one that is settled, between organisations that ``people`` represent."""
    between = {"raised_by": world.organisation, "raised_with": [world.draft_return.organisation]}
    posts = [person.holdings.get().post for person in people]
    late = DisputeFactory(partnership=world.partnership, people=posts, advice="Canary", advice_by="Canary", **between)
    DisputeStageFactory(dispute=late, name="Canary", owed_by=posts[0])
    done = DisputeFactory(partnership=world.partnership, people=posts, **between)
    DisputeStageFactory(dispute=done, answered_on=date(2027, 1, 5), answer="Canary")
    done.outcome, done.settled_on = "Canary", date(2027, 1, 8)
    done.save()


def more_of_everything(world, *, colleague):
    """``colleague``, of the same office as world's, is the only one involved in the disputes."""
    more_restricted(world)
    more_of_a_draft(world)
    more_of_a_grading(world)
    more_disputes(world, colleague)
