"""Search: what one may see is found by its words, and nothing else is found, counted, suggested or marked."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnership.models import PostHolding
from partnership.searching import asking
from partnership.searching.asking import question, search, tidied, words_seen_by
from partnership.searching.columns import COLUMN, THERE, recipe_of
from partnership.searching.kinds import all_kinds
from partnership.searching.likeness import nearest
from partnership.searching.shown import around_first
from tests.factories import (
    DeliverableFactory,
    LearningPointFactory,
    MeetingActionFactory,
    MeetingFactory,
    PlanFactory,
    PriorityFactory,
    RecommendationFactory,
)
from tests.factories_judged import RiskFactory
from tests.guarantees.figures import record
from tests.plans.test_plan_page import count_queries

pytestmark = pytest.mark.django_db

URL = reverse("partnership:search")


def found(user, typed, **more):
    """{kind: how many} that a person finds; asked anew, as at a next request."""
    again = get_user_model().objects.get(pk=user.pk)
    return search(again, question(tidied(typed)), **more).counts


def page(client, typed, **more):
    return client.get(URL, {"q": typed, **more})


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def risk(partnership):
    return RiskFactory(
        partnership=partnership,
        title="Café policies of the grandchildren’s réunion are not multi-agency",
        cause="The lighthouse closes at weekends.",
    )


@pytest.fixture
def plan(partnership):
    return PlanFactory(partnerships=[partnership], title="Lantern plan")


# What is in the database


def test_each_searched_table_keeps_the_words_that_its_kind_names():
    tables = {kind.model._meta.db_table: kind for kind in all_kinds().values()}
    with connection.cursor() as cursor:
        cursor.execute(THERE, [COLUMN, list(tables)])
        kept = {table: recipe for table, _columns, recipe in cursor.fetchall()}
    assert kept == {table: recipe_of(kind) for table, kind in tables.items()}


def test_no_table_is_of_two_kinds_and_each_column_is_one_of_its_table():
    kinds = all_kinds().values()
    assert len({kind.model for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert set(kind.columns) <= {field.column for field in kind.model._meta.concrete_fields}, kind.key


def test_what_is_changed_is_found_by_its_new_words_alone_and_what_is_deleted_by_none(office, risk):
    assert found(office, "lighthouse") == {"risk": 1}
    type(risk).objects.filter(pk=risk.pk).update(cause="The harbour closes.")
    assert (found(office, "lighthouse"), found(office, "harbour")) == ({}, {"risk": 1})
    risk.delete()
    assert found(office, "harbour") == {}


def test_a_person_is_found_by_the_name_that_is_left_of_them(office, partner):
    assert found(office, partner.name) == {"person": 1}
    partner.name = "Somebody who left"
    partner.save()
    assert found(office, "Somebody who left") == {"person": 1}


# What is typed


@pytest.mark.parametrize(
    "typed",
    [
        "cafe",
        "CAFÉ",
        "policy",
        "grandchildrens",
        "grandchildren's",
        "grandchildren’s reunion",
        "réuni",
        "multi agency",
        "multi-agency caf",
        "the café and the policies",
        "  lighthouse  ",
    ],
)
def test_words_are_found_without_accents_in_other_forms_and_by_the_beginning_of_the_last(office, risk, typed):
    assert found(office, typed) == {"risk": 1}


@pytest.mark.parametrize("typed", ["caf policies", "café harbour", "nursery", ""])
def test_what_lacks_one_of_the_words_is_not_found(office, risk, typed):
    assert found(office, typed) == {}


@pytest.mark.parametrize("typed", ["lighthuose", "Lihgthouse weekend", "cfaé"])
def test_a_slip_of_the_pen_is_forgiven(client_of, office, risk, typed):
    answer = page(client_of(office), typed)
    assert "1 found" in text_of(answer)
    assert answer.context["meant"] != ""


def test_where_no_record_has_all_words_what_has_one_of_them_is_offered(client_of, office, risk):
    answer = text_of(page(client_of(office), "lighthouse xylophones"))
    assert "has one of the words" in answer
    assert "1 found" in answer


@pytest.mark.parametrize(
    "typed",
    [
        "'",
        "''; DROP TABLE partnership_user; --",
        ":*",
        "a:*&b|!c",
        "lighthouse <-> (",
        "\\",
        "lighthouse\\",
        "%s %(x)s {0}",
        "ﬀ ½ ǅ \u202e \U0001f9ff",
        "x" * 10_000,
        "x " * 5_000,
        "<script>alert(1)</script>",
        "\uffff",
        "é" * 200,
    ],
)
def test_whatever_is_typed_is_only_ever_words(client_of, office, risk, typed):
    answer = page(client_of(office), typed)
    assert answer.status_code == 200
    assert "<script>alert" not in text_of(answer)


def test_what_no_text_can_hold_is_refused_at_the_door_and_never_reaches_the_database(client_of, office):
    assert page(client_of(office), "light\0house").status_code == 400
    assert tidied("light\0house\x1b") == "light house"


@pytest.mark.parametrize(
    "asked", ["kind=nothing", "order=pk", "page=-1", "page=x", "page=99999999999", "page=99", "kind="]
)
def test_an_address_that_asks_for_what_nobody_offered_is_answered(client_of, office, risk, asked):
    assert "1 found" in text_of(client_of(office).get(f"{URL}?q=lighthouse&{asked}"))


def test_an_empty_search_teaches(client_of, office):
    answer = text_of(client_of(office).get(URL))
    assert "What are you looking for?" in answer


# Who finds what


def test_what_one_may_not_know_of_is_neither_found_nor_counted_nor_suggested(
    client_of, office, partner, stranger, risk
):
    assert found(office, "lighthouse") == {"risk": 1}
    for reader in [partner, stranger]:
        assert found(reader, "lighthouse") == {}
        assert "lighthouse" not in words_seen_by(reader, letters=(1, 30))
        assert nearest(reader, "lighthuose") == ""
        assert "found</h2>" not in text_of(page(client_of(reader), "lighthuose"))
    record(
        "T2",
        "a search of {kinds} kinds of record found, counted and suggested {leaks} of a record of others’",
        kinds=len(all_kinds()),
        leaks=0,
    )


def test_it_is_found_from_the_day_that_it_is_shared(partner, risk):
    risk.shared_on = date(2027, 1, 11)
    risk.save()
    assert found(partner, "lighthouse") == {"risk": 1}


def test_who_leaves_a_post_finds_nothing_at_the_next_click(office, risk):
    assert found(office, "lighthouse") == {"risk": 1}
    PostHolding.objects.filter(user=office).update(to_on=date(2026, 12, 31))
    assert found(office, "lighthouse") == {}


def test_nothing_of_a_case_is_found_by_anybody_until_it_is_released(case, case_group, case_group_member, office):
    kept = {"partnership": case.partnership, "case": case}
    RecommendationFactory(text="Lighthouse one", source="rapid", **kept)
    point = LearningPointFactory(text="Lighthouse two", **kept)
    MeetingActionFactory(group=case_group, text="Lighthouse three")
    MeetingFactory(group=case_group, title="Lighthouse four")
    for reader in [case_group_member, office]:
        assert found(reader, "lighthouse") == {}
        assert "lighthouse" not in words_seen_by(reader, letters=(1, 30))
    type(point).objects.filter(pk=point.pk).update(released_on=date(2027, 1, 4), label="A review")
    assert found(office, "lighthouse") == {"learning": 1}


def test_other_partnerships_are_not_searched_though_their_plans_are_published(office, far_partnership, stranger):
    plan = PlanFactory(partnerships=[far_partnership], title="Lighthouse plan", status="published")
    assert plan in type(plan).objects.visible_to(office)
    assert (found(office, "lighthouse"), found(stranger, "lighthouse")) == ({}, {"plan": 1})


def test_what_is_put_together_for_one_standing_asks_the_database_nothing(office, partner, advisor):
    """It is kept from one request to the next: so it may hang on nothing but the standing and the day."""
    for reader in [office, partner, advisor]:
        asking._put_together.cache_clear()
        reader = get_user_model().objects.get(pk=reader.pk)
        assert reader.standing
        with CaptureQueriesContext(
            connection,
        ) as asked:
            asking._asked_of(reader, asking._matching, "'x'")
        assert len(asked) == 0


# References


@pytest.mark.parametrize("typed", ["2.3", " 2.3 "])
def test_a_reference_opens_what_is_called_so(client_of, office, plan, typed):
    priority = PriorityFactory(plan=plan, ref="2", title="Priority")
    deliverable = DeliverableFactory(priority=priority, ref="3", title="Third promise")
    answer = page(client_of(office), typed)
    assert (answer.status_code, answer["Location"]) == (302, deliverable.get_absolute_url())


def test_where_two_are_called_so_both_are_named(client_of, office, plan, learning_group):
    DeliverableFactory(priority=PriorityFactory(plan=plan, ref="2"), ref="2.3", title="Third promise")
    MeetingActionFactory(group=learning_group, ref="2.3", text="Ring the school")
    answer = text_of(page(client_of(office), "2.3"))
    assert "With the reference 2.3" in answer
    assert ("Third promise" in answer, "Ring the school" in answer) == (True, True)


def test_the_newest_of_that_reference_comes_first_and_its_words_are_looked_for_on_request(
    client_of, office, partnership
):
    for year in (2026, 2027):
        plan = PlanFactory(partnerships=[partnership], starts_on=date(year, 4, 1), ends_on=date(year + 1, 3, 31))
        DeliverableFactory(priority=PriorityFactory(plan=plan, ref="2"), ref="2.3", title=f"Promise of {year}")
    client = client_of(office)
    answer = text_of(page(client, "2.3"))
    assert answer.index("Promise of 2027") < answer.index("Promise of 2026")
    assert ("2 found" in answer, "2 found" in text_of(page(client, "2.3", all="1"))) == (False, True)


def test_a_reference_that_one_may_not_know_of_is_none(client_of, partner, risk):
    assert page(client_of(partner), risk.ref).status_code == 200


# The page


def test_words_are_marked_where_they_stand_and_the_rest_is_cut():
    text = "word " * 60 + "the lighthouse closes " + "word " * 60
    made = around_first(text, {"lighthouse"})
    assert [letters for letters, is_marked in made if is_marked] == ["lighthouse"]
    assert (made[0][0][:2], made[-1][0][-2:]) == ("… ", " …")
    assert sum(len(letters) for letters, _ in made) < 240


def test_what_is_marked_is_what_postgresql_found(client_of, office, risk):
    assert "<mark>policies</mark>" in text_of(page(client_of(office), "policy"))


def test_kinds_are_counted_and_chosen(client_of, office, plan, risk):
    DeliverableFactory(priority=PriorityFactory(plan=plan), title="A lighthouse for all")
    answer = text_of(page(client_of(office), "lighthouse", kind="risk"))
    assert ("Risks: 1 found" in answer, "A lighthouse for all" in answer) == (True, False)
    assert found(office, "lighthouse") == {"risk": 1, "deliverable": 1}


def test_a_title_comes_before_a_text_and_the_newest_first_where_that_is_asked(client_of, office, plan):
    priority = PriorityFactory(plan=plan)
    DeliverableFactory(priority=priority, title="In the text", description="A lighthouse among many other words")
    DeliverableFactory(priority=priority, title="Lighthouse")
    answer = text_of(page(client_of(office), "lighthouse"))
    assert answer.index(">Lighthouse<") < answer.index("In the text")
    assert page(client_of(office), "lighthouse", order="newest").status_code == 200


def test_many_are_read_page_by_page(client_of, office, plan):
    priority = PriorityFactory(plan=plan)
    for n in range(45):
        DeliverableFactory(priority=priority, title=f"Lighthouse {n}")
    client = client_of(office)
    shown = [len(page(client, "lighthouse", page=n).context["found"]) for n in (1, 2, 3, 4)]
    assert shown == [20, 20, 5, 5]


@pytest.mark.parametrize("count", [1, 3, 10])
def test_search_query_count(client_of, office, plan, count):
    priority = PriorityFactory(plan=plan)
    for n in range(count):
        DeliverableFactory(priority=priority, title=f"Lighthouse {n}")
    assert count_queries(client_of(office), f"{URL}?q=lighthouse") == QUERIES


QUERIES = 7
