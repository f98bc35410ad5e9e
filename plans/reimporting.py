"""A later issue of a plan's document: what it says, held against the plan as it stands and as it was.

An office edits its Word plan, or somebody sends an exported one back. Each cell has three sides: what the
document says, what stands here now, and what stood there when the document was made or last brought in
(``Base``), if that is known. What only the document changed is offered to be taken; what only changed here
stays; what both changed is a conflict, and somebody must choose. Nothing is taken that nobody saw, and
nothing is deleted: a row that the document no longer has stays, unless it is taken out with a reason.

``hold_against`` gives the ``Questions``; ``plans.merging`` does what was answered.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

from partnership.templatetags.components import long_date
from plans.correcting import draft_of
from plans.differences import Change, Line, beside, sides_of, text_change, timescale_change, whole
from plans.models import Deliverable
from plans.reimporting_rows import (
    Pairing,
    PlanRow,
    are_alike,
    lines,
    plain,
    retired_rows,
    rows_of_document,
    rows_of_snapshot,
    settle,
)
from plans.snapshots import hash_of, take_snapshot

TAKE, KEEP = "take", "keep"

# The cells of each kind of row, in the order in which they are asked about, and what they are called.
CELLS = {
    "plan": {"title": "Title", "introduction": "Introduction"},
    "priority": {
        "ref": "Number",
        "title": "Priority",
        "note": "Under the title",
        "rationale": "Why this matters",
        "outcomes_heading": "Heading of the outcomes",
        "outcomes": "Outcome statements",
    },
    "deliverable": {
        "ref": "Number",
        "title": "Promise",
        "description": "Description",
        "evidence_measures": "How we will know",
        "leads": "Lead",
        "other_partnerships": "Other partnerships",
    },
    "activity": {"text": "Activity", "lead": "Lead of the activity", "timescale": "Timescale"},
}
LISTS = {"rationale", "outcomes", "evidence_measures", "leads", "other_partnerships"}
HOME = {"deliverable": "Priority", "activity": "Deliverable"}
SHA256 = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True)
class Base:
    """What the plan said when the document was made or last brought in. ``says`` finishes "held against …"."""

    rows: dict
    left_out: frozenset
    says: str


@dataclass
class Question:
    """One cell, or with ``cell`` "" one row: what to do about it. ``answer`` is chosen beforehand, or empty."""

    name: str
    kind: str
    cell: str
    label: str
    row: PlanRow
    ours: PlanRow | None = None
    answer: str = ""
    change: Change | None = None
    then: list | None = None
    says: tuple = ()
    choices: tuple = ((TAKE, "Take the document’s"), (KEEP, "Keep ours"))
    target: str = ""
    place: str = ""
    within: tuple = ()
    field: object = None  # the form's

    @property
    def is_conflict(self):
        return not self.answer


@dataclass
class Questions:
    """All that a document asks of a plan, in the document's order.

    ``cells`` are Questions on cells that differ, ``new`` on rows of the document that the plan has not,
    ``back`` on those that were taken out of it, ``missing`` on rows of the plan that the document has not.
    ``ours_alone`` are rows that came here since, ``same_rows`` those in which nothing differs.
    """

    staged: object
    digest: str
    base: Base | None
    pairing: Pairing
    plan_rows: dict
    cells: list = field(default_factory=list)
    new: list = field(default_factory=list)
    back: list = field(default_factory=list)
    missing: list = field(default_factory=list)
    ours_alone: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    same_rows: list = field(default_factory=list)

    @cached_property
    def all(self):
        return [*self.cells, *self.new, *self.back, *self.missing]

    @property
    def conflicts(self):
        return [each for each in self.cells if each.is_conflict]

    @property
    def taken(self):
        return [each for each in self.cells if each.answer == TAKE]

    @property
    def kept(self):
        return [each for each in self.cells if each.answer == KEEP]

    @property
    def is_empty(self):
        return not self.all

    @property
    def pairs(self):
        """Names which row was taken for which: choices belong to the questions that were shown."""
        return hash_of(self.pairing.ours)[:16]

    @property
    def guesses(self):
        """(the document's row, the plan's) of rows paired because they are alike, and of new ones with a candidate."""
        return [
            row
            for row in self.pairing.document.values()
            if row.kind in {"priority", "deliverable"} and row.key not in self.pairing.sure
        ]


# What the document was made of


def base_of(plan, staged, snapshot):
    """The Base of a staged document: the plan as the document names it, else its last issue; None if unknown."""
    said = staged.understood.get("origin") or " ".join(staged.understood.get("notes", []))
    hashes = set(SHA256.findall(said))
    if hash_of(snapshot) in hashes:
        return Base(rows_of_snapshot(snapshot), frozenset(), "the plan as it stands, from which it was made")
    version = plan.versions.filter(sha256__in=hashes).newest_first().first() if hashes else None
    if version:
        rows = rows_of_snapshot(version.snapshot)
        return Base(rows, frozenset(), f"version {version.number}, from which it was made")
    issue = (
        plan.issues.standing()
        .newest_first()
        .select_related("staged__document")
        .defer("staged__document__content")
        .first()
    )
    if issue:
        says = f"{issue.staged.document}, brought in on {long_date(issue.brought_at)}"
        return Base(*rows_in(issue.content), says)
    return None


def rows_in(content):
    """({key: PlanRow}, signatures of what was left out) of a PlanIssue's content."""
    if "snapshot" in content:  # the document that made the plan
        return rows_of_snapshot(content["snapshot"]), frozenset()
    rows = {key: PlanRow(**values) for key, values in content["rows"].items()}
    return rows, frozenset(content["left_out"])


