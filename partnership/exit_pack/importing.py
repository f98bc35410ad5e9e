"""Taking in a pack: all of it or nothing, without a mail and without a secret.

Rows are put in as PostgreSQL wrote them, with the keys that they have here; triggers write no history of it, as the
history comes along. People come switched off and without password and second step: somebody switches them on and
invites them. Nobody is made an administrator by a pack, and no other partnership of this installation gains or loses
anything: partnerships that share something with this one come as rows of their own that only give a name.
"""

# Names of tables and columns come from the models, never from a pack.
# ruff: noqa: S608

import json
import re
from collections import Counter
from dataclasses import dataclass, field

import pgtrigger
from django.db import Error, connection, transaction

from partnership.exit_pack.choosing import PEOPLE
from partnership.exit_pack.deciding import PARTNERSHIP, tables
from partnership.exit_pack.keys import Keys, numbers
from partnership.exit_pack.reading import BadPack
from partnership.exit_pack.writing import CONTEXTS, FILES, OF_A_CONTEXT
from partnership.kept_bytes import to_column
from partnership.models import Partnership
from partnership.row_security import all_rows

AT_ONCE = 500
LOCK = 7_110_914  # of this installation: one pack at a time
POINTER = re.compile(r"([a-z-]+):(\d{1,18})(?:([:-])(\d{1,18}))?(?=$|[:-])")


class TriedOnly(Exception):
    """Nothing was to be kept."""


@dataclass
class Report:
    """``rows`` and ``events``: {label: how many}. ``here``: {label: names} of what was here already.

    ``keys``: {label: {key in the pack: key here}}.
    """

    partnership: str
    rows: Counter = field(default_factory=Counter)
    events: Counter = field(default_factory=Counter)
    here: dict = field(default_factory=dict)
    renumbered: Counter = field(default_factory=Counter)
    named_only: list = field(default_factory=list)
    keys: dict = field(default_factory=dict)


def import_pack(arrived, *, really):
    """Take in a pack that was looked at; gives a Report. Without ``really`` nothing is kept. Raises BadPack."""
    arrived.verify()
    taking = Taking(arrived)
    try:
        with transaction.atomic(), all_rows(), pgtrigger.ignore():
            taking.take()
            if not really:
                raise TriedOnly
    except TriedOnly:
        pass
    except Error as problem:
        words = str(first_of(problem)).splitlines()[0][:300]
        raise BadPack(f"The database refused it, so nothing was taken in: {words}") from problem
    return taking.report


def first_of(problem):
    """What went wrong first: a transaction that failed makes whatever is asked next fail too."""
    first, before = problem, problem.__context__
    while before is not None:
        first = before if isinstance(before, Error) else first
        before = before.__context__
    return first


