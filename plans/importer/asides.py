"""Tables that say more of priorities whose deliverables stand elsewhere: why, and what should come of it.

Workbooks keep them on a sheet of their own, in two shapes: a column for each thing ("Priority",
"Rationale", "Outcome statements"), or one row a thing ("Priority", "Section", "Text") where the cell in the
middle says what it is.
"""

from dataclasses import dataclass

from plans.importer.blocks import Paragraph
from plans.importer.columns import MOST_HEADING_ROWS, PriorityColumn, plain_heading
from plans.importer.headings import label_of, split_heading

_KINDS = {"rationale", "outcomes", "indicators", "note"}


@dataclass(frozen=True)
class Aside:
    """``texts`` are the ``kind`` ("outcomes") of ``priority``, under ``heading``."""

    priority: str
    kind: str
    heading: str
    texts: tuple[str, ...]

    def is_about(self, priority):
        """``priority``: {"ref", "title"} as it was read elsewhere."""
        ref, title = split_heading(Paragraph(self.priority))
        own = (priority["title"] or "").casefold()
        if title and own:
            return title.casefold() == own
        return bool(ref) and ref == priority["ref"]


def read_asides(table):
    """The Asides of a table; none where it is another kind of table."""
    for at, row in enumerate(table.rows[:MOST_HEADING_ROWS]):
        names = {cell.column: " ".join(cell.text.split()) for cell in row.cells if cell.text}
        of_priority = [column for column, name in names.items() if PriorityColumn().knows(plain_heading(name)) == 2]
        if of_priority and len(names) > 1:
            below = table.rows[at + 1 :]
            return _by_columns(below, names, of_priority[0]) or _by_rows(below, names, of_priority[0])
    return []


def _kind_of(heading):
    return "note" if plain_heading(heading) in {"note", "notes"} else label_of(heading)


def _by_columns(rows, names, of_priority):
    kinds = {column: _kind_of(name) for column, name in names.items() if _kind_of(name) in _KINDS}
    found, priority = [], None
    for row in rows:
        cells = {cell.column: cell for cell in row.cells if cell.text}
        priority = _words(cells[of_priority]) if of_priority in cells else priority
        for column, kind in kinds.items():
            if column in cells and priority:
                texts = tuple(p.text for p in cells[column].paragraphs if p.text)
                found.append(Aside(priority, kind, names[column], texts))
    return found


def _by_rows(rows, names, of_priority):
    """Every row must say what it is, or it is another table that has priorities in it."""
    others = [column for column in names if column != of_priority]
    if len(others) != 2:
        return []
    of_label, of_text = others
    found, priority, heading = [], None, None
    for row in rows:
        cells = {cell.column: cell for cell in row.cells if cell.text}
        priority = _words(cells[of_priority]) if of_priority in cells else priority
        heading = _words(cells[of_label]) if of_label in cells else heading
        if of_text not in cells:
            continue
        if not (priority and heading and _kind_of(heading) in _KINDS):
            return []
        texts = tuple(p.text for p in cells[of_text].paragraphs if p.text)
        found.append(Aside(priority, _kind_of(heading), heading, texts))
    return found


def _words(cell):
    return " ".join(cell.text.split())