def content_of(rows, left_out):
    """The ``content`` of a PlanIssue: what the document said, by the plan's keys."""
    return {
        "rows": {
            key: {"kind": row.kind, "key": key, "home": row.home, "cells": row.cells} for key, row in rows.items()
        },
        "left_out": sorted(left_out),
    }


# What differs


def hold_against(plan, staged, *, chosen=None):
    """The Questions that a staged document asks of ``plan``. About fifteen queries, whatever the size of either.

    ``chosen``: {key of a row of the document: key of the plan's row that it is, or ""}, as a person said.
    """
    snapshot = take_snapshot(plan)
    base = base_of(plan, staged, snapshot)
    ours = rows_of_snapshot(snapshot)
    plan_rows = ours | retired_rows(plan)
    read = understood_of(staged)
    document = rows_of_document(read)
    then = base.rows if base else {}
    pairing = Pairing(document, plan_rows, then, chosen or {})
    found = Questions(staged, hash_of(snapshot), base, pairing, plan_rows)
    for key, other in pairing.ours.items():
        settle(document[key], plan_rows[other])
    _drop_front(document["plan"], snapshot)
    unsaid = _unsaid(document, ours)
    found.notes = [f"The document says nothing under “{label}”, so ours stays." for label in unsaid.values()]
    if (read["period_start"], read["period_end"]) != (snapshot["plan"]["starts_on"], snapshot["plan"]["ends_on"]):
        found.notes.append(
            "The document gives another period. Change ours under “Edit title and period” if it is right."
        )
    for row in document.values():
        mine = ours["plan"] if row.kind == "plan" else plan_rows.get(pairing.ours.get(row.key))
        if mine is None:
            _ask_new(found, row)
        elif mine.is_retired:
            found.back.append(_back(row, mine))
        elif not _is_within(document, row.home, pairing, plan_rows):
            asked = [
                question
                for cell, label in CELLS[row.kind].items()
                if (row.kind, cell) not in unsaid and (question := _ask_cell(found, row, mine, cell, label))
            ]
            asked += _ask_home(found, row, mine)
            found.cells += asked
            if not asked and row.kind != "plan":
                found.same_rows.append(mine)
    _ask_missing(found, ours)
    return found


def understood_of(staged):
    """The plan in a staged document, as it was put right."""
    return draft_of(staged).read


def _is_within(document, home, pairing, plan_rows):
    """Whether a row stands in one that was taken out of the plan: then it comes back with that, or not at all."""
    while home in document and home != "plan":
        mine = plan_rows.get(pairing.ours.get(home))
        if mine is not None and mine.is_retired:
            return True
        home = document[home].home
    return False


