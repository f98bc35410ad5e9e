"""A block of rows and columns copied from Word or Excel becomes rows of a plan.

The block is text: cells parted by tabs, rows by lines, and a cell of several lines in quotation marks,
as Excel copies it (our script writes tables copied from Word and from web pages the same way). It is
read by what reads a whole document, so leads, lists of activities and timescales mean the same here
and there. Nothing is made until a person has seen it and said yes.
"""

import csv
import re
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max

from plans.cells import LONGEST_CELL
from plans.columns import USUAL_HEADINGS
from plans.importer.blocks import Cell, Paragraph, Row, settle_letters, tidy
from plans.importer.columns import (
    ActivityColumn,
    DeliverableColumn,
    EvidenceColumn,
    Layout,
    LeadColumn,
    Line,
    OtherPartnershipsColumn,
    PriorityColumn,
    RefColumn,
    TimescaleColumn,
    plain_heading,
)
from plans.importer.deliverables import DeliverableBuilder
from plans.importer.headings import split_heading
from plans.importer.understand import PlanTable as Block
from plans.importing import Doubts, LeadFinder, make_activities, make_deliverable, make_priority, words_of
from plans.models import Activity, Deliverable, Priority
from plans.writing import PARENTS, lock

LONGEST_BLOCK = 200_000  # characters, some ten times the longest real plan
MOST_ROWS = 200
MOST_COLUMNS = 20
LONGEST_REF = 12
LONGEST_HEADER = 80

# What a column of a block may be, by what its rows become.
COLUMNS = {
    "priority": ["priority", "ref", "promise", "measures", "leads", "others", "activity", "timescale"],
    "deliverable": ["ref", "promise", "measures", "leads", "others", "activity", "timescale"],
    "activity": ["activity", "timescale"],
}
NEEDED = {"priority": ["priority", "promise"], "deliverable": ["promise"], "activity": ["activity"]}
READERS = {
    "priority": PriorityColumn,
    "ref": RefColumn,
    "promise": DeliverableColumn,
    "measures": EvidenceColumn,
    "leads": LeadColumn,
    "others": OtherPartnershipsColumn,
    "activity": ActivityColumn,
    "timescale": TimescaleColumn,
}
# Without headings, a block of so many columns is most likely these, a column of refs aside.
BY_WIDTH = {
    1: ["promise"],
    2: ["promise", "timescale"],
    3: ["promise", "leads", "timescale"],
    4: ["promise", "leads", "activity", "timescale"],
    5: ["promise", "leads", "others", "activity", "timescale"],
    6: ["promise", "measures", "leads", "others", "activity", "timescale"],
}
REF = re.compile(r"[A-Z]{0,2}\d{0,2}(?:\.\d{1,2}){0,2}[a-z]?[.)]?", re.IGNORECASE)
UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


class BlockProblem(Exception):
    """A block that can't be taken. The message is one sentence: what to do."""


def clean(text):
    """``text`` with line ends as we keep them, and without what no document should hold."""
    text = re.sub("\r\n?|[\x0b\x0c\u2028\u2029]", "\n", text)
    return UNPRINTABLE.sub("", text)


# Text to a grid


def read_grid(text):
    """Rows of cells, all as long as the longest; blank rows and columns are left out. Raises BlockProblem."""
    rows = [[cell.strip() for cell in row] for row in _parted(text.strip("\n"))]
    rows = [row for row in rows if any(row)]
    if not rows:
        raise BlockProblem("There is nothing in it yet. Copy some rows of a table and paste them here")
    width = max(len(row) for row in rows)
    rows = [row + [""] * (width - len(row)) for row in rows]
    filled = [n for n in range(width) if any(row[n] for row in rows)]
    if len(filled) > MOST_COLUMNS:
        raise BlockProblem(f"This has {len(filled)} columns. Paste at most {MOST_COLUMNS} at a time")
    if len(rows) > MOST_ROWS + 1:
        raise BlockProblem(f"This has {len(rows)} rows. Paste at most {MOST_ROWS} at a time")
    rows = [[row[n] for n in filled] for row in rows]
    for number, row in enumerate(rows, start=1):
        longest = max(len(cell) for cell in row)
        if longest > LONGEST_CELL:
            raise BlockProblem(
                f"A cell of row {number} has {longest:,} characters. Shorten it to {LONGEST_CELL:,} or fewer"
            )
    return rows


