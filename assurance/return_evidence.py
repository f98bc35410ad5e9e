"""Evidence of what a return says: files and links, each to one question or for one standard."""

from pathlib import Path

from django.db import transaction

from assurance.models import ReturnEvidence
from assurance.return_sheet import QUESTION
from assurance.return_state import open_return
from partnership.models import Document
from plans.evidence import MOST_OF_A_LINE, refusal_of


@transaction.atomic
def add_files(line, files, *, by, at):
    """Keep each of ``files`` (as uploaded) that is whole, safe and small enough; the others as sentences, by name."""
    record, problems = open_return(line.record, at=at), []
    for upload in files:
        problem = refusal_of(upload, room=MOST_OF_A_LINE - _shown(record, line).count())
        if problem:
            problems.append(problem)
        else:
            _add_file(record, line, upload, by=by, at=at)
    return problems


def _add_file(record, line, upload, *, by, at):
    """The same bytes twice are one: pressing the button again adds nothing."""
    document = Document.keep(filename=upload.name, content=upload.read(), by=by)
    if _shown(record, line).filter(document__sha256=document.sha256).exists():
        document.delete()
        return
    label = Path(upload.name).stem.replace("_", " ")[:200] or "A file"
    _add(record, line, label=label, document=document, added_by=by, added_at=at)


@transaction.atomic
def add_link(line, address, *, label, by, at):
    """Keep a web address as evidence, once."""
    record = open_return(line.record, at=at)
    shown = _shown(record, line)
    if not shown.filter(address=address).exists() and shown.count() < MOST_OF_A_LINE:
        _add(record, line, label=(label or address)[:200], address=address, added_by=by, added_at=at)


def _add(record, line, **fields):
    ReturnEvidence.objects.create(record=record, **_of(line), **fields)


def _shown(record, line):
    return record.evidence.filter(removed_at=None, **_of(line))


def _of(line):
    return {"question": line.row} if line.kind == QUESTION else {"standard": line.row}


@transaction.atomic
def remove_evidence(evidence, *, at):
    """Take a piece away again from a draft."""
    open_return(evidence.record, at=at)
    evidence.removed_at = at
    evidence.save(update_fields=["removed_at"])
