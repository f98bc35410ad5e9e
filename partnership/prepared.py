"""Long questions that PostgreSQL plans once a connection, and not again for each reader.

The one query for everything that is due has thousands of lines of plan: it is planned for some 100 ms and answered
in ten. A prepared statement keeps its plan for as long as its connection lives; row security is asked at each answer
all the same. The connection's ``plan_cache_mode`` says that one plan serves all values (``settings.DATABASES``).
"""

from hashlib import sha256
from weakref import WeakKeyDictionary

from django.db import connection

MOST = 5  # statements that a connection keeps, most of some 11 MB: yesterday’s are asked no more
_kept = WeakKeyDictionary()  # by connection: {SQL: name}, the longest unasked first


def numbered(values):
    """The places of ``values`` as a prepared statement names them: ``("$1", "$2")``."""
    return tuple(f"${place}" for place in range(1, len(values) + 1))


def ask(sql, values):
    """All rows of ``sql``, whose places are ``$1`` and so on, each with its type (``$1::date``)."""
    with connection.cursor() as cursor:
        name = _prepare(cursor, sql)
        places = f"({', '.join(['%s'] * len(values))})" if values else ""
        cursor.execute(f"EXECUTE {name}{places}", values)
        return cursor.fetchall()


def _prepare(cursor, sql):
    """The name of ``sql`` on this connection, where it may be kept already: transactions neither make nor end it."""
    kept = _kept.setdefault(connection.connection, {})
    name = kept.pop(sql, None)
    if name is None:
        name = f"planner_{sha256(sql.encode()).hexdigest()[:16]}"
        with connection.wrap_database_errors:
            if len(kept) >= MOST:
                cursor.cursor.execute(f"DEALLOCATE {kept.pop(next(iter(kept)))}")
            cursor.cursor.execute(f"PREPARE {name} AS {sql}")
    kept[sql] = name
    return name
