"""What stands in an Excel workbook (.xlsx): the cells of its visible sheets as they are seen on the screen.

The parts of the file are read directly, row by row: openpyxl gives a formula or the value it had but not
both, nothing of letters that are bold inside a cell, and takes every cell that a damaged file claims to
have. Only its tables of number formats are used. The file has passed ``partnership.uploads`` and this runs
in a child process with limits.
"""

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel
from openpyxl.utils.escape import unescape

from plans.importer.blocks import tidy
from plans.importer.problems import UnreadablePlan

MOST_SHEETS = 200
MOST_ROWS = 10_000
MOST_COLUMNS = 500
MOST_CELLS = 200_000
MOST_CHARACTERS = 3_000_000
MOST_MERGED = 20_000
MOST_NAMED = 5  # cells that a remark names before it counts the rest

NOT_WHOLE = "This workbook is not complete. Open it in Excel, save it again as an Excel workbook (.xlsx) and try again."
TOO_MANY_ROWS = "The sheet “{}” has more than 10,000 rows. Copy the plan into a workbook of its own and try again."
TOO_MANY_COLUMNS = "The sheet “{}” has more than 500 columns. Copy the plan into a workbook of its own and try again."
TOO_MUCH = "This workbook is far larger than a plan. Copy the plan into a workbook of its own and try again."
UNUSUAL = "This file is built in an unusual way that we don't open. Save it again in Excel."

_LINES = re.compile(r"\r\n|\r|\n|\v|\u2028|\u2029")
_PLAIN_NUMBER = re.compile(r"^0(?:\.(0{1,6}))?(%)?$")
_PLACE = re.compile(r"^\$?([A-Z]{1,3})\$?([0-9]{1,7})$")


@dataclass(frozen=True)
class SheetCell:
    """One cell with something in it. ``lines`` as typed, white space at their start kept, for it shows depth."""

    lines: tuple[str, ...]
    is_bold: bool = False
    bold_start: str = ""
    size: float = 0.0

    @property
    def text(self):
        return " ".join(" ".join(self.lines).split())


@dataclass
class Sheet:
    """A sheet by rows and columns, both from 0. ``widths``: how many characters fit in a column.

    ``continued``: {(row, column): (span, the row above that it goes on from)} of cells merged downwards.
    """

    title: str
    cells: dict = field(default_factory=dict)
    spans: dict = field(default_factory=dict)
    continued: dict = field(default_factory=dict)
    widths: dict = field(default_factory=dict)
    base_size: float = 0.0
    notes: list = field(default_factory=list)

    @property
    def row_numbers(self):
        """The rows in which something stands, also where it only goes on from above."""
        return sorted({row for row, _ in self.cells} | {row for row, _ in self.continued})


def read_workbook(path):
    """(the visible sheets that hold anything, remarks on the others and on the file)."""
    with zipfile.ZipFile(path) as package:
        return _Workbook(package).sheets()


