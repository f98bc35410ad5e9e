"""What figures mean: limits on published examples, rules, words, and that chance is left alone."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest

from assurance.indicators.comments import unexplained_values
from assurance.indicators.limits import fewest_crossings, limits_of, read_series
from assurance.indicators.moves import has_moved, in_words, judgement_of, moves_of, unexplained
from assurance.indicators.small_numbers import figures_of
from assurance.models import Indicator, IndicatorValue
from tests.factories import AreaFactory
from tests.factories_judged import IndicatorCommentFactory, IndicatorFactory, IndicatorValueFactory

TODAY = date(2027, 1, 12)

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: flow rate of ten batches
NIST = ["49.6", "47.6", "49.9", "51.3", "47.8", "51.2", "52.6", "52.4", "53.6", "52.1"]
# H. Neave, "Understanding variation" (The Deming Forum): readings of 24 days
NEAVE = [82, 81, 82, 81, 91, 85, 76, 84, 81, 80, 80, 82, 82, 85, 86, 88, 78, 89, 81, 87, 76, 66, 69, 64]
STEADY = [41, 38, 44, 40, 43, 37, 42, 39, 45, 38, 41, 40]


class Point:
    def __init__(self, place, value):
        first = place * 3
        self.starts_on = date(2010 + first // 12, first % 12 + 1, 1)
        self.value = Decimal(value)


def marks_of(values, **said):
    reading = read_series(Indicator(**said), [Point(place, value) for place, value in enumerate(values)])
    return [(mark.kind, mark.side) if mark else None for mark in reading.marks]


def quarters(count, last=date(2026, 10, 1)):
    """The first and last days of ``count`` quarters that end with the one of ``last``."""
    months = [last.year * 12 + last.month - 1 - 3 * back for back in range(count - 1, -1, -1)]
    firsts = [date(month // 12, month % 12 + 1, 1) for month in [*months, months[-1] + 3]]
    return [(first, date.fromordinal(after.toordinal() - 1)) for first, after in zip(firsts, firsts[1:], strict=False)]


def counted(indicator, values, *, area=None, **said):
    """Values of the last quarters; None leaves a quarter out."""
    for (starts_on, ends_on), value in zip(quarters(len(values)), values, strict=True):
        if value is not None:
            IndicatorValueFactory(
                indicator=indicator, area=area, starts_on=starts_on, ends_on=ends_on, value=Decimal(value), **said
            )
    return figures_of([indicator], None)[indicator.pk]


# Limits


def test_limits_of_the_handbook_of_nist():
    """It divides by 1.128 where Wheeler multiplies by 2.66, so its own limits are 55.8041 and 45.8159."""
    limits = limits_of([Decimal(value) for value in NIST])
    found = [round(number, 4) for number in (limits.mean, limits.step, limits.upper, limits.lower)]
    assert found == [Decimal("50.8100"), Decimal("1.8778"), Decimal("55.8049"), Decimal("45.8151")]


def test_limits_and_signals_of_neaves_readings():
    limits = limits_of([Decimal(value) for value in NEAVE])
    assert (round(limits.mean, 2), round(limits.step, 2)) == (Decimal("80.67"), Decimal("4.87"))  # 1936 / 24, 112 / 23
    assert (round(limits.lower, 1), round(limits.upper, 1)) == (Decimal("67.7"), Decimal("93.6"))
    assert {place: mark for place, mark in enumerate(marks_of(NEAVE)) if mark} == {
        21: ("outside", -1),
        22: ("near", -1),
        23: ("outside", -1),
    }


@pytest.mark.parametrize(("count", "least"), [(10, 2), (12, 3), (16, 4), (20, 6), (24, 8), (30, 10)])
def test_crossings_are_those_of_anhoejs_table(count, least):
    assert fewest_crossings(count) == least


def test_limits_stay_where_figures_can_be():
    values = [2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0]
    assert read_series(Indicator(), [Point(*each) for each in enumerate(values)]).now.lower == 0
    shares = [99, 92, 98, 91, 99, 92, 98, 91, 99, 92, 98, 91]
    of_shares = read_series(Indicator(unit="percent"), [Point(*each) for each in enumerate(shares)]).now
    assert (of_shares.upper, of_shares.lower > 0) == (100, True)
    scores = read_series(Indicator(unit="score"), [Point(*each) for each in enumerate(values)]).now
    assert scores.lower < 0


# Rules


def test_one_far_out_is_marked_and_nothing_beside_it():
    assert marks_of([*STEADY, 70]) == [None] * 12 + [("outside", 1)]


def test_seven_on_one_side_are_a_shift_and_six_are_none():
    low, high = [40, 41, 39, 40, 41, 39, 40], [44, 45, 44, 46, 45, 44, 45]
    assert marks_of([*low, *high])[7:] == [("shift", 1)] * 7
    swinging = [40, 46, 41, 45, 40, 46, 41, 45, 44, 45, 46, 44]  # its last five are above the mean, 43.6
    assert marks_of(swinging) == [None] * 12


def test_six_that_rise_are_a_trend_and_five_are_none():
    assert marks_of([30, 34, 35, 38, 41, 44]) == [("trend", 1)] * 6
    assert marks_of([34, 30, 34, 35, 38, 41]) == [None] * 6
    assert marks_of([30, 34, 34, 38, 41, 44]) == [None] * 6  # as much as before is no rise


def test_two_of_three_near_one_limit_are_marked_and_one_near_each_is_not():
    quiet = [40, 42, 38, 41, 39, 42, 38, 40, 41, 39, 42, 38]
    assert marks_of([*quiet, 48, 41, 48])[-3:] == [("near", 1), None, ("near", 1)]
    assert marks_of([*quiet, 48, 41, 33])[-3:] == [None] * 3


def test_three_point_scribbles_are_never_called_a_trend():
    for values in ([1, 2, 3], [3, 2, 1], [10, 50, 90], [0, 0, 100], [5, 5, 5]):
        assert marks_of(values) == [None] * 3


def test_control_random_figures_are_marked_about_as_often_as_chance_does():
    """Outside limits 1 in 370 where limits are known; of 24 figures by their own limits it is nearly the same."""
    random = Random(20270112)
    series = [[random.gauss(100, 10) for _ in range(24)] for _ in range(500)]
    marks = [mark for values in series for mark in marks_of([f"{value:.3f}" for value in values])]
    outside = sum(mark is not None and mark[0] == "outside" for mark in marks) / len(marks)
    assert 0.001 < outside < 0.008
    assert sum(mark is not None for mark in marks) / len(marks) < 0.06


def test_control_a_moved_mean_is_marked():
    random = Random(20270112)
    moved = [[random.gauss(100 if place < 12 else 130, 10) for place in range(24)] for _ in range(100)]
    found = [any(marks_of([f"{value:.3f}" for value in values])) for values in moved]
    assert sum(found) > 95


def test_limits_are_counted_anew_from_the_day_on_which_something_changed():
    low, high = [40, 41, 39, 40, 41, 39, 40, 42, 38, 40, 41, 39], [60, 62, 59, 61, 58, 60, 62, 59, 61, 60, 58, 61]
    points = [Point(place, value) for place, value in enumerate([*low, *high])]
    before = read_series(Indicator(), points)
    assert {mark.kind for mark in before.marks} == {"outside"}
    after = read_series(Indicator(limits_from=points[12].starts_on), points)
    assert after.marks == (None,) * 24
    assert [(phase.places, round(phase.center, 1)) for phase in after.phases] == [
        (range(12), Decimal("40.0")),
        (range(12, 24), Decimal("60.1")),
    ]


# In words


@pytest.fixture
def indicator(partnership):
    return IndicatorFactory(partnership=partnership, unit_words="children")


def test_no_figure_and_one(indicator):
    assert in_words(indicator, []) == "No figures yet."
    indicator.baseline, indicator.baseline_words, indicator.target = Decimal(50), "2024", Decimal(30)
    figures = counted(indicator, [41])
    assert in_words(indicator, figures) == (
        "41 children in October to December 2026. The target, 30, is not met. That is below the baseline, 50 (2024)."
    )


def test_four_quarters_are_too_few_to_say_more_than_that_it_went_up(indicator):
    figures = counted(indicator, [41, 44, 40, 47])
    assert in_words(indicator, figures) == (
        "47 children in October to December 2026. "
        "Four quarters: too few to say more than that it went up, from 41 to 47."
    )
    assert judgement_of(indicator, figures) == "few"
    assert moves_of(indicator, figures) == []


def test_eight_quarters_have_a_median_and_no_limits(indicator):
    figures = counted(indicator, STEADY[:8])
    assert in_words(indicator, figures) == (
        "39 children in October to December 2026. Eight quarters around a median of 40: no more than chance explains."
    )


def test_ten_quarters_that_cross_their_median_once_moved(indicator):
    figures = counted(indicator, [41, 40, 41, 42, 41, 51, 50, 52, 50, 51])
    assert in_words(indicator, figures) == (
        "51 children in October to December 2026. "
        "It crossed its median, 46, once in ten quarters, where chance gives two or more: it moved."
    )
    assert judgement_of(indicator, figures) == "moved"


def test_higher_than_limits_is_a_concern_where_lower_is_better_and_an_improvement_where_higher_is(indicator):
    figures = counted(indicator, [*STEADY, 70])
    said = "70 children in October to December 2026. Higher than limits in October to December 2026"
    assert in_words(indicator, figures) == f"{said}: more than chance explains. A concern."
    indicator.polarity = Indicator.Polarity.HIGHER
    assert in_words(indicator, figures) == f"{said}: more than chance explains. An improvement."
    indicator.polarity = Indicator.Polarity.NEITHER
    assert in_words(indicator, figures) == f"{said}: more than chance explains."
    assert judgement_of(indicator, figures) == "moved"


def test_a_target_that_limits_do_not_reach_is_said_to_be_out_of_reach(indicator):
    figures = counted(indicator, STEADY)
    said = (
        "40 children in October to December 2026. "
        "Within its limits, 29 to 52: it goes up and down no more than chance explains."
    )

    def with_target(target):
        indicator.target = Decimal(target)
        return in_words(indicator, figures).removeprefix(said).strip()

    assert with_target(20) == "The target, 20, is not met, and will not be unless something changes."
    assert with_target(41) == "The target, 41, is met; chance alone may meet it or miss it."
    assert with_target(60) == "The target, 60, is met, and chance alone will not miss it."


def test_few_figures_since_limits_were_counted_anew_are_too_few(indicator):
    indicator.limits_from, indicator.limits_because = date(2026, 4, 1), "A new front door"
    figures = counted(indicator, [*STEADY, 20, 22, 21])
    assert in_words(indicator, figures) == (
        "21 children in October to December 2026. Limits are counted anew from April 2026; three quarters since then: "
        "too few to say more than that it went up, from 20 to 21."
    )


def test_what_moved_in_one_area_counts_where_nobody_counts_the_whole(indicator):
    vale, brook = AreaFactory(name="North"), AreaFactory(name="South")
    counted(indicator, STEADY, area=vale)
    figures = counted(indicator, [*STEADY[1:], 70], area=brook)
    assert [(move.area, move.words) for move in moves_of(indicator, figures)] == [
        (brook, "Higher than limits in October to December 2026: more than chance explains")
    ]
    assert judgement_of(indicator, figures) == "concern"
    figures = counted(indicator, [*[value * 2 for value in STEADY], 82])
    assert moves_of(indicator, figures) == []
    assert in_words(indicator, figures) == (
        "82 children in October to December 2026. Within its limits, 60 to 103: it goes up and down no more than "
        "chance explains. South: Higher than limits in October to December 2026: more than chance explains. A concern."
    )


def test_what_is_hidden_is_in_no_mean_limit_or_word(indicator):
    """The public is told the same of a figure that is hidden, whatever it is."""
    said = set()
    for small in (1, 2, 4):
        indicator.values.all().delete()
        said.add(in_words(indicator, counted(indicator, [*STEADY, small])))
    assert said == {
        "40 children in July to September 2026. The figure of October to December 2026 is hidden: small number. "
        "Within its limits, 29 to 52: it goes up and down no more than chance explains."
    }


def test_getting_to_the_target_and_away_from_it_are_moves(indicator):
    indicator.target = Decimal(40)
    figures = counted(indicator, [44, 39, 38, 45])
    assert [(move.words, move.is_better) for move in moves_of(indicator, figures)] == [
        ("Reached its target, 40, in April to June 2026", True),
        ("Fell behind its target, 40, in October to December 2026", False),
    ]
    assert [move.kind for move in has_moved(indicator, figures, date(2026, 10, 1))] == ["crossed"]
    assert has_moved(indicator, figures, date(2026, 7, 1)) == []


# What must be explained


def asked_both(indicator):
    """Last points of unexplained moves, by these rules and by PostgreSQL."""
    figures = figures_of([indicator], None)[indicator.pk]
    commented = indicator.comments.values_list("period_on", flat=True)
    ours = {move.last.pk for move in unexplained(indicator, figures, set(commented), on=TODAY)}
    return ours, set(unexplained_values(TODAY).filter(indicator=indicator).values_list("pk", flat=True))


def test_a_comment_on_any_period_of_a_move_explains_it(indicator):
    counted(indicator, [40, 41, 39, 40, 41, 39, 40, 44, 45, 44, 46, 45, 44, 45])
    newest = indicator.values.latest("starts_on").pk
    assert asked_both(indicator) == ({newest}, {newest})
    IndicatorCommentFactory(indicator=indicator, period_on=date(2026, 1, 1))
    assert asked_both(indicator) == (set(), set())


def test_what_moved_over_a_year_ago_need_not_be_explained(indicator):
    counted(indicator, [70, *STEADY])
    assert [move.kind for move in moves_of(indicator, figures_of([indicator], None)[indicator.pk])] == ["outside"]
    assert asked_both(indicator) == (set(), set())


def test_postgresql_finds_the_same_moves_as_these_rules(partnership, office):
    """Of series long and short, with targets, with limits counted anew, by area and with steps repeated."""
    random, found = Random(7), 0
    areas = [AreaFactory(name=name) for name in ("North", "South")]
    made = []
    for place in range(60):
        indicator = IndicatorFactory(
            partnership=partnership,
            polarity=random.choice(["higher", "lower", "neither"]),
            target=random.choice([None, Decimal(50)]),
            small_below=0,
            **({"limits_from": date(2025, 1, 1), "limits_because": "Something changed"} if place % 4 == 0 else {}),
        )
        made.append(indicator)
        for area in random.choice([[None], areas, [None, *areas]]):
            values, level, slope = [], random.choice([40, 50]), random.choice([0, 0, 2, -2])
            for _quarter in range(random.choice([1, 3, 7, 11, 12, 16, 20])):
                level += slope + (15 if random.random() < 0.05 else 0)
                values.append(level + random.randint(-4, 4))
            for (starts_on, ends_on), value in zip(quarters(len(values)), values, strict=True):
                IndicatorValue.objects.create(
                    indicator=indicator,
                    area=area,
                    starts_on=starts_on,
                    ends_on=ends_on,
                    value=value,
                    entered_by=office,
                    entered_at="2027-01-05T09:00Z",
                )
        if place % 3 == 0:
            IndicatorCommentFactory(indicator=indicator, period_on=date(2026, 7, 1), said_by=office)
    for indicator in made:
        ours, theirs = asked_both(indicator)
        assert ours == theirs, indicator
        found += len(ours)
    assert found > 10
