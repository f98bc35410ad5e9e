"""Training: the programme, and who may read whose names."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from tests.factories import CourseFactory, EventFactory, PlaceFactory

LIST = reverse("training:event-list")


@pytest.fixture
def held(event):
    """The same course, last November."""
    return EventFactory(course=event.course, starts_at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC))


@pytest.fixture
def far_event(far_partnership):
    return EventFactory(course=CourseFactory(title="Far away", partnerships=[far_partnership]))


def listed(page):
    return [row.record for row in page.context["table"].paginated_rows]


def test_what_is_still_to_come_shows_unless_asked(client_of, partner, event, held):
    client = client_of(partner)
    pages = [client.get(LIST, {"when": when} if when else {}) for when in ("", "past", "all", "nonsense")]
    assert [listed(page) for page in pages] == [[event], [held], [held, event], [event]]


def test_the_programme_can_be_narrowed_to_a_course(client_of, partner, event, partnership):
    other = EventFactory(course=CourseFactory(title="Another course", partnerships=[partnership]))
    page = client_of(partner).get(LIST, {"course": other.course_id})
    assert listed(page) == [other]


def test_another_partnerships_programme_is_not_ours(client_of, partner, stranger, event, far_event):
    assert listed(client_of(partner).get(LIST)) == [event]
    assert listed(client_of(stranger).get(LIST)) == [far_event]
    assert client_of(partner).get(LIST, {"course": far_event.course_id}).context["filter"].form.errors
    assert client_of(stranger).get(event.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("partner", ["Somebody Booked"]),
        ("other_partner", ["Somebody Else"]),
        ("chair", []),
        ("advisor", []),
        ("office", ["Somebody Booked", "Somebody Else"]),
        ("training_coordinator", ["Somebody Booked", "Somebody Else"]),
    ],
)
def test_names_are_ones_own_peoples_and_counts_are_everyones(request, client_of, event, hospital, role, names):
    PlaceFactory(event=event, organisation=hospital, person="Somebody Else")
    page = client_of(request.getfixturevalue(role)).get(event.get_absolute_url())
    assert [place.person for place in page.context["places"]] == names
    assert [name for name in ("Somebody Booked", "Somebody Else") if name in page.content.decode()] == names
    assert [(row["organisation__name"], row["taken_count"]) for row in page.context["organisations"]] == [
        ("Lantern Family Trust", 1),
        ("St Brannoc’s Hospital Trust", 1),
    ]


def test_waiting_and_cancelled_places_are_not_taken(client_of, office, event, charity):
    PlaceFactory(event=event, organisation=charity, status="waiting")
    PlaceFactory(event=event, organisation=charity, status="cancelled")
    page = client_of(office).get(event.get_absolute_url())
    assert (page.context["taken_count"], page.context["waiting_count"]) == (1, 1)


def test_the_public_programme_tells_of_no_person(client, event, partnership):
    hidden = EventFactory(course=event.course, is_public=False)
    page = client.get(reverse("training:public-programme", args=[partnership.slug]))
    assert list(page.context["events"]) == [event]
    assert hidden.pk != event.pk
    assert "Somebody Booked" not in page.content.decode()


def test_an_empty_programme_teaches(client_of, partner):
    assert b"No event is coming" in client_of(partner).get(LIST).content


def test_places_are_counted_before_an_event_and_people_after_it(client_of, office, event, held, charity):
    PlaceFactory(event=held, organisation=charity, status="attended")
    page = client_of(office).get(LIST, {"when": "all", "export": "csv"}).content.decode("utf-8-sig")
    assert page.splitlines() == [
        "Course,When,Where,How,For whom,Places taken,Places in all,Places left,Came",
        "Safer sleep for every home visitor,2026-11-03 09:30:00,Town Hall,In a room,,1,20,,1",
        "Safer sleep for every home visitor,2027-02-09 09:30:00,Town Hall,In a room,,1,20,19 left,",
    ]


@pytest.mark.parametrize("events", [1, 3, 60])
def test_list_query_count(client_of, partner, event, django_assert_num_queries, events):
    for _ in range(events - 1):
        EventFactory(course=event.course)
    client = client_of(partner)
    with django_assert_num_queries(9):  # session, user, savepoint (2), standing, count, courses, public, events
        client.get(LIST)


@pytest.mark.parametrize("places", [1, 3])
def test_page_query_count(client_of, office, event, charity, django_assert_num_queries, places):
    for _ in range(places - 1):
        PlaceFactory(event=event, organisation=charity)
    client = client_of(office)
    with django_assert_num_queries(11):
        client.get(event.get_absolute_url())
