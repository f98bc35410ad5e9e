"""T2: PostgreSQL hides what is restricted even where a page forgot to ask: each query here is asked without a scope."""

from datetime import UTC, date, datetime, timedelta

import pgtrigger
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test import RequestFactory

from partnership.models import EmergencyAccess, GroupMember
from partnership.roles import APP, KEEPER, as_keeper, event_tables
from partnership.row_security import EVERYTHING, NOBODY, ReaderOfRows, all_rows, tell, told
from reviews.models import (
    AgencySummary,
    Case,
    PracticeReview,
    Stage,
)
from tests.ownership import as_owner

pytestmark = pytest.mark.django_db

# What everybody may read: the words of themes, and what was published.
FREE = {
    f"reviews_{name}"
    for name in ("theme", "themeevent", "learningsettings", "learningsettingsevent", "reviewpublication")
}
OUTSIDE = ["office", "chair", "lead", "partner", "advisor", "administrator", "stranger", "leaver", "former_case_member"]
RESTRICTED = [Case, Stage, PracticeReview]


@pytest.fixture
def reads(world):
    """``reads(person, *models)``: how many rows of each model's table this person's requests could read."""

    def reads(person, *models):
        tell(person.pk if person else NOBODY)
        try:
            return [model.objects.count() for model in models]
        finally:
            tell(EVERYTHING)

    return reads


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row for (row,) in cursor.fetchall()]


def test_every_table_of_reviews_has_a_policy_that_binds_its_owner_too():
    tables = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'reviews\\_%'"
    assert set(rows(f"{tables} AND NOT (relrowsecurity AND relforcerowsecurity)")) == FREE  # noqa: S608 our own words


def test_the_role_that_connects_passes_by_no_policy():
    assert rows("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") == [False]


def test_the_case_review_group_reads_its_own(world, reads):
    [cases, stages, reviews] = reads(world.people["case_group_member"], *RESTRICTED)
    assert (cases, stages > 3, reviews) == (2, True, 1)


@pytest.mark.parametrize("role", OUTSIDE)
def test_to_everybody_else_there_is_none(world, reads, role):
    """But the case of which an agency's contact was asked, for that contact."""
    asked = 1 if role == "partner" else 0
    assert reads(world.people[role], *RESTRICTED) == [asked, 0, 0]


def test_to_nobody_there_is_none(reads):
    assert reads(None, *RESTRICTED) == [0, 0, 0]


def test_without_the_policy_they_would_be_there(world, reads):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in RESTRICTED:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE ROW LEVEL SECURITY")
    assert 0 not in reads(world.people["office"], *RESTRICTED)


def test_another_groups_member_reads_none(reads, other_case_group_member):
    assert reads(other_case_group_member, *RESTRICTED) == [0, 0, 0]


def test_an_observer_of_the_group_reads_none(world, reads):
    member = world.people["case_group_member"]
    GroupMember.objects.filter(post__holdings__user=member).update(role=GroupMember.Role.OBSERVER)
    assert reads(member, *RESTRICTED) == [0, 0, 0]


def test_whoever_leaves_reads_none_from_then_on(world, reads):
    member = world.people["case_group_member"]
    member.holdings.update(to_on=date(2027, 1, 11))
    assert reads(member, *RESTRICTED) == [0, 0, 0]


def test_an_account_switched_off_reads_none(world, reads):
    member = world.people["case_group_member"]
    member.is_active = False
    member.save()
    assert reads(member, *RESTRICTED) == [0, 0, 0]


def test_each_agency_reads_its_own_summary(world):
    found = {}
    for role in ("partner", "other_partner", "office"):
        tell(world.people[role].pk)
        found[role] = list(AgencySummary.objects.all())
    tell(EVERYTHING)
    assert found == {"partner": [world.summary], "other_partner": [world.other_summary], "office": []}


def test_what_is_released_is_read_and_what_is_not_is_not(world):
    pairs = [
        (world.recommendation, world.hidden_recommendation),
        (world.learning_point, world.hidden_learning_point),
        (world.briefing, world.hidden_briefing),
    ]

    def found():
        tell(world.people["office"].pk)
        seen = [[type(each).objects.filter(pk=each.pk).exists() for each in pair] for pair in pairs]
        tell(EVERYTHING)
        return seen

    assert found() == [[True, False]] * 3
    hidden = world.hidden_recommendation
    hidden.label, hidden.released_on = "A local review", date(2027, 1, 12)
    hidden.save()
    assert found() == [[True, True], [True, False], [True, False]]


