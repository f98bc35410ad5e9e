"""Django's cache in PostgreSQL, with counting that loses nothing however many count at the same moment.

Django's own reads a number and writes the next: two who read the same count as one, and each time the number lives
anew for Django's usual five minutes. Here a row is locked while it is counted up, which in a request is until its end,
and keeps the moment in which it runs out.
"""

import base64
import pickle  # nosec B403
from contextlib import contextmanager

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, connections, router, transaction


class CountingCache(DatabaseCache):
    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        """Whether it was not there, or was over. Of several at once one is told so."""
        key = self.make_and_validate_key(key, version=version)
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        if seconds is None:
            return super().add(key, value, timeout, version)
        statement = f"""
            INSERT INTO {self.table} AS kept (cache_key, value, expires)
            VALUES (%s, %s, now() + make_interval(secs => %s))
            ON CONFLICT (cache_key) DO UPDATE SET value = EXCLUDED.value, expires = EXCLUDED.expires
            WHERE kept.expires <= now()
        """  # noqa: S608, the name of our own table
        try:
            with self.counting() as cursor:
                cursor.execute(statement, [key, packed(value), seconds])
                return bool(cursor.rowcount)
        except DatabaseError:  # somebody else has it in hand, and longer than one waits
            return False

    def incr(self, key, delta=1, version=None):
        """The number afterwards. ValueError where there is none; OperationalError where others have it too long."""
        name = self.make_and_validate_key(key, version=version)
        found = f"SELECT value FROM {self.table} WHERE cache_key = %s AND expires > now() FOR UPDATE"  # noqa: S608
        with self.counting() as cursor:
            cursor.execute(found, [name])
            row = cursor.fetchone()
            if row is None:
                raise ValueError(f"Key '{key}' not found")
            number = pickle.loads(base64.b64decode(row[0])) + delta  # noqa: S301 (ours)  # nosec B301
            cursor.execute(f"UPDATE {self.table} SET value = %s WHERE cache_key = %s", [packed(number), name])  # noqa: S608
        return number

    @property
    def table(self):
        return connections[self.alias].ops.quote_name(self._table)

    @property
    def alias(self):
        return router.db_for_write(self.cache_model_class)

    @contextmanager
    def counting(self):
        with transaction.atomic(using=self.alias), connections[self.alias].cursor() as cursor:
            yield cursor


def packed(value):
    return base64.b64encode(pickle.dumps(value, pickle.HIGHEST_PROTOCOL)).decode()
