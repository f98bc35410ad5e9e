"""Places asked for, confirmed, agreed to, given back, and filled from the waiting list."""

from datetime import UTC, date, datetime, timedelta

import pytest

from partnership.refusals import NotNow
from tests.factories import EventFactory, PlaceFactory
from tests.factories_training import PractitionerFactory, TrainingPolicyFactory
from training.models import Place, Practitioner, TrainingMail
from training.places.bookings import (
    agree,
    ask_for_place,
    cancel_place,
    confirm_place,
    decline,
    fill_everywhere,
    fill_places,
    let_go,
    move_up,
    swap_person,
    take_place,
)
from training.places.waiting_list import offered, standing_in_line

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Status = Place.Status


@pytest.fixture
def course(event):
    return event.course


@pytest.fixture
def small(course):
    """Two places, on 9 February. Working days before: five of them begin on 2 February."""
    return EventFactory(course=course, capacity=2)


@pytest.fixture
def agreed(course):
    """As ``small``, on a course for which managers agree."""
    course.is_agreement_needed = True
    course.save()
    return EventFactory(course=course, capacity=2)


def ask(event, organisation, *, at=NOW, **fields):
    practitioner = fields.pop("practitioner", None) or PractitionerFactory(organisation=organisation)
    return ask_for_place(event, practitioner=practitioner, at=at, **fields)


def confirmed(event, organisation, *, at=NOW, **fields):
    return confirm_place(ask(event, organisation, at=at, **fields), at=at)


def statuses(*places):
    now = {place.pk: place.status for place in Place.objects.all()}
    return [now.get(place.pk) for place in places]


def mails(place):
    return list(TrainingMail.objects.filter(place=place).order_by("pk").values_list("kind", "address"))


# Asking and confirming


def test_a_place_asked_for_without_an_account_holds_nothing_until_it_is_confirmed(small, hospital):
    places = [ask(small, hospital) for _ in range(3)]
    assert statuses(*places) == [Status.UNCONFIRMED] * 3
    assert small.places.taken().count() == 0
    confirm_place(places[2], at=NOW + HOUR)
    assert statuses(*places) == [Status.UNCONFIRMED, Status.UNCONFIRMED, Status.BOOKED]
    address = places[2].practitioner.email
    assert mails(places[2]) == [("confirm", address), ("booked", address)]


def test_confirmed_twice_is_booked_and_told_once(small, hospital):
    place = confirmed(small, hospital)
    assert confirm_place(place, at=NOW + HOUR).status == Status.BOOKED
    assert [kind for kind, _address in mails(place)] == ["confirm", "booked"]
    assert Place.objects.get(pk=place.pk).confirmed_at == NOW


def test_a_full_event_puts_people_on_the_list_in_the_order_in_which_they_confirmed(small, hospital, charity):
    asked = [ask(small, hospital) for _ in range(5)]
    for number, place in enumerate(reversed(asked)):
        confirm_place(place, at=NOW + HOUR * number)
    assert statuses(*asked) == [Status.WAITING] * 3 + [Status.BOOKED] * 2
    assert list(small.places.waiting()) == [asked[2], asked[1], asked[0]]
    assert [standing_in_line(Place.objects.get(pk=each.pk)) for each in asked] == [(3, 3), (2, 3), (1, 3), None, None]


def test_a_clock_that_goes_backwards_puts_nobody_before_somebody_who_was_there(small, hospital):
    [confirmed(small, hospital) for _ in range(2)]
    first = confirmed(small, hospital, at=NOW + HOUR)
    second = confirmed(small, hospital, at=NOW)
    assert list(small.places.waiting()) == [first, second]


def test_asked_again_before_confirming_it_is_one_place_with_what_was_said_last(small, hospital):
    person = PractitionerFactory(organisation=hospital)
    first = ask(small, hospital, practitioner=person, needs="A ramp")
    again = ask(small, hospital, practitioner=person, needs="A hearing loop", at=NOW + HOUR)
    assert (first, Place.objects.get(pk=first.pk).needs) == (again, "A hearing loop")
    assert [kind for kind, _address in mails(first)] == ["confirm", "confirm"]


