"""Booking without an account: the public form, one's own place by its link, and what a manager is asked."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import EventFactory, OrganisationFactory, PlaceFactory
from tests.factories_training import PractitionerFactory, TrainingPolicyFactory, WorkRoleFactory
from tests.plans.test_plan_page import count_queries
from training.links import MANAGER, PLACE, token_of
from training.models import Place, Practitioner, TrainingMail
from training.places.bookings import ask_for_place, cancel_place, confirm_place

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
Status = Place.Status
SECRET = "https://meet.example/secret-room"


@pytest.fixture
def course(event):
    return event.course


@pytest.fixture
def small(course):
    return EventFactory(course=course, capacity=1, link=SECRET, joining="Park behind the canary")


def book_url(event, slug="ashford-vale"):
    return reverse("training:public-book", args=[slug, event.pk])


def body(organisation, **more):
    return {"name": "Priya  Shah", "email": "Priya@NHS.example", "organisation": organisation.pk, "job": "Nurse"} | more


def open_url(place):
    return reverse("training:place-open", args=[token_of(PLACE, place)])


def manager_url(place):
    return reverse("training:manager-open", args=[token_of(MANAGER, place)])


def text_of(response):
    return " ".join(response.content.decode().split())


def asked(event, organisation, **fields):
    practitioner = PractitionerFactory(organisation=organisation)
    return ask_for_place(event, practitioner=practitioner, at=NOW, **fields)


def booked(event, organisation, **fields):
    return confirm_place(asked(event, organisation, **fields), at=NOW)


# The public form


def test_anybody_asks_for_a_place_and_it_holds_nothing(small, hospital, client):
    page = client.post(book_url(small), body(hospital, needs="A ramp"))
    place = Place.objects.get(event=small)
    assert (page.status_code, page["Location"]) == (302, f"{book_url(small)}asked/")
    assert (place.person, place.organisation, place.needs, place.status) == (
        "Priya Shah",
        hospital,
        "A ramp",
        Status.UNCONFIRMED,
    )
    assert list(TrainingMail.objects.values_list("kind", "address")) == [("confirm", "priya@nhs.example")]
    assert "You have no place yet" in text_of(client.get(page["Location"]))


def test_the_answer_is_the_same_whether_the_address_is_known_booked_or_neither(small, hospital, client):
    known = PractitionerFactory(organisation=hospital, email="known@nhs.example")
    place = booked(small, hospital)
    answers = []
    for email in ("new@nhs.example", known.email, place.practitioner.email):
        page = client.post(book_url(small), body(hospital, email=email))
        answers.append((page.status_code, page["Location"], page.content, list(page.cookies)))
    assert answers[0] == answers[1] == answers[2]
    assert TrainingMail.objects.filter(address=place.practitioner.email).last().place == place


@pytest.mark.parametrize("email", ["priya@gmail.com", "priya@post.btinternet.com"])
def test_a_private_address_is_refused_and_told_what_to_do_with_all_that_was_typed(small, hospital, client, email):
    page = client.post(book_url(small), body(hospital, email=email, needs="A ramp"))
    assert page.status_code == 422
    assert "Enter the address that your agency gave you, or ask your agency to book for you" in text_of(page)
    assert [page.context["form"][name].value() for name in ("name", "needs")] == ["Priya  Shah", "A ramp"]
    assert Practitioner.objects.count() == 0


def test_a_private_address_does_where_the_course_is_for_everybody(small, course, hospital, client):
    course.is_work_email_needed = False
    course.save()
    assert client.post(book_url(small), body(hospital, email="priya@gmail.com")).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "Enter your name"),
        ({"email": "priya"}, "Enter an e-mail address like name@example.org"),
        ({"organisation": ""}, "Answer “Who do you work or volunteer for?”"),
        ({"organisation": "0"}, "Choose an answer from the list"),
    ],
)
def test_what_is_wrong_is_said(small, hospital, client, wrong, words):
    page = client.post(book_url(small), body(hospital) | wrong)
    assert page.status_code == 422
    assert words in text_of(page)


def test_only_members_can_be_chosen_and_the_page_says_whom_to_ask(small, hospital, charity, client):
    OrganisationFactory(name="Somebody of nowhere")
    page = client.get(book_url(small))
    assert list(page.context["form"].fields["organisation"].queryset) == [charity, hospital]
    assert "If it is not in the list, ask office@example.org before you book" in text_of(page)


@pytest.mark.parametrize(
    ("manager", "words"),
    [
        ("", "Enter your manager’s work e-mail"),
        ("boss@gmail.com", "not a private one"),
        ("priya@nhs.example", "This is your own"),
    ],
)
def test_a_manager_is_asked_for_where_the_course_says_so(small, course, hospital, client, manager, words):
    assert "manager_email" not in client.get(book_url(small)).context["form"].fields
    course.is_agreement_needed = True
    course.save()
    page = client.post(book_url(small), body(hospital, manager_email=manager))
    assert (page.status_code, words in text_of(page)) == (422, True)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"cancelled_at": NOW, "cancelled_because": "Snow"}, "This event is cancelled."),
        ({"starts_at": NOW - timedelta(hours=1)}, "This event has begun."),
        ({"books_until_on": date(2027, 1, 11)}, "Booking closed on 11 January 2027."),
    ],
)
def test_what_cannot_be_booked_says_why_instead_of_a_form(course, hospital, client, fields, words):
    event = EventFactory(course=course, **fields)
    page = client.get(book_url(event))
    assert (page.status_code, words in text_of(page), "Your work e-mail" in text_of(page)) == (200, True, False)
    assert client.post(book_url(event), body(hospital)).status_code == 409
    assert event.places.count() == 0


def test_what_is_not_public_or_not_of_the_partnership_is_not_there(course, event, client):
    hidden = EventFactory(course=course, is_public=False)
    assert client.get(book_url(hidden)).status_code == 404
    assert client.get(book_url(event, slug="farholme")).status_code == 404


def test_the_rule_of_fair_shares_is_said_before_one_books(course, client):
    event = EventFactory(course=course, places_per_organisation=3, shares_until_on=date(2027, 1, 29))
    page = text_of(client.get(book_url(event)))
    assert "One organisation has 3 places at most until 29 January 2027" in page


def test_one_address_cannot_ask_without_end(small, hospital, client):
    statuses = [
        client.post(book_url(small), body(hospital, email=f"p{number}@nhs.example")).status_code for number in range(62)
    ]
    assert (statuses[:60], statuses[60:]) == ([302] * 60, [429] * 2)


# One's own place


def test_following_the_link_changes_nothing_and_a_press_confirms(small, hospital, client):
    place = asked(small, hospital)
    page = client.get(open_url(place))
    assert (page.status_code, page["Cache-Control"], page["Referrer-Policy"]) == (
        200,
        "private, no-store",
        "strict-origin",
    )
    assert "You have no place yet" in text_of(page)
    assert Place.objects.get(pk=place.pk).status == Status.UNCONFIRMED
    assert client.post(open_url(place), {"action": "confirm"}).status_code == 302
    assert "You are booked" in text_of(client.get(open_url(place)))


def test_whoever_confirms_may_say_which_role_is_theirs(small, hospital, partnership, client):
    role = WorkRoleFactory(partnership=partnership, title="Midwife")
    place = asked(small, hospital)
    page = client.post(open_url(place), {"action": "confirm", "role": role.pk})
    assert (page.status_code, Practitioner.objects.get(pk=place.practitioner_id).role) == (302, role)
    strange = asked(EventFactory(course=small.course), hospital)
    assert client.post(open_url(strange), {"action": "confirm", "role": "0"}).status_code == 422


@pytest.mark.parametrize("status", Status.values)
def test_how_to_join_is_read_by_those_who_have_the_place_alone(course, hospital, client, status):
    event = EventFactory(course=course, link=SECRET, joining="Park behind the canary")
    person = PractitionerFactory(organisation=hospital)
    place = PlaceFactory(event=event, organisation=hospital, practitioner=person, status=status)
    Place.objects.filter(pk=place.pk).update(agree_by_at=NOW)
    page = text_of(client.get(open_url(place)))
    is_shown = status in [Status.BOOKED, Status.ATTENDED]
    assert (SECRET in page, "canary" in page) == (is_shown, is_shown)


def test_whoever_waits_reads_where_they_stand(small, hospital, charity, client):
    booked(small, hospital)
    places = [booked(small, charity) for _ in range(3)]
    assert "You are number 2 of 3 on the waiting list" in text_of(client.get(open_url(places[1])))


def test_whoever_waits_though_places_are_free_reads_why(course, charity, client):
    event = EventFactory(course=course, places_per_organisation=1, shares_until_on=date(2027, 1, 29))
    places = [booked(event, charity) for _ in range(2)]
    page = text_of(client.get(open_url(places[1])))
    assert "Your organisation has its share, 1 place, until 29 January 2027." in page


def test_a_place_is_given_back_with_a_reason_and_the_next_has_it(small, hospital, charity, client):
    first, second = booked(small, hospital), booked(small, charity)
    url = f"{open_url(first)}cancel/"
    assert "It costs nothing until 2 February 2027" in text_of(client.get(url))
    assert client.post(url, {"because": " "}).status_code == 422
    assert client.post(url, {"because": "Court that day"}).status_code == 302
    assert "This place was given back" in text_of(client.get(open_url(first)))
    assert "You are booked" in text_of(client.get(open_url(second)))


def test_whoever_is_late_reads_what_it_costs(small, hospital, partnership, course, client, time_machine):
    course.run_by = partnership
    course.save()
    TrainingPolicyFactory(partnership=partnership, is_charging=True, non_attendance_charge=60)
    place = booked(small, hospital)
    time_machine.move_to(datetime(2027, 2, 3, 9, tzinfo=UTC))
    page = text_of(client.get(f"{open_url(place)}cancel/"))
    assert "giving it back was free until 2 February 2027" in page
    assert "may be charged £60.00" in page


def test_in_the_last_days_the_next_in_line_takes_the_place_that_is_offered(
    small, hospital, charity, client, time_machine
):
    first, second, third = booked(small, hospital), booked(small, charity), booked(small, charity)
    time_machine.move_to(small.starts_at - timedelta(days=1))
    cancel_place(first, because="Ill", at=small.starts_at - timedelta(days=1))
    assert "A place is free, and you are next" in text_of(client.get(open_url(second)))
    assert client.post(open_url(third), {"action": "take"}).status_code == 409
    assert client.post(open_url(second), {"action": "take"}).status_code == 302
    assert "You are booked" in text_of(client.get(open_url(second)))


def test_a_wrong_or_ended_link_says_what_to_do_and_is_not_tried_without_end(small, hospital, client):
    place = asked(small, hospital)
    old = open_url(place)
    Place.objects.filter(pk=place.pk).update(generation=2)
    pages = [client.get(url) for url in (old, f"{old[:-1]}x/", "/t/place/nonsense/", manager_url(place))]
    assert [page.status_code for page in pages] == [404] * 4
    assert "Open the link in the newest mail" in text_of(pages[0])
    assert [client.get(old).status_code for _ in range(120)][-4:] == [429] * 4


def test_one_kind_of_link_does_not_open_the_other_page(small, hospital, client):
    place = asked(small, hospital)
    assert client.get(reverse("training:manager-open", args=[token_of(PLACE, place)])).status_code == 404
    assert client.get(reverse("training:place-open", args=[token_of(MANAGER, place)])).status_code == 404


# The manager


@pytest.fixture
def kept(small, course, hospital):
    """A place that waits for the manager."""
    course.is_agreement_needed = True
    course.save()
    return booked(small, hospital, manager_email="boss@nhs.example")


def test_a_manager_reads_who_asks_and_agrees_by_a_press(kept, client):
    page = text_of(client.get(manager_url(kept)))
    assert "Do you agree that Priya Shah takes part?" in page
    assert "17 January 2027" in page
    assert SECRET not in page
    assert client.post(manager_url(kept), {"action": "agree"}).status_code == 302
    assert "You agreed on 12 January 2027" in text_of(client.get(manager_url(kept)))
    assert Place.objects.get(pk=kept.pk).status == Status.BOOKED


def test_a_manager_who_does_not_agree_says_why(kept, client):
    assert client.post(manager_url(kept), {"because": ""}).status_code == 422
    assert client.post(manager_url(kept), {"because": "No cover"}).status_code == 302
    assert "The manager did not agree: No cover" in text_of(client.get(open_url(kept)))


def test_a_manager_who_is_too_late_is_told(kept, client):
    cancel_place(kept, because="Ill", at=NOW)
    page = client.post(manager_url(kept), {"action": "agree"})
    assert page.status_code == 409
    assert "given back meanwhile" in text_of(page)


# Query counts


@pytest.mark.parametrize("waiting", [1, 3, 30])
def test_pages_ask_the_database_the_same_however_many_wait(small, hospital, waiting):
    booked(small, hospital)
    places = [booked(small, hospital) for _ in range(waiting)]
    client = Client()
    assert [count_queries(client, url) for url in (book_url(small), open_url(places[-1]))] == [8, 10]
