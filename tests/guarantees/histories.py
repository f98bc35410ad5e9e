"""Which tables have a history, and whether it says all that happened to their rows.

PostgreSQL counts by itself how many rows a transaction has put in, changed and taken out of each table. The history
is written by triggers. So one can be held against the other, whichever way a row was written.
"""

from django.apps import apps
from django.db import connection

from partnership.row_security import all_rows

UNSENT = "What somebody has typed and not sent: theirs alone until they send it, and gone then"
STANDS = "Written once: the database refuses to change or delete it"
ADDED = "Only ever added to: each row is itself what happened, to whom and when"
NAMELESS = "Said in confidence: who changed what, when, would tell whose it is"
WORK = "How far a job of the product has come, which it could begin anew"
SECRET = "What lets somebody in: a history of it would keep secrets; what happened stands in AccountEvent"
DJANGOS = "Django’s own: made from the code, or put in by migrations"

WITHOUT_HISTORY = {
    "assurance_contributiondraft": UNSENT,
    "assurance_reportdraft": UNSENT,
    "assurance_quarterlydraft": UNSENT,
    "plans_updatedraft": UNSENT,
    "plans_reviewdraft": UNSENT,
    "assurance_returncopy": STANDS,
    "plans_planversion": STANDS,
    "plans_stagenote": STANDS,
    "partnership_publishedfile": STANDS,
    "partnership_publishedfile_partnerships": "Made with the file, in the same step",
    "plans_planimport_partnerships": "Made with the import, in the same step",
    "plans_updatelinkuse": ADDED,
    "partnership_messageattempt": ADDED,
    "partnership_accountevent": ADDED,
    "assurance_practitionerreply": NAMELESS,
    "assurance_practitionermark": NAMELESS,
    "training_needsreply": NAMELESS,
    "training_needswish": NAMELESS,
    "training_evaluation": NAMELESS,
    "assurance_reportseen": WORK,
    "assurance_schoolmail": WORK,
    "partnership_message": WORK,
    "partnership_feedevent": WORK,
    "partnership_heartbeat": WORK,
    "partnership_backuprun": WORK,
    "partnership_fault": WORK,
    "partnership_seal": STANDS,
    "partnership_sealedrows": STANDS,
    "partnership_exitpackpart": WORK,
    "partnership_mailbrake": WORK,
    "partnership_subjectcopy": WORK,
    "partnership_outboxmail": WORK,
    "partnership_cache": WORK,
    "account_emailaddress": SECRET,
    "account_emailconfirmation": SECRET,
    "mfa_authenticator": SECRET,
    "socialaccount_socialaccount": SECRET,
    "socialaccount_socialapp": SECRET,
    "socialaccount_socialtoken": SECRET,
    "usersessions_usersession": SECRET,
    "django_session": SECRET,
    "auth_group": DJANGOS,
    "auth_group_permissions": DJANGOS,
    "auth_permission": DJANGOS,
    "django_content_type": DJANGOS,
    "django_migrations": DJANGOS,
    "django_celery_beat_clockedschedule": DJANGOS,
    "django_celery_beat_crontabschedule": DJANGOS,
    "django_celery_beat_intervalschedule": DJANGOS,
    "django_celery_beat_periodictask": DJANGOS,
    "django_celery_beat_periodictasks": DJANGOS,
    "django_celery_beat_solarschedule": DJANGOS,
    "pghistory_context": "Part of the history: who wrote what the events tell of",
}

ACTIVITY = """
    SELECT relname, pg_stat_get_xact_tuples_inserted(oid), pg_stat_get_xact_tuples_updated(oid),
        pg_stat_get_xact_tuples_deleted(oid)
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
# Of each row that was written since the transaction ``since``: whether its last event says what stands in it. Then
# of each row that has gone since: whether its last event says so.
DISAGREE = """
    WITH latest AS (
        SELECT DISTINCT ON ({key}) * FROM {events} ORDER BY {key}, pgh_id DESC
    )
    SELECT count(*) FROM (
        SELECT 1 FROM {table} AS stands LEFT JOIN latest ON latest.{key} = stands.{key}
        WHERE stands.xmin::text::bigint >= %s
            AND (latest.pgh_id IS NULL OR latest.pgh_label = 'delete' OR ({theirs}) IS DISTINCT FROM ({ours}))
        UNION ALL
        SELECT 1 FROM {events} AS told JOIN latest USING (pgh_id)
        WHERE told.xmin::text::bigint >= %s AND latest.pgh_label <> 'delete'
            AND NOT EXISTS (SELECT FROM {table} AS stands WHERE stands.{key} = told.{key})
    ) AS wrong
"""


def histories():
    """{table: the model of its events}."""
    found = [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    return {model.pgh_tracked_model._meta.db_table: model for model in found}


def tables():
    """Every table of the database, and those of them that hold events."""
    events = {model._meta.db_table for model in histories().values()}
    return set(rows_touched(also_none=True)) - events, events


def now_is():
    """The number from which on transactions, and what is inside them, count as later."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_snapshot_xmax(txid_current_snapshot()) & 4294967295")
        return cursor.fetchone()[0]


def rows_touched(*, also_none=False):
    """{table: (put in, changed, taken out)} in this transaction so far, also of what was undone."""
    with connection.cursor() as cursor:
        cursor.execute(ACTIVITY)
        return {table: counts for table, *counts in cursor.fetchall() if also_none or any(counts)}


def told_of(table, events):
    """The SQL that counts the rows of ``table`` of which ``events`` says something else, or nothing."""
    columns = [field.column for field in events._meta.concrete_fields if not field.name.startswith("pgh_")]
    key = events.pgh_tracked_model._meta.pk.column
    return DISAGREE.format(
        table=table,
        events=events._meta.db_table,
        key=f'"{key}"',
        theirs=", ".join(f'latest."{column}"' for column in columns),
        ours=", ".join(f'stands."{column}"' for column in columns),
    )


def unsaid(before, *, since):
    """What the history does not say of this transaction, in words, and how many rows and events were looked at.

    ``before`` is what ``rows_touched`` gave at its beginning, ``since`` what ``now_is`` gave.
    """
    found, rows, told = [], 0, 0
    now = rows_touched()
    with all_rows(), connection.cursor() as cursor:
        for table, events in histories().items():
            put_in, changed, taken_out = more_than(before, now, table)
            if not put_in + changed + taken_out:
                continue
            said = more_than(before, now, events._meta.db_table)[0]
            rows, told = rows + put_in + changed + taken_out, told + said
            # A row that is saved as it was, or in which only what is left out was changed, is no event.
            if not put_in + taken_out <= said <= put_in + changed + taken_out:
                found.append(f"{table}: {put_in} in, {changed} changed, {taken_out} out, {said} events")
            cursor.execute(told_of(table, events), [since, since])
            wrong = cursor.fetchone()[0]
            if wrong:
                found.append(f"{table}: {wrong} rows are not as their last event says")
    return found, rows, told


def more_than(before, now, table):
    """How many rows of ``table`` more than before: put in, changed, taken out."""
    none = (0, 0, 0)
    return [after - earlier for after, earlier in zip(now.get(table, none), before.get(table, none), strict=True)]
