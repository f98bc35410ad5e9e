"""What stands in a tracker that came back: the rows of its tables, what was answered in each, and where.

Runs alone (``partnership.confined``): no Django, no database. ``main`` answers with::

    {"rows": [{"at": "Tracker, row 5", "code", "ref", "title", "activity", "rating", "fill", "progress", "risk",
               "difference_made", "voice", "worse_reason", "done_on", "moves": [[activity, words, reason]]}],
     "notes": ["…"]}

Our own tracker and an office's old one are read alike, by their headings. Everything is words as written; what
they mean is settled in ``plans.tracker_importing``. ``fill``: the colour behind the rating, as "RRGGBB".
"""

import csv
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import date, datetime

from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from openpyxl.styles.colors import COLOR_INDEX

from partnership.confined import serve
from partnership.uploads import UnreadableFile

MOST_ROWS, MOST_COLUMNS = 5_000, 60
LONGEST_CELL = 20_000  # characters
NO_TABLE = (
    "We found no table with answers in this file. Its headings should say which row is meant (Ref or Action) and "
    "what is said of it (Progress or RAG)."
)
TOO_MANY = "This file has more than 5,000 rows. Keep the rows of this round and bring it again."

# What each column may be headed, as ``folded``. The first field that knows a heading has it.
HEADINGS = {
    "code": "row code; row code leave as it is",
    "rating": (
        "rating; rag; brag; rag rating; brag rating; rag status; brag status; status; progress rag; "
        "rag progress; current rag; rating now; how is it going"
    ),
    "progress": (
        "progress; update; updates; progress update; progress updates; latest update; latest "
        "progress; progress to date; current position; action taken; actions taken; what has "
        "happened; progress this quarter; quarterly update; position"
    ),
    "comments": "comment; comments; notes; note; remarks",
    "risk": (
        "risk; risks; risk and mitigation; risks and mitigation; issues; barriers; in the way; what "
        "is in the way; risks and issues; challenges"
    ),
    "difference_made": (
        "difference made; what difference it made; difference; impact; impact so far; outcome so "
        "far; evidence of impact; what difference has it made"
    ),
    "voice": (
        "voice; voice of the child; voice of children; child s voice; children and families said; "
        "voice of the child and family; voice of children and families"
    ),
    "worse_reason": "why it is worse; reason for rating; why worse; reason for the rating",
    "new_date": (
        "new date; revised date; new timescale; revised timescale; revised due date; new due date; "
        "new target date; revised target date"
    ),
    "why_date": ("why the date moves; reason for new date; reason for delay; reason for change; reason for slippage"),
    "done_on": (
        "done on; date completed; completed on; completion date; closed on; date closed; completed; "
        "closed; done; date of completion"
    ),
    "ref": (
        "ref; ref no; ref number; reference; no; number; id; action no; action ref; item; item no; "
        "action number; action id"
    ),
    "title": (
        "deliverable; deliverables; key deliverable; key deliverables; we will; objective; "
        "recommendation; what we will do; priority action; promise"
    ),
    "activity": "activity; activities; milestone; milestones; steps; key activities",
    "action": (
        "action; actions; task; specific actions; agreed action; action required; actions required; "
        "what; description; key actions; key action"
    ),
}
HEADINGS = {field: frozenset(words.split("; ")) for field, words in HEADINGS.items()}
ANSWERS = ("rating", "progress", "risk", "difference_made", "voice", "worse_reason", "done_on")


@dataclass(frozen=True)
class Cell:
    text: str = ""
    fill: str = ""
    continues: bool = False


EMPTY = Cell()


def main(question, files):
    """``question``: {"kind": ".xlsx", ".docx" or ".csv"}; ``files``: its bytes."""
    grids = {".xlsx": grids_of_workbook, ".docx": grids_of_document, ".csv": grids_of_csv}[question["kind"]]
    rows, notes = [], []
    try:
        for title, grid in grids(files[0]):
            found = rows_of(title, grid)
            if found:
                rows += found
            elif title:
                notes.append(f"“{title}” has no table that we know.")
    except (zipfile.BadZipFile, KeyError, ValueError) as damaged:
        raise UnreadableFile("This file is damaged. Open it, save it again and bring it once more.") from damaged
    if not rows:
        raise UnreadableFile(NO_TABLE)
    return {"rows": rows, "notes": notes if len(notes) <= 10 else []}, []


# Grids of cells


def grids_of_workbook(content):
    """(title, rows of Cells) of each sheet that can be seen."""
    book = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        if sheet.max_row > MOST_ROWS:
            raise UnreadableFile(TOO_MANY)
        below = set()
        for area in sheet.merged_cells.ranges:
            below |= {(row, area.min_col) for row in range(area.min_row + 1, min(area.max_row, MOST_ROWS) + 1)}
        rows = sheet.iter_rows(max_col=min(sheet.max_column, MOST_COLUMNS))
        yield sheet.title, [[excel_cell(cell, (cell.row, cell.column) in below) for cell in row] for row in rows]


def excel_cell(cell, continues):
    return Cell(words_of(cell.value), fill_of(cell), continues)


def fill_of(cell):
    fill = getattr(cell, "fill", None)
    if fill is None or fill.patternType != "solid":
        return ""
    colour = fill.fgColor
    if colour.type == "rgb" and isinstance(colour.rgb, str):
        return colour.rgb[-6:]
    if colour.type == "indexed" and colour.indexed < len(COLOR_INDEX):
        return COLOR_INDEX[colour.indexed][-6:]
    return ""


