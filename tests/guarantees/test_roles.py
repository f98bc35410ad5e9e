"""T18: The product refuses to be deployed in a role of the database that could undo what PostgreSQL promises."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assurance.management.commands.load_sample import count_rows
from partnership.roles import APP, grant_rights
from tests.guarantees.test_checks import PRODUCTION
from tests.ownership import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def check(db):
    """``check(role)``: what ``check --deploy`` says of the tests' database, asked by that role."""
    address = re.fullmatch(r"(\w+://)[^@/]*@(.*/)[^/]*", os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolcanlogin")
        roles = {name for (name,) in cursor.fetchall()}
    if not roles >= {"postgres", "planner", APP}:
        pytest.skip("needs a PostgreSQL with the roles of production")

    def check(role):
        url = f"{address[1]}{role}@{address[2]}{connection.settings_dict['NAME']}"
        finished = subprocess.run(
            [sys.executable, "manage.py", "check", "--deploy", "--database", "default"],
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ["PATH"], **PRODUCTION, "DATABASE_URL": url},
            capture_output=True,
            text=True,
        )
        return re.findall(r"partnership\.E\d+", finished.stderr)

    return check


def test_it_serves_in_its_own_role(check):
    assert check(APP) == []


def test_not_as_the_role_that_owns_the_tables(check):
    assert check("planner") == ["partnership.E002"]


def test_not_as_one_that_passes_by_every_policy(check):
    assert check("postgres") == ["partnership.E001"]


@pytest.mark.django_db(transaction=True)
def test_rights_are_given_and_taken_in_one_transaction():
    """Between the two the product could change history."""
    alone = []

    def look(execute, *asked):
        alone.append(not connection.in_atomic_block)
        return execute(*asked)

    with connection.execute_wrapper(look):
        grant_rights(sender=None)
    assert alone
    assert not any(alone)


def test_the_sample_counts_the_rows_of_its_own_tables_and_leaves_others():
    """Who owns no table is not refused: PostgreSQL counts by itself in a while."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(tableowner, 'USAGE') FROM pg_tables WHERE tablename = 'partnership_user'")
        if cursor.fetchone()[0]:
            pytest.skip("needs a PostgreSQL with the roles of production")

    def counts():
        with CaptureQueriesContext(connection) as asked:
            count_rows()
        return any("ANALYZE" in each["sql"] for each in asked)

    assert not counts()
    with as_owner():
        assert counts()
