"""A plan and a document in one shape, and which row of the document is which row of the plan.

A row has cells, and a cell is a list of lines, whether it holds a title, reasons or leads. Rows of a plan
are called by their key ("deliverable-45"); those of a document by where they stand in it ("read-0-2"), for
it knows no keys. What the plan said in the document's last issue helps to know a row again that was
reworded here since: its old words still stand in the document.

Pairing is careful in one direction. Two rows taken for one show as one row reworded, which a person can
refuse; one row taken for two would be a new row and a missing one, and its updates would stay behind.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from partnership.wording import likeness, words_in
from plans.corrections import words_of
from plans.importer.blocks import tidy
from plans.importing import milestones_of
from plans.matching import equal
from plans.models import Activity, Deliverable, Priority

KINDS = ("priority", "deliverable", "activity")
NAME = {"plan": "title", "priority": "title", "deliverable": "title", "activity": "text"}
DEFAULT_OUTCOMES = "Outcome statement"

# Two rows that stand at the same place are one from here on: the share of words that stayed, and what else agrees.
ENOUGH = {"priority": 0.8, "deliverable": 0.9, "activity": 0.7}
SAME_HOME, SAME_REF, SAME_ACTIVITIES, SAME_TIME, SAME_PLACE = 0.2, 0.25, 0.35, 0.2, 0.1


@dataclass
class PlanRow:
    """``home`` is the key of the row it stands in. ``dates``: an activity's kind and milestones, for what is said."""

    kind: str
    key: str
    home: str
    cells: dict
    dates: dict = field(default_factory=dict)
    is_retired: bool = False
    source: dict = field(default_factory=dict)  # as the document had it
    priority_ref: str = ""

    @property
    def pk(self):
        return int(self.key.rpartition("-")[2])

    @property
    def name(self):
        return " ".join(self.cells.get(NAME[self.kind], []))

    @property
    def words(self):
        return tuple(words_in(self.name))

    @property
    def heading(self):
        """A row as it is called inside a sentence: "2.1 Families get help"."""
        ref = " ".join(self.cells.get("ref", []))
        dot = "." if ref and self.kind == "priority" else ""
        return f"{ref}{dot} {self.name}".strip()


# A plan


def key_of(kind, pk):
    return f"{kind}-{pk}"


def rows_of_snapshot(snapshot):
    """{key: PlanRow} of a snapshot, each row after the one it stands in."""
    plan = snapshot["plan"]
    rows = [PlanRow("plan", "plan", "", {"title": [plan["title"]], "introduction": lines(plan["introduction"])})]
    for priority in snapshot["priorities"]:
        home = key_of("priority", priority["key"])
        cells = {
            "ref": lines(priority["ref"]),
            "title": lines(priority["title"]),
            "note": lines(priority["note"]),
            "rationale": [each["text"] for each in priority["rationale"]],
            "outcomes_heading": [priority["outcomes_heading"] or DEFAULT_OUTCOMES],
            "outcomes": list(priority["outcomes"]),
        }
        rows.append(PlanRow("priority", home, "plan", cells, source=priority))
        for row in priority["deliverables"]:
            key = key_of("deliverable", row["key"])
            cells = {
                "ref": lines(row["full_ref"]),
                "title": lines(row["title"]),
                "description": lines(row["description"]),
                "evidence_measures": list(row["evidence_measures"]),
                "leads": [line_of_lead(each["area"], each["text"]) for each in row["leads"]],
                "other_partnerships": list(row["other_partnerships"]),
            }
            rows.append(PlanRow("deliverable", key, home, cells, source=row))
            rows += [_activity_of_snapshot(each, key) for each in row["activities"]]
    return {row.key: row for row in rows}


def _activity_of_snapshot(row, home):
    cells = {"text": lines(row["text"]), "lead": lines(row["lead"]), "timescale": lines(row["timescale"])}
    dates = {name: row[name] for name in ("timescale", "kind", "milestones")}
    return PlanRow("activity", key_of("activity", row["key"]), home, cells, dates, source=row)


def retired_rows(plan):
    """{key: PlanRow} of what was taken out of the plan by itself, with its name alone. Three queries."""
    parts = {
        "priority": Priority.objects.filter(plan=plan).values_list("pk", "plan_id", "title"),
        "deliverable": Deliverable.objects.filter(priority__plan=plan).values_list("pk", "priority_id", "title"),
        "activity": Activity.objects.filter(deliverable__priority__plan=plan).values_list(
            "pk", "deliverable_id", "text"
        ),
    }
    above = {"priority": "plan", "deliverable": "priority", "activity": "deliverable"}
    found = {}
    for kind, queryset in parts.items():
        for pk, home, name in queryset.exclude(retired_on=None).order_by("pk"):
            key, home = key_of(kind, pk), "plan" if kind == "priority" else key_of(above[kind], home)
            found[key] = PlanRow(kind, key, home, {NAME[kind]: lines(name)}, is_retired=True)
    return found


