"""Make the sheets of a workbook (.xlsx) or a CSV file into blocks: paragraphs, headings, tables.

On a sheet nothing says where a table begins or that a line stands over it. So a plan's table is found by
its row of headings, in the words ``columns.py`` knows, and goes on until a line stands alone: words on their
own in the first column. Such lines are what paragraphs are in a document, and the one above a
table is the heading of its priority; where a sheet has none its own name is.
"""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import islice

from plans.importer.blocks import Cell, Document, Paragraph, Row, Table, settle_letters, tidy
from plans.importer.columns import all_columns, plain_heading, read_layout
from plans.importer.headings import NUMBERED, label_of, split_heading
from plans.importer.problems import UnreadablePlan
from plans.importer.workbook import (
    MOST_COLUMNS,
    MOST_ROWS,
    TOO_MANY_COLUMNS,
    TOO_MANY_ROWS,
    Sheet,
    SheetCell,
    read_workbook,
)

EMPTY = "This workbook is empty. Choose the one that holds the plan."
MOST_ODD_WORDS = 20
LONGEST_HEADLINE = 200
LONGEST_REF = 12

# How high the headings are that we give: a sheet without a plan, a priority, any other bold line.
OTHER_SHEET, PRIORITY, LINE = 1, 2, 3

_DEPTH = re.compile(r"^[ \t\u00a0]{2,}")
_SENTENCE = re.compile(r"[.;,]$")
_SHEET_NUMBER = re.compile(r"^(?:priority |theme |p|t)?(\d{1,2}[a-z]?)(?:\s*[-.:)\u2013]\s*|\s+)(?=\S)", re.IGNORECASE)
_NAMELESS_SHEET = re.compile(
    r"^(?:sheet|table|tab)?\s?\d*$|\b(?:plan|actions?|log|tracker|priorities|programme|current|live|master|20\d\d)\b",
    re.IGNORECASE,
)
_NAME_OF_PLAN = re.compile(r"\b(?:plan|strategy|programme|tracker|20\d\d)\b", re.IGNORECASE)
_TITLE_LABELS = {"title", "plan title", "title of plan", "plan", "name of plan", "plan name", "name"}


def read_excel(path):
    """The blocks of the workbook at ``path``."""
    sheets, notes = read_workbook(path)
    return _Workbook(sheets, notes).document()


def read_csv(path):
    """The blocks of a CSV file, which is one sheet of words."""
    with open(path, "rb") as file:
        text = _decoded(file.read())
    delimiter = max(",;\t", key=text[:5_000].count)
    try:
        lines = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), MOST_ROWS + 1))
    except csv.Error as error:
        raise UnreadablePlan(
            "A quotation mark in this file is not closed. Save it again as CSV, or as .xlsx."
        ) from error
    sheet = Sheet("")
    if len(lines) > MOST_ROWS:
        raise UnreadablePlan(TOO_MANY_ROWS.replace("The sheet “{}”", "This file"))
    for row, line in enumerate(lines):
        if len(line) > MOST_COLUMNS:
            raise UnreadablePlan(TOO_MANY_COLUMNS.replace("The sheet “{}”", "This file"))
        for column, words in enumerate(line):
            if words.strip():
                sheet.cells[row, column] = SheetCell(tuple(words.replace("\r\n", "\n").split("\n")))
    return _Workbook([sheet] if sheet.cells else [], []).document()


