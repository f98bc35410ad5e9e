"""Read figures from a sheet or from cells that were pasted: one figure a row, or a row with a column for each period.

Which of the two it is, its headings say. Nothing is asked of the database here: what a row means is understood when
it is shown (``importing``). A cell that cannot be what it seems (a formula, merged cells) has its doubt with it.
"""

from datetime import date, datetime

from openpyxl.utils import coordinate_to_tuple, get_column_letter

from assurance.indicators.periods import looks_like_period, written
from partnership.sheet_lists import Reading, heading_of
from partnership.sheets import EMPTY, MOST_COLUMNS, MOST_ROWS, TOO_MANY_ROWS, plain, runs, shortened
from partnership.uploads import UnreadableFile

MOST_ENTRIES = 20_000
LONGEST = 300
FIELDS = ("indicator", "area", "period", "value", "numerator", "denominator", "comparator", "note")
NAMES = ("indicator", "ref", "area")
FIGURES = ("value", "numerator", "denominator", "comparator")
CALLED = {
    "indicator": "Indicator",
    "area": "Area",
    "period": "Period",
    "value": "Value",
    "numerator": "Number",
    "denominator": "Out of",
    "comparator": "Compared with",
    "note": "Note",
}
HEADINGS = {
    "indicator": {"indicator", "indicator name", "name of indicator", "kpi", "measure name", "title", "name"},
    "ref": {"ref", "reference", "code", "indicator ref", "indicator reference", "indicator code", "id", "no"},
    "area": {"area", "local authority", "authority", "la", "council", "place", "borough", "district", "geography"},
    "period": {"period", "reporting period", "time period", "quarter", "month", "year", "date", "period from"},
    "value": {"value", "figure", "actual", "result", "performance", "outturn", "percentage", "per cent", "rate"},
    "numerator": {"numerator", "how many", "number counted", "n"},
    "denominator": {"denominator", "out of", "of how many", "base", "cohort", "population"},
    "comparator": {"comparator", "compared with", "comparison", "benchmark", "england", "national"},
    "note": {"note", "notes", "comment", "comments", "remark", "remarks"},
    "what": {"what", "figures", "kind of figure", "row"},
}
EITHER = {"number", "count"}  # the value, or beside a value the people behind it
# What a row of a wide sheet holds, in its column "What".
KINDS = {
    "": "value",
    **{word: "value" for word in ("value", "values", "figure", "actual", "per cent", "percentage", "rate")},
    **{word: "numerator" for word in ("number", "numerator", "how many")},
    **{word: "denominator" for word in ("out of", "denominator", "base", "cohort", "population")},
    **{
        word: "comparator" for word in ("compared with", "comparator", "comparison", "england", "national", "benchmark")
    },
}
TOO_MANY = "This sheet holds more than 20,000 figures. Split it into files of fewer, and bring one at a time."
NO_ROWS = "There are headings but no figures under them. Fill in a row, and try again."
NO_HEADINGS = (
    "We found no headings that we know. Put Indicator, Area, Period and Value above your figures; or Indicator, Area "
    "and a column for each period, headed like Q3 2026/27; or start from our template."
)


def read_figures(content, suffix):
    """What stands in a file (bytes; ".xlsx" or ".csv"), as ``FigureReading.answer`` gives it. Raises UnreadableFile."""
    return FigureReading.of(content, suffix, find=find_headings, refuse=lambda best, title: NO_HEADINGS)


def read_pasted(text):
    """The same of cells that were copied from a sheet: rows in lines, cells parted by tabs."""
    return read_figures(text.encode(), ".csv")


def find_headings(rows):
    """As ``find_table`` asks it; the column of a period is named "@" and its place, like "@4"."""
    best = {}
    for number, cells in rows:
        columns = columns_of(cells)
        if "indicator" in columns or "ref" in columns:
            periods = any(column.startswith("@") for column in columns)
            if periods or ("period" in columns and columns.keys() & set(FIGURES)):
                return number, columns
        if len(columns) > len(best):
            best = columns
    return None, best


def columns_of(cells):
    """{column: index} of the headings known; the first of two alike counts."""
    columns, either = {}, []
    for index, cell in enumerate(cells):
        heading = heading_of(cell.text)
        if heading in EITHER:
            either.append(index)
        for column, headings in HEADINGS.items():
            if heading in headings:
                columns.setdefault(column, index)
    for index in either:
        columns.setdefault("numerator" if "value" in columns else "value", index)
    if "period" not in columns:
        known = set(columns.values())
        for index, cell in enumerate(cells):
            if index not in known and cell.text and looks_like_period(written(cell.value)):
                columns[f"@{index}"] = index
    return columns


