"""What is put up after a migration, and what is left alone where the tables are older than the models."""

import pgtrigger
import pytest
from django.db import ProgrammingError, connection, transaction

from partnership.triggers import install_triggers
from plans.models import Plan
from reviews.models import CaseHold
from tests.ownership import as_owner

pytestmark = pytest.mark.django_db
OURS = "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'pgtrigger_%%'"


def triggers_of(model):
    with connection.cursor() as cursor:
        cursor.execute(OURS, [model._meta.db_table])
        return cursor.fetchone()[0]


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def older():
    """The tables before one was made and before another had its name; whose triggers are gone as well."""
    with as_owner():
        pgtrigger.uninstall("plans.Plan:insert_insert")
        run(f"DROP TABLE {CaseHold._meta.db_table} CASCADE")
        run("ALTER TABLE plans_updateround RENAME COLUMN name TO older_name")
        yield


def test_who_migrates_back_gets_the_triggers_of_all_tables_that_stand(older):
    before = triggers_of(Plan)
    install_triggers(None)
    assert triggers_of(Plan) == before + 1


def test_without_that_care_a_table_that_is_not_there_stops_it(older):
    with pytest.raises(ProgrammingError), transaction.atomic():
        pgtrigger.install()
