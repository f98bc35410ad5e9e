"""Answering what a partnership asked: a draft of one's own organisation's, then submitted for good."""

from django.db import transaction
from django.utils import timezone

from assurance.models import Answer, Return


class AlreadySubmitted(Exception):
    """The return was submitted, by this person or a colleague; nothing in it can change."""


@transaction.atomic
def save_draft(record, *, answers):
    """Keep ``answers`` ({question's pk: words}) in the draft. Raises AlreadySubmitted."""
    _keep(_locked(record), answers)


@transaction.atomic
def submit_return(record, *, answers, signed_off_by, by):
    """Submit ``record`` with these answers; from now on it is fixed. Raises AlreadySubmitted."""
    record = _locked(record)
    _keep(record, answers)
    record.signed_off_by = signed_off_by
    record.submitted_by = by
    record.submitted_at = timezone.now()
    record.save()
    return record


def last_answers(record):
    """{a question's words: what this organisation said}, from its latest submitted return before."""
    before = (
        Return.objects.of_organisations([record.organisation_id])
        .filter(request__due_on__lt=record.request.due_on)
        .exclude(submitted_at=None)
        .order_by("-request__due_on")
        .first()
    )
    if before is None:
        return {}
    return {answer.question.text: answer.text for answer in before.answers.select_related("question")}


def _locked(record):
    record = Return.objects.select_for_update(of=["self"]).get(pk=record.pk)
    if record.submitted_at:
        raise AlreadySubmitted
    return record


def _keep(record, answers):
    """Write what differs: an untouched answer leaves no trace in the history."""
    existing = {answer.question_id: answer for answer in record.answers.all()}
    changed, new = [], []
    for question_id, text in answers.items():
        answer = existing.get(question_id)
        if answer is None and text:
            new.append(Answer(record=record, question_id=question_id, text=text))
        elif answer and answer.text != text:
            answer.text = text
            changed.append(answer)
    Answer.objects.bulk_create(new)
    Answer.objects.bulk_update(changed, ["text"])