class FigureReading(Reading):
    """Gathers ``entries``: one for each figure, its fields as texts, where they stand, and its doubts."""

    no_rows = NO_ROWS

    def __init__(self, table):
        super().__init__(table)
        self.entries, self.rows_read, self.empty_count = [], [], 0
        self.heads = {}
        self.first_of_merged = {}
        self.covered = {  # (row, column) of every cell that a merged one hides
            (row, column): ref
            for ref, (first_column, first_row, last_column, last_row) in self.merged
            for row in range(first_row, min(last_row, first_row + MOST_ROWS) + 1)
            for column in range(first_column, min(last_column, MOST_COLUMNS) + 1)
            if (row, column) != (first_row, first_column)
        }

    def columns_again(self, text):
        heading = heading_of(text)
        return {column for column, headings in HEADINGS.items() if heading in headings} & self.columns.keys()

    def take(self, number, cells):
        if number == self.number:
            self._take_headings(cells)
            self.heads = {
                column: written(cells[index].value) for column, index in self.columns.items() if column.startswith("@")
            }
            return
        own = {column: cells[index] if index < len(cells) else EMPTY for column, index in self.columns.items()}
        if not any(cell.text or cell.is_formula for cell in own.values()):
            return
        if {column: cell.text for column, cell in own.items()} == self.heading_texts:
            return
        if len(self.rows_read) == MOST_ROWS:
            raise UnreadableFile(TOO_MANY_ROWS)
        self.rows_read.append(number)
        if self.heads:
            self._take_wide(number, own)
        else:
            self._take_long(number, own)
        if len(self.entries) > MOST_ENTRIES:
            raise UnreadableFile(TOO_MANY)

    def _take_long(self, number, own):
        entry = self._entry(number, own)
        for field in ("period", *FIGURES, "note"):
            self._fill(entry, field, own.get(field, EMPTY), self._at(field, number))
        if not any(entry.get(field) or field in entry["doubts"] for field in FIGURES):
            self.empty_count += 1
        else:
            self.entries.append(entry)

    def _take_wide(self, number, own):
        base = self._entry(number, own)
        what = own.get("what", EMPTY)
        kind = KINDS.get(heading_of(what.text), "")
        if not kind:
            base["doubts"]["value"] = (
                f"We don’t know what “{shortened(what.text)}” is: Value, Number, Out of or Compared with. Correct "
                f"{self._at('what', number)} and bring the file again, or leave this out"
            )
        for column, head in self.heads.items():
            cell, at = own[column], f"{get_column_letter(self.columns[column] + 1)}{number}"
            entry = {**base, "at": dict(base["at"]), "doubts": dict(base["doubts"])}
            entry["period"], entry["at"]["period"] = head, f"{get_column_letter(self.columns[column] + 1)}{self.number}"
            self._fill(entry, kind or "value", cell, at)
            if entry.get(kind or "value") or set(entry["doubts"]) - set(base["doubts"]):
                self.entries.append(entry)
            else:
                self.empty_count += 1

    def _entry(self, number, own):
        entry = {"row": number, "at": {}, "doubts": {}, "left_out": False}
        for field in NAMES:
            self._fill(entry, field, own.get(field, EMPTY), self._at(field, number))
            self._fill_merged(entry, field, number)
        ref = entry.pop("ref", "")
        entry["at"].setdefault("indicator", entry["at"].pop("ref", f"A{number}"))
        if ref:
            entry["ref"] = ref
            entry["indicator"] = entry.get("indicator") or ref
        return entry

    def _at(self, field, number):
        return f"{get_column_letter(self.columns[field] + 1)}{number}" if field in self.columns else ""

    def _fill(self, entry, field, cell, at):
        if at:
            entry["at"][field] = at
        if cell.is_formula:
            entry["doubts"][field] = "This holds a formula, which we don’t reckon out. Write what it comes to"
        elif cell.is_error:
            entry["doubts"][field] = f"This holds an error ({cell.text}). Write what it should say"
        elif field in FIGURES and isinstance(cell.value, date):
            entry["doubts"][field] = f"Excel has made a day of this ({cell.value:%d/%m/%Y}). Write the number"
        elif len(cell.text) > LONGEST:
            entry["doubts"][field] = f"This is too long: use {LONGEST} characters or fewer"
        elif field not in NAMES and self.covered and (ref := self.covered.get(coordinate_to_tuple(at or "A1"))):
            entry["doubts"][field] = f"Cells are merged here ({ref}), so this one is empty. Write what belongs to it"
        elif text := _text_of(field, cell):
            entry[field] = text
            if cell.is_percent:
                entry.setdefault("shares", []).append(field)

    def _fill_merged(self, entry, field, number):
        """A merged name is taken from its first row, which somebody must look at."""
        if field not in self.columns:
            return
        ref = self.covered.get((number, self.columns[field] + 1))
        if ref and (taken := self.first_of_merged.get((ref, field))):
            entry[field] = taken
            entry["doubts"]["indicator" if field == "ref" else field] = (
                f"Cells are merged here ({ref}), so “{shortened(taken)}” was taken from their first row. Save it if "
                "that is right, or correct it"
            )
        elif entry.get(field):
            for ref, (first_column, first_row, _last_column, _last_row) in self.merged:
                if (first_row, first_column) == (number, self.columns[field] + 1):
                    self.first_of_merged[ref, field] = entry[field]

    def answer(self):
        """``{"sheet", "entries", "problems", "notes", "left_out", "empty_count", "is_wide"}``.

        An entry has ``row``, ``at`` ({field: cell}), ``doubts`` ({field: sentence}), ``left_out``, a text for each
        of ``FIELDS`` that is filled, and ``shares``: fields that Excel showed as a per cent.
        """
        if not self.entries and not self.problems:
            raise UnreadableFile(self.no_rows)
        for key, entry in enumerate(self.entries, start=1):
            entry["key"] = key
        return {
            "sheet": self.table.title,
            "entries": self.entries,
            "problems": self.problems,
            "notes": self._notes(),
            "left_out": self.left_out,
            "empty_count": self.empty_count,
            "is_wide": bool(self.heads),
        }

    def _notes(self):
        hidden = sorted(set(self.rows_read) & self.table.hidden)
        return [
            {
                "at": f"Row {first}" if first == last else f"Rows {first} to {last}",
                "says": "hidden in the sheet, perhaps by a filter, and read all the same.",
            }
            for first, last in runs(hidden)
        ]


def _text_of(field, cell):
    value = cell.value
    if field == "period" and isinstance(value, (date, datetime)):
        return written(value)
    if field in FIGURES and isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return plain(cell.text)