def words_of(value):
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return tidy(str(value))


def tidy(text):
    """Plain lines: no signs that cannot be seen, no space at the ends."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n"))
    kept = "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign)[0] != "C")
    lines = (" ".join(line.split()) for line in kept.split("\n"))
    return "\n".join(line for line in lines if line)[:LONGEST_CELL]


def grids_of_document(content):
    """("Table 1", rows of Cells) of each table of a Word document."""
    for number, table in enumerate(Document(io.BytesIO(content)).tables, start=1):
        if len(table.rows) > MOST_ROWS:
            raise UnreadableFile(TOO_MANY)
        grid, above = [], {}
        for row in table.rows:
            cells, seen, here = [], set(), {}
            for column, cell in enumerate(row.cells[:MOST_COLUMNS]):
                element = cell._tc
                here[column] = element
                if element in seen:
                    cells.append(EMPTY)
                elif above.get(column) is element:
                    cells.append(Cell(continues=True))
                else:
                    cells.append(Cell(tidy(cell.text), shade_of(element)))
                seen.add(element)
            grid.append(cells)
            above = here
        yield f"Table {number}", grid


def shade_of(element):
    properties = element.tcPr
    shade = properties.find(qn("w:shd")) if properties is not None else None
    fill = shade.get(qn("w:fill")) if shade is not None else None
    return fill.upper() if fill and re.fullmatch(r"[0-9A-Fa-f]{6}", fill) else ""


def grids_of_csv(content):
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    delimiter = max(",;\t", key=text[:5_000].count)
    rows = [
        [Cell(tidy(cell).lstrip("'")) for cell in row[:MOST_COLUMNS]]
        for row in csv.reader(io.StringIO(text), delimiter=delimiter)
    ]
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(TOO_MANY)
    yield "", rows


# Rows of a table


def rows_of(title, grid):
    """What was read under each row of headings of a grid."""
    found, columns = [], None
    for number, cells in enumerate(grid, start=1):
        again = columns_of([cell.text for cell in cells])
        if again:
            columns = again
        elif columns:
            read_row(found, cells, columns, at=f"{title}, row {number}" if title else f"row {number}")
    return [row for row in found if any(row[name] for name in ("code", "ref", "title", "activity"))]


def columns_of(texts):
    """{field: [indexes]} of a row of headings, or None where it is none: it says which row is meant and what of it."""
    columns = {}
    for index, text in enumerate(texts):
        field = field_of(text)
        if field:
            columns.setdefault(field, []).append(index)
    if "action" in columns:  # beside deliverables, actions are their activities
        columns.setdefault("activity" if "title" in columns else "title", []).extend(columns.pop("action"))
    names_row = {"ref", "title", "activity", "code"} & columns.keys()
    if "progress" not in columns and "comments" in columns:
        columns["progress"] = columns.pop("comments")
    return columns if names_row and {"progress", "rating"} & columns.keys() else None


def field_of(text):
    """The field that a heading means, whatever stands in brackets beside it."""
    whole = folded(text)
    outside = folded(re.sub(r"\([^)]*\)", " ", text))
    inside = folded(" ".join(re.findall(r"\(([^)]*)\)", text)))
    for words in filter(None, [whole, outside, inside]):
        for field, headings in HEADINGS.items():
            if words in headings:
                return field
    return None


def folded(text):
    return " ".join(re.sub(r"[^a-z]+", " ", text.casefold().replace("&", " and ")).split())


def read_row(found, cells, columns, *, at):
    """Add a row to ``found``, or what goes on from the row above to that one."""
    said = {field: joined(cells, indexes) for field, indexes in columns.items()}
    if not any(said.values()):
        return
    if sum(bool(cell.text) for cell in cells) == 1 and not any(said.get(name) for name in ANSWERS):
        return  # a priority's heading, across the table
    names = said.get("code") or said.get("ref") or said.get("title")
    is_new = names or not found or (said.get("activity") and not ({"title", "ref", "code"} & columns.keys()))
    if is_new:
        row = dict.fromkeys(["code", "ref", "title", "activity", "fill", "comments", *ANSWERS], "") | {
            "moves": [],
            "at": at,
        }
        row |= {name: said.get(name, "") for name in ["code", "ref", "title", "activity", "comments", *ANSWERS]}
        row["fill"] = first_fill(cells, columns)
        found.append(row)
    else:
        row = found[-1]
        for name in ["comments", *ANSWERS]:
            if said.get(name) and said[name] not in row[name]:
                row[name] = "\n".join(filter(None, [row[name], said[name]]))
        row["fill"] = row["fill"] or first_fill(cells, columns)
    if said.get("new_date") or said.get("why_date"):
        row["moves"].append([said.get("activity", ""), said.get("new_date", ""), said.get("why_date", "")])


def joined(cells, indexes):
    texts = [cells[index].text for index in indexes if index < len(cells) and cells[index].text]
    return "\n".join(dict.fromkeys(texts))


def first_fill(cells, columns):
    """The colour behind the rating, or behind the progress where nothing is headed as a rating."""
    indexes = columns.get("rating") or columns.get("progress") or []
    return next((cells[index].fill for index in indexes if index < len(cells) and cells[index].fill), "")


if __name__ == "__main__":
    serve(main)