def _parted(text):
    """The cells of each row. Quotation marks part cells only where all of them pair as Excel writes them."""
    lines = text.split("\n")
    if '"' in text:
        try:
            return _rejoined(list(csv.reader([f"{line}\n" for line in lines], dialect="excel-tab", strict=True)))
        except csv.Error:  # they are part of the words
            pass
    return _rejoined([line.split("\t") for line in lines])


def _rejoined(rows):
    """Word copies a cell of several lines as several rows, each too short: put them together again."""
    width = max(len(row) for row in rows)
    found = []
    for row in rows:
        last = found[-1] if found else None
        is_rest = last is not None and width > 1 and any(row) and len(last) + len(row) - 1 <= width
        is_short = last is not None and (len(last) < width or len(row) == 1)
        if is_rest and is_short:
            last[-1] = f"{last[-1]}\n{row[0]}".strip("\n")
            last.extend(row[1:])
        else:
            found.append(list(row))
    return found


# What each column is


@dataclass
class Guess:
    """``has_header``: the first row names the columns. ``codes``: what each is, empty to leave it out."""

    has_header: bool
    codes: list


def guess_columns(grid, kind, headings):
    """A Guess by the headings if there are any, else by the place. ``headings``: the plan's, {code: heading}."""
    first = grid[0]
    claims = _claims(first, kind, headings)
    names = [cell for cell in first if cell]
    is_header = len(claims) * 2 >= len(names) and all(len(cell) <= LONGEST_HEADER for cell in names)
    if is_header and len(claims) >= min(2, len(first)) and len(grid) > 1:
        return Guess(True, [claims.get(n, "") for n in range(len(first))])
    return Guess(False, _by_place(grid, kind))


def _claims(names, kind, headings):
    """{place: code} of the headings we know for certain, or the plan has itself."""
    own = {plain_heading(heading): code for code, heading in headings.items()}
    found = {}
    for place, name in enumerate(names):
        plain = plain_heading(name)
        codes = [own.get(plain), *(code for code in COLUMNS[kind] if READERS[code]().knows(plain) == 2)]
        code = next((code for code in codes if code in COLUMNS[kind] and code not in found.values()), None)
        if plain and code:
            found[place] = code
    if kind == "deliverable" and "promise" not in found.values() and "activity" in found.values():
        # One column of actions: each is a promise of its own.
        found = {place: "promise" if code == "activity" else code for place, code in found.items()}
    return found


def _by_place(grid, kind):
    width = len(grid[0])
    if kind == "activity":
        return (["activity", "timescale"] + [""] * width)[:width]
    codes = ["priority"] if kind == "priority" else []
    rest = width - len(codes)
    refs = [row[len(codes)] for row in grid if len(row) > len(codes) and row[len(codes)]]
    if rest > 1 and refs and all(REF.fullmatch(ref) for ref in refs):
        codes.append("ref")
        rest -= 1
    return (codes + BY_WIDTH[min(max(rest, 1), max(BY_WIDTH))] + [""] * width)[:width]


# A grid to what would be made


@dataclass
class Understood:
    """What a block means: ``priorities`` as an import has them, one without a title where the block names none."""

    priorities: list
    doubts: list
    notes: list = field(default_factory=list)

    @property
    def deliverables(self):
        return [row for priority in self.priorities for row in priority["deliverables"]]

    def marked(self):
        return Doubts(self.doubts)

    def doubt(self, at, says):
        self.doubts.append({"at": at, "says": says})


def understand_block(plan, kind, parent, rows, codes):
    """``rows`` (without the headings) read by ``codes``, into the plan's period and partnerships."""
    partnerships = LeadFinder(list(plan.partnerships.all()))
    readers = {
        place: READERS[code](lambda name: partnerships.partnership(name) is not None)
        if code == "leads"
        else READERS[code]()
        for place, code in enumerate(codes)
        if code
    }
    if kind == "activity":
        readers[len(codes)] = DeliverableColumn()  # which is there already, and goes on
    layout = Layout(readers, {}, len(codes))
    read = Understood([], [])
    for title, group in _by_priority(rows, codes):
        at = f"priorities/{len(read.priorities)}"
        builder = DeliverableBuilder(at, plan, read)
        builder.add(Block(layout, [_row(row, codes, parent if kind == "activity" else None, n) for n, row in group]))
        ref, title = split_heading(Paragraph(title)) if title else ("", "")
        read.priorities.append({"ref": ref, "title": title, "deliverables": builder.deliverables})
        for n, deliverable in enumerate(builder.deliverables):
            _settle(read, plan, deliverable, f"{at}/deliverables/{n}")
    return read