def _decoded(content):
    """Excel writes a CSV as UTF-8 or in the old letters of Windows; either is read."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


@dataclass
class Line:
    """Words that stand alone in their row: ``paragraphs`` of one cell. ``is_first``: of its sheet."""

    paragraphs: list
    size: float = 0.0
    is_wide: bool = False
    is_first: bool = False

    @property
    def text(self):
        return " ".join(p.text for p in self.paragraphs)

    @property
    def is_headline(self):
        """May this be the heading of something?"""
        if len(self.paragraphs) > 2 or len(self.text) > LONGEST_HEADLINE:
            return False
        first = self.paragraphs[0]
        if first.bullet is not None or label_of(self.text) or self.text.endswith(":") or _SENTENCE.search(self.text):
            return False
        return first.is_bold or self.is_wide or self.is_first or bool(NUMBERED.match(self.text))

    @property
    def names_plan(self):
        return bool(_NAME_OF_PLAN.search(self.text)) and not NUMBERED.match(self.text)

    def as_heading(self, level):
        """One paragraph. "Priority 2: Neglect" becomes "Neglect" with the number 2."""
        paragraph = Paragraph(self.text, heading=level, is_bold=True)
        if level == PRIORITY and NUMBERED.match(self.text):
            ref, title = split_heading(paragraph)
            return replace(paragraph, text=title, number=ref) if title else paragraph
        return paragraph


@dataclass
class Stretch:
    """Lines, and the table under them: ``rows`` of a plan (the first is its headings) or of another ``table``."""

    lines: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    layout: object = None
    table: list = field(default_factory=list)


class _Workbook:
    def __init__(self, sheets, notes):
        self.sheets, self.notes = sheets, list(notes)
        self.odd_words = set()

    def document(self):
        if not self.sheets:
            raise UnreadablePlan(EMPTY)
        stretches, last_layout = [], None
        for sheet in self.sheets:
            reader = _SheetReader(sheet, self.odd_words, last_layout)
            stretches.append(reader.stretches())
            last_layout = reader.headings or last_layout
            self.notes += reader.notes
        blocks = list(_Arranger(self.sheets, stretches).blocks())
        for word in sorted(self.odd_words)[:MOST_ODD_WORDS]:
            plain, _ = settle_letters(word)
            self.notes.append(f"“{word}” has a letter of another alphabet in it. We read it as “{plain}”.")
        return Document(blocks, self.notes)


# From a sheet to stretches


@dataclass
class _GridRow:
    number: int
    row: Row
    filled: list  # cells in which something stands
    is_after_blank: bool

    @property
    def goes_on(self):
        """Is part of this row merged with the row above?"""
        return any(cell.continues for cell in self.row.cells)


class _SheetReader:
    """Cuts one sheet. ``headings``: the last row of headings on it, and its layout."""

    def __init__(self, sheet, odd_words, headings_before):
        self.sheet, self.odd_words = sheet, odd_words
        self.columns = all_columns()
        self.rows = list(self._grid())
        self.width = max((c.column + c.span for each in self.rows for c in each.row.cells), default=0)
        self.headings, self.headings_number = None, None
        self.notes = []
        self.headings_at = self._find_headings()
        self.found = [Stretch()]
        if not self.headings_at and headings_before:
            self._take_headings_of_last_sheet(headings_before)

    def _grid(self):
        by_row = {}
        for (row, column), cell in self.sheet.cells.items():
            by_row.setdefault(row, {})[column] = cell
        for row, column in self.sheet.continued:
            by_row.setdefault(row, {})[column] = None
        last = None
        for number in sorted(by_row):
            cells = []
            for column, cell in sorted(by_row[number].items()):
                span = self.sheet.spans.get((number, column), 1)
                if cell is None:
                    span, _top = self.sheet.continued[number, column]
                width = sum(self.sheet.widths.get(each, 9.0) for each in range(column, column + span))
                paragraphs = tuple(self._paragraphs(cell)) if cell else ()
                cells.append(Cell(paragraphs, column, span, cell is None, max(8, int(width))))
            filled = [cell for cell in cells if cell.text]
            yield _GridRow(number, Row(tuple(cells)), filled, last is not None and number > last + 1)
            last = number

    def _paragraphs(self, cell):
        """The lines of a cell; a bullet that stands further in than the first line is a step deeper."""
        first = next((line for line in cell.lines if line.strip()), "")
        margin = len(first) - len(first.lstrip())
        for line in cell.lines:
            text, odd_words = settle_letters(tidy(line))
            self.odd_words.update(odd_words)
            paragraph = Paragraph(text, is_bold=cell.is_bold).with_bullet_read()
            if paragraph.bullet is not None:
                is_deeper = bool(_DEPTH.match(line)) and len(line) - len(line.lstrip()) > margin
                paragraph = replace(paragraph, bullet=int(is_deeper))
            if cell.bold_start and paragraph.text.startswith(cell.bold_start):
                is_whole = paragraph.text == cell.bold_start
                paragraph = replace(paragraph, is_bold=is_whole, bold_start="" if is_whole else cell.bold_start)
            yield paragraph

    # Headings

    def _find_headings(self):
        """{number of a row: its layout} of rows that say what their columns are.

        A row of a plan may sound like headings ("Review the action plan", "Lead nurse"), so that two cells
        must be headings as we know them; only a sheet without such a row may have less sure ones.
        """
        sure, likely = {}, {}
        for each in self.rows:
            if len(each.filled) < 2 or any(len(cell.text) > 80 for cell in each.filled):
                continue
            layout = read_layout(Row(tuple(each.filled)), self.columns, self.width)
            if layout is None:
                continue
            known = sum(self._is_known(cell) for cell in each.filled)
            if known >= 2:
                sure[each.number] = layout
            elif not likely and (known or all(p.is_bold for cell in each.filled for p in cell.paragraphs)):
                likely[each.number] = layout
        return sure or likely

    def _is_known(self, cell):
        heading = plain_heading(cell.text)
        return any(column.knows(heading) == 2 for column in self.columns)

    def _take_headings_of_last_sheet(self, headings):
        """A sheet without headings goes on with those of the sheet before it, if its rows fit under them."""
        _row, layout = headings
        fitting = [each for each in self.rows if self._fits(each, layout)]
        if self.width == layout.width and fitting:
            self.headings = headings
            self.notes.append(
                f"The sheet “{self.sheet.title}” has no row of headings. We read it by those of the sheet before it."
            )

    # Stretches

    def stretches(self):
        """The sheet as Stretches, in order."""
        is_in_table = False
        for place, each in enumerate(self.rows):
            if each.number in self.headings_at:
                is_in_table = self._begin_table(each, is_in_table)
            elif not each.filled or self._is_second_line_of_headings(each):
                continue
            elif is_in_table and not self._stands_alone(each):
                self._add(each)
            elif self.headings and len(each.filled) > 1 and self._fits(each, self.headings[1]):
                self._resume(each)
                is_in_table = True
            else:
                is_in_table = False
                self._add_words(each, is_first=place == 0)
        return self.found

    def _begin_table(self, each, is_in_table):
        layout = self.headings_at[each.number]
        same = self.headings and [c.text for c in self.headings[0].cells] == [c.text for c in each.row.cells]
        self.headings = (each.row, layout)
        self.headings_number = each.number
        if same and is_in_table:  # printed again on the next page
            return True
        self._new_stretch_if_full()
        self.found[-1].rows, self.found[-1].layout = [each.row], layout
        return True

    def _resume(self, each):
        """Rows of the plan after lines of their own, without their headings again."""
        self._new_stretch_if_full()
        row, layout = self.headings
        self.found[-1].rows, self.found[-1].layout = [row, each.row], layout

    def _add(self, each):
        self.found[-1].rows.append(each.row)

    def _new_stretch_if_full(self):
        if self.found[-1].rows or self.found[-1].table:
            self.found.append(Stretch())

    def _is_second_line_of_headings(self, each):
        """The lower half of headings that are merged downwards over two rows."""
        begun_at = (self.sheet.continued[each.number, cell.column][1] for cell in each.row.cells if cell.continues)
        return self.headings_number is not None and self.headings_number in begun_at

    def _fits(self, each, layout):
        """Has this row what a row of the plan has: work, and its number, or who or when?"""
        fields = {layout.columns[cell.column].field for cell in each.row.cells if cell.column in layout.columns}
        return bool(fields & {"deliverable", "activities"}) and bool(
            fields & {"leads", "timescales", "activities", "ref"}
        )

    def _stands_alone(self, each):
        """Is this row no part of the table, but words over what follows or under what went before?"""
        if len(each.filled) != 1 or each.goes_on:
            return len(each.filled) > 1 and each.is_after_blank and not self._fits(each, self.headings[1])
        [cell] = each.filled
        row, layout = self.headings
        first = min(c.column for c in row.cells)
        if cell.column > first and cell.span < 2:
            return False
        if cell.span >= max(2, len(row.cells) - 1):
            return True
        column = layout.columns.get(cell.column)
        if column is not None and column.field == "ref" and len(cell.text) > LONGEST_REF:
            return True
        is_bold = all(p.is_bold for p in cell.paragraphs if p.text)
        is_label = bool(label_of(cell.text)) or bool(NUMBERED.match(cell.text))
        return cell.column == first and (is_bold or is_label or each.is_after_blank)

    def _add_words(self, each, *, is_first):
        """A row that is no part of a plan's table."""
        stretch = self.found[-1]
        is_one = len(each.filled) == 1
        if stretch.rows or (stretch.table and (is_one or each.is_after_blank)):
            self.found.append(stretch := Stretch())
        if is_one:
            stretch.lines.append(self._line(each.filled[0], each.number, is_first=is_first))
        elif len(each.filled) == 2 and not stretch.table and _is_label(each.filled[0]):
            stretch.lines += self._labelled(*each.filled)
        else:
            stretch.table.append(each.row)

    def _line(self, cell, number, *, is_first=False):
        size = getattr(self.sheet.cells.get((number, cell.column)), "size", 0.0)
        paragraphs = [p for p in cell.paragraphs if p.text]
        return Line(paragraphs, size, is_wide=cell.span > 1, is_first=is_first)

    def _labelled(self, label, value):
        """ "Version" beside "1.2" is one line; "Rationale" beside a list is a label over its items."""
        name = " ".join(label.text.split()).rstrip(" :")
        values = [p for p in value.paragraphs if p.text]
        if plain_heading(name) in _TITLE_LABELS:
            return [Line([replace(values[0], heading=0, is_bold=True)]), *(Line([p]) for p in values[1:])]
        if label_of(name) and len(values) > 1:
            return [Line([Paragraph(name, is_bold=True)]), *(Line([replace(p, bullet=p.bullet or 0)]) for p in values)]
        return [Line([Paragraph(f"{name}: {values[0].text}")]), *(Line([p]) for p in values[1:])]


