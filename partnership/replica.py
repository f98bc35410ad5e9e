"""A copy of the database that follows it: which questions may go there, and whether it is close enough behind.

With DATABASE_REPLICA_URL there is a second connection, ``replica``, to a PostgreSQL that streams from the first. By
itself nothing is asked of it. Inside ``replica_reading.from_replica`` questions about our own records go there;
whatever is written goes to the first, and from then on everything is asked there, so that nobody misses what they just
did. Sessions, throttles and everything else that isn't ours is always asked of the first.

How far behind it is, is compared by positions in PostgreSQL's log, which no clock can get wrong: what stood in the
first one some seconds ago must have arrived. One that lags, is away, or follows nobody (it was promoted, and may hold
another truth) is left alone for a while; everything works without it.
"""

import logging
import time
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections

logger = logging.getLogger(__name__)

REPLICA = "replica"
OURS = {"partnership", "plans", "reviews", "training", "assurance"}
SECONDS_BETWEEN_LOOKS = 5  # three times that is how far behind it may be before it is noticed
SECONDS_LEFT_ALONE = 30
SECONDS_TO_CATCH_UP = 3
TROUBLE = (DatabaseError, InterfaceError)


@dataclass
class Reading:
    """That we read from the replica, until something is written."""

    is_over: bool = False


READING = ContextVar("reading", default=None)


def in_use():
    """The aliases of the databases that are asked now: what one is told the other is told too."""
    reading = READING.get()
    return [DEFAULT_DB_ALIAS, REPLICA] if reading and not reading.is_over else [DEFAULT_DB_ALIAS]


class Router:
    """Django asks it for each question; it answers always, or records read there would be asked for there for ever."""

    def db_for_read(self, model, **hints):
        return in_use()[-1] if model._meta.app_label in OURS else DEFAULT_DB_ALIAS

    def db_for_write(self, model, **hints):
        reading = READING.get()
        if reading and model._meta.app_label in OURS:
            reading.is_over = True
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db == DEFAULT_DB_ALIAS


def is_set():
    return REPLICA in connections.settings


# How far behind


class Follower:
    """What this process knows of the replica. ``clock`` counts seconds."""

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.earlier = None  # where the first one stood when we looked last
        self.looked_at = self.alone_until = float("-inf")
        self.is_close = False

    def is_usable(self):
        """Whether it holds at least what the first one held some seconds ago."""
        now = self.clock()
        if now < self.alone_until:
            return False
        if now - self.looked_at >= SECONDS_BETWEEN_LOOKS:
            self.look(now)
        return self.is_close

    def look(self, now):
        recent = self.earlier if now - self.looked_at < 2 * SECONDS_BETWEEN_LOOKS else None
        try:
            position = position_of_first()
            self.is_close = has_arrived(recent or position)
        except TROUBLE as trouble:
            self.leave_alone(trouble)
        else:
            self.earlier, self.looked_at = position, now

    def catches_up(self):
        """Wait until it holds everything that was committed before this call; False where it takes too long."""
        if self.clock() < self.alone_until:
            return False
        try:
            return arrives(position_of_first(), clock=self.clock)
        except TROUBLE as trouble:
            self.leave_alone(trouble)
            return False

    def leave_alone(self, trouble):
        """For a while; ``trouble`` goes to the log."""
        self.is_close, self.earlier = False, None
        self.alone_until = self.clock() + SECONDS_LEFT_ALONE
        self.looked_at = float("-inf")
        connections[REPLICA].close()
        logger.warning("The replica is not asked for %s seconds: %s", SECONDS_LEFT_ALONE, str(trouble).strip())


def position_of_first():
    return asked(DEFAULT_DB_ALIAS, "SELECT pg_current_wal_lsn()::text")


def has_arrived(position):
    """False also where it follows nobody."""
    return asked(REPLICA, "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= %s::pg_lsn", [position])


def standing():
    """(whether it follows anybody, how many bytes of what was committed before this call it lacks after a few seconds).

    Raises ``TROUBLE`` where one of the two can't be asked.
    """
    position = position_of_first()
    if arrives(position):
        return True, 0
    lacking = "SELECT greatest(pg_wal_lsn_diff(%s::pg_lsn, pg_last_wal_replay_lsn()), 0)::bigint"
    return asked(REPLICA, "SELECT pg_is_in_recovery()"), asked(REPLICA, lacking, [position])


def arrives(position, *, clock=time.monotonic):
    """Wait for it; False where that takes too long."""
    give_up_at = clock() + SECONDS_TO_CATCH_UP
    while not (there := has_arrived(position)) and clock() < give_up_at:
        time.sleep(0.05)
    return there


def asked(alias, sql, parameters=None):
    """The one value. Asked of the driver: it is no question of a page."""
    connection = connections[alias]
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]


follower = Follower()
