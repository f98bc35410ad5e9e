"""Walking through the doors as one person, and keeping what was found there.

Whatever was done is undone, so that every door is found as the first was.
"""

import difflib
import re
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import time_machine
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from partnership import deadlines
from tests.guarantees.access_table import DOORS

# Drawn by lot for each page: against forged requests, and of a form that is to count once.
TOKEN = re.compile(rb"[A-Za-z0-9]{64}|[0-9a-f]{32}:[\w-]{43}")
# Pages whose every look draws another secret: a key for an app, a question to a passkey. And one that says how much
# room the database and the disk have left, which moves with whatever anybody does.
DRAWN_BY_LOT = {"partnership:app-add", "partnership:passkey-add", "partnership:operations"}
MORNING = datetime(2027, 1, 12, 10, 0, tzinfo=UTC)


def browser(world, role):
    client = Client(raise_request_exception=False)
    if world.people[role]:
        client.force_login(world.people[role])
    return client


def look(client, method, url, body=None):
    """The answer at ``url``; whatever was done is undone."""
    cookies = dict(client.cookies)
    with transaction.atomic():
        response = getattr(client, method)(url, body or {})
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(cookies)
    return response


class Counter:
    """How many questions the database was asked; it keeps no words, so it costs nothing."""

    count = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        return execute(sql, params, many, context)


def counted_look(client, method, url, body=None):
    """The answer at ``url`` and how many questions to the database it took."""
    asked = Counter()
    with connection.execute_wrapper(asked):
        response = look(client, method, url, body)
    return response, asked.count


def overheard(answer):
    """What ``answer()`` gives and what the database was asked meanwhile, without the values it was asked for."""
    asked = []

    def note(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        given = answer()
    return given, asked


def statements(client, url):
    """The answer, and what the database was asked for it."""
    response, asked = overheard(lambda: client.get(url))
    return response, without_savepoints(asked)


def without_savepoints(asked):
    return [sql for sql in asked if "SAVEPOINT" not in sql]


def found_in(response, count):
    """All that whoever asks could tell one answer from another by: status, headers, bytes, count of questions."""
    return response.status_code, dict(response.items()), content_of(response), count


def content_of(response):
    """The bytes without what is drawn by lot; of an Office file its parts, as it also says when it was packed."""
    content = TOKEN.sub(b"", b"".join(response))
    if not is_zipfile(BytesIO(content)):
        return content
    with ZipFile(BytesIO(content)) as package:
        return [(part.filename, part.CRC) for part in package.infolist()]


def everything(world, client, doors=DOORS):
    """Every address as this person finds it: {door: ``found_in`` its answer}."""
    with time_machine.travel(MORNING, tick=False):
        return {
            str(door): found_in(*counted_look(client, "get", reverse(door.name, kwargs=door.place(world))))
            for door in doors
            if door.name not in DRAWN_BY_LOT
        }


def differences(before, after):
    """The doors at which something else was found, or that were opened only once: {door: what is another there}."""
    return {
        door: what_differs(before.get(door), after.get(door))
        for door in {**before, **after}
        if before.get(door) != after.get(door)
    }


def what_differs(before, after):
    """In words, so that a failure says more than where."""
    if before is None or after is None:
        return "opened only once"
    if isinstance(before, str):
        return f"{before} → {after}"
    names = ("status", "headers", "content", "questions to the database")
    found = []
    for name, one, other in zip(names, before, after, strict=True):
        if one != other and isinstance(one, bytes) and isinstance(other, bytes):
            lines = difflib.unified_diff(
                *(part.decode(errors="replace").splitlines() for part in (one, other)), lineterm="", n=0
            )
            found.append("\n".join(lines))
        elif one != other:
            found.append(f"{name}: {one} → {other}")
    return "; ".join(found)[:2000]


def forget_sources():
    """What is due is put together again, as after a start: for a test that puts another source in a source's place."""
    deadlines._source.cache_clear()
    deadlines._together.cache_clear()