def lines(text):
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def line_of_lead(area, text):
    return f"{area}: {text}" if area else text


# A document


def rows_of_document(read):
    """{key: PlanRow} of a plan as ``read_plan`` gives it. Only what the document says has a cell."""
    cells = {"title": lines(read.get("title")), "introduction": lines(read.get("context"))}
    rows = [PlanRow("plan", "plan", "", cells)]
    for at, priority in enumerate(read.get("cross_cutting", [])):
        note = "\n".join(filter(None, [priority.get("note"), *priority.get("text", [])]))
        source = {**priority, "note": note, "is_cross_cutting": True, "deliverables": []}
        rows.append(_priority_read(source, f"read-across-{at}"))
    for at, priority in enumerate(read["priorities"]):
        home = f"read-{at}"
        rows.append(_priority_read(priority, home))
        for place, row in enumerate(priority.get("deliverables", [])):
            key = f"{home}-{place}"
            rows.append(_deliverable_read(row, priority, key, home))
            rows += [
                _activity_read(activity, f"{key}-{number}", key)
                for number, activity in enumerate(row.get("activities", []))
            ]
    return {row.key: row for row in rows}


def _priority_read(priority, key):
    cells = {
        "ref": lines(priority.get("ref")),
        "title": lines(priority["title"]),
        "note": lines(priority.get("note")),
        "rationale": list(priority.get("rationale", [])),
        "outcomes_heading": lines(priority.get("outcomes_heading")),
        "outcomes": [*priority.get("outcomes", []), *priority.get("indicators", [])],
    }
    return PlanRow("priority", key, "plan", cells, source=priority)


def _deliverable_read(row, priority, key, home):
    ref = row.get("ref") or ""
    if ref and "." not in ref and priority.get("ref"):
        ref = f"{priority['ref']}.{ref}"
    cells = {
        "ref": lines(ref),
        "title": lines(row["title"]),
        "description": lines(row.get("description")),
        "evidence_measures": list(row.get("evidence_measures", [])),
        "leads": [line_of_lead(each.get("partnership"), each["text"]) for each in row.get("leads", [])],
        "other_partnerships": list(row.get("other_partnerships", [])),
    }
    return PlanRow("deliverable", key, home, cells, source=row, priority_ref=priority.get("ref") or "")


def _activity_read(row, key, home):
    cells = {
        "text": lines(words_of(row)),
        "lead": lines(row.get("lead")),
        "timescale": lines(row.get("timescale_text")),
    }
    milestones = [
        {"due": day.isoformat() if day else None, "label": label} for day, label, _precision in milestones_of(row)
    ]
    dates = {"timescale": row.get("timescale_text") or "", "kind": row["kind"], "milestones": milestones}
    return PlanRow("activity", key, home, cells, dates, source=row)


# Words that are the same


_BULLET = re.compile(r"^[•·●▪◦–\-*\u2023\uf0b7]\s*")


def plain(line):
    """A line without its bullet and extra spaces."""
    return _BULLET.sub("", tidy(line))


def are_alike(one, other, cell=""):
    """Whether two cells say the same. The order of leads is no difference, nor is the end mark of a title."""
    sides = [[plain(line) for line in side if plain(line)] for side in (one, other)]
    if cell == "leads":
        sides = [sorted(side) for side in sides]
    if cell == "title":
        sides = [[" ".join(side).rstrip(" .:–-")] for side in sides]
    if cell in {"introduction", "note", "description", "text", "timescale"}:
        sides = [" ".join(side).split() for side in sides]
    return sides[0] == sides[1]


def settle(theirs, ours):
    """Put what our own documents say in other places back where it belongs in ``theirs``, beside ``ours``.

    A document of ours prints what a priority is shared with under its title, a duty and the measures under
    a promise, the source of a reason after it, and an activity's lead after its words.
    """
    cells, source = theirs.cells, ours.source
    if theirs.kind == "priority":
        shared = f"Shared with {'; '.join(source.get('joint_with', []))}"
        cells["note"] = [line for line in cells["note"] if line != shared]
        sourced = {f"{each['text']} ({each['source']})": each["text"] for each in source.get("rationale", [])}
        cells["rationale"] = [sourced.get(line, line) for line in cells["rationale"]]
    if theirs.kind == "deliverable":
        if source.get("duty"):
            cells["description"] = [line for line in cells["description"] if not line.startswith("Duty: ")]
        known = "How we will know: "
        said = [line for line in cells["description"] if line.startswith(known)]
        if said and not cells["evidence_measures"]:
            cells["evidence_measures"] = said[0].removeprefix(known).split("; ")
            cells["description"] = [line for line in cells["description"] if line != said[0]]
    if theirs.kind == "activity" and ours.cells.get("lead") and not cells["lead"]:
        own = f" ({' '.join(ours.cells['lead'])})"
        if cells["text"] and cells["text"][0].endswith(own):
            cells["text"] = [cells["text"][0].removesuffix(own), *cells["text"][1:]]
            cells["lead"] = list(ours.cells["lead"])


