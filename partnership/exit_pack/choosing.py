"""Which rows leave: found by PostgreSQL itself, in one snapshot, and kept in a table of this connection alone.

First what hangs on the partnership, table by table, and what the history says hung on it and is gone; then what those
rows point to, until nothing more comes. A pointer to a row that stays behind is cut where it may be empty; where it
may not, the row stays behind as well, and both are counted. PostgreSQL reads as the person who asks, so that row
security hides from the pack what it hides from them; the conditions of the tables say the same once more.
"""

# Names of tables and columns come from the models, never from a pack.
# ruff: noqa: S608

from collections import Counter
from contextlib import contextmanager

from django.core.exceptions import EmptyResultSet
from django.db import connection as usual
from django.db import transaction
from django.db.models import Q

from partnership.exit_pack.deciding import PARTNERSHIP, owners, tables
from partnership.exit_pack.declaring import Along, Shared
from partnership.row_security import DAY, READER

KEEP = """
    CREATE TEMPORARY TABLE pack_row (
        label text, key text, is_own boolean, is_live boolean, PRIMARY KEY (label, key)
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE pack_context (id uuid PRIMARY KEY) ON COMMIT DROP;
"""
PEOPLE = "partnership.User"


@contextmanager
def snapshot(reader, *, on):
    """A connection that sees the database as it was at one moment and nothing that ``reader`` may not know of.

    Another than everybody's, so that the worker can say how far it is while it reads; inside somebody's transaction
    it is that one.
    """
    if usual.in_atomic_block:
        with transaction.atomic(), usual.cursor() as cursor:
            cursor.execute("SELECT current_setting(%s, true), current_setting(%s, true)", [READER, DAY])
            before = cursor.fetchone()
            _tell(cursor, reader.pk, on.isoformat())
            yield usual
            _tell(cursor, *before)
            cursor.execute("DROP TABLE IF EXISTS pack_row, pack_context")
        return
    own = usual.copy()
    try:
        with own.cursor() as cursor:
            own.set_autocommit(False)
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            _tell(cursor, reader.pk, on.isoformat())
        yield own
    finally:
        own.rollback()
        own.close()


def _tell(cursor, reader, day):
    cursor.execute(
        "SELECT set_config(%s, %s, true), set_config(%s, %s, true)", [READER, str(reader or ""), DAY, day or ""]
    )


