"""Figures of training: counted once, beside the year before, for whoever may know, and never with a name."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tests.factories import CourseFactory, EventFactory, OrganisationFactory, PlaceFactory
from tests.factories_training import EventTrainerFactory, LearningNeedFactory, NeedsAnalysisFactory
from training.figures.counting import Stretch, Tally, figures_of_training, year_of
from training.models import Event, Place, PlaceStatus

PAGE = reverse("training:figures")
YEAR = Stretch(date(2026, 4, 1), date(2027, 3, 31))
NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def held(course, *, month=11, year=2026, **fields):
    return EventFactory(course=course, starts_at=datetime(year, month, 10, 9, 30, tzinfo=UTC), **fields)


def places(event, organisation, *statuses, **fields):
    return [PlaceFactory(event=event, organisation=organisation, status=each, **fields) for each in statuses]


def figures(stretch=YEAR, at=NOW, **asked):
    return figures_of_training(Event.objects.all(), stretch, at=at, **asked)


def test_every_place_is_counted_once_under_what_became_of_it(today, partnership):
    course, own = CourseFactory(partnerships=[partnership]), OrganisationFactory()
    event = held(course, capacity=20)
    places(event, own, *PlaceStatus)
    places(event, own, PlaceStatus.CANCELLED, is_late=True)
    found = figures()
    assert found.now == Tally(events=1, offered=20, taken=4, attended=1, missed=1, late=1, cancelled=1, unserved=1)
    assert [line.now for line in found.agencies] == [
        Tally(events=1, taken=4, attended=1, missed=1, late=1, cancelled=1, unserved=1)
    ]
    for lines in (found.months, found.courses, found.modes):
        assert sum((line.now for line in lines), Tally()) == found.now


def test_a_running_year_is_laid_beside_as_much_of_the_year_before(today, partnership):
    course, own = CourseFactory(partnerships=[partnership]), OrganisationFactory()
    for year, month in [(2026, 11), (2025, 11), (2026, 2), (2027, 2)]:
        places(held(course, year=year, month=month), own, PlaceStatus.ATTENDED)
    found = figures()
    assert (found.before, found.now.attended, found.then.attended, found.to_come) == (
        Stretch(date(2025, 4, 1), date(2026, 1, 12)),
        1,
        1,
        1,
    )


def test_what_was_called_off_is_counted_by_itself(today, partnership):
    course = CourseFactory(partnerships=[partnership])
    off = held(course, cancelled_at=NOW - timedelta(days=90), cancelled_because="Snow")
    places(off, OrganisationFactory(), PlaceStatus.CANCELLED)
    found = figures()
    assert (found.called_off, found.now, found.courses) == (1, Tally(), [])


def test_trainer_days_are_of_the_agency_that_gave_them(today, partnership):
    course, own = CourseFactory(partnerships=[partnership]), OrganisationFactory(name="Giving agency")
    event = held(course)
    EventTrainerFactory(event=event, organisation=own, days=Decimal("1.5"))
    EventTrainerFactory(event=event, organisation=None, days=1)
    EventTrainerFactory(event=held(course, year=2025), organisation=own, days=1)
    assert [(line.name, line.now, line.before) for line in figures().trainers] == [
        ("Giving agency", Decimal("1.5"), 1),
        ("No agency of ours", 1, 0),
    ]


def test_the_day_before_the_year_is_not_in_it(today, partnership):
    course = CourseFactory(partnerships=[partnership])
    for moment in (datetime(2026, 3, 31, 22, 59, tzinfo=UTC), datetime(2026, 3, 31, 23, 0, tzinfo=UTC)):
        EventFactory(course=course, starts_at=moment)  # 23:59 on the last day of March, and the first of April
    found = figures()
    assert (found.now.events, [event.starts_at.minute for event in found.events]) == (1, [0])


def test_a_year_may_begin_in_any_month(partnership):
    partnership.financial_year_starts_month = 9
    found = year_of(partnership, date(2027, 1, 12))
    assert (found.starts_on, found.ends_on) == (date(2026, 9, 1), date(2027, 8, 31))


@pytest.mark.parametrize("asked", ["year=2025", "starts_on=2025-04-01&ends_on=2026-03-31"])
def test_a_year_or_days_stand_in_the_address(client_of, partner, today, asked):
    page = client_of(partner).get(f"{PAGE}?{asked}")
    assert page.context["stretch"] == Stretch(date(2025, 4, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    "asked", ["year=x", "starts_on=2026-04-01", "starts_on=2027-01-01&ends_on=2026-01-01", "starts_on=x&ends_on=y"]
)
def test_what_makes_no_sense_is_said_and_this_year_shown(client_of, partner, today, asked):
    page = client_of(partner).get(f"{PAGE}?{asked}")
    assert (page.status_code, page.context["stretch"], bool(page.context["form"].errors)) == (200, YEAR, True)


def test_members_read_totals_and_nobody_reads_a_name(client_of, partner, other_partner, office, event, today):
    earlier = held(event.course)
    place = PlaceFactory(event=earlier, person="Canary of a name", status=PlaceStatus.ATTENDED)
    for person in (partner, other_partner, office):
        client = client_of(person)
        page = client.get(PAGE).content.decode()
        book = load_workbook(BytesIO(client.get(reverse("training:figures-file")).content))
        cells = [str(cell) for sheet in book for row in sheet.values for cell in row]
        assert place.organisation.name in page
        assert place.organisation.name in cells
        assert not [text for text in [page, *cells] if "Canary of a name" in text]


def test_another_partnerships_training_counts_for_nobody_here(client_of, stranger, event, today):
    PlaceFactory(event=held(event.course), status=PlaceStatus.ATTENDED)
    page = client_of(stranger).get(PAGE)
    assert (page.context["figures"].now, page.context["figures"].agencies) == (Tally(), [])


def test_needs_stand_beside_what_was_held_for_them(client_of, partner, partnership, event, today):
    analysis = NeedsAnalysisFactory(
        partnership=partnership,
        starts_on=YEAR.starts_on,
        ends_on=YEAR.ends_on,
        opens_on=None,
        closes_on=None,
        settled_on=date(2026, 3, 20),
    )
    LearningNeedFactory(analysis=analysis, topic="Seeing sleep", decision="met", courses=[event.course])
    LearningNeedFactory(analysis=analysis, topic="Left", decision="unmet", reasons="No trainer")
    PlaceFactory(event=held(event.course), status=PlaceStatus.ATTENDED)
    needs = client_of(partner).get(PAGE).context["needs"]
    assert [(met.need.topic, met.held.attended, met.left) for met in needs] == [
        ("Seeing sleep", 1, ""),
        ("Left", 0, "No trainer"),
    ]


def test_the_workbook_says_what_the_page_says(client_of, partner, event, today):
    earlier = held(event.course)
    places(earlier, OrganisationFactory(name="An agency"), PlaceStatus.ATTENDED, PlaceStatus.MISSED)
    book = load_workbook(BytesIO(client_of(partner).get(reverse("training:figures-file")).content))
    assert [sheet.title for sheet in book] == [
        "All together",
        "By agency",
        "By month",
        "By course",
        "By way",
        "Trainers",
        "Needs",
        "Evaluation",
        "Own training",
    ]
    assert list(book["By agency"].values)[1][:5] == ("An agency", 1, 0, 2, 1)


def queries_with(count, client, course, count_queries):
    for number in range(count - Event.objects.filter(course=course).count()):
        event = held(course, month=4 + number % 8)
        places(event, OrganisationFactory(), Place.Status.ATTENDED, Place.Status.MISSED)
        EventTrainerFactory(event=event)
    return count_queries(client)


def test_any_number_of_events_takes_the_same_queries(
    client_of, partner, partnership, today, django_assert_max_num_queries
):
    course, client = CourseFactory(partnerships=[partnership]), client_of(partner)

    def asked(client):
        with django_assert_max_num_queries(60) as caught:
            client.get(PAGE)
        return len(caught)

    counts = [queries_with(count, client, course, asked) for count in (1, 3, 10, 60)]
    assert len(set(counts)) == 1, counts
