"""T2: five cases more, and nothing changes for anybody outside their group. Then the same with a fault in it.

The pages alone must hold: the policies of PostgreSQL, which would hide what a page forgets, are switched off here
(``test_row_security.py`` asks them alone). Each mutant is one fault that somebody could make; all must be found.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
import rules
import time_machine
from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse

from partnership import deadlines
from partnership.models import EmergencyAccess, Group, people
from partnership.models import meetings as meeting_models
from partnership.models.reminders import ReminderQuerySet
from partnership.reminders.loop import send_reminders
from reviews.models import cases, learning, recommendations
from tests.guarantees.access_table import DOORS
from tests.guarantees.doors import INVALID, OK
from tests.guarantees.figures import record
from tests.guarantees.restricted import CANARY, more_restricted
from tests.guarantees.walks import (
    DRAWN_BY_LOT,
    MORNING,
    Counter,
    browser,
    content_of,
    counted_look,
    differences,
    forget_sources,
    found_in,
    look,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_alone")]

LOT = re.compile(r"[A-Za-z0-9_.-]{40,}")  # what is drawn by lot for each link


def pages(world, client, doors):
    """{address: (status, headers, bytes, count of questions)} of ``doors``, with searches and exports of lists."""
    found = {}
    with time_machine.travel(MORNING, tick=False):
        for door in doors:
            url = reverse(door.name, kwargs=door.place(world))
            for query in queries_of(door):
                asked = Counter()
                with connection.execute_wrapper(asked):
                    response = look(client, "get", url + query)
                found[f"{door}{query}"] = (
                    response.status_code,
                    dict(response.items()),
                    content_of(response),
                    asked.count,
                )
    return found


def queries_of(door):
    """A list is also searched for the canary, and taken along as a spreadsheet."""
    return ["", f"?words={CANARY}", "?export=csv"] if door.name.endswith("-list") else [""]


@pytest.mark.parametrize("role", ["office", "other_partner"])
def test_no_search_and_no_spreadsheet_shows_a_case(world, role):
    """Every page of every role is compared in ``test_access.py``; here what a list is asked for besides."""
    lists = [door for door in DOORS if door.name.endswith("-list")]
    client = browser(world, role)
    before = pages(world, client, lists)
    more_restricted(world)
    after = pages(world, client, lists)
    assert differences(before, after) == {}
    shown = [door for door, (_, _, content, _) in after.items() if CANARY in str(content) and CANARY not in door]
    assert shown == []


def wrong_posts(world, client, doors):
    """{address: what is answered} to forms of ``doors`` that have to be mended: what they say is wrong, in words."""
    found = {}
    with time_machine.travel(MORNING, tick=False):
        for door in doors:
            body = {"csrfmiddlewaretoken": "", **door.body(world)}
            url = reverse(door.name, kwargs=door.place(world))
            found[str(door)] = found_in(*counted_look(client, "post", url, body))
    return found


@pytest.mark.parametrize("role", ["office", "lead"])
def test_no_error_on_a_form_tells_of_a_case(world, role):
    """That a name is taken, that something is still used, what may be chosen."""
    doors = [door for door in DOORS if door.post[role] == INVALID and door.name not in DRAWN_BY_LOT]
    doors = doors[:: max(1, len(doors) // 40)]
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


# Thirty days of mails


def mails_of(world, mailoutbox):
    """What everybody outside the group is mailed from now on for thirty days: (day, to, subject, words)."""
    inside = {world.people["case_group_member"].email, world.somebody.email}
    mailoutbox.clear()
    found = []
    start = transaction.savepoint()
    for number in range(30):
        moment = MORNING + timedelta(days=number)
        with time_machine.travel(moment, tick=False):
            send_reminders(on=moment.date(), now=moment)
        outside = [mail for mail in mailoutbox if mail.to[0] not in inside]
        found += sorted((number, mail.to, mail.subject, LOT.sub("", mail.body)) for mail in outside)
        mailoutbox.clear()
    transaction.savepoint_rollback(start)
    return found


def test_thirty_days_of_mails_are_the_same_for_everybody_else(world, mailoutbox):
    before = mails_of(world, mailoutbox)
    more_restricted(world)
    after = mails_of(world, mailoutbox)
    assert len(before) > 5
    assert after == before
    record("T2", "{mails} mails of thirty days in both worlds, {different} different", mails=len(before), different=0)


def test_a_mail_to_the_group_says_nothing_of_what_it_is_about(world, mailoutbox):
    more_restricted(world)
    with time_machine.travel(MORNING, tick=False):
        send_reminders(on=date(2027, 1, 12), now=MORNING)
    assert [mail for mail in mailoutbox if CANARY in mail.subject + mail.body] == []


# Mutants


@dataclass(frozen=True)
class Mutant:
    """One fault: ``apply(monkeypatch)`` makes it, and one of ``doors`` must show it to ``role``."""

    name: str
    role: str
    doors: tuple
    apply: object

    def __str__(self):
        return self.name


def everything_of(queryset):
    """``visible_to`` forgets who asks."""
    return lambda monkeypatch: monkeypatch.setattr(queryset, "visible_to", lambda self, user: self.all())


def allowed(*permissions):
    def apply(monkeypatch):
        for permission in permissions:
            monkeypatch.setitem(rules.permissions.permissions, permission, rules.always_true)

    return apply


def both(*faults):
    def apply(monkeypatch):
        for fault in faults:
            fault(monkeypatch)

    return apply


def standing_with(**change):
    """Standings are read wrongly: ``change`` names a set, and from which other set it takes too much."""

    def apply(monkeypatch):
        read = people.read_standing

        def wrong(user, *, on):
            standing = read(user, on=on)
            more = {name: getattr(standing, name) | getattr(standing, other) for name, other in change.items()}
            return replace(standing, **more)

        monkeypatch.setattr(people, "read_standing", wrong)

    return apply


def not_restricted(monkeypatch):
    """Sources say of nothing that it is restricted."""
    plain = deadlines._condition
    monkeypatch.setattr(deadlines, "_condition", lambda given: plain(False))
    forget_sources()


def open_to_all(monkeypatch):
    monkeypatch.setattr(deadlines, "_open_to", lambda standing: ("true", []))
    forget_sources()


SITS = standing_with(case_group_ids="partnership_ids")
DUE = ("partnership:deadline-list", "partnership:calendar", "assurance:my-work")

MUTANTS = [
    Mutant("everybody sits in the group: cases", "office", ("reviews:case-list",), SITS),
    Mutant("everybody sits in the group: reviews", "chair", ("reviews:review-list",), SITS),
    Mutant("everybody sits in the group: one case", "lead", ("reviews:case-detail",), SITS),
    Mutant("everybody sits in the group: one review", "advisor", ("reviews:review-detail",), SITS),
    Mutant("everybody sits in the group: what is due", "office", ("partnership:deadline-list",), SITS),
    Mutant("everybody sits in the group: themes", "office", ("reviews:learning-themes",), SITS),
    Mutant("everybody sits in the group: reminders sent", "office", ("partnership:reminder-sent",), SITS),
    Mutant(
        "a case opens to all",
        "office",
        ("reviews:case-detail",),
        both(everything_of(cases.RestrictedQuerySet), allowed("reviews.view_case")),
    ),
    Mutant(
        "a case opens to the administrator",
        "administrator",
        ("reviews:case-detail",),
        both(everything_of(cases.RestrictedQuerySet), allowed("reviews.view_case")),
    ),
    Mutant(
        "a review opens to all",
        "executive_chair",
        ("reviews:review-detail",),
        both(everything_of(cases.RestrictedQuerySet), allowed("reviews.view_practicereview")),
    ),
    Mutant("everybody sits in the group: reviewers", "office", ("reviews:reviewer-list",), SITS),
    Mutant(
        "what was declined after a case is listed",
        "advisor",
        ("reviews:recommendation-declined",),
        everything_of(recommendations.RecommendationQuerySet),
    ),
    Mutant(
        "what was not released is open to its partnership",
        "lead",
        ("reviews:recommendation-list",),
        lambda monkeypatch: monkeypatch.setattr(
            recommendations, "open_to", lambda user: Q(partnership__in=user.standing.partnership_ids)
        ),
    ),
    Mutant(
        "recommendations of a case are listed",
        "office",
        ("reviews:recommendation-list",),
        everything_of(recommendations.RecommendationQuerySet),
    ),
    Mutant(
        "recommendations of a case are listed for partners",
        "other_partner",
        ("reviews:recommendation-list",),
        everything_of(recommendations.RecommendationQuerySet),
    ),
    Mutant(
        "re-checks of a case are listed",
        "office",
        ("reviews:recheck-year",),
        both(everything_of(recommendations.ReCheckQuerySet), everything_of(recommendations.RecommendationQuerySet)),
    ),
    Mutant(
        "lessons of a case are listed",
        "chair",
        ("reviews:learning-list",),
        everything_of(learning.LearningPointQuerySet),
    ),
    Mutant(
        "drafts of a review are listed", "lead", ("reviews:briefing-list",), everything_of(learning.BriefingQuerySet)
    ),
    Mutant("what is due is shown to all", "office", DUE, open_to_all),
    Mutant("nothing that is due is restricted", "office", DUE, not_restricted),
    Mutant("nothing that is due is restricted: an executive", "executive_chair", DUE, not_restricted),
    Mutant(
        "meetings of the group are shown",
        "chair",
        ("partnership:meeting-list", "partnership:calendar"),
        lambda monkeypatch: monkeypatch.setattr(
            meeting_models,
            "groups_seen_by",
            lambda user: Group.objects.filter(partnerships__in=user.standing.partnership_ids),
        ),
    ),
    Mutant(
        "the office runs every group",
        "office",
        ("partnership:meeting-list", "partnership:group-detail", "partnership:calendar"),
        lambda monkeypatch: monkeypatch.setattr(meeting_models, "groups_seen_by", lambda user: Group.objects.all()),
    ),
    Mutant(
        "what the group was told is listed",
        "office",
        ("partnership:reminder-sent", "partnership:reminder-list"),
        lambda monkeypatch: monkeypatch.setattr(
            ReminderQuerySet,
            "visible_to",
            lambda self, user: self.filter(partnership_ids__overlap=list(user.standing.office_ids)),
        ),
    ),
    Mutant(
        "who asked in an emergency is let in before anybody answers",
        "office",
        ("reviews:case-list",),
        lambda monkeypatch: monkeypatch.setattr(people, "read_standing", let_in(people.read_standing)),
    ),
    Mutant(
        "history opens to all",
        "office",
        ("partnership:record-history",),
        both(everything_of(cases.RestrictedQuerySet), allowed("reviews.view_case")),
    ),
]


def let_in(read):
    def wrong(user, *, on):
        asked = EmergencyAccess.objects.filter(asked_by=user).values_list("partnership", flat=True)
        standing = read(user, on=on)
        return replace(standing, case_group_ids=standing.case_group_ids | set(asked))

    return wrong


def doors_of(mutant):
    return [door for door in DOORS if door.name in mutant.doors]


def seen_by(world, mutant, doors=None):
    """The addresses, of the mutant's own unless others are given, at which five cases more show to its role."""
    client = browser(world, mutant.role)
    doors = doors or doors_of(mutant)
    with transaction.atomic():
        before = pages(world, client, doors)
        more_restricted(world)
        changed = differences(before, pages(world, client, doors))
        transaction.set_rollback(True)
    return changed


