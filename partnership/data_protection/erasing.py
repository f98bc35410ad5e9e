"""Somebody is erased: one person asks with a reason, a second confirms. It can't be undone.

Each is written down outside the database too, before the database keeps it: a backup that is put back would bring
them back. ``replay`` goes through that log again; who is forgotten already is passed over.
"""

import json
import os
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from partnership.data_protection.copying import partnership_of
from partnership.data_protection.forgetting import Identity, forget_person
from partnership.data_protection.map import kinds
from partnership.data_protection.subjects import model_of, subjects
from partnership.models import Erasure
from partnership.refusals import NotNow

SALT = "partnership.data_protection.erasing"


@transaction.atomic
def ask(subject, record, *, because, by, at):
    """Keep that ``by`` asks for it. Pressing twice asks once. Raises NotNow where they are erased already."""
    model_of(subject)._base_manager.select_for_update(of=["self"]).get(pk=record.pk)
    if Identity(subject, record).is_forgotten:
        raise NotNow("They are erased already.")
    asked = {"subject_kind": subject.code, "subject_key": str(record.pk)}
    waiting = Erasure.objects.filter(confirmed_at=None, withdrawn_at=None, **asked).first()
    return waiting or Erasure.objects.create(
        partnership=partnership_of(record, by), because=because, asked_by=by, asked_at=at, **asked
    )


@transaction.atomic
def confirm(erasure, *, by, at):
    """Erase them. Raises NotNow where it is answered already, or ``by`` is who asked."""
    erasure = waiting(erasure)
    if erasure.asked_by_id == by.pk:
        raise NotNow("A second person confirms it.")
    subject, record = whom(erasure)
    if str(by.pk) == erasure.subject_key and model_of(subject) is type(by):
        raise NotNow("Nobody erases themselves.")
    identity = Identity(subject, record)
    write_down(subject, record, identity, at=at)
    counts = forget_person(subject, record, reason=f"erasure {erasure.pk}")
    erasure.pseudonym = "" if subject.outlives else identity.pseudonym
    erasure.counts, erasure.confirmed_by, erasure.confirmed_at = counts, by, at
    erasure.save()
    return erasure


@transaction.atomic
def withdraw(erasure, *, because, by, at):
    erasure = waiting(erasure)
    erasure.withdrawn_because, erasure.withdrawn_by, erasure.withdrawn_at = because, by, at
    erasure.save()


def waiting(erasure):
    erasure = Erasure.objects.select_for_update(of=["self"]).get(pk=erasure.pk)
    if not erasure.is_open:
        raise NotNow("This has been answered already.")
    return erasure


def whom(erasure):
    """(Subject, their record)."""
    subject = subjects()[erasure.subject_kind]
    return subject, model_of(subject)._base_manager.get(pk=erasure.subject_key)


# Outside the database


def write_down(subject, record, identity, *, at):
    """One line that says whom, by key alone, and lies safely before anything is changed."""
    note_outside({"kind": subject.code, "key": str(record.pk), "was": fingerprint(identity), "at": at.isoformat()})


def note_outside(line):
    """Add a line to the log outside the database. Its ``kind`` is a subject's or a kind's of record, for ``replay``."""
    if settings.ERASURE_LOG is None:
        return
    settings.ERASURE_LOG.parent.mkdir(parents=True, exist_ok=True)
    with settings.ERASURE_LOG.open("a", encoding="utf-8") as log:
        log.write(json.dumps(line) + "\n")
        log.flush()
        os.fsync(log.fileno())


def fingerprint(identity):
    """Tells one head of a school from the next, and says neither's name."""
    return salted_hmac(SALT, "\n".join([identity.name.casefold(), *identity.contacts]), algorithm="sha256").hexdigest()


@dataclass(frozen=True)
class Replayed:
    lines: int
    erased: int
    unreadable: int


def replay():
    """Erase again whoever a backup has brought back, and delete what was deleted by hand."""
    lines, unreadable, erased = read_log(), 0, 0
    for line in lines:
        code = line.get("kind", "") if isinstance(line, dict) else ""
        subject, kind = subjects().get(code), kinds().get(code)
        if kind and kind.delete_again:
            erased += kind.delete_again(line["key"])
            continue
        if subject is None:
            unreadable += 1
            continue
        with transaction.atomic():
            record = model_of(subject)._base_manager.filter(pk=line["key"]).first()
            if record is not None and is_back(subject, record, line):
                forget_person(subject, record, reason=f"replay {subject.code}")
                erased += 1
    return Replayed(len(lines), erased, unreadable)


def is_back(subject, record, line):
    """Whether the one who was erased stands there again: of a place it may be somebody else by now."""
    identity = Identity(subject, record)
    if identity.is_forgotten:
        return False
    return not subject.outlives or fingerprint(identity) == line.get("was")


def read_log():
    if settings.ERASURE_LOG is None or not settings.ERASURE_LOG.exists():
        return []
    return [as_line(line) for line in settings.ERASURE_LOG.read_text(encoding="utf-8").splitlines() if line.strip()]


def as_line(text):
    try:
        return json.loads(text)
    except ValueError:
        return None
