"""Refs given anew: shown first, undone by one press, and quoted refs found."""

import pytest
from django.urls import reverse

from plans.models import Deliverable, Priority
from plans.renumbering import KEEP, LETTERS, NUMBERS, changes_of, digest_of, lettered, quotes_of, renumber
from tests.factories import DeliverableFactory, PriorityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mixed(plan):
    """A plan whose refs went their own ways: 2a, 2C and a cross-cutting priority with rows of its own."""
    one, two = plan.priorities.order_by("position")
    Priority.objects.filter(pk=one.pk).update(ref="2a")
    Priority.objects.filter(pk=two.pk).update(ref="2C")
    across = PriorityFactory(plan=plan, position=3, ref="", title="Across all", is_cross_cutting=True)
    DeliverableFactory(priority=across, position=1, ref="C.1", title="Listen")
    return plan


@pytest.fixture
def browser(client_of, office):
    return client_of(office)


def refs(plan):
    rows = Deliverable.objects.filter(priority__plan=plan).select_related("priority")
    return [row.full_ref for row in rows.order_by("priority__position", "position")]


def told(plan, **schemes):
    return [(change.before, change.after) for change in changes_of(plan, **schemes)]


@pytest.mark.parametrize(
    ("priorities", "deliverables", "expected"),
    [
        (KEEP, KEEP, []),
        (KEEP, LETTERS, [("2a.1", "2a.a"), ("2a.2", "2a.b"), ("2C.1", "2C.a")]),
        (
            NUMBERS,
            NUMBERS,
            [("2a", "1"), ("2a.1", "1.1"), ("2a.2", "1.2"), ("2C", "2"), ("2C.1", "2.1")],
        ),
    ],
)
def test_what_would_change_is_told_in_the_order_of_the_table(mixed, priorities, deliverables, expected):
    assert told(mixed, priorities=priorities, deliverables=deliverables) == expected


def test_letters_go_on_after_z():
    assert [lettered(place) for place in (1, 26, 27, 52, 53)] == ["a", "z", "aa", "az", "ba"]


def test_quoted_refs_are_found_and_numbers_in_a_text_are_not(mixed, led_deliverable):
    led_deliverable.description = "As in 2a, and see 2a.2. Not 12a, nor 2a.25, nor 2 of 3 families."
    led_deliverable.save()
    mixed.introduction = "Two of 2C’s rows, and priority 2c."
    mixed.save()
    changes = changes_of(mixed, priorities=NUMBERS, deliverables=NUMBERS)
    assert [quote.ref for quote in quotes_of(mixed, changes)] == ["2C", "2c", "2a", "2a.2"]


def test_a_plain_number_is_quoted_only_where_a_word_says_so(plan):
    plan.introduction = "Priority 1 matters to 1 in 5. See 2. Action 1.5 is another’s."
    plan.save()
    plan.priorities.filter(ref="1").update(ref="9")
    plan.priorities.filter(ref="2").update(ref="1")
    plan.priorities.filter(ref="9").update(ref="2")
    changes = changes_of(plan, priorities=NUMBERS, deliverables=KEEP)
    quotes = [(quote.ref, quote.words) for quote in quotes_of(plan, changes) if quote.where == "Introduction"]
    assert [ref for ref, _words in quotes] == ["1", "2"]


def send(browser, plan, **typed):
    url = reverse("plans:plan-renumber", args=[plan.pk])
    shown = browser.post(url, {"priorities": NUMBERS, "deliverables": NUMBERS, "do": "show"} | typed)
    answer = {"priorities": NUMBERS, "deliverables": NUMBERS, "do": "renumber", "shown": shown.context["shown"]}
    return url, answer | typed


def test_the_office_gives_refs_anew_and_takes_them_back(browser, mixed):
    url, answer = send(browser, mixed)
    before = refs(mixed)
    assert before == ["2a.1", "2a.2", "2C.1", "C.1"]
    browser.post(url, answer)
    assert refs(mixed) == ["1.1", "1.2", "2.1", "C.1"]
    again = browser.post(url, answer, follow=True)
    assert again.status_code == 409
    browser.post(reverse("plans:plan-undo", args=[mixed.pk]))
    assert refs(mixed) == before


def test_a_plan_that_changed_meanwhile_is_shown_again(browser, mixed):
    url, answer = send(browser, mixed)
    DeliverableFactory(priority=mixed.priorities.get(position=1), position=9, ref="x", title="New")
    before = refs(mixed)
    response = browser.post(url, answer)
    assert (response.status_code, refs(mixed)) == (409, before)


def test_undo_leaves_a_ref_that_somebody_has_changed_since(browser, mixed):
    url, answer = send(browser, mixed)
    browser.post(url, answer)
    mixed.priorities.filter(position=2).update(ref="B")
    response = browser.post(reverse("plans:plan-undo", args=[mixed.pk]), follow=True)
    assert refs(mixed) == ["2a.1", "2a.2", "B.1", "C.1"]
    assert [str(message) for message in response.context["messages"]][-1] == (
        "Undone: the refs are as they were. 1 that somebody has changed since was left alone."
    )


@pytest.mark.parametrize("typed", [{"priorities": ""}, {"deliverables": "roman"}])
def test_only_our_ways_of_numbering_are_taken(browser, mixed, typed):
    url = reverse("plans:plan-renumber", args=[mixed.pk])
    response = browser.post(url, {"priorities": NUMBERS, "deliverables": NUMBERS, "do": "renumber"} | typed)
    assert (response.status_code, refs(mixed)[0]) == (422, "2a.1")


def test_the_command_refuses_what_was_not_shown(mixed):
    changes = changes_of(mixed, priorities=NUMBERS, deliverables=NUMBERS)
    done = renumber(mixed, priorities=NUMBERS, deliverables=NUMBERS, shown=digest_of(changes))
    assert [(kind, before, after) for kind, _key, before, after in done] == [
        ("priority", "2a", "1"),
        ("priority", "2C", "2"),
    ]


def test_strangers_give_no_refs(client_of, stranger, chair, draft_plan, plan):
    assert client_of(stranger).get(reverse("plans:plan-renumber", args=[draft_plan.pk])).status_code == 404
    assert client_of(chair).post(reverse("plans:plan-renumber", args=[plan.pk])).status_code == 403


def test_it_takes_as_many_queries_for_twenty_rows_as_for_three(browser, mixed, django_assert_max_num_queries):
    url = reverse("plans:plan-renumber", args=[mixed.pk])
    data = {"priorities": NUMBERS, "deliverables": NUMBERS, "do": "show"}
    with django_assert_max_num_queries(60) as at_three:
        browser.post(url, data)
    for n in range(20):
        DeliverableFactory(priority=mixed.priorities.first(), position=10 + n, ref="")
    with django_assert_max_num_queries(len(at_three)):
        browser.post(url, data)
