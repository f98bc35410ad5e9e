"""T1: the other five methods, and people who are nobody: each address answers by a rule, which no table need say.

``test_access.py`` opens every door by GET and POST. HEAD is answered as GET is; PUT, PATCH, DELETE and OPTIONS are
refused everywhere, by 405, before anything is looked up.

With every change runs the quick half: each address by one of the four, and HEAD and somebody switched off at every
fourth door. The long tests leave out no method, no role and no door.
"""

import pytest
import time_machine
from django.db import connection
from django.urls import get_resolver, reverse

from partnership.models import GroupMember
from tests.conftest import hold
from tests.guarantees.access_table import DOORS
from tests.guarantees.doors import METHOD, ROLES
from tests.guarantees.figures import record
from tests.guarantees.quick_half import by_lot, one_in
from tests.guarantees.test_access import answer_of, names_in, rows_written, wrong_cells
from tests.guarantees.walks import MORNING, Counter, browser, content_of, look

pytestmark = pytest.mark.django_db

OTHERS = ["put", "patch", "delete", "options"]
OTHERS_SAID = (
    "PUT, PATCH, DELETE, OPTIONS: {looks:,} looks, {wrong} wrong, {rows} rows written, {asked} questions asked"
)
SIGN_IN = "partnership:sign-in"
FEW_METHODS = "partnership.middleware.FewMethods"


def addresses(world):
    """{name: its address in the world}, one of each."""
    return {door.name: reverse(door.name, kwargs=door.place(world)) for door in DOORS}


def one_of_the_others(name, role):
    return [OTHERS[by_lot(name, role) % len(OTHERS)]]


def by_other_methods(world, role, methods_for=lambda name, role: OTHERS):
    """A line ``role url method got`` for each that is not refused; and how much was looked at, asked and written."""
    client, found, wrong, asked, looks = browser(world, role), addresses(world), [], Counter(), 0
    before = rows_written()
    with connection.execute_wrapper(asked):
        for name, url in found.items():
            for method in methods_for(name, role):
                response = getattr(client, method)(url)
                looks += 1
                if (answer_of(response), response.get("Allow")) != (METHOD, "GET, HEAD, POST"):
                    wrong.append(f"{role} {name} {method.upper()} {answer_of(response)}")
    return wrong, {"looks": looks, "wrong": len(wrong), "rows": int(rows_written() - before), "asked": asked.count}


@pytest.mark.parametrize("role", ["anonymous", "office"])
def test_no_other_method_reaches_anything(world, role):
    """Who asks makes no difference, as nobody is looked up: the long run asks as everybody else, by all four."""
    wrong, counts = by_other_methods(world, role, one_of_the_others)
    assert (wrong, counts) == ([], counts | {"wrong": 0, "rows": 0, "asked": 0})
    assert counts["looks"] > 750
    record("T1", OTHERS_SAID, **counts)


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_no_other_method_reaches_anything_for_any_role(world, role):
    wrong, counts = by_other_methods(world, role)
    assert (wrong, counts) == ([], counts | {"wrong": 0, "rows": 0, "asked": 0})
    record("T1", OTHERS_SAID, **counts)


