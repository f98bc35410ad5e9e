"""Which key each row of a pack has here: its own where it is free, that of a row that is here already, or a new one.

What is nobody's alone (an area, an organisation, a rule of the law) is found by what it is known by and stays as it
is here; where a judgement rests on it, it must say the same. Whoever has an account here must have proved that its
address is theirs, before the posts of a pack become theirs.
"""

# Names of tables and columns come from the models, never from a pack.
# ruff: noqa: S608

import json

from django.db import connection, models

from partnership.exit_pack.choosing import PEOPLE, columns_of
from partnership.exit_pack.deciding import Table
from partnership.exit_pack.reading import BadPack
from partnership.models import Invitation, User

MOST_KEY = 100_000_000  # a key beyond it is given anew, so that no pack uses up a sequence
AT_ONCE = 5000


class Keys:
    """``of[label]``: {key in the pack: key here}. ``found[label]``: {key in the pack: name} of what was here."""

    def __init__(self):
        self.of = {}
        self.found = {}

    def take_table(self, table: Table, arrived):
        """Give a key to every row of ``table``, and to those of which only the history is left."""
        label, column = table.label, table.key
        self.of[label], self.found[label] = {}, {}
        new = []
        for _line, row in arrived.lines(f"data/{label}.jsonl"):
            key = self._key_of(table, row)
            here = self._find(table, row)
            if here is None:
                new.append(key)
            else:
                self.of[label][key], self.found[label][key] = here
        known = {*new, *self.of[label]}
        gone = {row[column] for _line, row in arrived.lines(f"history/{label}.jsonl") if row.get(column) is not None}
        new += sorted(gone - known)
        self._give(table, new)

    def _key_of(self, table, row):
        key = row.get(table.key)
        if not isinstance(key, int | str) or isinstance(key, bool):
            raise BadPack(f"A row of {table.label} has no key. The pack was altered: do not use it.")
        return key

    def here(self, label, key):
        """The key here of a row of the pack. Raises BadPack where there is none."""
        try:
            return self.of[label][key]
        except (KeyError, TypeError) as problem:
            raise BadPack(f"A row names a row of {label} that is not in the pack: it was altered.") from problem

    # What is here already

    def _find(self, table, row):
        """(key here, name) of the row that is this one; None where there is none. Raises BadPack where it differs."""
        known_by = getattr(table.decision, "known_by", ())
        if not known_by or table.source is not None:
            return None
        if "partnership_id" in columns_of(table.model) and row.get("partnership_id") is not None:
            return None  # a partnership's own
        fields = [table.model._meta.get_field(name) for name in known_by]
        asked = {field.column: self._value(field, row) for field in fields}
        if "" in asked.values():
            return None
        same = " AND ".join(f"lower(t.{name}::text) IS NOT DISTINCT FROM lower(r.{name}::text)" for name in asked)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT to_jsonb(t) - %s::text[] FROM {table.db_table} t,"
                f" jsonb_populate_record(NULL::{table.db_table}, %s::jsonb) r WHERE {same} LIMIT 1",
                [[field.column for field in table.bytes], json.dumps(asked)],
            )
            there = cursor.fetchone()
        if there is None:
            return self._missing(table, row)
        there = json.loads(there[0]) if isinstance(there[0], str) else there[0]
        self._must_agree(table, row, there)
        return there[table.key], str(next(iter(asked.values())))

    def _value(self, field, row):
        value = row.get(field.column)
        if field.is_relation and value is not None:
            return self.here(field.related_model._meta.label, value)
        return value

    def _missing(self, table, row):
        """A part of something that is here already must be here as well."""
        for name in getattr(table.decision, "on", ()) if table.decision.known_by else ():
            field = table.model._meta.get_field(name)
            label = field.related_model._meta.label
            if row.get(field.column) in self.found.get(label, ()):
                whole = self.found[label][row[field.column]]
                raise BadPack(
                    f"{table.model._meta.verbose_name} {naming(row)} of “{whole}” is in the pack and not here. "
                    "Rename one of the two, or make them agree, and make the pack anew."
                )

    def _must_agree(self, table, row, there):
        for name in table.decision.alike:
            column = table.model._meta.get_field(name).column
            if row.get(column) != there[column]:
                raise BadPack(
                    f"{table.model._meta.verbose_name} {naming(row)}: {name.replace('_', ' ')} is "
                    f"“{str(row.get(column))[:80]}” in the pack and “{str(there[column])[:80]}” here. "
                    "Rename one of the two, or make them agree, and make the pack anew."
                )
        if table.label == PEOPLE:
            prove(there["id"])

    # New keys

    def _give(self, table, keys):
        primary = table.model._meta.pk
        of = self.of[table.label]
        if primary.is_relation:
            label = primary.related_model._meta.label
            of.update({key: self.of.get(label, {}).get(key, key) for key in keys})
            return
        taken = self._taken(table, keys)
        if not isinstance(primary, models.AutoField):
            if taken:
                raise BadPack(
                    f"{table.model._meta.verbose_name_plural.capitalize()} of this pack are here already: it was taken "
                    "in before, or this is the installation that it comes from."
                )
            of.update({key: key for key in keys})
            return
        if not all(isinstance(key, int) for key in keys):
            raise BadPack(f"A row of {table.label} has no number for its key. The pack was altered: do not use it.")
        kept = [key for key in keys if 0 < key <= MOST_KEY and key not in taken]
        of.update({key: key for key in kept})
        others = sorted(set(keys) - set(kept))
        of.update(
            dict(zip(others, numbers(table.db_table, table.key, len(others), beyond=max(kept, default=0)), strict=True))
        )

    def _taken(self, table, keys):
        found = set()
        kind = table.model._meta.pk.rel_db_type(connection)
        places = [table.db_table] + ([table.history._meta.db_table] if table.history else [])
        with connection.cursor() as cursor:
            for place in places:
                for start in range(0, len(keys), AT_ONCE):
                    cursor.execute(
                        f"SELECT {table.key}::text FROM {place} WHERE {table.key} = ANY(%s::{kind}[])",
                        [[str(key) for key in keys[start : start + AT_ONCE]]],
                    )
                    found |= {key for (key,) in cursor.fetchall()}
        return {key for key in keys if str(key) in found}


def prove(key):
    """Raise BadPack unless that person showed here that their address is theirs."""
    person = User.objects.get(pk=key)
    if person.last_login is None and not Invitation.objects.filter(user=person).exclude(used_at=None).exists():
        raise BadPack(
            f"{person.email} has an account here that nobody has signed in to. Have them accept their invitation, "
            "or remove the account; then try again."
        )


def numbers(table, column, count, *, beyond=0):
    """``count`` numbers that nothing has, all above ``beyond``; from now on the sequence gives others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, column])
        sequence = cursor.fetchone()[0]
        cursor.execute(f"SELECT last_value FROM {sequence}")
        behind = max(0, beyond - cursor.fetchone()[0])
        cursor.execute("SELECT count(nextval(%s)) FROM generate_series(1, %s)", [sequence, behind])
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
        return [number for (number,) in cursor.fetchall()]


def naming(row):
    return next((f"“{str(row[name])[:60]}”" for name in ("title", "name", "word", "code", "text") if row.get(name)), "")
