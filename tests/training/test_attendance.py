"""Who was there: ticked, signed in by code, added by hand; the register closed and opened again."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from partnership.refusals import ChangedMeanwhile, NotNow
from tests.factories import CourseFactory, EventFactory, PlaceFactory
from tests.factories_training import PractitionerFactory
from training.attendance import register as attendance
from training.links import PLACE, token_of
from training.models import Place, PlaceStatus, Practitioner, TrainingMail

STARTS = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)
AT = STARTS + timedelta(minutes=1)
SIGN_IN = reverse("training:sign-in")
Status = Place.Status


@pytest.fixture(autouse=True)
def clean_counts():
    cache.clear()


@pytest.fixture
def event(partnership):
    """This morning, from half past nine to half past twelve."""
    course = CourseFactory(partnerships=[partnership])
    return EventFactory(
        course=course,
        starts_at=STARTS,
        ends_at=STARTS + timedelta(hours=3),
        capacity=3,
        sign_in_code="ACD347",
    )


@pytest.fixture
def place(event, charity):
    person = PractitionerFactory(name="Priya Shah", organisation=charity, email="priya@lantern.example")
    return PlaceFactory(event=event, organisation=charity, practitioner=person, person="Priya Shah")


@pytest.fixture
def waiting(event, hospital):
    person = PractitionerFactory(name="Wanda Wait", organisation=hospital, email="wanda@hospital.example")
    return PlaceFactory(
        event=event, organisation=hospital, practitioner=person, person="Wanda Wait", status=Status.WAITING
    )


def register_url(event, page="register", *more):
    return reverse(f"training:{page}", args=[event.pk, *more])


def press(client, place, do, **more):
    return client.post(register_url(place.event, "register-mark", place.pk), {"do": do, **more})


def told(response):
    return [str(message) for message in response.wsgi_request._messages]


# Ticking


def test_a_press_is_kept_by_itself_and_can_be_taken_back(client_of, training_coordinator, place, today):
    client = client_of(training_coordinator)
    assert press(client, place, "came").url == f"{register_url(place.event)}#place-{place.pk}"
    place.refresh_from_db()
    assert (place.status, place.signed_in_how) == (Status.ATTENDED, Place.How.LIST)
    assert place.signed_in_at is not None
    press(client, place, "undo")
    place.refresh_from_db()
    assert (place.status, place.signed_in_at, place.signed_in_how) == (Status.BOOKED, None, "")
    press(client, place, "missed", words="priya")
    place.refresh_from_db()
    assert place.status == Status.MISSED


def test_a_list_that_was_narrowed_stays_so(client_of, training_coordinator, place, today):
    response = press(client_of(training_coordinator), place, "came", words="pri sh")
    assert response.url == f"{register_url(place.event)}?words=pri+sh#place-{place.pk}"


def test_ticked_twice_is_there_once_from_the_first_moment(place, office):
    attendance.mark(place, Status.ATTENDED, by=office, at=AT)
    attendance.mark(place, Status.ATTENDED, by=office, at=AT + timedelta(minutes=9))
    place.refresh_from_db()
    assert place.signed_in_at == AT


def test_somebody_who_is_there_cannot_be_said_not_to_have_come_by_a_page_read_earlier(place, office):
    attendance.mark(place, Status.ATTENDED, by=office, at=AT)
    with pytest.raises(NotNow, match="was there"):
        attendance.mark(place, Status.MISSED, by=office, at=AT)


def test_somebody_who_waited_and_came_waits_again_when_that_is_undone(waiting, office):
    attendance.mark(waiting, Status.ATTENDED, by=office, at=AT)
    assert attendance.mark(waiting, "", by=office, at=AT).status == Status.WAITING


def test_nobody_is_ticked_before_the_day_or_at_an_event_that_was_called_off(place, office):
    yesterday = STARTS - timedelta(days=1)
    with pytest.raises(NotNow, match="still to come"):
        attendance.mark(place, Status.ATTENDED, by=office, at=yesterday)
    place.event.cancelled_at, place.event.cancelled_because = yesterday, "Snow"
    place.event.save()
    with pytest.raises(NotNow, match="called off"):
        attendance.mark(place, Status.ATTENDED, by=office, at=AT)


def test_everyone_came_but_those_of_whom_something_else_is_known(event, place, waiting, charity, office):
    missed = PlaceFactory(event=event, organisation=charity, status=Status.MISSED)
    PlaceFactory(event=event, organisation=charity, person="Another")
    assert attendance.everyone_came(event, by=office, at=AT) == 2
    missed.refresh_from_db()
    waiting.refresh_from_db()
    assert (missed.status, waiting.status) == (Status.MISSED, Status.WAITING)


def test_who_ticked_is_in_the_history(client_of, training_coordinator, place, today):
    press(client_of(training_coordinator), place, "came")
    last = place.events.order_by("-pgh_id").first()
    assert last.status == Status.ATTENDED
    assert last.pgh_context.metadata["user"] == training_coordinator.pk


@pytest.mark.django_db(transaction=True)
def test_two_people_ticking_at_once_both_count(event, charity, office, training_coordinator):
    places = [PlaceFactory(event=event, organisation=charity, person=f"Person {number}") for number in range(8)]

    def tick(number):
        by = office if number % 2 else training_coordinator
        try:
            return attendance.mark(places[number % 8], Status.ATTENDED, by=by, at=AT).status
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(tick, range(16))) == {Status.ATTENDED}
    assert event.places.filter(status=Status.ATTENDED).count() == 8


@pytest.mark.django_db(transaction=True)
def test_a_room_that_signs_in_at_once_and_twice_is_there_once_each(event, charity):
    people = [PractitionerFactory(organisation=charity, email=f"p{number}@l.example") for number in range(10)]
    for person in people:
        PlaceFactory(event=event, organisation=charity, practitioner=person, person=person.email)

    def press(number):
        try:
            return attendance.sign_in("ACD347", f"p{number % 10}@l.example", at=AT + timedelta(seconds=number)).is_new
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        is_new = list(pool.map(press, range(30)))
    assert (sum(is_new), len(is_new)) == (10, 30)
    assert event.places.filter(status=Status.ATTENDED, signed_in_how=Place.How.CODE).count() == 10


# The page


def test_the_page_says_how_many_are_there_and_finds_by_name_or_organisation(
    client_of, office, event, place, waiting, today
):
    attendance.mark(place, Status.ATTENDED, by=office, at=AT)
    client = client_of(office)
    page = client.get(register_url(event))
    assert "1 of 1</strong> signed in" in page.content.decode()
    found = [
        [each.person for each in page.context["expected"] + page.context["aside"]]
        for page in (client.get(register_url(event), {"words": words}) for words in ("", "wanda", "lantern", "nobody"))
    ]
    assert found == [["Priya Shah", "Wanda Wait"], ["Wanda Wait"], ["Priya Shah"], []]


def test_the_register_is_for_whoever_runs_the_training(client_of, event, place, people_of_training):
    answers = {role: client_of(user).get(register_url(event)).status_code for role, user in people_of_training.items()}
    assert answers == {"office": 200, "training_coordinator": 200, "partner": 403, "chair": 403, "stranger": 404}


@pytest.fixture
def people_of_training(office, training_coordinator, partner, chair, stranger):
    return {
        "office": office,
        "training_coordinator": training_coordinator,
        "partner": partner,
        "chair": chair,
        "stranger": stranger,
    }


def test_somebody_at_two_events_at_once_is_pointed_out(client_of, office, event, place, far_partnership, today):
    at_once = EventFactory(course=CourseFactory(title="Far course", partnerships=[far_partnership]), starts_at=AT)
    later = EventFactory(course=event.course, starts_at=STARTS + timedelta(hours=4))
    for other in (at_once, later):
        PlaceFactory(
            event=other, organisation=place.organisation, practitioner=place.practitioner, status=Status.ATTENDED
        )
    assert client_of(office).get(register_url(event)).context["clash_count"] == 0
    attendance.mark(place, Status.ATTENDED, by=office, at=AT)
    page = client_of(office).get(register_url(event))
    assert page.context["clash_count"] == 1
    assert "an event of another partnership" in page.content.decode()
    assert "Far course" not in page.content.decode()


@pytest.mark.parametrize("count", [1, 3, 60])
def test_register_query_count(client_of, office, event, charity, today, django_assert_num_queries, count):
    for number in range(count):
        person = PractitionerFactory(organisation=charity)
        PlaceFactory(
            event=event,
            organisation=charity,
            practitioner=person,
            person=f"Person {number}",
            status=[Status.ATTENDED, Status.BOOKED, Status.WAITING][number % 3],
        )
    client = client_of(office)
    client.get(register_url(event))
    with django_assert_num_queries(10):  # session, user, standing, partnerships, event, course, places, clashes
        client.get(register_url(event))


# Somebody who is not on the list


WALK_IN = {"name": "Tom  Late", "email": "Tom@Lantern.example", "organisation": "Lantern Family Trust"}


def test_somebody_who_is_not_on_the_list_is_there_and_becomes_known(client_of, office, event, charity, today):
    response = client_of(office).post(register_url(event, "register-add"), WALK_IN)
    place = event.places.get()
    assert response.url == f"{register_url(event)}#place-{place.pk}"
    assert (place.person, place.status, place.organisation) == ("Tom Late", Status.ATTENDED, charity)
    assert place.practitioner.email == "tom@lantern.example"
    assert attendance.mark(place, "", by=office, at=AT).status == Status.CANCELLED


def test_who_is_on_the_list_already_is_ticked_there(client_of, office, event, waiting, place, today):
    for person, organisation in ((waiting, "St Brannoc’s Hospital Trust"), (place, "Lantern Family Trust")):
        body = {"name": "Another name", "email": person.practitioner.email, "organisation": organisation}
        client_of(office).post(register_url(event, "register-add"), body)
    assert sorted(event.places.values_list("person", "status")) == [
        ("Priya Shah", Status.ATTENDED),
        ("Wanda Wait", Status.ATTENDED),
    ]


def test_one_more_than_planned_is_a_decision(client_of, office, event, charity, today):
    for number in range(3):
        PlaceFactory(event=event, organisation=charity, person=f"Person {number}")
    url, client = register_url(event, "register-add"), client_of(office)
    page = client.post(url, WALK_IN)
    assert page.status_code == 422
    assert "Tick that they may stay although every place is taken" in page.content.decode()
    assert page.context["form"]["name"].value() == WALK_IN["name"]
    assert client.post(url, WALK_IN | {"is_over": "on"}).status_code == 302
    assert event.places.count() == 4


def test_a_private_address_is_refused_as_it_is_in_booking(client_of, office, event, charity, today):
    page = client_of(office).post(register_url(event, "register-add"), WALK_IN | {"email": "tom@gmail.com"})
    assert page.context["form"].errors == {"email": ["Enter their work address: this one is private"]}
    assert not Practitioner.objects.exists()


# The code


def test_codes_have_no_letters_that_look_alike_and_another_ends_the_one_before(event, place, office):
    codes = {attendance.start_code(event, by=office, at=AT) for _ in range(40)}
    assert len(codes) > 30
    assert all(re.fullmatch(r"[ACDEFHJKMNPRTUWXY3479]{6}", code) for code in codes)
    assert attendance.sign_in("ACD347", place.practitioner.email, at=AT) is None


def signs_in(client, code="acd 347", email="PRIYA@lantern.example"):
    return client.post(SIGN_IN, {"code": code, "email": email})


def test_code_and_work_address_sign_in_and_a_second_time_keeps_the_first(client, place, today):
    assert "You are signed in" in signs_in(client).content.decode()
    place.refresh_from_db()
    assert (place.status, place.signed_in_how) == (Status.ATTENDED, Place.How.CODE)
    first = place.signed_in_at
    assert f"You were signed in at {first:%H:%M}" in signs_in(client).content.decode()
    place.refresh_from_db()
    assert place.signed_in_at == first


def test_ticked_and_signed_in_is_one_attendance_from_the_tick(place, office):
    attendance.mark(place, Status.ATTENDED, by=office, at=AT)
    done = attendance.sign_in("ACD347", place.practitioner.email, at=AT + timedelta(minutes=5))
    assert (done.is_new, done.place.signed_in_at, done.place.signed_in_how) == (False, AT, Place.How.LIST)


def test_said_not_to_have_come_and_came_late(place, office):
    attendance.mark(place, Status.MISSED, by=office, at=AT)
    assert attendance.sign_in("ACD347", place.practitioner.email, at=AT).is_new


def test_a_wrong_code_a_wrong_address_and_no_place_are_answered_the_same(client, place, waiting, today):
    def shown(page):
        said = re.sub(r'value="[^"]*"', "", page.content.decode())
        return page.status_code, re.sub(r"nonce[^>]*|X-CSRFToken[^>]*", "", said)

    pages = [
        shown(signs_in(client, code="WWWWWW")),
        shown(signs_in(client, email="nobody@lantern.example")),
        shown(signs_in(client, email=waiting.practitioner.email)),
        shown(signs_in(client, code="W", email="nobody@lantern.example")),
    ]
    assert pages[0][0] == 422
    assert pages == [pages[0]] * 4
    assert shown(signs_in(client))[0] == 200


@pytest.mark.parametrize(
    ("after_start", "is_let_in"),
    [(timedelta(minutes=-61), False), (timedelta(minutes=-59), True), (timedelta(hours=5), True)]
    + [(timedelta(hours=5, minutes=1), False)],
)
def test_a_code_works_from_an_hour_before_until_two_hours_after(place, after_start, is_let_in):
    done = attendance.sign_in("ACD347", place.practitioner.email, at=STARTS + after_start)
    assert (done is not None) is is_let_in


def test_no_code_signs_in_where_none_was_made(event, place):
    event.sign_in_code = ""
    event.save()
    assert attendance.sign_in("", place.practitioner.email, at=AT) is None


def test_a_code_is_of_one_event_alone(event, place, hospital):
    other = EventFactory(course=event.course, starts_at=STARTS, sign_in_code="EEEEEE")
    PlaceFactory(event=other, organisation=hospital, practitioner=PractitionerFactory(email="x@h.example"))
    assert attendance.sign_in("ACD347", "x@h.example", at=AT) is None
    assert attendance.sign_in("EEEEEE", "x@h.example", at=AT).is_new


def test_whoever_tries_addresses_with_a_code_wears_it_out_until_there_is_another(client, event, place, office, today):
    for number in range(100):
        assert signs_in(client, email=f"nobody{number}@lantern.example").status_code == 422
    assert signs_in(client).status_code == 422
    code = attendance.start_code(event, by=office, at=AT)
    assert signs_in(client, code=code).status_code == 200


def test_many_tries_from_one_address_are_too_often(client, place, today):
    answers = [signs_in(client, code=f"WWW{number:03}").status_code for number in range(301)]
    assert (set(answers[:-1]), answers[-1]) == ({422}, 429)


def test_from_ones_own_place_page_the_code_is_enough(client, place, today):
    url = reverse("training:place-sign-in", args=[token_of(PLACE, place)])
    assert client.get(url).status_code == 405
    assert client.post(url, {"code": "WWWWWW"}).status_code == 422
    assert Place.objects.get(pk=place.pk).status == Status.BOOKED
    assert "You are signed in" in client.post(url, {"code": "acd347"}).content.decode()
    assert client.post(reverse("training:place-sign-in", args=["none"]), {"code": "ACD347"}).status_code == 404


def test_the_screen_shows_code_and_address(client_of, office, event, place, today):
    page = client_of(office).get(register_url(event, "register-code")).content.decode()
    assert "http://testserver/training/sign-in/" in page
    assert ("<span>ACD</span>" in page, "<span>347</span>" in page) == (True, True)
    client_of(office).post(register_url(event, "register-code"))
    event.refresh_from_db()
    assert event.sign_in_code != "ACD347"


# Closing


def test_closing_names_those_who_did_not_come_and_mails_the_others(client_of, office, event, place, waiting, today):
    missed = PlaceFactory(event=event, organisation=place.organisation, person="Nora None")
    attendance.mark(place, Status.ATTENDED, by=office, at=AT)
    client = client_of(office)
    after = STARTS + timedelta(hours=4)
    page = client.get(register_url(event, "register-close"))
    assert [each.person for each in page.context["register"].unmarked] == ["Nora None"]
    assert not TrainingMail.objects.exists()
    closed = attendance.close_register(event, by=office, at=after, seen=[missed.pk])
    assert [each.pk for each in closed] == [missed.pk]
    for each in (missed, place, waiting, event):
        each.refresh_from_db()
    assert (missed.status, place.status, waiting.status) == (Status.MISSED, Status.ATTENDED, Status.WAITING)
    assert event.register_closed_at == after
    assert list(TrainingMail.objects.values_list("kind", "address", "place")) == [
        (TrainingMail.Kind.CERTIFICATE, "priya@lantern.example", place.pk)
    ]
    assert attendance.close_register(event, by=office, at=after) == []
    with pytest.raises(NotNow, match="register is closed"):
        attendance.mark(missed, Status.ATTENDED, by=office, at=after)
    assert attendance.sign_in("ACD347", "nobody@x.example", at=AT) is None


def test_nobody_is_said_to_have_missed_it_whom_the_page_did_not_name(event, place, charity, office):
    with pytest.raises(ChangedMeanwhile):
        attendance.close_register(event, by=office, at=AT, seen=[])
    event.refresh_from_db()
    assert event.register_closed_at is None
    attendance.mark(place, Status.ATTENDED, by=office, at=AT)
    assert attendance.close_register(event, by=office, at=AT, seen=[place.pk]) == []


def test_the_page_is_shown_again_where_the_list_changed(client_of, office, event, place, today):
    event.starts_at = STARTS - timedelta(hours=1)
    event.save()
    client, url = client_of(office), register_url(event, "register-close")
    page = client.post(url, {"seen": ""})
    assert (page.status_code, page.context["has_changed"]) == (409, True)
    assert client.post(url, {"seen": f"{place.pk} "}).status_code == 302
    place.refresh_from_db()
    assert place.status == Status.MISSED


def test_it_is_not_closed_before_it_begins(event, place, office):
    with pytest.raises(NotNow, match="not begun"):
        attendance.close_register(event, by=office, at=STARTS - timedelta(minutes=1))


def test_opened_again_and_put_right_only_whoever_is_new_is_mailed(event, place, charity, office):
    late = PlaceFactory(
        event=event, organisation=charity, practitioner=PractitionerFactory(email="late@l.example"), person="Late"
    )
    attendance.mark(place, Status.ATTENDED, by=office, at=AT)
    attendance.close_register(event, by=office, at=AT)
    attendance.reopen_register(event, by=office)
    late.refresh_from_db()
    assert late.status == Status.MISSED
    attendance.mark(late, "", by=office, at=AT)
    attendance.mark(late, Status.ATTENDED, by=office, at=AT)
    attendance.close_register(event, by=office, at=AT)
    assert sorted(TrainingMail.objects.values_list("address", flat=True)) == [
        "late@l.example",
        "priya@lantern.example",
    ]
    closings = [each.register_closed_at for each in event.events.order_by("pgh_id")]
    assert closings == [None, AT, None, AT]


def test_a_closed_register_cannot_be_signed_into_but_says_who_was_there(event, place, charity, office):
    missed = PlaceFactory(
        event=event, organisation=charity, practitioner=PractitionerFactory(email="m@l.example"), person="M"
    )
    attendance.mark(place, Status.ATTENDED, by=office, at=AT)
    attendance.close_register(event, by=office, at=AT)
    assert attendance.sign_in("ACD347", missed.practitioner.email, at=AT) is None
    assert attendance.sign_in("ACD347", place.practitioner.email, at=AT).is_new is False


def test_statuses_of_the_register_are_all_that_there_are():
    kept = {*attendance.SIGN_IN, *attendance.ASIDE, PlaceStatus.CANCELLED}
    assert kept == set(PlaceStatus)
