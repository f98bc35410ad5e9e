"""What a later issue of a plan's document changes is done, whole, and can be taken back, whole.

Rows keep their keys, and with them their updates, comments, ratings, milestones met and leads linked: a
cell that is taken is written into the row that is there. Every step is kept with the issue, each with
what stood there before.
"""

import pghistory
from django.db import transaction

from partnership.refusals import ChangedMeanwhile, NotNow
from plans.by_hand import apart
from plans.cells import write_lines
from plans.date_moves import settle_moves
from plans.importing import LeadFinder, make_activities, make_deliverable, make_priority, milestones_of
from plans.models import (
    Activity,
    Deliverable,
    DeliverableLead,
    Milestone,
    Plan,
    PlanImport,
    PlanIssue,
    Priority,
)
from plans.reimporting import TAKE, content_of, hold_against, signature
from plans.reimporting_rows import PlanRow, are_alike, key_of, line_of_lead, lines
from plans.undoing import digest_of
from plans.versions import locked
from plans.writing import HasAnswers, delete_row, number, siblings

MODELS = {"plan": Plan, "priority": Priority, "deliverable": Deliverable, "activity": Activity}
PARENTS = {"priority": "plan", "deliverable": "priority", "activity": "deliverable"}
FROM_DOCUMENT = "From {document}"


def lock_rows(plan):
    """``plan`` as it is now, with every row of it: a cell is changed under its row's own lock."""
    plan = locked(plan)
    within = {"priority": {"plan": plan}, "deliverable": {"priority__plan": plan}}
    within["activity"] = {"deliverable__priority__plan": plan}
    for kind, own in within.items():
        rows = MODELS[kind].objects.filter(**own).order_by("pk")
        list(rows.select_for_update(of=["self"], no_key=True).values_list("pk"))
    return plan


@transaction.atomic
def merge_issue(plan, staged, *, answers, chosen, reason, seen, by, at, on):
    """Do what was answered to ``hold_against(plan, staged, chosen=chosen)``; gives the PlanIssue.

    ``answers``: {name of a Question: "take" or "keep"}. ``reason``: why rows leave the plan, if any do.
    ``seen``: the digest of the questions that were answered. A document that is in the plan already is
    the answer, however often it is sent. Raises ChangedMeanwhile, and NotNow where the document became a plan.
    """
    plan = lock_rows(plan)
    staged = PlanImport.objects.select_for_update(of=["self"]).get(pk=staged.pk)
    there = staged.issues.standing().first()
    if there:
        return there
    if staged.plan_id:
        raise NotNow("This document has become a plan of its own. Bring it again to use it as a later issue.")
    found = hold_against(plan, staged, chosen=chosen)
    if found.digest != seen:
        raise ChangedMeanwhile
    with pghistory.context(reason=FROM_DOCUMENT.format(document=staged.document)):
        merge = _Merge(plan, found, answers, reason=reason, on=on)
        merge.do()
        settle_moves(plan, by=by, at=at)
        staged.confirmed_at = at
        staged.save(update_fields=["confirmed_at"])
        return PlanIssue.objects.create(
            plan=plan, staged=staged, content=merge.content(), steps=merge.steps, brought_by=by, brought_at=at
        )


