"""A staged draft as it stands after what people put right in it: pure values, no database.

``Draft`` takes what ``plans.importer.read_plan`` gave and the corrections in their order. Its ``read`` has
the same shape, so that whatever makes or shows a plan of a document needs to know nothing of corrections.
Each row has a ``key`` that never changes: "p0" the first priority that was read, "p0-d2" its third
deliverable, "p0-d2-a1" the second activity of that, "c0" what runs across; "p0-d2-a1-s7" the second half
of an activity that correction 7 split. The plan itself is "plan".
"""

import copy
import re
import textwrap
from dataclasses import dataclass

from django.utils.dateparse import parse_date

from plans import by_hand
from plans.importer.deliverables import dates_of
from plans.letters import lettered
from plans.timescale import read_timescale

PLAN = "plan"
LONGEST_NAME, LONGEST_TITLE, LONGEST_REF = 60, 200, 12  # characters
OUTCOMES_HEADING = "Outcome statement"
KINDS = {"p": "priority", "c": "priority", "d": "deliverable", "a": "activity", "s": "activity"}
# Which cell shows what stands at the end of a doubt's place; the first of a kind is for all else.
CELLS_OF = {
    "plan": {"": "details", "context": "introduction"},
    "priority": {
        "": "heading",
        "note": "note",
        "text": "note",
        "rationale": "rationale",
        "outcomes": "outcomes",
        "outcomes_heading": "outcomes",
        "indicators": "outcomes",
    },
    "deliverable": {
        "": "promise",
        "ref": "ref",
        "leads": "leads",
        "other_partnerships": "others",
        "evidence_measures": "promise",
    },
    "activity": {"": "text", "timescale_text": "timescale", "dates": "timescale"},
}
_PLACE = re.compile(r"^(priorities|cross_cutting)/(\d+)(?:/deliverables/(\d+)(?:/activities/(\d+))?)?/?(.*)$")


class Gone(LookupError):
    """There is no such row in the draft, or no longer."""


@dataclass
class Doubt:
    """Where the reader was not sure. ``row`` and ``cell``: the cell that shows it; ``is_left``: nobody has looked."""

    says: str
    row: str
    cell: str
    is_left: bool = True
    name: str = ""

    @property
    def anchor(self):
        return anchor_of(self.row, self.cell)


def anchor_of(row, cell):
    """The id of a cell on the page, as on the plan's own."""
    return f"cell-{kind_of(row)}-{row}-{cell}"


def kind_of(key):
    """ "plan", "priority", "deliverable" or "activity". Raises Gone where no row could have that key."""
    if key == PLAN:
        return PLAN
    if not re.fullmatch(r"[pc]\d{1,4}(-d\d{1,4}(-a\d{1,4}(-s\d{1,6})*)?)?", key):
        raise Gone(key)
    return KINDS[key.rpartition("-")[2][0]]


