"""How a row of the history becomes a digest, and which rows are settled.

A digest is SHA-256 over a salt and the SHA-256 of the row as JSON: its columns by their names, and what its context
says of who wrote it. Columns that are added later are not among them, so a new version breaks no seal.
Times are written in UTC, which Django tells every connection.
"""

import hashlib
from dataclasses import dataclass

from django.db import connection

from partnership.roles import event_tables

DIGEST, SALT = 32, 16  # bytes
WIPED = bytes(SALT)
BEFORE_ALL = -(2**62)

COLUMNS = """
    SELECT attrelid::regclass::text, array_agg(attname || ' ' || typname ORDER BY attname)
    FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
    WHERE attrelid = ANY(%s::regclass[]) AND attnum > 0 AND NOT attisdropped GROUP BY attrelid
"""
# ``row`` is a table or a part of one, with the columns that count.
CONTENT = """
    SELECT row.pgh_id, sha256(convert_to(
        (to_jsonb(row) || jsonb_build_object('context', context.metadata))::text, 'UTF8')) AS content
    FROM {rows} AS row LEFT JOIN pghistory_context AS context ON context.id = row.pgh_context_id
"""
# What is younger may still be told more by its context, which a request or a task adds to while it runs.
MARKS = "SELECT '{table}', max(pgh_id) FROM {table} WHERE pgh_created_at <= now() - %s::interval"
NEWEST = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
# Of this database alone: PostgreSQL numbers the transactions of all its databases together.
RUNNING = """
    SELECT count(*) FROM pg_snapshot_xip(pg_current_snapshot()) AS running
    JOIN pg_stat_activity ON backend_xid::text::bigint = running::text::bigint & 4294967295
    WHERE running::text::bigint < %s AND datname = current_database()
"""


@dataclass(frozen=True)
class Marks:
    """Up to which row each table counts, and the transaction from which on none could have written one of them."""

    last: dict
    before: int


def tables_of_history():
    """{table of events that is there: its columns as ``name type``}."""
    with connection.cursor() as cursor:
        names = set(connection.introspection.table_names(cursor))
        cursor.execute(COLUMNS, [sorted(event_tables() & names)])
        return dict(cursor.fetchall())


def marks(tables, *, age):
    """The Marks of this moment, of rows older than ``age`` by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(MARKS.format(table=table) for table in sorted(tables)), [age] * len(tables))
        last = {table: last for table, last in cursor.fetchall() if last is not None}
        # Afterwards: whoever drew a number below a mark is a transaction that this counts as older.
        cursor.execute(NEWEST)
        return Marks(last, cursor.fetchone()[0])


def is_settled(marks):
    """Whether no transaction is running any more that could still add a row below the marks."""
    with connection.cursor() as cursor:
        cursor.execute(RUNNING, [marks.before])
        return cursor.fetchone()[0] == 0


def contents(table, columns, *, after, through, most=None):
    """[(key, SHA-256 of what it says)] of the rows in that span, by key."""
    names = ", ".join(f'"{each.rpartition(" ")[0]}"' for each in columns)
    rows = f"(SELECT {names} FROM {table} WHERE pgh_id > %s AND pgh_id <= %s ORDER BY pgh_id LIMIT %s)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{CONTENT.format(rows=rows)} ORDER BY row.pgh_id", [after, through, most])
        return [(key, bytes(content)) for key, content in cursor.fetchall()]


def keys(table, *, after, through):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pgh_id FROM {table} WHERE pgh_id > %s AND pgh_id <= %s", [after, through])  # noqa: S608
        return {key for (key,) in cursor.fetchall()}


def salted(salt, content):
    return hashlib.sha256(salt + content).digest()
