"""Blocks to plan: which headings are priorities, which paragraphs are outcomes, which rows deliverables.

The shape of what comes out is the one of ``read_plan``. Everything in the document is placed, or
listed in ``notes``; everything that could have been read another way has a doubt.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from plans.importer.asides import read_asides
from plans.importer.blocks import Paragraph, Table
from plans.importer.columns import MOST_HEADING_ROWS, all_columns, read_layout
from plans.importer.cover import read_cover
from plans.importer.deliverables import DeliverableBuilder
from plans.importer.headings import NUMBERED, label_and_rest, label_of, named_label, split_heading
from plans.importer.names import doubts_about_names
from plans.importer.own import SHARED, take_own
from plans.importer.problems import UnreadablePlan
from plans.timescale import read_timescale

NO_TABLE = (
    "We found no plan table in this document. Give its table a row of headings such as "
    "Key deliverables, Lead, Activity and Timescale, and try again."
)
NO_PERIOD = (
    "We could not find which time this plan covers. Write it in the title, "
    "such as “Business plan April 2026 to March 2027”, and try again."
)

BOLD_LINE = "This line is bold and not a heading. We took it as the name of a priority."
NO_HEADING = "No heading stands above this table, so its priority has no name yet."

_ANNOUNCED = re.compile(r"^cross-cutting:\s+", re.IGNORECASE)  # so our own export writes one
_CROSS_CUTTING = re.compile(r"\bcross[ -]?cutting\b", re.IGNORECASE)
_FORM_WORDS = re.compile(
    r"\b(?:comments|recommendations|rag|action log|risks|mitigations?|proposal|decision)\b", re.IGNORECASE
)


def understand(document, *, filename=None):
    """``{"plan": …, "doubts": […], "notes": […]}`` of a document's blocks."""
    own, blocks = take_own([b for b in document.blocks if isinstance(b, Table) or b.text])
    columns = all_columns(_partnership_names(blocks))
    tables = _plan_tables(blocks, columns)
    if not tables:
        raise UnreadablePlan(NO_TABLE)
    sections = _sections(blocks, tables)
    cover = read_cover(_front(sections), filename=filename)
    if not cover.starts_on:
        _guess_period(cover, sections)
    return _Plan(cover, sections, document.notes, own).read()


# Tables


@dataclass
class PlanTable:
    """A table with its layout; ``rows`` are those under the headings, ``banners`` those across."""

    layout: object
    rows: list


def _plan_tables(blocks, columns):
    """The tables that hold deliverables, by their place among the blocks."""
    found, last = {}, None
    for place, block in enumerate(blocks):
        if not isinstance(block, Table) or _is_form(block):
            continue
        for at, row in enumerate(block.rows[:MOST_HEADING_ROWS]):
            layout = read_layout(row, columns, block.width)
            if layout:
                found[place] = PlanTable(layout, [*block.rows[:at], *block.rows[at + 1 :]])
                break
        else:
            is_next = last is not None and place == last + 1
            if is_next and last in found and block.width == found[last].layout.width:
                found[place] = PlanTable(found[last].layout, list(block.rows))
        last = place
    return found


def _is_form(table):
    """Is this a form to review a priority with: comments, risks, a rating proposed and decided?"""
    firsts = [row.cells[0].text for row in table.rows if row.cells]
    asked = [text for text in firsts if _FORM_WORDS.search(text)]
    return len(asked) >= 2 and len(asked) * 2 >= len(firsts)


def _partnership_names(blocks):
    """Tells whether the words before a colon are a partnership: if the document's front has them."""
    front = " ".join(b.text for b in blocks[:40] if isinstance(b, Paragraph)).casefold()
    return lambda name: len(name) > 2 and name.casefold() in front


# Sections


@dataclass
class Section:
    """The blocks under one heading; the front of the document has no heading."""

    title: str | None
    ref: str | None = None
    blocks: list = field(default_factory=list)
    is_priority: bool = False
    doubt: str | None = None
    grade: float | None = None

    @property
    def is_cross_cutting(self):
        return bool(self.title and _CROSS_CUTTING.search(self.title))

    @property
    def tables(self):
        return [b for b in self.blocks if isinstance(b, PlanTable)]


def _sections(blocks, tables):
    """Cut the blocks at the headings that stand above plan tables."""
    level = _priority_level(blocks, tables)
    sections = [Section(None)]
    for place, block in enumerate(blocks):
        if place in tables:
            _add_table(sections, tables[place], has_level=level is not None)
            continue
        section = _section_begun_by(block, level, sections[-1])
        if section:
            sections.append(section)
        else:
            sections[-1].blocks.append(block)
    _join_bare_titles(sections)
    return _settled(sections)


_EXPLICIT, _WEAK = 0.5, 90


