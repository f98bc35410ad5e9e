"""The column of words of each searched table, and the trigger that keeps it; brought up to date after ``migrate``.

Like the triggers of history they are code of ours and no migrations. The models do not know the column, so that no
page reads it by the way. A generated column would not do: PostgreSQL refuses to change the type of what one is made of.
"""

import hashlib

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from partnership.row_security import EVERYTHING, READER
from partnership.searching.kinds import all_kinds

COLUMN = "planner_words"
MOST_LETTERS = 100_000  # of a title or a text: a tsvector holds 1 MB, and a longer one would refuse the row

# Accents are folded, an apostrophe is left out ("children's" as people type it: "childrens"), and all that is neither
# letter nor figure parts words. So "multi-agency" is two words, and an address by mail several.
PARTING = r"""-"/\._@:;,()[]{}<>&|!*#+=~^%$?`§·–—…“”„•«»¬£€""" + "\t\r\n\u00a0"
LEFT_OUT = "'’‘ʼ"

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION planner_plain(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $planner$
    SELECT translate(
        CASE WHEN octet_length(words) = char_length(words) THEN words
        ELSE regexp_replace(
            translate(
                replace(replace(replace(replace(
                    normalize(words, NFKD), 'ß', 'ss'), 'æ', 'ae'), 'Æ', 'AE'), 'œ', 'oe'), 'łŁøØđĐıŒ', 'lLoOdDiO'),
            '[\\u0300-\\u036f]', '', 'g')
        END,
        '{PARTING}{LEFT_OUT.replace("'", "''")}', '{" " * len(PARTING)}')
$planner$;
CREATE OR REPLACE FUNCTION planner_words(title text, words text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $planner$
    SELECT setweight(to_tsvector('pg_catalog.simple', plain.title), 'A')
        || setweight(to_tsvector('pg_catalog.english', plain.title), 'B')
        || setweight(to_tsvector('pg_catalog.simple', plain.words), 'C')
        || setweight(to_tsvector('pg_catalog.english', plain.words), 'D')
    FROM (SELECT planner_plain(left(title, {MOST_LETTERS})) AS title,
        planner_plain(left(words, {MOST_LETTERS})) AS words) AS plain
$planner$;
CREATE OR REPLACE FUNCTION planner_query(typed text, joined_by text) RETURNS tsquery LANGUAGE sql STABLE AS $planner$
    WITH word AS (
        SELECT place, plainto_tsquery('pg_catalog.english', word) AS stem,
            to_tsquery('pg_catalog.simple',
                quote_literal(word) || CASE WHEN place = max(place) OVER () THEN ':*' ELSE '' END) AS exact
        FROM unnest(string_to_array(planner_plain(typed), ' ')) WITH ORDINALITY AS each (word, place)
        WHERE word <> ''
    ), telling AS (
        SELECT * FROM word
        WHERE numnode(exact) > 0 AND (numnode(stem) > 0 OR NOT EXISTS (SELECT FROM word WHERE numnode(stem) > 0))
    )
    SELECT coalesce(string_agg('(' || (stem || exact)::text || ')', joined_by ORDER BY place), '')::tsquery FROM telling
$planner$;
"""  # noqa: S608 -- figures and marks of this module

TRIGGER = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $planner$
    BEGIN
        NEW.{column} := planner_words({title}, {text});
        RETURN NEW;
    END
$planner$;
DROP TRIGGER IF EXISTS {column} ON {table};
CREATE TRIGGER {column} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
"""
# No history of it and no other trigger: that the words are kept is no event in the record.
FILL = """
ALTER TABLE {table} DISABLE TRIGGER USER;
UPDATE {table} SET {column} = planner_words({title}, {text});
ALTER TABLE {table} ENABLE TRIGGER USER;
COMMENT ON COLUMN {table}.{column} IS '{recipe}';
"""
THERE = """
SELECT pg_class.relname, array_agg(attname::text),
    max(col_description(pg_class.oid, attnum)) FILTER (WHERE attname = %s)
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s) AND attnum > 0 AND NOT attisdropped
GROUP BY pg_class.relname
"""


def install_columns(sender=None, using=DEFAULT_DB_ALIAS, **kwargs):
    """Give each searched table that stands its column, and fill it anew where its words are others than before.

    Receiver of ``post_migrate``. One transaction a table: while one is filled, people work on the others.
    """
    kinds = {kind.model._meta.db_table: kind for kind in all_kinds().values()}
    with connections[using].cursor() as cursor:
        cursor.execute(THERE, [COLUMN, list(kinds)])
        for table, columns, recipe in cursor.fetchall():
            kind = kinds[table]
            if recipe != recipe_of(kind) and set(kind.columns) <= set(columns):
                with transaction.atomic(using=using):
                    install(cursor, kind)


def install(cursor, kind):
    words = {
        "table": kind.model._meta.db_table,
        "column": COLUMN,
        "name": f"{kind.model._meta.db_table}_words",
        "recipe": recipe_of(kind),
    }
    cursor.execute(f"SET LOCAL statement_timeout = 0; SET LOCAL {READER} = '{EVERYTHING}'")
    cursor.execute(FUNCTIONS)
    cursor.execute(f"ALTER TABLE {words['table']} ADD COLUMN IF NOT EXISTS {COLUMN} tsvector")
    cursor.execute(TRIGGER.format(title=joined(kind.title, "NEW."), text=joined(kind.text, "NEW."), **words))
    cursor.execute(FILL.format(title=joined(kind.title), text=joined(kind.text), **words))


def joined(columns, row=""):
    return f"concat_ws(' ', {', '.join(f'{row}{column}' for column in columns)})" if columns else "''"


def recipe_of(kind):
    """Changes with whatever makes the words of a row others."""
    made_of = "\n".join([FUNCTIONS, TRIGGER, FILL, joined(kind.title), joined(kind.text)])
    return hashlib.sha256(made_of.encode()).hexdigest()[:16]
