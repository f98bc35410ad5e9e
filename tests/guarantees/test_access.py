"""T1, T3: every address, opened by everyone: the table of ``access_table.py`` is kept to the letter.

And what is hidden from somebody changes no byte that they can fetch: in ``test_non_interference.py`` is what shows it
to those who may see it. Nor is it told apart from what never was. All of it is asked in one walk through the doors, as
that takes most of the time of all tests. Beside each refusal stands its control: a door left open is found.

With every change runs the quick half (``quick_half.py``): everyone knocks at every door that is closed to them, and
each that opens is opened by a few of those who may. All the others who may are left to ``./run guarantees``.
"""

import uuid
from functools import cache, partial

import pytest
import rules
import time_machine
from django.db import connection
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver

from reviews.models.cases import CaseQuerySet
from tests.guarantees.access_table import DOORS
from tests.guarantees.doors import GONE, INVALID, LOGIN, METHOD, MOVED, OK, REFUSED, ROLES
from tests.guarantees.figures import record
from tests.guarantees.headers import HEADERS, HEADERS_OF, faults_of
from tests.guarantees.hidden import HIDDEN_FROM, more_of_everything
from tests.guarantees.quick_half import DENIED, is_asked, one_in
from tests.guarantees.walks import (
    DRAWN_BY_LOT,
    MORNING,
    browser,
    differences,
    everything,
    found_in,
    look,
    overheard,
    without_savepoints,
)

# Of a record that one may see, or by a link that one was given: nothing is hidden.
NOTHING_THERE = {
    "without one",
    "of no partner",
    "not in the sample",
    "without standards",
    "the first edition",
    "that is not joined",
    "an old link",
    "of another practitioner",
    "of a place that waits",
    "of a place at an event that was held",
    "by a manager’s link",
    "a manager’s link",
    "no manager is asked",
    "of no such stage",
    "nothing is given",
}
STATUSES = {200: OK, 403: REFUSED, 404: GONE, 405: METHOD, 422: INVALID}
SIGN_IN = reverse("partnership:sign-in")

pytestmark = pytest.mark.django_db


def names_in(resolver, namespace=""):
    """The full name of every address under ``resolver``."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names_in(pattern, inner)
        else:
            yield f"{namespace}{pattern.name}"


def answer_of(response):
    if response.status_code in {301, 302}:
        return LOGIN if response.url.startswith(SIGN_IN) else MOVED
    return STATUSES.get(response.status_code, str(response.status_code))


@cache
def tables():
    """The numbers of all our tables, looked up once: PostgreSQL's own list is ten times as long."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(oid)::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        return cursor.fetchone()[0]


def rows_written():
    """How many rows this transaction has touched so far, by whatever way and also if undone.

    By the functions beneath the view pg_stat_xact_user_tables, which adds up every index as well.
    """
    of_tables = tables()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)"
            " + pg_stat_get_xact_tuples_deleted(oid)), 0) FROM unnest(%s::oid[]) AS oid",
            [of_tables],
        )
        return cursor.fetchone()[0]


def knock(client, method, url, body=None):
    """The answer at ``url`` and how many rows were written; whatever was done is undone."""
    before = rows_written()
    response = look(client, method, url, body)
    return response, rows_written() - before


def everything_is_asked(door, method, role):
    return True


def cells(world, client, role, doors=DOORS, asks=everything_is_asked):
    """(door, method, what is expected, what was got, the answer, the questions for it) for each cell of the table.

    For those that ``asks(door, method, role)`` takes.
    """
    before = rows_written()
    for door in doors:
        url = reverse(door.name, kwargs=door.place(world))
        for method, expected in (("get", door.get[role]), ("post", door.post[role])):
            if not asks(door, method, role):
                continue
            body = {"csrfmiddlewaretoken": "", **door.body(world)} if method == "post" else None
            response, asked = overheard(partial(look, client, method, url, body))
            now = rows_written()
            got = answer_of(response)
            if got in DENIED and now > before:
                got = f"{got} and {now - before} rows written"
            before = now
            yield door, method, expected, got, response, asked


