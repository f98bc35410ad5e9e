"""The public programme: what agencies' staff find without an account, and what they never learn there."""

from datetime import UTC, date, datetime

import icalendar
import pytest
from django.urls import reverse

from tests.factories import CourseFactory, EventFactory, PlaceFactory
from tests.factories_training import EventTrainerFactory, TrainingPolicyFactory
from training.models import Course, Event, Place

pytestmark = pytest.mark.django_db


def programme(client, partnership, **asked):
    return client.get(reverse("training:public-programme", args=[partnership.slug]), asked)


def page(client, partnership, event):
    return client.get(reverse("training:public-event", args=[partnership.slug, event.pk]))


def shown(response):
    return [event for _first, of_month in response.context["months"] for event in of_month]


def text_of(response):
    return response.content.decode()


@pytest.fixture
def march(partnership):
    """Online, for schools, full."""
    course = CourseFactory(title="Naming neglect", audience="School staff", mode="online", partnerships=[partnership])
    event = EventFactory(course=course, starts_at=datetime(2027, 3, 2, 9, 30, tzinfo=UTC), capacity=1, venue="Online")
    PlaceFactory(event=event)
    PlaceFactory(event=event, status=Place.Status.WAITING)
    return event


def test_it_is_narrowed_by_month_audience_way_and_places_left(client, partnership, event, march):
    asked = [
        {},
        {"month": "2027-03"},
        {"audience": "School staff"},
        {"mode": "room"},
        {"places": "left"},
        {"month": "2027-02", "mode": "online"},
        {"month": "nonsense", "mode": "x"},
    ]
    found = [shown(programme(client, partnership, **each)) for each in asked]
    assert found == [[event, march], [march], [march], [event], [event], [], [event, march]]
    assert "Nothing fits that" in text_of(programme(client, partnership, month="2027-02", mode="online"))


def test_a_full_event_offers_its_waiting_list_and_one_with_room_a_place(client, partnership, event, march):
    assert "19 places left" in text_of(page(client, partnership, event))
    full = text_of(page(client, partnership, march))
    assert [words in full for words in ("Full", "Join the waiting list", "1 waiting", "Book a place")] == [
        True,
        True,
        True,
        False,
    ]


def test_neither_names_nor_how_to_join_are_shown(client, partnership, event):
    Event.objects.filter(pk=event.pk).update(
        link="https://meet.example/secret", joining="Code 4711", sign_in_code="QX7PLM"
    )
    EventTrainerFactory(event=event, name="Trainer by name")
    secrets = ["meet.example", "4711", "QX7PLM", "Trainer by name", "Somebody Booked", "Lantern Family Trust"]
    texts = text_of(page(client, partnership, event)) + text_of(programme(client, partnership))
    assert [each for each in secrets if each in texts] == []


def test_a_called_off_event_says_so_and_takes_no_booking(client, partnership, event):
    Event.objects.filter(pk=event.pk).update(cancelled_at=datetime(2027, 1, 5, tzinfo=UTC), cancelled_because="Snow")
    one = text_of(page(client, partnership, event))
    assert "This event is cancelled." in one
    assert "Book a place" not in one
    every = text_of(programme(client, partnership))
    assert "Cancelled" in every
    assert "Book a place" not in every


def test_what_is_not_public_or_another_partnerships_is_not_there(client, partnership, far_partnership, event):
    hidden = EventFactory(course=event.course, is_public=False)
    assert page(client, partnership, hidden).status_code == 404
    assert page(client, far_partnership, event).status_code == 404
    assert page(client, partnership, event).status_code == 200
    assert shown(programme(client, partnership)) == [event]


def test_what_has_been_held_can_be_read_and_not_booked(client, partnership, event):
    Event.objects.filter(pk=event.pk).update(starts_at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC))
    past = text_of(page(client, partnership, event))
    assert "This event has begun." in past
    assert "Book a place" not in past


def test_what_it_costs_not_to_come_stands_there_only_where_agencies_are_charged(client, partnership, event):
    Course.objects.filter(pk=event.course_id).update(run_by=partnership)
    assert "£50" not in text_of(page(client, partnership, event))
    TrainingPolicyFactory(partnership=partnership, is_charging=True)
    assert "Your organisation is charged £50.00 if you do not come" in text_of(page(client, partnership, event))


def test_a_fair_share_is_told_as_long_as_it_counts(client, partnership, event):
    told = []
    for until in (None, date(2027, 1, 12), date(2027, 1, 11)):
        Event.objects.filter(pk=event.pk).update(places_per_organisation=4, shares_until_on=until)
        told.append("Each organisation has at most 4 places" in text_of(page(client, partnership, event)))
    assert told == [True, True, False]


def test_a_calendar_program_reads_the_events_and_not_how_to_join(client, partnership, event, march):
    Event.objects.filter(pk=event.pk).update(link="https://meet.example/secret", joining="Code 4711", sequence=2)
    Event.objects.filter(pk=march.pk).update(cancelled_at=datetime(2027, 1, 5, tzinfo=UTC), cancelled_because="Snow")
    EventFactory(course=event.course, is_public=False)
    response = client.get(reverse("training:public-calendar", args=[partnership.slug]))
    assert [each for each in ("meet.example", "4711", "Somebody Booked") if each in text_of(response)] == []
    entries = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    told = [(str(each["summary"]), each["status"], each["sequence"], each["dtstart"].dt) for each in entries]
    assert told == [
        ("Safer sleep for every home visitor", "CONFIRMED", 2, event.starts_at),
        ("Naming neglect", "CANCELLED", 0, march.starts_at),
    ]


def test_an_empty_programme_says_that_nothing_is_planned(client, partnership):
    assert "No event is planned at the moment" in text_of(programme(client, partnership))


@pytest.mark.parametrize("events", [1, 10])
def test_the_programme_asks_as_often_for_ten_as_for_one(client, partnership, event, django_assert_num_queries, events):
    for number in range(events - 1):
        EventFactory(course=CourseFactory(title=f"Course {number}", partnerships=[partnership]))
    with django_assert_num_queries(4):
        programme(client, partnership)
