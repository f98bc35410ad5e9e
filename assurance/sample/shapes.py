"""What the sample's content is made of.

Texts may hold marks that become dates counted from the day of loading (see ``dates``):
``<m-2>`` is the month two months ago ("September 2026"), ``<s-2>`` the same, shorter ("Sept 2026"),
``<n+3>`` its name alone, ``<t+4>`` its season ("Spring 2027"), ``<d+20>`` a day ("11 December 2026").
"""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Agency:
    """An organisation; ``roles`` is its membership, by short name of the partnership."""

    name: str
    kind: str
    roles: dict
    from_on: date | None = None
    to_on: date | None = None
    successor: str = ""


@dataclass(frozen=True)
class Body:
    """A group. ``opened`` and ``closed`` are days from the day of loading."""

    name: str
    kind: str
    of: tuple
    parent: str = ""
    purpose: str = ""
    opened: int | None = None
    closed: int | None = None
    is_public: bool = True


@dataclass(frozen=True)
class Office:
    """A post: who holds it, who held it before, and where it sits.

    ``seats`` are pairs of a group and a role. ``since`` is how many days ago the holder began;
    ``vacant_since`` leaves the post without one. ``also`` hold it at the same time; ``next`` is appointed
    from a day to come (a name, and in how many days).
    """

    title: str
    holder: str = ""
    agency: str = ""
    duty: str = ""
    of: tuple = ()
    seats: tuple = ()
    since: int = 700
    before: str = ""
    vacant_since: int | None = None
    also: tuple = ()
    next: tuple = ()


@dataclass(frozen=True)
class Lead:
    """As written, and the post, group or agency it means; ``of`` where it differs by partnership."""

    text: str
    post: str = ""
    group: str = ""
    agency: str = ""
    of: str = ""


@dataclass(frozen=True)
class Work:
    """An activity. ``met`` has for each milestone the days before it was due, or None."""

    text: str
    timescale: str
    met: tuple = ()


@dataclass(frozen=True)
class Promise:
    """A deliverable."""

    title: str
    leads: tuple
    work: tuple
    description: str = ""
    others: tuple = ()
    measures: tuple = ()


@dataclass(frozen=True)
class Aim:
    """A priority."""

    ref: str
    title: str
    rationale: tuple
    outcomes: tuple
    promises: tuple
    note: str = ""
    is_cross_cutting: bool = False


@dataclass(frozen=True)
class Said:
    """An update. ``by`` is a post; without one, the deliverable's first lead. ``earlier`` is what it superseded."""

    rating: str
    progress: str
    risk: str = ""
    difference: str = ""
    voice: str = ""
    by: str = ""
    earlier: "Said | None" = None


@dataclass(frozen=True)
class Judged:
    """A priority review: proposed by the scrutiny group and, unless ``decided`` is empty, decided."""

    proposed: str
    comments: str
    recommendations: str = ""
    risks: str = ""
    worsening: str = ""
    decided: str = ""
    decision: str = ""
    decision_risks: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Heading:
    """A section of an annual report; ``rule`` is the code of the duty that it answers."""

    title: str
    rule: str = ""
    standfirst: str = ""
    narrative: str = ""


@dataclass(frozen=True)
class Taught:
    """A course; ``held`` are its events, as ``records`` writes them."""

    title: str
    level: str
    audience: str
    purpose: str
    mode: str
    trainers: str
    held: tuple = field(default=())