def wrong_cells(world, role, doors=DOORS, client=None):
    """A line ``role url method expected got`` for each cell that is not as the table says.

    ``client`` is somebody else, who should get the very same.
    """
    return [
        f"{role} {door} {method.upper()} {expected} {got}"
        for door, method, expected, got, _response, _asked in cells(world, client or browser(world, role), role, doors)
        if got != expected
    ]


def test_every_address_has_a_row_and_every_row_an_address():
    addresses = set(names_in(get_resolver()))
    rows = {door.name for door in DOORS}
    assert {"without a row": addresses - rows, "without an address": rows - addresses} == {
        "without a row": set(),
        "without an address": set(),
    }


@pytest.mark.parametrize("role", ROLES)
def test_everyone_gets_what_the_table_says_and_no_word_of_what_is_hidden(world, colleague, is_whole_run, role):
    """Every page that is opened carries the headers that protect its reader; and more that is hidden changes none.

    What is hidden cannot be told apart from what is not there: the same bytes, headers and questions to the database.
    In the quick half both worlds are compared at what was opened, and at few of the doors that are closed in both; and
    a third of what is hidden is held beside what is not there.
    """
    client, asks = browser(world, role), everything_is_asked if is_whole_run else is_asked
    wrong, bare, found, hidden, asked_count, refused = [], [], {}, [], 0, 0
    with time_machine.travel(MORNING, tick=False):
        for door, method, expected, got, response, asked in cells(world, client, role, asks=asks):
            asked_count += 1
            refused += got in DENIED
            if got != expected:
                wrong.append(f"{role} {door} {method.upper()} {expected} {got}")
            if method == "get":
                headers = HEADERS | HEADERS_OF.get(door.name, {})
                faults = faults_of(response, is_private=role != "anonymous", headers=headers)
                bare += [f"{role} {door}: {fault}" for fault in faults]
                if role in HIDDEN_FROM and door.name not in DRAWN_BY_LOT and is_compared(door, role, got, is_whole_run):
                    found[str(door)] = found_in(response, len(asked))
                if is_hidden(door, world, role) and (is_whole_run or one_in(3, "told apart", door, role)):
                    hidden.append((door, all_that_tells(response, asked)))
        apart = told_apart(world, client, hidden)
    print(*wrong, *bare, *apart, sep="\n")
    assert {"not as in the table": wrong, "without their headers": bare, "told apart": apart} == {
        "not as in the table": [],
        "without their headers": [],
        "told apart": [],
    }
    record(
        "T1",
        "GET and POST: {cells:,} cells, {wrong} wrong, {broken} server errors; {refused:,} refused, {rows} rows by it",
        cells=asked_count,
        wrong=0,
        broken=0,
        refused=refused,
        rows=0,
    )
    record("T3", "{pairs:,} hidden records beside absent ones, {different} told apart", pairs=len(hidden), different=0)
    if role in HIDDEN_FROM:
        more_of_everything(world, colleague=colleague)
        doors = [door for door in DOORS if str(door) in found]
        assert differences(found, everything(world, client, doors)) == {}
        record("T2", "{pages:,} addresses in both worlds, {different} different", pages=len(found), different=0)


def is_compared(door, role, got, is_whole_run):
    """Whether this door is looked at in both worlds: in the quick half few of those that stay closed."""
    return is_whole_run or got not in DENIED or one_in(8, door, role)


def absent(kwargs):
    """Arguments of the same kinds that lead to nothing; what only says where to look stays."""
    is_of_one = {"pk", "key", "version", "mark"} & set(kwargs)
    where = {"model", "slug", "kind", "cell", "resource"} if is_of_one else set()
    return {name: value if name in where else nothing_like(value) for name, value in kwargs.items()}


def nothing_like(value):
    if isinstance(value, int):
        return 999_999_999
    try:
        uuid.UUID(str(value))
    except ValueError:
        kind, colon, _key = str(value).rpartition(":")  # which kind a deadline is of says only where to look
        return f"{kind}{colon}999999999"
    return uuid.UUID(int=0)


# One of each kind: what is not there is looked for in the same way for all who may as much.
KINDS_OF_ROLE = ["anonymous", "office", "lead", "advisor", "administrator", "stranger"]