def test_asked_again_by_somebody_who_is_booked_changes_nothing_and_tells_them(small, hospital):
    place = confirmed(small, hospital)
    again = ask(small, hospital, practitioner=place.practitioner, needs="Mischief", at=NOW + HOUR)
    assert (again, statuses(place), Place.objects.get(pk=place.pk).needs) == (place, [Status.BOOKED], "")
    assert [kind for kind, _address in mails(place)] == ["confirm", "booked", "booked"]


def test_an_address_gets_three_mails_an_hour_from_the_public_form_however_often_it_is_filled_in(
    today, course, hospital
):
    person = PractitionerFactory(organisation=hospital)
    for _ in range(3):
        event = EventFactory(course=course)
        for minute in range(4):
            ask(event, hospital, practitioner=person, at=NOW + timedelta(minutes=minute))
    assert TrainingMail.objects.filter(address=person.email).count() == 3
    TrainingMail.objects.update(made_at=NOW - HOUR)
    ask(event, hospital, practitioner=person, at=NOW + timedelta(minutes=5))
    assert TrainingMail.objects.filter(address=person.email).count() == 4


def test_whoever_cancelled_can_book_again_and_comes_last(small, hospital):
    first, second, third = [confirmed(small, hospital, at=NOW + HOUR * number) for number in range(3)]
    cancel_place(first, because="Ill", at=NOW + 4 * HOUR)
    again = confirmed(small, hospital, practitioner=first.practitioner, at=NOW + 5 * HOUR)
    assert again != first
    assert statuses(first, second, third, again) == [Status.CANCELLED, Status.BOOKED, Status.BOOKED, Status.WAITING]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"cancelled_at": NOW, "cancelled_because": "Snow"}, "This event is cancelled."),
        ({"starts_at": NOW - HOUR}, "This event has begun."),
        ({"books_until_on": date(2027, 1, 11)}, "Booking closed on 11 January 2027."),
    ],
)
def test_nobody_books_what_is_cancelled_begun_or_closed(course, hospital, fields, words):
    event = EventFactory(course=course, **fields)
    with pytest.raises(NotNow, match=words):
        ask(event, hospital)
    assert event.places.count() == 0


def test_whoever_runs_the_training_books_after_it_closed_and_a_representative_does_not(
    course, hospital, training_coordinator, partner
):
    event = EventFactory(course=course, books_until_on=date(2027, 1, 11))
    assert ask(event, hospital, by=training_coordinator).status == Status.BOOKED
    with pytest.raises(NotNow):
        ask(event, hospital, by=partner)


def test_an_account_books_straight_on_and_is_told_of_whoever_has_a_place(small, charity, partner):
    place = ask(small, charity, by=partner)
    assert (place.status, place.booked_by, mails(place)) == (
        Status.BOOKED,
        partner,
        [("booked", place.practitioner.email)],
    )
    with pytest.raises(NotNow, match="has a place already: booked"):
        ask(small, charity, practitioner=place.practitioner, by=partner)


def test_an_account_makes_sure_of_a_place_that_waits_to_be_confirmed(small, charity, partner):
    place = ask(small, charity)
    assert ask(small, charity, practitioner=place.practitioner, by=partner) == place
    assert statuses(place) == [Status.BOOKED]


# The manager


def test_a_place_is_kept_while_the_manager_is_asked(agreed, hospital):
    first = confirmed(agreed, hospital, manager_email="Boss@nhs.example")
    second = confirmed(agreed, hospital, manager_email="boss@nhs.example")
    third = confirmed(agreed, hospital, manager_email="boss@nhs.example")
    assert statuses(first, second, third) == [Status.AGREEMENT, Status.AGREEMENT, Status.WAITING]
    assert mails(first)[-1] == ("agree", "boss@nhs.example")
    assert first.agree_by_at == NOW + 5 * DAY
    assert agree(first, at=NOW + DAY).status == Status.BOOKED
    assert agree(first, at=NOW + DAY).status == Status.BOOKED
    assert [kind for kind, _address in mails(first)] == ["confirm", "agree", "booked"]


