"""Figures from a sheet or pasted: doubts at their cells, mended there, counted by one yes."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from assurance.indicators.importing import (
    CannotMend,
    Draft,
    confirm_figures,
    leave_out_doubts,
    mend,
    stage_file,
    stage_pasted,
)
from assurance.models import Indicator, IndicatorValue
from partnership.sheet_lists import CannotImport
from partnership.uploads import UnreadableFile
from tests.factories import AreaFactory
from tests.factories_judged import IndicatorFactory, IndicatorValueFactory

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
TODAY = date(2027, 1, 12)
HEAD = "Indicator\tArea\tPeriod\tValue\tNumber\tOut of\tCompared with\tNote"
FIFTY_SIX = "\t".join(f"Q{n} 20{year}/{year + 1}" for year in range(12, 26) for n in (1, 2, 3, 4))
NAME = "Children on a plan because of neglect"


@pytest.fixture
def neglect(partnership, organisation):
    return IndicatorFactory(partnership=partnership, owner=organisation, title=NAME, ref="I1")


@pytest.fixture
def visits(partnership, organisation):
    return IndicatorFactory(
        partnership=partnership,
        owner=organisation,
        title="Children seen alone",
        ref="I2",
        unit=Indicator.Unit.PERCENT,
        decimals=1,
        comparator_name="England",
    )


@pytest.fixture
def organisation(charity):
    return charity


@pytest.fixture
def area(partnership):
    """One of two areas of the partnership."""
    partnership.areas.add(AreaFactory(name="Brook End"))
    return partnership.areas.get(name="Ashford Vale")


def workbook(*rows, formats=(), merge=()):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cell, number_format in formats:
        book.active[cell].number_format = number_format
    for ref in merge:
        book.active.merge_cells(ref)
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile("figures.xlsx", content.getvalue())


def pasted(partnership, office, *lines, head=HEAD):
    return stage_pasted("\n".join([head, *lines]), partnership=partnership, by=office)


def doubts_of(staged):
    draft = Draft(staged, on=TODAY)
    return [(line.at(name), says) for line in draft.doubtful for name, says in line.doubts.items()]


def figures(indicator):
    return [
        (value.area.name if value.area else "", value.starts_on, value.value, value.numerator, value.comparator)
        for value in indicator.values.select_related("area").order_by("starts_on", "area__name")
    ]


AUTUMN, SUMMER = date(2026, 10, 1), date(2026, 7, 1)


def test_pasted_rows_count_after_a_yes_and_only_once(partnership, office, neglect, area):
    rows = f"{NAME}\t{area}\tQ3 2026/27\t1,041\t\t\t\tProvisional", "I1\tAll areas\tOct-Dec 2026\t2,000"
    staged = pasted(partnership, office, *rows)
    assert (doubts_of(staged), figures(neglect)) == ([], [])
    counts = confirm_figures(staged, by=office, at=NOW)
    again = confirm_figures(staged, by=office, at=NOW)
    assert counts == again == {"new": 2, "changed": 0, "same": 0, "left_out": 0, "empty": 0}
    assert figures(neglect) == [
        (area.name, AUTUMN, Decimal(1041), None, None),
        ("", AUTUMN, Decimal(2000), None, None),
    ]
    later = pasted(
        partnership, office, f"{NAME}\t{area}\tQ3 2026/27\t1041", f"{NAME}\tWhole partnership\tQ3 2026/27\t2000"
    )
    before = list(IndicatorValue.objects.values_list("entered_at"))
    assert confirm_figures(later, by=office, at=datetime(2027, 2, 1, tzinfo=UTC)) == {
        "new": 0,
        "changed": 0,
        "same": 2,
        "left_out": 0,
        "empty": 0,
    }
    assert list(IndicatorValue.objects.values_list("entered_at")) == before


@pytest.mark.parametrize(
    ("line", "at", "says"),
    [
        (
            "I1\t{area}\tQ3 2026/27\tabout 40",
            "D2",
            "“about 40” is no number. Write figures only; words belong in the note",
        ),
        (
            "I2\t{area}\tQ3 2026/27\t104",
            "D2",
            "A per cent can’t be more than 100: 104. Correct it",
        ),
        (
            "I2\t{area}\tQ3 2026/27\t-4",
            "D2",
            "This can’t be less than nothing: -4. Look at its sign",
        ),
        (
            "I2\t{area}\tQ3 2026/27\t90\t12\t10",
            "E2",
            "12 can’t be out of 10. Correct one of the two",
        ),
        (
            "I2\t{area}\tQ3 2026/27\t90\t5\t10",
            "D2",
            "5 out of 10 is 50.0%, not 90. Correct one of the three",
        ),
        (
            "I2\t\tQ3 2026/27\t\t\t\t81.5",
            "B2",
            "81.5 is a comparator without an area. Write the area that is compared with it, or “Whole partnership”",
        ),
        (
            "I2\tEngland\tQ3 2026/27\t81.5",
            "B2",
            "“England” is what this is compared with, not an area of yours. Put its figure under "
            "“Compared with”, beside the area that is compared",
        ),
        (
            "Children seen alon\t{area}\tQ3 2026/27\t81",
            "A2",
            "We know no indicator “Children seen alon”. Did you mean “Children seen alone”?",
        ),
        (
            "I1\t{area}\t2026-27\t41",
            "C2",
            "This indicator is counted every quarter, and April 2026 to March 2027 is a year. Write a"
            " period like Q3 2026/27",
        ),
        (
            "I1\t{area}\tQ3 2026\t41",
            "C2",
            "“Q3 2026” may be July to September 2026, or October to December 2026. Write Jul–Sep 2026, or Q3 2026/27",
        ),
        (
            "I1\t{area}\tQ1 2027/28\t41",
            "C2",
            "April to June 2027 has not begun yet. Correct the period, or leave this out",
        ),
        (
            "I1\t{area}\tQ3 2026/27\t<5",
            "D2",
            "“<5” was hidden where it comes from. Write the number (we hide small ones ourselves), or leave it out",
        ),
        (
            "I1\t{area}\tQ3 2026/27\t*",
            "D2",
            "“*” was hidden where it comes from. Write the number (we hide small ones ourselves), or leave it out",
        ),
        (
            "I1\t{area}\tQ3 2026/27\tn/a",
            "D2",
            "“n/a” is no number. Where there is none, leave it out",
        ),
        (
            "I1\t{area}\tQ3 2026/27\t12,5",
            "D2",
            "“12,5” has a comma in it. Write 12.5, or the number without a comma",
        ),
        (
            "I1\t{area}\tQ3 2026/27\t12.5",
            "D2",
            "12.5 is no whole number. Write how many there were",
        ),
        (
            "I1\t{area}\tQ3 2026/27\t=1+1",
            "D2",
            "This holds a formula, which we don’t reckon out. Write what it comes to",
        ),
    ],
)
def test_each_doubt_stands_at_its_cell(partnership, office, neglect, visits, area, line, at, says):
    staged = pasted(partnership, office, line.format(area=area))
    assert doubts_of(staged) == [(at, says)]
    with pytest.raises(CannotImport, match="Nothing was counted"):
        confirm_figures(staged, by=office, at=NOW)
    assert not IndicatorValue.objects.exists()


def test_unknown_area_is_offered_the_nearest(partnership, office, neglect, area):
    [(at, says)] = doubts_of(pasted(partnership, office, f"I1\t{area.name[:-1]}\tQ3 2026/27\t4"))
    assert (at, says) == ("B2", f"We know no area “{area.name[:-1]}” of {partnership}. Did you mean “{area}”?")


def test_period_twice_with_two_figures_is_a_doubt_at_both_and_with_one_is_none(partnership, office, neglect, area):
    staged = pasted(partnership, office, f"I1\t{area}\tQ3 2026/27\t12", f"I1\t{area}\tOct-Dec 2026\t14")
    assert doubts_of(staged) == [
        ("D2", "D3 says 14 for the same period and area; here it is 12. Correct one, or leave one out"),
        ("D3", "D2 says 12 for the same period and area; here it is 14. Correct one, or leave one out"),
    ]
    staged = pasted(partnership, office, f"I1\t{area}\tQ3 2026/27\t12", f"I1\t{area}\tOct-Dec 2026\t12")
    assert confirm_figures(staged, by=office, at=NOW)["new"] == 1


def test_period_that_overlaps_what_is_known_is_a_doubt(partnership, office, neglect, area):
    IndicatorValueFactory(indicator=neglect, area=area, starts_on=date(2026, 9, 1), ends_on=date(2026, 11, 30))
    assert doubts_of(pasted(partnership, office, f"I1\t{area}\tQ3 2026/27\t12")) == [
        ("C2", "October to December 2026 overlaps with September to November 2026. Correct one, or leave it out")
    ]


def test_row_is_mended_or_left_out_in_the_preview(partnership, office, neglect, area):
    staged = pasted(partnership, office, f"I1\t{area}\tQ3 2026/27\tforty", f"I1\t{area}\tQ2 2026/27\tn/a")
    mend(staged, rows={1: {"value": "40"}, 2: {"left_out": True}})
    staged.refresh_from_db()
    assert doubts_of(staged) == []
    assert confirm_figures(staged, by=office, at=NOW)["left_out"] == 1
    assert figures(neglect) == [(area.name, AUTUMN, Decimal(40), None, None)]
    with pytest.raises(CannotMend):
        mend(staged, rows={1: {"value": "41"}})


def test_every_row_with_a_doubt_can_be_left_out_at_once(partnership, office, neglect, area):
    staged = pasted(partnership, office, f"I1\t{area}\tQ3 2026/27\tforty", f"I1\t{area}\tQ2 2026/27\t31")
    assert leave_out_doubts(staged, on=TODAY) == 1
    staged.refresh_from_db()
    assert confirm_figures(staged, by=office, at=NOW) == {"new": 1, "changed": 0, "same": 0, "left_out": 1, "empty": 0}


def test_correction_says_what_stood_and_keeps_history(partnership, office, neglect, area):
    value = IndicatorValueFactory(indicator=neglect, area=area, value=Decimal(12), comparator=Decimal(9))
    staged = pasted(partnership, office, f"I1\t{area}\tQ3 2026/27\t14")
    [line] = Draft(staged, on=TODAY).changed
    assert line.changes == [("value", Decimal(12), Decimal(14))]
    confirm_figures(staged, by=office, at=NOW)
    value.refresh_from_db()
    assert (value.value, value.comparator, value.entered_by) == (Decimal(14), Decimal(9), office)
    assert list(value.events.order_by("pgh_id").values_list("value", flat=True)) == [Decimal(12), Decimal(14)]


def test_wide_workbook_with_periods_as_days_shares_and_merged_names(partnership, office, visits, area):
    upload = workbook(
        ["Indicator", "Area", "What", date(2026, 7, 1), "Oct-Dec 2026"],
        ["Children seen alone", str(area), "", 0.815, 0.9],
        [None, str(area), "England", 0.8, None],
        formats=[("D2", "0.0%"), ("E2", "0.0%"), ("D3", "0%")],
        merge=["A2:A3"],
    )
    staged = stage_file(upload, partnership=partnership, by=office)
    assert doubts_of(staged) == [
        (
            "A3",
            "Cells are merged here (A2:A3), so “Children seen alone” was taken from their first row. Save it if that "
            "is right, or correct it",
        )
    ]
    [doubtful] = Draft(staged, on=TODAY).doubtful
    mend(staged, rows={doubtful.key: {"indicator": "Children seen alone"}})
    staged.refresh_from_db()
    assert confirm_figures(staged, by=office, at=NOW) == {"new": 2, "changed": 0, "same": 0, "left_out": 0, "empty": 1}
    assert figures(visits) == [
        (area.name, SUMMER, Decimal("81.5"), None, Decimal(80)),
        (area.name, AUTUMN, Decimal(90), None, None),
    ]


def test_workbook_with_a_formula_an_error_a_day_and_a_serial(partnership, office, neglect, area):
    upload = workbook(
        ["Indicator", "Area", "Period", "Value"],
        [NAME, str(area), 46_296, "=SUM(1,2)"],
        [NAME, str(area), "Q2 2026/27", date(2026, 2, 1)],
        [NAME, str(area), "Q1 2026/27", 31],
        [NAME, str(area), "Q4 2025/26", None],
    )
    staged = stage_file(upload, partnership=partnership, by=office)
    assert doubts_of(staged) == [
        ("D2", "This holds a formula, which we don’t reckon out. Write what it comes to"),
        ("D3", "Excel has made a day of this (01/02/2026). Write the number"),
    ]
    assert [line.period.name for line in Draft(staged, on=TODAY).lines] == [
        "October to December 2026",
        "July to September 2026",
        "April to June 2026",
    ]
    assert staged.understood["empty_count"] == 1


def test_merged_figure_is_no_empty_cell(partnership, office, neglect, area):
    upload = workbook(["Indicator", "Area", "Q2 2026/27", "Q3 2026/27"], [NAME, str(area), 31, None], merge=["C2:D2"])
    assert doubts_of(stage_file(upload, partnership=partnership, by=office)) == [
        ("D2", "Cells are merged here (C2:D2), so this one is empty. Write what belongs to it")
    ]


def test_values_that_are_all_shares_are_noted(partnership, office, visits, area):
    staged = pasted(partnership, office, f"I2\t{area}\tQ3 2026/27\t0.9", f"I2\t{area}\tQ2 2026/27\t0.8")
    assert [note["at"] for note in Draft(staged, on=TODAY).notes] == ["D2"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("one\ttwo\nthree\tfour", "We found no headings that we know"),
        (HEAD, "There are headings but no figures under them"),
        ("\n".join([HEAD, *["I1\tAll\tQ3 2026/27\t4"] * 5_030]), "more than 5,000 rows"),
        ("\n".join([f"Indicator\tArea\t{FIFTY_SIX}", *["I1\tAll" + "\t4" * 56] * 400]), "more than 20,000 figures"),
    ],
    ids=["no-headings", "no-rows", "long", "wide"],
)
def test_what_is_no_list_of_figures_is_refused_in_words(partnership, office, text, says):
    with pytest.raises(UnreadableFile, match=says):
        stage_pasted(text, partnership=partnership, by=office)


def test_indicator_of_another_partnership_is_unknown(partnership, office, other_partnership, organisation, area):
    IndicatorFactory(partnership=other_partnership, owner=organisation, title="Theirs")
    [(at, says)] = doubts_of(pasted(partnership, office, f"Theirs\t{area}\tQ3 2026/27\t4"))
    assert (at, says[:30]) == ("A2", "We know no indicator “Theirs”.")


@pytest.mark.parametrize("rows", [1, 3])
def test_draft_asks_the_same_of_one_row_and_of_many(
    partnership, office, neglect, area, rows, django_assert_num_queries
):
    staged = pasted(partnership, office, *[f"I1\t{area}\tQ{n} 2025/26\t{n}0" for n in range(1, rows + 1)])
    with django_assert_num_queries(3):  # indicators, areas, values
        assert not Draft(staged, on=TODAY).doubtful