def _is_label(cell):
    return len(cell.text) <= 60 and (cell.text.endswith(":") or len(cell.paragraphs) == 1)


# From stretches to blocks


class _Arranger:
    """Says which line is the heading of what, with all sheets in sight."""

    def __init__(self, sheets, stretches):
        self.parts = list(zip(sheets, stretches, strict=True))
        self.plan_count = sum(any(each.rows for each in found) for found in stretches)
        texts = Counter(
            text
            for found in stretches
            for text in {line.text for each in found for line in each.lines if line.is_headline}
        )
        # What stands on several sheets is the name of the whole.
        self.of_whole = {text for text, count in texts.items() if count > 1}
        self.title = self._first_title(stretches)
        self.said = set()

    def _first_title(self, stretches):
        first = next((line for found in stretches for each in found for line in each.lines), None)
        return first.text if first and first.is_headline and first.names_plan else None

    def blocks(self):
        has_begun = False
        for sheet, found in self.parts:
            is_plan = any(each.rows for each in found)
            if is_plan:
                yield from self._plan_sheet(sheet, found, is_first=not has_begun)
                has_begun = True
            else:
                if has_begun:
                    yield Paragraph(f"The sheet {sheet.title}", heading=OTHER_SHEET)  # "Outcomes" alone is a label
                for each in found:
                    yield from self._stretch(each, None)

    def _plan_sheet(self, sheet, found, *, is_first):
        planned = [each for each in found if each.rows]
        headings = self._headings(sheet, planned)
        for each in found:
            heading = headings.get(id(each))
            if isinstance(heading, str):
                yield _sheet_heading(heading)
                heading = None
            elif heading is not None and each is planned[0] and not is_first:
                # What else stands at the top of a later sheet belongs to it, not to the sheet before.
                yield heading.as_heading(PRIORITY)
                each = replace(each, lines=[line for line in each.lines if line is not heading])
                heading = None
            yield from self._stretch(each, heading)

    def _headings(self, sheet, planned):
        """{id of a stretch: the Line that is its priority's heading, or the words of the sheet's name}."""
        if any("priority" in each.layout.fields for each in planned):
            return {}
        chosen = {}
        for place, each in enumerate(planned):
            lines = [line for line in each.lines if line.text not in self.of_whole]
            numbered = [line for line in lines if line.is_headline and NUMBERED.match(line.text)]
            headlines = [line for line in lines if line.is_headline and line.text != self.title]
            if place == 0:
                headlines = [line for line in headlines if not line.names_plan] or (
                    headlines if self.plan_count > 1 else []
                )
            if numbered or headlines:
                candidates = numbered or headlines
                chosen[id(each)] = candidates[-1 if place == 0 and not numbered else 0]
            elif place and lines and not lines[-1].paragraphs[0].bullet and len(lines[-1].text) < 90:
                last = lines[-1]
                if not (label_of(last.text) or _SENTENCE.search(last.text) or last.paragraphs[0].bullet == 0):
                    chosen[id(each)] = last
        if planned and id(planned[0]) not in chosen:
            is_name = bool(sheet.title) and not _NAMELESS_SHEET.search(sheet.title)
            if self.plan_count > 1 or (is_name and not chosen):
                chosen[id(planned[0])] = sheet.title
        return chosen

    def _stretch(self, stretch, heading):
        for line in stretch.lines:
            if line is heading:
                yield line.as_heading(PRIORITY)
            elif line.is_headline:
                if line.text in self.of_whole and line.text in self.said:
                    continue
                self.said.add(line.text)
                is_title = line.text == self.title or line.text in self.of_whole
                yield line.as_heading(0 if is_title else LINE)
            else:
                yield from line.paragraphs
        if stretch.rows:
            yield Table(tuple(stretch.rows))
        elif stretch.table:
            yield Table(tuple(stretch.table))


def _sheet_heading(title):
    """ "2 Mental health" is the second priority."""
    numbered = _SHEET_NUMBER.match(title)
    if not numbered:
        return Paragraph(title, heading=PRIORITY)
    return Paragraph(title[numbered.end() :], heading=PRIORITY, number=numbered[1])