class _Workbook:
    def __init__(self, package):
        self.package = package
        self.names = set(package.namelist())
        self.cell_count = self.character_count = 0

    def sheets(self):
        root = self._tree("xl/workbook.xml")
        listed = root.findall("{*}sheets/{*}sheet")
        if not listed:
            raise UnreadablePlan(NOT_WHOLE)
        if len(listed) > MOST_SHEETS:
            raise UnreadablePlan(TOO_MUCH)
        properties = root.find("{*}workbookPr")
        is_1904 = properties is not None and properties.get("date1904") in {"1", "true"}
        self.epoch = CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900
        links = self._links("xl/workbook.xml")
        self.strings = list(self._shared_strings(links))
        self.styles = _Styles(self._part_of_kind(links, "styles"))
        found, notes = [], []
        if any(name.startswith("xl/externalLinks/") for name in self.names):
            notes.append("This workbook takes values from other files. We read those it was last saved with.")
        for element in listed:
            title = (element.get("name") or "").strip() or "Sheet"
            if element.get("state") in {"hidden", "veryHidden"}:
                notes.append(
                    f"The sheet “{title}” is hidden, so we left it out. Show it and bring the file again if it belongs."
                )
                continue
            kind, part = links.get(_id_of(element), ("", ""))
            if kind == "worksheet" and part in self.names:
                sheet = self._sheet(title, part)
                notes += sheet.notes
                if sheet.cells:
                    found.append(sheet)
        return found, notes

    # Parts

    def _tree(self, name):
        try:
            content = self.package.read(name)
        except KeyError as missing:
            raise UnreadablePlan(NOT_WHOLE) from missing
        parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
        root = etree.fromstring(content, parser)
        if root.getroottree().docinfo.doctype:
            raise UnreadablePlan(UNUSUAL)
        return root

    def _elements(self, name, *tags):
        """Each element with one of these tags when it is whole; what went before it is forgotten."""
        with self.package.open(name) as part:
            tags = tuple(f"{{*}}{tag}" for tag in tags)
            for _event, element in etree.iterparse(
                part, tag=tags, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
            ):
                yield etree.QName(element).localname, element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]

    def _links(self, part):
        """{id: (kind, name of the part)} of what a part refers to."""
        folder, file = posixpath.split(part)
        name = f"{folder}/_rels/{file}.rels"
        if name not in self.names:
            return {}
        found = {}
        for link in self._tree(name):
            if not isinstance(link.tag, str) or link.get("TargetMode") == "External":
                continue
            target = link.get("Target") or ""
            target = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            found[link.get("Id")] = ((link.get("Type") or "").rpartition("/")[2], target)
        return found

    def _part_of_kind(self, links, kind):
        name = next((part for each, part in links.values() if each == kind and part in self.names), None)
        return self._tree(name) if name else None

    def _shared_strings(self, links):
        name = next((part for kind, part in links.values() if kind == "sharedStrings" and part in self.names), None)
        if name:
            for _tag, element in self._elements(name, "si"):
                yield _runs(element)

    # Sheets

    def _sheet(self, title, part):
        sheet = Sheet(title, base_size=self.styles.base_size)
        self.formulas, self.without_value, self.errors, self.struck = [], [], [], []
        merged, hidden_rows, hidden_columns = [], [], []
        number = 0
        for tag, element in self._elements(part, "row", "mergeCell", "col"):
            if tag == "row":
                number = max(1, _number(element.get("r"), number + 1))
                is_filled = self._row(sheet, element, number - 1)
                if is_filled and element.get("hidden") in {"1", "true"}:
                    hidden_rows.append(number)
            elif tag == "col":
                self._column(sheet, element, hidden_columns)
            else:
                merged.append(element.get("ref") or "")
                if len(merged) > MOST_MERGED:
                    raise UnreadablePlan(TOO_MUCH)
        self._merge(sheet, merged)
        self._remark(sheet, part, hidden_rows, hidden_columns)
        return sheet

    def _column(self, sheet, element, hidden):
        first, last = _number(element.get("min"), 1), _number(element.get("max"), 1)
        for column in range(first - 1, min(last, MOST_COLUMNS)):
            sheet.widths[column] = _decimal(element.get("width"), 9.0)
            if element.get("hidden") in {"1", "true"}:
                hidden.append(column)

    def _row(self, sheet, element, row):
        is_filled, column = False, -1
        for cell in element:
            if not isinstance(cell.tag, str) or etree.QName(cell).localname != "c":
                continue
            place = _PLACE.match(cell.get("r") or "")
            column = _index_of(place[1]) if place else column + 1
            found = self._cell(cell, f"{get_column_letter(min(column, 16_383) + 1)}{row + 1}")
            if found is None:
                continue
            if row >= MOST_ROWS:
                raise UnreadablePlan(TOO_MANY_ROWS.format(sheet.title))
            if column >= MOST_COLUMNS:
                raise UnreadablePlan(TOO_MANY_COLUMNS.format(sheet.title))
            self.cell_count += 1
            self.character_count += sum(map(len, found.lines))
            if self.cell_count > MOST_CELLS or self.character_count > MOST_CHARACTERS:
                raise UnreadablePlan(TOO_MUCH)
            sheet.cells[row, column] = found
            is_filled = True
        return is_filled

    def _cell(self, element, at):
        """A SheetCell, or None where nothing stands."""
        kind, style = element.get("t") or "n", self.styles.of(element.get("s"))
        value, has_formula, inline = None, False, None
        for child in element:
            tag = etree.QName(child).localname if isinstance(child.tag, str) else ""
            if tag == "v":
                value = child.text
            elif tag == "f":
                has_formula = True
            elif tag == "is":
                inline = child
        if has_formula:
            (self.formulas if value or kind == "str" else self.without_value).append(at)
        if kind == "inlineStr" and inline is not None:
            runs = _runs(inline)
        elif kind == "s":
            place = _number(value, -1)
            runs = self.strings[place] if 0 <= place < len(self.strings) else ()
        else:
            runs = ((self._words(kind, value, style, at), None),)
        text = unescape("".join(words for words, _ in runs))
        if not text.strip():
            return None
        if style.is_struck:
            self.struck.append(at)
        bold = [style.is_bold if is_bold is None else is_bold for words, is_bold in runs if words.strip()]
        return SheetCell(
            lines=tuple(_LINES.split(text)),
            is_bold=bool(bold) and all(bold),
            bold_start="" if not bold or all(bold) else _bold_start(runs, style.is_bold),
            size=style.size,
        )

    def _words(self, kind, value, style, at):
        if value is None:
            return ""
        if kind == "e":
            self.errors.append(at)
            return value
        if kind == "b":
            return "Yes" if value.strip() == "1" else "No"
        if kind == "d":
            return _moment_in_words(datetime.fromisoformat(value.replace("Z", "")), style.format)
        if kind == "str":
            return value
        return self._number_in_words(value, style)

    def _number_in_words(self, value, style):
        try:
            number = float(value)
        except ValueError:
            return value
        if style.is_date:
            try:
                return _moment_in_words(from_excel(number, self.epoch), style.format)
            except (ValueError, OverflowError):
                return value
        places = _PLAIN_NUMBER.match(style.format)
        if places and abs(number) < 1e15:
            number = number * 100 if places[2] else number
            return f"{number:.{len(places[1] or '')}f}{places[2] or ''}"
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.12g}"

    def _merge(self, sheet, merged):
        last_row = max((row for row, _ in sheet.cells), default=-1)
        for ref in merged:
            try:
                left, top, right, bottom = (each - 1 for each in range_boundaries(ref))
            except (ValueError, TypeError):
                continue
            if left >= MOST_COLUMNS or (top, left) not in sheet.cells:
                continue
            span = min(right, MOST_COLUMNS - 1) - left + 1
            sheet.spans[top, left] = span
            for row in range(top + 1, min(bottom, last_row) + 1):
                sheet.continued[row, left] = (span, top)
                if len(sheet.continued) > MOST_CELLS:
                    raise UnreadablePlan(TOO_MUCH)
            for row in range(top, min(bottom, last_row) + 1):  # what a merged cell hides is not seen
                for column in range(left, min(right, MOST_COLUMNS - 1) + 1):
                    if (row, column) != (top, left):
                        sheet.cells.pop((row, column), None)

    # Remarks

    def _remark(self, sheet, part, hidden_rows, hidden_columns):
        where, say = f"On the sheet “{sheet.title}”", sheet.notes.append
        filled = {column for _, column in sheet.cells}
        hidden = [get_column_letter(column + 1) for column in hidden_columns if column in filled]
        if hidden_rows:
            rows = _some([str(number) for number in hidden_rows], "row")
            say(f"{where} {rows} hidden. We read what stands there: take it out if it is no part of the plan.")
        if hidden:
            say(f"{where} {_some(hidden, 'column')} hidden. We read what stands there all the same.")
        if self.formulas:
            say(f"{where} {_some(self.formulas, 'cell')} worked out by a formula. We read the values last saved.")
        if self.without_value:
            cells = _some(self.without_value, "cell")
            say(f"{where} {cells} worked out by a formula without a value. Open it in Excel and save it.")
        if self.errors:
            say(f"{where} {_some(self.errors, 'cell')} in error. Type what should stand there.")
        if self.struck:
            say(f"{where} {_some(self.struck, 'cell')} struck through. We read the words all the same.")
        self._remark_what_lies_over(sheet, part, where)

    def _remark_what_lies_over(self, sheet, part, where):
        """Comments are kept; pictures and text boxes are only said to be there."""
        for kind, name in self._links(part).values():
            if name not in self.names:
                continue
            if kind == "comments":
                for _tag, comment in self._elements(name, "comment"):
                    words = tidy("".join(text for text, _ in _runs(comment)))
                    self.character_count += len(words)
                    if self.character_count > MOST_CHARACTERS:
                        raise UnreadablePlan(TOO_MUCH)
                    if words:
                        sheet.notes.append(f"{where}, a comment on {comment.get('ref')}: {words}")
            elif kind == "drawing":
                sheet.notes.append(f"{where} there are pictures or text boxes, which we don't read.")


