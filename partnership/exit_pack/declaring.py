"""The words in which each app says which of its rows leave with a partnership: see ``EXIT_PACK`` in the settings.

Every model is decided of, in its app's ``taken_along.py``. The rows of a link between two tables (many-to-many) follow
from the table that has it. A test fails where a model is undecided.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Q

NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Along:
    """Rows that are the partnership's own. ``on``: the fields that lead to what they hang on, any of which will do;
    "partnership" and "partnerships" mean the partnership itself. ``rows(key)`` gives them where no field does.

    ``only``: which of them leave, whoever asks: an organisation's drafts are its own to give. ``unless_cases``: which
    where who asks sits in no case review group, and ``history_unless_cases`` which of their history; the fields of
    these three are fields of the history too. ``is_shared``: others leave as well where a row that leaves points to
    them, but without what hangs on them. ``known_by``: see ``Shared``, for those that no partnership has for its own.
    ``links_of_ours``: a link to partnerships of which only the one to this partnership leaves, as it gives rights.
    """

    on: tuple = ()
    rows: Callable | None = None
    only: Q = Q()
    unless_cases: Q = Q()
    history_unless_cases: Q = Q()
    is_shared: bool = False
    known_by: tuple = ()
    alike: tuple = ()
    links_of_ours: str = ""


@dataclass(frozen=True)
class Shared:
    """Rows that are nobody's alone: taken as far as something taken points to them.

    ``known_by``: the fields by which an installation that takes them in finds them if it has them already; ``alike``:
    the fields which must then say the same, as a judgement rests on them. ``on``: they belong to another such row
    and come with the whole of it.
    """

    known_by: tuple = ()
    alike: tuple = ()
    on: tuple = ()


@dataclass(frozen=True)
class Left:
    """Rows that stay behind, and why."""

    why: str


@dataclass(frozen=True)
class TakenAlong:
    """One app's decisions. ``emptied``: {model: {field: what the pack says in its place}}.

    ``pointers``: {"Model.field": {prefix: label}} of texts such as "update:17", in which a key stands; two labels where
    a second one follows, as in "update:17-3". ``told_by``: {model: {field: another}}, of which the other is what is
    said where the row that the first tells of stays behind. ``papers(partnership, by=, at=, claim=)`` gives (heading,
    file name, bytes) of what stands now and of which no document was asked for; ``claim`` says how far it is.
    """

    models: dict
    emptied: dict = field(default_factory=dict)
    pointers: dict = field(default_factory=dict)
    told_by: dict = field(default_factory=dict)
    papers: Callable | None = None


def along(on="", known_by="", **options):
    return Along(tuple(on.split()), known_by=tuple(known_by.split()), **options)


def shared(known_by="", alike="", on=""):
    return Shared(tuple(known_by.split()), tuple(alike.split()), tuple(on.split()))
