"""Returns of one organisation answered together: what two partnerships ask alike is answered once.

``record`` holds what both ask; ``other`` keeps what it alone asks. Parted again, or submitted, ``other`` has all of its
own words. Nothing that was written in either is lost on the way.
"""

from dataclasses import dataclass

from django.db import transaction

from assurance.models import Answer, Assessment, Improvement, Return, ReturnEvidence
from assurance.return_sheet import QUESTION, STANDARD, Line, asked_alike, read_sheet
from assurance.return_state import locked_return, open_return, takes_answers

WORDS = {QUESTION: ["text"], STANDARD: ["score", "is_not_applicable", "reason", "evidence"]}


class CannotJoin(Exception):
    """The two have nothing in common, or one of them is answered with another already."""


@dataclass(frozen=True)
class Offer:
    """Another return of the organisation that asks some of the same. ``shared_count`` of ``asked_count`` lines."""

    record: Return
    shared_count: int
    asked_count: int

    @property
    def partnerships(self):
        return [partnership.name for partnership in self.record.request.partnerships.all()]


def offers_of(sheet, *, on):
    """What else the organisation is asked that could be answered on this sheet, the soonest first. Three queries."""
    record = sheet.record
    others = (
        Return.objects.filter(organisation=record.organisation_id, submitted_at=None, answered_in=None)
        .exclude(pk__in=[record.pk, *(each.pk for each in sheet.joined)])
        .exclude(request__sent_on=None)
        .exclude(answered_with__submitted_at=None, answered_with__isnull=False)
        .select_related("request", "organisation")
        .prefetch_related("request__partnerships", "request__questions", "request__standards__standards")
    )
    asked_here = {asked_alike(line.row) for line in sheet.lines if line.is_question}
    standards_here = {line.row.standard_set_id for line in sheet.lines if not line.is_question}
    found = []
    for other in others:
        questions = [asked_alike(question) for question in other.request.questions.all()]
        standards = len(other.request.standards.standards.all()) if other.request.standards_id else 0
        shared = len([each for each in questions if each in asked_here])
        shared += standards if other.request.standards_id in standards_here else 0
        if shared and takes_answers(other, on=on):
            found.append(Offer(other, shared, len(questions) + standards))
    return sorted(found, key=lambda offer: (offer.record.due_on, str(offer.record.pk)))


@transaction.atomic
def join(record, other, *, by, at):
    """Answer ``other`` in ``record`` from now on; the lines to which both had different words already.

    There both stand one after the other. Raises CannotJoin, AlreadySubmitted, NoLongerOpen.
    """
    found = {each.pk: open_return(each, at=at) for each in sorted([record, other], key=lambda each: str(each.pk))}
    record, other = found[record.pk], found[other.pk]
    is_taken = record.answered_in_id or other.answered_in_id or other.answered_with.filter(submitted_at=None).exists()
    if is_taken or record.pk == other.pk or record.organisation_id != other.organisation_id:
        raise CannotJoin
    own = read_sheet(other, with_joined=False, with_last=False)
    other.answered_in = record
    other.begun_at = other.begun_at or record.begun_at
    other.save()
    if record.begun_at is None and other.begun_at:
        record.begun_at = other.begun_at
        record.save()
    sheet = read_sheet(record, with_last=False)
    both = [pair for line in sheet.lines if (pair := _pair(line, own, other))]
    if not both:
        raise CannotJoin
    return [line for line, theirs in both if _take_over(line, theirs, by=by, at=at)]


@transaction.atomic
def part(other, *, at):
    """Answer it by itself again: it has all words that stand to its questions now."""
    record = other.answered_in
    if str(record.pk) < str(other.pk):
        locked_return(record)
    other = open_return(other, at=at)
    return separate(locked_return(record), other)


def separate(record, other):
    """``other``, locked like the ``record`` that it is answered in, has all of its own words from now on."""
    share_words(read_sheet(record, with_last=False), other)
    other.answered_in = None
    other.save()
    return other