def _some(names, thing):
    """ "cell B3 is", "cells B3, B4 and 7 more are"."""
    if len(names) == 1:
        return f"{thing} {names[0]} is"
    if len(names) <= MOST_NAMED:
        return f"{thing}s {', '.join(names[:-1])} and {names[-1]} are"
    return f"{thing}s {', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more are"


def _runs(element):
    """((words, are they bold? None as their cell is), …) of a string, without guides to its pronunciation."""
    found = []
    for child in element.iter():
        if not isinstance(child.tag, str) or etree.QName(child).localname != "t":
            continue
        parent = etree.QName(child.getparent()).localname
        if parent == "rPh":
            continue
        bold = child.getparent().find("{*}rPr/{*}b") if parent == "r" else None
        has_own = parent == "r" and child.getparent().find("{*}rPr") is not None
        is_bold = (bold is not None and bold.get("val", "1") not in {"0", "false"}) if has_own else None
        found.append((child.text or "", is_bold))
    return tuple(found)


def _bold_start(runs, otherwise):
    start = []
    for words, is_bold in runs:
        if words.strip() and not (otherwise if is_bold is None else is_bold):
            break
        start.append(words)
    return " ".join("".join(start).split())


def _id_of(element):
    return next((value for name, value in element.attrib.items() if name.endswith("}id")), None)


