"""Charges: each place once, sums that are sums, statements that never change."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from partnership.refusals import NotNow
from tests.factories import CourseFactory, EventFactory, OrganisationFactory, PlaceFactory
from tests.factories_training import EventTrainerFactory
from training.charges.charging import (
    ATTENDED,
    LATE,
    MISSED,
    Given,
    Reckoning,
    Used,
    issue_statement,
    pennies,
    reckonings_of,
)
from training.figures.counting import Stretch
from training.models import ChargeStatement, PlaceStatus, TrainingMail, TrainingPolicy

YEAR = Stretch(date(2025, 4, 1), date(2026, 3, 31))
NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
PAGE = reverse("training:charges")


@pytest.fixture
def policy(partnership):
    return TrainingPolicy.objects.create(partnership=partnership, is_charging=True)


@pytest.fixture
def course(partnership):
    return CourseFactory(partnerships=[partnership], run_by=partnership)


@pytest.fixture
def own(partner):
    return partner.holdings.get().post.organisation


def held(course, length="1", **fields):
    at = datetime(2025, 11, 10, 9, 30, tzinfo=UTC)
    return EventFactory(course=course, starts_at=at, length=Decimal(length), **fields)


def places(event, organisation, *statuses, **fields):
    return [PlaceFactory(event=event, organisation=organisation, status=each, **fields) for each in statuses]


def waive(place):
    place.waived_because = "A child came first"
    place.save()


def reckoning(partnership, organisation):
    return reckonings_of(partnership, YEAR, at=NOW)[organisation]


def test_a_trainer_day_makes_ten_places_free_and_the_rest_is_owed(policy, partnership, course):
    own = OrganisationFactory()
    event = held(course)
    places(event, own, *[PlaceStatus.ATTENDED] * 14)
    EventTrainerFactory(event=event, organisation=own, days=1)
    found = reckoning(partnership, own)
    assert (found.used_days, found.free_days, found.beyond_days, found.owed_days) == (14, 10, 4, Decimal("0.40"))
    assert [(line.what, line.amount) for line in found.lines] == [
        ("Trainer days owed", Decimal("40.00")),
        (MISSED, 0),
        (LATE, 0),
    ]


def test_a_half_day_counts_half_and_only_what_was_used(policy, partnership, course):
    own = OrganisationFactory()
    event = held(course, "0.5")
    places(event, own, *PlaceStatus)  # one attended, one missed; the others cost nothing
    places(event, own, PlaceStatus.CANCELLED, is_late=True)
    found = reckoning(partnership, own)
    assert sorted(place.became for place in found.places) == [ATTENDED, LATE, MISSED]
    assert (found.used_days, found.total) == (Decimal("1.5"), Decimal("115.00"))  # 15 owed, 50 missed, 50 late


def test_a_waived_place_and_what_was_called_off_cost_nothing(policy, partnership, course):
    own = OrganisationFactory()
    [missed] = places(held(course), own, PlaceStatus.MISSED)
    places(
        held(course, cancelled_at=NOW - timedelta(days=500), cancelled_because="Snow"),
        own,
        PlaceStatus.CANCELLED,
        is_late=True,
    )
    assert reckoning(partnership, own).total == Decimal("60.00")
    waive(missed)
    found = reckoning(partnership, own)
    assert (found.total, [place.waived for place in found.places]) == (0, ["A child came first"])


def test_only_who_runs_the_course_charges_for_it(policy, partnership, other_partnership, course):
    own = OrganisationFactory()
    course.partnerships.add(other_partnership)
    places(held(course), own, PlaceStatus.MISSED)
    assert [len(reckonings_of(each, YEAR, at=NOW)) for each in (partnership, other_partnership)] == [1, 0]


DAYS = st.sampled_from(["0.25", "0.5", "1", "1.75"]).map(Decimal)
USED = st.builds(
    Used,
    key=st.integers(1, 999),
    event=st.just("Course"),
    day=st.just(YEAR.starts_on),
    person=st.just("Somebody"),
    became=st.sampled_from([ATTENDED, MISSED, LATE]),
    days=DAYS,
    waived=st.sampled_from(["", "", "Kind"]),
)
GIVEN = st.builds(
    Given, key=st.integers(1, 999), event=st.just("C"), day=st.just(YEAR.starts_on), name=st.just("T"), days=DAYS
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    places=st.lists(USED, max_size=12),
    given_days=st.lists(GIVEN, max_size=5),
    charge=st.decimals("0", "999.99", places=2),
    each=st.decimals("0", "999.99", places=2),
    free=st.integers(1, 30),
    order=st.randoms(use_true_random=False),
)
def test_lines_add_up_in_any_order(places, given_days, charge, each, free, order):
    policy = TrainingPolicy(
        trainer_day_charge=charge, non_attendance_charge=each, free_places_per_trainer_day=free, is_charging=True
    )
    found = Reckoning(policy, places, given_days)
    shuffled = Reckoning(policy, order.sample(places, len(places)), order.sample(given_days, len(given_days)))
    assert found.total == sum(line.amount for line in found.lines) == shuffled.total
    assert found.total == pennies(found.total) >= 0
    assert found.lines == shuffled.lines
    counted = [place for place in places if not place.waived]
    assert found.used_days == sum((place.days for place in counted), Decimal(0))
    assert sum(line.count for line in found.lines[1:]) == sum(place.became != ATTENDED for place in counted)


def test_a_statement_stays_as_it_is_and_a_further_edition_corrects_it(policy, partnership, course, own, office):
    [missed] = places(held(course), own, PlaceStatus.MISSED)
    first = issue_statement(partnership, own, YEAR, by=office, at=NOW)
    for note in ("", "Anything"):
        with pytest.raises(NotNow):  # it says the same
            issue_statement(partnership, own, YEAR, by=office, at=NOW, note=note)
    waive(missed)
    with pytest.raises(NotNow):  # it does not say what it corrects
        issue_statement(partnership, own, YEAR, by=office, at=NOW)
    second = issue_statement(partnership, own, YEAR, by=office, at=NOW, note="A place was waived")
    first.refresh_from_db()
    assert [(each.edition, each.total, each.note) for each in (first, second)] == [
        (1, Decimal("60.00"), ""),
        (2, Decimal("0.00"), "A place was waived"),
    ]


def test_the_organisations_people_hear_of_it_once(policy, partnership, course, own, partner, other_partner, office):
    places(held(course), own, PlaceStatus.MISSED)
    issue_statement(partnership, own, YEAR, by=office, at=NOW)
    told = list(TrainingMail.objects.values_list("address", flat=True))
    assert partner.email in told
    assert other_partner.email not in told
    assert len(told) == len(set(told))


def test_nothing_is_issued_where_nobody_is_charged_or_before_the_days_are_over(partnership, course, own, office):
    places(held(course), own, PlaceStatus.MISSED)
    with pytest.raises(NotNow, match="charges nobody"):
        issue_statement(partnership, own, YEAR, by=office, at=NOW)
    TrainingPolicy.objects.create(partnership=partnership, is_charging=True)
    with pytest.raises(NotNow, match="after that day"):
        issue_statement(partnership, own, Stretch(YEAR.starts_on, date(2027, 3, 31)), by=office, at=NOW)
    with pytest.raises(NotNow, match="used no place"):
        issue_statement(partnership, OrganisationFactory(), YEAR, by=office, at=NOW)
    assert not ChargeStatement.objects.exists()


def test_a_partner_sees_their_own_and_nobody_elses(client_of, partner, own, policy, partnership, course, today):
    event, other = held(course), OrganisationFactory(name="Other agency")
    places(event, own, PlaceStatus.MISSED, person="Own person")
    places(event, other, PlaceStatus.MISSED, person="Canary of a name")
    client = client_of(partner)
    asked = f"starts_on={YEAR.starts_on}&ends_on={YEAR.ends_on}&partnership={partnership.pk}"
    page = client.get(f"{PAGE}?{asked}")
    draft = client.get(reverse("training:charge-draft", args=[partnership.pk, own.pk]) + f"?{asked}")
    hidden = client.get(reverse("training:charge-draft", args=[partnership.pk, other.pk]) + f"?{asked}")
    assert [organisation for organisation, _ in page.context["drafts"]] == [own]
    assert "Own person" in draft.content.decode()
    assert (draft.status_code, hidden.status_code) == (200, 404)
    assert "Canary" not in draft.content.decode() + page.content.decode()


def test_the_coordinator_issues_and_corrects_on_the_page(client_of, office, own, policy, partnership, course, today):
    [missed] = places(held(course), own, PlaceStatus.MISSED)
    client = client_of(office)
    url = reverse("training:charge-draft", args=[partnership.pk, own.pk])
    url += f"?starts_on={YEAR.starts_on}&ends_on={YEAR.ends_on}"
    assert client.post(url).status_code == 302
    waive(missed)
    assert client.post(url, {"note": ""}).status_code == 422
    client.post(url, {"note": "A place was waived"})
    assert list(ChargeStatement.objects.order_by("edition").values_list("edition", "total")) == [
        (1, Decimal("60.00")),
        (2, Decimal("0.00")),
    ]


def test_a_statement_is_a_workbook_and_a_pdf(client_of, partner, own, policy, partnership, course, office, today):
    places(held(course), own, PlaceStatus.MISSED, person="Own person")
    statement = issue_statement(partnership, own, YEAR, by=office, at=NOW)
    client = client_of(partner)
    book = load_workbook(BytesIO(client.get(reverse("training:statement-xlsx", args=[statement.pk])).content))
    assert list(book.worksheets[0].values)[-1] == ("Total", None, None, 60)
    assert list(book["Places"].values)[1][2] == "Own person"
    assert client.get(reverse("training:statement-pdf", args=[statement.pk])).content.startswith(b"%PDF")


def test_any_number_of_places_takes_the_same_queries(
    client_of, office, policy, partnership, course, today, django_assert_max_num_queries
):
    client, counts = client_of(office), []
    for count in (1, 3, 10, 60):
        for _ in range(count):
            event = held(course)
            places(event, OrganisationFactory(), PlaceStatus.ATTENDED, PlaceStatus.MISSED)
            EventTrainerFactory(event=event)
        with django_assert_max_num_queries(60) as caught:
            client.get(f"{PAGE}?year=2025")
        counts.append(len(caught))
    assert len(set(counts)) == 1, counts