class Draft:
    """``corrections``: those that stand, each with ``number, what, row, cell, values``."""

    def __init__(self, understood, corrections=()):
        self.read = copy.deepcopy(understood["plan"])
        self.notes = list(understood.get("notes", []))
        self.read["key"] = PLAN
        self.rows, self.parents = {PLAN: self.read}, {}
        self._settle()
        self._begins = self.read["period_start"], self.read["period_end"]
        self.doubts = self.too_long + [self._doubt(doubt) for doubt in understood.get("doubts", [])]
        self.changed_at = {}
        for correction in corrections:
            self._put(correction)
        if (self.read["period_start"], self.read["period_end"]) != self._begins:
            for key in self.rows:
                if kind_of(key) == "activity":
                    self._read_again(self.rows[key])
        for doubt in self.doubts:
            doubt.is_left = doubt.row in self.rows and (doubt.row, doubt.cell) not in self.changed_at
            doubt.name = self.name(doubt.row) if doubt.is_left else ""

    # What stands

    def row(self, key):
        """The values of a row. Raises Gone."""
        kind_of(key)
        if key not in self.rows:
            raise Gone(key)
        return self.rows[key]

    def parent(self, key):
        return self.parents[key]

    def siblings(self, key):
        """The list of the values in which the row stands."""
        kind, parent = kind_of(key), self.rows[self.parents[key]]
        if kind == "priority":
            return parent["cross_cutting"] if key.startswith("c") else parent["priorities"]
        return parent["deliverables"] if kind == "deliverable" else parent["activities"]

    @property
    def left(self):
        return [doubt for doubt in self.doubts if doubt.is_left]

    @property
    def days(self):
        """(first day, last day) of the plan."""
        return parse_date(self.read["period_start"]), parse_date(self.read["period_end"])

    @property
    def deliverables(self):
        return [row for priority in self.read["priorities"] for row in priority["deliverables"]]

    def beside(self, key, *, by):
        """The deliverable after (``by`` = 1) or before (-1) that of activity ``key`` in the plan's order, or None."""
        order = [row["key"] for row in self.deliverables]
        at = order.index(self.parents[key]) + by
        return self.rows[order[at]] if 0 <= at < len(order) else None

    def next(self, key):
        """The activity after ``key`` in its deliverable, or None."""
        rows = self.siblings(key)
        at = rows.index(self.rows[key]) + 1
        return rows[at] if at < len(rows) else None

    def name(self, key):
        """The row in a few words."""
        kind, row = kind_of(key), self.row(key)
        if kind == PLAN:
            return "The plan"
        if kind == "activity":
            deliverable = self.rows[self.parents[key]]
            letter = lettered(self.siblings(key).index(row) + 1)
            return f"{self.name(deliverable['key'])}, activity {letter}"
        words = f"{full_ref(row, self.rows[self.parents[key]])} {row.get('title') or ''}".strip()
        return textwrap.shorten(words, LONGEST_NAME, placeholder="…")

    # How it came to stand

    def _settle(self):
        """Give every row its key, and one place to all that means the same."""
        plan = self.read
        self.too_long = []
        self._shorten(plan, PLAN, "title", LONGEST_TITLE, "details")
        self._shorten(plan, PLAN, "version", LONGEST_REF, "details")
        for name in ("cross_cutting", "priorities"):
            plan[name] = plan.get(name) or []
            for n, row in enumerate(plan[name]):
                self._keep(row, f"{name[0]}{n}", PLAN)
                self._shorten(row, row["key"], "ref", LONGEST_REF, "heading")
                row["note"] = "\n\n".join(filter(None, [row.get("note"), *row.pop("text", [])]))
                row["outcomes"] = [*row.get("outcomes", []), *row.pop("indicators", [])]
                row["rationale"] = row.get("rationale", [])
                row["outcomes_heading"] = row.get("outcomes_heading") or OUTCOMES_HEADING
                row["joint_with"] = row.get("joint_with", [])
                row["deliverables"] = row.get("deliverables", [])
                for d, deliverable in enumerate(row["deliverables"]):
                    self._settle_deliverable(deliverable, f"{row['key']}-d{d}", row["key"])

    def _shorten(self, row, key, name, longest, cell):
        """Words with no room where they stand: a ref goes before the title, of others the beginning is taken."""
        words = row.get(name) or ""
        if len(words) <= longest:
            return
        if name == "ref":
            row["ref"], row["title"] = "", f"{words} {row['title']}"
            says = f"“{words}” is too long for a ref, so it stands before the words."
        else:
            row[name] = words[:longest].rstrip()
            says = f"Only {longest} characters can be kept of “{words}”."
        self.too_long.append(Doubt(says, key, cell))

    def _settle_deliverable(self, row, key, parent):
        self._keep(row, key, parent)
        self._shorten(row, key, "ref", LONGEST_REF, "promise")
        for name in ("leads", "other_partnerships", "evidence_measures", "activities"):
            row[name] = row.get(name, [])
        for n, activity in enumerate(row["activities"]):
            self._keep(activity, f"{key}-a{n}", key)
            activity["text"] = words_of(activity)
            activity.pop("points", None)
            activity["timescale_text"], said = by_hand.apart(activity.get("timescale_text") or "")
            activity["by_hand"] = activity.get("by_hand") or said
            if said:
                self._read_again(activity)

    def _keep(self, row, key, parent):
        row["key"] = key
        self.rows[key], self.parents[key] = row, parent

    def _doubt(self, doubt):
        match = _PLACE.match(doubt["at"])
        key, rest = PLAN, doubt["at"]
        if match:
            of, priority, deliverable, activity, rest = match.groups()
            key = f"{of[0]}{priority}"
            key += f"-d{deliverable}" if deliverable else ""
            key += f"-a{activity}" if activity else ""
        if key not in self.rows:
            key, rest = PLAN, ""
        cells = CELLS_OF[kind_of(key)]
        return Doubt(doubt["says"], key, cells.get(rest.partition("/")[0], cells[""]))

    def _put(self, correction):
        if correction.row not in self.rows:
            return  # its row was taken out, and the step that did so was not undone
        getattr(self, f"_{correction.what}")(correction)

    def _cell(self, correction):
        self.write(correction.row, correction.cell, correction.values)
        self.changed_at[correction.row, correction.cell] = correction

    def write(self, key, cell, values):
        """Put ``values`` in a cell, in the shape in which ``CELLS`` gives them."""
        CELLS[kind_of(key), cell].write(self.rows[key], values)
        if kind_of(key) == "activity" and cell == "timescale":
            self._read_again(self.rows[key])

    def _right(self, correction):
        self.changed_at[correction.row, correction.cell] = correction

    def _out(self, correction):
        self._forget(correction.row)

    def _forget(self, key):
        self.siblings(key).remove(self.rows[key])
        for below in [each for each in self.rows if self._is_in(each, key)]:
            del self.rows[below], self.parents[below]

    def _is_in(self, key, top):
        while key != top and key != PLAN:
            key = self.parents.get(key, PLAN)
        return key == top

    def _move(self, correction):
        key = correction.row
        row, goes_to = self.rows[key], self.beside(key, by=correction.values["by"])
        if goes_to is None:
            return
        self.siblings(key).remove(row)
        self.parents[key] = goes_to["key"]
        goes_to["activities"].insert(len(goes_to["activities"]) if correction.values["by"] < 0 else 0, row)
        if row.get("lead") not in [lead["text"] for lead in goes_to["leads"]]:
            row["lead"] = None

    def _split(self, correction):
        key, values = correction.row, correction.values
        first = self.rows[key]
        second = copy.deepcopy(first)
        rows = self.siblings(key)
        rows.insert(rows.index(first) + 1, second)
        self._keep(second, f"{key}-s{correction.number}", self.parents[key])
        for row, half in ((first, "first"), (second, "second")):
            row["text"] = values[f"{half}_text"]
            self._retime(row, values[f"{half}_timescale"])
        self._looked_at(correction)

    def _join(self, correction):
        key, values = correction.row, correction.values
        if values["other"] not in self.rows or self.parents[values["other"]] != self.parents[key]:
            return
        self._forget(values["other"])
        self.rows[key]["text"] = values["text"]
        self._retime(self.rows[key], values["timescale"])
        self._looked_at(correction)

    def _looked_at(self, correction):
        for cell in ("text", "timescale"):
            self.changed_at[correction.row, cell] = correction

    def _retime(self, row, words):
        if words != row["timescale_text"]:
            row["timescale_text"], row["by_hand"] = words, ""
        self._read_again(row)

    def _read_again(self, row):
        """The dates of what was said by hand, else of the words, in the period as it stands now."""
        starts_on, ends_on = self.days
        said = by_hand.read(row["by_hand"])
        if said:
            reading = by_hand.reading_of(said, ends_on=ends_on)
        else:
            reading = read_timescale(row["timescale_text"], starts_on=starts_on, ends_on=ends_on)
        row["kind"], row["dates"] = reading.kind, dates_of(reading)
        row["open_end"] = reading.kind == "window" and reading.milestones[-1].due_on is None


