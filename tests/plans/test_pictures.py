"""Pictures: where things stand in the drawings, reckoned without a database."""

from datetime import date

import pytest

from plans.course import Aim, Course, Verdict
from plans.models import Activity, Plan
from plans.pictures import Scale, completion, glance, levels_of, span_of, steps, timeline
from tests.plans.test_drift import ALL_YEAR, AUTUMN, KEY, LATE, MET, ON, SUMMER, TBC, TO_COME, A, G, promise, work

PLAN = Plan(pk=1, status="published", starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
YEAR = Scale(date(2026, 4, 1), date(2027, 3, 31))


def course(*promises, rounds=(), **aim):
    return Course(PLAN, list(rounds), KEY, [Aim("Babies", pk=3, promises=list(promises), **aim)])


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (date(2026, 4, 1), 0),
        (date(2026, 9, 30), 50),
        (date(2027, 3, 31), 100),
        (date(2020, 1, 1), 0),  # a mistyped year stands at the edge
        (date(2099, 1, 1), 100),
    ],
)
def test_a_day_stands_at_its_share_of_the_year(day, share):
    assert YEAR.at(day) == pytest.approx(share, abs=0.2)


def test_the_scale_takes_in_dates_a_little_outside_the_plan_and_no_mistyped_year():
    late = work("After the end", (date(2027, 5, 10),))
    wrong = work("Mistyped", (date(2062, 5, 10),))
    assert Scale.of(course(promise(works=[late, wrong]))) == Scale(date(2026, 4, 1), date(2027, 5, 31))


@pytest.mark.parametrize(("last", "count"), [(date(2027, 3, 31), 12), (date(2029, 3, 31), 12)])
def test_a_long_plan_is_named_by_quarters(last, count):
    assert len(Scale(date(2026, 4, 1), last).ticks) == count


WINDOW = work("Trial", (date(2026, 6, 1), None, "", True), (date(2026, 8, 31),), kind=Activity.Kind.WINDOW)
OPEN_END = work("From June", (date(2026, 6, 1), None, "", True), (None,), kind=Activity.Kind.WINDOW)


@pytest.mark.parametrize(
    ("works", "span"),
    [
        ([MET], (date(2026, 4, 1), date(2026, 9, 30), True)),
        ([WINDOW], (date(2026, 6, 1), date(2026, 8, 31), True)),
        ([OPEN_END], (date(2026, 6, 1), date(2027, 3, 31), True)),
        ([WINDOW, MET], (date(2026, 4, 1), date(2026, 9, 30), True)),
        ([ALL_YEAR, MET], (date(2026, 4, 1), date(2027, 3, 31), True)),
        ([TBC], (date(2026, 4, 1), date(2027, 3, 31), False)),
        ([], (date(2026, 4, 1), date(2027, 3, 31), False)),
    ],
)
def test_a_bar_goes_from_its_first_day_to_its_last(works, span):
    assert span_of(promise(works=works), PLAN) == span


def test_a_staircase_goes_up_at_each_day_and_on_to_the_end():
    assert steps([date(2026, 4, 1), date(2027, 3, 31)], YEAR, 2, until=date(2027, 3, 31)) == "M0 100H0V50H100V0H100"


@pytest.mark.parametrize(("total", "levels"), [(1, [0, 1]), (2, [0, 1, 2]), (33, [0, 16, 33])])
def test_levels_are_nought_the_half_and_all(total, levels):
    assert levels_of(total) == levels


def test_completion_counts_what_was_due_and_what_is_met_and_nothing_of_the_future():
    told = completion(course(promise(works=[MET, LATE, TO_COME, ALL_YEAR, TBC])), on=ON)
    assert told.words == "By 12 January 2027, two of three milestones were due and one is met."
    assert [(month.due, month.met) for month in told.months][-4:] == [(2, 1), (2, 1), (3, None), (3, None)]
    assert completion(course(promise(works=[TBC])), on=ON) is None


def test_the_glance_says_what_is_proposed_decided_changed_and_not_rated():
    verdicts = {SUMMER.pk: Verdict(SUMMER, proposed=G, decided=A), AUTUMN.pk: Verdict(AUTUMN, proposed=G)}
    rounds, rows = glance(course(rounds=[SUMMER, AUTUMN], verdicts=verdicts), on=ON)
    assert rounds == [SUMMER, AUTUMN]
    assert [cell.words for cell in rows[0].cells] == ["Amber, changed by the deciding group", "Green, proposed"]
    assert [cell.words for cell in glance(course(rounds=[SUMMER]), on=ON)[1][0].cells] == ["Not rated"]
    assert glance(course(rounds=[SUMMER]), on=date(2026, 1, 1))[0] == []  # planned rounds have no column yet


def test_sixty_deliverables_and_a_title_of_a_thousand_letters_are_all_there():
    rows = [promise(works=[MET, LATE, TO_COME]) for _n in range(60)]
    rows[0].title = "word " * 200
    [(_aim, drawn)] = timeline(course(*rows), on=ON).groups
    assert len(drawn) == 60
    assert [point.kind for point in drawn[0].points] == ["met", "late", "next"]
    assert drawn[0].promise.name.startswith("word word")


def test_one_milestone_is_one_milestone():
    [(_aim, [row])] = timeline(course(promise(works=[work("Print it", (ON, None))])), on=ON).groups
    assert row.words == "Safer sleep. Not rated. No milestone met yet, next 12 January 2027."
