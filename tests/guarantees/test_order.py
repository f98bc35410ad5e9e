"""T2: What stands in an order stands in the same one tomorrow: no list rests on how PostgreSQL happens to find rows.

A query that counts forgets its model's ordering, and rows that share a date have no order among them; PostgreSQL
mostly gives them as they were written, and one day otherwise. Here it is asked to shuffle whatever a query leaves
open.
"""

import re

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.urls import reverse

from tests.guarantees.access_table import DOORS
from tests.guarantees.figures import record
from tests.guarantees.walks import DRAWN_BY_LOT, MORNING, browser, content_of, look

pytestmark = [pytest.mark.django_db, pytest.mark.long]
LAST_WORDS = re.compile(r"( LIMIT \d+)?( OFFSET \d+)?( FOR [A-Z ]+.*)?$")


def shuffled(sql):
    """``sql`` with the order of what it leaves open drawn by lot, or None where it is no query of one table."""
    if not sql.lstrip().startswith("SELECT") or " UNION" in sql:
        return None
    last_words = LAST_WORDS.search(sql)
    words = sql[: last_words.start()]
    ordered = words.rpartition(" ORDER BY ")
    is_ordered = bool(ordered[1]) and ordered[2].count("(") == ordered[2].count(")")
    return f"{words}{', ' if is_ordered else ' ORDER BY '}random(){last_words.group()}"


class Shuffler:
    """Asks each query shuffled, and as it was where PostgreSQL refuses that (of what is DISTINCT)."""

    count = 0

    def __call__(self, execute, sql, params, many, context):
        other = None if many or not isinstance(sql, str) else shuffled(sql)
        if other is None or getattr(context["cursor"].cursor, "name", None):  # a cursor of the server's own
            return execute(sql, params, many, context)
        with connection.connection.cursor() as beside:
            beside.execute("SAVEPOINT shuffled")
            try:
                answer = execute(other, params, many, context)
            except DatabaseError:
                beside.execute("ROLLBACK TO SAVEPOINT shuffled")
                return execute(sql, params, many, context)
        self.count += 1
        return answer


def pages(world, client):
    with time_machine.travel(MORNING, tick=False):
        return {
            str(door): content_of(look(client, "get", reverse(door.name, kwargs=door.place(world)))) for door in DOORS
        }


def test_no_page_changes_with_the_order_in_which_rows_are_found(world):
    client, shuffler = browser(world, "office"), Shuffler()
    usual = pages(world, client)
    with connection.execute_wrapper(shuffler):
        found = pages(world, client)
    assert shuffler.count > 2 * len(usual)
    changed = [door for door, content in usual.items() if found[door] != content and door not in DRAWN_BY_LOT]
    assert changed == []
    record("T2", f"{len(usual)} pages with {shuffler.count:,} queries shuffled: 0 changed")


def test_control_what_leaves_its_order_open_would_be_seen():
    assert shuffled('SELECT "a" FROM "b"') == 'SELECT "a" FROM "b" ORDER BY random()'
    assert shuffled('SELECT "a" FROM "b" ORDER BY "a" LIMIT 5') == 'SELECT "a" FROM "b" ORDER BY "a", random() LIMIT 5'
    inner = 'SELECT "a", (SELECT 1 ORDER BY 1 LIMIT 1) FROM "b" LIMIT 5'
    assert shuffled(inner) == f"{inner.removesuffix(' LIMIT 5')} ORDER BY random() LIMIT 5"
    assert shuffled("UPDATE b SET a = 1") is None
