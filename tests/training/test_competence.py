"""Who holds what on a day, who lacks what by agency and who may see it; the framework that says what is needed."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from partnership.refusals import NotNow
from tests.factories import CourseFactory, EventFactory, MembershipFactory, OrganisationFactory, PlaceFactory
from tests.factories_training import (
    CompetencyFactory,
    CompetencyRecordFactory,
    PractitionerFactory,
    RoleRequirementFactory,
    WorkRoleFactory,
)
from training.competence import framework
from training.competence.marks import State, gaps_of, marks_of, months_after
from training.models import Competency, Practitioner, RoleRequirement

pytestmark = pytest.mark.django_db

TODAY = date(2027, 1, 12)
GAPS = reverse("training:gap-list")


@pytest.fixture
def sleep(partnership):
    """Refreshed every three years."""
    return CompetencyFactory(partnership=partnership, title="Safer sleep", valid_months=36)


@pytest.fixture
def visitor(partnership, sleep):
    """A role that needs it within six months."""
    role = WorkRoleFactory(partnership=partnership, title="Health visitor")
    RoleRequirementFactory(role=role, competency=sleep, within_months=6)
    return role


@pytest.fixture
def course(partnership, sleep):
    course = CourseFactory(partnerships=[partnership])
    course.competencies.add(sleep)
    return course


@pytest.fixture
def priya(charity, visitor):
    return PractitionerFactory(name="Priya Shah", organisation=charity, role=visitor)


def attended(person, course, day, status="attended"):
    event = EventFactory(course=course, starts_at=datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC))
    return PlaceFactory(
        event=event, practitioner=person, organisation=person.organisation, person=person.name, status=status
    )


def state_of(person, on=TODAY):
    [mark] = marks_of(Practitioner.objects.filter(pk=person.pk), on=on)
    return mark.state, mark.gained.on if mark.gained else None, mark.runs_out_on, mark.due_on


# Who holds what


@pytest.mark.parametrize(
    ("gained", "state", "until"),
    [
        (date(2025, 6, 1), State.HELD, date(2028, 6, 1)),
        (date(2024, 4, 13), State.HELD, date(2027, 4, 13)),
        (date(2024, 4, 12), State.SOON, date(2027, 4, 12)),
        (date(2024, 1, 12), State.SOON, date(2027, 1, 12)),
        (date(2024, 1, 11), State.OVER, date(2027, 1, 11)),
    ],
)
def test_what_was_gained_runs_out_on_its_day(priya, course, gained, state, until):
    attended(priya, course, gained)
    assert state_of(priya) == (state, gained, until, None)


@pytest.mark.parametrize(
    ("began", "state", "due"),
    [
        (None, State.NEVER, None),
        (date(2026, 7, 12), State.IN_TIME, date(2027, 1, 12)),
        (date(2026, 7, 11), State.NEVER, date(2027, 1, 11)),
    ],
)
def test_somebody_new_has_time_to_learn_it(priya, began, state, due):
    priya.began_on = began
    priya.save()
    assert state_of(priya) == (state, None, None, due)


def test_the_last_time_counts_whether_on_a_course_of_ours_or_elsewhere(priya, course, sleep, office):
    attended(priya, course, date(2023, 1, 10))
    CompetencyRecordFactory(practitioner=priya, competency=sleep, gained_on=date(2026, 5, 1), recorded_by=office)
    assert state_of(priya)[:2] == (State.HELD, date(2026, 5, 1))
    attended(priya, course, date(2026, 6, 2))
    assert state_of(priya)[:2] == (State.HELD, date(2026, 6, 2))


def test_what_nobody_attended_or_what_comes_later_gives_nothing(priya, course, sleep, office):
    for number, status in enumerate(["booked", "missed", "cancelled"]):
        attended(priya, course, date(2026, 6, 2 + number), status)
    attended(priya, CourseFactory(title="Another"), date(2026, 6, 2))
    attended(priya, course, date(2027, 1, 13))
    CompetencyRecordFactory(practitioner=priya, competency=sleep, gained_on=date(2027, 1, 13), recorded_by=office)
    assert state_of(priya)[:2] == (State.NEVER, None)
    assert state_of(priya, on=date(2027, 1, 13))[:2] == (State.HELD, date(2027, 1, 13))


def test_once_is_enough_where_nothing_runs_out(priya, course, sleep):
    Competency.objects.filter(pk=sleep.pk).update(valid_months=None)
    attended(priya, course, date(1999, 6, 1))
    assert state_of(priya) == (State.HELD, date(1999, 6, 1), None, None)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 5), 0, date(2026, 3, 5)),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last(day, months, later):
    assert months_after(day, months) == later


@pytest.mark.parametrize("people", [10, 600])
def test_who_holds_what_takes_as_many_queries_for_ten_as_for_six_hundred(
    charity, visitor, course, django_assert_num_queries, people
):
    made = Practitioner.objects.bulk_create(
        Practitioner(name=f"P {n}", email=f"p{n}@x.example", organisation=charity, role=visitor) for n in range(people)
    )
    for person in made[:5]:
        attended(person, course, date(2026, 6, 1))
    with django_assert_num_queries(4):  # requirements, people, places, records
        marks = marks_of(Practitioner.objects.all(), on=TODAY)
    assert (len(marks), sum(mark.is_lacking for mark in marks)) == (people, people - 5)


# By agency


@pytest.fixture
def many(charity, hospital, health_board, visitor, course):
    """Six people at the charity (two hold it), four at the hospital (one does), seven at the health board (all do)."""
    for organisation, count, holding in [(charity, 6, 2), (hospital, 4, 1), (health_board, 7, 7)]:
        for number in range(count):
            person = PractitionerFactory(name=f"{organisation} {number}", organisation=organisation, role=visitor)
            if number < holding:
                attended(person, course, date(2026, 6, 1))


def shown(user, partnership):
    gaps = gaps_of(user, partnership, on=TODAY)
    lines = [
        (
            line.organisation.name.split()[0],
            *("hidden" if cell.is_hidden else (cell.held, cell.needed) for cell in line.cells),
        )
        for line in gaps.lines
    ]
    total = gaps.total and [(cell.held, cell.needed, cell.is_hidden) for cell in gaps.total.cells]
    return lines, total


ALL = [(10, 17, False)]


@pytest.mark.parametrize(
    ("role", "lines", "total"),
    [
        ("office", [("Lantern", (2, 6)), ("St", (1, 4)), ("Vale", (7, 7))], ALL),
        ("training_coordinator", [("Lantern", (2, 6)), ("St", (1, 4)), ("Vale", (7, 7))], ALL),
        ("advisor", [("Lantern", (2, 6)), ("St", "hidden"), ("Vale", (7, 7))], ALL),
        ("partner", [("Lantern", (2, 6))], ALL),
        ("other_partner", [("St", (1, 4))], ALL),
        ("chair", [], ALL),
    ],
)
def test_each_sees_what_is_theirs(request, partnership, many, role, lines, total):
    assert shown(request.getfixturevalue(role), partnership) == (lines, total)


def test_the_whole_says_nothing_from_which_one_other_could_be_worked_out(
    partnership, partner, charity, hospital, visitor
):
    for organisation, count in [(charity, 6), (hospital, 9)]:
        PractitionerFactory.create_batch(count, organisation=organisation, role=visitor)
    assert shown(partner, partnership) == ([("Lantern", (0, 6))], None)
    third = OrganisationFactory(name="Harbour Trust")
    MembershipFactory(organisation=third, partnership=partnership)
    PractitionerFactory(organisation=third, role=visitor)
    assert shown(partner, partnership) == ([("Lantern", (0, 6))], [(0, 16, False)])


def test_a_rare_competency_of_others_is_hidden_in_the_whole(partnership, partner, many, hospital):
    rare = CompetencyFactory(partnership=partnership, title="Leading reviews", position=9)
    role = WorkRoleFactory(partnership=partnership, title="Reviewer")
    RoleRequirementFactory(role=role, competency=rare)
    PractitionerFactory(organisation=hospital, role=role)
    assert shown(partner, partnership)[1] == [(10, 17, False), (0, 1, True)]


def test_who_left_needs_nothing_any_more(partnership, office, priya):
    assert shown(office, partnership) == ([("Lantern", (0, 1))], [(0, 1, False)])
    priya.left_on = TODAY
    priya.save()
    assert shown(office, partnership)[0] == []


@pytest.mark.parametrize("role", ["partner", "chair", "advisor", "other_partner"])
def test_names_are_shown_to_ones_own_agency_and_whoever_runs_training(request, client_of, many, sleep, role):
    page = client_of(request.getfixturevalue(role)).get(reverse("training:gap-detail", args=[sleep.pk]))
    found = {mark.practitioner.organisation.name.split()[0] for mark, _coming in page.context["rows"]}
    assert found == {"partner": {"Lantern"}, "other_partner": {"St"}}.get(role, set())
    book = client_of(request.getfixturevalue(role)).get(GAPS, {"export": "xlsx"})
    people = load_workbook(BytesIO(book.content))["People"]
    assert {row[1].split()[0] for row in people.iter_rows(min_row=2, values_only=True)} == found


def test_from_a_gap_one_press_leads_to_the_events_that_close_it(client_of, partner, priya, course, sleep):
    coming = attended(priya, course, date(2027, 2, 9), "booked")
    page = client_of(partner).get(GAPS).content.decode()
    address = reverse("training:gap-detail", args=[sleep.pk])
    assert address in page
    page = client_of(partner).get(address)
    assert [event.pk for event in page.context["events"]] == [coming.event_id]
    assert [(mark.practitioner, day) for mark, day in page.context["rows"]] == [(priya, coming.event.starts_at)]


def test_a_spreadsheet_hides_what_the_page_hides(client_of, advisor, many):
    book = load_workbook(BytesIO(client_of(advisor).get(GAPS, {"export": "xlsx"}).content))
    rows = list(book["By organisation"].iter_rows(min_row=2, values_only=True))
    assert [row[2:4] for row in rows] == [(6, 2), ("fewer than 5", None), (7, 7), (17, 10)]


@pytest.mark.parametrize("people", [1, 3, 60])
def test_overview_query_count(client_of, office, visitor, charity, django_assert_num_queries, people):
    PractitionerFactory.create_batch(people, organisation=charity, role=visitor)
    client = client_of(office)
    with django_assert_num_queries(13):
        client.get(GAPS)


@pytest.mark.parametrize("people", [1, 3, 60])
def test_gap_page_query_count(client_of, office, visitor, charity, sleep, django_assert_num_queries, people):
    PractitionerFactory.create_batch(people, organisation=charity, role=visitor)
    client = client_of(office)
    with django_assert_num_queries(14):
        client.get(reverse("training:gap-detail", args=[sleep.pk]))


# The framework


def tick(client, partnership, *pairs):
    """Open the page and send it back with these ticked."""
    address = reverse("training:framework-change", args=[partnership.pk])
    shown = client.get(address).context["shown"]
    return client.post(address, {"shown": shown, "ask": [f"{role.pk}-{each.pk}" for role, each in pairs]})


def test_what_is_ticked_is_needed_within_six_months(client_of, training_coordinator, partnership, visitor, sleep):
    other = CompetencyFactory(partnership=partnership)
    tick(client_of(training_coordinator), partnership, (visitor, other))
    asked = RoleRequirement.objects.values_list("role", "competency", "within_months")
    assert list(asked) == [(visitor.pk, other.pk, 6)]


def test_what_somebody_else_ticked_meanwhile_stays(client_of, office, partnership, visitor, sleep):
    other, third = CompetencyFactory.create_batch(2, partnership=partnership)
    client = client_of(office)
    address = reverse("training:framework-change", args=[partnership.pk])
    shown = client.get(address).context["shown"]
    RoleRequirementFactory(role=visitor, competency=third)
    RoleRequirement.objects.filter(competency=sleep).delete()
    client.post(address, {"shown": shown, "ask": [f"{visitor.pk}-{sleep.pk}", f"{visitor.pk}-{other.pk}"]})
    assert set(RoleRequirement.objects.values_list("competency", flat=True)) == {other.pk, third.pk}


def test_another_partnerships_cells_are_passed_over(partnership, far_partnership, visitor):
    far = CompetencyFactory(partnership=far_partnership)
    asked = framework.tick(partnership, shown=set(), ticked={(visitor.pk, far.pk), (visitor.pk, 0)})
    assert (asked, RoleRequirement.objects.filter(competency=far).count()) == (0, 0)


def test_a_page_that_was_tampered_with_changes_nothing(client_of, office, partnership, visitor, sleep):
    address = reverse("training:framework-change", args=[partnership.pk])
    client_of(office).post(address, {"shown": "[]", "ask": []})
    assert RoleRequirement.objects.count() == 1


def test_what_is_used_is_not_taken_away(client_of, office, partnership, visitor, sleep, course, priya):
    with pytest.raises(NotNow, match="1 role and 1 course"):
        framework.take_away(sleep)
    page = client_of(office).post(reverse("training:role-remove", args=[visitor.pk]), follow=True)
    assert b"still used by 1 practitioner and 1 requirement" in page.content
    unused = CompetencyFactory(partnership=partnership)
    client_of(office).post(reverse("training:competency-remove", args=[unused.pk]))
    assert list(Competency.objects.all()) == [sleep]


def test_competencies_stand_in_the_order_that_was_given(partnership):
    first, second, third = CompetencyFactory.create_batch(3, partnership=partnership)
    framework.move(third, framework.UP)
    framework.move(first, framework.UP)
    assert list(Competency.objects.all()) == [first, third, second]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": " "}, "Enter what people have to know or be able to do"),
        ({"title": "safer SLEEP"}, "There is one called so already"),
        ({"title": "New", "valid_months": "0"}, "Enter a number of months from 1 to 240"),
        ({"title": "New", "valid_months": "three"}, "Enter a whole number, in figures"),
    ],
)
def test_a_competency_that_makes_no_sense_is_sent_back(client_of, office, partnership, sleep, typed, said):
    page = client_of(office).post(reverse("training:competency-add-for", args=[partnership.pk]), typed)
    assert (page.status_code, said in page.content.decode()) == (422, True)


def test_by_when_a_role_needs_what(client_of, office, visitor, sleep):
    requirement = visitor.requirements.get()
    address = reverse("training:role-months", args=[visitor.pk])
    page = client_of(office).post(address, {f"months_{requirement.pk}": "-1"})
    assert (page.status_code, b"Enter 0 or more months" in page.content) == (422, True)
    client_of(office).post(address, {f"months_{requirement.pk}": "3"})
    assert visitor.requirements.get().within_months == 3


@pytest.mark.parametrize("roles", [1, 3])
def test_framework_query_count(client_of, partner, partnership, django_assert_num_queries, roles):
    for _ in range(roles):
        RoleRequirementFactory(
            role=WorkRoleFactory(partnership=partnership), competency=CompetencyFactory(partnership=partnership)
        )
    client = client_of(partner)
    with django_assert_num_queries(9):
        client.get(reverse("training:framework"))


def test_every_member_takes_the_framework_away(client_of, partner, visitor):
    book = load_workbook(BytesIO(client_of(partner).get(reverse("training:framework"), {"export": "xlsx"}).content))
    assert list(book.active.iter_rows(values_only=True)) == [
        ("Role", "Safer sleep"),
        ("Health visitor", "within 6 months"),
        ("Refreshed", "every 36 months"),
    ]
