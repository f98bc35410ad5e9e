"""PostgreSQL reckons a rule's day as the calendar in Python does, by the edition in force on its day."""

from datetime import date, timedelta

import pytest
from django.db.models import F, OuterRef, Value

from partnership.clocks import WorkingDay, by_clock
from partnership.models import Meeting, Partnership, Rule, RuleSet
from partnership.working_days import add_working_days
from tests.factories import GroupFactory, MeetingFactory, PartnershipFactory, RuleFactory, RuleSetFactory

pytestmark = pytest.mark.django_db


def reckoned(rows, day, count):
    return rows.annotate(found=WorkingDay(day, count)).values_list("found", flat=True)


def test_every_day_of_eight_years_comes_out_as_in_python():
    group = GroupFactory()
    days = [date(2020, 12, 1) + timedelta(days=number) for number in range(8 * 366)]
    Meeting.objects.bulk_create(Meeting(group=group, meets_on=day) for day in days)
    for count in (-22, -7, -1, 1, 5, 15):
        found = reckoned(Meeting.objects.order_by("meets_on"), F("meets_on"), Value(count))
        assert list(found) == [add_working_days(day, count) for day in days]


@pytest.mark.parametrize("count", [0, 100, -100, 366])
def test_a_long_count_and_none(count):
    PartnershipFactory()
    day = date(2027, 3, 13)
    assert reckoned(Partnership.objects.all(), Value(day), Value(count))[0] == add_working_days(day, count)


# Which edition counts


@pytest.fixture
def editions(db):
    """An old edition of ten working days, the one in force of fifteen, one not in force, and one for adults."""
    RuleSet.objects.all().delete()
    for code, audience, first, last, number in [
        ("old", "children", date(2018, 7, 4), date(2023, 12, 14), 10),
        ("new", "children", date(2023, 12, 15), None, 15),
        ("next", "children", None, None, 20),
        ("adults", "adults", date(2015, 4, 1), None, 30),
    ]:
        rule_set = RuleSetFactory(code=code, audience=audience, in_force_from=first, in_force_until=last)
        RuleFactory(rule_set=rule_set, code="reply", unit="working-days", number=number, counted_from="the day")
    return {rule.rule_set.code: rule for rule in Rule.objects.select_related("rule_set")}


def found_for(day, kind="children"):
    """(code of the edition, the day) for a meeting on ``day`` of a partnership of that kind."""
    meeting = MeetingFactory(group=GroupFactory(partnerships=[PartnershipFactory(kind=kind)]), meets_on=day)
    rules = Rule.objects.clock("reply", on=OuterRef("meets_on"), audience=OuterRef("group__partnerships__kind"))
    row = by_clock(Meeting.objects.filter(pk=meeting.pk), rules, counted_from="meets_on").get()
    rule = Rule.objects.select_related("rule_set").filter(pk=row.clock_rule).first()
    return rule and rule.rule_set.code, row.clock_due_on


@pytest.mark.parametrize(
    ("day", "kind", "code", "count"),
    [
        (date(2023, 12, 14), "children", "old", 10),
        (date(2023, 12, 15), "children", "new", 15),
        (date(2027, 1, 7), "children", "new", 15),
        (date(2027, 1, 7), "adults", "adults", 30),
    ],
)
def test_the_edition_in_force_on_the_day_counts(editions, day, kind, code, count):
    assert found_for(day, kind) == (code, add_working_days(day, count))


@pytest.mark.parametrize(("day", "kind"), [(date(2018, 7, 3), "children"), (date(2027, 1, 7), "community")])
def test_without_an_edition_there_is_no_day(editions, day, kind):
    assert found_for(day, kind) == (None, None)


def test_of_two_in_force_the_one_that_began_last_counts(editions):
    editions["next"].rule_set.in_force_from = date(2027, 1, 1)
    editions["next"].rule_set.save()
    assert found_for(date(2026, 12, 31))[0] == "new"
    assert found_for(date(2027, 1, 1))[0] == "next"


@pytest.mark.parametrize(
    ("unit", "number", "is_before", "day", "expected"),
    [
        ("months", 6, False, date(2026, 3, 31), date(2026, 9, 30)),  # by the end of September: C14
        ("months", 6, False, date(2027, 8, 31), date(2028, 2, 29)),  # six months of a review: C8
        ("months", 12, False, date(2028, 2, 29), date(2029, 2, 28)),  # a report in every twelve months: C13
        ("days", 7, False, date(2026, 9, 28), date(2026, 10, 5)),  # copies within seven days: C15
        ("working-days", 7, True, date(2027, 3, 10), date(2027, 3, 1)),  # before publication: C9
        ("months", 1, True, date(2027, 3, 31), date(2027, 2, 28)),
    ],
)
def test_days_months_and_before(editions, unit, number, is_before, day, expected):
    Rule.objects.filter(pk=editions["new"].pk).update(unit=unit, number=number, is_before=is_before)
    assert found_for(day) == ("new", expected)


def test_a_heading_is_no_clock(editions):
    Rule.objects.filter(pk=editions["new"].pk).update(unit="heading")
    assert found_for(date(2027, 1, 7)) == (None, None)
