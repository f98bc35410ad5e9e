"""Evidence of what is said in an update: files and links, each of one deliverable in one round."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from partnership.models import Document
from partnership.uploads import UnreadableFile, check_upload
from plans.models import Evidence
from plans.rounds import RoundClosed

KINDS = (".pdf", ".docx", ".xlsx", ".pptx", ".png", ".jpg", ".jpeg")
MOST_BYTES = 10 * 1024 * 1024
MOST_OF_A_LINE = 20


@transaction.atomic
def add_files(deliverable, files, *, round, by, at):
    """Keep each of ``files`` (as uploaded) that is whole, safe and small enough; the others as sentences, by name."""
    _must_be_answerable(round, at)
    problems = []
    for upload in files:
        problem = refusal_of(upload, room=MOST_OF_A_LINE - _shown(deliverable, round).count())
        if problem:
            problems.append(problem)
        else:
            _add_file(deliverable, upload, round=round, by=by, at=at)
    return problems


def refusal_of(upload, *, room):
    """Why a file (as uploaded) is not taken, in a sentence with its name; "" where it is. ``room``: how many more."""
    name = upload.name[-100:]
    if upload.size > MOST_BYTES:
        size = upload.size / 1024 / 1024
        return (
            f"{name} has {size:.0f} MB and 10 MB is the most. Make it smaller, or put it where your "
            "organisation keeps files and add a link"
        )
    if room < 1:
        return f"{name} was not added: {MOST_OF_A_LINE} pieces of evidence are the most for one line"
    try:
        check_upload(upload, wanted=KINDS)
    except UnreadableFile as problem:
        return f"{name}: {problem}"
    return ""


def _add_file(deliverable, upload, *, round, by, at):
    """The same bytes twice are one: pressing the button again adds nothing."""
    document = Document.keep(filename=upload.name, content=upload.read(), by=by)
    if _shown(deliverable, round).filter(document__sha256=document.sha256).exists():
        document.delete()
        return
    label = Path(upload.name).stem.replace("_", " ")[:200] or "A file"
    _add(deliverable, round=round, by=by, at=at, label=label, document=document)


@transaction.atomic
def add_link(deliverable, address, *, label, round, by, at):
    """Keep a web address as evidence, once."""
    _must_be_answerable(round, at)
    shown = _shown(deliverable, round)
    if not shown.filter(address=address).exists() and shown.count() < MOST_OF_A_LINE:
        _add(deliverable, round=round, by=by, at=at, label=(label or address)[:200], address=address)


def _add(deliverable, **fields):
    Evidence.objects.create(deliverable=deliverable, added_by=fields.pop("by"), added_at=fields.pop("at"), **fields)


def _shown(deliverable, round):
    return deliverable.evidence.filter(round=round, removed_at=None)


@transaction.atomic
def remove_evidence(evidence, *, at):
    """Take a piece away again, until the round is closed for good. Raises RoundClosed."""
    _must_be_answerable(evidence.round, at)
    evidence.removed_at = at
    evidence.save(update_fields=["removed_at"])


def _must_be_answerable(round, at):
    if not round.is_answerable(on=timezone.localdate(at)):
        raise RoundClosed(round)
