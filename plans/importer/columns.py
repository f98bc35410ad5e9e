"""The columns of a plan's table: the headings each is known by, and what its cells mean.

A council with an odd heading gets it added here, with its table in ``tests/plans/samples``. A column
knows its headings, cleans a cell into what it means, and fills one field of a ``TableRow``.
"""

import math
import re
from dataclasses import dataclass, field

from plans.importer.blocks import Paragraph

# The columns of a plan's table, as the rest of the product calls them, and the field of each here.
FIELDS = {
    "ref": "ref",
    "promise": "deliverable",
    "measures": "evidence_measures",
    "leads": "leads",
    "others": "other_partnerships",
    "activity": "activities",
    "timescale": "timescales",
}


@dataclass(frozen=True)
class Line:
    """A paragraph of a cell, and how many lines down it stands."""

    text: str
    at: int


@dataclass(frozen=True)
class Lead:
    """Who is answerable; ``partnership`` where the cell says which partnership's lead this is."""

    text: str
    partnership: str | None = None
    at: int = 0


@dataclass
class ActivityText:
    """One activity; ``points`` are the list under its first words."""

    text: str
    points: list = field(default_factory=list)
    at: int = 0
    partnership: str | None = None
    is_item: bool = False


@dataclass
class TableRow:
    """One row of a plan's table, its cells cleaned. A None in ``timescales`` means no such cell."""

    ref: str | None = None
    deliverable: list = field(default_factory=list)
    leads: list = field(default_factory=list)
    lead_text: str | None = None
    other_partnerships: list = field(default_factory=list)
    evidence_measures: list = field(default_factory=list)
    activities: list = field(default_factory=list)
    timescales: list = field(default_factory=list)
    progress: str | None = None
    priority: str | None = None
    continued: set = field(default_factory=set)  # fields whose cell is part of the one above
    over: list = field(default_factory=list)  # (heading, text) of columns that nobody knows


def plain_heading(text):
    """A heading in few words: no case, marks or years. "In 2014/5 we will" is "in we will"."""
    text = re.sub(r"\(s\)|/s\b|/ s\b", "s", text.lower().replace("’", "'"))
    text = re.sub(r"[0-9]{2,4}(?:[/-][0-9]{1,4})?", " ", text)
    return " ".join(re.sub(r"[^a-z#' ]", " ", text).split())


class Column:
    """``exactly``: whole headings. ``within``: words that tell it inside a longer heading."""

    field = ""
    exactly = frozenset()
    within = ()

    def knows(self, heading):
        """How sure: 2 for a heading it knows, 1 for words in it, 0."""
        if heading in self.exactly:
            return 2
        padded = f" {heading} "
        return int(len(heading.split()) <= 9 and any(f" {words} " in padded for words in self.within))

    def clean(self, cell):
        return cell.text or None

    def fill(self, row, cell):
        setattr(row, self.field, self.clean(cell))


def _headings(lines):
    return frozenset(line.strip() for line in lines.strip().splitlines())


class RefColumn(Column):
    field = "ref"
    exactly = _headings(
        """
        ref
        ref no
        ref number
        reference
        no
        number
        #
        id
        action no
        action ref
        item
        item no
        """
    )

    def clean(self, cell):
        number = next((p.number for p in cell.paragraphs if p.number), None)
        return cell.text.replace("\n", " ").strip(" .)") or number


class PriorityColumn(Column):
    field = "priority"
    exactly = _headings(
        """
        priority
        priorities
        strategic priority
        priority area
        theme
        strategic theme
        """
    )

    def clean(self, cell):
        return cell.text.replace("\n", " ") or None


class DeliverableColumn(Column):
    field = "deliverable"
    exactly = _headings(
        """
        key deliverables
        key deliverable
        deliverables
        deliverable
        objectives
        objective
        key objectives
        aim
        aims
        we will
        in we will
        during we will
        what we will do
        what will we do
        what are we going to do
        what do we want to do
        what needs to be done
        what
        priority action
        priority actions
        recommendation
        recommendations
        commitment
        workstream
        """
    )
    within = ("deliverable", "deliverables", "we will", "objective", "recommendation")

    def clean(self, cell):
        return [p for p in cell.paragraphs if p.text]


class ActivityColumn(Column):
    field = "activities"
    exactly = _headings(
        """
        activity
        activities
        key activities
        action
        actions
        key actions
        key action
        specific actions
        specific action
        action required
        actions required
        tasks
        task
        steps
        how
        how we will do it
        how will we do it
        how will we achieve this
        how will we do this
        milestones
        key milestones
        """
    )
    within = ("activity", "activities", "action", "actions", "tasks", "steps")

    def clean(self, cell):
        return split_activities(_lines(cell))


