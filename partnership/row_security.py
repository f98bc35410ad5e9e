"""Row-level security: PostgreSQL hides what is restricted from whoever may not know of it, under the pages' own rules.

Each request tells the database who reads, and on which day. The policies of the restricted tables then ask the
database itself whether that person sits in the case review group: ``planner_case_partnerships()``. Where nobody was
told, nothing restricted is seen: so it is in a shell. The role that connects must be neither a superuser nor
allowed to bypass policies; ``./run`` and the compose file make it so. Who reads is a setting of the connection, so a
pool that shares one between requests must be one of sessions.
"""

from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection, connections
from django.utils import timezone

from partnership.replica import in_use

READER, DAY = "planner.reader", "planner.day"
EVERYTHING, NOBODY = "*", ""

FUNCTIONS = """
CREATE OR REPLACE FUNCTION planner_reader() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN current_setting('planner.reader', true) ~ '^[0-9]{1,18}$'
        THEN current_setting('planner.reader', true)::bigint END
$$;
CREATE OR REPLACE FUNCTION planner_reads_everything() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('planner.reader', true) = '*', false)
$$;
CREATE OR REPLACE FUNCTION planner_case_partnerships() RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    WITH today AS (SELECT coalesce(nullif(current_setting('planner.day', true), '')::date, current_date) AS day)
    SELECT seat_of.partnership_id
    FROM today, partnership_postholding AS held
    JOIN partnership_user AS reader ON reader.id = held.user_id AND reader.is_active
    JOIN partnership_groupmember AS seat ON seat.post_id = held.post_id AND seat.role <> 'observer'
    JOIN partnership_group AS grp ON grp.id = seat.group_id AND grp.kind = 'case-review'
    JOIN partnership_group_partnerships AS seat_of ON seat_of.group_id = grp.id
    WHERE held.user_id = planner_reader()
        AND coalesce(held.from_on <= day, true) AND coalesce(held.to_on >= day, true)
        AND NOT (held.ended_at IS NOT NULL AND coalesce(held.to_on <= day, false))
        AND coalesce(seat.from_on <= day, true) AND coalesce(seat.to_on >= day, true)
    UNION
    SELECT partnership_id FROM partnership_emergencyaccess
    WHERE asked_by_id = planner_reader() AND allowed_at IS NOT NULL AND ended_at IS NULL AND ends_at > now()
$$;
"""

# The organisations that whoever reads represents today, and those merged into them (three deep): partnership.standing.
OF_ORGANISATIONS = """
CREATE OR REPLACE FUNCTION planner_organisations() RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    WITH today AS (SELECT coalesce(nullif(current_setting('planner.day', true), '')::date, current_date) AS day),
    own AS (
        SELECT post.organisation_id AS id
        FROM today, partnership_postholding AS held
        JOIN partnership_user AS reader ON reader.id = held.user_id AND reader.is_active
        JOIN partnership_post AS post ON post.id = held.post_id AND post.organisation_id IS NOT NULL
        WHERE held.user_id = planner_reader()
            AND coalesce(held.from_on <= day, true) AND coalesce(held.to_on >= day, true)
            AND NOT (held.ended_at IS NOT NULL AND coalesce(held.to_on <= day, false))
    )
    SELECT id FROM own
    UNION
    SELECT merged.id FROM partnership_organisation AS merged
    JOIN partnership_organisation AS next ON next.id = merged.successor_id
    LEFT JOIN partnership_organisation AS third ON third.id = next.successor_id
    WHERE coalesce(third.successor_id, next.successor_id, merged.successor_id) IN (SELECT id FROM own)
$$;
"""


def policy(table, condition):
    """SQL that lets ``table`` be read and written only where ``condition`` holds, or by who reads everything."""
    condition = f"planner_reads_everything() OR {condition}"
    return f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        DROP POLICY IF EXISTS restricted ON {table};
        CREATE POLICY restricted ON {table} USING ({condition}) WITH CHECK ({condition});
    """


def no_policy(table):
    """The SQL that takes it back."""
    return f"""
        DROP POLICY IF EXISTS restricted ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
    """


def tell(reader, *, only=None):
    """Tell the database that ``reader`` (a user's key, EVERYTHING or NOBODY) reads from now on.

    And the replica, while it is read from; or only the connection with that alias.
    """
    day = timezone.localdate().isoformat()
    words = "SELECT set_config(%s, %s, false), set_config(%s, %s, false)"
    for alias in [only] if only else in_use():
        _ask(words, [READER, str(reader), DAY, day], connections[alias])


def told():
    """Who reads, as ``tell`` was told last on this connection."""
    return _ask("SELECT current_setting(%s, true)", [READER])[0] or NOBODY


def _ask(sql, parameters, connection=connection):
    """The first row. Asked of the driver, as it belongs to the connection and is no question of a page.

    It is the first thing asked in a request, so a connection that the database has dropped is noticed here.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()


@contextmanager
def read_by(user):
    """Inside it the database shows what ``user`` may read, and no more: for what a worker does in their name."""
    before = told()
    tell(user.pk)
    try:
        yield
    finally:
        with suppress(DatabaseError):
            tell(before)


@contextmanager
def all_rows():
    """Inside it nothing is hidden: for the worker, and for what follows from the act of somebody who may not look.

    What is read inside must not reach a person who may not know of it.
    """
    before = told()
    tell(EVERYTHING)
    try:
        yield
    finally:
        with suppress(DatabaseError):  # in a transaction that failed, whose end takes it back
            tell(before)


class ReaderOfRows:
    """Middleware: tell the database who reads, before anything else is asked for this request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            tell(request.user.pk)
        elif connection.connection is not None:
            tell(NOBODY)
        return self.get_response(request)
