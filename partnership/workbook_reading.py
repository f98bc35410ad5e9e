"""The cells of a workbook that somebody brings, and which of them are merged and which rows hidden.

Runs alone (``partnership.confined``): no Django, no database. A sheet is read row by row, so that its size costs
little memory; what openpyxl leaves unsaid then is looked up beside that. ``main`` answers with::

    {"sheets": [{"title", "rows": [[number, [cell]]], "merged": ["B4:B9"], "hidden": [number], "has_too_many"}]}

in which a cell is None or ``[value, is_formula, is_error, is_percent]``: see ``value_of``. Rows that hold nothing
are left out, and of a sheet that ``has_too_many`` all but the first.
"""

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from partnership.confined import serve
from partnership.uploads import UnreadableFile

MOST_ROWS = 5_000
MOST_COLUMNS = 60
MOST_BYTES_OF_A_PART = 16 * 1024 * 1024  # unpacked; 5,000 rows of people take less than 3 MB
HEADINGS_WITHIN = 20  # rows

TOO_LARGE = (
    "This workbook holds far more than a list of people. Copy the list into a workbook of its own and try again."
)
DAMAGED = "This file is damaged. Open it in Excel, save it again as an Excel workbook (.xlsx) and try again."


def main(question, files):
    try:
        return {"sheets": sheets_of(files[0])}, []
    except (UnreadableFile, MemoryError):
        raise
    except Exception as fault:  # a file can be wrong in any way; each is a sentence, never a crash
        raise UnreadableFile(DAMAGED) from fault


def sheets_of(content):
    """The visible sheets, as ``main`` answers."""
    file = io.BytesIO(content)
    with zipfile.ZipFile(file) as package:
        if any(part.file_size > MOST_BYTES_OF_A_PART and part.filename.endswith(".xml") for part in package.infolist()):
            raise UnreadableFile(TOO_LARGE)
        parts = _parts_of_sheets(package)
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        return [
            _read(sheet, _survey(package, parts[sheet.title]))
            for sheet in book.worksheets
            if sheet.sheet_state == "visible"
        ]


def _read(sheet, survey):
    last = HEADINGS_WITHIN if survey.has_too_many else max(survey.rows, default=1)
    rows = enumerate(sheet.iter_rows(min_row=1, max_row=last, max_col=MOST_COLUMNS), start=1)
    return {
        "title": sheet.title,
        "rows": [[number, [_cell(cell) for cell in row]] for number, row in rows if number in survey.rows],
        "merged": survey.merged,
        "hidden": sorted(survey.hidden),
        "has_too_many": survey.has_too_many,
    }


def _cell(cell):
    if cell.value is None:
        return None
    is_percent = cell.data_type == "n" and "%" in cell.number_format
    return [_written(cell.value), cell.data_type == "f", cell.data_type == "e", is_percent]


def _written(value):
    if isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, (datetime, date)):
        return {type(value).__name__: value.isoformat()}
    return str(value)  # a time of day, a duration, a formula over several cells


def value_of(written):
    """The value that a cell of the answer stands for: a date or a moment, which JSON has no word for, or as it is."""
    if not isinstance(written, dict):
        return written
    [(kind, value)] = written.items()
    return (datetime if kind == "datetime" else date).fromisoformat(value)


def _parts_of_sheets(package):
    """{title of a sheet: its part}."""
    links = _tree(package, "xl/_rels/workbook.xml.rels")
    targets = {link.get("Id"): link.get("Target") for link in links}
    sheets = _tree(package, "xl/workbook.xml").iterfind(".//{*}sheets/{*}sheet")
    found = {}
    for sheet in sheets:
        [key] = [value for name, value in sheet.attrib.items() if name.endswith("}id")]
        target = targets[key]
        found[sheet.get("name")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _tree(package, part):
    return etree.fromstring(package.read(part), etree.XMLParser(resolve_entities=False, no_network=True))


@dataclass
class Survey:
    """What openpyxl does not say of a sheet that it reads row by row, and which of its rows hold anything."""

    merged: list
    hidden: set
    rows: set
    has_too_many: bool = False


def _survey(package, part):
    survey, number = Survey([], set(), set()), 0
    with package.open(part) as xml:
        for _event, element in etree.iterparse(
            xml, tag=("{*}row", "{*}mergeCell"), resolve_entities=False, no_network=True, huge_tree=False
        ):
            if element.tag.endswith("mergeCell"):
                survey.merged.append(element.get("ref"))
                continue
            number = int(element.get("r") or number + 1)
            if any(len(cell) and _is_near(cell.get("r")) for cell in element):
                survey.rows.add(number)
                if element.get("hidden") in {"1", "true"}:
                    survey.hidden.add(number)
            if len(survey.rows) > MOST_ROWS + HEADINGS_WITHIN:
                survey.has_too_many = True
                break
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return survey


def _is_near(place):
    """Whether a cell ("AB12"; None: next to the one before) is in a column that is read at all."""
    return place is None or column_index_from_string(place.rstrip("0123456789")) <= MOST_COLUMNS


if __name__ == "__main__":
    serve(main)
