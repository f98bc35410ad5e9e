"""What changed between two snapshots of plans: told row by row, in words, each row once.

    comparison = compare(before, after)      # two snapshots, of one plan or of two
    comparison.plan                          # Rows: the plan's own facts, drivers, review dates, ratings
    comparison.priorities                    # Rows, each with its deliverables, each with its activities

A Row was added, taken out or kept; one that was kept has Changes, or none. Where rows are the same row,
``plans.matching`` says. What a rating is given for (the promise, its measures, activities, dates and
outcomes, and what the ratings mean) "bears on a rating"; who leads and where a row stands do not.
"""

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_date

from partnership.house_style import name_lines
from partnership.wording import whole
from plans.comparable import Stand, reasons_of
from plans.comparing_summary import on_ratings, summary_of
from plans.differences import (
    ADDED,
    MOVED,
    RE_DATED,
    RE_LED,
    RENUMBERED,
    TAKEN_OUT,
    Comparison,
    Line,
    Row,
    dates_of,
    day_change,
    facts,
    leads_change,
    led_words,
    lines_change,
    place_change,
    said_dates,
    swapped,
    text_change,
    timescale_change,
)
from plans.due_words import long
from plans.matching import (
    Pairs,
    left_of,
    out_of_order,
    pair_by_key,
    pair_priorities,
    pair_rows,
    pair_texts,
)
from plans.models import Plan


def compare(before, after, *, reasons=None):
    """``before`` and ``after`` (snapshots) as a Comparison.

    ``reasons``: {(what, key before): a sentence} on why rows left the plan, where that is known.
    """
    return _Comparing(_Side(before), _Side(after), reasons or {}).comparison()


def tell(before, after, *, is_inside):
    """What a page or a PDF says of two Stands, for a template. Reasons are for those inside the partnership."""
    reasons = reasons_of(before, after) if is_inside else {}
    comparison = compare(before.snapshot(), after.snapshot(), reasons=reasons)
    changed = [row for row in comparison.rows if row.is_changed]
    return {
        "before": before,
        "after": after,
        "comparison": comparison,
        "summary": summary_of(comparison),
        "plan_rows": [row for row in comparison.plan if row.is_changed],
        "priorities": [row for row in comparison.priorities if row.is_changed_within],
        "same_priorities": [row for row in comparison.priorities if not row.is_changed_within],
        "on_ratings": on_ratings(changed),
    }


def comparison_html(document):
    """What a PlanDocument with ``earlier`` says, to be laid out with the style sheets of a printed plan."""
    before, after = (Stand(str(each.pk), each.plan, each) for each in (document.earlier, document.version))
    plan = after.version.snapshot["plan"]
    context = tell(before, after, is_inside=True)
    context |= {
        "plan": plan,
        "name_lines": name_lines(plan["whose"]),
        "reason": after.version.reason,
        "made_on": timezone.localdate(after.version.made_at).isoformat(),
    }
    return render_to_string("plans/print/comparison.html", context)


class _Side:
    """One of the two snapshots, with its rows by their keys and what each stands in."""

    def __init__(self, snapshot):
        self.snapshot = snapshot
        self.priorities = {row["key"]: row for row in snapshot["priorities"]}
        self.deliverables, self.activities, self.home = {}, {}, {}
        for priority in snapshot["priorities"]:
            for deliverable in priority["deliverables"]:
                self.deliverables[deliverable["key"]] = deliverable
                self.home["deliverable", deliverable["key"]] = priority
                for activity in deliverable["activities"]:
                    self.activities[activity["key"]] = activity
                    self.home["activity", activity["key"]] = deliverable


