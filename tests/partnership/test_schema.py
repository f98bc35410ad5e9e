"""Migrations that change many tables at once leave what one after another would have left."""

import pytest
from django.apps import apps
from django.db import connection, migrations, models, transaction
from django.db.migrations.state import ProjectState

from partnership.schema import AtOnce
from tests.ownership import as_owner

pytestmark = pytest.mark.django_db(transaction=True)


def operations():
    shelf = migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))])
    book = migrations.CreateModel(
        "Book",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("shelf", models.ForeignKey("schematest.Shelf", models.CASCADE)),
        ],
    )
    return [shelf, book]


def tables():
    with connection.cursor() as cursor:
        return {table.name for table in connection.introspection.get_table_list(cursor)}


def test_tables_are_made_and_taken_away_again():
    at_once = AtOnce(operations())
    before, after = ProjectState(), ProjectState()
    at_once.state_forwards("schematest", after)
    with transaction.atomic(), as_owner(), connection.schema_editor() as editor:
        at_once.database_forwards("schematest", editor, before, after)
    made = tables()
    with transaction.atomic(), as_owner(), connection.schema_editor() as editor:
        at_once.database_backwards("schematest", editor, after, before)
    gone = tables()
    assert {"schematest_shelf", "schematest_book"} <= made
    assert not {"schematest_shelf", "schematest_book"} & gone


def test_the_models_afterwards_are_as_one_after_another():
    one_by_one, at_once = ProjectState(), ProjectState()
    for operation in operations():
        operation.state_forwards("schematest", one_by_one)
    AtOnce(operations()).state_forwards("schematest", at_once)
    assert at_once == one_by_one


def test_what_swaps_models_is_not_looked_for_again_for_each_model_that_a_migration_draws(monkeypatch):
    first = ProjectState()
    AtOnce(operations()).state_forwards("schematest", first)
    assert first.apps.get_model("schematest", "Book")
    assert apps.get_swappable_settings_name("auth.User") == "AUTH_USER_MODEL"

    monkeypatch.setattr(apps, "get_models", None)
    after = ProjectState()
    AtOnce(operations()).state_forwards("schematest", after)
    assert after.apps.get_model("schematest", "Book")
    assert apps.get_swappable_settings_name("auth.User") == "AUTH_USER_MODEL"
