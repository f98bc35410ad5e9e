"""Plans kept in Excel: many shapes of one plan, what is said of what a workbook hides, files that are no plan."""

import contextlib
import csv
import json
import random
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from plans.importer import UnreadablePlan, child, read_plan, read_plan_safely
from tests.plans.samples import workbooks
from tests.plans.score import mean_f1

FLOOR = 0.92


@pytest.fixture
def read(tmp_path):
    """Read an openpyxl Workbook as a plan."""

    def read_workbook(book, filename="plan.xlsx"):
        path = tmp_path / "plan.xlsx"
        book.save(path)
        return read_plan(path, filename=filename)

    return read_workbook


@pytest.mark.parametrize("shape", workbooks.SHAPES, ids=lambda shape: shape.__name__)
def test_the_plan_is_understood_in_every_shape(read, shape):
    book, expected = shape()
    score, misses = mean_f1(read(book)["plan"], expected)
    assert score >= FLOOR, misses


def test_the_floor_is_missed_by_a_reader_that_loses_a_column(read):
    """The negative control of the floor: one heading that nobody knows must be seen in the score."""
    book, expected = workbooks.banners_across_one_table()
    book.active.cell(2, 6).value = "Qwertz"
    score, _ = mean_f1(read(book)["plan"], expected)
    assert score < FLOOR


SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared plans are not on this machine")
@pytest.mark.parametrize("name", ["llr-2020-21", "llr-2021-22"])
def test_a_real_workbook_is_read_as_people_read_it(name, tmp_path):
    found = tmp_path / "found.json"
    found.write_text(json.dumps(read_plan_safely(SHARED / "plans" / f"{name}.xlsx")), encoding="utf-8")
    score = subprocess.run(
        [sys.executable, SHARED / "tools" / "score_plan.py", found, SHARED / "plans" / f"{name}.expected.json"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(score.stdout.split()[-1]) >= 0.97, score.stdout


def test_the_same_plan_as_csv(tmp_path):
    """Excel gives a sheet away as CSV in the letters of Windows, with semicolons or commas."""
    book, expected = workbooks.numbers_as_numbers()
    path = tmp_path / "plan.csv"
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, delimiter=";").writerows([cell or "" for cell in row] for row in book.active.values)
    score, misses = mean_f1(read_plan_safely(path)["plan"], expected)
    assert score == 1, misses


def small_book(*rows, headings=("Ref", "Deliverable", "Lead", "Activity", "Timescale"), title=workbooks.TITLE):
    """One priority, with a title of its own."""
    book = Workbook()
    for row in [[title], ["Priority 1: Neglect"], headings, *rows]:
        book.active.append(row)
    return book


def first(understood):
    return understood["plan"]["priorities"][0]["deliverables"][0]


def test_dates_are_words_as_their_cells_show_them(read):
    shown = ["mmm yyyy", "mmmm yy", "dd/mm/yyyy", "d-mmm", "yyyy"]
    book = small_book(*(["1", f"Guide {n}", "Office", "Write it", date(2026, 6, 7)] for n in range(len(shown))))
    for row, code in enumerate(shown, start=4):
        book.active.cell(row, 5).number_format = code
    rows = read(book)["plan"]["priorities"][0]["deliverables"]
    assert [row["timescale_text"] for row in rows] == [
        "Jun 2026",
        "June 2026",
        "7 June 2026",
        "7 June 2026",
        "7 June 2026",
    ]


def test_bold_words_at_the_start_of_a_cell_are_the_title(read):
    book = small_book(["1", "", "Office", "Write it", "June 2026"])
    promise = CellRichText(TextBlock(InlineFont(b=True), "One guide."), " It says what to do at night.")
    book.active["B4"] = promise
    found = first(read(book))
    assert (found["title"], found["description"]) == ("One guide", "It says what to do at night.")


def test_items_further_in_are_points_and_lines_in_a_cell_are_activities(read):
    book = small_book(["1", "Guide", "Office", "• Ask families\n   • at school\n   • at home\n• Print it", "June 2026"])
    assert [(each["text"], each.get("points")) for each in first(read(book))["activities"]] == [
        ("Ask families", ["at school", "at home"]),
        ("Print it", None),
    ]


def test_what_a_workbook_works_out_or_hides_is_said(read, tmp_path):
    book = small_book(["1", "Guide", "Office", "Write it", "June 2026"], ["2", "Leaflet", "Office", "Print", "X"])
    sheet = book.active
    sheet.title = "Plan"
    sheet["E5"] = "=E4"
    sheet["C5"] = "#REF!"
    sheet["C5"].data_type = "e"
    sheet["D5"].font = Font(strike=True)
    sheet["G4"] = "A remark"
    sheet.column_dimensions["G"].hidden = True
    sheet.row_dimensions[5].hidden = True
    book.create_sheet("Old").sheet_state = "veryHidden"
    path = tmp_path / "plan.xlsx"
    book.save(path)
    worked_out = b'<c r="E5" t="str"><f>E4</f><v>June 2026</v></c>'
    workbooks.with_parts(
        path,
        {
            "xl/worksheets/sheet1.xml": lambda part: re.sub(rb'<c r="E5".*?</c>', worked_out, part),
            "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
        },
    )
    found = read_plan(path, filename="plan.xlsx")
    assert found["notes"] == [
        "This workbook takes values from other files. We read those it was last saved with.",
        "On the sheet “Plan” row 5 is hidden. We read what stands there: take it out if it is no part of the plan.",
        "On the sheet “Plan” column G is hidden. We read what stands there all the same.",
        "On the sheet “Plan” cell E5 is worked out by a formula. We read the values last saved.",
        "On the sheet “Plan” cell C5 is in error. Type what should stand there.",
        "On the sheet “Plan” cell D5 is struck through. We read the words all the same.",
        "The sheet “Old” is hidden, so we left it out. Show it and bring the file again if it belongs.",
        "In the plan's table, beside “Guide”: A remark",
    ]
    assert found["plan"]["priorities"][0]["deliverables"][1]["timescale_text"] == "June 2026"


def test_a_formula_that_was_never_worked_out_is_said(read):
    notes = read(small_book(["1", "Guide", "Office", "Write it", "=TODAY()"]))["notes"]
    assert notes == [
        "On the sheet “Sheet” cell E4 is worked out by a formula without a value. Open it in Excel and save it."
    ]


# Workbooks that can't be read, each answered with what to do


def refusal(path, filename="plan.xlsx"):
    with pytest.raises(UnreadablePlan) as refused:
        read_plan_safely(path, filename=filename)
    assert str(refused.value).endswith(".") and len(str(refused.value)) < 160
    return str(refused.value)


def sheet_with(*cells):
    """A sheet's part that claims these cells."""
    inner = "".join(f'<row r="{row}"><c r="{column}{row}"><v>1</v></c></row>' for column, row in cells)
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return f"<worksheet {space}><sheetData>{inner}</sheetData></worksheet>".encode()


SHEET, STRINGS, UNUSUAL = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "This file is built in an unusual way"
HOSTILE = {
    "the last row there can be": ({SHEET: sheet_with(("A", 1_048_576))}, "has more than 10,000 rows"),
    "the last column there can be": ({SHEET: sheet_with(("XFD", 1))}, "has more than 500 columns"),
    "a column there cannot be": ({SHEET: sheet_with(("ZZZ", 1))}, "has more than 500 columns"),
    "an entity": ({STRINGS: b'<!DOCTYPE d [<!ENTITY x "y">]><sst/>'}, UNUSUAL),
    "broken XML": ({SHEET: b"<worksheet><sheetData>"}, "This file is damaged."),
    "no list of sheets": ({"xl/workbook.xml": b"<workbook/>"}, "This workbook is not complete."),
    "a bomb": ({"xl/media/a.bin": b"\0" * 30_000_000}, "A part of this file unpacks to something huge."),
    "macros": ({"xl/vbaProject.bin": b"x"}, "This file holds macros"),
    "nothing on its sheets": ({SHEET: sheet_with()}, "This workbook is empty."),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_workbook_that_cannot_be_read_is_answered_with_what_to_do(name, tmp_path):
    changes, says = HOSTILE[name]
    path = tmp_path / "plan.xlsx"
    small_book(["1", "Guide", "Office", "Write it", "June 2026"]).save(path)
    assert says in refusal(workbooks.with_parts(path, changes))


def test_a_workbook_with_the_words_of_twenty_books_is_too_much(tmp_path):
    path = tmp_path / "plan.xlsx"
    book, letters = Workbook(), random.Random(1)  # noqa: S311 -- words that hardly pack
    for _ in range(1_100):
        book.active.append([letters.randbytes(1_500).hex()])
    book.save(path)
    assert refusal(path).startswith("This workbook is far larger than a plan.")


def test_a_merge_of_the_whole_sheet_costs_nothing(tmp_path):
    book = small_book(["1", "Guide", "Office", "Write it", "June 2026"])
    path = tmp_path / "plan.xlsx"
    book.save(path)
    merge = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="x"/></mergeCells>'
    workbooks.with_parts(path, {"xl/worksheets/sheet1.xml": lambda part: part.replace(b"</sheetData>", merge)})
    assert refusal(path).startswith("We found no plan table")


@pytest.mark.parametrize(
    "rows",
    [
        [["Name", "Telephone"], ["Nadia", "none"]],
        [["Invoice 17"], ["Item", "Price", "Number"], ["Chairs", 12.5, 4]],
        [["Risk", "Owner", "Likelihood", "Mitigating actions", "Due date"], ["Fire", "Office", 2, "Drill", "May 2026"]],
    ],
)
def test_a_workbook_that_is_no_plan_is_answered_kindly(rows, tmp_path):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    path = tmp_path / "other.xlsx"
    book.save(path)
    assert refusal(path).startswith("We found no plan table in this document. Give its table a row of headings")


def test_a_csv_that_is_no_text_is_answered_kindly(tmp_path):
    path = tmp_path / "plan.csv"
    path.write_bytes(bytes(range(256)) * 40)
    assert refusal(path, "plan.csv")
    path.write_bytes(b"\xff\xfea")
    assert refusal(path, "plan.csv")


WORDS = ["Deliverable", "Lead", "Activity", "Timescale", "Priority", "Priority 2: Neglect", "Rationale", "Outcomes"]
WORDS += ["June 2026", "• Ask\n   • again", "Business plan 2026-27", "1.", "AV: Office\nMB: Manager"]
cells = st.one_of(
    st.none(),
    st.sampled_from(
        [*WORDS, "June 2026", "• Ask\n   • again", "Business plan 2026-27", "1.", "AV: Office\nMB: Manager"]
    ),
    st.text(max_size=12),
    st.integers(-5, 60_000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1900, 1, 2), date(2200, 1, 1)),
    st.booleans(),
)


@given(
    grid=st.lists(st.lists(cells, max_size=7), max_size=14),
    merges=st.lists(st.tuples(st.integers(1, 12), st.integers(1, 7), st.integers(0, 4), st.integers(0, 4)), max_size=4),
    has_headings=st.booleans(),
    bold=st.sets(st.tuples(st.integers(1, 14), st.integers(1, 7)), max_size=5),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_grid_of_cells_is_read_or_refused(grid, merges, has_headings, bold, tmp_path):
    book = Workbook()
    sheet = book.active
    if has_headings:
        sheet.append(["Business plan 2026-27"])
        sheet.append(["Priority", "Deliverable", "Lead", "Activity", "Timescale"])
    for values in grid:
        sheet.append([clean(value) for value in values])
    for row, column in bold:
        sheet.cell(row, column).font = Font(bold=True)
    for top, left, height, width in merges:
        with contextlib.suppress(ValueError):
            sheet.merge_cells(start_row=top, start_column=left, end_row=top + height, end_column=left + width)
    path = tmp_path / "plan.xlsx"
    book.save(path)
    try:
        understood = read_plan(path, filename="plan.xlsx")
    except UnreadablePlan as refused:
        assert str(refused).endswith(".")
    else:
        assert json.loads(json.dumps(understood)) == understood


def clean(value):
    """What openpyxl will write."""
    return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value


@given(lines=st.lists(st.lists(st.text(max_size=10), max_size=8), max_size=20), is_plan=st.booleans())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_csv_is_read_or_refused(lines, is_plan, tmp_path):
    path = tmp_path / "plan.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file)
        if is_plan:
            writer.writerows([["Plan 2026-27"], ["Deliverable", "Lead", "Activity", "Timescale"]])
        writer.writerows([text.replace("\x00", "") for text in line] for line in lines)
    with contextlib.suppress(UnreadablePlan):
        assert read_plan(path)["plan"]["priorities"]


@given(places=st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 255)), max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_workbook_is_read_or_refused_and_never_crashes(places, tmp_path):
    path = tmp_path / "plan.xlsx"
    small_book(["1", "Guide", "Office", "Write it", "June 2026"]).save(path)
    content = bytearray(path.read_bytes())
    for place, value in places:
        content[place % len(content)] = value
    path.write_bytes(content)
    assert set(child.answer(path, "plan.xlsx")) in ({"read"}, {"refused"})


def test_what_no_database_keeps_is_left_out(read):
    """Excel writes a control character as "_x0000_", which PostgreSQL would refuse."""
    found = first(read(small_book(["1", "A_x0000_ guide_xD800_", "Office", "Write_x0007_ it", "June 2026"])))
    assert (found["title"], found["activities"][0]["text"]) == ("A guide", "Write it")
