"""Rows by the hundred thousand, with the history that they would have had.

Everything that was added is written by ``flush``: a few statements for each table, in the transaction around it, whose
end checks every foreign key. The triggers that write the history are left out and their entries written beside, in
bulk, each with the moment and the person of its act; every other trigger stands guard as ever. One that refuses rows
of what is closed (an attendance of agreed minutes) asks for it in the table: so tables are written from the last one
mentioned to the first, what belongs to something before that.
"""

# Names of tables and columns come from the models.
# ruff: noqa: S608

import json
import uuid
from collections import defaultdict
from datetime import UTC, datetime
from functools import cache

import pghistory.models
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils.functional import cached_property

AT_ONCE = 4000
KEYS_AT_ONCE = 200
SOURCE = "nation"  # what the history says it comes from
# The triggers that write the history of a new row.
LEAVE_OUT = r"""
    SELECT set_config('pgtrigger.ignore', array_agg(tgname)::text, true)
    FROM pg_trigger WHERE tgname LIKE 'pgtrigger\_insert\_insert\_%%' AND tgrelid = ANY(%s::regclass[])
"""
NOT_OF_A_ROW = {"pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context_id"}


class Rows:
    """What is to be written. ``rng``: from which the keys of what has no number come, the same for the same seed."""

    def __init__(self, rng):
        self.rng = rng
        self.tables = {}
        self.contexts = {}
        self.counts = defaultdict(int)

    def add(self, model, *, at, by=None, was=None, changed_at=None, changed_by=None, **values):
        """Add a row whose columns are ``values`` by attribute (``plan_id``); gives its key.

        ``at`` and ``by`` (a user's key): when and by whom it was made. Where it was changed since, ``was`` has the
        columns as they stood before that.
        """
        table = self.tables.get(model)
        if table is None:
            table = self.tables[model] = Table(model)
        row = table.row(values, at=at, rng=self.rng)
        context = self._context(by)
        if was is None:
            table.unchanged.append((*row, str(at), context))
        else:
            table.changed.append(row)
            table.first_entries.append((*table.with_values(row, was), str(at), context))
            table.later_entries.append((*row, str(changed_at), self._context(changed_by or by)))
        return row[table.key_place]

    def link(self, record_model, name, *, at, by=None, **values):
        """Add a row of the many-to-many field ``name``."""
        self.add(record_model._meta.get_field(name).remote_field.through, at=at, by=by, **values)

    def _context(self, by):
        context = self.contexts.get(by)
        if context is None:
            context = self.contexts[by] = str(random_key(self.rng))
        return context

    def flush(self):
        """Write all of it; gives how many rows were written, without their history."""
        if not self.tables:
            return 0
        written = 0
        with connection.cursor() as cursor:
            self._write_contexts(cursor)
            tables = [table.name for table in self.tables.values() if table.history]
            cursor.execute(LEAVE_OUT, [tables])
            for table in reversed(self.tables.values()):
                self.counts[table.model._meta.label] += len(table.unchanged) + len(table.changed)
                written += table.write(cursor)
            cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")
        self.tables, self.contexts = {}, {}
        return written

    def _write_contexts(self, cursor):
        said = [
            (key, json.dumps({"source": SOURCE} | ({"user": user} if user else {})))
            for user, key in self.contexts.items()
        ]
        cursor.execute(
            "INSERT INTO pghistory_context (id, metadata, created_at, updated_at)"
            " SELECT given.key, given.said, now(), now() FROM unnest(%s::uuid[], %s::jsonb[]) AS given (key, said)",
            [[key for key, _said in said], [words for _key, words in said]],
        )


