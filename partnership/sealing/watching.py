"""The trigger that seals again what the law has changed in the history: put on every table of events after ``migrate``.

It looks away where nobody said why (``amending.because``): a change without a reason is what the seal is there to find.
"""

from django.db import DEFAULT_DB_ALIAS, connections

from partnership.roles import event_tables

BECAUSE = "planner.because"
LOCK = 7_325_001  # Of whoever adds to the sealed rows, so that their order is the order in which things happened.

# Functions keep their own setting of TimeZone: the digests are of times in UTC, whoever asks.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION planner_seal_again() RETURNS trigger LANGUAGE plpgsql SET TimeZone TO 'UTC' AS $$
DECLARE why text := coalesce(current_setting('{BECAUSE}', true), '');
BEGIN
    IF why = '' OR NOT EXISTS (SELECT FROM old_rows) THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock({LOCK});
    IF TG_OP = 'DELETE' THEN
        INSERT INTO partnership_sealedrows
            (kind, events, because, at, columns, ids, digests, salts, first_id, last_id)
        SELECT 'gone', TG_TABLE_NAME, why, now(), '{{}}', array_agg(pgh_id ORDER BY pgh_id), '', '',
            min(pgh_id), max(pgh_id) FROM old_rows;
    ELSE
        INSERT INTO partnership_sealedrows
            (kind, events, because, at, columns, ids, digests, salts, first_id, last_id)
        SELECT 'changed', TG_TABLE_NAME, why, now(),
            (SELECT array_agg(attname || ' ' || typname ORDER BY attname)
             FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
             WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped),
            array_agg(pgh_id ORDER BY pgh_id),
            string_agg(sha256(salt || content), '' ORDER BY pgh_id), string_agg(salt, '' ORDER BY pgh_id),
            min(pgh_id), max(pgh_id)
        FROM (
            SELECT row.pgh_id, uuid_send(gen_random_uuid()) AS salt, sha256(convert_to(
                (to_jsonb(row) || jsonb_build_object('context', context.metadata))::text, 'UTF8')) AS content
            FROM new_rows AS row LEFT JOIN pghistory_context AS context ON context.id = row.pgh_context_id
        ) AS again;
    END IF;
    RETURN NULL;
END $$;
"""  # noqa: S608 our own words
TRIGGERS = """
CREATE OR REPLACE TRIGGER planner_changed AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION planner_seal_again();
CREATE OR REPLACE TRIGGER planner_gone AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION planner_seal_again();
"""


WATCHED = """
    SELECT tgrelid::regclass::text FROM pg_trigger
    WHERE tgfoid = to_regproc('planner_seal_again') GROUP BY tgrelid HAVING count(*) = 2
"""


def watch_history(sender, using=DEFAULT_DB_ALIAS, **kwargs):
    """After each migration (receiver of ``post_migrate``). A table that has its triggers is not locked for them."""
    with connections[using].cursor() as cursor:
        tables = event_tables() & set(connections[using].introspection.table_names(cursor))
        cursor.execute(FUNCTION)
        cursor.execute(WATCHED)
        for table in sorted(tables - {table for (table,) in cursor.fetchall()}):
            cursor.execute(TRIGGERS.format(table=table))
