"""Answering what a partnership asked: each answer saved by itself, signed off, submitted for good, handed back.

Whatever changes a return holds its row locked, so that what two people do at once happens one after the other. The
row locks come first in the order of their keys, where several returns are answered together.
"""

import pghistory
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assurance.joining import share_words
from assurance.models import Answer, Assessment, Improvement, Return, ReturnCopy
from assurance.return_sheet import content_of, joined_to, read_sheet
from assurance.return_state import locked_return, open_return, takes_answers
from partnership.models import Membership, PostHolding, User
from partnership.refusals import ChangedMeanwhile


class NotSubmitted(Exception):
    """It is a draft, so there is nothing to hand back."""


class SavedMeanwhile(Exception):
    """A colleague saved other words, which the sender has not seen. ``row`` is theirs; nothing is lost.

    ``before``: the row of its history that the sender had seen; None where nothing stood there.
    """

    def __init__(self, row, before=None):
        self.row, self.before = row, before
        super().__init__(f"{row.updated_by or 'A colleague'} saved this meanwhile.")


class HasGaps(Exception):
    """Something that must be answered is not. ``lines``: what."""

    def __init__(self, lines):
        self.lines = lines
        super().__init__("The return is not finished.")


# Saving


@transaction.atomic
def save_answer(record, question, *, text, seen, by, at, is_still_true=False):
    """Keep ``text`` as the answer to ``question``; the Answer, or None where there is nothing to keep.

    ``seen``: the version that stood when the page was shown, 0 for none. The same words sent twice are one.
    Raises SavedMeanwhile, AlreadySubmitted, NoLongerOpen.
    """
    record = open_return(record, at=at)
    answer = record.answers.filter(question=question).select_related("updated_by").first()
    standing = answer.text if answer else ""
    if standing == text and not is_still_true:
        return answer
    refuse_unseen(answer, seen, is_same=standing == text)
    answer = answer or Answer(record=record, question=question)
    answer.text, answer.is_still_true = text, is_still_true
    return _save(answer, record, by=by, at=at)


@transaction.atomic
def save_assessment(record, standard, *, seen, by, at, is_still_true=False, **said):
    """Keep what the organisation says for ``standard``: score, is_not_applicable, reason, evidence; as ``save_answer``.

    What does not apply has no score, and what applies needs no reason.
    """
    record = open_return(record, at=at)
    row = record.assessments.filter(standard=standard).select_related("updated_by").first()
    before = row or Assessment(record=record, standard=standard)
    is_same = all(getattr(before, name) == value for name, value in said.items())
    if is_same and not is_still_true:
        return row
    refuse_unseen(row, seen, is_same=is_same)
    for name, value in said.items():
        setattr(before, name, value)
    before.is_still_true = is_still_true
    return _save(before, record, by=by, at=at)


def refuse_unseen(row, seen, *, is_same):
    if row is not None and row.version != seen and not is_same:
        raise SavedMeanwhile(row, row.events.filter(version=seen).order_by("-pgh_id").first() if seen else None)


def _save(row, record, *, by, at):
    row.version += 1
    row.updated_by, row.updated_at = by, at
    row.save()
    begin(record, at=at)
    return row


def begin(record, *, at):
    """Write down when its first words came, which is all that the office learns of a draft."""
    if record.begun_at is None:
        Return.objects.filter(Q(pk=record.pk) | Q(answered_in=record), begun_at=None, submitted_at=None).update(
            begun_at=at
        )


# What will be better


@transaction.atomic
def add_improvement(record, standard, *, text, lead, due_on, by, at):
    """Keep what the organisation will do for ``standard``; the same thing by the same day twice is one."""
    record = open_return(record, at=at)
    assessment = record.assessments.filter(standard=standard).first()
    if assessment is None:
        assessment = _save(Assessment(record=record, standard=standard), record, by=by, at=at)
    improvement, _made = assessment.improvements.get_or_create(
        text=text, due_on=due_on, done_on=None, defaults={"lead": lead}
    )
    return improvement


@transaction.atomic
def drop_improvement(improvement, *, at):
    """Take it out of a draft again."""
    open_return(improvement.assessment.record, at=at)
    Improvement.objects.filter(pk=improvement.pk).delete()