class Table:
    """One model's rows on their way into the database, as texts that PostgreSQL reads."""

    def __init__(self, model):
        self.model = model
        self.name = model._meta.db_table
        self.fields = model._meta.local_concrete_fields
        self.places = {field.attname: place for place, field in enumerate(self.fields)}
        self.key_place = self.places[model._meta.pk.attname]
        self.has_number = isinstance(model._meta.pk, models.AutoField)
        self.keys = []
        self.usual, self.made = [], []
        for place, field in enumerate(self.fields):
            self.usual.append(self._usual(place, field))
        self.writers = [writer_of(field) for field in self.fields]
        self.unchanged, self.changed, self.first_entries, self.later_entries = [], [], [], []

    def _usual(self, place, field):
        """The text of a column that nobody says; what is made anew for each row is noted in ``made``."""
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            self.made.append(place)
            return None
        if field.primary_key or not field.has_default():
            return "" if isinstance(field, models.CharField | models.TextField) and not field.null else None
        default = field.get_default()
        return None if default is None else writer_of(field)(default)

    def row(self, values, *, at, rng):
        row = self.usual.copy()
        for name, value in values.items():
            place = self.places[name]
            row[place] = None if value is None else self.writers[place](value)
        for place in self.made:
            row[place] = str(at)
        if row[self.key_place] is None:
            row[self.key_place] = self._next_number() if self.has_number else str(random_key(rng))
        return row

    def with_values(self, row, values):
        row = row.copy()
        for name, value in values.items():
            place = self.places[name]
            row[place] = None if value is None else self.writers[place](value)
        return row

    def _next_number(self):
        """The next of the sequence, fetched by the hundred: whoever else adds rows meanwhile gets others."""
        if not self.keys:
            column = self.fields[self.key_place].column
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                    [self.name, column, KEYS_AT_ONCE],
                )
                self.keys = [number for (number,) in reversed(cursor.fetchall())]
        return self.keys.pop()

    # The history

    @cached_property
    def history(self):
        """The model of its entries, or None."""
        return histories().get(self.name)

    # Writing

    def write(self, cursor):
        for start in range(0, len(self.unchanged), AT_ONCE):
            self._write_batch(cursor, self.unchanged[start : start + AT_ONCE])
        for start in range(0, len(self.changed), AT_ONCE):
            end = start + AT_ONCE
            self._insert_rows(cursor, self.changed[start:end])
            if self.history:
                self._insert_entries(cursor, "insert", self.first_entries[start:end])
                self._insert_entries(cursor, "update", self.later_entries[start:end])
        return len(self.unchanged) + len(self.changed)

    def _write_batch(self, cursor, batch):
        if self.history is None:
            self._insert_rows(cursor, [row[:-2] for row in batch])
            return
        columns = list(zip(*batch, strict=True))
        cursor.execute(
            f"WITH given AS MATERIALIZED ({self._given(2)}), put AS ({self._put('given')})"
            f" {self._entered('insert', 'given')}",
            [list(column) for column in columns],
        )

    def _insert_rows(self, cursor, rows):
        cursor.execute(
            f"WITH given AS MATERIALIZED ({self._given(0)}) {self._put('given')}",
            [list(column) for column in zip(*rows, strict=True)],
        )

    def _insert_entries(self, cursor, label, entries):
        cursor.execute(
            f"WITH given AS MATERIALIZED ({self._given(2)}) {self._entered(label, 'given')}",
            [list(column) for column in zip(*entries, strict=True)],
        )

    def _given(self, beside):
        """A batch of columns as rows of the table's own types; ``beside``: the columns of an entry's own."""
        count = len(self.fields) + beside
        casts = [f"g{place}::{type_of(field)}" for place, field in enumerate(self.fields)]
        if beside:
            casts += [f"g{count - 2}::timestamptz", f"g{count - 1}::uuid"]
        names = [f"g{place}" for place in range(count)]
        as_cast = ", ".join(f"{cast} AS {name}" for cast, name in zip(casts, names, strict=True))
        given = ", ".join(["%s::text[]"] * count)
        return f"SELECT {as_cast} FROM unnest({given}) AS given ({', '.join(names)})"

    def _put(self, given):
        columns = ", ".join(f'"{field.column}"' for field in self.fields)
        values = ", ".join(f"g{place}" for place in range(len(self.fields)))
        return f"INSERT INTO {self.name} ({columns}) SELECT {values} FROM {given}"

    def _entered(self, label, given):
        tracked = {field.column for field in self.history._meta.local_concrete_fields} - NOT_OF_A_ROW
        places = [place for place, field in enumerate(self.fields) if field.column in tracked]
        columns = [f'"{self.fields[place].column}"' for place in places]
        values = [f"g{place}" for place in places]
        count = len(self.fields)
        columns += ["pgh_created_at", "pgh_context_id", "pgh_label"]
        values += [f"g{count}", f"g{count + 1}", f"'{label}'"]
        if any(field.column == "pgh_obj_id" for field in self.history._meta.local_concrete_fields):
            columns.append("pgh_obj_id")
            values.append(f"g{self.key_place}")
        table = self.history._meta.db_table
        return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {given}"


@cache
def histories():
    """{table: the model of its history}."""
    return {
        model.pgh_tracked_model._meta.db_table: model
        for model in apps.get_models()
        if issubclass(model, pghistory.models.Event) and model.pgh_tracked_model
    }


def type_of(field):
    """The column's type; of a number that the database counts the type of what points at it."""
    return field.rel_db_type(connection) if isinstance(field, models.AutoField) else field.db_type(connection)


def random_key(rng):
    return uuid.UUID(int=rng.getrandbits(128), version=4)


def writer_of(field):
    """What makes a text of a value of the field."""
    if isinstance(field, models.JSONField):
        return json.dumps
    if isinstance(field, ArrayField):
        return array_text
    if isinstance(field, models.BinaryField):
        return binary_text
    return str


def array_text(values):
    return "{" + ",".join(json.dumps(str(value)) for value in values) + "}"


def binary_text(content):
    return "\\x" + bytes(content).hex()


def moment(day, hour=10, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