class _Merge:
    def __init__(self, plan, found, answers, *, reason, on):
        self.plan, self.found, self.answers = plan, found, answers
        self.reason, self.on = reason, on
        self.steps = []
        self.leads = LeadFinder(list(plan.partnerships.all()))
        self.made = {}  # {a document's key: the plan's} of rows that were added
        self.left_out = set()
        self.rows = {}

    def is_taken(self, question):
        return self.answers[question.name] == TAKE

    def do(self):
        for question in self.found.back:
            if self.is_taken(question):
                self._bring_back(question)
        for question in self.found.new:
            if self.is_taken(question):
                self._add(question)
            else:
                self.left_out.add(signature(question.row))
        for question in self.found.cells:
            if self.is_taken(question):
                self._move(question) if question.cell == "home" else self._write(question)
        for question in self.found.missing:
            if self.is_taken(question):
                self._retire(question)
        for step in self.steps:
            if step["do"] == "added":
                step["digest"] = digest_of(step["kind"], [step["pk"]])

    def record(self, kind, pk):
        if kind == "plan":
            return self.plan
        if (kind, pk) not in self.rows:
            self.rows[kind, pk] = MODELS[kind].objects.get(pk=pk)
        return self.rows[kind, pk]

    # Cells

    def _write(self, question):
        mine = question.ours
        record = self.record(mine.kind, mine.pk if mine.kind != "plan" else self.plan.pk)
        before = state_of(record, question.cell)
        write_cell(record, question.cell, question.row, self.leads)
        after = state_of(record, question.cell)
        self.steps.append(
            {"do": "cell", "kind": mine.kind, "pk": record.pk, "cell": question.cell, "before": before, "after": after}
        )

    # Rows

    def _move(self, question):
        """Into the row where the document has it, unless that is a new one that was left out."""
        record = self.record(question.kind, question.ours.pk)
        target = self.made.get(question.target, question.target)
        if target not in self.found.plan_rows and target not in self.made.values():
            return
        parent, home = PARENTS[question.kind], int(target.rpartition("-")[2])
        before = [getattr(record, f"{parent}_id"), record.position]
        setattr(record, f"{parent}_id", home)
        record.position = siblings(record).count() + 1
        record.save(update_fields=[f"{parent}_id", "position"])
        self._place(question.row, record)
        self.steps.append({"do": "moved", "kind": question.kind, "pk": record.pk, "before": before, "after": home})

    def _bring_back(self, question):
        record = self.record(question.kind, question.ours.pk)
        before = [record.retired_on.isoformat(), record.retired_reason]
        record.retired_on, record.retired_reason = None, ""
        record.save(update_fields=["retired_on", "retired_reason"])
        self.steps.append({"do": "back", "kind": question.kind, "pk": record.pk, "before": before})

    def _retire(self, question):
        record = self.record(question.kind, question.ours.pk)
        record.retired_on, record.retired_reason = self.on, self.reason
        record.save(update_fields=["retired_on", "retired_reason"])
        self.steps.append({"do": "retired", "kind": question.kind, "pk": record.pk})

    def _add(self, question):
        record = self._make(question.row)
        self._place(question.row, record)
        kind = question.kind
        self.steps.append({"do": "added", "kind": kind, "pk": record.pk})

    def _make(self, row):
        if row.kind == "priority":
            position = self.plan.priorities.count() + 1
            made = make_priority(
                self.plan, row.source, position, is_cross_cutting=bool(row.source.get("is_cross_cutting"))
            )
            self._made(row, made)
            for each in self._within(row):
                self._make_deliverable(each, made)
            return made
        if row.kind == "deliverable":
            return self._make_deliverable(row, self.record("priority", self._home_pk(row)))
        deliverable = self.record("deliverable", self._home_pk(row))
        leads = {lead.text: lead for lead in deliverable.leads.all()}
        [made] = make_activities(deliverable, [row.source], leads, deliverable.activities.count() + 1)
        self._made(row, made)
        return made

    def _make_deliverable(self, row, priority):
        """With the activities that are no rows of the plan already: those are moved by their own question."""
        own = self._within(row)
        source = {**row.source, "activities": [each.source for each in own]}
        made = make_deliverable(priority, source, priority.deliverables.count() + 1, self.leads)
        self._made(row, made)
        for each, activity in zip(own, made.activities.order_by("position"), strict=True):
            self._made(each, activity)
        return made

    def _made(self, row, record):
        self.made[row.key] = key_of(row.kind, record.pk)
        self.rows[row.kind, record.pk] = record

    def _within(self, row):
        rows = self.found.pairing.document.values()
        return [each for each in rows if each.home == row.key and each.key not in self.found.pairing.ours]

    def _home_pk(self, row):
        key = self.made.get(row.home) or self.found.pairing.ours[row.home]
        return int(key.rpartition("-")[2])

    def _place(self, row, record):
        """Right behind the row that stands before it in the document, if that is here."""
        beside = [
            each for each in self.found.pairing.document.values() if each.home == row.home and each.kind == row.kind
        ]
        keys = [self.made.get(each.key) or self.found.pairing.ours.get(each.key) for each in beside]
        before = keys[: beside.index(row)]
        order = [each for each in siblings(record) if each.pk != record.pk]
        places = {key_of(row.kind, each.pk): at for at, each in enumerate(order)}
        behind = next((places[key] + 1 for key in reversed(before) if key in places), 0)
        order.insert(behind, record)
        number(order)

    # What the next issue is held against

    def content(self):
        rows = {}
        for row in self.found.pairing.document.values():
            key = row.key if row.kind == "plan" else self.made.get(row.key) or self.found.pairing.ours.get(row.key)
            if key:
                home = self.made.get(row.home) or self.found.pairing.ours.get(row.home, row.home)
                rows[key] = PlanRow(row.kind, key, home, row.cells)
        return content_of(rows, self.left_out)


