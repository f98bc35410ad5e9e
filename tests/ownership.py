"""The tests work in the product's own role, which owns nothing; what takes the owner is done in here."""

from contextlib import contextmanager

from django.db import connection

from partnership.roles import APP


@contextmanager
def as_owner():
    """Inside it, and inside one transaction, tables may be changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        is_app = cursor.fetchone()[0] == APP
        if is_app:
            cursor.execute("SET LOCAL ROLE NONE")
    try:
        yield
    finally:
        if is_app and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL ROLE {APP}")
