"""A spreadsheet becomes lines of a group's action log: staged, shown, made real once by a person's yes.

The rows are kept as they were read and understood again each time they are shown, and once more while the log
is locked, for it may change until the yes. What is in the log already, by its ref, is never written over
unless that person says so.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date

from partnership.action_sheet import CLOSED, OPEN, read_actions
from partnership.actions import change_action, next_ref, reopen_action
from partnership.agenda import lock
from partnership.meeting_forms import Leads, check_year
from partnership.models import ActionImport, ActionUpdate, Document, MeetingAction, PostHolding
from partnership.sheet_lists import CannotImport, place_of
from partnership.sheets import fold, nearest
from partnership.templatetags.components import long_date
from partnership.uploads import check_upload

WANTED = (".xlsx", ".csv")
LEAD_FIELDS = {"post": "lead_post", "group": "lead_group", "organisation": "lead_organisation"}
MOST_COMPARED = 100
NOTHING_SAID = "Closed before this log was kept here; nothing more was written."


@transaction.atomic
def stage_actions(upload, *, group, by):
    """Read an uploaded file and keep it, with what was understood, until somebody confirms.

    Raises ``partnership.uploads.UnreadableFile`` with a sentence for the person; nothing is kept then.
    """
    suffix = check_upload(upload, wanted=WANTED)
    content = upload.read()
    understood = read_actions(content, suffix)
    document = Document.keep(filename=upload.name, content=content, by=by)
    return ActionImport.objects.create(group=group, document=document, understood=understood, created_by=by)


@transaction.atomic
def confirm_actions(staged, *, by, at, take_changes=False):
    """Put the staged rows in the log at once; gives how many were made, changed and left. A second yes does nothing.

    ``take_changes``: lines that are there already become what the sheet says of them; otherwise they stay as
    they are. Raises CannotImport while there is a problem, and has then made nothing.
    """
    staged = ActionImport.objects.select_for_update(of=["self"]).select_related("group").get(pk=staged.pk)
    if staged.confirmed_at:
        return staged.understood["made"]
    lock(staged.group)
    draft = Draft(staged, on=timezone.localdate(at))
    if draft.problems:
        raise CannotImport("There is something to mend first: see below. Nothing was brought")
    with pghistory.context(user=by.pk):
        draft.make(by=by, at=at, take_changes=take_changes)
    staged.understood["made"] = draft.counts | {"are_changes_taken": take_changes}
    staged.confirmed_at = at
    staged.save(update_fields=["understood", "confirmed_at"])
    return staged.understood["made"]


@dataclass
class RowPlan:
    """One row and what it means.

    ``known``: the line of the log that it is. ``changes``: (what, as it is there, as the row says).
    """

    cells: dict
    known: MeetingAction | None = None
    lead: object = None
    lead_kind: str = ""
    lead_words: str = ""  # that name nobody we know
    due_on: date | None = None
    closed_on: date | None = None
    outcome: str = ""
    update: str = ""
    changes: list = field(default_factory=list)
    repeats: int | None = None  # the row that says the same

    @property
    def number(self):
        return self.cells["number"]

    @property
    def is_new(self):
        return self.known is None and self.repeats is None

    @property
    def lead_fields(self):
        return {name: self.lead if kind == self.lead_kind else None for kind, name in LEAD_FIELDS.items()}


class Draft:
    """What a staged sheet would make today. ``problems`` keep it from being made, ``notes`` only want a look.

    Reading it takes the same few queries for one row as for 5,000.
    """

    def __init__(self, staged, *, on):
        self.group, self.on = staged.group, on
        self.columns = staged.understood.get("columns", {})
        self.problems = list(staged.understood.get("problems", []))
        self.cells_with_problems = {problem["at"] for problem in self.problems}
        self.cells_with_problems |= set(staged.understood.get("unread", []))
        self.notes = []
        self.rows = [RowPlan(row) for row in staged.understood.get("rows", [])]
        self._read_what_is_known()
        self.by_ref, self.by_words = {}, {}
        for row in self.rows:
            self._understand(row)
        self.problems.sort(key=lambda problem: place_of(problem["at"]))

    def _read_what_is_known(self):
        actions = self.group.actions.select_related("lead_post__organisation", "lead_group", "lead_organisation")
        self.known = {fold(action.ref): action for action in actions}
        self.known_words = {
            (fold(action.text), action.due_on): action for action in self.known.values() if not action.closed_on
        }
        said = ActionUpdate.objects.filter(action__group=self.group).values_list("action_id", "text")
        self.said = {(action_id, fold(text)) for action_id, text in said}
        self.leads = LeadNames(self.group, on=self.on)

    # Cells

    def at(self, row, column):
        return f"{self.columns.get(column, 'A')}{row.number}"

    def problem(self, row, column, says):
        if self.at(row, column) not in self.cells_with_problems:
            self.cells_with_problems.add(self.at(row, column))
            self.problems.append({"at": self.at(row, column), "says": says})

    def note(self, row, column, says):
        self.notes.append({"at": self.at(row, column), "says": says})

    # Rows

    def _understand(self, row):
        cells = row.cells
        if not cells["text"]:
            self.problem(row, "text", "Enter the action in this row, or delete the row")
            return
        self._close(row)
        self._due(row)
        self._find(row)
        self._lead(row)
        row.update = "" if row.closed_on and row.outcome == cells["update"] else cells["update"]
        if row.known:
            row.changes = self._changes(row)

    def _close(self, row):
        """Closed by its status, or because a day of closing stands there; where both speak they must agree."""
        cells = row.cells
        day = parse_date(cells["closed_on"]) if cells["closed_on"] not in {"", CLOSED} else None
        if cells["status"] == OPEN and cells["closed_on"]:
            at = self.at(row, "closed_on")
            self.problem(row, "status", f"This says that it is open, but {at} says that it is closed. Mend one of them")
            return
        if not (cells["closed_on"] or cells["status"] == CLOSED):
            return
        if day and day > self.on:
            self.problem(row, "closed_on", f"{long_date(day)} is still to come. Enter the day on which it was closed")
            return
        due = parse_date(cells["due_on"]) if cells["due_on"] else None
        row.closed_on = day or min(filter(None, [due, self.on]))
        if not day:
            self.note(row, "text", f"No day of closing is written, so we took {long_date(row.closed_on)}")
        row.outcome = cells["outcome"] or cells["update"] or NOTHING_SAID

    def _due(self, row):
        row.due_on = parse_date(row.cells["due_on"]) if row.cells["due_on"] else row.closed_on
        if row.due_on is None:
            self.problem(row, "due_on", "Enter the day by which it is to be done, like 1 April 2027")
            return
        try:
            check_year(row.due_on, on=self.on)
        except ValidationError as far:
            self.problem(row, "due_on", far.messages[0])

    def _lead(self, row):
        words = row.cells["lead"]
        if not words:
            return
        found, why = self.leads.find(words)
        if found:
            row.lead_kind, row.lead = found
            if why:
                self.note(row, "lead", why)
            return
        row.lead_words = words
        near = self.leads.nearest(words)
        offer = f" Did you mean “{near}”?" if near else ""
        becomes = "The log keeps its own" if row.known else "It comes in without a lead, and the words are kept with it"
        self.note(row, "lead", f"We know no lead “{words}”.{offer} {becomes}")

    def _find(self, row):
        """The line of the log that this row is, and another row that says it already."""
        ref = fold(row.cells["ref"])
        if not ref:
            key = (fold(row.cells["text"]), row.due_on)
            row.known = None if row.closed_on else self.known_words.get(key)
            row.repeats = self.by_words.setdefault(key, row.number)
            row.repeats = None if row.repeats == row.number else row.repeats
            if row.repeats:
                self.note(row, "text", f"This says the same as row {row.repeats}, and counts once")
            return
        first = self.by_ref.setdefault(ref, row.number)
        if first != row.number:
            self.problem(row, "ref", f"Row {first} has this number too. Give one of them another")
        row.known = self.known.get(ref)

    def _changes(self, row):
        """(what, as it is in the log, as the row says) of each thing in which they differ."""
        known, found = row.known, []
        if fold(known.text) != fold(row.cells["text"]):
            found.append(("Action", known.text, row.cells["text"]))
        if row.due_on and row.cells["due_on"] and known.due_on != row.due_on:
            found.append(("Due", long_date(known.due_on), long_date(row.due_on)))
        if row.lead and known.lead != row.lead:
            found.append(("Lead", str(known.lead or "Nobody yet"), str(row.lead)))
        if bool(known.closed_on) != bool(row.closed_on) and (row.closed_on or row.cells["status"] == OPEN):
            states = [f"Closed on {long_date(day)}" if day else "Open" for day in (known.closed_on, row.closed_on)]
            found.append(("Status", *states))
        if row.update and not self._is_said(known, row.update):
            found.append(("Update", "", row.update))
        return found

    def _is_said(self, action, words):
        return (action.pk, fold(words)) in self.said or fold(action.outcome) == fold(words)

    # What it comes to

    @property
    def counts(self):
        states = Counter(
            "new" if row.is_new else "repeated" if row.repeats else "changed" if row.changes else "same"
            for row in self.rows
        )
        closed = sum(row.is_new and bool(row.closed_on) for row in self.rows)
        return {name: states[name] for name in ("new", "changed", "same", "repeated")} | {"closed": closed}

    @property
    def has_changes(self):
        return any(row.changes for row in self.rows)

    def make(self, *, by, at, take_changes):
        """Write it. Numbers that the sheet does not give go on from the highest of the log and the sheet."""
        new = [row for row in self.rows if row.is_new]
        made = [self._action(row) for row in new if row.cells["ref"]]
        MeetingAction.objects.bulk_create(made, batch_size=500)
        counted = NextRef(self.group)
        unnumbered = [self._action(row, ref=counted.next()) for row in new if not row.cells["ref"]]
        MeetingAction.objects.bulk_create(unnumbered, batch_size=500)
        actions = iter(made), iter(unnumbered)
        updates = []
        for row in new:
            action = next(actions[0] if row.cells["ref"] else actions[1])
            updates += [ActionUpdate(action=action, text=words, said_by=by, said_at=at) for words in said_in(row)]
        ActionUpdate.objects.bulk_create(updates, batch_size=500)
        if take_changes:
            for row in self.rows:
                if row.changes:
                    self._change(row, by=by, at=at)

    def _action(self, row, *, ref=None):
        return MeetingAction(
            group=self.group,
            ref=ref or row.cells["ref"],
            text=row.cells["text"],
            due_on=row.due_on,
            closed_on=row.closed_on,
            outcome=row.outcome,
            **row.lead_fields,
        )

    def _change(self, row, *, by, at):
        action, what = row.known, {name for name, _was, _is in row.changes}
        if what & {"Action", "Due", "Lead"}:
            lead = row.lead_fields if "Lead" in what else {}
            due_on = row.due_on if "Due" in what else action.due_on
            change_action(action, text=row.cells["text"], due_on=due_on, **lead)
        if "Status" in what and not row.closed_on:
            reopen_action(action, by=by)
        if "Update" in what:
            action.updates.create(text=row.update, said_by=by, said_at=at)
        if "Status" in what and row.closed_on:
            action.closed_on, action.outcome = row.closed_on, row.outcome
            action.save(update_fields=["closed_on", "outcome"])


def said_in(row):
    """What a new line's log begins with: the update, and words that name no lead we know."""
    said = [f"Lead, as written in the spreadsheet: {row.lead_words}"] if row.lead_words else []
    return [*said, *([row.update] if row.update else [])]


