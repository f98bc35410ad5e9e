"""What a database and a folder hold, as checksums: two that agree hold the same.

Of each table the number of its rows and the sum of their digests, so that the order in which rows lie does not
matter; of all else that a dump carries (keys, triggers, policies, functions …) the digest of its words. The numbers
on which sequences stand are no part of any snapshot: ``sequences_behind`` asks what matters of them.
"""

import hashlib
from pathlib import Path

# Values become text in the same way on every server.
AS_TEXT = """
    SET LOCAL bytea_output = 'hex'; SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres';
    SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL search_path = ''"""
TABLES = """
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"""
ROWS = """
    SELECT count(*), coalesce(sum(('x' || left(digest, 16))::bit(64)::bigint::numeric), 0)
        || '/' || coalesce(sum(('x' || right(digest, 16))::bit(64)::bigint::numeric), 0)
    FROM (SELECT md5(each::text) AS digest FROM {table} AS each) AS digests"""
# PostgreSQL writes what it has read back with other brackets and casts than what it was first told.
SCHEMA = r"""
    SELECT kind, count(*), md5(string_agg(words, chr(10) ORDER BY words COLLATE "C")) FROM (
    SELECT kind, regexp_replace(said, '::(character varying|text)(\(\d+\))?(\[\])?|[()\s]', '', 'g') AS words FROM (
        SELECT 'columns' AS kind, format('%s.%I %s %s %s', attrelid::regclass, attname,
            format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)) AS said
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid AND relkind = 'r'
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE attnum > 0 AND NOT attisdropped AND relnamespace = {ours}
        UNION ALL
        SELECT 'constraints', format('%s %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = {ours} AND contype <> 'n'
        UNION ALL
        SELECT 'indexes', pg_get_indexdef(indexrelid)
        FROM pg_index JOIN pg_class ON pg_class.oid = indrelid WHERE relnamespace = {ours}
        UNION ALL
        SELECT 'triggers', pg_get_triggerdef(pg_trigger.oid) || tgenabled::text
        FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal AND relnamespace = {ours}
        UNION ALL
        SELECT 'policies', format('%s %I %s %s %s %s %s', polrelid::regclass, polname, polcmd, relrowsecurity,
            relforcerowsecurity, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
        FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid WHERE relnamespace = {ours}
        UNION ALL
        SELECT 'functions', pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = {ours} AND prokind = 'f'
    ) AS everything) AS simplified GROUP BY kind ORDER BY kind"""
OURS = "'public'::regnamespace"
SEQUENCES = """
    SELECT format('%s.%I', attrelid::regclass, attname), attrelid::regclass::text, quote_ident(attname),
        sequence.oid::regclass::text
    FROM pg_class AS sequence JOIN pg_depend ON objid = sequence.oid AND deptype IN ('a', 'i')
        AND classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass
    JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
    WHERE sequence.relkind = 'S' ORDER BY 1"""
BEHIND = """
    SELECT coalesce((SELECT max({column}) FROM {table}), 0)
        > (SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {sequence})"""
CHUNK = 1024**2


def of_database(cursor):
    """{"tables": {name: [rows, checksum]}, "schema": {kind: [count, checksum]}} as the transaction of ``cursor`` sees.

    The role must see every row.
    """
    cursor.execute(AS_TEXT)
    cursor.execute(TABLES)
    tables = {}
    for (table,) in cursor.fetchall():
        cursor.execute(ROWS.format(table=table))
        tables[table] = list(cursor.fetchone())
    cursor.execute(SCHEMA.format(ours=OURS))
    return {"tables": tables, "schema": {kind: [count, digest] for kind, count, digest in cursor.fetchall()}}


def sequences_behind(cursor):
    """Columns whose next number is taken already: the next row could not be put in."""
    cursor.execute(SEQUENCES)
    behind = []
    for name, table, column, sequence in cursor.fetchall():
        cursor.execute(BEHIND.format(table=table, column=column, sequence=sequence))
        if cursor.fetchone()[0]:
            behind.append(name)
    return behind


def of_folder(folder, paths):
    """{relative path: [bytes, SHA-256]} of every file in ``paths``, which are relative to ``folder``."""
    found = {}
    for path in paths:
        here = folder / path
        for file in [here] if here.is_file() else sorted(here.rglob("*")):
            if file.is_file() and not file.is_symlink():
                found[str(file.relative_to(folder))] = of_file(file)
    return found


def of_file(file, *, first=None):
    """[bytes, SHA-256] of ``file``, or of its ``first`` bytes."""
    digest, left, size = hashlib.sha256(), first, 0
    with Path(file).open("rb") as content:
        while chunk := content.read(CHUNK if left is None else min(CHUNK, left)):
            digest.update(chunk)
            size += len(chunk)
            left = None if left is None else left - len(chunk)
    return [size, digest.hexdigest()]


def differences(before, after, what):
    """What is not in ``after`` as it was in ``before``, in sentences."""
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield f"{what} {name} is missing."
        elif name not in before:
            yield f"{what} {name} was not in the backup’s list."
        elif before[name] != after[name]:
            yield f"{what} {name} differs: {before[name][0]} then, {after[name][0]} now."