def _unsaid(document, ours):
    """{(kind, cell): label} of cells that are empty in the whole document and not in the plan."""
    found = {}
    for kind, cells in CELLS.items():
        for cell, label in cells.items():
            if not _is_filled(document, kind, cell) and _is_filled(ours, kind, cell):
                found[kind, cell] = label
    return found


def _is_filled(rows, kind, cell):
    return any(row.cells.get(cell) for row in rows.values() if row.kind == kind)


FRONT = {"Introduction", "What drives this plan", "When we look at it again", "Contents"}


def _drop_front(row, snapshot):
    """Leave out of the introduction what our own documents print beside it."""
    printed = FRONT | {f"Of: {snapshot['plan']['whose']}"}
    for each in snapshot["drivers"]:
        printed |= {each["text"], f"{each['text']} ({each['source']})"}
    days = [each["label"] for each in snapshot["review_dates"] if each["label"]]
    row.cells["introduction"] = [
        line
        for line in row.cells["introduction"]
        if plain(line) not in printed and not any(line.endswith(f": {label}") for label in days)
    ]


def _ask_cell(found, row, mine, cell, label):
    theirs, ours = row.cells.get(cell, []), mine.cells.get(cell, [])
    if are_alike(theirs, ours, cell) or (cell in {"lead", "outcomes_heading", "ref"} and not theirs):
        return None
    if cell == "lead" and _is_renamed(row, mine, found):
        return None
    question = Question(f"{mine.key}-{cell}", row.kind, cell, label, row, mine)
    question.change = change_of(label, cell, mine, row)
    then = found.base.rows.get(mine.key) if found.base else None
    if then is not None and cell in then.cells:
        question.then = then.cells[cell]
        if are_alike(theirs, question.then, cell):
            question.answer = KEEP
        elif are_alike(ours, question.then, cell):
            question.answer = TAKE
    return question


def _is_renamed(row, mine, found):
    """Whether a lead of the promise has other words in the document: its activities follow it by themselves."""
    theirs = found.pairing.document[row.home].cells["leads"]
    ours = found.plan_rows[mine.home].cells.get("leads", [])
    return not set(mine.cells["lead"]) & set(theirs) and not set(row.cells["lead"]) & set(ours)


def change_of(label, cell, mine, row):
    """A Change from what stands here to what the document says."""
    ours, theirs = mine.cells.get(cell, []), row.cells.get(cell, [])
    if cell == "timescale":
        change = timescale_change(mine.dates, row.dates)
        if change:
            return change
    if cell in LISTS:
        return Change("reworded", label, *beside(ours, theirs))
    ours, theirs = "\n".join(ours), "\n".join(theirs)
    change = text_change(label, ours, theirs)
    return change or Change("reworded", label, *((Line(whole("", text)),) if text else () for text in (ours, theirs)))


def _ask_home(found, row, mine):
    """The question on a row that stands elsewhere in the document than here."""
    if row.kind not in HOME:
        return []
    target = found.pairing.ours.get(row.home, row.home)
    if target == mine.home:
        return []
    there = found.plan_rows.get(target) or found.pairing.document[target]
    if there.is_retired:
        return []
    label = HOME[row.kind]
    here = found.plan_rows[mine.home]
    question = Question(f"{mine.key}-home", row.kind, "home", label, row, mine, target=target)
    question.change = Change("moved", label, *((Line(side),) for side in sides_of_names(here.heading, there.heading)))
    question.choices = ((TAKE, "Move it there"), (KEEP, "Leave it here"))
    then = found.base.rows.get(mine.key) if found.base else None
    if then is not None:
        question.answer = KEEP if then.home == target else TAKE if then.home == mine.home else ""
    return [question]


def sides_of_names(before, after):
    sides = sides_of(before, after)
    return sides.before, sides.after


def _ask_new(found, row):
    """A row of the document that is none of the plan's; those within a new one come with it."""
    if row.home in found.pairing.document and row.home != "plan" and row.home not in found.pairing.ours:
        return
    if _is_within(found.pairing.document, row.home, found.pairing, found.plan_rows):
        return
    was_left_out = bool(found.base) and signature(row) in found.base.left_out
    question = Question(
        f"new-{row.key}",
        row.kind,
        "",
        f"A new {row.kind}",
        row,
        answer=KEEP if was_left_out else TAKE,
        choices=((TAKE, "Add it"), (KEEP, "Leave it out")),
        says=("It was left out of an earlier issue.",) if was_left_out else (),
        place=_place(found, row),
        within=_within(found.pairing.document, row),
    )
    gone = _gone(found, row)
    if gone:
        question.answer = KEEP
        question.says = ("It stood in the plan when this document was made, and was deleted here since.",)
    found.new.append(question)