def test_a_manager_who_declines_frees_the_place_for_the_next_whose_manager_is_asked_too(agreed, hospital):
    first, second, third = [confirmed(agreed, hospital, manager_email="boss@nhs.example") for _ in range(3)]
    declined = decline(first, because="No cover that day", at=NOW + DAY)
    assert declined.cancelled_because == "The manager did not agree: No cover that day"
    assert statuses(first, second, third) == [Status.CANCELLED, Status.AGREEMENT, Status.AGREEMENT]
    assert mails(first)[-1] == ("declined", first.practitioner.email)
    assert mails(third)[-1] == ("agree", "boss@nhs.example")
    assert decline(first, because="No cover that day", at=NOW + DAY) == first
    with pytest.raises(NotNow):
        agree(first, at=NOW + DAY)


def test_without_a_managers_address_whoever_has_an_account_answers_for_the_agreement(agreed, charity, partner):
    assert ask(agreed, charity, by=partner).status == Status.BOOKED
    asked = ask(agreed, charity, by=partner, manager_email="boss@charity.example")
    assert asked.status == Status.AGREEMENT


def test_a_place_is_never_kept_beyond_the_beginning(course, hospital):
    course.is_agreement_needed = True
    course.save()
    event = EventFactory(course=course, starts_at=NOW + 3 * DAY)
    assert confirmed(event, hospital, manager_email="b@nhs.example").agree_by_at == event.starts_at


# Letting go


def test_what_nobody_confirms_in_time_is_gone_and_so_is_somebody_known_by_nothing_else(small, hospital):
    known = PractitionerFactory(organisation=hospital)
    confirmed(small, hospital, practitioner=known)
    other = EventFactory(course=small.course)
    lapsed = [ask(other, hospital, practitioner=known), ask(other, hospital)]
    assert let_go(at=NOW + 47 * HOUR) == 0
    assert let_go(at=NOW + 48 * HOUR) == 2
    assert let_go(at=NOW + 48 * HOUR) == 0
    assert statuses(*lapsed) == [None, None]
    assert list(Practitioner.objects.all()) == [known]


def test_what_no_manager_agrees_to_in_time_goes_to_the_next_and_twice_is_once(agreed, hospital):
    first, second, third, fourth = [confirmed(agreed, hospital, manager_email="boss@nhs.example") for _ in range(4)]
    agree(second, at=NOW)
    assert let_go(at=NOW + 5 * DAY) == 1
    assert let_go(at=NOW + 5 * DAY) == 0
    assert statuses(first, second, third, fourth) == [
        Status.CANCELLED,
        Status.BOOKED,
        Status.AGREEMENT,
        Status.WAITING,
    ]
    assert mails(first)[-1] == ("cancelled", first.practitioner.email)
    with pytest.raises(NotNow, match="given back"):
        agree(first, at=NOW + 5 * DAY)


def test_whoever_asks_again_has_the_whole_time_again(small, hospital):
    person = PractitionerFactory(organisation=hospital)
    ask(small, hospital, practitioner=person)
    ask(small, hospital, practitioner=person, at=NOW + 47 * HOUR)
    assert (let_go(at=NOW + 48 * HOUR), let_go(at=NOW + 95 * HOUR)) == (0, 1)


def test_the_policy_says_how_long(small, hospital, partnership):
    small.course.run_by = partnership
    small.course.save()
    TrainingPolicyFactory(partnership=partnership, confirm_hours=2)
    ask(small, hospital)
    assert (let_go(at=NOW + HOUR), let_go(at=NOW + 2 * HOUR)) == (0, 1)


# Giving back and filling


