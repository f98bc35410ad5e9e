"""T10: each change stands in the history with who made it, or which task, in which request, when, and what was before.

Every form that somebody may send is sent by somebody who may, and what the history says of it is read.
"""

import json
import uuid

import pytest
from django.db import connection, transaction
from django.urls import reverse

from partnership.middleware import HistoryContext
from tests.guarantees.access_table import DOORS
from tests.guarantees.doors import MOVED, OK, ROLES
from tests.guarantees.figures import record
from tests.guarantees.histories import histories
from tests.guarantees.test_history_is_complete import last_events
from tests.guarantees.walks import browser

pytestmark = pytest.mark.django_db

LACKS = """
    SELECT '{table}', told.pgh_id, told.pgh_created_at IS NULL, context.metadata,
        told.pgh_label <> 'insert' AND NOT EXISTS (
            SELECT FROM {table} AS earlier WHERE earlier."{key}" = told."{key}" AND earlier.pgh_id < told.pgh_id)
    FROM {table} AS told LEFT JOIN pghistory_context AS context ON context.id = told.pgh_context_id
    WHERE told.pgh_id > %s
"""


def told_since(before):
    """[(table, number, whether its moment is missing, what its context says, whether what was before is missing)]."""
    now, found = last_events(), []
    for events in histories().values():
        table = events._meta.db_table
        if now[table] > before[table]:
            key = events.pgh_tracked_model._meta.pk.column
            with connection.cursor() as cursor:
                cursor.execute(LACKS.format(table=table, key=key), [before[table]])
                found += cursor.fetchall()
    return found


def faults_of(rows, person):
    """What is missing from these, said by ``person`` (None: nobody who signed in)."""
    for table, number, has_no_moment, context, has_no_before in rows:
        context = json.loads(context) if isinstance(context, str) else context or {}
        if has_no_moment:
            yield f"{table} {number}: no moment"
        if has_no_before:
            yield f"{table} {number}: nothing of what was before"
        if not (context.get("path") or context.get("task") or context.get("user")):
            yield f"{table} {number}: neither a person nor a page nor a task"
        if person and not context.get("task") and context.get("user") != person.pk:
            yield f"{table} {number}: by {context.get('user')}, not {person.pk}"
        if not is_id(context.get("request")):
            yield f"{table} {number}: no request"


def is_id(text):
    try:
        return bool(uuid.UUID(text or ""))
    except ValueError:
        return False


def sent(world, *, every=1):
    """(what the history lacks, how many changes it tells of, of how many forms)."""
    lacks, told, forms = [], 0, 0
    doors = [door for door in DOORS if {OK, MOVED} & set(door.post.values())]
    for door in doors[::every]:
        role = next(role for role in ROLES if door.post[role] in {OK, MOVED})
        client = browser(world, role)
        with transaction.atomic():
            before = last_events()
            client.post(reverse(door.name, kwargs=door.place(world)), door.body(world))
            rows = told_since(before)
            lacks += [f"{door} as {role}: {fault}" for fault in faults_of(rows, world.people[role])]
            told, forms = told + len(rows), forms + bool(rows)
            transaction.set_rollback(True)
    return lacks, told, forms


def test_of_every_tenth_form_the_history_says_who_and_when_and_in_which_request(world):
    lacks, told, _forms = sent(world, every=10)
    assert lacks == []
    assert told > 10


@pytest.mark.long
def test_of_every_form_the_history_says_who_and_when_and_in_which_request(world):
    lacks, told, forms = sent(world)
    record(
        "T10",
        "{told:,} changes by {forms} forms: {lacking} without who made them, their request, their moment or what was "
        "there before",
        told=told,
        forms=forms,
        lacking=len(lacks),
    )
    assert lacks == []


def test_without_its_context_a_change_is_nobodys(world, monkeypatch):
    """The control: the middleware that tells the database looks away."""
    monkeypatch.setattr(HistoryContext, "__call__", lambda self, request: self.get_response(request))
    lacks, told, _forms = sent(world, every=40)
    assert len(lacks) >= told > 0
