"""Two people press at the same moment: no place is given twice, and none is lost."""

from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from partnership.refusals import NotNow
from tests.at_once import at_once
from tests.factories import EventFactory
from tests.factories_training import PractitionerFactory
from training.models import Event, Place, TrainingMail
from training.places import bookings
from training.places.bookings import (
    agree,
    ask_for_place,
    cancel_place,
    confirm_place,
    fill_places,
    let_go,
    move_up,
    swap_person,
    take_place,
)
from training.places.waiting_list import room_of

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
Status = Place.Status


@pytest.fixture
def small(event):
    return EventFactory(course=event.course, capacity=2)


def asked(event, organisation, *, count=1):
    return [
        ask_for_place(event, practitioner=PractitionerFactory(organisation=organisation), at=NOW) for _ in range(count)
    ]


def booked(event, organisation, *, count=1):
    return [confirm_place(place, at=NOW) for place in asked(event, organisation, count=count)]


def status_of(*places):
    now = dict(Place.objects.values_list("pk", "status"))
    return [now[place.pk] for place in places]


def raised(came_to):
    return [each for each in came_to if isinstance(each, Exception)]


def test_two_who_confirm_the_last_place_at_once_one_has_it_and_the_other_is_first_in_the_list(small, hospital):
    booked(small, hospital)
    one, other = asked(small, hospital, count=2)
    came_to = at_once(lambda: confirm_place(one, at=NOW), lambda: confirm_place(other, at=NOW))
    assert raised(came_to) == []
    assert sorted(status_of(one, other)) == [Status.BOOKED, Status.WAITING]
    waits = one if status_of(one) == [Status.WAITING] else other
    assert list(small.places.waiting()) == [waits]
    assert sorted(TrainingMail.objects.filter(place__in=[one, other]).values_list("kind", flat=True)) == [
        "booked",
        "confirm",
        "confirm",
        "waiting",
    ]


def test_control_without_the_lock_both_would_have_it(small, hospital, monkeypatch):
    """Each has seen the free place before the other takes it: where they have to take turns this cannot happen."""
    booked(small, hospital)
    places = asked(small, hospital, count=2)
    both_have_looked = Barrier(2, timeout=20)

    def look(event, *, at):
        room = room_of(event, at=at)
        both_have_looked.wait()
        return room

    monkeypatch.setattr(bookings, "lock", lambda event: Event.objects.select_related("course__run_by").get(pk=event.pk))
    monkeypatch.setattr(bookings, "room_of", look)
    came_to = at_once(*[lambda place=place: confirm_place(place, at=NOW) for place in places])
    assert raised(came_to) == []
    assert small.places.taken().count() == small.capacity + 1


def test_one_person_who_asks_many_times_at_once_has_one_place(small, hospital):
    person = PractitionerFactory(organisation=hospital)
    came_to = at_once(*[lambda: ask_for_place(small, practitioner=person, at=NOW)] * 6)
    assert raised(came_to) == []
    assert small.places.filter(practitioner=person).count() == 1
    place = small.places.get(practitioner=person)
    at_once(*[lambda: confirm_place(place, at=NOW)] * 6)
    assert status_of(place) == [Status.BOOKED]
    assert TrainingMail.objects.filter(place=place, kind="booked").count() == 1


def test_cancelled_and_filled_at_once_no_place_is_lost_and_none_is_given_twice(small, hospital):
    first, second, *waiting = booked(small, hospital, count=6)
    came_to = at_once(
        lambda: cancel_place(first, because="Ill", at=NOW),
        lambda: cancel_place(second, because="Court", at=NOW),
        lambda: fill_places(small, at=NOW),
        lambda: fill_places(small, at=NOW),
        lambda: cancel_place(waiting[0], because="Cannot wait", at=NOW),
    )
    assert raised(came_to) == []
    assert small.places.taken().count() == small.capacity
    assert status_of(*waiting)[0] == Status.CANCELLED
    assert list(small.places.waiting()) == waiting[3:]


def test_one_cancelled_many_times_at_once_frees_one_place(small, hospital):
    first, _second, *waiting = booked(small, hospital, count=5)
    at_once(*[lambda: cancel_place(first, because="Ill", at=NOW)] * 5)
    assert status_of(*waiting) == [Status.BOOKED, Status.WAITING, Status.WAITING]
    assert TrainingMail.objects.filter(place=first, kind="cancelled").count() == 1


def test_let_go_by_two_workers_gives_back_once(small, hospital):
    small.course.is_agreement_needed = True
    small.course.save()
    places = [
        ask_for_place(
            small, practitioner=PractitionerFactory(organisation=hospital), at=NOW, manager_email="b@x.example"
        )
        for _ in range(4)
    ]
    [confirm_place(place, at=NOW) for place in places]
    came_to = at_once(*[lambda: let_go(at=NOW + 5 * DAY)] * 3)
    assert sorted(came_to) == [0, 0, 2]
    assert status_of(*places) == [Status.CANCELLED] * 2 + [Status.AGREEMENT] * 2


def test_agreed_to_in_the_moment_in_which_it_is_let_go_it_is_one_or_the_other(small, hospital):
    small.course.is_agreement_needed = True
    small.course.save()
    person = PractitionerFactory(organisation=hospital)
    place = ask_for_place(small, practitioner=person, at=NOW, manager_email="b@x.example")
    confirm_place(place, at=NOW)
    agreed, let = at_once(lambda: agree(place, at=NOW + 5 * DAY), lambda: let_go(at=NOW + 5 * DAY))
    assert (status_of(place), isinstance(agreed, NotNow), let) in [
        ([Status.BOOKED], False, 0),
        ([Status.CANCELLED], True, 1),
    ]


def test_a_place_offered_in_the_last_days_is_taken_by_one(small, hospital, training_coordinator):
    first, second, third, fourth = booked(small, hospital, count=4)
    late = small.starts_at - DAY
    cancel_place(first, because="Ill", at=late)
    instead = PractitionerFactory(organisation=hospital)
    at_once(
        lambda: take_place(third, at=late),
        lambda: move_up(fourth, at=late),
        lambda: swap_person(second, practitioner=instead, at=late, by=training_coordinator),
        lambda: fill_places(small, at=late, by=training_coordinator),
    )
    assert small.places.taken().count() == small.capacity
