"""Reckon the seal over the history again, and say in words what is not as it was sealed."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db import connection, transaction

from partnership.models import Seal, SealedRows
from partnership.row_security import all_rows
from partnership.sealing import outside, rows
from partnership.sealing.amending import is_known
from partnership.sealing.chain import digest_of_link, digest_of_part

Kind = SealedRows.Kind

MOST_FAULTS = 100  # that are said one by one
WINDOW = 10_000  # rows that are compared at once


@dataclass
class Checked:
    """``explained``: {reason: rows that the law changed or took away}; ``unreadable``: rows of columns gone since."""

    seals: int = 0
    rows: int = 0
    explained: Counter = field(default_factory=Counter)
    unreadable: int = 0
    faults: list = field(default_factory=list)
    fault_count: int = 0

    @property
    def is_well(self):
        return not self.fault_count

    def add(self, fault):
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)


@dataclass(frozen=True)
class Sealed:
    """What was sealed last of one row."""

    digest: bytes
    salt: bytes
    columns: tuple


def check(known=()):
    """Check all of it. ``known``: (number, digest) of seals that somebody outside has kept, beside the file's."""
    found = Checked()
    with all_rows(), transaction.atomic():
        if len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:  # One moment for all that is compared.
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        check_chain(found)
        check_witnesses(found, known)
        check_rows(found)
    return found


# The chain


def check_chain(found):
    """Each link follows from the one before, and covers what it says; nothing else claims to be sealed."""
    parts = SealedRows.objects.order_by("pk").iterator(chunk_size=10)
    part, previous, reasons = next(parts, None), "", {}
    for number, link in enumerate(Seal.objects.order_by("number"), start=1):
        digests = []
        while part and part.pk <= link.through:
            digests.append(digest_of_part(part))
            look_at(found, part, reasons)
            part = next(parts, None)
        if (link.number, link.previous) != (number, previous):
            found.add(f"Seal {link.number} does not follow from the one before it.")
        if digest_of_link(link, digests) != link.digest:
            found.add(f"Seal {link.number}, or what it was put on, is not as it was.")
        found.seals, previous = found.seals + 1, link.digest
    while part:
        look_at(found, part, reasons)
        if part.kind not in {Kind.CHANGED, Kind.GONE}:
            found.add(f"Sealed rows {part.pk} are of no seal.")
        part = next(parts, None)


def look_at(found, part, reasons):
    if len(part.digests) != (0 if part.kind == Kind.GONE else len(part.ids) * rows.DIGEST):
        found.add(f"Sealed rows {part.pk} have not a digest for each row.")
    if part.kind in {Kind.CHANGED, Kind.GONE}:
        found.explained[part.because] += len(part.ids)
        if part.because not in reasons:
            reasons[part.because] = is_known(part.because)
        if not reasons[part.because]:
            found.add(
                f"{len(part.ids)} rows of {part.events} were changed because of “{part.because}”, not known here."
            )


def check_witnesses(found, known):
    """What the file outside, and whoever has kept a seal, know of the chain."""
    here = dict(Seal.objects.values_list("number", "digest"))
    for number, digest in [*outside.known(), *known]:
        if number not in here:
            found.add(f"Seal {number} is known outside and is not here. If a backup was put back, run after_restore.")
        elif here[number] != digest:
            found.add(f"Seal {number} is another one than is known outside.")


# The rows


def check_rows(found):
    tables = rows.tables_of_history()
    parts = defaultdict(list)
    fields = ("events", "pk", "kind", "first_id", "last_id")
    for table, *part in SealedRows.objects.order_by("pk").values_list(*fields):
        parts[table].append(part)
    for table, of_table in sorted(parts.items()):
        if table in tables:
            for after, through in windows(of_table):
                keys = [pk for pk, _kind, first, last in of_table if first <= through and last > after]
                check_window(found, table, set(tables[table]), keys, after, through)
        elif table in rows.event_tables():
            found.add(f"The table {table} is gone.")


def windows(parts):
    """Spans (after, through) that together hold every row which could be sealed, from before the first."""
    ends = sorted(last for _pk, kind, _first, last in parts if kind == Kind.SEALED)
    step = max(WINDOW // 5_000, 1)
    after = rows.BEFORE_ALL * 2
    for through in [*ends[step - 1 :: step], *ends[-1:]]:
        if through > after:
            yield after, through
            after = through


def check_window(found, table, columns, keys, after, through):
    known = last_sealed(keys, after, through)
    found.rows += len(known)
    contents = {}
    for shape in {each.columns for each in known.values()}:
        if set(shape) <= columns:
            contents[shape] = dict(rows.contents(table, shape, after=after, through=through))
    # Each holds every row of that span.
    there = next(iter(contents.values()), None)
    if there is None:
        there = rows.keys(table, after=after, through=through)
    for key in sorted({*known, *there}):
        sealed = known.get(key)
        if sealed is None:
            found.add(f"{table} {key} was put in after it was sealed, or has come back.")
        elif key not in there:
            found.add(f"{table} {key} is gone.")
        elif sealed.columns not in contents:
            found.unreadable += 1
        elif rows.salted(sealed.salt, contents[sealed.columns].get(key, b"")) != sealed.digest:
            found.add(f"{table} {key} is not as it was sealed.")


def last_sealed(keys, after, through):
    """{key of a row: Sealed}, of these SealedRows and in that span."""
    known = {}
    for part in SealedRows.objects.filter(pk__in=keys).order_by("pk").iterator(chunk_size=10):
        columns, digests, salts = tuple(part.columns), bytes(part.digests), bytes(part.salts)
        for place, key in enumerate(part.ids):
            if not after < key <= through:
                continue
            if part.kind == Kind.GONE:
                known.pop(key, None)
            else:
                known[key] = Sealed(
                    digests[place * rows.DIGEST : (place + 1) * rows.DIGEST],
                    salts[place * rows.SALT : (place + 1) * rows.SALT],
                    columns,
                )
    return known
