"""Events: added, held again, moved with everybody told, called off; and what nobody can get wrong."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from partnership.deadlines import deadlines
from partnership.refusals import NotNow
from tests.factories import CourseFactory, EventFactory, PlaceFactory
from tests.factories_training import EventTrainerFactory, PractitionerFactory
from training.models import Event, Place, TrainingMail
from training.places.bookings import ask_for_place
from training.programme.changing import call_off, change_event

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def url(name, record):
    return reverse(f"training:{name}", args=[record.pk])


def text_of(response):
    return response.content.decode()


def day(name, day):
    parts = ("", "", "") if day is None else (str(day.day), str(day.month), str(day.year))
    return dict(zip((f"{name}_day", f"{name}_month", f"{name}_year"), parts, strict=True))


def people(*lines, initial=()):
    """The lines of who trains: (name, organisation, days); ``initial`` are the keys of those that stood there."""
    data = {"people-TOTAL_FORMS": str(len(lines)), "people-INITIAL_FORMS": str(len(initial))}
    for number, (name, organisation, days) in enumerate(lines):
        data |= {f"people-{number}-name": name, f"people-{number}-organisation": organisation}
        data |= {f"people-{number}-days": days}
        if number < len(initial):
            data[f"people-{number}-id"] = str(initial[number])
    return data


def answers(**more):
    return {
        **day("day", date(2027, 6, 8)),
        "starts": "9:30",
        "ends": "12.30",
        "length": "0.5",
        "venue": "Old library",
        "link": "",
        "joining": "Park behind the library.",
        "trainers": "Named nurse",
        "capacity": "20",
        "is_public": "on",
        **people(),
    } | more


def problems_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


@pytest.fixture
def course(event):
    return event.course


@pytest.fixture
def booked(event, charity):
    """The one who is booked, with an address; another waits, one gave the place back."""
    place = event.places.get()
    place.practitioner = PractitionerFactory(organisation=charity, email="priya@charity.example")
    place.save()
    for number, status in enumerate([Place.Status.WAITING, Place.Status.CANCELLED]):
        practitioner = PractitionerFactory(organisation=charity, email=f"other{number}@charity.example")
        PlaceFactory(event=event, organisation=charity, practitioner=practitioner, status=status)
    return place


def mailed(kind):
    return sorted(TrainingMail.objects.filter(kind=kind).values_list("address", flat=True))


# Adding


def test_the_coordinator_adds_an_event_in_local_time_with_its_trainers(
    client_of, training_coordinator, course, charity
):
    sent = answers(**people(("Named nurse", str(charity.pk), "0.5"), ("", "", "0.5")), starts="2.30 pm", ends="16:00")
    response = client_of(training_coordinator).post(url("event-add", course), sent)
    made = Event.objects.get(venue="Old library")
    assert (response.status_code, response.url) == (302, made.get_absolute_url())
    assert made.starts_at == datetime(2027, 6, 8, 13, 30, tzinfo=UTC)  # an hour before, in summer
    assert made.ends_at == datetime(2027, 6, 8, 15, 0, tzinfo=UTC)
    assert list(made.people.values_list("name", "organisation", "days")) == [("Named nurse", charity.pk, 0.5)]


def test_added_twice_it_is_one_event(client_of, training_coordinator, course):
    for _ in range(2):
        client_of(training_coordinator).post(url("event-add", course), answers())
    assert Event.objects.filter(venue="Old library").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"ends": "9:00"}, "ends", "It starts at 09:30. Enter a later time for its end"),
        ({"ends": ""}, "ends", "Enter when it ends"),
        (day("last_day", date(2027, 6, 7)), "last_day", "It begins on 8 June 2027. Enter a later day"),
        (day("day", date(2207, 6, 8)), "day", "Check the year"),
        ({"capacity": "0"}, "capacity", "Enter 1 or more"),
        ({"capacity": "twenty"}, "capacity", "Enter a whole number, in figures"),
        ({"places_per_organisation": "21"}, "places_per_organisation", "There are 20 places. Enter 20 or fewer"),
        (day("shares_until_on", date(2027, 6, 1)), "places_per_organisation", "Enter the fair share that ends"),
        (day("books_until_on", date(2027, 6, 9)), "books_until_on", "The event is on 8 June 2027"),
        ({"length": "0"}, "length", "Enter 0.05 days or more"),
        ({"venue": " "}, "venue", "Enter where it is held"),
        ({"link": "javascript:alert(1)"}, "link", "Enter a web address that starts with https://"),
        (day("day", date(2027, 3, 28)) | {"starts": "1:30"}, "starts", "The clocks change in that hour"),
    ],
)
def test_nonsense_is_refused_with_what_to_do_and_nothing_typed_is_lost(
    client_of, training_coordinator, course, wrong, field, words
):
    response = client_of(training_coordinator).post(url("event-add", course), answers(joining="Bring a pen.", **wrong))
    assert response.status_code == 422
    assert [field] == [name for name, errors in problems_of(response).items() if words in errors[0]]
    assert "Bring a pen." in text_of(response)
    assert not Event.objects.filter(joining="Bring a pen.").exists()


def test_a_line_of_trainers_without_a_name_is_refused(client_of, training_coordinator, course, charity):
    sent = answers(**people(("", str(charity.pk), "1")))
    response = client_of(training_coordinator).post(url("event-add", course), sent)
    assert response.status_code == 422
    assert "Enter who trains, or empty the whole line" in text_of(response)


def test_a_course_over_two_days_ends_on_its_last_day(client_of, training_coordinator, course):
    client_of(training_coordinator).post(url("event-add", course), answers(**day("last_day", date(2027, 6, 9))))
    assert Event.objects.get(venue="Old library").ends_at == datetime(2027, 6, 9, 11, 30, tzinfo=UTC)


def test_it_is_held_again_as_it_was_but_for_the_day(client_of, training_coordinator, event, charity):
    EventTrainerFactory(event=event, organisation=charity, name="Named nurse")
    Event.objects.filter(pk=event.pk).update(joining="Park behind.", capacity=31)
    shown = client_of(training_coordinator).get(url("event-again", event))
    offered = shown.context["form"].initial
    assert (offered["joining"], offered["capacity"], offered["starts"]) == ("Park behind.", 31, "09:30")
    assert "day" not in offered
    assert shown.context["rows"].forms[0].initial["name"] == "Named nurse"
    sent = answers(venue="Town Hall", **people(("Named nurse", str(charity.pk), "0.5")))
    client_of(training_coordinator).post(url("event-again", event), sent)
    copy = Event.objects.exclude(pk=event.pk).get()
    assert [each.name for each in copy.people.all()] == [each.name for each in event.people.all()]
    assert copy.places.count() == 0


def test_a_retired_course_is_not_held_again(client_of, training_coordinator, event):
    event.course.retired_on = date(2027, 1, 4)
    event.course.save()
    for name, record in (("event-add", event.course), ("event-again", event)):
        response = client_of(training_coordinator).post(url(name, record), answers())
        assert (response.status_code, response.url) == (302, event.course.get_absolute_url())
    assert Event.objects.count() == 1


# Changing


@pytest.mark.parametrize(
    ("fields", "is_told"),
    [
        ({"starts_at": datetime(2027, 2, 10, 9, 30, tzinfo=UTC)}, True),
        ({"ends_at": datetime(2027, 2, 9, 16, 0, tzinfo=UTC)}, True),
        ({"venue": "Old library"}, True),
        ({"link": "https://meet.example/1"}, True),
        ({"joining": "Room 4"}, True),
        ({"capacity": 25, "trainers": "Two nurses", "is_public": False, "length": 1}, False),
        ({"books_until_on": date(2027, 2, 1), "places_per_organisation": 4}, False),
        ({"venue": "Town Hall"}, False),  # as it was
    ],
)
def test_everybody_concerned_is_told_of_what_moves_and_of_nothing_else(event, booked, fields, is_told):
    outcome = change_event(event, at=NOW, **fields)
    told_to = ["other0@charity.example", "priya@charity.example"] if is_told else []
    assert (mailed("moved"), outcome.told_count, outcome.event.sequence) == (told_to, len(told_to), int(is_told))


def test_moved_twice_they_are_told_twice_and_the_invitation_counts_on(event, booked):
    for venue in ("Old library", "New library"):
        change_event(event, at=NOW, venue=venue)
    event.refresh_from_db()
    assert (event.sequence, len(mailed("moved"))) == (2, 4)


def test_nobody_is_told_of_what_is_corrected_afterwards(event, booked):
    later = event.starts_at + timedelta(days=3)
    assert change_event(event, at=later, venue="Old library").told_count == 0
    assert mailed("moved") == []


def test_more_room_goes_to_whoever_waits(event, booked):
    Event.objects.filter(pk=event.pk).update(capacity=1)
    change_event(event, at=NOW, capacity=2)
    assert sorted(event.places.values_list("status", flat=True)) == ["booked", "booked", "cancelled"]
    assert mailed("booked") == ["other0@charity.example"]


def test_there_are_never_fewer_places_than_are_taken(client_of, training_coordinator, event, charity):
    PlaceFactory(event=event, organisation=charity)
    client = client_of(training_coordinator)
    response = client.post(url("event-change", event), answers(capacity="1"))
    assert problems_of(response) == {"capacity": ["2 places are taken. Enter 2 or more, or cancel places first"]}
    assert client.post(url("event-change", event), answers(capacity="2")).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_place_asked_for_while_places_are_taken_away_is_never_one_too_many(
    client_of, training_coordinator, event, charity
):
    """Whoever comes second waits for the first, and then finds what is left."""
    Event.objects.filter(pk=event.pk).update(capacity=2)
    practitioner = PractitionerFactory(organisation=charity)
    client, start = client_of(training_coordinator), Barrier(2)

    def lower():
        start.wait()
        client.post(url("event-change", event), answers(venue="Town Hall", capacity="1"))
        connection.close()

    def book():
        start.wait()
        ask_for_place(event, practitioner=practitioner, at=NOW, by=training_coordinator)
        connection.close()

    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(lower), pool.submit(book)]:
            done.result()
    event.refresh_from_db()
    taken = event.places.taken().count()
    assert taken <= event.capacity
    assert (taken, event.capacity, event.places.waiting().count()) in [(2, 2, 0), (1, 1, 1)]


def test_saving_says_how_many_are_told(client_of, training_coordinator, event, booked):
    PlaceFactory(event=event)  # from an old log, without an address
    PlaceFactory(event=event, status=Place.Status.WAITING, practitioner=PractitionerFactory())
    Event.objects.filter(pk=event.pk).update(capacity=2)
    response = client_of(training_coordinator).post(url("event-change", event), answers(capacity="3"), follow=True)
    words = "3 people are told by e-mail. 1 person is without an e-mail address here: tell them yourself."
    assert f"{words} 1 who waited has a place now." in text_of(response)


def test_the_form_shows_local_hours_and_saved_untouched_it_changes_nothing(client_of, training_coordinator, event):
    Event.objects.filter(pk=event.pk).update(
        starts_at=datetime(2027, 6, 8, 8, 30, tzinfo=UTC), ends_at=datetime(2027, 6, 8, 11, 30, tzinfo=UTC)
    )
    client = client_of(training_coordinator)
    form = client.get(url("event-change", event)).context["form"]
    assert [form.initial[name] for name in ("day", "starts", "ends", "last_day")] == [
        date(2027, 6, 8),
        "09:30",
        "12:30",
        None,
    ]
    event.refresh_from_db()
    client.post(url("event-change", event), answers(venue="Town Hall", joining="", trainers="", ends="12:30"))
    event.refresh_from_db()
    assert (event.starts_at, event.sequence) == (datetime(2027, 6, 8, 8, 30, tzinfo=UTC), 0)


def test_two_who_change_one_event_see_both_versions(client_of, training_coordinator, office, event):
    seen = client_of(training_coordinator).get(url("event-change", event)).context["form"]["seen"].value()
    client_of(office).post(url("event-change", event), answers(venue="New library", **day("day", date(2027, 2, 9))))
    mine = answers(venue="Old library", seen=seen, **day("day", date(2027, 2, 9)))
    late = client_of(training_coordinator).post(url("event-change", event), mine)
    assert late.status_code == 409
    assert "It now says “New library”" in text_of(late)
    assert 'value="Old library"' in text_of(late)
    event.refresh_from_db()
    assert event.venue == "New library"
    again = mine | {"seen": late.context["form"]["seen"].value()}
    assert client_of(training_coordinator).post(url("event-change", event), again).status_code == 302
    event.refresh_from_db()
    assert event.venue == "Old library"


def test_an_emptied_line_takes_the_trainer_out_and_one_taken_out_meanwhile_is_said(
    client_of, training_coordinator, event, charity
):
    trainer = EventTrainerFactory(event=event, organisation=charity, name="Named nurse")
    gone = answers(**people(("", "", ""), initial=[trainer.pk]))
    client = client_of(training_coordinator)
    assert client.post(url("event-change", event), gone).status_code == 302
    assert event.people.count() == 0
    still = answers(**people(("Named nurse", "", "1"), initial=[trainer.pk]))
    response = client.post(url("event-change", event), still)
    assert response.status_code == 422
    assert "Somebody has taken out one of those who train meanwhile" in text_of(response)


def test_what_was_held_is_not_moved_to_a_day_to_come(event):
    Event.objects.filter(pk=event.pk).update(starts_at=NOW - timedelta(days=9), register_closed_at=NOW)
    with pytest.raises(NotNow):
        change_event(event, at=NOW, starts_at=NOW + timedelta(days=9))
    change_event(event, at=NOW, starts_at=NOW - timedelta(days=8))


# Calling off


def test_called_off_everybody_concerned_is_told_once_and_it_leaves_the_deadlines(
    client_of, training_coordinator, event, booked
):
    key = f"event:{event.pk}"
    assert key in {each.key for each in deadlines(on=NOW.date())}
    client = client_of(training_coordinator)
    for because in ("The hall is flooded.", "Said twice."):
        client.post(url("event-call-off", event), {"because": because})
    event.refresh_from_db()
    assert (event.cancelled_because, event.sequence) == ("The hall is flooded.", 1)
    assert mailed("off") == ["other0@charity.example", "priya@charity.example"]
    assert key not in {each.key for each in deadlines(on=NOW.date())}


def test_a_reason_is_asked_for(client_of, training_coordinator, event):
    response = client_of(training_coordinator).post(url("event-call-off", event), {"because": " "})
    assert (response.status_code, problems_of(response)) == (422, {"because": ["Enter why it is called off"]})


def test_nothing_of_a_called_off_event_changes_any_more(client_of, training_coordinator, event, booked):
    call_off(event, because="The hall is flooded.", at=NOW)
    response = client_of(training_coordinator).post(url("event-change", event), answers(), follow=True)
    assert "This event was called off" in text_of(response)
    with pytest.raises(NotNow):
        change_event(event, at=NOW, venue="Old library")
    event.refresh_from_db()
    assert (event.venue, mailed("moved")) == ("Town Hall", [])
    page = text_of(client_of(training_coordinator).get(event.get_absolute_url()))
    assert "The hall is flooded." in page
    assert url("event-change", event) not in page


def test_what_was_held_is_not_called_off(event):
    Event.objects.filter(pk=event.pk).update(register_closed_at=NOW)
    with pytest.raises(NotNow):
        call_off(event, because="Nobody came.", at=NOW)


def test_members_find_it_in_the_calendar_of_the_partnership_until_it_is_called_off(
    client_of, partner, event, partnership
):
    place = f"{reverse('partnership:calendar')}?month=2027-02&whose=all"
    assert event.course.title in text_of(client_of(partner).get(place))
    call_off(event, because="The hall is flooded.", at=NOW)
    assert event.course.title not in text_of(client_of(partner).get(place))


# Who reads what


@pytest.mark.parametrize(
    ("role", "is_shown"), [("training_coordinator", True), ("office", True), ("partner", False), ("advisor", False)]
)
def test_how_to_join_is_for_whoever_runs_the_training(request, client_of, event, role, is_shown):
    Event.objects.filter(pk=event.pk).update(link="https://meet.example/secret", joining="Code 4711")
    EventTrainerFactory(event=event, name="Somebody by name")
    page = text_of(client_of(request.getfixturevalue(role)).get(event.get_absolute_url()))
    words = ("meet.example/secret", "Code 4711", "Somebody by name")
    assert [each in page for each in words] == [is_shown] * 3


def test_how_to_join_stands_in_no_history_that_others_read(client_of, training_coordinator, partner, event):
    change_event(event, at=NOW, joining="Code 4711")
    history = reverse("partnership:record-history", args=["training.event", event.pk])
    assert "Code 4711" in text_of(client_of(training_coordinator).get(history))
    assert client_of(partner).get(history).status_code == 403


def test_the_programme_is_narrowed_by_places(client_of, partner, event, partnership):
    course = event.course
    full = EventFactory(course=course, capacity=1)
    PlaceFactory(event=full)
    PlaceFactory(event=full, status=Place.Status.WAITING)
    off = EventFactory(course=course, cancelled_at=NOW, cancelled_because="Ill")
    client = client_of(partner)

    def listed(**asked):
        page = client.get(reverse("training:event-list"), asked)
        return [row.record for row in page.context["table"].paginated_rows]

    assert listed(places="left") == [event]
    assert listed(places="full") == listed(places="waiting") == [full]
    assert listed(places="cancelled") == [off]
    assert listed(mode="online") == []


def test_a_course_of_two_partnerships_counts_each_place_once(client_of, office, event, partnership):
    assert event.course.partnerships.count() == 2
    page = client_of(office).get(reverse("training:event-list"), {"partnership": partnership.pk})
    assert [(row.record, row.record.booked_count) for row in page.context["table"].paginated_rows] == [(event, 1)]


# The calendar


def test_the_calendar_shows_the_events_of_its_month(client_of, partner, event, far_partnership):
    EventFactory(course=CourseFactory(title="Far away", partnerships=[far_partnership]), starts_at=event.starts_at)
    EventFactory(course=event.course, starts_at=datetime(2027, 2, 28, 23, 30, tzinfo=UTC), venue="Late room")
    client = client_of(partner)
    shown = client.get(reverse("training:calendar"), {"month": "2027-02"})
    assert shown.context["count"] == 2
    assert "Far away" not in text_of(shown)
    assert client.get(reverse("training:calendar")).context["count"] == 0
    listed = text_of(client.get(reverse("training:calendar"), {"month": "2027-02", "view": "list"}))
    assert "Late room" in listed
    assert client.get(reverse("training:calendar"), {"month": "nonsense", "view": "x"}).status_code == 200


@pytest.mark.parametrize("events", [1, 3])
def test_the_calendar_asks_as_often_for_three_as_for_one(client_of, partner, event, django_assert_num_queries, events):
    for _ in range(events - 1):
        EventFactory(course=event.course)
    client = client_of(partner)
    with django_assert_num_queries(7):
        client.get(reverse("training:calendar"), {"month": "2027-02"})


@pytest.mark.parametrize("trainers", [1, 3])
def test_the_form_asks_as_often_for_three_trainers_as_for_one(
    client_of, training_coordinator, event, charity, hospital, django_assert_num_queries, trainers
):
    for number in range(trainers):
        EventTrainerFactory(event=event, organisation=charity, name=f"Nurse {number}")
    client = client_of(training_coordinator)
    with django_assert_num_queries(10):
        client.get(url("event-change", event))