class NextRef:
    """One number after another, asking the log once."""

    def __init__(self, group):
        first = next_ref(group)
        self.prefix, number = re.fullmatch(r"(.*?)(\d+)", first).groups()
        self.number = int(number)

    def next(self):
        ref = f"{self.prefix}{self.number}"
        self.number += 1
        return ref


class LeadNames:
    """Which post, group or organisation the words of a cell mean: only where they are exactly its name.

    A person's name means the post they hold, if they hold one of these alone; a wrong guess would ask the wrong one.
    """

    def __init__(self, group, *, on):
        records = [(key.partition(":")[0], record) for key, record in Leads(group, on=on).records.items()]
        self.names, self.called, self.compared = {}, {}, {}
        for kind, record in records:
            for name in names_of(kind, record):
                self._add(name, (kind, record), "")
        posts = {record.pk: record for kind, record in records if kind == "post"}
        holdings = PostHolding.objects.filter(post__in=posts).current(on=on).select_related("user")
        for holding in holdings:
            post = posts[holding.post_id]
            self._add(holding.user.name, ("post", post), f"{holding.user.name} holds the post {post}, which answers")

    def _add(self, name, found, why):
        """A name that two have means neither; of a thing of that name and a person, it means the thing."""
        known = self.names.get(fold(name))
        if known is None or (known[0] is not None and known[1] and not why):
            self.names[fold(name)] = (found, why)
            self.called[fold(name)] = name
        elif known[0] != found and bool(known[1]) == bool(why):
            self.names[fold(name)] = (None, why)

    def find(self, words):
        """((kind, record), why) or (None, "")."""
        plain = fold(words)
        chaired = re.sub(r"^(?:the )?chair(?:,| of)(?: the)? |,? chair$", "", plain)
        for name in (plain, chaired):
            found, why = self.names.get(name, (None, ""))
            if found and (name == plain or found[0] == "group"):
                return found, why
        return None, ""

    def nearest(self, words):
        """A name that is spelled much like it; a first import with hundreds of strangers is not compared to the end."""
        if words not in self.compared and len(self.compared) < MOST_COMPARED:
            self.compared[words] = nearest(words, self.called.values(), likeness=0.75)
        return self.compared.get(words)


def names_of(kind, record):
    if kind == "post":
        return {str(record), record.title}
    return {record.name}