def _section_begun_by(block, level, current):
    """The section that a heading begins, or None if the block goes on with ``current``."""
    grade = _grade(block)
    if grade is None or level is None:
        return None
    if grade == level:
        ref, title = split_heading(block)
        return Section(title, ref, is_priority=True, doubt=BOLD_LINE if grade == _WEAK else None, grade=grade)
    if _CROSS_CUTTING.search(block.text) and grade != _WEAK:
        return Section(block.text, grade=grade)
    ends_cross_cutting = current.is_cross_cutting and not current.is_priority and grade <= current.grade
    if ends_cross_cutting or (grade < level and current.title is not None):
        return Section(block.text, grade=grade)
    return None


def _grade(block):
    """How high a heading this is: the smaller the higher. None if it is no heading."""
    if not isinstance(block, Paragraph) or block.role or label_of(block.text) or len(block.text) > 220:
        return None
    is_item = block.bullet is not None and block.heading is None
    if NUMBERED.match(block.text) and not is_item and (block.is_bold or block.heading or len(block.text) < 140):
        return _EXPLICIT
    if block.heading:
        return block.heading
    is_sentence = block.text.endswith((".", ":", ";", ","))
    if block.is_bold and not is_item and len(block.text) < 150 and not is_sentence:
        return _WEAK
    return None


def _priority_level(blocks, tables):
    """The grade of heading that stands above the most plan tables; the highest of these."""
    counts, seen = Counter(), set()
    for place, block in enumerate(blocks):
        if place in tables:
            counts.update(seen)
            seen = set()
        else:
            seen.add(_grade(block))
    counts.pop(None, None)
    if not counts:
        return None
    strong = {grade: count for grade, count in counts.items() if grade != _WEAK} or counts
    most = max(strong.values())
    return min(grade for grade, count in strong.items() if count == most)


def _add_table(sections, table, *, has_level):
    """Put a plan table in its section; rows across it, or a Priority column, begin sections."""
    rows = []

    def close():
        if rows:
            sections[-1].blocks.append(PlanTable(table.layout, list(rows)))
            rows.clear()

    has_own_heading = has_level and sections[-1].is_priority and not sections[-1].tables
    priority = None
    for row in table.rows:
        banner = _banner(row, table.layout)
        if banner is None:
            read = table.layout.read(row)
            if read.priority and read.priority != priority:
                close()
                priority = read.priority
                ref, title = split_heading(Paragraph(priority))
                sections.append(Section(title, ref, is_priority=True))
            rows.append(row)
            continue
        says_priority = NUMBERED.match(banner[0].text) and label_of(banner[0].text) is None
        is_title = _grade(banner[0]) is not None and not has_own_heading
        close()
        if says_priority or is_title:
            ref, title = split_heading(banner[0])
            sections.append(Section(title, ref, is_priority=True))
            banner = banner[1:]
        sections[-1].blocks += banner
    close()
    if not sections[-1].is_priority and sections[-1].tables:
        if sections[-1].title is None and len(sections) == 1:
            front = sections.pop()
            own = [b for b in front.blocks if not isinstance(b, PlanTable)]
            sections.append(Section(None, blocks=own))
            sections.append(Section("Priorities", is_priority=True, doubt=NO_HEADING, blocks=front.tables))
        else:
            sections[-1].is_priority = True


def _banner(row, layout):
    """The paragraphs of a row that runs across the table, or None."""
    filled = [cell for cell in row.cells if cell.text]
    if len(filled) != 1 or filled[0].span < max(2, layout.width - 1):
        return None
    return [p for p in filled[0].paragraphs if p.text]


def _join_bare_titles(sections):
    """Where a heading is only "Priority 1", its title is the paragraph after it."""
    for section in sections:
        if section.title == "" and section.blocks and isinstance(section.blocks[0], Paragraph):
            section.title = section.blocks.pop(0).text


def _settled(sections):
    """Leave out priorities that are only named, as in a list of contents."""
    kept = [sections[0]]
    for section in sections[1:]:
        if section.is_priority and not section.blocks and not section.is_cross_cutting:
            kept[-1].blocks.append(Paragraph(section.title or f"Priority {section.ref}"))
            continue
        paragraphs = [b for b in section.blocks if isinstance(b, Paragraph)]
        has_work = section.tables or any(b.role or label_of(b.text) for b in paragraphs)
        section.is_priority = bool(section.is_priority and (has_work or section.is_cross_cutting))
        kept.append(section)
    return kept


def _front(sections):
    """The paragraphs before the first priority."""
    front = []
    for section in sections:
        if section.is_priority:
            break
        front += [Paragraph(section.title, heading=1)] if section.title else []
        front += [b for b in section.blocks if isinstance(b, Paragraph)]
    return front


