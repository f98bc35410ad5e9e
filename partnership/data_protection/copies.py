"""A copy of what is held about somebody is made by a worker, in the name of whoever asked, and fetched within a week.

What it holds may be of cases, so neither the worker nor anybody else reads more of it than the asker may: PostgreSQL is
told that they read. Whether they still may is asked again when it is made.
"""

from django.db import transaction

from partnership.builds import run_claimed
from partnership.data_protection.copying import make_copy
from partnership.data_protection.subjects import subjects
from partnership.models import SubjectCopy, User
from partnership.publishing import sha256_of
from partnership.row_security import all_rows, read_by
from partnership.standing import standing_of

NOT_ANY_MORE = "You may not make this copy any more, or nothing is held about them now."


@transaction.atomic
def request_copy(subject, record, *, because, by, of_cases=False):
    """Ask for one; the same that is under way already is the answer."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    about = {"subject_kind": subject.code, "subject_key": str(record.pk), "is_of_cases": of_cases}
    under_way = SubjectCopy.objects.under_way().filter(requested_by=by, **about).first()
    return under_way or SubjectCopy.objects.create(
        **about, because=because, requested_by=by, step="Waiting for a worker"
    )


def may_copy(user, subject, record, *, of_cases):
    """Whether ``user`` may make it: of cases the case review group, of all else the office or an administrator."""
    if of_cases:
        return bool(standing_of(user).own_case_group_ids)
    return subject.may(user, record)


def run_copy(copy_id, *, at):
    """Make the copy that waits; of any other nothing. Gives whether this call made it."""
    with all_rows():
        return run_claimed(SubjectCopy, copy_id, lambda claim: make(claim, at=at))


def make(claim, *, at):
    asked = SubjectCopy.objects.select_related("requested_by").get(pk=claim.build_id)
    subject, by = subjects()[asked.subject_kind], asked.requested_by
    with read_by(by):
        record = subject.seen_by(by).filter(pk=asked.subject_key).first() if by.is_active else None
        if record is None or not may_copy(by, subject, record, of_cases=asked.is_of_cases):
            claim.end(state=SubjectCopy.State.FAILED, problem=NOT_ANY_MORE)
            return
        content, kept = make_copy(
            subject,
            record,
            because=asked.because,
            by=by,
            at=at,
            of_cases=asked.is_of_cases,
            say=lambda done, total: claim.say("Looking through each kind of record", done, total),
        )
        with transaction.atomic():
            kept.save()
            claim.end(
                state=SubjectCopy.State.DONE,
                step="Ready",
                archive=content,
                sha256=sha256_of(content),
                size=len(content),
                kept=kept,
            )


def waiting_copies(*, at):
    """Keys of those that no worker has in hand."""
    with all_rows():
        return list(SubjectCopy.objects.waiting(at=at).order_by("requested_at").values_list("pk", flat=True))


def clear_away(*, at):
    """Delete what has been there for a week; how many that were."""
    with all_rows():
        return SubjectCopy.objects.over(at=at).delete()[0]