# One cell: what stands in it, and how it is written


def state_of(record, cell):
    """What stands in a cell, with all that is needed to put it back; ``lines`` says whether it was changed since."""
    match cell:
        case "leads":
            rows = list(record.leads.select_related("partnership").order_by("position", "pk"))
            return {
                "lines": [
                    line_of_lead(row.partnership.short_name if row.partnership else "", row.text) for row in rows
                ],
                "leads": [
                    {
                        name: getattr(row, name)
                        for name in ("text", "partnership_id", "post_id", "group_id", "organisation_id")
                    }
                    for row in rows
                ],
            }
        case "timescale":
            return {
                "lines": lines(record.timescale_text),
                "text": record.timescale_text,
                "kind": record.timescale_kind,
                "by_hand": [record.timescale_by_hand, record.by_hand_for],
                "milestones": [
                    {
                        "due": row.due_on.isoformat() if row.due_on else None,
                        "label": row.label,
                        "precision": row.precision,
                    }
                    for row in record.milestones.order_by("position", "pk")
                ],
            }
        case "lead":
            return {"lines": [record.lead.text] if record.lead else []}
        case "rationale" | "outcomes":
            return {"lines": list(getattr(record, cell).order_by("position").values_list("text", flat=True))}
    return {"lines": (getattr(record, cell) or "").splitlines()}


def write_cell(record, cell, row, finder):
    """Make ``record`` say what ``row`` of the document says in that cell."""
    said = row.cells.get(cell, [])
    match cell:
        case "leads":
            wanted = [
                {"text": lead["text"], "partnership": finder.partnership(lead.get("partnership"))}
                for lead in row.source.get("leads", [])
            ]
            write_leads(record, wanted, finder)
        case "timescale":
            words, by_hand = apart(row.source.get("timescale_text") or "")
            days = [
                {"due": day.isoformat() if day else None, "label": label[:200], "precision": precision}
                for day, label, precision in milestones_of(row.source)
            ]
            by_hand = row.source.get("by_hand") or by_hand
            state = {"text": words, "kind": row.source["kind"], "milestones": days}
            write_timescale(record, state | {"by_hand": [by_hand, words if by_hand else ""]})
        case "lead":
            record.lead = record.deliverable.leads.filter(text=" ".join(said)).first()
            record.save(update_fields=["lead"])
        case "rationale" | "outcomes":
            write_lines(getattr(record, cell), said)
        case "ref":
            own = "".join(said)
            if row.kind == "deliverable" and row.priority_ref:
                own = row.source.get("ref") or own
            record.ref = own[:12]
            record.save(update_fields=["ref"])
        case _:
            field = record._meta.get_field(cell)
            words = (" " if field.max_length else "\n").join(said)
            setattr(record, cell, words[: field.max_length])
            record.save(update_fields=[cell])


def write_leads(deliverable, wanted, finder=None):
    """Who leads: words that stay keep their row and link, changed ones the row that stood in their place.

    ``wanted``: [{"text", "partnership"}], or with the ids of a lead as it was before. A link is made anew
    only where the words are exactly a name: a wrong guess would ask the wrong person.
    """
    left = list(deliverable.leads.order_by("position", "pk"))
    kept = {}
    for place, lead in enumerate(wanted):
        of = lead["partnership_id"] if "partnership_id" in lead else getattr(lead["partnership"], "pk", None)
        lead["of"] = of
        same = next((row for row in left if (row.partnership_id, row.text) == (of, lead["text"])), None)
        if same:
            left.remove(same)
            kept[place] = same
    for place, lead in enumerate(wanted):
        row = kept.get(place)
        if row is None:
            row = next((each for each in left if each.partnership_id == lead["of"]), None)
            if row:
                left.remove(row)
            row = row or DeliverableLead(deliverable=deliverable)
            row.text, row.partnership_id = lead["text"], lead["of"]
            links = finder.find(lead["text"]) if finder else {}
            row.post = row.group = row.organisation = None
            for name, record in links.items():
                setattr(row, name, record)
            for name in ("post_id", "group_id", "organisation_id"):
                if name in lead:
                    setattr(row, name, lead[name])
        row.position = place
        row.save()
    for row in left:
        row.delete()