def test_a_cancelled_place_goes_to_whoever_waits_longest(small, hospital, charity):
    first, _second, third, fourth = [confirmed(small, each) for each in (hospital, charity, hospital, charity)]
    cancelled = cancel_place(first, because="Court that day", at=NOW + DAY)
    assert (cancelled.cancelled_because, cancelled.is_late) == ("Court that day", False)
    assert statuses(first, third, fourth) == [Status.CANCELLED, Status.BOOKED, Status.WAITING]
    assert [kind for kind, _address in mails(first)] == ["confirm", "booked", "cancelled"]
    assert [kind for kind, _address in mails(third)] == ["confirm", "waiting", "booked"]
    cancel_place(first, because="Again", at=NOW + DAY)
    assert statuses(fourth) == [Status.WAITING]


@pytest.mark.parametrize(("day", "is_late"), [(date(2027, 2, 2), False), (date(2027, 2, 3), True)])
def test_late_counts_in_working_days_and_only_what_was_booked(small, hospital, day, is_late):
    places = [confirmed(small, hospital) for _ in range(3)]
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    assert cancel_place(places[2], because="Waited long enough", at=at).is_late is False
    assert cancel_place(places[0], because="Ill", at=at).is_late is is_late


def test_nobody_gives_back_what_has_begun(small, hospital):
    place = confirmed(small, hospital)
    with pytest.raises(NotNow, match="has begun"):
        cancel_place(place, because="Ill", at=small.starts_at)


def test_more_capacity_lets_in_those_next_in_line(small, hospital):
    places = [confirmed(small, hospital) for _ in range(5)]
    small.capacity = 4
    small.save()
    assert fill_places(small, at=NOW) == places[2:4]
    assert fill_places(small, at=NOW) == []
    assert statuses(*places) == [Status.BOOKED] * 4 + [Status.WAITING]


def test_the_list_fills_by_itself_until_two_days_before_and_then_by_hand(small, hospital, training_coordinator):
    places = [confirmed(small, hospital) for _ in range(3)]
    cancel_place(places[0], because="Ill", at=small.starts_at - DAY)
    assert fill_places(small, at=small.starts_at - DAY) == []
    assert statuses(places[2]) == [Status.WAITING]
    assert fill_places(small, at=small.starts_at - DAY, by=training_coordinator) == [places[2]]


def test_in_the_last_days_whoever_is_next_may_take_the_place_and_nobody_else(small, hospital):
    places = [confirmed(small, hospital) for _ in range(4)]
    late = small.starts_at - DAY
    assert offered(small, at=late) == []
    cancel_place(places[0], because="Ill", at=late)
    assert offered(small, at=late) == [places[2].pk]
    with pytest.raises(NotNow):
        take_place(places[3], at=late)
    newcomer = confirmed(small, hospital, at=late)
    assert newcomer.status == Status.WAITING
    assert take_place(places[2], at=late).status == Status.BOOKED
    assert take_place(places[2], at=late).status == Status.BOOKED
    assert offered(small, at=late) == []


# Fair shares


@pytest.fixture
def shared(course):
    """Four places; two for an organisation until 29 January."""
    return EventFactory(course=course, capacity=4, places_per_organisation=2, shares_until_on=date(2027, 1, 29))


def test_an_organisation_at_its_share_waits_though_places_are_free(shared, hospital, charity):
    ours = [confirmed(shared, hospital) for _ in range(3)]
    theirs = confirmed(shared, charity)
    assert statuses(*ours, theirs) == [Status.BOOKED, Status.BOOKED, Status.WAITING, Status.BOOKED]


def test_whoever_is_at_their_share_is_passed_over_while_shares_count(shared, hospital, charity):
    ours = [confirmed(shared, hospital) for _ in range(4)]
    theirs = [confirmed(shared, charity) for _ in range(3)]
    assert statuses(*ours, *theirs) == [
        *[Status.BOOKED, Status.BOOKED, Status.WAITING, Status.WAITING],
        *[Status.BOOKED, Status.BOOKED, Status.WAITING],
    ]
    cancel_place(theirs[0], because="Ill", at=NOW + DAY)
    assert statuses(*ours[2:], theirs[2]) == [Status.WAITING, Status.WAITING, Status.BOOKED]