def _by_priority(rows, codes):
    """(words of the Priority column, [(number, row)]) for each run of rows under one priority."""
    place = codes.index("priority") if "priority" in codes else None
    groups = []
    for number, row in enumerate(rows):
        title = " ".join(row[place].split()) if place is not None else ""
        if not groups or (title and title != groups[-1][0]):
            groups.append((title, []))
        groups[-1][1].append((number, row))
    return groups


def _row(row, codes, parent, number):
    cells = [Cell(tuple(_paragraphs(text)), place) for place, text in enumerate(row) if codes[place]]
    if parent:
        cells.append(Cell((Paragraph(parent.title),), len(codes), continues=number > 0))
    return Row(tuple(cells))


def _paragraphs(text):
    lines = [settle_letters(tidy(line))[0] for line in text.split("\n")]
    return [Paragraph(line).with_bullet_read() for line in lines]


def _settle(read, plan, deliverable, at):
    """What a document's reader leaves with the deliverable has no place in the plan but with an activity."""
    ref = deliverable["ref"] or ""
    if len(ref) > LONGEST_REF:
        deliverable["ref"], deliverable["title"] = "", f"{ref} {deliverable['title']}"
        read.doubt(at, f"“{ref}” is too long for a ref, so it stands before the promise.")
    if deliverable["timescale_text"] and not deliverable["activities"]:
        builder = DeliverableBuilder(at, plan, read)
        lines = [Line(line, 0) for line in deliverable["timescale_text"].split("\n")]
        deliverable["activities"] = [builder.activity(deliverable["title"], [lines], 0, f"{at}/activities/0")]


# Rows


@transaction.atomic
def make_rows(plan, kind, parent, read, *, since):
    """The rows of what was understood, at the end of ``parent``; gives those made at the top.

    ``since``: the newest row of that kind when the block was shown. If just these rows have come since,
    this is the same yes a second time, and they are given instead of made again.
    """
    lock(plan)
    wanted = _words(kind, read)
    newer = list(siblings_of(kind, parent).filter(pk__gt=since).order_by("pk"))
    words = [_own_words(row) for row in newer]
    for start in range(len(words) - len(wanted) + 1):
        if words[start : start + len(wanted)] == wanted:
            return newer[start : start + len(wanted)]
    position = siblings_of(kind, parent).aggregate(last=Max("position"))["last"] or 0
    leads = LeadFinder(list(plan.partnerships.all()))
    if kind == "activity":
        return make_activities(parent, rows_of(kind, read), {}, position + 1)
    if kind == "deliverable":
        rows = enumerate(rows_of(kind, read), start=position + 1)
        return [make_deliverable(parent, row, n, leads) for n, row in rows]
    made = []
    for n, row in enumerate(rows_of(kind, read), start=position + 1):
        priority = make_priority(plan, row, n)
        for place, deliverable in enumerate(row["deliverables"], start=1):
            make_deliverable(priority, deliverable, place, leads)
        made.append(priority)
    return made


MODELS = {"priority": Priority, "deliverable": Deliverable, "activity": Activity}


def siblings_of(kind, parent):
    return MODELS[kind].objects.filter(**{PARENTS[kind]: parent})


def newest(kind, parent):
    """The key of the row that came last, 0 where there is none."""
    return siblings_of(kind, parent).aggregate(last=Max("pk"))["last"] or 0


def rows_of(kind, read):
    """What was understood that becomes a row at the top: priorities, deliverables or activities."""
    if kind == "priority":
        return [row for row in read.priorities if row["title"]]
    if kind == "deliverable":
        return read.deliverables
    return [row for deliverable in read.deliverables for row in deliverable["activities"]]


def _words(kind, read):
    return [words_of(row) if kind == "activity" else row["title"] for row in rows_of(kind, read)]


def _own_words(row):
    return row.text if isinstance(row, Activity) else row.title


def column_name(code, headings):
    """What a column is called in this plan."""
    return "Priority" if code == "priority" else headings.get(code) or USUAL_HEADINGS[code]