class Taking:
    def __init__(self, arrived):
        self.arrived = arrived
        self.keys = Keys()
        self.tables = [table for label, table in tables().items() if label in arrived.manifest["tables"]]
        said = arrived.manifest.get("partnership", {})
        self.own = said.get("key")
        self.report = Report(str(said.get("name", "")), keys=self.keys.of)

    def take(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        self._refuse_twice()
        self._give_keys()
        for table in self.tables:
            self._put_rows(table)
        self._put_contexts()
        for table in self.tables:
            if table.history:
                self._put_history(table)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self._tell()

    def _refuse_twice(self):
        rows = {row.get("id"): row for _line, row in self.arrived.lines(f"data/{PARTNERSHIP}.jsonl")}
        own = rows.get(self.own)
        if own is None:
            raise BadPack("It says nothing of the partnership itself. It was altered: do not use it.")
        for name in ("name", "short_name", "slug"):
            if Partnership.objects.filter(**{f"{name}__iexact": str(own.get(name))}).exists():
                raise BadPack(
                    f"A partnership with the {name.replace('_', ' ')} “{own.get(name)}” is here already. "
                    "Take the pack into another installation, or rename the one that is here."
                )

    def _give_keys(self):
        """In the order of what is needed to find a row: an organisation before its posts, a set before its points."""
        waiting = list(self.tables)
        while waiting:
            ready = [
                table for table in waiting if not self._needs(table) & {each.label for each in waiting} - {table.label}
            ]
            for table in ready or waiting[:1]:
                self.keys.take_table(table, self.arrived)
                waiting.remove(table)

    def _needs(self, table):
        """The tables whose keys say which row of ``table`` is meant."""
        primary = table.model._meta.pk
        names = [] if table.source is not None else [*getattr(table.decision, "known_by", ())]
        fields = [table.model._meta.get_field(name) for name in names] + [primary]
        return {each.related_model._meta.label for each in fields if each.is_relation}

    # Rows

    def _put_rows(self, table):
        batch = []
        for line, row in self.arrived.lines(f"data/{table.label}.jsonl"):
            key = row[table.key]
            if key in self.keys.found[table.label]:
                continue
            files = row.pop(FILES, None)
            changes = self._changes(table, row)
            if files:
                self._put_with_files(table, line, changes, files)
            else:
                batch.append((line, json.dumps(changes)))
            self.report.rows[table.label] += 1
            self.report.renumbered[table.label] += self.keys.of[table.label][key] != key
            if len(batch) == AT_ONCE:
                batch = self._put(table.db_table, table.columns, batch)
        self._put(table.db_table, table.columns, batch)

    def _put(self, place, fields, batch):
        """Put in a batch of (line, changes); gives the next one, which is empty."""
        if batch:
            values = ", ".join(f"r.{each.column}" for each in fields)
            lines, changes = zip(*batch, strict=True)
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {place} ({column_list(fields)}) SELECT {values}"
                    " FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS given (line, changes, place),"
                    f" LATERAL jsonb_populate_record(NULL::{place}, given.line::jsonb || given.changes::jsonb) r"
                    " ORDER BY given.place",
                    [list(lines), list(changes)],
                )
        return []

    def _put_with_files(self, table, line, changes, files):
        contents = {column: to_column(self.arrived.content(path)) for column, path in files.items()}
        fields = table.columns
        if contents.keys() - {each.column for each in table.bytes}:
            raise BadPack(f"{table.label} has a file where none belongs. The pack was altered: do not use it.")
        values = ", ".join("%s" if each.column in contents else f"r.{each.column}" for each in fields)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table.db_table} ({column_list(fields)}) SELECT {values}"
                f" FROM jsonb_populate_record(NULL::{table.db_table}, %s::jsonb || %s::jsonb) r",
                [*(contents[each.column] for each in fields if each.column in contents), line, json.dumps(changes)],
            )

    def _changes(self, table, row):
        """What is otherwise here than in the pack."""
        changes = {table.key: self.keys.of[table.label][row[table.key]]}
        for each in table.foreign_keys:
            value = row.get(each.column)
            if value is not None and each.column != table.key:
                changes[each.column] = self.keys.here(each.related_model._meta.label, value)
        for name, value in table.emptied.items():
            changes[table.model._meta.get_field(name).column] = value
        for name, kinds in table.pointers.items():
            changes[name] = self._pointed(str(row.get(name) or ""), kinds)
            if changes[name] != row.get(name) and "address" in row:
                changes["address"] = ""  # of the page there
        if table.label == PEOPLE:
            changes["is_active"] = False
        if table.label == PARTNERSHIP and row.get("id") != self.own:
            changes |= self._named_only(row)
        return changes

    def _pointed(self, text, kinds):
        """ "update:17" with the key that update 17 has here; "elsewhere-update:17" where it is not in the pack."""
        found = POINTER.match(text)
        if not found or found[1] not in kinds:
            return text
        labels = kinds[found[1]].split()
        first = self.keys.of.get(labels[0], {}).get(int(found[2]))
        if first is None:
            return f"elsewhere-{text}"
        new, end = f"{found[1]}:{first}", found.end(2)
        if len(labels) > 1 and found[4]:
            second = self.keys.of.get(labels[1], {}).get(int(found[4]), 0)
            new, end = f"{new}{found[3]}{second}", found.end(4)
        return new + text[end:]

    def _named_only(self, row):
        """Another partnership that shares something with this one: its own row, under a name that is free."""
        self.report.named_only.append(str(row.get("name")))
        changes, number = {}, 1
        for name in ("name", "short_name", "slug"):
            longest = Partnership._meta.get_field(name).max_length
            asked = free = str(row.get(name))
            while Partnership.objects.filter(**{f"{name}__iexact": free}).exists():
                number += 1
                free = f"{asked[: longest - 4]}-{number}"
            changes[name] = free
        return changes

    # History

    def _put_contexts(self):
        people, batch = self.keys.of.get(PEOPLE, {}), []
        for _line, row in self.arrived.lines(f"history/{CONTEXTS}.jsonl"):
            metadata = {name: value for name, value in row.get("metadata", {}).items() if name in OF_A_CONTEXT}
            if "user" in metadata:
                metadata["user"] = people.get(metadata["user"])
            batch.append((row.get("id"), row.get("created_at"), row.get("updated_at"), json.dumps(metadata)))
        with connection.cursor() as cursor:
            for start in range(0, len(batch), AT_ONCE):
                cursor.execute(
                    "INSERT INTO pghistory_context (id, created_at, updated_at, metadata) SELECT * FROM"
                    " unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::jsonb[]) ON CONFLICT DO NOTHING",
                    [list(each) for each in zip(*batch[start : start + AT_ONCE], strict=True)],
                )

    def _put_history(self, table):
        history = table.history
        fields = [each for each in history._meta.concrete_fields if not getattr(each, "generated", False)]
        place, batch = history._meta.db_table, []
        for line, row in self.arrived.lines(f"history/{table.label}.jsonl"):
            if row.get(table.key) not in self.keys.found[table.label]:
                batch.append((line, self._event_changes(table, fields, row)))
                self.report.events[table.label] += 1
            if len(batch) == AT_ONCE:
                batch = self._put_events(place, fields, batch)
        self._put_events(place, fields, batch)

    def _put_events(self, place, fields, batch):
        given = zip(batch, numbers(place, "pgh_id", len(batch)), strict=True)
        return self._put(
            place, fields, [(line, json.dumps(changes | {"pgh_id": number})) for (line, changes), number in given]
        )

    def _event_changes(self, table, fields, row):
        """Its keys as they are here. What is not in the pack has a number that nothing here can have."""
        changes = {table.key: self.keys.here(table.label, row.get(table.key))}
        for each in fields:
            value = row.get(each.column)
            if not each.is_relation or value is None or each.name == "pgh_context":
                continue
            known = self.keys.of.get(each.related_model._meta.label, {})
            label = table.label if each.name == "pgh_obj" else None
            if label:
                known = self.keys.of[label]
            changes[each.column] = known.get(value, -abs(value) if isinstance(value, int) else value)
        return changes

    def _tell(self):
        for label in (PEOPLE, "partnership.Organisation"):
            self.report.here[label] = sorted(self.keys.found.get(label, {}).values())


def column_list(fields):
    """As PostgreSQL reads them, also where one is called as a word of its own ("case")."""
    return ", ".join(connection.ops.quote_name(each.column) for each in fields)