def share_words(sheet, other):
    """Write what stands on ``sheet`` to the lines that ``other`` asks too into ``other`` itself."""
    for line in sheet.lines:
        for record, row in line.also:
            if record.pk == other.pk:
                _copy(line, Line(line.kind, row, other, "", ""))


def _pair(line, own, other):
    """(the line, that of ``other`` by itself) where both ask it; None where not."""
    for record, row in line.also:
        if record.pk == other.pk:
            return line, own.line(f"{line.kind}{row.pk}")
    return None


def _take_over(line, theirs, *, by, at):
    """Put what ``theirs`` says into ``line``, after what is there; whether both said something else."""
    saved, differs = theirs.saved, False
    if saved:
        row = line.saved or _new(line)
        if not _is_blank(row):
            differs = any(getattr(row, name) != getattr(saved, name) for name in WORDS[line.kind])
            for name in ("text", "reason", "evidence"):
                if hasattr(row, name) and getattr(row, name) != getattr(saved, name):
                    setattr(row, name, "\n\n".join(filter(None, [getattr(row, name), getattr(saved, name)])))
        else:
            for name in [*WORDS[line.kind], "is_still_true"]:
                setattr(row, name, getattr(saved, name))
        row.version += 1
        row.updated_by, row.updated_at = saved.updated_by or by, saved.updated_at or at
        row.save()
        line.saved = row
    _copy_evidence(theirs.evidence, line)
    if saved and not line.is_question:
        _copy_improvements(saved, line.saved)
    return differs


def _copy(line, to):
    """What ``line`` says becomes what ``to`` says, no more and no less."""
    existing = _rows(to).first()
    if line.saved:
        row = existing or _new(to)
        for name in [*WORDS[line.kind], "is_still_true", "updated_by", "updated_at"]:
            setattr(row, name, getattr(line.saved, name))
        row.version += 1
        row.save()
        if not line.is_question:
            row.improvements.all().delete()
            _copy_improvements(line.saved, row)
    elif existing:
        existing.delete()
    shown = {(each.document_id, each.address) for each in line.evidence}
    for each in _evidence_of(to):
        if (each.document_id, each.address) not in shown:
            each.removed_at = each.added_at
            each.save()
    _copy_evidence(line.evidence, to)


def _rows(line):
    if line.kind == QUESTION:
        return Answer.objects.filter(record=line.record, question=line.row)
    return Assessment.objects.filter(record=line.record, standard=line.row)


def _new(line):
    if line.kind == QUESTION:
        return Answer(record=line.record, question=line.row)
    return Assessment(record=line.record, standard=line.row)


def _is_blank(row):
    if isinstance(row, Answer):
        return not row.text
    return row.score is None and not row.is_not_applicable and not row.evidence


def _evidence_of(line):
    of = {"question": line.row} if line.kind == QUESTION else {"standard": line.row}
    return ReturnEvidence.objects.filter(record=line.record, removed_at=None, **of)


def _copy_evidence(evidence, to):
    there = set(_evidence_of(to).values_list("document", "address"))
    of = {"question": to.row} if to.kind == QUESTION else {"standard": to.row}
    ReturnEvidence.objects.bulk_create(
        ReturnEvidence(
            record=to.record,
            label=each.label,
            document_id=each.document_id,
            address=each.address,
            added_by_id=each.added_by_id,
            added_at=each.added_at,
            **of,
        )
        for each in evidence
        if (each.document_id, each.address) not in there
    )


def _copy_improvements(source, to):
    there = {(each.text, each.due_on) for each in to.improvements.all()}
    Improvement.objects.bulk_create(
        Improvement(
            assessment=to,
            text=each.text,
            lead=each.lead,
            due_on=each.due_on,
            done_on=each.done_on,
            outcome=each.outcome,
        )
        for each in source.improvements.all()
        if (each.text, each.due_on) not in there
    )