def _number(text, otherwise):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else otherwise


def _decimal(text, otherwise):
    try:
        return min(max(float(text), 1.0), 255.0)
    except (TypeError, ValueError):
        return otherwise


def _index_of(letters):
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


# Formats

_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


def _moment_in_words(moment, shown):
    """A real date in words: "30 June 2026"; "June 2026" or "Jun 2026" where its cell shows no day."""
    if isinstance(moment, (time, timedelta)):
        return str(moment)
    shown = _QUOTED.sub("", shown.split(";")[0]).lower()
    month = f"{moment:%b}" if "mmm" in shown and "mmmm" not in shown else f"{moment:%B}"
    if "d" in shown or "m" not in shown:
        return f"{moment.day} {moment:%B} {moment.year}"
    return f"{month} {moment.year}"


@dataclass(frozen=True)
class _Style:
    is_bold: bool = False
    is_struck: bool = False
    size: float = 0.0
    format: str = "General"
    is_date: bool = False


class _Styles:
    """How the cells of each format look."""

    def __init__(self, root):
        self.styles, self.base_size = [], 0.0
        if root is None:
            return
        formats = {each.get("numFmtId"): each.get("formatCode") or "" for each in root.iterfind("{*}numFmts/{*}numFmt")}
        fonts = [_font(each) for each in root.iterfind("{*}fonts/{*}font")] or [(False, False, 0.0)]
        self.base_size = fonts[0][2]
        for each in root.iterfind("{*}cellXfs/{*}xf"):
            font = fonts[min(_number(each.get("fontId"), 0), len(fonts) - 1)]
            number = each.get("numFmtId") or "0"
            code = formats.get(number) or BUILTIN_FORMATS.get(_number(number, 0)) or "General"
            self.styles.append(_Style(*font, code, bool(is_date_format(code))))

    def of(self, index):
        place = _number(index, 0)
        return self.styles[place] if place < len(self.styles) else _Style()


def _font(element):
    def is_on(name):
        found = element.find(f"{{*}}{name}")
        return found is not None and found.get("val", "1") not in {"0", "false"}

    size = element.find("{*}sz")
    return is_on("b"), is_on("strike"), _decimal(size.get("val"), 0.0) if size is not None else 0.0
