"""How long a migration shuts others out of a table, and how long anybody waited for it: looked at again and again."""

import threading
import time
from contextlib import closing, contextmanager

import psycopg2

EVERY = 0.05  # seconds
HELD = """
    SELECT lock.pid, lock.relation::regclass::text, act.xact_start::text
    FROM pg_locks AS lock JOIN pg_stat_activity AS act USING (pid)
    WHERE lock.mode = 'AccessExclusiveLock' AND lock.granted AND lock.relation IS NOT NULL AND lock.pid <> ALL(%s)
      AND lock.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND lock.relation IN (SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace)"""
WAITED = "SELECT COALESCE(max(extract(epoch FROM clock_timestamp() - waitstart)), 0) FROM pg_locks WHERE NOT granted"


class LockWatch:
    """``seconds``: the longest that one table was shut; ``waited``: the longest that anybody waited for a lock."""

    def __init__(self, url):
        self.url = url
        self.first, self.held = {}, {}
        self.waited, self.looks = 0.0, 0

    @property
    def seconds(self):
        return max(self.held.values(), default=0.0)

    @property
    def tables(self):
        return sorted({table for _pid, table, _began in self.held})

    @contextmanager
    def going_on(self):
        over = threading.Event()
        thread = threading.Thread(target=self.look, args=(over,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            over.set()
            thread.join(30)

    def look(self, over):
        with closing(psycopg2.connect(self.url)) as link, link.cursor() as cursor:
            link.autocommit = True
            cursor.execute("SELECT pg_backend_pid()")
            own, before = [cursor.fetchone()[0]], time.monotonic()
            while not over.wait(EVERY):
                cursor.execute(HELD, [own])
                now = time.monotonic()
                for key in cursor.fetchall():
                    # Seen once, it may have been there since the look before.
                    self.held[key] = now - self.first.setdefault(key, before)
                cursor.execute(WAITED)
                self.waited = max(self.waited, float(cursor.fetchone()[0]))
                self.looks, before = self.looks + 1, now
