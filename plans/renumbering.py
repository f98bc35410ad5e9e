"""Refs given anew through a whole plan, after rows were moved, added and taken out.

Only refs change. Where a text quotes one that did ("see 2a"), it is found and listed for the office to
look at: what its author meant is not ours to rewrite.
"""

import hashlib
import json
import re
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from partnership.refusals import ChangedMeanwhile
from plans.letters import lettered
from plans.models import Activity, Deliverable, OutcomeStatement, RationaleItem
from plans.writing import lock

KEEP, NUMBERS, LETTERS = "keep", "numbers", "letters"
AROUND = 50  # characters of a text shown on each side of a ref it quotes
# "1" or "a" stands in any text; it is a ref only after a word that says so.
SAYS_REF = r"(?:priority|priorities|deliverable|deliverables|action|actions|ref|reference|item|number|no|see)\.?\s+"


@dataclass(frozen=True)
class Change:
    """One row's ref. ``before`` and ``after`` are as readers see them ("2.1"), ``own`` as the row keeps it."""

    kind: str
    row: object
    before: str
    after: str
    own: str


@dataclass(frozen=True)
class Quote:
    """A text that quotes a ref which changes. ``url`` is where the text is written."""

    where: str
    ref: str
    words: str
    url: str


def changes_of(plan, *, priorities, deliverables):
    """What the refs would become, in the order of the table; rows whose ref stays are left out.

    ``priorities``: KEEP or NUMBERS. ``deliverables``: KEEP, NUMBERS (1.1, 1.2) or LETTERS (1.a, 1.b). Those of
    a cross-cutting priority, which has no number of its own, stay as they are.
    """
    found, number = [], 0
    rows = {}
    for row in Deliverable.objects.in_plan().filter(priority__plan=plan).order_by("position", "pk"):
        rows.setdefault(row.priority_id, []).append(row)
    for priority in plan.priorities.in_plan():
        before, ref = priority.ref, priority.ref
        if priorities == NUMBERS and not priority.is_cross_cutting:
            number += 1
            ref = str(number)
        if ref != before:
            found.append(Change("priority", priority, before, ref, ref))
        for place, row in enumerate(rows.get(priority.pk, []), start=1):
            row.priority = priority
            own = row.ref if priority.is_cross_cutting else own_ref(row.ref, place, deliverables)
            full = row.full_ref
            after = own if not own or "." in own or not ref else f"{ref}.{own}"
            if after != full or own != row.ref:
                found.append(Change("deliverable", row, full, after, own))
    return found


def own_ref(ref, place, scheme):
    if scheme == NUMBERS:
        return str(place)
    return lettered(place) if scheme == LETTERS else ref


def digest_of(changes):
    """A hash by which it is known whether these are the changes that somebody was shown."""
    told = [(change.kind, change.row.pk, change.before, change.after) for change in changes]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@transaction.atomic
def renumber(plan, *, priorities, deliverables, shown):
    """Give the refs, and tell them: [(kind, key, before, after)] as the rows keep them.

    ``shown``: ``digest_of`` what the person saw. Raises ChangedMeanwhile where that is no longer what would happen.
    """
    lock(plan)
    changes = changes_of(plan, priorities=priorities, deliverables=deliverables)
    if digest_of(changes) != shown:
        raise ChangedMeanwhile
    done = []
    for change in changes:
        if change.row.ref != change.own:
            done.append((change.kind, change.row.pk, change.row.ref, change.own))
            change.row.ref = change.own
            change.row.save(update_fields=["ref"])
    return done


def quotes_of(plan, changes):
    """The places in the plan's texts where a ref that changes is quoted."""
    refs = sorted({change.before for change in changes if change.before and change.before != change.after})
    if not refs:
        return []
    plain = [re.escape(ref) for ref in refs if ref.isdecimal() or len(ref) == 1]
    telling = [re.escape(ref) for ref in refs if not (ref.isdecimal() or len(ref) == 1)]
    patterns = [rf"(?<![\w.])(?P<telling>{'|'.join(telling)})"] if telling else []
    patterns += [rf"\b{SAYS_REF}(?P<plain>{'|'.join(plain)})"] if plain else []
    pattern = re.compile(rf"(?:{'|'.join(patterns)})(?!\w|\.\d)", re.IGNORECASE)
    return [
        Quote(where, match.group(match.lastgroup), excerpt(text, match), url)
        for where, url, text in texts_of(plan)
        for match in pattern.finditer(text)
    ]


def excerpt(text, match):
    start, end = max(match.start() - AROUND, 0), match.end() + AROUND
    words = " ".join(text[start:end].split())
    return f"{'… ' if start else ''}{words}{' …' if end < len(text) else ''}"


def texts_of(plan):
    """(where it stands, the address at which it is written, the text) of all that is written in the plan."""

    def cell(kind, pk, name):
        return reverse("plans:cell-change", args=[plan.pk, kind, pk, name])

    yield "Introduction", cell("plan", plan.pk, "introduction"), plan.introduction
    priorities = {row.pk: row for row in plan.priorities.in_plan()}
    for row in priorities.values():
        yield f"Priority {row}", cell("priority", row.pk, "heading"), row.title
        yield f"Priority {row}", cell("priority", row.pk, "note"), row.note
    for model, name, words in (
        (RationaleItem, "rationale", "Why it matters"),
        (OutcomeStatement, "outcomes", "What will be different"),
    ):
        for line in model.objects.filter(priority__in=priorities).order_by("priority__position", "position"):
            where = f"{words}, priority {priorities[line.priority_id]}"
            yield where, cell("priority", line.priority_id, name), line.text
    deliverables = Deliverable.objects.in_plan().filter(priority__in=priorities)
    for row in deliverables.order_by("priority__position", "position"):
        row.priority = priorities[row.priority_id]
        words = f"{row.title}\n{row.description}\n{row.evidence_measures}"
        yield str(row), cell("deliverable", row.pk, "promise"), words
        yield str(row), cell("deliverable", row.pk, "others"), row.other_partnerships
    activities = Activity.objects.in_plan().filter(deliverable__in=deliverables).select_related("deliverable__priority")
    for row in activities.order_by("deliverable__priority__position", "deliverable__position", "position"):
        where = f"Activity {row.letter} of {row.deliverable}"
        yield where, cell("activity", row.pk, "text"), row.text
        yield where, cell("activity", row.pk, "timescale"), row.timescale_text