def test_its_history_is_hidden_with_it(world, reads):
    history = [Case.pgh_event_model, AgencySummary.pgh_event_model, PracticeReview.pgh_event_model]
    assert reads(world.people["office"], *history) == [0, 0, 0]
    assert 0 not in reads(world.people["case_group_member"], *history)


def test_nobody_else_writes_it(world):
    case = world.case
    tell(world.people["office"].pk)
    changed = Case.objects.filter(pk=case.pk).update(category="Something else")
    deleted = Stage.objects.filter(case=case).delete()[0]
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Case.objects.create(partnership=case.partnership, reference="Ours", category="A case", summary="Words")
    tell(EVERYTHING)
    assert (changed, deleted, Case.objects.get(pk=case.pk).category) == (0, 0, case.category)


@pytest.mark.parametrize(
    ("allowed", "ended", "hours", "cases"),
    [(True, False, 4, 2), (False, False, 4, 0), (True, True, 4, 0), (True, False, -1, 0)],
)
def test_emergency_access_opens_while_it_lasts(world, reads, allowed, ended, hours, cases):
    now = datetime.now(tz=UTC) if hours > 0 else datetime(2020, 1, 1, tzinfo=UTC)
    EmergencyAccess.objects.create(
        partnership=world.partnership,
        reason="The data centre burns and the group can’t be reached.",
        asked_by=world.people["office"],
        asked_at=now,
        allowed_by=world.people["executive_chair"] if allowed else None,
        allowed_at=now if allowed else None,
        ends_at=now + timedelta(hours=hours) if allowed else None,
        ended_at=now if ended else None,
    )
    assert reads(world.people["office"], Case) == [cases]


# Who reads is told for each request, and nothing is left of the one before


def test_each_request_says_who_reads_and_nothing_is_left_of_the_one_before(world):
    member, office = world.people["case_group_member"], world.people["office"]
    readers = []
    for user in (member, AnonymousUser(), office):
        request = RequestFactory().get("/")
        request.user = user
        readers.append(ReaderOfRows(lambda request: told())(request))
    tell(EVERYTHING)
    assert readers == [str(member.pk), NOBODY, str(office.pk)]


def test_the_worker_reads_everything_and_gives_it_back():
    tell(NOBODY)
    with all_rows():
        inside = told()
    with pytest.raises(ZeroDivisionError), all_rows():
        1 / 0  # noqa: B018 that something goes wrong
    after = told()
    tell(EVERYTHING)
    assert (inside, after) == (EVERYTHING, NOBODY)


def test_the_product_works_in_a_role_that_owns_nothing():
    owners = "SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'"
    assert rows("SELECT current_user::text") == [APP]
    assert set(rows(owners)).isdisjoint({APP, KEEPER})


def test_history_can_be_added_to_and_not_changed(world):
    """By the rights of the role: no trigger is asked."""
    events = sorted(event_tables())
    assert len(events) > 100
    rights = "SELECT has_table_privilege(%s, %s, %s)"
    found = {
        right: {ask(rights, [APP, table, right]) for table in events}
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
    }
    assert found == {"SELECT": {True}, "INSERT": {True}, "UPDATE": {False}, "DELETE": {False}, "TRUNCATE": {False}}
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM partnership_partnershipevent")


@pytest.mark.usefixtures("meddles_with_history")
def test_the_keeper_may_change_it_and_is_the_keeper_no_longer_than_that(world):
    with pgtrigger.ignore(), as_keeper(), connection.cursor() as cursor:
        cursor.execute("UPDATE partnership_partnershipevent SET introduction = 'Kept too long'")
        assert cursor.rowcount
    assert rows("SELECT current_user::text") == [APP]
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE partnership_partnershipevent SET introduction = 'Again'")


def test_no_right_is_taken_over_without_asking():
    """The role may become the keeper, by a statement that says so; it has none of its rights before."""
    assert rows("SELECT rolinherit FROM pg_roles WHERE rolname = 'planner_app'") == [False]


def ask(sql, parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]