def test_without_its_guard_other_methods_reach_something(world, settings):
    """The control: Django’s own views of forms take PUT, and who asks is looked up."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != FEW_METHODS]
    wrong, counts = by_other_methods(world, "anonymous", lambda name, role: ["put"] if name == SIGN_IN else [])
    [answer] = [line.rpartition(" ")[2] for line in wrong if f"{SIGN_IN} PUT" in line]
    assert answer != METHOD
    assert counts["asked"] > 0


def every_fourth(words):
    """Doors of the quick half, others for other ``words``."""
    return [door for door in DOORS if one_in(4, words, door)]


# HEAD


def heads(world, roles_of, doors=DOORS):
    """A line for each door at which HEAD is answered otherwise than GET, and how many were tried."""
    wrong, looks, browsers = [], 0, {role: browser(world, role) for role in ROLES}
    with time_machine.travel(MORNING, tick=False):
        for door in doors:
            url = reverse(door.name, kwargs=door.place(world))
            for role in roles_of(door):
                before = rows_written()
                response = look(browsers[role], "head", url)
                written = rows_written() - before
                looks += 1
                expected = door.get[role]
                got = answer_of(response)
                content = content_of(response)
                if got != expected or content or (written and got in {"GONE", "REFUSED", METHOD, "LOGIN"}):
                    wrong.append(f"{role} {door} HEAD {expected} {got}, {len(content)} bytes, {written} rows")
    return wrong, looks


def one_of_each_answer(door):
    """One role for each answer that this door gives."""
    return {answer: role for role, answer in door.get.items() if role in ROLES}.values()


def one_answer_of(door):
    """A role that is refused, if any is: which one differs from door to door."""
    refused = [role for role, answer in door.get.items() if answer in {"GONE", "REFUSED"} and role in ROLES]
    return refused[len(door.name) % len(refused) :][:1] if refused else []


def test_head_is_refused_where_get_is(world):
    wrong, looks = heads(world, one_answer_of, every_fourth("HEAD"))
    assert wrong == []
    record("T1", "HEAD: {looks:,} looks, {wrong} wrong", looks=looks, wrong=0)


@pytest.mark.long
def test_head_is_answered_as_get_is(world):
    wrong, looks = heads(world, one_of_each_answer)
    assert wrong == []
    record("T1", "HEAD: {looks:,} looks, {wrong} wrong", looks=looks, wrong=0)


# Two who are nobody


def test_an_account_that_was_switched_off_is_nobody(world, is_whole_run):
    """It gets what the public gets, at every address, though its browser is still signed in."""
    person = world.people["office"]
    client = browser(world, "office")
    person.is_active = False
    person.save()
    doors = DOORS if is_whole_run else every_fourth("switched off")
    wrong = wrong_cells(world, "anonymous", doors, client=client)
    assert wrong == []
    record("T1", "Somebody switched off: {cells:,} cells as the public’s, {wrong} wrong", cells=2 * len(doors), wrong=0)


def test_an_observer_of_the_case_review_group_is_told_nothing_of_a_case(world):
    """At every address about cases they get what a partner elsewhere gets, who sits in no such group."""
    group = world.case_meeting.group
    world.people["observer"] = hold(
        "Petra Lowe", "Observer from the fire service", group=group, role=GroupMember.Role.OBSERVER
    )
    doors = [door for door in DOORS if door.name.startswith("reviews:")]
    wrong = wrong_cells(world, "scrutiny_chair", doors, client=browser(world, "observer"))
    assert wrong == []
    record("T1", "An observer: {cells:,} cells about cases, {wrong} wrong", cells=2 * len(doors), wrong=0)


# What the table covers


def cases_of(door, role):
    """Which kinds of record this cell is about."""
    about = f"{door.name} {door.situation}"
    if door.name.startswith("reviews:") or "of a case" in about or "canary" in about:
        yield "restricted"
    if "not published" in about or "draft" in about:
        yield "draft"
    elif "published" in about or "public" in about:
        yield "published"
    if role == "stranger":
        yield "other partnership"
    elif role == "other_partner":
        yield "other agency"
    elif door.get[role] == "OK" or door.post[role] in {"OK", "MOVED", "INVALID"}:
        yield "own"


def test_the_table_is_of_every_address_by_fifteen_roles_and_all_kinds_of_records():
    counts = {}
    for door in DOORS:
        for role in ROLES:
            for kind in cases_of(door, role):
                counts[kind] = counts.get(kind, 0) + 2
    assert len(ROLES) >= 15
    assert set(counts) == {"own", "other agency", "other partnership", "restricted", "draft", "published"}
    assert min(counts.values()) > 1000
    addresses = len(set(names_in(get_resolver())))
    record(
        "T1",
        "{addresses} addresses, {situations} situations, {roles} roles and two who are nobody, 7 methods",
        addresses=addresses,
        situations=len(DOORS),
        roles=len(ROLES),
    )