class LeadColumn(Column):
    field = "leads"
    exactly = _headings(
        """
        lead
        leads
        lead officer
        lead officers
        lead agency
        lead agencies
        lead person
        lead group
        lead responsibility
        who
        who will lead
        who will do it
        who leads
        by whom
        owner
        owners
        responsible
        responsibility
        responsible lead
        responsible person
        person responsible
        accountable
        accountable lead
        """
    )
    within = ("lead", "leads", "owner", "responsible", "responsibility", "by whom", "who will")

    def __init__(self, knows_partnership=lambda name: False):
        self.knows_partnership = knows_partnership

    def clean(self, cell):
        return split_leads(_lines(cell), self.knows_partnership)

    def fill(self, row, cell):
        row.leads = self.clean(cell)
        row.lead_text = cell.text or None


class LinesColumn(Column):
    def clean(self, cell):
        return [p.text for p in cell.paragraphs if p.text]


class OtherPartnershipsColumn(LinesColumn):
    field = "other_partnerships"
    exactly = _headings(
        """
        other partnerships
        other partnerships involved
        partners
        partner agencies
        partnerships
        supporting partners
        other agencies
        other boards
        links
        joint with
        """
    )
    within = ("other partnerships", "other partners", "partners involved", "supporting", "other boards")


class EvidenceColumn(LinesColumn):
    field = "evidence_measures"
    exactly = _headings(
        """
        evidence
        evidence measure
        evidence measures
        outcome
        outcomes
        outcome evidence measure
        outcomes evidence measures
        measure
        measures
        measure of success
        measures of success
        success measure
        success measures
        success criteria
        how will we know
        how we will know
        impact
        intended impact
        intended outcome
        desired outcome
        expected outcome
        """
    )
    within = ("evidence", "outcome", "outcomes", "success", "measure", "measures", "will we know", "impact")


class TimescaleColumn(Column):
    field = "timescales"
    exactly = _headings(
        """
        timescale
        timescales
        timescale target
        target timescale
        time scale
        timeframe
        time frame
        timeline
        timing
        when
        by when
        date
        dates
        date due
        due
        due by
        due date
        deadline
        target
        target date
        completion date
        target completion date
        date for completion
        milestone date
        """
    )
    within = ("timescale", "timescales", "by when", "deadline", "due date", "target date", "completion date")

    def clean(self, cell):
        return [Line(p.text, at) for p, at in _lines(cell) if p.text]


class ProgressColumn(Column):
    field = "progress"
    exactly = _headings(
        """
        progress
        update
        updates
        status
        rag
        brag
        rag rating
        rag status
        progress update
        progress to date
        progress and rag
        current position
        """
    )
    within = ("progress", "rag", "status")


def all_columns(knows_partnership=lambda name: False):
    """Every column. Where two know a heading as well, the first one has it."""
    return [
        RefColumn(),
        LeadColumn(knows_partnership),
        TimescaleColumn(),
        OtherPartnershipsColumn(),
        EvidenceColumn(),
        ProgressColumn(),
        DeliverableColumn(),
        ActivityColumn(),
        PriorityColumn(),
    ]


# What a cell holds

_PREFIX = re.compile(r"^([A-Z][A-Za-z&/]*(?: [A-Za-z&]+){0,4})\s?[:\u2013-]\s+(?=\S)")
_ACRONYM = re.compile(r"^[A-Z][A-Z&]{1,9}$")
_ALONE = re.compile(r"^([A-Z][A-Za-z&]*(?: [A-Za-z&]+){0,4})\s?:?$")
_INNER_PREFIX = re.compile(r"(?<![\w/])(?=[A-Z][A-Z&]{1,9}: )")


def _lines(cell):
    """(paragraph, how many lines down it stands) of a cell, blank ones too."""
    found, at = [], 0
    for paragraph in cell.paragraphs:
        found.append((paragraph, at))
        at += max(1, math.ceil(len(paragraph.text) / cell.line_length))
    return found


def split_leads(lines, knows_partnership):
    """Leads, one a paragraph, or one for each partnership that the cell names.

    Never split on "&" or a comma: "Chair of Training & Business Office" is one or two people, and
    only the office knows.
    """
    lines = [(p, at) for p, at in lines if p.text]
    leads, block = [], None
    for place, (paragraph, at) in enumerate(lines):
        alone = paragraph.bullet is None and _ALONE.match(paragraph.text)
        if alone and len(lines) > place + 1 and _is_partnership(alone.group(1), knows_partnership):
            block = len(leads)
            leads.append(Lead("", alone.group(1), at))
        elif block is not None:
            lead = leads[block]
            leads[block] = Lead(f"{lead.text} {paragraph.text}".strip(), lead.partnership, lead.at)
        else:
            leads += _leads_of_paragraph(paragraph.text, at, knows_partnership)
    if len(leads) > 1 and leads[0].partnership is None and leads[0].text.endswith(":"):
        del leads[0]  # "Groups to report as follows:" leads nothing; it stays in the cell's text
    return leads


