"""The triggers of our models, brought up to date after each migration and not by migrations.

A trigger is code of ours, and one operation for each of them made an empty database take 20 times as long to build.
"""

import pgtrigger
from django.db import DEFAULT_DB_ALIAS, connections, transaction

COLUMNS = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"


def install_triggers(sender, using=DEFAULT_DB_ALIAS, **kwargs):
    """Put up the triggers of each table that stands as its model says (receiver of ``post_migrate``).

    Whoever migrates back to an older version, or part of the way, has tables that our triggers speak too soon of. They
    keep those that they have; the ``migrate`` of that version puts up its own.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(COLUMNS)
        there = set(cursor.fetchall())
    uris = [
        f"{model._meta.label}:{trigger.name}"
        for model, trigger in pgtrigger.registered()
        if {(model._meta.db_table, field.column) for field in model._meta.concrete_fields} <= there
    ]
    with transaction.atomic(using=using):
        if uris:
            pgtrigger.install(*uris, database=using)
        pgtrigger.prune(database=using)
