"""T12: everything of a partnership leaves in one archive, another installation takes it in and gives out the same."""

import io
import json
import zipfile

import pgtrigger
import pytest
from django.core import mail
from django.utils import timezone

from partnership.exit_pack.deciding import tables
from partnership.exit_pack.importing import import_pack
from partnership.exit_pack.making import write_pack
from partnership.exit_pack.reading import Arrived
from partnership.models import Partnership, User
from tests.emptying import empty_database
from tests.guarantees.figures import record

PEOPLE = "partnership.User"


def pack_of(partnership, by):
    made = io.BytesIO()
    write_pack(made, partnership, with_cases=True, by=by, at=timezone.now())
    return made.getvalue()


def rows_in(content):
    """{(folder, label): rows} of all tables."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            tuple(name.removesuffix(".jsonl").split("/")): [
                json.loads(line) for line in archive.read(name).splitlines()
            ]
            for name in archive.namelist()
            if name.endswith(".jsonl")
        }


def documents_in(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name.split("/")[-1]: archive.read(name) for name in archive.namelist() if name.startswith("documents/")}


def translated(row, table, keys, *, is_event):
    """The row as it should be there: with the keys that the other installation says it gave, and nothing else new."""
    new = dict(row)
    model = table.history if is_event else table.model
    for field in model._meta.concrete_fields:
        value = row.get(field.column)
        label = field.related_model._meta.label if field.is_relation else None
        if field.column in {table.key, "pgh_obj_id"}:
            new[field.column] = keys[table.label][value]
        elif value is not None and label in keys:
            unknown = -abs(value) if isinstance(value, int) else value
            new[field.column] = keys[label].get(value, unknown)
    for name in () if is_event else table.pointers:
        if row.get(name):
            new[name] = new["address"] = "…"  # tests/partnership/test_exit_pack.py looks at each form of them
    new.pop("pgh_id", None)
    new.pop("#files", None)
    return json.dumps(new, sort_keys=True)


@pytest.mark.usefixtures("meddles_with_history")
def test_what_leaves_and_comes_in_leaves_again_as_it_was(world, people):
    """Every table of a partnership of which every kind of record has rows, with the cases and all of the history."""
    person = people["case_group_member"]
    first = pack_of(world.partnership, person)
    empty_database()
    report = import_pack(Arrived(io.BytesIO(first), most=10**9), really=True)
    # Whoever comes in is switched off, and then PostgreSQL shows them no case.
    with pgtrigger.ignore():
        User.objects.filter(email=person.email).update(is_active=True)
    second = pack_of(Partnership.objects.get(slug=world.partnership.slug), User.objects.get(email=person.email))

    before, after, wrong = rows_in(first), rows_in(second), []
    same = {label: {key: key for key in here.values()} for label, here in report.keys.items()}
    for (folder, label), rows in before.items():
        if label not in tables():
            continue
        is_event, table = folder == "history", tables()[label]
        if label == PEOPLE and not is_event:
            rows = [row | {"is_active": row["email"] == person.email} for row in rows]
        there = sorted(translated(row, table, same, is_event=is_event) for row in after.get((folder, label), []))
        if sorted(translated(row, table, report.keys, is_event=is_event) for row in rows) != there:
            wrong.append((folder, label))
    assert wrong == []
    assert documents_in(first) == documents_in(second)
    assert mail.outbox == []
    record(
        "T12",
        "{rows} rows and {events} entries of history of {tables} tables left, came in and left again the same",
        rows=report.rows.total(),
        events=report.events.total(),
        tables=sum(count > 0 for count in report.rows.values()),
    )
