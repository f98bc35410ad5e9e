"""``migrate``, while people work: it never makes them wait for long, and one machine does it at a time.

A change of a table needs it alone for a moment. If somebody's long transaction is in the way, everybody after us waits
behind us; so we let go after the few seconds of ``lock_timeout`` and try again later. What a migration does may take
longer than a page's question may.
"""

import time
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections

LOCKED = "55P03"  # PostgreSQL's lock_not_available
ONE_AT_A_TIME = 7_205_759_404  # the advisory lock
TRIES, SECONDS_BETWEEN = 20, 5


class Command(Migrate):
    def handle(self, *args, **options):
        connection = connections[options["database"]]
        with alone(connection):
            for tries_left in reversed(range(TRIES)):
                try:
                    return super().handle(*args, **options)
                except OperationalError as problem:
                    if getattr(problem.__cause__, "pgcode", None) != LOCKED:
                        raise
                    if not tries_left:
                        raise CommandError(
                            "A table is never free for long enough: somebody’s transaction holds it. What was migrated "
                            "so far stands, and the version that runs goes on; run this again when it is quieter."
                        ) from problem
                    self.stderr.write("A table is in use; nobody is kept waiting. Trying again in a moment.")
                    time.sleep(SECONDS_BETWEEN)
        return None


@contextmanager
def alone(connection):
    """Wait for whoever else migrates this database, and take as long as it takes; the lock goes with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', '0', false)")
        cursor.execute("SELECT set_config('lock_timeout', '0', false)")
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        cursor.execute("RESET lock_timeout")
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
                cursor.execute("RESET statement_timeout")
