"""Migrating while people work: nobody waits behind it for long, and one machine does it at a time."""

import io
from contextlib import closing

import psycopg2
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connection

from partnership.management.commands import migrate

pytestmark = pytest.mark.django_db


def refusal(pgcode):
    """What Django raises for an error of PostgreSQL."""

    class Refusal(psycopg2.OperationalError):
        pass

    Refusal.pgcode = pgcode
    problem = OperationalError("refused")
    problem.__cause__ = Refusal()
    return problem


@pytest.fixture
def tries(monkeypatch):
    """What each try of Django's own command comes to: raise what is given, or end well."""
    waiting, seen = [], []

    def handle(self, *args, **options):
        seen.append(options["database"])
        if waiting:
            raise waiting.pop(0)

    monkeypatch.setattr(Migrate, "handle", handle)
    monkeypatch.setattr(migrate.time, "sleep", lambda _seconds: None)
    return waiting, seen


def test_a_table_in_use_is_tried_again_later(tries):
    waiting, seen = tries
    waiting += [refusal(migrate.LOCKED)] * 2
    said = io.StringIO()
    call_command("migrate", stderr=said)
    assert len(seen) == 3
    assert said.getvalue().count("nobody is kept waiting") == 2


def test_one_that_is_never_free_is_given_up_with_advice(tries):
    waiting, seen = tries
    waiting += [refusal(migrate.LOCKED)] * migrate.TRIES
    with pytest.raises(CommandError, match="run this again when it is quieter"):
        call_command("migrate", stderr=io.StringIO())
    assert len(seen) == migrate.TRIES


def test_any_other_trouble_is_not_tried_again(tries):
    waiting, seen = tries
    waiting.append(refusal("57014"))
    with pytest.raises(OperationalError):
        call_command("migrate", stderr=io.StringIO())
    assert len(seen) == 1


def test_while_it_works_no_other_may_and_it_has_all_the_time_it_needs(monkeypatch):
    seen = {}

    def handle(self, *args, **options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
            seen["limits"] = cursor.fetchone()
        seen["another may"] = may_begin()

    monkeypatch.setattr(Migrate, "handle", handle)
    call_command("migrate")
    assert seen == {"limits": ("0", "3s"), "another may": False}
    assert may_begin()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone() == ("30s",)


def may_begin():
    """Asked on a connection of its own, whose lock goes with it."""
    with closing(psycopg2.connect(**connection.get_connection_params())) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [migrate.ONE_AT_A_TIME])
        return cursor.fetchone()[0]