class _Comparing:
    """The work of one comparison: who is who in both, and then each row in turn."""

    def __init__(self, old, new, reasons):
        self.old, self.new, self.reasons = old, new, reasons
        self.is_same_plan = old.snapshot["plan"]["key"] == new.snapshot["plan"]["key"]
        rows = [list(side.deliverables.values()) for side in (old, new)]
        tops = [side.snapshot["priorities"] for side in (old, new)]
        if self.is_same_plan:
            self.deliverables, self.priorities = pair_by_key(*rows), pair_by_key(*tops)
            self.activities = pair_by_key(old.activities.values(), new.activities.values())
        else:
            self.deliverables = pair_rows(*rows)
            self.priorities = pair_priorities(*tops, self.deliverables)
            self.activities = self.pair_activities()

    def pair_activities(self):
        """Between two plans: by their words, within promises that are the same."""
        found = []
        for before, after in self.deliverables.later.items():
            rows = self.old.deliverables[before]["activities"], self.new.deliverables[after]["activities"]
            found += pair_texts(*rows, text_of=lambda row: row["text"]).later.items()
        return Pairs.of(found)

    def comparison(self):
        before, after = self.old.snapshot["priorities"], self.new.snapshot["priorities"]
        moved = self.moved(before, after, self.priorities)
        rows = [self.priority(row, moved) for row in after]
        left = self.left(before, self.priorities, self.priority_taken_out)
        return Comparison(
            plan=tuple(self.plan_rows()),
            priorities=self.in_place(rows, left, before, self.priorities),
            is_same_plan=self.is_same_plan,
        )

    # What stands above the table

    def plan_rows(self):
        before, after = self.old.snapshot["plan"], self.new.snapshot["plan"]
        changes = some(
            text_change("Title", before["title"], after["title"]),
            text_change("Whose plan it is", before["whose"], after["whose"]),
            text_change("Period", period_of(before), period_of(after), kind=RE_DATED),
            text_change("Whom it is about", *(Plan.Audience(each["audience"]).label for each in (before, after))),
            text_change("Introduction", before["introduction"], after["introduction"]),
            lines_change(
                "Columns of the table", *([c["heading"] for c in each["columns"]] for each in (before, after))
            ),
        )
        yield Row("plan", after["key"], "The plan", changes=changes, was=before["key"])
        yield from self.drivers()
        yield from self.review_dates()
        yield from self.ratings()

    def drivers(self):
        """They may have been written anew, so their words say which is which."""
        before, after = self.old.snapshot["drivers"], self.new.snapshot["drivers"]
        pairs = pair_texts(before, after, text_of=lambda row: row["text"])
        old = {row["key"]: row for row in before}
        for row in after:
            words, was = driver_words(row), pairs.earlier.get(row["key"])
            if was is None:
                yield Row("driver", row["key"], words, ADDED, facts=facts(ADDED, ("Driver", [words])))
                continue
            change = text_change("Driver", driver_words(old[was]), words)
            yield Row("driver", row["key"], words, changes=some(change), was=was)
        for row in left_of(before, after, pairs.later.items())[0]:
            words = driver_words(row)
            yield Row("driver", row["key"], words, TAKEN_OUT, facts=facts(TAKEN_OUT, ("Driver", [words])))

    def review_dates(self):
        before, after = self.old.snapshot["review_dates"], self.new.snapshot["review_dates"]
        pairs = self.pair_review_dates(before, after)
        old = {row["key"]: row for row in before}
        for row in after:
            words = review_words(row)
            if row["key"] not in pairs.earlier:
                yield Row("review date", row["key"], words, ADDED, facts=facts(ADDED, ("Review date", [words])))
                continue
            earlier = old[pairs.earlier[row["key"]]]
            changes = some(
                day_change("Review date", parse_date(earlier["day"]), parse_date(row["day"])),
                text_change("What is looked at", earlier["label"], row["label"]),
            )
            yield Row("review date", row["key"], words, changes=changes, was=earlier["key"])
        for row in left_of(before, after, pairs.later.items())[0]:
            words = review_words(row)
            yield Row("review date", row["key"], words, TAKEN_OUT, facts=facts(TAKEN_OUT, ("Review date", [words])))

    def pair_review_dates(self, before, after):
        """By their keys; what was written anew by its day."""
        found = list(pair_by_key(before, after).later.items()) if self.is_same_plan else []
        old_left, new_left = left_of(before, after, found)
        days = {row["day"]: row["key"] for row in old_left}
        return Pairs.of([*found, *((days[row["day"]], row["key"]) for row in new_left if row["day"] in days)])

    def ratings(self):
        """What the letters mean: green is "done" to one board and "on track" to another."""
        before, after = ({each["code"]: each for each in side.snapshot["ratings"]} for side in (self.old, self.new))
        for code, rating in after.items():
            words, label = rating_words(rating), f"What {code} means"
            if code not in before:
                yield Row("rating", code, words, ADDED, facts=facts(ADDED, (label, [words])), is_rated=True)
                continue
            change = text_change(label, rating_words(before[code]), words, is_rated=True)
            yield Row("rating", code, words, changes=some(change), was=code)
        for code, rating in before.items():
            if code not in after:
                words, label = rating_words(rating), f"What {code} means"
                yield Row("rating", code, words, TAKEN_OUT, facts=facts(TAKEN_OUT, (label, [words])), is_rated=True)

    # Priorities

    def priority(self, row, moved):
        old = self.old.priorities.get(self.priorities.earlier.get(row["key"]))
        known = {"what": "priority", "key": row["key"], "name": row["title"], "ref": dotted(row["ref"])}
        if old is None:
            rows = tuple(self.deliverable(each, {}) for each in row["deliverables"])
            return Row(**known, state=ADDED, facts=priority_facts(row, ADDED), rows=rows, is_rated=True)
        changes = some(
            moved.get(row["key"]),
            self.renumbered(old["ref"], row["ref"]),
            text_change("Title", old["title"], row["title"], is_rated=True),
            text_change("Under the title", old["note"], row["note"]),
            lines_change("Why this matters", why_lines(old), why_lines(row)),
            text_change("Heading of the outcomes", outcomes_heading(old), outcomes_heading(row)),
            lines_change(outcomes_heading(row), old["outcomes"], row["outcomes"], is_rated=True),
            lines_change("Shared with other boards", old["joint_with"], row["joint_with"]),
            text_change("Place in the plan", table_words(old), table_words(row)),
        )
        inner = self.moved(old["deliverables"], row["deliverables"], self.deliverables)
        rows = [self.deliverable(each, inner) for each in row["deliverables"]]
        left = self.left(old["deliverables"], self.deliverables, self.deliverable_taken_out)
        return Row(
            **known,
            changes=changes,
            notes=self.names_before(old, row, said("priority", old)),
            rows=self.in_place(rows, left, old["deliverables"], self.deliverables),
            was=old["key"],
        )

    def priority_taken_out(self, row):
        left = self.left(row["deliverables"], self.deliverables, self.deliverable_taken_out)
        return Row(
            "priority",
            row["key"],
            row["title"],
            TAKEN_OUT,
            dotted(row["ref"]),
            facts=priority_facts(row, TAKEN_OUT),
            notes=self.reason("priority", row),
            rows=tuple(left.values()),
            is_rated=True,
        )

    # Deliverables

    def deliverable(self, row, moved):
        old = self.old.deliverables.get(self.deliverables.earlier.get(row["key"]))
        known = {"what": "deliverable", "key": row["key"], "name": row["title"], "ref": row["full_ref"]}
        if old is None:
            rows = tuple(self.activity(each, {}) for each in row["activities"])
            kept = deliverable_facts(row, ADDED)
            return Row(**known, state=ADDED, facts=kept, notes=self.split_from(row), rows=rows, is_rated=True)
        changes = some(
            moved.get(row["key"]) or self.came_from_elsewhere("deliverable", old, row),
            self.renumbered(old["full_ref"], row["full_ref"]),
            text_change("Promise", old["title"], row["title"], is_rated=True),
            text_change("Description", old["description"], row["description"], is_rated=True),
            lines_change("How we will know", old["evidence_measures"], row["evidence_measures"], is_rated=True),
            leads_change(old["leads"], row["leads"]),
            lines_change("Other partnerships", old["other_partnerships"], row["other_partnerships"]),
            text_change("Duty it meets", duty_words(old), duty_words(row)),
        )
        inner = self.moved(old["activities"], row["activities"], self.activities)
        rows = [self.activity(each, inner) for each in row["activities"]]
        left = self.left(old["activities"], self.activities, self.activity_taken_out)
        return Row(
            **known,
            changes=changes,
            notes=self.names_before(old, row, said("deliverable", old)),
            rows=self.in_place(rows, left, old["activities"], self.activities),
            was=old["key"],
        )

    def deliverable_taken_out(self, row):
        left = self.left(row["activities"], self.activities, self.activity_taken_out)
        return Row(
            "deliverable",
            row["key"],
            row["title"],
            TAKEN_OUT,
            row["full_ref"],
            facts=deliverable_facts(row, TAKEN_OUT),
            notes=self.reason("deliverable", row),
            rows=tuple(left.values()),
            is_rated=True,
        )

    def split_from(self, row):
        """Of a row that was added: it was carried, but another of the same trail is that row already."""
        old = self.old.deliverables.get(row["carried_from"])
        return (f"Carried from {said('deliverable', old)}, as another is.",) if old else ()

    # Activities

    def activity(self, row, moved):
        old = self.old.activities.get(self.activities.earlier.get(row["key"]))
        if old is None:
            kept = activity_facts(row, ADDED)
            return Row("activity", row["key"], row["text"], ADDED, facts=kept, is_rated=True)
        led = led_words("", *([each["lead"]] if each["lead"] else [] for each in (old, row)))
        changes = some(
            moved.get(row["key"]) or self.came_from_elsewhere("activity", old, row),
            text_change("Activity", old["text"], row["text"], is_rated=True),
            text_change("Lead of the activity", old["lead"], row["lead"], kind=RE_LED, says=tuple(led)),
            timescale_change(old, row),
        )
        return Row("activity", row["key"], row["text"], changes=changes, was=old["key"])

    def activity_taken_out(self, row):
        return Row(
            "activity",
            row["key"],
            row["text"],
            TAKEN_OUT,
            facts=activity_facts(row, TAKEN_OUT),
            notes=self.reason("activity", row),
            is_rated=True,
        )

    # Places and numbers

    def moved(self, before, after, pairs):
        """{key after: Change} of rows of one parent that changed places. Two plans have each their own order."""
        if not self.is_same_plan:
            return {}
        old, new = ({row["key"]: at for at, row in enumerate(side)} for side in (before, after))
        shared = [(old[pairs.earlier[key]], key) for key in new if pairs.earlier.get(key) in old]
        return {key: place_change(old[pairs.earlier[key]], new[key]) for key in out_of_order(shared)}

    def came_from_elsewhere(self, what, old, row):
        """The Change of a row that stood in another priority or deliverable; None where it stood here."""
        home, now = self.old.home[what, old["key"]], self.new.home[what, row["key"]]
        above, pairs = {
            "deliverable": ("priority", self.priorities),
            "activity": ("deliverable", self.deliverables),
        }[what]
        if pairs.later.get(home["key"]) == now["key"]:
            return None
        before, after = said(above, home), said(above, now)
        says = f"Moved from {before} to {after}."
        return swapped(MOVED, above.capitalize(), before, after, says=(says,), is_rated=True)

    def renumbered(self, before, after):
        """Two plans have each their own numbers; there ``names_before`` tells what a row was called."""
        if before == after or not self.is_same_plan:
            return None
        says = f"From {before} to {after}." if before and after else f"Now {after or 'without a number'}."
        return swapped(RENUMBERED, "Number", before, after, says=(says,))

    def names_before(self, old, row, name):
        """Between two plans: what the row is called in the other."""
        if self.is_same_plan:
            return ()
        if row["carried_from"] == old["key"]:
            return (f"Carried from {name}.",)
        if old["carried_from"] == row["key"]:
            return (f"Carried into {name} of the later plan.",)
        return () if name.startswith("“") else (f"Called {name} before.",)

    # What is left, and why

    def left(self, before, pairs, make):
        """{key before: Row} of those that are nothing in the newer side."""
        return {row["key"]: make(row) for row in before if row["key"] not in pairs.later}

    def in_place(self, rows, left, before, pairs):
        """``rows`` in the order of the newer side, each of ``left`` after the one that it stood behind.

        Two plans have each their own order, so there what is left comes at the end.
        """
        if not self.is_same_plan:
            return (*rows, *left.values())
        placed, behind = {row.key: [row] for row in rows}, None
        first = []
        for row in before:
            if row["key"] in left:
                placed.get(behind, first).append(left[row["key"]])
            elif pairs.later.get(row["key"]) in placed:
                behind = pairs.later[row["key"]]
        return (*first, *(each for group in placed.values() for each in group))

    def reason(self, what, row):
        why = self.reasons.get((what, row["key"]))
        return (why,) if why else ()


