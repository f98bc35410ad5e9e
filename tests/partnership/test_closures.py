"""Closures: days that an office keeps, which local counting passes over and the law does not."""

from datetime import date

import pytest
from django.urls import reverse

from partnership.closures import shared_working_days, working_days_of
from partnership.models import Closure
from partnership.working_days import ENGLAND
from tests.factories import PartnershipFactory

CHRISTMAS = (date(2027, 12, 24), date(2028, 1, 2))


def closed(partnership, first=CHRISTMAS[0], last=CHRISTMAS[1], title="Christmas closure"):
    return Closure.objects.create(partnership=partnership, title=title, first_day=first, last_day=last)


@pytest.fixture
def closure(partnership):
    return closed(partnership)


@pytest.fixture
def address(partnership):
    return reverse("partnership:closure-list", args=[partnership.pk])


def answers(title="Christmas closure", first=CHRISTMAS[0], last=CHRISTMAS[1]):
    days = {"first_day": first, "last_day": last}
    boxes = {
        f"{name}_{part}": str(getattr(day, part)) if day else ""
        for name, day in days.items()
        for part in ("day", "month", "year")
    }
    return {"title": title, **boxes}


def kept():
    return list(Closure.objects.values_list("title", "first_day", "last_day"))


def said(response):
    return [str(message) for message in response.wsgi_request._messages]


# Counting


@pytest.mark.django_db
def test_each_partnership_counts_by_its_own_closures_in_one_query(
    partnership, other_partnership, closure, django_assert_num_queries
):
    with django_assert_num_queries(1):
        found = working_days_of([partnership.pk, other_partnership.pk])
    # 24 December to 3 January: Christmas and Boxing Day are given on the Monday and Tuesday, New Year's on the 3rd
    assert found[partnership.pk].add(date(2027, 12, 23), 1) == date(2028, 1, 4)
    assert found[other_partnership.pk] is ENGLAND
    assert ENGLAND.add(date(2027, 12, 23), 1) == date(2027, 12, 24)


@pytest.mark.django_db
def test_what_partnerships_share_rests_only_where_all_are_closed(partnership, other_partnership):
    closed(partnership, date(2027, 6, 7), date(2027, 6, 9))
    closed(other_partnership, date(2027, 6, 8), date(2027, 6, 10))
    ids = [partnership.pk, other_partnership.pk]
    found = working_days_of(ids)
    both = shared_working_days(found, ids)
    days = [date(2027, 6, day) for day in range(7, 12)]
    assert [both.is_working_day(day) for day in days] == [True, False, False, True, True]
    assert shared_working_days(found, ids[:1]) is found[partnership.pk]
    assert shared_working_days(found, []) is ENGLAND


# Pages


def test_the_office_adds_changes_and_removes_a_closure(client_of, office, address, partnership):
    client = client_of(office)
    page = client.get(address).content.decode()
    assert ("No closure to come" in page, "bank holidays are known until 31 December 2032" in page) == (True, True)
    response = client.post(f"{address}add/", answers())
    assert (response.status_code, response["Location"]) == (302, address)
    assert said(response) == [
        "“Christmas closure” is saved: 4 working days from 24 December 2027 to 2 January 2028 "
        "that reminders and local steps now pass over."
    ]
    closure = Closure.objects.get()
    assert (closure.partnership, kept()) == (partnership, [("Christmas closure", *CHRISTMAS)])
    client.post(f"/closures/{closure.pk}/change/", answers("Winter closure", last=date(2027, 12, 31)))
    assert kept() == [("Winter closure", CHRISTMAS[0], date(2027, 12, 31))]
    page = client.get(address).content.decode()
    assert ("Winter closure" in page, "31 December 2027" in page) == (True, True)
    assert b"Remove" in client.get(f"/closures/{closure.pk}/remove/").content
    client.post(f"/closures/{closure.pk}/remove/")
    assert kept() == []
    assert f"Removed by {office.name}" in client.get(address).content.decode()


def test_its_history_says_who_changed_it(client_of, office, closure):
    client = client_of(office)
    client.post(f"/closures/{closure.pk}/change/", answers("Winter closure"))
    page = client.get(f"/history/partnership.closure/{closure.pk}/").content.decode()
    assert all(words in page for words in ("Christmas closure", "Winter closure", office.name))


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"title": " "}, "title", "Enter what it is, such as “Christmas closure”"),
        ({"last": None}, "last_day", "Enter last day closed"),
        (
            {"last": date(2027, 12, 23)},
            "last_day",
            "The last day is before the first. Enter 24 December 2027 or a later day",
        ),
        (
            {"last": date(2028, 1, 24)},
            "last_day",
            "A closure lasts 31 days at most. Enter 23 January 2028 or an earlier day",
        ),
        (
            {"first": date(2026, 12, 24), "last": date(2027, 1, 2)},
            "last_day",
            "This day has passed. Enter a last day that is still to come",
        ),
        (
            {"first": date(2072, 12, 24), "last": date(2073, 1, 2)},
            "last_day",
            "This is more than three years ahead. Check the year",
        ),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence_and_nothing_is_kept(client_of, office, address, given, field, words):
    response = client_of(office).post(f"{address}add/", answers(**given))
    assert (response.status_code, dict(response.context["form"].errors)) == (422, {field: [words]})
    assert kept() == []


def test_the_same_days_are_not_closed_twice(client_of, office, address, closure):
    """Nor does sending the form twice make two."""
    response = client_of(office).post(f"{address}add/", answers("Again", last=date(2027, 12, 24)))
    assert dict(response.context["form"].errors) == {
        "first_day": [
            "“Christmas closure” covers 24 December 2027 to 2 January 2028 already. "
            "Change that one, or choose other days"
        ]
    }
    assert kept() == [("Christmas closure", *CHRISTMAS)]


def test_a_weekend_is_saved_and_said_to_move_nothing(client_of, office, address):
    response = client_of(office).post(f"{address}add/", answers("Move", date(2027, 6, 5), date(2027, 6, 6)))
    assert said(response) == ["“Move” is saved. Its days are all weekends or bank holidays, so nothing moves."]


def test_others_read_it_and_change_nothing(client_of, chair, stranger, address, closure):
    assert b"Christmas closure" in client_of(chair).get(address).content
    assert b"Add a closure" not in client_of(chair).get(address).content
    pages = [f"{address}add/", f"/closures/{closure.pk}/change/", f"/closures/{closure.pk}/remove/"]
    assert [client_of(chair).post(page, answers("Mine")).status_code for page in pages] == [403, 403, 403]
    assert [client_of(stranger).post(page, answers("Mine")).status_code for page in pages] == [403, 404, 404]
    assert kept() == [("Christmas closure", *CHRISTMAS)]


def test_another_offices_closures_do_not_exist(client_of, stranger, closure):
    PartnershipFactory(is_public=False)
    assert client_of(stranger).get(f"/closures/{closure.pk}/change/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(client_of, office, address, partnership, count, django_assert_num_queries):
    for number in range(count):
        closed(partnership, date(2027, 6, 7 + number), date(2027, 6, 7 + number))
    client = client_of(office)
    client.get(address)
    with django_assert_num_queries(8):
        client.get(address)