class Choice:
    """What leaves with ``partnership``. ``cut``: {(label, field): how often its pointer led to what stays}."""

    def __init__(self, connection, partnership, *, with_cases):
        self.connection = connection
        self.partnership = partnership
        self.with_cases = with_cases
        self.cut = Counter()
        self.left = Counter()
        self.tables = tables()
        with connection.cursor() as cursor:
            self.cursor = cursor
            cursor.execute(KEEP)
            self.changed = set(self.tables)  # labels that gained rows in the last turn: what else could change now?
            while self.changed:
                before, self.changed = self.changed, set()
                self._hang_on(before)
                cursor.execute("ANALYZE pack_row")
                self._point_to(before | self.changed)
            while self._drop_loose():
                pass
            self._find_contexts()
            cursor.execute("SELECT label, count(*) FROM pack_row WHERE is_live GROUP BY label")
            self.counts = dict(cursor.fetchall())

    def _do(self, sql, parameters=()):
        self.cursor.execute(sql, parameters)
        return self.cursor.rowcount

    # What hangs on the partnership

    def _hang_on(self, changed):
        for table in self.tables.values():
            near = {label for _field, label in owners(table)} | (
                {table.target.related_model._meta.label} if table.target else set()
            )
            if (near or {table.label}) & (changed | self.changed) and self._take_rows(table) + self._take_gone(table):
                self.changed.add(table.label)

    def _take_rows(self, table):
        ways = self._ways(table)
        if not ways:
            return 0
        conditions, parameters = (
            [f"({' OR '.join(sql for sql, _ in ways)})"],
            [each for _, more in ways for each in more],
        )
        for sql, more in self._limits(table, table.model, table.key):
            conditions.append(sql)
            parameters += more
        return self._do(
            f"INSERT INTO pack_row SELECT %s, t.{table.key}::text, true, true FROM {table.db_table} t"
            f" WHERE {' AND '.join(conditions)}"
            " ON CONFLICT (label, key) DO UPDATE SET is_own = true WHERE NOT pack_row.is_own",
            [table.label, *parameters],
        )

    def _take_gone(self, table):
        """Rows that are deleted, whose history says that they hung on what leaves."""
        ways = self._ways(table, of_history=True) if table.history else []
        if not ways:
            return 0
        conditions, parameters = (
            [f"({' OR '.join(sql for sql, _ in ways)})"],
            [each for _, more in ways for each in more],
        )
        for sql, more in self._limits(table, table.history, "pgh_id"):
            conditions.append(sql)
            parameters += more
        return self._do(
            f"INSERT INTO pack_row SELECT DISTINCT %s, t.{table.key}::text, true, false"
            f" FROM {table.history._meta.db_table} t WHERE {' AND '.join(conditions)}"
            f" AND NOT EXISTS (SELECT FROM {table.db_table} live WHERE live.{table.key} = t.{table.key})"
            " ON CONFLICT DO NOTHING",
            [table.label, *parameters],
        )

    def _ways(self, table, *, of_history=False):
        """[(condition on ``t``, its values)] any of which makes a row the partnership's own."""
        decision, found = table.decision, []
        for field, label in owners(table):
            if label == PARTNERSHIP and field.many_to_many:
                if not of_history:
                    through, source = field.remote_field.through._meta.db_table, field.m2m_column_name()
                    found.append(
                        (
                            f"t.{table.key} IN (SELECT {source} FROM {through} WHERE {field.m2m_reverse_name()} = %s)",
                            [self.partnership.pk],
                        )
                    )
            elif label == PARTNERSHIP:
                found.append((f"t.{field.column} = %s", [self.partnership.pk]))
            else:
                own = "" if isinstance(decision, Shared) else " AND is_own"
                found.append((f"t.{field.column} IN ({self._taken(label)}{own})", []))
        if table.target is not None:
            found = [self._and_target(table, *each) for each in found]
        elif isinstance(decision, Along) and decision.rows and not of_history:
            sql, parameters = keys_of(decision.rows(self.partnership.pk))
            found.append((f"t.{table.key} IN ({sql})", parameters))
        return found

    def _and_target(self, table, sql, parameters):
        """A link leaves where what it names does: of those that give rights only the one to this partnership."""
        label, column = table.target.related_model._meta.label, table.target.column
        if label == PARTNERSHIP and table.decision.links_of_ours:
            return f"({sql} AND t.{column} = %s)", [*parameters, self.partnership.pk]
        if label not in self.tables or not self.tables[label].is_shared:
            return f"({sql} AND t.{column} IN ({self._taken(label)}))", parameters
        return sql, parameters

    def _limits(self, table, model, key):
        decision = table.decision
        if table.source is not None or isinstance(decision, Shared):
            return
        limits = [decision.only] + ([] if self.with_cases else [decision.unless_cases])
        if model is not table.model and not self.with_cases:
            limits.append(decision.history_unless_cases)
        for limit in limits:
            if limit != Q():
                sql, parameters = keys_of(model._base_manager.filter(limit))
                yield f"t.{key} IN ({sql})", parameters

    # What they point to

    def _point_to(self, changed):
        for label in changed:
            for field in self.tables[label].foreign_keys:
                target = field.related_model._meta.label
                if self._is_shared(target) and self._refer(self.tables[label], field, target):
                    self.changed.add(target)

    def _is_shared(self, label):
        return label in self.tables and self.tables[label].is_shared

    def _refer(self, table, field, label):
        taken = self._do(
            f"INSERT INTO pack_row SELECT DISTINCT '{label}', t.{field.column}::text, false, true"
            f" FROM {table.db_table} t WHERE t.{table.key} IN ({self._taken(table.label)})"
            f" AND t.{field.column} IS NOT NULL ON CONFLICT DO NOTHING"
        )
        if label != PEOPLE or not table.history or field.column not in columns_of(table.history):
            return taken
        return taken + self._do(
            f"INSERT INTO pack_row SELECT DISTINCT '{label}', t.{field.column}::text, false, true"
            f" FROM {table.history._meta.db_table} t"
            f" JOIN {self.tables[label].db_table} person ON person.id = t.{field.column}"
            f" WHERE t.{table.key} IN ({self._taken(table.label)}) ON CONFLICT DO NOTHING"
        )

    def _taken(self, label):
        kind = self.tables[label].model._meta.pk.rel_db_type(self.connection)
        return f"SELECT key::{kind} FROM pack_row WHERE label = '{label}'"

    # What leads nowhere

    def _drop_loose(self):
        """Cut pointers to what stays, and leave behind rows that can't be without theirs; gives how many of these."""
        self.cut.clear()
        dropped = 0
        for table in self.tables.values():
            for field in table.foreign_keys:
                label = field.related_model._meta.label
                loose = f"t.{field.column} IS NOT NULL"
                if label in self.tables:
                    loose += f" AND t.{field.column} NOT IN ({self._taken(label)} AND is_live)"
                taken = self._taken(table.label)
                rows = f"SELECT t.{table.key} FROM {table.db_table} t WHERE t.{table.key} IN ({taken}) AND {loose}"
                if field.null:
                    self._do(f"SELECT count(*) FROM ({rows}) cut")
                    count = self.cursor.fetchone()[0]
                    if count:
                        self.cut[table.label, field.name] = count
                else:
                    count = self._do(
                        f"DELETE FROM pack_row WHERE label = '{table.label}'"
                        f" AND key IN (SELECT {table.key}::text FROM ({rows}) loose)"
                    )
                    self.left[table.label] += count
                    dropped += count
        return dropped

    def _find_contexts(self):
        """What stands with the history that leaves, and the people of whom it says that they did it."""
        for table in self.tables.values():
            if table.history:
                sql, parameters = self.history_of(table, "t.pgh_context_id")
                self._do(
                    f"INSERT INTO pack_context SELECT DISTINCT pgh_context_id FROM ({sql}) told"
                    " WHERE pgh_context_id IS NOT NULL ON CONFLICT DO NOTHING",
                    parameters,
                )
        self._do(
            "INSERT INTO pack_row SELECT DISTINCT %s, person.id::text, false, true"
            " FROM pack_context JOIN pghistory_context told USING (id)"
            f" JOIN {self.tables[PEOPLE].db_table} person ON person.id::text = told.metadata->>'user'"
            " ON CONFLICT DO NOTHING",
            [PEOPLE],
        )

    # For the writer

    def rows_of(self, table, columns):
        """(SQL, values) of the rows of ``table`` that leave, in the order of their keys."""
        return (
            f"SELECT {columns} FROM {table.db_table} t"
            f" WHERE t.{table.key} IN ({self._taken(table.label)} AND is_live) ORDER BY t.{table.key}",
            [],
        )

    def history_of(self, table, columns, *, in_order=False):
        """(SQL, values) of the history of those rows, and of those that are gone."""
        conditions, parameters = [f"t.{table.key} IN ({self._taken(table.label)})"], []
        for sql, more in self._limits(table, table.history, "pgh_id"):
            conditions.append(sql)
            parameters += more
        order = " ORDER BY t.pgh_id" if in_order else ""
        return (
            f"SELECT {columns} FROM {table.history._meta.db_table} t WHERE {' AND '.join(conditions)}{order}",
            parameters,
        )


def columns_of(model):
    return {field.column for field in model._meta.concrete_fields}


def keys_of(rows):
    """(SQL, values) of the keys of a queryset."""
    try:
        return rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "NULL", ()