def _gone(found, row):
    """Whether the row stood in the base and is nowhere in the plan now, not even among what was taken out."""
    then = found.base.rows.values() if found.base else ()
    return any(each.kind == row.kind and each.words == row.words and each.key not in found.plan_rows for each in then)


def signature(row):
    return f"{row.kind}: {' '.join(row.words)}"


def _back(row, mine):
    return Question(
        f"{mine.key}-back",
        row.kind,
        "",
        f"A {row.kind} that was taken out",
        row,
        mine,
        answer=KEEP,
        choices=((TAKE, "Bring it back"), (KEEP, "Leave it out")),
    )


def _ask_missing(found, ours):
    """Rows of the plan that the document has not: those it once had are asked about, the others came since."""
    gone = set()
    for key, row in ours.items():
        if row.kind == "plan" or key in found.pairing.taken:
            continue
        if row.home in gone:
            gone.add(key)  # said with the row it stands in
            continue
        gone.add(key)
        if found.base and key not in found.base.rows:
            found.ours_alone.append(row)
            continue
        choices = ((KEEP, "Keep it"), (TAKE, "Take it out of the plan"))
        label = f"A {row.kind} that the document has not"
        question = Question(f"{key}-missing", row.kind, "", label, row, row, answer=KEEP, choices=choices)
        question.place, question.within = ours[row.home].heading if row.home != "plan" else "", _within(ours, row)
        found.missing.append(question)


def _place(found, row):
    """What a row of the document stands in, as the plan calls it."""
    if row.home == "plan":
        return ""
    home = found.plan_rows.get(found.pairing.ours.get(row.home)) or found.pairing.document[row.home]
    return home.heading


def _within(rows, row):
    """What stands in a row, a line each: its own rows, or when an activity is due."""
    if row.kind == "activity":
        return tuple(row.cells["timescale"])
    return tuple(each.heading for each in rows.values() if each.home == row.key)


# In a few words


def summary_of(questions):
    """Sentences on what differs."""
    counts = [
        (len(questions.conflicts), "cell is yours to choose", "cells are yours to choose"),
        (len(questions.taken), "cell was changed in the document alone", "cells were changed in the document alone"),
        (len(questions.kept), "cell was changed here alone, and stays", "cells were changed here alone, and stay"),
        (len(questions.new), "row is new in the document", "rows are new in the document"),
        (len(questions.back), "row was taken out of the plan here", "rows were taken out of the plan here"),
        (len(questions.missing), "row is no longer in the document", "rows are no longer in the document"),
        (len(questions.ours_alone), "row was added here, and stays", "rows were added here, and stay"),
        (len(questions.same_rows), "row is the same", "rows are the same"),
    ]
    said = [f"{count} {one if count == 1 else many}." for count, one, many in counts if count]
    if questions.base:
        said.insert(0, f"Held against {questions.base.says}.")
    return [*said, *questions.notes]


# What is known again


def issues_like(read, plans):
    """Of ``plans`` the one that a document as ``read`` is most likely a later issue of: (plan, rows shared, of all).

    None where no plan's period overlaps the document's and half of the document's promises stand in it.
    Two queries.
    """
    starts_on, ends_on = read["period_start"], read["period_end"]
    likely = plans.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)
    theirs = [row for row in rows_of_document(read).values() if row.kind == "deliverable" and row.words]
    if not theirs:
        return None
    words = {}
    titles = Deliverable.objects.filter(priority__plan__in=likely).values_list("priority__plan", "title")
    for plan, title in titles:
        words.setdefault(plan, set()).add(PlanRow("deliverable", "", "", {"title": lines(title)}).words)
    shared = {plan: sum(row.words in there for row in theirs) for plan, there in words.items()}
    best = max(shared, key=shared.get, default=None)
    if best is None or shared[best] * 2 < len(theirs):
        return None
    return likely.get(pk=best), shared[best], len(theirs)