def _leads_of_paragraph(text, at, knows_partnership):
    parts = [part.strip() for part in _INNER_PREFIX.split(text) if part.strip()]
    if len(parts) < 2 or not all(_ACRONYM.match(part.split(":")[0]) for part in parts):
        parts = [text]
    for part in parts:
        match = _PREFIX.match(part)
        if match and _is_partnership(match.group(1), knows_partnership):
            yield Lead(part[match.end() :], match.group(1), at)
        else:
            yield Lead(part, None, at)


def _is_partnership(name, knows_partnership):
    return bool(_ACRONYM.match(name)) or knows_partnership(name)


def split_activities(lines):
    """Activities, one an item of a list or else one a paragraph.

    Items under words that end in a colon are points of one activity, and so are items further in.
    A paragraph that goes on in small letters belongs to the sentence before it.
    """
    found = []
    for paragraph, at in lines:
        if paragraph.text:
            _add_activity(found, paragraph, at)
    return found


def _add_activity(found, paragraph: Paragraph, at):
    last = found[-1] if found else None
    is_item = paragraph.bullet is not None
    if last and is_item and (paragraph.bullet > 0 or _introduces(last)):
        last.points.append(paragraph.text)
    elif last and not is_item and paragraph.text[0].islower():
        last.text = " ".join([last.text, *last.points, paragraph.text])
        last.points = []
    else:
        match = _PREFIX.match(paragraph.text)
        partnership = match.group(1) if match and _ACRONYM.match(match.group(1)) else None
        found.append(ActivityText(paragraph.text, [], at, partnership, is_item))


def _introduces(activity):
    return not activity.is_item and activity.text.rstrip(" -\u2013").endswith(":")


# Headings of a table

MOST_HEADING_ROWS = 4


@dataclass(frozen=True)
class Layout:
    """Which column of the grid is what. ``over``: headings of columns that nobody knows."""

    columns: dict
    over: dict
    width: int

    @property
    def fields(self):
        return {column.field for column in self.columns.values()}

    @property
    def has_activities(self):
        return {"deliverable", "activities"} <= self.fields

    def is_heading(self, cell):
        """Does this cell say again what its column is?"""
        column = self.columns.get(cell.column)
        return column is not None and column.knows(plain_heading(cell.text)) == 2

    def read(self, row):
        """A ``TableRow`` of the cells of ``row``."""
        found = TableRow()
        for cell in row.cells:
            column = self.columns.get(cell.column)
            if column is None:
                if cell.text:
                    found.over.append((self.over.get(cell.column, ""), cell.text))
            elif cell.continues:
                found.continued.add(column.field)
            else:
                column.fill(found, cell)
        return found


# A register of risks has owners, actions and dates as well.
_FIRST_OF_REGISTER = re.compile(r"^(?:risks?|issues?|decisions?)\b")
_OF_REGISTER = {"likelihood", "severity", "probability"}


def _is_register(headings):
    """``headings``: plain, from left to right."""
    first = next((heading for heading in headings if heading not in RefColumn.exactly), "")
    return bool(_FIRST_OF_REGISTER.match(first)) or bool(_OF_REGISTER & set(headings))


SURE = 3  # a document of our own says which column it is


def read_layout(row, columns, width):
    """The layout that a row of headings gives, or None if this is no such row."""
    headings = {c.column: plain_heading(c.text) for c in row.cells if c.text and len(c.text) <= 80}
    if _is_register(headings.values()):
        return None
    claims = [
        (column.knows(heading), -place, at, column)
        for at, heading in headings.items()
        for place, column in enumerate(columns)
        if column.knows(heading)
    ]
    claims += [
        (SURE, -place, cell.column, column)
        for cell in row.cells
        for place, column in enumerate(columns)
        if cell.paragraphs and cell.paragraphs[0].role == f"column {column.field}"
    ]
    found, taken = {}, set()
    for _, _, at, column in sorted(claims, key=lambda claim: claim[:2], reverse=True):
        if at not in found and column.field not in taken:
            found[at] = column
            taken.add(column.field)
    has_work = taken & {"deliverable", "activities"}
    has_more = taken & {"leads", "timescales"}
    if not has_work or not has_more or len(headings) < len([c for c in row.cells if c.text]):
        return None
    if "deliverable" not in taken:
        # A plan with one column of actions: each row is a deliverable, with one activity.
        at = next(at for at, column in found.items() if column.field == "activities")
        found[at] = next(column for column in columns if column.field == "deliverable")
    over = {c.column: " ".join(c.text.split()) for c in row.cells if c.column not in found}
    return Layout(found, over, width)
