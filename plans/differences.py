"""What a difference between two snapshots is, and how each kind of it is said."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from django.utils.dateparse import parse_date

from partnership.templatetags.components import sentence_join
from partnership.wording import Sides, sides_of, whole
from plans.due_words import long
from plans.matching import pair_texts
from plans.models import Activity

ADDED, TAKEN_OUT = "added", "taken-out"
REWORDED, RE_DATED, RE_LED, MOVED, RENUMBERED = "reworded", "re-dated", "re-led", "moved", "renumbered"
KINDS = {
    ADDED: "Added",
    TAKEN_OUT: "Taken out",
    REWORDED: "Reworded",
    RE_DATED: "New date",
    RE_LED: "New lead",
    MOVED: "Moved",
    RENUMBERED: "Renumbered",
}
# What an undated timescale is, beside a dated one.
UNDATED = {
    Activity.Kind.RECURRING: "something that comes round again",
    Activity.Kind.MEETING: "a meeting that has no date yet",
    Activity.Kind.RELATIVE: "a time after something else",
    Activity.Kind.CONTINUOUS: "all year",
}
MOST_DATES = 4  # said one by one
RATED = "rated"  # what a reader may ask for beside a kind: whatever bears on a rating


@dataclass(frozen=True)
class Line:
    """One line of one side: Pieces, and whose it is where that differs (a partnership's names)."""

    pieces: tuple
    area: str = ""
    area_name: str = ""
    is_quiet: bool = False

    @property
    def text(self):
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Change:
    """One thing about a row that changed. ``before`` and ``after`` are Lines; ``says`` tells it in words.

    ``days``: of a date, by how many it moved (later is positive); None where that can't be said.
    """

    kind: str
    label: str
    before: tuple = ()
    after: tuple = ()
    says: tuple = ()
    is_rated: bool = False
    days: int | None = None

    @property
    def word(self):
        return KINDS[self.kind]

    @property
    def said_shortly(self):
        """What it says as part of a sentence: "from 1.2 to 1.3"."""
        words = " ".join(self.says).rstrip(".")
        return f"{words[:1].lower()}{words[1:]}"


@dataclass(frozen=True)
class Row:
    """One row of either side or both. ``what``: plan, driver, review date, rating, priority, deliverable, activity.

    ``state``: "added", "taken-out" or "" for kept (``was`` is its key before). ``facts``: what an added or
    taken out row says. ``notes``: sentences on why it was taken out, or what it was carried from.
    ``rows``: those within it.
    """

    what: str
    key: int | str
    name: str
    state: str = ""
    ref: str = ""
    facts: tuple = ()
    changes: tuple = ()
    notes: tuple = ()
    rows: tuple = ()
    is_rated: bool = False
    was: int | str | None = None

    @property
    def heading(self):
        return f"{self.ref} {self.name}".strip()

    @property
    def is_changed(self):
        """Whether it, and not only what stands within it, changed."""
        return bool(self.state or self.changes)

    @property
    def is_changed_within(self):
        return self.is_changed or any(row.is_changed_within for row in self.rows)

    @property
    def kinds(self):
        """The kinds of change of the row itself, in the order of KINDS."""
        found = {self.state, *(change.kind for change in self.changes)}
        return [kind for kind in KINDS if kind in found]

    @property
    def words(self):
        return [KINDS[kind] for kind in self.kinds]

    @property
    def bears_on_rating(self):
        return bool(self.state and self.is_rated) or any(change.is_rated for change in self.changes)

    @property
    def id(self):
        """Names the row within a comparison, for links; keys of two plans are never the same."""
        return f"{self.what.replace(' ', '-')}-{self.key}"

    @property
    def is_only_renumbered(self):
        return self.kinds == [RENUMBERED] and not any(row.is_changed_within for row in self.rows)

    @property
    def told(self):
        """The rows within it that are shown in full: something about them changed, and not their number alone."""
        return [row for row in self.rows if row.is_changed_within and not row.is_only_renumbered]

    @property
    def renumbered(self):
        return [row for row in self.rows if row.is_only_renumbered]

    @property
    def untouched(self):
        return [row for row in self.rows if not row.is_changed_within]

    @property
    def told_changes(self):
        return self.facts or self.changes

    @property
    def what_changed(self):
        """Names the table of the row's changes, which stands under its heading."""
        verb = {ADDED: "What is new in", TAKEN_OUT: "What stood in"}.get(self.state, "What changed in")
        return f"{verb} {self.ref or 'it'}"

    @property
    def itself(self):
        return (self,)

    @property
    def told_with(self):
        """The row and those within it that have something to show, for a table of their own."""
        return [row for row in (self, *self.told) if row.told_changes]

    @property
    def is_text_changed(self):
        """Whether its own words are among the changes, so that they need not be said beside the others."""
        return bool(self.facts) or any(change.label == self.what.capitalize() for change in self.changes)

    def narrowed(self, kind):
        """The row with nothing in it but changes of ``kind`` (or RATED); None where there are none."""
        rows = tuple(filter(None, (row.narrowed(kind) for row in self.rows)))
        is_wanted = self.is_rated if kind == RATED else self.state == kind
        changes = tuple(
            change for change in self.changes if (change.is_rated if kind == RATED else change.kind == kind)
        )
        if self.state and is_wanted:
            return replace(self, rows=rows)
        return replace(self, state="", facts=(), changes=changes, rows=rows) if rows or changes else None


@dataclass(frozen=True)
class Comparison:
    plan: tuple
    priorities: tuple
    is_same_plan: bool = True
    rows: tuple = field(default=(), repr=False)

    def __post_init__(self):
        object.__setattr__(self, "rows", tuple(_all_rows([*self.plan, *self.priorities])))

    @property
    def is_empty(self):
        return not any(row.is_changed for row in self.rows)

    def of(self, what):
        return [row for row in self.rows if row.what == what]

    def narrowed(self, kind):
        """With nothing in it but changes of ``kind`` (or RATED)."""
        rows = (filter(None, (row.narrowed(kind) for row in part)) for part in (self.plan, self.priorities))
        return Comparison(*map(tuple, rows), is_same_plan=self.is_same_plan)


def _all_rows(rows):
    for row in rows:
        yield row
        yield from _all_rows(row.rows)


# Words and lines


def text_change(label, before, after, *, is_rated=False, kind=REWORDED, says=()):
    """What became of a text; None where nothing but spaces did."""
    sides = sides_of(before, after)
    return sided(kind, label, sides, is_rated=is_rated, says=says) if sides.is_changed else None


def sided(kind, label, sides, **more):
    """A Change of one line on each side; a side without words has no line."""
    return Change(kind, label, *((Line(side),) if side else () for side in (sides.before, sides.after)), **more)


def lines_change(label, before, after, *, is_rated=False):
    """What became of a list of texts, line by line. Lines that say nearly the same are one, reworded."""
    if before == after:
        return None
    old_lines, new_lines = beside(before, after)
    change = Change(REWORDED, label, old_lines, new_lines, is_rated=is_rated)
    if any(piece.kind for line in (*old_lines, *new_lines) for piece in line.pieces):
        return change
    if [line.text.split() for line in old_lines] == [line.text.split() for line in new_lines]:
        return None  # nothing but spaces
    return Change(MOVED, label, old_lines, new_lines, says=("The lines stand in another order.",))


def beside(before, after, **more):
    """(Lines before, Lines after) of two lists of texts."""
    old, new = ([{"key": at, "text": text} for at, text in enumerate(side)] for side in (before, after))
    pairs = pair_texts(old, new, text_of=lambda row: row["text"])
    sides = {at: sides_of(before[at], after[other]) for at, other in pairs.later.items()}
    old_lines = [sides[at].before if at in sides else whole("removed", text) for at, text in enumerate(before)]
    new_lines = [
        sides[pairs.earlier[at]].after if at in pairs.earlier else whole("added", text) for at, text in enumerate(after)
    ]
    return tuple(Line(side, **more) for side in old_lines), tuple(Line(side, **more) for side in new_lines)


def facts(state, *parts):
    """All that an added or taken out row says, as Changes with one side. ``parts``: (label, texts or Lines)."""
    found = []
    for label, texts in parts:
        lines = tuple(text if isinstance(text, Line) else Line(whole("", text)) for text in texts if text)
        if lines:
            found.append(Change(state, label, *((lines, ()) if state == TAKEN_OUT else ((), lines))))
    return tuple(found)


# Who leads


def leads_change(before, after):
    """Who leads, per partnership where that differs. The order of the names is no change."""
    old, new = by_area(before), by_area(after)
    if {area: sorted(texts) for area, texts in old.items()} == {area: sorted(texts) for area, texts in new.items()}:
        return None
    old_lines, new_lines, says = [], [], []
    for area in dict.fromkeys([*old, *new]):
        lines = beside(old.get(area, []), new.get(area, []), area=area[0], area_name=area[1])
        old_lines += lines[0]
        new_lines += lines[1]
        says += led_words(area[1] or area[0], old.get(area, []), new.get(area, []))
    return Change(RE_LED, "Lead", tuple(old_lines), tuple(new_lines), tuple(says))


def by_area(leads):
    """{(a partnership's short name, its name): [who leads there]}; ("", "") where no partnership is named."""
    found = defaultdict(list)
    for lead in leads:
        found[lead["area"], lead["area_name"]].append(lead["text"])
    return dict(found)


def led_words(where, before, after):
    """One sentence on who led and leads, or none: names that stayed are left out."""
    went, came = [text for text in before if text not in after], [text for text in after if text not in before]
    prefix = f"{where}: " if where else ""
    if went and came:
        said = f"from {sentence_join(went)} to {sentence_join(came)}."
    elif came:
        said = f"now also {sentence_join(came)}." if before else f"now {sentence_join(came)}."
    elif went:
        said = f"no longer {sentence_join(went)}."
    else:
        return []
    return [f"{prefix}{said}" if prefix else f"{said[0].upper()}{said[1:]}"]


# Dates


def timescale_change(before, after):
    """What became of an activity's timescale: its words, and the days we read in them."""
    old, new = dates_of(before), dates_of(after)
    is_same_day = (before["kind"], old) == (after["kind"], new)
    sides = sides_of(before["timescale"], after["timescale"])
    old_words, new_words = (said_dates(each) for each in (before, after))
    if is_same_day and not sides.is_changed:
        return text_change("What is due when", said_milestones(before), said_milestones(after))
    lines = (
        tuple(Line(side) for side in (sides.before,) if side) + quiet(old_words),
        tuple(Line(side) for side in (sides.after,) if side) + quiet(new_words),
    )
    if is_same_day:
        return Change(REWORDED, "Timescale", *lines, says=("We read the same in both.",))
    days = (max(new) - max(old)).days if old and new else None
    return Change(
        RE_DATED,
        "Timescale",
        *lines,
        says=(f"From {old_words} to {new_words}{moved_by(days, is_one=len(old) == len(new) == 1)}.",),
        is_rated=True,
        days=days,
    )


def quiet(words):
    """The days as read, under the office's own words."""
    return (Line(whole("", f"{words[0].upper()}{words[1:]}"), is_quiet=True),)


def dates_of(activity):
    return [parse_date(each["due"]) for each in activity["milestones"] if each["due"]]


def said_dates(activity):
    """The days of an activity in a few words, to stand after "from" and "to"."""
    milestones, dates = activity["milestones"], dates_of(activity)
    if not dates:
        return UNDATED.get(activity["kind"], "no date")
    if activity["kind"] == Activity.Kind.WINDOW and milestones[0]["due"]:
        return f"the time {'between' if len(dates) > 1 else 'after'} {sentence_join(long(day) for day in dates)}"
    if len(dates) > MOST_DATES:
        return f"{len(dates)} dates between {long(min(dates))} and {long(max(dates))}"
    return sentence_join(long(day) for day in dates)


def said_milestones(activity):
    return "\n".join(each["label"] for each in activity["milestones"])


def moved_by(days, *, is_one):
    """The end of a sentence on dates: ": 92 days later"."""
    if days is None:
        return ""
    if not days:
        return "" if is_one else ", the last of them as before"
    return f": {'' if is_one else 'the last of them '}{in_days(days)}"


def in_days(days):
    count = abs(days)
    return f"{count} day{'' if count == 1 else 's'} {'later' if days > 0 else 'earlier'}"


def day_change(label, before, after):
    if before == after:
        return None
    days = (after - before).days
    return sided(
        RE_DATED,
        label,
        Sides(whole("removed", long(before)), whole("added", long(after))),
        says=(f"From {long(before)} to {long(after)}: {in_days(days)}.",),
        days=days,
    )


# Places and numbers


def swapped(kind, label, before, after, **more):
    """A Change from one short thing to another, without a look at its words."""
    return sided(kind, label, Sides(whole("removed", before), whole("added", after)), **more)


def place_change(before, after):
    """To another place among those beside it. ``before`` and ``after`` are counted from 0."""
    direction = "up" if after < before else "down"
    return swapped(MOVED, "Place", f"{ordinal(before)} here", f"{ordinal(after)} here", says=(f"Moved {direction}.",))


def ordinal(place):
    number = place + 1
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