KILLED = "{mutants} faults put in on purpose, {killed} found"


def test_every_mutant_is_killed(world, monkeypatch):
    survivors = []
    for mutant in MUTANTS:
        with monkeypatch.context() as faulty:
            mutant.apply(faulty)
            if not seen_by(world, mutant):
                survivors.append(str(mutant))
        forget_sources()
    assert survivors == [], "\n".join(survivors)
    assert len(MUTANTS) >= 25
    record("T2", KILLED, mutants=len(MUTANTS), killed=len(MUTANTS))


ONE_OF_EACH_FAULT = {(mutant.role, id(mutant.apply)): mutant for mutant in MUTANTS}.values()


@pytest.mark.long
@pytest.mark.parametrize("mutant", ONE_OF_EACH_FAULT, ids=str)
def test_each_mutant_is_killed_among_all_lists_of_its_role(world, monkeypatch, mutant):
    """As somebody would find it who does not know where to look; the figure says at how many addresses it shows."""
    lists = [door for door in DOORS if door.get[mutant.role] == OK and not door.place(world)]
    doors = [door for door in lists if door.name not in DRAWN_BY_LOT] + doors_of(mutant)
    with monkeypatch.context() as faulty:
        mutant.apply(faulty)
        killers = seen_by(world, mutant, doors)
    forget_sources()
    print(f"{mutant}: {', '.join(sorted(killers))}")
    assert {door.partition("?")[0].split(" ")[0] for door in killers} & set(mutant.doors)
    record(
        "T2",
        "Each among all lists of its role: {mutants} faults, found at {places:,} addresses",
        mutants=1,
        places=len(killers),
    )


def test_without_a_fault_none_is_seen(world):
    one_of_each = {(mutant.role, mutant.doors): mutant for mutant in MUTANTS}
    assert {who_and_where: seen_by(world, mutant) for who_and_where, mutant in one_of_each.items()} == dict.fromkeys(
        one_of_each, {}
    )
