"""What a migration may do while the version before it still answers, and what it must not.

An upgrade migrates first and then replaces the web servers one after the other, so for some minutes the version of
before works on the new tables. It must find all it reads, and be able to write all it writes. A change that takes
something away is therefore made in two releases: the first no longer uses it, the next takes it away and says so::

    class Migration(migrations.Migration):
        contracts = "Nothing has read partnership_post.room since 1.4."

``breaks(migration, state)`` looks at the operations as Django carries them out, those of ``AtOnce`` one by one.
"""

import re

from django.db import migrations
from django.db.models import NOT_PROVIDED

from partnership.schema import AtOnce

DANGEROUS_SQL = re.compile(
    r"\b(DROP\s+(TABLE|COLUMN|VIEW|TYPE)|RENAME\s+(TO|COLUMN)|SET\s+NOT\s+NULL|TRUNCATE|LOCK\s+TABLE)\b", re.IGNORECASE
)
RENAMING = {
    migrations.RenameField: "renames a column",
    migrations.RenameModel: "renames a table",
    migrations.AlterModelTable: "renames a table",
}
TAKING = {migrations.RemoveField: "drops a column", migrations.DeleteModel: "drops a table"}


def breaks(migration, state):
    """Sentences: what of ``migration``, applied to ``state``, the version before it could not live with."""
    found = []
    there_before = set(state.models)
    for operation in flattened(migration.operations):
        if (migration.app_label, model_of(operation)) in there_before:
            found += [f"{operation.describe()}: {words}" for words in of_one(operation, migration.app_label, state)]
        elif isinstance(operation, migrations.RunSQL) and DANGEROUS_SQL.search(str(operation.sql)):
            found.append(f"{operation.describe()}: it takes away, renames, empties or locks")
        operation.state_forwards(migration.app_label, state)
    if found and not is_contract(migration):
        return found
    if is_contract(migration) and not found:
        return ["It says that it contracts, and takes nothing away."]
    return []


def model_of(operation):
    """The table it is about; on one that the same migration makes nobody works yet."""
    for name in ("model_name", "old_name", "name"):
        if hasattr(operation, name):
            return getattr(operation, name).lower()
    return ""


def is_contract(migration):
    return bool(getattr(migration, "contracts", ""))


def flattened(operations):
    for operation in operations:
        if isinstance(operation, AtOnce):
            yield from flattened(operation.operations)
        elif isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from flattened(operation.database_operations)
        else:
            yield operation


def of_one(operation, app, state):
    for kind, words in (RENAMING | TAKING).items():
        if type(operation) is kind:
            yield f"{words} that the version before still reads"
    if isinstance(operation, migrations.AddField):
        yield from of_a_new_column(operation.field)
    if isinstance(operation, migrations.AlterField):
        model = state.models[app, operation.model_name_lower]
        yield from of_a_changed_column(model.fields[operation.name], operation.field)
    if isinstance(operation, migrations.AddConstraint):
        yield "refuses rows that the version before may write"
    if isinstance(operation, migrations.AlterUniqueTogether) and operation.option_value:
        yield "refuses rows that the version before may write"


def of_a_new_column(field):
    """The version before leaves it out when it writes; Django's own default is in no table."""
    if not field.null and field.db_default is NOT_PROVIDED and not field.many_to_many:
        yield "the version before cannot write rows without it: give it db_default, or let it be null"


def of_a_changed_column(old, new):
    if old.null and not new.null:
        yield "the version before may leave it empty"
    if old.db_default is not NOT_PROVIDED and new.db_default is NOT_PROVIDED:
        yield "the version before relies on the table’s own default"
    if type(old) is not type(new) and old.get_internal_type() != new.get_internal_type():
        yield "it becomes another type"
    if (old.max_length or 0) > (new.max_length or 0) and new.max_length:
        yield "it becomes shorter"
    if not old.unique and new.unique:
        yield "refuses rows that the version before may write"
