"""T13: what an organisation submitted never changes, nor what a partnership was given. Each refusal has its control."""

from datetime import UTC, datetime

import pgtrigger
import pytest
from django.db import InternalError, connection, transaction

from assurance.models import Answer, Assessment, Return, ReturnCopy, ReturnEvidence
from assurance.returns import hand_back, submit_return
from tests.factories import AnswerFactory
from tests.factories_assurance import AssessmentFactory, StandardFactory
from tests.guarantees.figures import FOREVER, record

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
GUARDS = (
    "assurance.Return:submitted_return_stands",
    "assurance.Return:submitted_return_is_kept",
    "assurance.Answer:submitted_answers_stand",
    "assurance.Assessment:submitted_assessments_stand",
    "assurance.ReturnEvidence:submitted_evidence_stands",
    "assurance.ReturnCopy:return_copy_is_forever",
)


@pytest.fixture
def submitted(draft_return, partner):
    """With two answers, a score, a link, and a copy."""
    first, second = draft_return.request.questions.all()
    AnswerFactory(record=draft_return, question=second)
    AssessmentFactory(record=draft_return)
    ReturnEvidence.objects.create(
        record=draft_return,
        question=first,
        label="Audit",
        address="https://example.org",
        added_by=partner,
        added_at=NOW,
    )
    return submit_return(draft_return, signed_off_by="Chief", by=partner, at=NOW)


def raw(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


WAYS = {
    "signed by another": lambda record: Return.objects.filter(pk=record.pk).update(signed_off_by="Another"),
    "unsubmitted": lambda record: raw("UPDATE assurance_return SET submitted_at = NULL"),
    "another’s": lambda record: raw("UPDATE assurance_return SET submitted_by_id = NULL"),
    "an answer": lambda record: record.answers.update(text="Something else"),
    "an answer fewer": lambda record: record.answers.all().delete(),
    "an answer raw": lambda record: raw("UPDATE assurance_answer SET text = 'Something else'"),
    "a score": lambda record: record.assessments.update(score=0),
    "a score more": lambda record: Assessment.objects.create(record=record, standard=StandardFactory(), score=1),
    "evidence": lambda record: record.evidence.update(removed_at=NOW),
    "evidence moved": lambda record: raw("UPDATE assurance_returnevidence SET label = 'Another'"),
    "a copy": lambda record: record.copies.update(content={}),
    "a copy gone": lambda record: record.copies.all().delete(),
}


def state_of(record):
    return [
        list(rows.order_by("pk").values())
        for rows in (
            Return.objects.filter(pk=record.pk),
            Answer.objects.all(),
            Assessment.objects.all(),
            ReturnEvidence.objects.all(),
            ReturnCopy.objects.all(),
        )
    ]


def test_a_submitted_return_is_changed_by_no_way(submitted):
    before = state_of(submitted)
    for name, change in WAYS.items():
        with pytest.raises(InternalError, match="Cannot (update|delete|change)"), transaction.atomic():
            change(Return.objects.get(pk=submitted.pk))
        assert state_of(submitted) == before, name
    record("T13", FOREVER, ways=len(WAYS), changed=0)


def test_with_the_guards_off_each_way_would_change_it(submitted):
    before = state_of(submitted)
    for name, change in WAYS.items():
        point = transaction.savepoint()
        with pgtrigger.ignore(*GUARDS):
            change(Return.objects.get(pk=submitted.pk))
        assert state_of(submitted) != before, name
        transaction.savepoint_rollback(point)


def test_handed_back_its_words_change_and_its_copy_does_not(submitted, office):
    hand_back(submitted, because="A figure is missing.", by=office, at=NOW)
    submitted.answers.update(text="With the figure")
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        submitted.copies.update(signed_off_by="Another")