def _guess_period(cover, sections):
    """Take the financial year that most of the written dates are in."""
    anywhere = {"starts_on": date(2008, 4, 1), "ends_on": date(2035, 3, 31)}
    years = Counter()
    for section in sections:
        for table in section.tables:
            for row in table.rows:
                for line in table.layout.read(row).timescales:
                    if re.search(r"\d{2}", line.text):
                        days = read_timescale(line.text, **anywhere).dates
                        years.update(day.year - (day.month < 4) for day in days)
    if not years:
        raise UnreadablePlan(NO_PERIOD)
    year = years.most_common(1)[0][0]
    cover.starts_on, cover.ends_on = date(year, 4, 1), date(year + 1, 3, 31)
    cover.doubt = "The plan doesn't say which time it covers. We took the year that most of its dates are in."


# The plan


class _Plan:
    def __init__(self, cover, sections, notes, own):
        self.cover = cover
        self.own = own
        self.sections = sections
        self.doubts = []
        self.notes = list(notes)
        self.priorities = []
        self.cross_cutting = []
        self.context = []
        self.context_heading = None
        self.asides = []

    def read(self):
        for section in self.sections:
            self._section(section)
        self._take_asides()
        if not any(priority["deliverables"] for priority in self.priorities):
            raise UnreadablePlan(NO_TABLE)
        plan = {
            "title": self.cover.title,
            "period_start": self.cover.starts_on.isoformat(),
            "period_end": self.cover.ends_on.isoformat(),
            "version": self.cover.version,
            "context_heading": self.context_heading,
            "context": "\n".join(self.context) or None,
            "cross_cutting": self.cross_cutting,
            "priorities": self.priorities,
        }
        read = {"plan": plan}
        if self.own:
            plan |= {"drivers": self.own.drivers, "review_dates": self.own.review_dates}
            read["origin"] = self.own.sha256
        if self.cover.doubt:
            self.doubt("period_start", self.cover.doubt)
        self.doubts += doubts_about_names(plan)
        return read | {"doubts": _merged(self.doubts), "notes": self.notes}

    def doubt(self, at, says):
        self.doubts.append({"at": at, "says": says})

    def _section(self, section):
        if section.is_cross_cutting and not section.tables:
            self._cross_cutting(section)
        elif section.is_priority:
            self._priority(section)
        elif self.priorities:
            self._note(section)
        else:
            self._add_context(section)

    def _add_context(self, section):
        paragraphs = [Paragraph(section.title, heading=1)] if section.title else []
        for block in section.blocks:
            if isinstance(block, Paragraph):
                paragraphs.append(block)
            else:
                self.note_table(block, "at the front")
        for paragraph in paragraphs:
            if self._is_part_of_title(paragraph.text) or paragraph.text in self.own.cover:
                continue
            is_heading = paragraph.heading is not None or (paragraph.is_bold and len(paragraph.text) < 100)
            if is_heading and not self.own and not self.context and self.context_heading is None:
                self.context_heading = paragraph.text
            else:
                self.context.append(paragraph.text)

    def _is_part_of_title(self, text):
        return bool(self.cover.title) and f" {text} " in f" {self.cover.title} "

    def _note(self, section):
        lines = [section.title] if section.title else []
        for block in section.blocks:
            if isinstance(block, Paragraph):
                lines.append(block.text)
            else:
                self.note_table(block, f"under “{section.title}”")
        if len(lines) > 1 or (lines and not section.blocks):
            self.notes.append("\n".join(lines))

    def note_table(self, table, where):
        asides = read_asides(table)
        if asides:
            self.asides += asides
            return
        rows = [" | ".join(c.text.replace("\n", " ") for c in row.cells if c.text) for row in table.rows]
        rows = [row for row in rows if row]
        if not rows:
            return
        kind = "A review form" if _is_form(table) else "A table"
        self.notes.append(f"{kind} {where} is not part of the plan's rows:\n" + "\n".join(rows))

    # Priorities

    def _take_asides(self):
        """Put what tables of their own say of priorities where it belongs; what is of none is a remark."""
        for aside in self.asides:
            priority = next((each for each in self.priorities if aside.is_about(each)), None)
            if priority is None:
                self.notes.append("\n".join([f"{aside.priority}, {aside.heading}:", *aside.texts]))
                continue
            if aside.kind == "note" and self.own and aside.texts[0].startswith(SHARED):
                priority["joint_with"] = aside.texts[0].removeprefix(SHARED).split("; ")
                continue
            if aside.kind == "note":
                priority["note"] = "\n".join(filter(None, [priority["note"], *aside.texts]))
                continue
            priority[aside.kind] += [text for text in aside.texts if text not in priority[aside.kind]]
            if aside.kind == "outcomes" and priority["outcomes_heading"] is None:
                priority["outcomes_heading"] = named_label(aside.heading) or aside.heading.rstrip(" :")

    def _cross_cutting(self, section):
        parts = _Parts(section, self)
        is_list = bool(re.search(r"\bthemes?\b", section.title, re.IGNORECASE)) and not self.own
        if is_list and parts.loose and not parts.outcomes:
            for text in parts.loose:
                self.cross_cutting.append({"title": text, "note": None, "rationale": [], "text": [], "outcomes": []})
            return
        if self.own:  # a document of ours has it all under the title
            note, text = parts.loose + parts.later, []
        else:
            note, text = (parts.loose, parts.later) if parts.rationale else ([], parts.loose + parts.later)
        self.cross_cutting.append(
            {
                "title": _ANNOUNCED.sub("", section.title),
                "note": "\n".join(note) or None,
                "rationale": parts.rationale,
                "text": text,
                "outcomes_heading": parts.outcomes_heading,
                "outcomes": parts.outcomes,
            }
        )

    def _priority(self, section):
        at = f"priorities/{len(self.priorities)}"
        parts = _Parts(section, self)
        if parts.rationale:
            note, rationale = parts.loose + parts.later, parts.rationale
        else:
            note, rationale = parts.later, parts.loose
        builder = DeliverableBuilder(at, self.cover, self)
        for table in section.tables:
            builder.add(table)
        if section.doubt:
            self.doubt(f"{at}/title", section.doubt)
        self.priorities.append(
            {
                "ref": section.ref,
                "title": section.title,
                "note": "\n".join(note) or None,
                "rationale": rationale,
                "outcomes_heading": parts.outcomes_heading,
                "outcomes": parts.outcomes,
                "indicators": parts.indicators,
                "deliverables": builder.deliverables,
            }
            | ({"joint_with": parts.joint_with} if parts.joint_with else {})
        )