def write_timescale(activity, state):
    """Words, kind and days. A milestone that is there keeps its row; one that was met is never lost."""
    activity.timescale_text, activity.timescale_kind = state["text"], state["kind"]
    activity.timescale_by_hand, activity.by_hand_for = state["by_hand"]
    activity.save(update_fields=["timescale_text", "timescale_kind", "timescale_by_hand", "by_hand_for"])
    left = list(activity.milestones.order_by("position", "pk"))
    kept = {}
    for place, day in enumerate(state["milestones"]):
        same = next((row for row in left if (row.due_on.isoformat() if row.due_on else None) == day["due"]), None)
        if same:
            left.remove(same)
            kept[place] = same
    for place, day in enumerate(state["milestones"]):
        row = kept.get(place) or (left.pop(0) if left else Milestone(activity=activity))
        row.position, row.label, row.precision, row.due_on = place, day["label"], day["precision"], day["due"]
        row.save()
    for place, row in enumerate(left, start=len(state["milestones"])):
        if row.met_on is None:
            row.delete()
        else:
            row.position = place
            row.save()


# Taking it back


@transaction.atomic
def take_back_issue(issue, *, by, at):
    """Undo what a later issue changed; gives how many of its steps had to be left, for somebody changed them since.

    A row that it added and that was answered since is taken out with a reason; one that was not is deleted.
    Pressed twice, it was done once.
    """
    plan = lock_rows(issue.plan)
    issue = PlanIssue.objects.select_for_update(of=["self"]).select_related("staged__document").get(pk=issue.pk)
    if issue.taken_back_at:
        return 0
    left = 0
    with pghistory.context(reason=f"Taken back: {issue.staged.document}"):
        for step in reversed(issue.steps):
            record = MODELS[step["kind"]].objects.filter(pk=step["pk"]).first()
            left += record is None or not UNDO[step["do"]](plan, record, step, issue, at)
        settle_moves(plan, by=by, at=at)
        issue.taken_back_by, issue.taken_back_at = by, at
        issue.save(update_fields=["taken_back_by", "taken_back_at"])
    return left


def _undo_cell(plan, record, step, issue, at):
    cell, before = step["cell"], step["before"]
    now = state_of(record, cell)
    if not are_alike(now["lines"], step["after"]["lines"], cell):
        return False
    match cell:
        case "leads":
            write_leads(record, [dict(lead) for lead in before["leads"]])
        case "timescale":
            write_timescale(record, before)
        case "lead":
            record.lead = record.deliverable.leads.filter(text=" ".join(before["lines"])).first()
            record.save(update_fields=["lead"])
        case "rationale" | "outcomes":
            write_lines(getattr(record, cell), before["lines"])
        case _:
            setattr(record, cell, "\n".join(before["lines"]))
            record.save(update_fields=[cell])
    return True


def _undo_added(plan, record, step, issue, at):
    if record.is_retired:
        return False
    if digest_of(step["kind"], [record.pk]) == step["digest"]:
        try:
            with transaction.atomic():
                delete_row(plan, record)
            return True
        except HasAnswers:
            pass
    record.retired_on, record.retired_reason = at.date(), f"{issue.staged.document} was taken back"
    record.save(update_fields=["retired_on", "retired_reason"])
    return True


def _undo_moved(plan, record, step, issue, at):
    parent = f"{PARENTS[step['kind']]}_id"
    if getattr(record, parent) != step["after"]:
        return False
    home, position = step["before"]
    if not MODELS[PARENTS[step["kind"]]].objects.filter(pk=home).exists():
        return False
    setattr(record, parent, home)
    record.save(update_fields=[parent])
    order = [each for each in siblings(record) if each.pk != record.pk]
    order.insert(min(position - 1, len(order)), record)
    number(order)
    return True


def _undo_back(plan, record, step, issue, at):
    record.retired_on, record.retired_reason = step["before"]
    record.save(update_fields=["retired_on", "retired_reason"])
    return True


def _undo_retired(plan, record, step, issue, at):
    record.retired_on, record.retired_reason = None, ""
    record.save(update_fields=["retired_on", "retired_reason"])
    return True


UNDO = {"cell": _undo_cell, "added": _undo_added, "moved": _undo_moved, "back": _undo_back, "retired": _undo_retired}