@transaction.atomic
def finish_improvement(improvement, *, outcome, on):
    """Done, with what came of it. Of returns that were answered together it is done in each."""
    assessment = improvement.assessment
    same = Improvement.objects.filter(
        assessment__record__organisation=assessment.record.organisation_id,
        assessment__standard=assessment.standard_id,
        text=improvement.text,
        due_on=improvement.due_on,
        done_on=None,
    )
    return same.update(done_on=on, outcome=outcome)


# Signing off


def colleagues(record, *, on):
    """Who may be asked to sign it off: people with an account who hold a post in its organisation on that day."""
    organisations = {record.organisation_id, record.organisation.successor_id} - {None}
    held = PostHolding.objects.current(on=on).filter(post__organisation__in=organisations)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name")


@transaction.atomic
def ask_to_sign(record, *, signer, by, at):
    """Ask ``signer`` to sign the whole return off. Raises HasGaps, and what ``open_return`` raises."""
    record = open_return(record, at=at)
    _refuse_gaps(read_sheet(record))
    record.signer, record.sign_off_note = signer, ""
    record.sign_off_asked_at, record.sign_off_asked_by = at, by
    record.save()
    return record


@transaction.atomic
def send_back(record, *, note, at):
    """The senior person does not sign it yet; ``note`` says what is to change."""
    record = open_return(record, at=at)
    record.sign_off_note, record.sign_off_asked_at = note, None
    record.save()
    return record


@transaction.atomic
def submit_return(record, *, signed_off_by, by, at, seen=None):
    """Submit ``record``, and all that is answered in it, for good; each partnership gets its copy.

    ``seen``: ``Sheet.marks`` as they were looked at, None does not ask. Raises HasGaps, ChangedMeanwhile, and what
    ``open_return`` raises.
    """
    locked = {
        each.pk: locked_return(each) for each in sorted([record, *joined_to(record)], key=lambda each: str(each.pk))
    }
    record = open_return(record, at=at)
    day = timezone.localdate(at)
    joined = [locked[each.pk] for each in joined_to(record)]
    sheet = read_sheet(record, with_last=False)
    if seen is not None and seen != sheet.marks:
        raise ChangedMeanwhile([line for line in sheet.lines if seen.get(line.key) != line.mark])
    _refuse_gaps(sheet)
    for each in joined:
        share_words(sheet, each)
        each.answered_in = None
        each.save(update_fields=["answered_in"])
    for each in [record, *(each for each in joined if takes_answers(each, on=day))]:
        _take_copies(each, signed_off_by=signed_off_by, by=by, at=at)
        each.signed_off_by, each.submitted_by, each.submitted_at = signed_off_by, by, at
        each.begun_at = each.begun_at or at
        each.edition += 1
        each.sign_off_note = ""
        each.save()
    return record


def _refuse_gaps(sheet):
    if sheet.gaps:
        raise HasGaps(sheet.gaps)


def _take_copies(record, *, signed_off_by, by, at):
    """For each partnership that asked and of which the organisation is a member; for all where it is of none."""
    content = content_of(read_sheet(record, with_joined=False))
    content |= {"submitted_by": str(by), "submitted_at": at.isoformat()}
    asked = list(record.request.partnerships.all())
    of = set(
        Membership.objects.current(on=timezone.localdate(at))
        .filter(organisation=record.organisation_id)
        .values_list("partnership", flat=True)
    )
    ReturnCopy.objects.bulk_create(
        ReturnCopy(
            record=record,
            partnership=partnership,
            edition=record.edition + 1,
            content=content,
            signed_off_by=signed_off_by,
            taken_at=at,
        )
        for partnership in [each for each in asked if each.pk in of] or asked
    )


@transaction.atomic
def hand_back(record, *, because, by, at):
    """Make a submitted return a draft again, which its organisation changes and submits anew; what was copied stays.

    Raises NotSubmitted, and ValueError without a reason.
    """
    record = locked_return(record)
    if record.submitted_at is None:
        raise NotSubmitted
    if not because.strip():
        raise ValueError("A return is handed back for a reason.")
    record.handed_back_at, record.handed_back_because = at, because
    record.submitted_at = record.submitted_by = record.answered_in = None
    record.sign_off_asked_at = None
    record.signed_off_by = ""
    with pghistory.context(user=by.pk, reason=because):
        record.save()
    return record
