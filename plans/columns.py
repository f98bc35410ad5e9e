"""The columns of a plan's table: which stand in it, and what the office calls them.

A plan that chose none shows those in which something stands, by their usual names. A plan that chose
keeps its choice whatever stands in it, for that is how its board knows the table. The order is the
same in every plan.
"""

from dataclasses import dataclass

LONGEST_HEADING = 40  # characters
NARROW = 4  # characters that fit over a column of refs
ORDER = ["ref", "promise", "measures", "leads", "others", "activity", "timescale", "rating"]
USUAL_HEADINGS = {
    "ref": "Ref",
    "promise": "Key deliverable",
    "measures": "How we will know",
    "leads": "Lead",
    "others": "Other partnerships",
    "activity": "Activity",
    "timescale": "Timescale",
    "rating": "Rating",
}
# Without being asked for, measures stand under their promise.
ALWAYS_SHOWN = {"ref", "promise", "leads", "activity", "timescale"}


@dataclass(frozen=True, slots=True)
class Column:
    """``code`` is one of ORDER; ``heading`` is what stands at its head and beside its cells on a phone."""

    code: str
    heading: str

    @property
    def css(self):
        """The class of its column: refs take little room, unless their heading needs more."""
        is_wide = self.code == "ref" and len(self.heading) > NARROW
        return f"col-{self.code} wide" if is_wide else f"col-{self.code}"


@dataclass(frozen=True, slots=True)
class Preset:
    """A usual set of columns, with the headings offices give them."""

    code: str
    name: str
    headings: dict

    @property
    def columns(self):
        return columns_named(self.headings)


def columns_named(headings):
    """Columns of ``{code: heading}``, in the order of the table."""
    return [Column(code, headings[code]) for code in ORDER if code in headings]


# The three shapes in which partnerships write their plans.
PRESETS = [
    Preset(
        "measured",
        "With a reference, how we will know, and progress",
        {
            "ref": "Reference",
            "promise": "What we will do",
            "measures": "How we will know",
            "leads": "Who leads",
            "timescale": "By when",
            "rating": "Progress",
        },
    ),
    Preset(
        "short",
        "Four columns",
        {"promise": "Key deliverable", "leads": "Leads", "activity": "Activity", "timescale": "Timescale"},
    ),
    Preset(
        "shared",
        "Four columns and the other partnerships",
        {
            "promise": "Key deliverable",
            "leads": "Lead",
            "others": "Other partnerships involved",
            "activity": "Activity",
            "timescale": "Timescale",
        },
    ),
]


def columns_to_show(chosen, *, filled, has_ratings):
    """The columns of a table.

    ``chosen``: what a plan keeps in ``columns``, or nothing. ``filled``: the codes of the columns in which
    something stands. Without ``has_ratings`` (in public, in a version) there is no column of ratings.
    """
    headings = {each["code"]: each["heading"] for each in chosen}
    if not headings:
        shown = ALWAYS_SHOWN | (filled & {"others"}) | {"rating"}
        headings = {code: USUAL_HEADINGS[code] for code in shown}
    if not has_ratings:
        headings.pop("rating", None)
    return columns_named(headings)


# What is called what when a column that holds something is not shown. Measures then stand under their promise.
HIDDEN = {
    "ref": "references",
    "leads": "who leads",
    "others": "other partnerships",
    "activity": "activities",
    "timescale": "timescales",
    "rating": "ratings",
}


def hidden(columns, *, filled):
    """In words, what stands in the plan and has no column among ``columns``."""
    shown = {column.code for column in columns}
    return [words for code, words in HIDDEN.items() if code in filled and code not in shown]