def some(*changes):
    return tuple(change for change in changes if change)


# Words of what stands in a snapshot


def period_of(plan):
    return f"{long(parse_date(plan['starts_on']))} to {long(parse_date(plan['ends_on']))}"


def headings_of(plan):
    return [each["heading"] for each in plan["columns"]]


def driver_words(row):
    return f"{row['text']} ({row['source']})" if row["source"] else row["text"]


def review_words(row):
    day = long(parse_date(row["day"]))
    return f"{day}: {row['label']}" if row["label"] else day


def rating_words(rating):
    meaning = f": {rating['meaning']}" if rating["meaning"] else ""
    return f"{rating['word']}{meaning}{' (counts as done)' if rating['is_done'] else ''}"


def dotted(ref):
    return f"{ref}." if ref else ""


def said(what, row):
    """A priority or deliverable inside a sentence."""
    ref = row["ref"] if what == "priority" else row["full_ref"]
    if ref:
        return f"priority {ref}" if what == "priority" else ref
    return f"“{row['title']}”"


def why_lines(priority):
    return [driver_words(each) for each in priority["rationale"]]


def outcomes_heading(priority):
    return priority["outcomes_heading"] or "Outcome statement"


def table_words(priority):
    return "Before the table, for all priorities" if priority["is_cross_cutting"] else "In the table"


