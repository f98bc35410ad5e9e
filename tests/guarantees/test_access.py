"""T1, T3: every address, opened by everyone: the table of ``access_table.py`` is kept to the letter.

And what is hidden from somebody changes no byte that they can fetch: in ``test_non_interference.py`` is what shows it
to those who may see it. Beside each refusal stands its control: a door left open is found.
"""

import uuid

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
from tests.guarantees.walks import DRAWN_BY_LOT, MORNING, browser, counted_look, differences, everything, found_in, look

DENIED = {LOGIN, GONE, REFUSED, METHOD}
# Of a record that one may see, or by a link that one was given: nothing is hidden.
NOTHING_THERE = {
    "without one",
    "of no partner",
    "not in the sample",
    "without standards",
    "the first edition",
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


def rows_written():
    """How many rows this transaction has touched so far, by whatever way and also if undone.

    By the functions beneath the view pg_stat_xact_user_tables, which adds up every index as well.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)"
            " + pg_stat_get_xact_tuples_deleted(oid)), 0)"
            " FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        return cursor.fetchone()[0]


def knock(client, method, url, body=None):
    """The answer at ``url`` and how many rows were written; whatever was done is undone."""
    before = rows_written()
    response = look(client, method, url, body)
    return response, rows_written() - before


def cells(world, client, role, doors=DOORS):
    """(door, method, what is expected, what was got, the answer, its questions) for each cell of the table."""
    before = rows_written()
    for door in doors:
        url = reverse(door.name, kwargs=door.place(world))
        for method, expected in (("get", door.get[role]), ("post", door.post[role])):
            body = {"csrfmiddlewaretoken": "", **door.body(world)} if method == "post" else None
            response, count = counted_look(client, method, url, body)
            now = rows_written()
            got = answer_of(response)
            if got in DENIED and now > before:
                got = f"{got} and {now - before} rows written"
            before = now
            yield door, method, expected, got, response, count


def wrong_cells(world, role, doors=DOORS, client=None):
    """A line ``role url method expected got`` for each cell that is not as the table says.

    ``client`` is somebody else, who should get the very same.
    """
    return [
        f"{role} {door} {method.upper()} {expected} {got}"
        for door, method, expected, got, _response, _count in cells(world, client or browser(world, role), role, doors)
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
def test_everyone_gets_what_the_table_says_and_no_word_of_what_is_hidden(world, colleague, role):
    """Every page that is opened carries the headers that protect its reader; and more that is hidden changes none."""
    client = browser(world, role)
    wrong, bare, found, refused = [], [], {}, 0
    with time_machine.travel(MORNING, tick=False):
        for door, method, expected, got, response, count in cells(world, client, role):
            refused += got in DENIED
            if got != expected:
                wrong.append(f"{role} {door} {method.upper()} {expected} {got}")
            if method == "get":
                headers = HEADERS | HEADERS_OF.get(door.name, {})
                faults = faults_of(response, is_private=role != "anonymous", headers=headers)
                bare += [f"{role} {door}: {fault}" for fault in faults]
                if role in HIDDEN_FROM and door.name not in DRAWN_BY_LOT:
                    found[str(door)] = found_in(response, count)
    print(*wrong, *bare, sep="\n")
    assert {"not as in the table": wrong, "without their headers": bare} == {
        "not as in the table": [],
        "without their headers": [],
    }
    record(
        "T1",
        "GET and POST: {cells:,} cells, {wrong} wrong, {broken} server errors; {refused:,} refused, {rows} rows by it",
        cells=2 * len(DOORS),
        wrong=0,
        broken=0,
        refused=refused,
        rows=0,
    )
    if role in HIDDEN_FROM:
        more_of_everything(world, colleague=colleague)
        assert differences(found, everything(world, client)) == {}
        record("T2", "{pages:,} addresses in both worlds, {different} different", pages=len(found), different=0)


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


def statements(client, url):
    """The answer, and what the database was asked, without the values it was asked for."""
    asked = []

    def note(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        response = client.get(url)
    return response, [sql for sql in asked if "SAVEPOINT" not in sql]


# Whose posts have ended stands where somebody stands whose seat has.
@pytest.mark.parametrize("role", [role for role in ROLES if role not in {"anonymous", "leaver"}])
def test_hidden_and_absent_cannot_be_told_apart(world, role):
    """The same bytes, headers and questions to the database: no answer says that it exists."""
    client = browser(world, role)
    client.get(reverse("partnership:help"))
    found, absences, pairs = [], {}, 0
    for door in DOORS:
        if door.get[role] != GONE or not door.place(world) or door.situation in NOTHING_THERE:
            continue
        hidden, hidden_sql = statements(client, reverse(door.name, kwargs=door.place(world)))
        nowhere = reverse(door.name, kwargs=absent(door.place(world)))
        if nowhere not in absences:
            absences[nowhere] = statements(client, nowhere)
        gone, gone_sql = absences[nowhere]
        pairs += 1
        if [hidden.status_code, gone.status_code] != [404, 404]:
            found.append(f"{door}: {hidden.status_code} and {gone.status_code}")
        if hidden.content != gone.content:
            found.append(f"{door}: other bytes")
        if dict(hidden.items()) != dict(gone.items()):
            found.append(f"{door}: other headers")
        if hidden_sql != gone_sql:
            found += [f"{door}: {sql}" for sql in set(hidden_sql) ^ set(gone_sql)]
    assert found == [], sorted({each.partition(": ")[0] for each in found})
    record("T3", "{pairs:,} hidden records beside absent ones, {different} told apart", pairs=pairs, different=0)


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


def test_a_refusal_that_writes_is_found(world, monkeypatch):
    def visible_to(queryset, user):
        world.event.course.save()
        return queryset.none()

    monkeypatch.setattr(CaseQuerySet, "visible_to", visible_to)
    doors = [door for door in DOORS if door.name == "reviews:case-detail"]
    assert wrong_cells(world, "office", doors) == [
        "office reviews:case-detail GET GONE GONE and 1 rows written",
    ]
