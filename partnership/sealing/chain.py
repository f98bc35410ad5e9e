"""Each night's link: digests of every new row of the history, and one over them and the link before."""

import hashlib
import json
import logging
import secrets
import time
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef

from partnership.models import Seal, SealedRows
from partnership.row_security import all_rows
from partnership.sealing import rows
from partnership.sealing.watching import LOCK

logger = logging.getLogger(__name__)

Kind = SealedRows.Kind

AGE = timedelta(minutes=10)  # no request and no task takes as long: see CELERY_TASK_TIME_LIMIT
PATIENCE = 60  # seconds
AT_ONCE = 5_000  # rows in one of SealedRows
MOST_PARTS = 400  # SealedRows in one transaction


class Unsettled(Exception):
    """Somebody's transaction has been running for too long to say which rows there are."""


def seal(*, at, age=AGE, patience=PATIENCE):
    """Seal what is new; gives the Seals that were made, none if nothing is. Running it twice seals once.

    Raises Unsettled where a transaction keeps running for more than ``patience`` seconds.
    """
    made = []
    with all_rows():
        tables = rows.tables_of_history()
        marks = rows.marks(tables, age=age)
        wait_until_settled(marks, patience)
        while link := next_link(tables, marks, at=at):
            made.append(link)
    return made


def wait_until_settled(marks, patience):
    until = time.monotonic() + patience
    while not rows.is_settled(marks):
        if time.monotonic() > until:
            raise Unsettled("A transaction has been running for too long; the history is sealed the next time.")
        time.sleep(0.2)


@transaction.atomic
def next_link(tables, marks, *, at):
    """The next Seal, over as much as one transaction should hold; None where nothing is new."""
    lock()
    add_new(tables, marks, at=at, most=MOST_PARTS)
    last = Seal.objects.order_by("-number").first()
    parts = SealedRows.objects.filter(pk__gt=last.through if last else 0).order_by("pk")
    if not parts.exists():
        return None
    link = Seal(number=last.number + 1 if last else 1, at=at, previous=last.digest if last else "")
    digests = []
    for part in parts.iterator(chunk_size=10):
        digests.append(digest_of_part(part))
        link.through = part.pk
    link.digest = digest_of_link(link, digests)
    link.save(force_insert=True)
    return link


def lock():
    """Nobody else adds to the sealed rows before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def add_new(tables, marks, *, at, most):
    for part in stale(tables):
        again(part, tables[part.events], at=at)
    sealed_to = dict(
        SealedRows.objects.filter(kind=Kind.SEALED).order_by().values_list("events").annotate(last=Max("last_id"))
    )
    for table, mark in sorted(marks.last.items()):
        after = sealed_to.get(table, rows.BEFORE_ALL)
        while after < mark and most:
            found = rows.contents(table, tables[table], after=after, through=mark, most=AT_ONCE)
            if not found:
                break
            after, most = found[-1][0], most - 1
            add(Kind.SEALED, table, tables[table], found, first=found[0][0], last=after, at=at)


def add(kind, table, columns, found, *, first, last, at):
    """Keep digests of ``found``, as ``rows.contents`` gave it."""
    salts = [secrets.token_bytes(rows.SALT) for _ in found]
    SealedRows.objects.create(
        kind=kind,
        events=table,
        at=at,
        columns=columns,
        ids=[key for key, _content in found],
        digests=b"".join(rows.salted(salt, content) for salt, (_key, content) in zip(salts, found, strict=True)),
        salts=b"".join(salts),
        first_id=first,
        last_id=last,
    )


def stale(tables):
    """Sealed rows whose columns are no longer there: a new version took them away or made others of them."""
    shapes = SealedRows.objects.filter(kind=Kind.SEALED, events__in=tables).order_by()
    for table, columns in shapes.values_list("events", "columns").distinct():
        if set(columns) <= set(tables[table]):
            continue
        later = SealedRows.objects.filter(
            kind=Kind.AGAIN, events=table, columns__contained_by=tables[table], first_id=OuterRef("first_id")
        )
        yield from SealedRows.objects.filter(~Exists(later), kind=Kind.SEALED, events=table, columns=columns)


def again(part, columns, *, at):
    """Seal the rows of ``part`` anew, and none that was not among them."""
    logger.warning("%s rows of %s are sealed again: it has other columns now", len(part.ids), part.events)
    known = set(part.ids)
    there = rows.contents(part.events, columns, after=part.first_id - 1, through=part.last_id)
    found = [(key, content) for key, content in there if key in known]
    add(Kind.AGAIN, part.events, columns, found, first=part.first_id, last=part.last_id, at=at)


def digest_of_part(part):
    """Over all that is sealed of it: everything but the salts."""
    said = [
        part.pk,
        part.kind,
        part.events,
        part.because,
        part.at.timestamp(),
        part.columns,
        part.ids,
    ]
    return hashlib.sha256(json.dumps(said).encode() + b"\n" + bytes(part.digests)).hexdigest()


def digest_of_link(link, digests):
    """Over the link before, this one's number and moment, and the digests of its parts."""
    said = [link.number, link.at.timestamp(), link.through, link.previous, *digests]
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()