def duty_words(row):
    return ", ".join(filter(None, (row["duty"]["title"], row["duty"]["source"]))) if row["duty"] else ""


def priority_facts(row, state):
    return facts(
        state,
        ("Under the title", [row["note"]]),
        ("Why this matters", why_lines(row)),
        (outcomes_heading(row), row["outcomes"]),
        ("Shared with other boards", row["joint_with"]),
    )


def deliverable_facts(row, state):
    """All that was promised, but for the activities, which are rows of their own."""
    return facts(
        state,
        ("Description", [row["description"]]),
        ("How we will know", row["evidence_measures"]),
        ("Lead", [Line(whole("", each["text"]), each["area"], each["area_name"]) for each in row["leads"]]),
        ("Other partnerships", row["other_partnerships"]),
        ("Duty it meets", [duty_words(row)]),
    )


def activity_facts(row, state):
    led = [f"Led by {row['lead']}"] if row["lead"] else []
    quiet = [Line(whole("", each), is_quiet=True) for each in (*led, timescale_words(row)) if each]
    return facts(state, ("Activity", [row["text"], *quiet]))


def timescale_words(row):
    """The office's own words, with the days that we read in them where they don't say them."""
    dates = said_dates(row) if dates_of(row) else ""
    if dates and row["timescale"] and dates != row["timescale"]:
        return f"{row['timescale']} ({dates})"
    return row["timescale"] or dates
