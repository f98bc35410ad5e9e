"""T4: two hundred people confirm at once, and there are twenty places.

Each presses in a thread with a connection of its own, as many at once as the database has room for. In which order
they came is asked of the history that the database itself wrote, and not of the column by which the list is ordered.
Prints what became of them, and how long they took.
"""

import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from tests.factories import EventFactory, OrganisationFactory, PlaceFactory
from tests.factories_training import PractitionerFactory
from training.mails import mailing
from training.models import Event, Place, TrainingMail
from training.places import bookings
from training.places.bookings import confirm_place

PEOPLE, PLACES, AT_ONCE, AGENCIES = 200, 20, 50, 8
Status = Place.Status

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def race(event, monkeypatch):
    """(the event, two hundred places that wait to be confirmed). Their mails leave by a worker, so not in the race."""
    monkeypatch.setattr(mailing, "wake", lambda: None)
    event = EventFactory(course=event.course, capacity=PLACES)
    agencies = [OrganisationFactory() for _ in range(AGENCIES)]
    people = [PractitionerFactory(organisation=agencies[number % AGENCIES]) for number in range(PEOPLE)]
    now = timezone.now()
    return event, [
        PlaceFactory(
            event=event,
            practitioner=person,
            organisation=person.organisation,
            person=f"Person {number}",
            status=Status.UNCONFIRMED,
            asked_at=now,
        )
        for number, person in enumerate(people)
    ]


def press_all(places):
    """Everybody confirms; gives (what went wrong, seconds)."""
    start = threading.Barrier(AT_ONCE)
    local = threading.local()

    def press(place):
        if not hasattr(local, "has_begun"):
            local.has_begun = True
            start.wait(60)
        try:
            confirm_place(place, at=timezone.now())
        except Exception as problem:
            return problem
        return None

    def leave(_):
        connection.close()
        end.wait(60)

    end = threading.Barrier(AT_ONCE)
    began = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        problems = [each for each in pool.map(press, places) if each]
        elapsed = time.monotonic() - began
        list(pool.map(leave, range(AT_ONCE)))
    return problems, elapsed


def as_it_happened():
    """Keys of those who came onto the list, in the order in which the database wrote it down."""
    written = apps.get_model("training", "PlaceEvent").objects.filter(status=Status.WAITING)
    return list(written.order_by("pgh_id").values_list("pgh_obj", flat=True))


def test_twenty_have_a_place_and_the_others_wait_in_the_order_in_which_they_came(race, capsys):
    event, places = race
    problems, elapsed = press_all(places)
    became = Counter(event.places.values_list("status", flat=True))
    waiting = list(event.places.waiting().values_list("pk", flat=True))
    told = Counter(TrainingMail.objects.values_list("kind", flat=True))
    with capsys.disabled():
        sys.stdout.write(
            f"\nRace for places: {PEOPLE} people, {AT_ONCE} at once, {PLACES} places: {became[Status.BOOKED]} booked, "
            f"{became[Status.WAITING]} waiting, {PEOPLE - became.total()} lost; "
            f"{'in' if waiting == as_it_happened() else 'out of'} order; {elapsed:.1f} s\n"
        )
    assert problems == []
    assert became == {Status.BOOKED: PLACES, Status.WAITING: PEOPLE - PLACES}
    assert waiting == as_it_happened()
    assert len(set(waiting)) == PEOPLE - PLACES
    assert told == {"booked": PLACES, "waiting": PEOPLE - PLACES}


def test_control_without_the_lock_the_event_is_overbooked(race, capsys, monkeypatch):
    event, places = race
    monkeypatch.setattr(bookings, "lock", lambda event: Event.objects.select_related("course__run_by").get(pk=event.pk))
    press_all(places)
    taken = event.places.taken().count()
    with capsys.disabled():
        sys.stdout.write(f"\nRace without the lock: {taken} booked for {PLACES} places\n")
    assert taken > PLACES