# Which row is which


class Pairing:
    """``ours``: {a document's key: the plan's key}; ``sure``: those known by their very words.

    ``then``: {plan key: PlanRow} as the plan stood when the document was made, if that is known.
    ``chosen``: {a document's key: the plan's key, or "" for a row of its own}, as a person said.
    """

    def __init__(self, document, plan, then, chosen):
        self.document, self.plan, self.then = document, plan, then
        self.ours, self.sure, self.taken = {}, set(), set()
        self.apart = {key for key, other in chosen.items() if not other}
        for key, other in chosen.items():
            if key in document and other in plan and document[key].kind == plan[other].kind:
                self.put(key, other)
        self.by_words("priority")
        self.by_words("deliverable", within=True)
        self.by_words("deliverable")
        self.priorities_by_rows()
        self.by_likeness("priority")
        self.by_likeness("deliverable")
        self.by_words("activity", within=True)
        self.by_likeness("activity")
        self.by_words("activity")

    def put(self, key, other, *, is_sure=False):
        self.ours[key] = other
        self.taken.add(other)
        if is_sure:
            self.sure.add(key)

    def theirs_left(self, kind):
        return [
            row
            for row in self.document.values()
            if row.kind == kind and row.key not in self.ours and row.key not in self.apart
        ]

    def ours_left(self, kind):
        return [row for row in self.plan.values() if row.kind == kind and row.key not in self.taken]

    def names_of(self, row):
        """The words of a row of the plan, now and then."""
        then = self.then.get(row.key)
        return [row.name, then.name] if then and then.name != row.name else [row.name]

    def is_home(self, theirs, ours):
        return self.ours.get(theirs.home, theirs.home) == ours.home

    def by_words(self, kind, *, within=False):
        """Rows with the same words: live ones before those taken out; ``within`` rows that are paired already."""
        for is_retired in (False, True):
            for name in (0, -1):
                left = [row for row in self.ours_left(kind) if row.is_retired == is_retired]
                groups = [(self.theirs_left(kind), left)]
                if within:
                    homes = {row.home for row in self.theirs_left(kind)} & self.ours.keys()
                    groups = [
                        (
                            [row for row in self.theirs_left(kind) if row.home == home],
                            [row for row in left if row.home == self.ours[home]],
                        )
                        for home in sorted(homes)
                    ]
                for theirs, ours in groups:
                    old = [{"key": row.key, "text": self.names_of(row)[name]} for row in ours]
                    new = [{"key": row.key, "text": row.name} for row in theirs if row.words]
                    for mine, key in equal(old, new, text_of=lambda row: row["text"]):
                        self.put(key, mine, is_sure=True)

    def priorities_by_rows(self):
        """Priorities that share most of their promises are one, under another name."""
        shared = Counter(
            (self.document[key].home, self.plan[other].home)
            for key, other in self.ours.items()
            if self.document[key].kind == "deliverable"
        )
        for (home, other), _count in shared.most_common():
            is_free = home not in self.ours and home not in self.apart and other not in self.taken
            if is_free and other in self.plan:
                self.put(home, other)

    def by_likeness(self, kind):
        """What is left and stands in rows that are paired, the most alike first."""
        ours = [row for row in self.ours_left(kind) if not row.is_retired]
        likely = [
            (self.score(theirs, mine), -place, theirs.key, mine.key)
            for place, theirs in enumerate(self.theirs_left(kind))
            for mine in ours
            if self.is_home(theirs, mine)
        ]
        for score, _place, key, other in sorted(likely, reverse=True):
            if score >= ENOUGH[kind] and key not in self.ours and other not in self.taken:
                self.put(key, other)

    def score(self, theirs, mine):
        found = max(likeness(theirs.name, name) for name in self.names_of(mine))
        refs = theirs.cells.get("ref"), mine.cells.get("ref")
        found += SAME_REF * bool(refs[0] and refs[0] == refs[1])
        if theirs.kind == "deliverable":
            found += SAME_HOME + SAME_ACTIVITIES * self.shared_activities(theirs, mine)
        if theirs.kind == "activity":
            times = theirs.cells["timescale"], mine.cells["timescale"]
            found += SAME_TIME * bool(times[0] and are_alike(*times))
            found += SAME_PLACE * (self.place(self.document, theirs) == self.place(self.plan, mine))
        return found

    def shared_activities(self, theirs, mine):
        """The share of activities with the same words, of the side that has more."""
        old = {row.words for row in self.plan.values() if row.home == mine.key and not row.is_retired}
        new = {row.words for row in self.document.values() if row.home == theirs.key}
        return len(old & new) / max(len(old), len(new), 1)

    @staticmethod
    def place(rows, row):
        beside = [each.key for each in rows.values() if each.home == row.home and not each.is_retired]
        return beside.index(row.key)