class _Parts:
    """The paragraphs of a section by what they are: rationale, outcomes, indicators, or loose.

    ``later``: paragraphs that follow the list of a label and no longer belong to it.
    """

    def __init__(self, section, plan):
        self.rationale, self.outcomes, self.indicators = [], [], []
        self.loose, self.later, self.joint_with = [], [], []
        self.is_own = bool(plan.own)
        self.outcomes_heading = None
        self.kind, self.has_items = None, False
        for block in section.blocks:
            if isinstance(block, Paragraph):
                self._paragraph(block)
            elif isinstance(block, Table):
                self._table(block, section, plan)
            else:
                self.kind, self.has_items = "after", False

    def _paragraph(self, paragraph):
        if self.is_own and paragraph.text.startswith(SHARED) and paragraph.bullet is None:
            self.joint_with += paragraph.text.removeprefix(SHARED).split("; ")
            return
        inline = label_and_rest(paragraph.text)
        label = None if paragraph.bullet is not None else paragraph.role or label_of(paragraph.text)
        if inline and paragraph.bullet is None:
            self._begin(inline[0], inline[1])
            self._add(inline[2], is_item=False)
        elif label:
            self._begin(label, paragraph.text.strip(" :"))
        else:
            self._add(paragraph.text, is_item=paragraph.bullet is not None)

    def _begin(self, kind, heading):
        self.kind, self.has_items = kind, False
        if kind == "outcomes" and self.outcomes_heading is None:
            self.outcomes_heading = named_label(heading) or heading

    def _add(self, text, *, is_item):
        lists = {"rationale": self.rationale, "outcomes": self.outcomes, "indicators": self.indicators}
        if self.kind in lists and (is_item or not self.has_items):
            lists[self.kind].append(text)
        elif self.kind is None:
            self.loose.append(text)
        else:
            self.later.append(text)
        self.has_items = self.has_items or is_item

    def _table(self, table, section, plan):
        """A table that holds no deliverables: labels beside their text, or something else."""
        others = []
        for row in table.rows:
            cells = [cell for cell in row.cells if cell.text]
            label = label_of(cells[0].text) if len(cells) == 2 else None
            if label:
                self._begin(label, cells[0].text.replace("\n", " ").strip(" :"))
                for paragraph in cells[1].paragraphs:
                    if paragraph.text:
                        self._add(paragraph.text, is_item=True)
                self.kind = "after"
            else:
                others.append(row)
        if others:
            plan.note_table(Table(tuple(others)), f"under “{section.title}”")


def _merged(doubts):
    """One doubt for each place."""
    places = {}
    for doubt in doubts:
        says = places.setdefault(doubt["at"], [])
        if doubt["says"] not in says:
            says.append(doubt["says"])
    return [{"at": at, "says": " ".join(says)} for at, says in places.items()]
