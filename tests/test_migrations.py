"""T21: from the first release on, each migration lets the version before it go on working; see migration_rules.

Up to ``BASELINE`` nothing was released: there was no version before, so these are one step.
"""

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from partnership.schema import AtOnce
from tests.guarantees.figures import record
from tests.migration_rules import breaks

BASELINE = {
    "partnership": "0025_faults",
    "plans": "0013_what_is_still_due",
    "reviews": "0008_publication_history",
    "training": "0005_needs_left_out",
    "assurance": "0023_panels_have_a_history",
}


def since_the_baseline():
    """[(migration, the models before it)], of our own apps."""
    loader = MigrationLoader(None)
    found = []
    for app, last in BASELINE.items():
        for name in sorted(name for of, name in loader.disk_migrations if of == app and name > last):
            migration = loader.disk_migrations[app, name]
            found.append((migration, loader.project_state(migration.dependencies[0], at_end=True)))
    return found


def test_the_baseline_is_there():
    names = MigrationLoader(None).disk_migrations
    assert [app for app, last in BASELINE.items() if (app, last) not in names] == []


def test_no_migration_since_breaks_the_version_before_it():
    looked_at = since_the_baseline()
    wrong = {f"{m.app_label}.{m.name}": found for m, state in looked_at if (found := breaks(m, state))}
    record(
        "T21",
        "{migrations} migrations since the first release, {wrong} break the version before",
        migrations=len(looked_at),
        wrong=len(wrong),
    )
    assert wrong == {}


# What the rules see, with a table of before: a note with words of 100 letters, a reason that may be empty, a state.


@pytest.fixture
def state():
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("words", models.CharField(max_length=100)),
        ("reason", models.TextField(null=True)),  # noqa: DJ001
        ("state", models.CharField(max_length=10, db_default="new")),
    ]
    state.add_model(ModelState("plans", "Note", fields))
    return state


def migration(*operations, contracts=""):
    made = migrations.Migration("0099_change", "plans")
    made.operations = list(operations)
    if contracts:
        made.contracts = contracts
    return made


NEW_TABLE = migrations.CreateModel(
    "Comment", [("id", models.BigAutoField(primary_key=True)), ("by", models.TextField())]
)
UNIQUE = models.UniqueConstraint(fields=["by"], name="one_each")
HARMLESS = [
    migrations.AddField("note", "later", models.DateField(null=True)),
    migrations.AddField("note", "count", models.IntegerField(default=0, db_default=0)),
    migrations.AlterField("note", "words", models.CharField(max_length=200)),
    migrations.AddIndex("note", models.Index(fields=["words"], name="by_words")),
    migrations.RunPython(migrations.RunPython.noop),
    migrations.RunSQL("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
    AtOnce([NEW_TABLE, migrations.AddConstraint("comment", UNIQUE)]),
]
BREAKING = [
    migrations.RemoveField("note", "words"),
    migrations.DeleteModel("Note"),
    migrations.RenameField("note", "words", "text"),
    migrations.RenameModel("Note", "Remark"),
    migrations.AlterModelTable("note", "remarks"),
    migrations.AddField("note", "count", models.IntegerField(default=0)),
    migrations.AlterField("note", "reason", models.TextField()),
    migrations.AlterField("note", "words", models.CharField(max_length=50)),
    migrations.AlterField("note", "words", models.CharField(max_length=100, unique=True)),
    migrations.AlterField("note", "words", models.IntegerField()),
    migrations.AlterField("note", "state", models.CharField(max_length=10)),
    migrations.AddConstraint("note", models.CheckConstraint(condition=models.Q(words__gt=""), name="not_empty")),
    migrations.AddConstraint("note", models.UniqueConstraint(fields=["words"], name="once")),
    migrations.RunSQL("ALTER TABLE plans_note DROP COLUMN words"),
    migrations.RunSQL("ALTER TABLE plans_note ALTER words SET NOT NULL"),
]


@pytest.mark.parametrize("operation", HARMLESS, ids=lambda operation: operation.describe())
def test_what_only_adds_passes(state, operation):
    assert breaks(migration(operation), state) == []


@pytest.mark.parametrize("operation", BREAKING, ids=lambda operation: operation.describe())
@pytest.mark.parametrize("wrapped", [False, True])
def test_what_takes_away_or_refuses_is_found_wherever_it_hides(state, operation, wrapped):
    made = migration(AtOnce([operation]) if wrapped else operation)
    assert len(breaks(made, state)) == 1


def test_what_contracts_says_so_and_nothing_else_does(state):
    reason = "Nothing has read it since 1.4."
    assert breaks(migration(BREAKING[0], contracts=reason), state.clone()) == []
    assert breaks(migration(HARMLESS[0], contracts=reason), state) != []
