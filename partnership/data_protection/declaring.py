"""The words in which each app says what it holds about people, and how long: see ``PERSONAL_DATA`` and ``RETAINED``.

An app's ``personal_data.py`` has its ``Part``s. Each names the models of one piece of the product and decides for
every field that could say something of a person what it holds. A test fails where a model or a field is undecided.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

# What a field holds. ``plain``: looked at, and not about anybody.
CATEGORIES = {
    "people": "Who did it or is meant",
    "names": "Name, post or job",
    "contacts": "E-mail address, telephone or address",
    "sign_in": "How somebody signs in: secrets, browser, network address",
    "training": "Training and competence",
    "health": "What somebody needs to take part, which may tell of their health",
    "cases": "Case records: health, offences and family life, without names",
    "words": "Words in which somebody may be named",
    "files": "Files and frozen copies in which somebody may be named",
    "plain": "Nothing about a person",
}
SPECIAL = {"health", "cases"}  # special categories and criminal offences: articles 9 and 10 of the UK GDPR

# Whose it is.
COLLEAGUES = "People who work with the partnership and have an account"
LEARNERS = "People who book training, and their managers"
SCHOOLS = "Head teachers and chairs of governors"
REVIEWERS = "Independent reviewers"
SIGNATORIES = "People who sign or answer for an organisation"
FAMILIES = "Children, adults and families whom a review is about"
ANYBODY = "Anybody whom somebody names in their words"

# Why it is kept so long, where several apps say the same.
CLAIMS = "No law says. Six years is how long a claim can be brought (Limitation Act 1980, section 5)."
ACCESS_REVIEW = "A year covers a yearly review of access."

# Why it may be held.
TASK = "Public task: UK GDPR article 6(1)(e)"
TASK_SPECIAL = (
    "Public task: UK GDPR article 6(1)(e); safeguarding: article 9(2)(g) and Data Protection Act 2018, schedule 1, "
    "paragraph 18"
)
LEGAL_DUTY = "Legal duty: UK GDPR article 6(1)(c), to keep what is held secure (article 32)"

# Who sees it.
EVERYBODY = "Everybody once published; before that the members of the partnership"
MEMBERS = "Members of the partnership"
OFFICE = "The business office and administrators"
OWN = "The person alone, and administrators as a list without its secrets"
ITS_AGENCY = "The organisation that writes it; once submitted, the business office and whoever scrutinises it"
CASE_GROUP = "The case review group alone"
TRAINING = "The training coordinator, the business office, trainers and the learner’s own organisation"

ERASED = "@erased.invalid"  # how the address of somebody who was erased ends: no mail can go there

# What is held back from a copy that the business office makes.
BEHIND_CASES, BEHIND_DRAFTS = "cases", "drafts"


@dataclass(frozen=True)
class Part:
    """One piece of the product. ``models``: {model: {category: "field field"}}; a name without a dot is of its app.

    ``keep``: the code of a ``Kind``. ``stays``: why names in it stand when a person is erased; empty: they do not.
    """

    title: str
    why: str
    keep: str
    seen_by: str
    models: dict
    whose: str = COLLEAGUES
    basis: str = TASK
    stays: str = ""
    behind: str = ""


class End(StrEnum):
    DELETE = "delete"
    CLEAR = "clear"
    ERASE = "erase"
    BY_HAND = "by-hand"
    KEEP = "keep"


END_WORDS = {
    End.DELETE: "It is deleted, with its history",
    End.CLEAR: "What it says of a person is removed, in its history too; the rest stays for the figures",
    End.ERASE: "The person is erased: a made-up name stands in place of theirs",
    End.BY_HAND: "Nothing by itself: whoever answers for it is shown what is over, and decides",
    End.KEEP: "It is kept for good",
}


@dataclass(frozen=True)
class Records:
    """Rows that a kind is made of. ``dated``: the field from which their time runs; ``of``: lookup of partnerships,
    or a function of rows and partnerships' keys that gives those of them; without it they are the installation's.

    ``parts(keys)``: querysets of what hangs on them and must go first. ``document``: the field of a file that goes
    with them. ``clears``: {field: what is put in its place} where only that goes.
    """

    rows: Callable
    dated: str
    of: str | Callable = ""
    parts: Callable = staticmethod(lambda keys: [])
    clears: dict | None = None
    document: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of record that is kept for so long. ``months``: usual period, None for good; ``source``: whence it is.

    ``is_fixed``: another job of the product does it every night, and nobody can change how long.
    Where people delete by hand what is over: ``delete_again(key)`` does so once more after a backup has brought one
    back, and gives whether it was there; ``was_deleted()`` says whether any ever was.
    """

    code: str
    name: str
    why: str
    counted_from: str
    end: End
    source: str
    months: int | None = None
    records: tuple = ()
    floor: int = 0
    floor_because: str = ""
    behind: str = ""
    is_fixed: bool = False
    delete_again: Callable | None = None
    was_deleted: Callable = staticmethod(lambda: False)

    @property
    def is_of_installation(self):
        """Whether its records are nobody's in particular, so that the administrator says how long."""
        return bool(self.records) and not self.records[0].of

    @property
    def end_in_words(self):
        return END_WORDS[self.end]


@dataclass(frozen=True)
class Subject:
    """A sort of person of whom something is held. ``email``, ``name``: fields of their record, where it has them.

    ``seen_by(user)``: those of whom that user may know. ``may(user, record)``: whether they may have a copy made of
    all that is held of them, or have them forgotten. ``forget(record)``: what their app does beside replacing
    names; gives {label of a model: rows changed}. ``outlives``: the record is a place's and stays without a person.
    ``further``: ((label of a model, lookup that ends at their record), …) of what points to them by way of another.
    """

    code: str
    title: str
    label: str
    name: str
    contacts: tuple
    pseudonym: str
    seen_by: Callable
    may: Callable
    forget: Callable = staticmethod(lambda record: {})
    outlives: bool = False
    further: tuple = ()