def full_ref(row, priority):
    """ "2.1": as ``plans.models.Deliverable.full_ref`` gives it."""
    ref = row.get("ref") or ""
    return f"{priority['ref']}.{ref}" if ref and "." not in ref and priority.get("ref") else ref


def words_of(activity):
    """The words of an activity as it was read, with the list that stood under them."""
    return "\n".join([activity["text"], *(f"• {point}" for point in activity.get("points", []))])


# What the cells of a draft hold, in the fields that the forms of plans.cells have


@dataclass(frozen=True)
class Cell:
    """``read(row)`` gives the values of a cell's fields, ``write(row, values)`` puts them back."""

    read: object
    write: object


def plain(*names):
    """A cell of columns that hold words."""

    def write(row, values):
        for name in names:
            row[name] = values[name]

    return Cell(lambda row: {name: row.get(name) or "" for name in names}, write)


def lines(name, field="lines"):
    """A cell that is a list, a line for each."""

    def write(row, values):
        row[name] = values[field].splitlines()

    return Cell(lambda row: {field: "\n".join(row[name])}, write)


def together(*cells):
    def read(row):
        return {name: value for cell in cells for name, value in cell.read(row).items()}

    def write(row, values):
        for cell in cells:
            cell.write(row, values)

    return Cell(read, write)


