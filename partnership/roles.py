"""Who may do what in the database: the role that owns it, the one in which the product works, and the keeper.

- The *owner* makes and changes tables (``./run migrate``). Nothing else works as it.
- ``planner_app`` reads and writes rows. It owns nothing and may pass by no policy (``row_security``), and history
  is for it to add to and never to change: it may neither update nor delete nor empty a table of events.
- ``planner_keeper`` may change history too, which the law now and then asks for: what is kept too long is deleted
  with its history, and a person is taken out of it. ``as_keeper`` takes that role for a few statements.

The roles are made with the database (docker-compose.yml, partnership.embedded): an owner may make none. Where they
are missing everything works as the owner does, and ``check --deploy --database default`` says so.
"""

from contextlib import contextmanager

import pghistory
from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

APP, KEEPER = "planner_app", "planner_keeper"
# Who migrated when: what a migration wrote there is the owner's alone to change.
READ_ONLY = ["django_migrations"]
# The seal over the history: see partnership.sealing.
SEALED = {"partnership_seal", "partnership_sealedrows"}

GRANTS = """
    GRANT USAGE ON SCHEMA public TO {role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
    REVOKE INSERT, UPDATE, DELETE ON {read_only} FROM {role};
"""
APPEND_ONLY = "REVOKE UPDATE, DELETE, TRUNCATE ON {events} FROM {role};"


def grant_rights(sender, using=DEFAULT_DB_ALIAS, **kwargs):
    """After each migration: what the two roles may do, wherever they exist (receiver of ``post_migrate``).

    In one transaction: who works meanwhile may never change history, not between the giving and the taking.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [[APP, KEEPER]])
        there = {name for (name,) in cursor.fetchall()}
        tables = set(connections[using].introspection.table_names(cursor))
        events = ", ".join(sorted(tables & (event_tables() | SEALED)))
        for role in sorted(there):
            cursor.execute(GRANTS.format(role=role, read_only=", ".join(READ_ONLY)))
            if events and role == APP:
                cursor.execute(APPEND_ONLY.format(role=role, events=events))


def event_tables():
    """The tables in which history stands."""
    return {model._meta.db_table for model in apps.get_models() if issubclass(model, pghistory.models.Event)}


@contextmanager
def working_as(role):
    """Inside it, and inside one transaction, ``role`` works instead of the product's own, where that is who works."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        is_app = cursor.fetchone()[0] == APP
        if is_app:
            cursor.execute(f"SET LOCAL ROLE {role}")
    try:
        yield
    finally:
        if is_app and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL ROLE {APP}")


def as_keeper():
    """Inside it, and inside one transaction, history may be changed. Where there is no such role, nothing changes."""
    return working_as(KEEPER)


@register(Tags.database)
def role_bypasses_policies(app_configs=None, databases=None, **kwargs):
    """Refuse a database role that passes by every policy. Asked by ``migrate`` and ``check --database default``."""
    if not settings.IS_PRODUCTION or DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        bypasses = cursor.fetchone()[0]
    if not bypasses:
        return []
    return [
        Error(
            "The database role is a superuser or may bypass row security: PostgreSQL would hide no case from anybody.",
            hint="Connect as a role that has neither right: see docker-compose.yml.",
            id="partnership.E001",
        )
    ]


@register(Tags.database, deploy=True)
def works_as_owner(app_configs=None, databases=None, **kwargs):
    """Refuse to serve as the role that owns the tables. Asked by ``check --deploy --database default``."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'partnership_user'")
        is_owner = (cursor.fetchone() or [False])[0]
    if not is_owner:
        return []
    return [
        Error(
            "The product works as the role that owns its tables, so history could be changed in its name.",
            hint=f"Let DATABASE_URL name {APP} (see docker-compose.yml), and ./run migrate the owner.",
            id="partnership.E002",
        )
    ]
