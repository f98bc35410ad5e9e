"""T2: five cases more, and nothing changes for anybody outside their group. Then the same with a fault in it.

The pages alone must hold: the policies of PostgreSQL, which would hide what a page forgets, are switched off here
(``test_row_security.py`` asks them alone). Each mutant is one fault that somebody could make; all must be found. How
many of them the policies alone would have stopped is counted beside it.
"""

from datetime import date

import pytest
import time_machine
from django.db import transaction

from partnership.reminders.loop import send_reminders
from partnership.row_security import ReaderOfRows
from tests.guarantees.access_table import DOORS
from tests.guarantees.doors import OK
from tests.guarantees.figures import record
from tests.guarantees.hidden import HIDDEN_FROM
from tests.guarantees.mutants import CASES, FEEDS, FORMS, MAILS
from tests.guarantees.quick_half import one_in
from tests.guarantees.restricted import CANARY, more_restricted
from tests.guarantees.twins import (
    CSV,
    DAYS,
    EXCEL,
    FEW_FORMS,
    doors_with_errors,
    every_query,
    feeds_of,
    mails_of,
    one_query,
    pages,
    wrong_posts,
)
from tests.guarantees.walks import DRAWN_BY_LOT, MORNING, browser, differences, forget_sources

READ_ROWS = ReaderOfRows.__call__  # as it is where ``pages_alone`` does not put another in its place
SIGNED_IN = [role for role in HIDDEN_FROM if role != "anonymous"]
FEW = ["office", "other_partner"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_alone")]


def few_or_long(roles):
    """``roles``, of which all but the FEW are for the long run."""
    return [role if role in FEW else pytest.param(role, marks=pytest.mark.long) for role in roles]


@pytest.mark.parametrize("role", few_or_long(SIGNED_IN))
def test_no_search_and_no_spreadsheet_shows_a_case(world, is_whole_run, role):
    """Every page of every role is compared in ``test_access.py``; here what a list is asked for besides."""
    lists = [door for door in DOORS if door.name.endswith("-list")]
    asked = [CSV, EXCEL], every_query if is_whole_run else one_query
    client = browser(world, role)
    before = pages(world, client, lists, *asked)
    more_restricted(world)
    after = pages(world, client, lists, *asked)
    assert differences(before, after) == {}
    shown = [door for door, (_, _, content, _) in after.items() if CANARY in str(content) and CANARY not in door]
    assert shown == []
    record(
        "T2", "{lists:,} searches and spreadsheets in both worlds, {different} different", lists=len(after), different=0
    )


@pytest.mark.parametrize("role", few_or_long(SIGNED_IN))
def test_no_error_on_a_form_tells_of_a_case(world, is_whole_run, role):
    """That a name is taken, that something is still used, what may be chosen."""
    doors = doors_with_errors(role, FEW_FORMS if is_whole_run else 12)
    client = browser(world, role)
    before = wrong_posts(world, client, doors)
    more_restricted(world)
    assert len(before) >= 20
    assert differences(before, wrong_posts(world, client, doors)) == {}
    record("T2", "{forms} forms with errors in both worlds, {different} different", forms=len(before), different=0)


def test_the_group_itself_sees_them(world):
    doors = [door for door in DOORS if door.get["case_group_member"] == OK and door.name.startswith("reviews:")]
    client = browser(world, "case_group_member")
    before = pages(world, client, doors)
    more_restricted(world)
    changed = {door.split(" ")[0].split("?")[0] for door in differences(before, pages(world, client, doors))}
    assert {
        "reviews:case-list",
        "reviews:case-detail",
        "reviews:review-list",
        "reviews:review-detail",
        "reviews:recommendation-list",
        "reviews:learning-list",
        "reviews:briefing-list",
    } <= changed


def test_the_mails_of_a_month_are_the_same(world, mailoutbox, is_whole_run):
    """To the group itself too, whose mails say that there is something, and neither what nor how much."""
    days = DAYS if is_whole_run else 10
    before = mails_of(world, mailoutbox, days)
    more_restricted(world)
    after = mails_of(world, mailoutbox, days)
    assert len(before) > 5
    assert differences(before, after) == {}
    record("T2", "{mails} mails of a month in both worlds, {different} different", mails=len(before), different=0)


def test_a_mail_to_the_group_says_nothing_of_what_it_is_about(world, mailoutbox):
    more_restricted(world)
    with time_machine.travel(MORNING, tick=False):
        send_reminders(on=date(2027, 1, 12), now=MORNING)
    assert [mail for mail in mailoutbox if CANARY in mail.subject + mail.body] == []


def test_no_calendar_changes_and_not_the_groups_own(world):
    roles = [*SIGNED_IN, "case_group_member"]
    before = feeds_of(world, roles)
    more_restricted(world)
    assert differences(before, feeds_of(world, roles)) == {}
    assert {answer[0] for answer in before.values()} == {200, 404}
    record("T2", "{feeds} calendar feeds in both worlds, {different} different", feeds=len(before), different=0)


# Mutants


@pytest.fixture
def seen_by(world, mailoutbox):
    """``seen_by(mutant)``: where five cases more show to its role; among ``doors`` of pages where they are given."""

    def look_around(mutant, client, doors):
        if mutant.way == MAILS:
            return mails_of(world, mailoutbox, days=4)
        if mutant.way == FEEDS:
            return feeds_of(world, [mutant.role])
        look = wrong_posts if mutant.way == FORMS else pages
        return look(world, client, doors)

    def seen_by(mutant, doors=None):
        client = browser(world, mutant.role)
        if doors is None:
            doors = doors_of(mutant)
            pages(world, client, doors)  # what is asked once and then remembered is asked before
        start = transaction.savepoint()
        try:
            before = look_around(mutant, client, doors)
            more_restricted(world)
            return differences(before, look_around(mutant, client, doors))
        finally:
            transaction.savepoint_rollback(start)

    return seen_by


def doors_of(mutant):
    return [door for door in DOORS if door.name in mutant.doors]


def some_of_each_way(is_whole_run):
    """All mutants, or every third of those that show on a page and of those that show in another way."""
    return CASES if is_whole_run else sorted(CASES, key=lambda mutant: mutant.way)[::3]


KILLED = "{mutants} faults put in on purpose, {killed} found"


def test_every_mutant_is_killed(seen_by, monkeypatch, is_whole_run):
    survivors, mutants = [], some_of_each_way(is_whole_run)
    for mutant in mutants:
        with monkeypatch.context() as faulty:
            mutant.apply(faulty)
            if not seen_by(mutant):
                survivors.append(str(mutant))
        forget_sources()
    assert survivors == [], "\n".join(survivors)
    assert len(CASES) >= 25
    record("T2", KILLED, mutants=len(mutants), killed=len(mutants))


def test_without_a_fault_none_is_seen(seen_by, is_whole_run):
    mutants = some_of_each_way(is_whole_run)
    one_of_each = {(mutant.role, mutant.doors, mutant.way): mutant for mutant in mutants}
    assert {where: seen_by(mutant) for where, mutant in one_of_each.items()} == dict.fromkeys(one_of_each, {})


@pytest.mark.long
def test_the_policies_alone_stop_most_mutants(seen_by, monkeypatch):
    """Beside them, what the pages keep: what a person may read and another reader of the same page may not know."""
    stopped, shown = [], []
    for mutant in CASES:
        with monkeypatch.context() as faulty:
            faulty.setattr(ReaderOfRows, "__call__", READ_ROWS)
            mutant.apply(faulty)
            (shown if seen_by(mutant) else stopped).append(str(mutant))
        forget_sources()
    print("Stopped:", *stopped, "", "Shown:", *shown, sep="\n")
    assert len(stopped) > len(CASES) / 3
    record(
        "T2",
        "Of {mutants} such faults of a page PostgreSQL’s own rules stop {stopped}",
        mutants=len(CASES),
        stopped=len(stopped),
    )


ONE_OF_EACH_FAULT = {(mutant.role, id(mutant.apply)): mutant for mutant in CASES if mutant.doors}.values()


@pytest.mark.long
@pytest.mark.parametrize("mutant", ONE_OF_EACH_FAULT, ids=str)
def test_each_mutant_is_killed_among_lists_of_its_role(seen_by, world, monkeypatch, mutant):
    """As somebody would find it who does not know where to look; the figure says at how many addresses it shows.

    Every eighth list, others for each fault: all for all would be half an hour of pages.
    """
    lists = [door for door in DOORS if door.get[mutant.role] == OK and not door.place(world)]
    some = [door for door in lists if door.name not in DRAWN_BY_LOT and one_in(8, mutant, door)]
    doors = some + doors_of(mutant)
    with monkeypatch.context() as faulty:
        mutant.apply(faulty)
        killers = seen_by(mutant, doors)
    forget_sources()
    print(f"{mutant}: {', '.join(sorted(killers))}")
    assert {door.partition("?")[0].split(" ")[0] for door in killers} & set(mutant.doors)
    record(
        "T2",
        "Each among an eighth of the lists of its role: {mutants} faults, found at {places:,} addresses",
        mutants=1,
        places=len(killers),
    )
