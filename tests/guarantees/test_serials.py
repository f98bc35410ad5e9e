"""T2, as if what is restricted had been there first: no number that it takes from a table is shown to others.

A case that was opened first would only show by a gap, where its rows draw the numbers that other rows bear on pages.
So each table here begins at a number of its own, every page of the office (who sees most, and no case) is read for
such numbers, and the tables that a case draws from are found by adding cases. Cases and all that comes of them
are addressed by keys drawn by lot, so of what is shown only meetings are left, with their items and actions, and the
pauses of reminders.

Those are out of scope, and this is why: they number the meetings of all groups of all partnerships of an installation
together. A gap says that somewhere some group planned a meeting; that case review groups meet is no secret, and which
meeting is about which case stands nowhere. Anybody may pause any reminder of theirs, so a gap among pauses says as
little. Numbers inside signed words (what a form has seen) are not looked for:
they say no more than the address of the page. What the page itself is called (its address) is not a leak of its own.

The quick half reads every fourth page, and those of meetings and of what is due; the whole one all that the office may
open.
"""

import re

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from tests.factories import AgendaItemFactory, MeetingActionFactory
from tests.guarantees.access_table import DOORS
from tests.guarantees.doors import OK
from tests.guarantees.quick_half import one_in
from tests.guarantees.restricted import more_restricted
from tests.guarantees.walks import MORNING, browser, look
from tests.ownership import as_owner

pytestmark = pytest.mark.django_db

FIRST, APART = 10_000_000, 10_000  # of a table's numbers: eight figures, which nothing else on a page has
NUMBER = re.compile(rb"(?<!\d)\d{8}(?!\d)")
MEETINGS = re.compile("meeting|deadline|remind")
SERIALS = """
    SELECT its_table.relname, its_sequence.oid::regclass::text
    FROM pg_class AS its_sequence
    JOIN pg_depend AS owned ON owned.objid = its_sequence.oid AND owned.deptype IN ('a', 'i')
        AND owned.classid = 'pg_class'::regclass AND owned.refclassid = 'pg_class'::regclass
    JOIN pg_class AS its_table ON its_table.oid = owned.refobjid
    WHERE its_sequence.relkind = 'S' AND its_table.relnamespace = 'public'::regnamespace
    ORDER BY its_table.relname
"""
SHARED = {
    "partnership_meeting",
    "partnership_agendaitem",
    "partnership_meetingaction",
    "partnership_reminderpause",
}


def last_numbers():
    """{table: (its sequence, the last number drawn from it)}"""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(SERIALS)
        found = cursor.fetchall()
        numbers = {}
        for table, sequence in found:
            cursor.execute(f"SELECT last_value FROM {sequence}")  # noqa: S608 the database's own word
            numbers[table] = sequence, cursor.fetchone()[0]
    return numbers


def draw_from(numbers):
    """Let each (sequence, number) go on after that number."""
    with as_owner(), connection.cursor() as cursor:
        cursor.executemany("SELECT setval(%s, %s)", list(numbers))


@pytest.fixture
def begins(db):
    """{table: the number after which it begins}. A sequence is not rolled back, so it is put back."""
    before = last_numbers()
    begins = {table: FIRST + APART * place for place, table in enumerate(before)}
    draw_from((sequence, begins[table]) for table, (sequence, _last) in before.items())
    yield begins
    draw_from(before.values())


@pytest.fixture
def numbered_world(begins, request):
    """The world, made after its tables have begun at their own numbers."""
    return request.getfixturevalue("world")


def shown_to(world, role, begins, doors=DOORS):
    """{table: those of ``doors`` behind which this role reads numbers of its rows}"""
    tables = {number // APART: table for table, number in begins.items()}
    client, shown = browser(world, role), {}
    with time_machine.travel(MORNING, tick=False):
        for door in doors:
            url = reverse(door.name, kwargs=door.place(world))
            response = look(client, "get", url)
            if response.status_code != 200:
                continue
            words = b"".join(response).replace(url.encode(), b"") + str(dict(response.items())).encode()
            for number in {int(each) for each in NUMBER.findall(words)}:
                table = tables.get(number // APART)
                if table and number > begins[table]:
                    shown.setdefault(table, set()).add(str(door))
    return shown


def drawn_by_cases(world):
    """The tables from which five cases, and what their group does about them, draw numbers."""
    before = last_numbers()
    more_restricted(world)
    meeting = world.case_meeting
    AgendaItemFactory(meeting=meeting, group=meeting.group)
    MeetingActionFactory(meeting=meeting, group=meeting.group)
    return {table for table, number in last_numbers().items() if number != before[table]}


def is_of_quick_half(door):
    return door.get["office"] == OK and (bool(MEETINGS.search(door.name)) or one_in(4, "numbers", door))


def test_no_number_that_a_case_draws_is_shown_but_those_of_meetings(numbered_world, begins, is_whole_run):
    opened = [door for door in DOORS if is_whole_run or is_of_quick_half(door)]
    shown = shown_to(numbered_world, "office", begins, opened)
    drawn = drawn_by_cases(numbered_world)
    assert {table: doors for table, doors in shown.items() if table in drawn - SHARED} == {}
    # Its control: the one that is left is found by the same means.
    assert shown.keys() & drawn & SHARED == SHARED