def renamed(name, field):
    """A column under another name in the form."""

    def write(row, values):
        row[name] = values[field]

    return Cell(lambda row: {field: row.get(name) or ""}, write)


def read_leads(row):
    return {"lines": "\n".join(line_of_lead(lead) for lead in row["leads"])}


def line_of_lead(lead):
    return f"{lead['partnership']}: {lead['text']}" if lead.get("partnership") else lead["text"]


def write_leads(row, values):
    """``values``: also ``areas``, the short names that may stand before a lead. An activity's own lead goes along."""
    before = [lead["text"] for lead in row["leads"]]
    areas = {area.casefold(): area for area in values.get("areas", [])}
    row["leads"] = []
    for line in values["lines"].splitlines():
        area, colon, text = line.partition(":")
        known = areas.get(area.strip().casefold()) if colon and text.strip() else None
        row["leads"].append({"partnership": known, "text": text.strip() if known else line})
    after = [lead["text"] for lead in row["leads"]]
    new_names = dict(zip(before, after, strict=True)) if len(before) == len(after) else {}
    for activity in row["activities"]:
        own = activity.get("lead")
        if own and own not in after:
            activity["lead"] = new_names.get(own)


CELLS = {
    (PLAN, "details"): together(
        plain("title", "version"), renamed("period_start", "starts_on"), renamed("period_end", "ends_on")
    ),
    (PLAN, "introduction"): renamed("context", "introduction"),
    (PLAN, "whose"): Cell(lambda row: {}, lambda row, values: None),  # kept with the import itself
    ("priority", "heading"): plain("ref", "title"),
    ("priority", "note"): plain("note"),
    ("priority", "joint"): lines("joint_with", "joint_with"),
    ("priority", "rationale"): lines("rationale"),
    ("priority", "outcomes"): together(plain("outcomes_heading"), lines("outcomes")),
    ("deliverable", "ref"): plain("ref"),
    ("deliverable", "promise"): together(
        plain("title", "description"), lines("evidence_measures", "evidence_measures")
    ),
    ("deliverable", "measures"): lines("evidence_measures", "evidence_measures"),
    ("deliverable", "leads"): Cell(read_leads, write_leads),
    ("deliverable", "others"): lines("other_partnerships", "other_partnerships"),
    ("activity", "text"): plain("text", "lead"),
    ("activity", "timescale"): plain("timescale_text", "by_hand"),
}
