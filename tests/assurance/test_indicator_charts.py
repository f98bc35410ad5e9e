"""Charts: what is drawn, what is said of it, and that nothing hidden can be read off."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from assurance.indicators.charts import charts_of, for_print, scale_of, spark_of
from assurance.indicators.limits import read_series
from assurance.indicators.moves import Series
from assurance.indicators.small_numbers import figures_of
from assurance.models import Indicator
from tests.assurance.test_indicator_moves import STEADY, Point, counted
from tests.factories import AreaFactory
from tests.factories_judged import IndicatorFactory, IndicatorValueFactory


@pytest.fixture
def indicator(partnership):
    return IndicatorFactory(partnership=partnership, unit_words="children", target=Decimal(30))


def drawn(indicator, figures):
    """What a page and a sheet of paper show, as HTML."""
    page = render_to_string("assurance/indicator_chart.html", {"picture": charts_of(indicator, figures)})
    paper = render_to_string("assurance/indicator_chart_print.html", {"picture": for_print(indicator, figures)})
    spark = render_to_string("assurance/indicator_spark.html", {"spark": spark_of(indicator, figures)})
    return page, paper, spark


def scale(values, **said):
    indicator = Indicator(**said)
    points = [Point(*each) for each in enumerate(values)]
    for point in points:
        point.comparator = None
    found = scale_of(indicator, [Series(None, tuple(points), tuple(points), read_series(indicator, points))])
    return [float(found.lowest), float(found.highest), float(found.step)]


def test_the_axis_begins_at_nought_unless_all_lies_in_its_upper_half():
    assert scale([12, 20, 41]) == [0, 50, 10]
    assert scale([80, 84, 82]) == [70, 95, 5]
    assert scale([10, 12], target=Decimal(40)) == [0, 40, 10]


def test_the_axis_makes_no_mountain_of_little_and_goes_nowhere_figures_cannot_go():
    assert scale([50, 51, 50]) == [40, 60, 5]  # a quarter of the highest figure, at least
    assert scale([97, 99, 98], unit="percent")[1] == 100
    assert scale([0, 0, 0]) == [0, 1, 1]
    assert scale([-3, 4], unit="score")[0] < -3


def test_a_page_says_the_finding_and_marks_what_is_more_than_chance(indicator):
    page, paper, _spark = drawn(indicator, counted(indicator, [*STEADY, 70]))
    finding = "Higher than limits in October to December 2026: more than chance explains. A concern."
    assert f"Whole partnership. {finding}</title>" in page
    assert f"Whole partnership. {finding}</title>" in paper
    chart = charts_of(indicator, figures_of([indicator], None)[indicator.pk])["main"]
    assert [point["kind"] for point in chart["points"]] == [""] * 12 + ["concern"]
    assert chart["values"].endswith("July to September 2026 40; October to December 2026 70.")
    assert [(line["name"], line["words"]) for line in chart["key"]] == [
        ("This partnership", "70"),
        ("Target", "30"),
        ("Mean", "43"),
        ("Upper limit", "60"),
        ("Lower limit", "26"),
    ]


def test_the_line_breaks_where_a_period_is_left_out_or_hidden(indicator):
    chart = charts_of(indicator, counted(indicator, [41, 38, None, 44, 3, 43]))["main"]
    assert (chart["line"].count("M"), chart["line"].count("L"), len(chart["hidden"])) == (3, 1, 1)


def test_nothing_that_is_hidden_can_be_read_off(indicator):
    """Whatever the small number is, and the one that is hidden for its sake, the drawings are the same."""
    areas = [AreaFactory(name=name) for name in ("North", "South", "West")]
    said = set()
    for small in (1, 4):
        indicator.values.all().delete()
        for area, own in zip(areas, ([20, 21, 19], [30, 29, small], [9, 11, 12]), strict=True):
            counted(indicator, own, area=area)
        figures = counted(indicator, [59, 61, 31 + small])
        # The whole differs with the small number, so it alone is left out of what is compared.
        of_areas = [figure for figure in figures if figure.area]
        assert sum(figure.is_hidden for figure in of_areas) > 1
        said.add(drawn(indicator, of_areas))
    assert len(said) == 1


def test_control_what_is_not_hidden_can(indicator):
    indicator.small_below = 0
    indicator.save()
    said = set()
    for small in (1, 4):
        indicator.values.all().delete()
        said.add(drawn(indicator, counted(indicator, [41, 44, small])))
    assert len(said) == 2


def test_areas_share_one_scale_and_the_whole_has_its_own(indicator):
    for name, own in (("North", [100, 110, 120]), ("South", [10, 12, 11])):
        counted(indicator, own, area=AreaFactory(name=name))
    picture = charts_of(indicator, counted(indicator, [110, 122, 131]))
    north, south = picture["areas"]
    assert [north["name"], south["name"]] == ["North", "South"]
    assert north["ticks"] == south["ticks"]
    assert picture["main"]["name"] == "Whole partnership"


def test_one_area_alone_is_drawn_large(indicator):
    picture = charts_of(indicator, counted(indicator, [40, 41], area=AreaFactory(name="North")))
    assert (picture["main"]["name"], picture["areas"]) == ("North", [])


def test_no_figures_are_drawn_as_nothing(indicator):
    assert [re.sub(r"\s", "", html) for html in drawn(indicator, [])] == ["", "", ""]


def test_labels_beside_the_lines_stand_apart(indicator):
    chart = for_print(indicator, counted(indicator, [*STEADY, 41, 40, 42]))["main"]
    heights = [label["y"] for label in chart["labels"]]
    assert all(below - above >= 14.9 for above, below in zip(heights, heights[1:], strict=False))


def test_where_limits_are_counted_anew_is_drawn_and_said(indicator):
    indicator.limits_from, indicator.limits_because = date(2026, 1, 1), "A new front door"
    chart = charts_of(indicator, counted(indicator, [*STEADY, 60, 62, 61, 60]))["main"]
    assert chart["rebase_words"] == "Limits are counted anew from January 2026: A new front door"
    assert (chart["rebase"], len(chart["phases"])) == (75.0, 2)


def test_financial_years_stand_under_quarters(indicator):
    chart = charts_of(indicator, counted(indicator, [41, 40, 42, 43, 44]))["main"]
    assert [period["label"] for period in chart["periods"]] == ["Q3", "Q4", "Q1", "Q2", "Q3"]
    assert [year["label"] for year in chart["years"]] == ["2025–26", "2026–27"]


def test_words_of_people_are_escaped_in_drawings(partnership):
    indicator = IndicatorFactory(partnership=partnership, comparator_name="<b>England</b>", unit_words="<i>x</i>")
    IndicatorValueFactory(indicator=indicator, comparator=Decimal(40), note="<script>")
    for html in drawn(indicator, figures_of([indicator], None)[indicator.pk]):
        assert "<b>England" not in html
        assert "<script>" not in html
        assert "<i>x" not in html


def test_no_drawing_has_a_style_or_a_script(indicator):
    for html in drawn(indicator, counted(indicator, [*STEADY, 70])):
        assert not re.search(r"style=|<script|on\w+=", html)