def test_when_shares_end_free_places_go_to_whoever_waits_longest(shared, hospital, charity):
    ours = [confirmed(shared, hospital) for _ in range(4)]
    theirs = confirmed(shared, charity)
    assert fill_everywhere(at=datetime(2027, 1, 29, 12, tzinfo=UTC)) == 0
    assert fill_everywhere(at=datetime(2027, 1, 30, 0, 5, tzinfo=UTC)) == 1
    assert fill_everywhere(at=datetime(2027, 1, 30, 0, 5, tzinfo=UTC)) == 0
    assert statuses(*ours, theirs) == [
        *[Status.BOOKED, Status.BOOKED, Status.BOOKED, Status.WAITING],
        Status.BOOKED,
    ]


def test_by_hand_nothing_stays_free_though_all_who_wait_are_at_their_share(
    course, hospital, charity, training_coordinator
):
    event = EventFactory(course=course, capacity=4, places_per_organisation=1)
    ours = [confirmed(event, hospital, at=NOW + HOUR * number) for number in range(3)]
    theirs = [confirmed(event, charity, at=NOW + HOUR * number) for number in range(4, 6)]
    given = fill_places(event, at=NOW + DAY, by=training_coordinator)
    assert given == [ours[1], ours[2]]
    assert statuses(*theirs) == [Status.BOOKED, Status.WAITING]


# Whoever runs it


def test_somebody_is_moved_up_out_of_turn_where_a_place_is_free_and_nowhere_else(shared, hospital):
    ours = [confirmed(shared, hospital) for _ in range(4)]
    assert move_up(ours[3], at=NOW).status == Status.BOOKED
    with pytest.raises(NotNow, match="does not wait"):
        move_up(ours[3], at=NOW)
    move_up(ours[2], at=NOW)
    with pytest.raises(NotNow, match="No place is free"):
        move_up(confirmed(shared, hospital), at=NOW)


def test_somebody_comes_instead_within_the_organisation_and_overtakes_nobody(small, hospital, charity, partner):
    first, second, third = [confirmed(small, each) for each in (hospital, charity, charity)]
    instead = PractitionerFactory(organisation=hospital, name="Owen Reed")
    place = swap_person(first, practitioner=instead, at=small.starts_at - DAY, by=partner)
    assert (place.person, place.status, place.organisation) == ("Owen Reed", Status.BOOKED, hospital)
    first.refresh_from_db()
    assert (first.status, first.cancelled_because, first.is_late) == (
        Status.CANCELLED,
        "Owen Reed comes instead.",
        False,
    )
    assert statuses(second, third) == [Status.BOOKED, Status.WAITING]
    assert [mails(each)[-1][0] for each in (first, place)] == ["cancelled", "booked"]
    with pytest.raises(NotNow, match="not with"):
        swap_person(second, practitioner=PractitionerFactory(organisation=hospital), at=NOW, by=partner)
    with pytest.raises(NotNow, match="Only a place"):
        swap_person(third, practitioner=PractitionerFactory(organisation=charity), at=NOW, by=partner)


def test_whoever_waits_and_comes_instead_of_a_colleague_waits_no_more(small, hospital, charity, partner):
    first, _second, third = [confirmed(small, each) for each in (hospital, charity, hospital)]
    assert swap_person(first, practitioner=third.practitioner, at=NOW, by=partner) == third
    assert statuses(first, third) == [Status.CANCELLED, Status.BOOKED]


def test_a_place_without_an_address_of_old_is_cancelled_without_a_mail(event, charity):
    place = PlaceFactory(event=event, organisation=charity)
    assert cancel_place(place, because="Ill", at=NOW).status == Status.CANCELLED
    assert mails(place) == []
