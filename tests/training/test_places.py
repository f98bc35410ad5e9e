"""Places for people with an account: their own organisation's, or everybody's for whoever runs the training."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from openpyxl import load_workbook

from tests.factories import EventFactory, PlaceFactory
from tests.factories_training import PractitionerFactory
from tests.plans.test_plan_page import count_queries
from training.models import Place, Practitioner, TrainingMail
from training.places.booking_many import Person, people_of
from training.places.bookings import ask_for_place, cancel_place, confirm_place
from training.tasks import keep_places

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
Status = Place.Status


@pytest.fixture
def small(event):
    return EventFactory(course=event.course, capacity=2)


def booked(event, organisation, *, at=NOW, **fields):
    practitioner = PractitionerFactory(organisation=organisation, **fields)
    return confirm_place(ask_for_place(event, practitioner=practitioner, at=at), at=at)


def url(name, record):
    return reverse(f"training:{name}", args=[record.pk])


def text_of(response):
    return " ".join(response.content.decode().split())


def said(response):
    return [str(each) for each in get_messages(response.wsgi_request)]


def status_of(*places):
    now = dict(Place.objects.values_list("pk", "status"))
    return [now[place.pk] for place in places]


# Booking several


def test_a_list_is_read_as_it_is_pasted_from_a_sheet():
    text = (
        "Name\tE-mail\n\nPriya Shah\tPriya@NHS.example\tA ramp\nOwen Reed; owen@nhs.example\nShah, Ann, ann@nhs.example"
    )
    assert people_of(text) == (
        [
            Person("Priya Shah", "priya@nhs.example", "A ramp"),
            Person("Owen Reed", "owen@nhs.example"),
            Person("Shah, Ann", "ann@nhs.example"),
        ],
        [],
    )


def test_every_bad_line_is_said_with_its_number():
    people, problems = people_of(
        "Priya <priya@nhs.example>\nOwen Reed\nann@nhs.example\nLee\tlee@nhs\n" + "x" * 130 + "\tx@y.example"
    )
    assert people == [Person("Priya", "priya@nhs.example")]
    assert problems == [
        "Line 2, “Owen Reed”: write an e-mail address in it",
        "Line 3, “ann@nhs.example”: write a name before the address",
        "Line 4, “Lee\tlee@nhs”: lee@nhs is no e-mail address",
        f"Line 5, “{'x' * 60}”: shorten the name",
    ]


def test_a_representative_books_several_of_their_own_at_once(client_of, partner, small, charity):
    page = client_of(partner).post(
        url("event-book", small),
        {
            "organisation": charity.pk,
            "name_1": "Priya Shah",
            "email_1": "Priya@charity.example",
            "needs_1": "A ramp",
            "pasted": "Owen Reed\towen@charity.example\nAnn Lee\tann@charity.example",
        },
    )
    assert (page.status_code, page["Location"]) == (302, url("event-places", small))
    assert said(page) == ["Booked: Priya Shah and Owen Reed", "On the waiting list: Ann Lee"]
    places = small.places.order_by("pk")
    assert [(each.person, each.status, each.booked_by, each.needs) for each in places] == [
        ("Priya Shah", Status.BOOKED, partner, "A ramp"),
        ("Owen Reed", Status.BOOKED, partner, ""),
        ("Ann Lee", Status.WAITING, partner, ""),
    ]
    assert TrainingMail.objects.count() == 3


def test_one_who_cannot_be_booked_stops_nobody_else(client_of, partner, small, charity, hospital):
    there = booked(small, charity, name="Priya Shah", email="priya@charity.example")
    PractitionerFactory(organisation=hospital, email="mole@nhs.example")
    rows = f"Priya\t{there.practitioner.email}\nMole\tmole@nhs.example\nOwen Reed\towen@charity.example"
    page = client_of(partner).post(url("event-book", small), {"organisation": charity.pk, "pasted": rows})
    assert said(page) == [
        "Booked: Owen Reed",
        "Not booked: Priya, priya@charity.example: Priya Shah has a place already: booked.",
        "Not booked: Mole, mole@nhs.example: this address belongs to somebody who is not with Lantern Family Trust. "
        "Ask whoever runs the training",
    ]


def test_whoever_waits_because_of_the_share_is_said_to(client_of, partner, event, charity):
    shared = EventFactory(course=event.course, places_per_organisation=1)
    rows = "Ann\tann@charity.example\nOwen\towen@charity.example"
    page = client_of(partner).post(url("event-book", shared), {"organisation": charity.pk, "pasted": rows})
    assert said(page) == [
        "Booked: Ann",
        "On the waiting list: Owen",
        "They wait though places are free: their organisation has its fair share of this event",
    ]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Enter somebody’s name and work e-mail, or paste a list"),
        ({"name_1": "Ann"}, "Enter the work e-mail of Ann"),
        ({"email_2": "ann@charity.example"}, "Enter the name of whoever has ann@charity.example"),
        ({"name_1": "Ann", "email_1": "ann"}, "Enter an e-mail address like name@example.org"),
        ({"name_1": "Ann", "email_1": "ann@gmail.com"}, "gmail.com is for private addresses"),
        ({"pasted": "Ann\tann@gmail.com"}, "gmail.com is for private addresses"),
        ({"pasted": "Ann"}, "Line 1, “Ann”: write an e-mail address in it"),
        ({"pasted": "Ann a@x.example\nAnn,a@x.example\nB,a@x.example"}, "a@x.example is there twice"),
        ({"pasted": "\n".join(f"P{n},p{n}@x.example" for n in range(61))}, "There are 61"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_booked(client_of, partner, small, charity, typed, words):
    page = client_of(partner).post(url("event-book", small), {"organisation": charity.pk, **typed})
    assert (page.status_code, words in text_of(page)) == (422, True)
    assert (small.places.count(), Practitioner.objects.count()) == (0, 0)
    for name, value in typed.items():
        assert page.context["form"][name].value() == value


def test_a_representative_books_for_nobody_elses_people(
    client_of, partner, training_coordinator, small, charity, hospital
):
    form = client_of(partner).get(url("event-book", small)).context["form"]
    assert (list(form.fields["organisation"].queryset), form.initial["organisation"]) == ([charity], charity.pk)
    body = {"organisation": hospital.pk, "name_1": "Ann", "email_1": "ann@nhs.example"}
    assert client_of(partner).post(url("event-book", small), body).status_code == 422
    assert client_of(training_coordinator).post(url("event-book", small), body).status_code == 302


def test_what_has_begun_is_not_booked(client_of, partner, event, charity):
    past = EventFactory(course=event.course, starts_at=NOW - timedelta(hours=1))
    page = client_of(partner).post(url("event-book", past), {"organisation": charity.pk})
    assert (page.status_code, said(page)) == (302, ["This event has begun."])


# Who sees whom


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("partner", ["Ours"]),
        ("other_partner", ["Theirs"]),
        ("chair", []),
        ("training_coordinator", ["Ours", "Theirs"]),
        ("office", ["Ours", "Theirs"]),
    ],
)
def test_names_are_of_ones_own_people_and_the_line_counts_everybody(
    request, client_of, event, charity, hospital, role, names
):
    one = EventFactory(course=event.course, capacity=0)
    booked(one, charity, name="Ours")
    booked(one, hospital, name="Theirs", at=NOW + timedelta(hours=1))
    page = client_of(request.getfixturevalue(role)).get(url("event-places", one))
    assert [place.person for place in page.context["waiting"]] == names
    assert [name for name in ("Ours", "Theirs") if name in text_of(page)] == names
    assert page.context["waiting_count"] == 2
    rows = client_of(request.getfixturevalue(role)).get(reverse("training:place-list")).context["table"].paginated_rows
    assert [row.record.person for row in rows if row.record.event == one] == names


def test_the_list_is_taken_to_excel_with_all_that_is_known(client_of, partner, small, charity):
    place = booked(small, charity, name="Priya Shah", email="priya@charity.example")
    cancel_place(place, because="Ill", at=NOW)
    page = client_of(partner).get(reverse("training:place-list"), {"export": "xlsx", "status": "cancelled"})
    sheet = load_workbook(BytesIO(page.content)).active
    headings, row = [[cell.value for cell in cells] for cells in sheet.iter_rows()]
    found = dict(zip(headings, row, strict=True))
    assert (found["Person"], found["E-mail"], found["Why it was cancelled"], found["Cancelled late"]) == (
        "Priya Shah",
        "priya@charity.example",
        "Ill",
        "No",
    )


def test_places_are_narrowed_to_what_was_held(client_of, training_coordinator, event, charity):
    past = PlaceFactory(
        event=EventFactory(course=event.course, starts_at=NOW - timedelta(days=9)), organisation=charity
    )
    client, address = client_of(training_coordinator), reverse("training:place-list")
    held = [row.record for row in client.get(address, {"when": "past"}).context["table"].paginated_rows]
    assert (
        held,
        client.get(address).context["row_count"],
        client.get(address, {"when": "all"}).context["row_count"],
    ) == (
        [past],
        1,
        2,
    )


# Changing one


def test_a_representative_gives_back_a_place_and_the_next_has_it(client_of, partner, small, charity, hospital):
    first, _second, third = booked(small, charity), booked(small, hospital), booked(small, hospital)
    client, address = client_of(partner), url("place-cancel", first)
    assert "It costs nothing until 2 February 2027" in text_of(client.get(address))
    assert client.post(address, {"because": ""}).status_code == 422
    assert client.post(address, {"because": "Ill"}).status_code == 302
    assert status_of(first, third) == [Status.CANCELLED, Status.BOOKED]
    assert client.get(url("place-cancel", third)).status_code == 404


def test_a_colleague_comes_instead(client_of, partner, small, charity, hospital):
    place = booked(small, charity, name="Priya Shah")
    PractitionerFactory(organisation=hospital, email="mole@nhs.example", name="Mole")
    client, address = client_of(partner), url("place-swap", place)
    assert client.post(address, {"name": "Mole", "email": "mole@nhs.example"}).status_code == 422
    assert client.post(address, {"name": "Owen", "email": "owen@gmail.com"}).status_code == 422
    page = client.post(address, {"name": "Owen Reed", "email": "owen@charity.example"})
    assert said(page) == ["Owen Reed comes instead of Priya Shah. Both are told"]
    assert list(small.places.taken().values_list("person", flat=True)) == ["Owen Reed"]


def test_whoever_runs_it_gives_a_place_out_of_turn_and_a_representative_does_not(
    client_of, training_coordinator, partner, event, charity
):
    shared = EventFactory(course=event.course, places_per_organisation=1)
    _first, second = booked(shared, charity), booked(shared, charity)
    assert client_of(partner).post(url("place-move", second)).status_code == 403
    assert client_of(training_coordinator).post(url("place-move", second)).status_code == 302
    assert status_of(second) == [Status.BOOKED]
    again = client_of(training_coordinator).post(url("place-move", second))
    assert said(again)[-1].endswith("does not wait any more: booked.")


def test_whoever_runs_it_fills_by_hand(client_of, training_coordinator, event, charity):
    shared = EventFactory(course=event.course, places_per_organisation=1)
    places = [booked(shared, charity, name=f"Person {n}") for n in range(3)]
    client = client_of(training_coordinator)
    assert "Fill free places from the list" in text_of(client.get(url("event-places", shared)))
    assert said(client.post(url("event-fill", shared))) == ["These have a place now: Person 1 and Person 2"]
    assert status_of(*places) == [Status.BOOKED] * 3
    assert said(client.post(url("event-fill", shared)))[-1] == "Nothing is free, or nobody waits"


def test_a_charge_is_waived_with_a_reason_for_a_place_that_would_be_charged(
    client_of, training_coordinator, small, charity
):
    good, late = booked(small, charity), booked(small, charity)
    cancel_place(late, because="Ill", at=datetime(2027, 2, 8, 9, tzinfo=UTC))
    client = client_of(training_coordinator)
    assert said(client.post(url("place-waive", good), {"waived_because": "x"})) == ["Nothing is charged for this place"]
    seen = client.get(url("place-waive", late)).context["form"]["seen"].value()
    assert client.post(url("place-waive", late), {"waived_because": "In hospital", "seen": seen}).status_code == 302
    assert Place.objects.get(pk=late.pk).waived_because == "In hospital"
    assert "In hospital" in text_of(client.get(url("place-detail", late)))


# The worker, and what pages cost


def test_the_worker_lets_go_and_fills_and_a_second_run_does_nothing(small, charity, event, time_machine):
    ask_for_place(small, practitioner=PractitionerFactory(organisation=charity), at=NOW)
    shared = EventFactory(course=event.course, places_per_organisation=1, shares_until_on=date(2027, 1, 15), capacity=2)
    places = [booked(shared, charity) for _ in range(3)]
    time_machine.move_to(datetime(2027, 1, 16, 9, tzinfo=UTC))
    for _run in range(2):
        keep_places()
        assert (small.places.count(), status_of(*places)) == (0, [Status.BOOKED, Status.BOOKED, Status.WAITING])


@pytest.mark.parametrize("count", [1, 3, 60])
def test_pages_ask_the_database_the_same_however_many_there_are(client_of, training_coordinator, small, charity, count):
    places = [
        PlaceFactory(
            event=small,
            organisation=charity,
            practitioner=PractitionerFactory(organisation=charity),
            status=Status.WAITING if number % 2 else Status.BOOKED,
        )
        for number in range(count)
    ]
    client = client_of(training_coordinator)
    addresses = [reverse("training:place-list"), url("event-places", small), url("place-detail", places[0])]
    counts = [count_queries(client, address) for address in [*addresses, url("event-book", small)]]
    assert counts == [7, 11, 12, 12]
