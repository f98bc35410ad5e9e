"""Which versions run together: of this code, of the database's tables, of PostgreSQL and of the libraries."""

import importlib.metadata
import pkgutil
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, ProgrammingError, connection
from django.db.migrations.recorder import MigrationRecorder

LIBRARIES = ["django", "gunicorn", "celery", "kombu", "psycopg2-binary", "redis", "weasyprint", "django-allauth"]
NOT_THERE = {"42P01", "42703", "42883"}  # what PostgreSQL calls a table, a column and a function that it has not


@dataclass(frozen=True)
class Versions:
    release: str
    schema: dict
    waiting_migrations: list
    libraries: dict
    postgres: str
    redis: str


def read_versions(*, redis=""):
    done = MigrationRecorder(connection).applied_migrations()
    schema = {
        app.label: max((name for label, name in done if label == app.label), default="")
        for app in apps.get_app_configs()
        if Path(app.path).parent == settings.BASE_DIR and migrations_of(app)
    }
    return Versions(
        release=settings.RELEASE,
        schema=schema,
        waiting_migrations=waiting(done),
        libraries={name: importlib.metadata.version(name) for name in LIBRARIES},
        postgres=server_version(),
        redis=redis,
    )


def is_behind(fault):
    """Whether ``fault`` is that the database lacks something, and migrations of this version."""
    if not isinstance(fault, ProgrammingError) or getattr(fault.__cause__, "pgcode", None) not in NOT_THERE:
        return False
    try:
        return bool(waiting(MigrationRecorder(connection).applied_migrations()))
    except DatabaseError:
        return False


def waiting(done):
    """Names of the migrations on disk that are not among ``done``."""
    return [
        f"{app.label} {name}"
        for app in apps.get_app_configs()
        for name in migrations_of(app)
        if (app.label, name) not in done
    ]


def migrations_of(app):
    """The names of an app's migrations on disk; none of them is loaded."""
    folder = Path(app.path, "migrations")
    return sorted(each.name for each in pkgutil.iter_modules([str(folder)]) if each.name[:1] not in "_~")


def server_version():
    number = connection.pg_version
    return f"{number // 10000}.{number % 10000}"
