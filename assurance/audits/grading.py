"""An agency grades a case: each answer and each grade saved by itself, submitted for good, handed back.

Whatever changes a grading holds its row locked, so that what two people do at once happens one after the other.
"""

import pghistory
from django.db import transaction

from assurance.audits.sheets import read_sheet
from assurance.models import AuditAnswer, AuditGrade, AuditGrading
from assurance.returns import HasGaps, NotSubmitted, refuse_unseen
from partnership.refusals import ChangedMeanwhile


class GradingEnded(Exception):
    """It was submitted, or the meeting has agreed the grades: nothing in it can change."""


def locked_grading(grading):
    rows = AuditGrading.objects.select_for_update(of=["self"], no_key=True).select_related("case__audit__scale")
    return rows.get(pk=grading.pk)


def takes_grades(grading):
    """Whether ``grading`` may still be answered."""
    audit = grading.case.audit
    is_open = audit.asked_on and audit.moderated_on is None and audit.closed_on is None
    return bool(is_open) and grading.submitted_at is None


def open_grading(grading):
    """``grading`` locked, which takes answers. Raises GradingEnded."""
    grading = locked_grading(grading)
    if not takes_grades(grading):
        raise GradingEnded
    return grading


@transaction.atomic
def save_answer(grading, question, *, seen, by, at, **said):
    """Keep the ``answer`` and the ``evidence`` to ``question``; the row, or None where there is nothing to keep.

    ``seen``: the version that stood when the page was shown, 0 for none. The same words sent twice are one.
    Raises GradingEnded, and SavedMeanwhile where a colleague saved other words.
    """
    grading = open_grading(grading)
    row = AuditAnswer.objects.filter(grading=grading, question=question).select_related("updated_by").first()
    return _save(row, AuditAnswer(grading=grading, question=question), said, seen=seen, by=by, at=at)


@transaction.atomic
def save_grade(grading, section, *, seen, by, at, **said):
    """Keep ``score``, ``reasons`` and ``good_practice`` of a section, or of the case (None); as ``save_answer``."""
    grading = open_grading(grading)
    row = AuditGrade.objects.filter(grading=grading, section=section).select_related("updated_by").first()
    return _save(row, AuditGrade(grading=grading, section=section), said, seen=seen, by=by, at=at)


def _save(row, blank, said, *, seen, by, at):
    standing = row or blank
    is_same = all(getattr(standing, name) == value for name, value in said.items())
    if is_same:
        return row
    refuse_unseen(row, seen, is_same=is_same)
    for name, value in said.items():
        setattr(standing, name, value)
    standing.version += 1
    standing.updated_by, standing.updated_at = by, at
    standing.save()
    return standing


@transaction.atomic
def submit_grading(grading, *, by, at, seen=None):
    """Submit it for good. ``seen``: ``Sheet.mark`` as it was looked at, None does not ask.

    Raises GradingEnded, HasGaps, ChangedMeanwhile.
    """
    grading = open_grading(grading)
    sheet = read_sheet(grading)
    if sheet.gaps:
        raise HasGaps(sheet.gaps)
    if seen is not None and seen != sheet.mark:
        raise ChangedMeanwhile
    grading.submitted_at, grading.submitted_by = at, by
    grading.save(update_fields=["submitted_at", "submitted_by"])
    return grading


@transaction.atomic
def hand_back(grading, *, because, by, at):
    """Make it a draft again, which its agency changes and submits anew.

    Raises NotSubmitted, GradingEnded, and ValueError without a reason.
    """
    grading = locked_grading(grading)
    if grading.submitted_at is None:
        raise NotSubmitted
    if grading.case.audit.moderated_on or grading.case.audit.closed_on:
        raise GradingEnded
    if not because.strip():
        raise ValueError("A grading is handed back for a reason.")
    grading.handed_back_at, grading.handed_back_because = at, because
    grading.submitted_at = grading.submitted_by = None
    with pghistory.context(user=by.pk, reason=because):
        grading.save()
    return grading