@pytest.mark.parametrize("role", KINDS_OF_ROLE)
def test_what_is_not_there_is_gone_for_everyone(world, role):
    """Behind the doors that are not hidden from them anyway: those come next."""
    client = browser(world, role)
    found = {}
    for door in DOORS:
        if not door.place(world) or door.get[role] == GONE:
            continue
        url = reverse(door.name, kwargs=absent(door.place(world)))
        if url not in found:
            found[url] = answer_of(look(client, "get", url))
        expected = door.get[role] if door.get[role] in {LOGIN, METHOD} else GONE
        assert (str(door), found[url]) == (str(door), expected)


def is_hidden(door, world, role):
    """Whether behind ``door`` is a record of which ``role`` may not know.

    Whose posts have ended stands where somebody stands whose seat has; the public is sent to sign in.
    """
    if role in {"anonymous", "leaver"} or door.get[role] != GONE:
        return False
    return bool(door.place(world)) and door.situation not in NOTHING_THERE


def all_that_tells(response, asked):
    return {
        "status": response.status_code,
        "bytes": response.content,
        "headers": dict(response.items()),
        "questions": without_savepoints(asked),
    }


def told_apart(world, client, hidden):
    """A line for whatever differs between what is hidden ([(door, all that tells)]) and what never was."""
    found, absences = [], {}
    for door, one in hidden:
        nowhere = reverse(door.name, kwargs=absent(door.place(world)))
        if nowhere not in absences:
            absences[nowhere] = all_that_tells(*overheard(partial(look, client, "get", nowhere)))
        other = absences[nowhere]
        found += [f"{door}: other {name}" for name in one if name != "questions" and one[name] != other[name]]
        found += [f"{door}: {sql}" for sql in set(one["questions"]) ^ set(other["questions"])]
        if one["questions"] != other["questions"]:
            found.append(f"{door}: {len(one['questions'])} questions and {len(other['questions'])}")
    return found


# Controls: with a guard off, the same test finds the open door.


def test_a_predicate_left_open_is_found(world, monkeypatch):
    monkeypatch.setitem(rules.permissions.permissions, "plans.propose_priorityreview", rules.always_true)
    doors = [door for door in DOORS if door.name == "plans:review-propose"]
    assert wrong_cells(world, "chair", doors) == [
        "chair plans:review-propose GET REFUSED OK",
        "chair plans:review-propose POST REFUSED INVALID",
    ]


def test_a_queryset_left_open_is_found(world, pages_alone, monkeypatch):
    monkeypatch.setattr(CaseQuerySet, "visible_to", lambda queryset, user: queryset)
    doors = [door for door in DOORS if door.name == "reviews:case-detail"]
    assert wrong_cells(world, "office", doors) == [
        "office reviews:case-detail GET GONE REFUSED",
    ]


def test_what_is_told_apart_is_found(world, pages_alone, monkeypatch):
    client = browser(world, "office")
    [door] = [door for door in DOORS if door.name == "reviews:case-detail" and is_hidden(door, world, "office")]
    url = reverse(door.name, kwargs=door.place(world))
    hidden = [(door, all_that_tells(*overheard(partial(look, client, "get", url))))]
    assert told_apart(world, client, hidden) == []
    monkeypatch.setattr(CaseQuerySet, "visible_to", lambda queryset, user: queryset)
    refused = [(door, all_that_tells(*overheard(partial(look, client, "get", url))))]
    found = [line for line in told_apart(world, client, refused) if "SELECT" not in line]
    assert found[:2] == ["reviews:case-detail: other status", "reviews:case-detail: other bytes"]


def test_a_refusal_that_writes_is_found(world, monkeypatch):
    def visible_to(queryset, user):
        world.event.course.save()
        return queryset.none()

    monkeypatch.setattr(CaseQuerySet, "visible_to", visible_to)
    doors = [door for door in DOORS if door.name == "reviews:case-detail"]
    assert wrong_cells(world, "office", doors) == [
        "office reviews:case-detail GET GONE GONE and 1 rows written",
    ]
