"""The words in which the access table is written: roles, answers and doors.

A ``Door`` is one address (by its URL's name) in one situation; it says what each role is answered
for GET and for POST.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

OK = "OK"  # 200
LOGIN = "LOGIN"  # sent to sign in
GONE = "GONE"  # 404: may not know whether it exists
REFUSED = "REFUSED"  # 403: may know, may not do
MOVED = "MOVED"  # sent on after doing it, or because it is elsewhere
METHOD = "METHOD"  # 405: this address does not take this method
INVALID = "INVALID"  # 422: let in, and asked to mend the form
CONFLICT = "409"  # somebody else was first

ROLES = [
    "anonymous",
    "office",
    "chair",
    "lead",
    "partner",
    "other_partner",
    "case_group_member",
    "advisor",
    "administrator",
    "executive_chair",
    "scrutiny_chair",
    "training_coordinator",
    "stranger",
    "leaver",
    "former_case_member",
]
# Signed in, without any part in our partnerships: an administrator, another partnership's office, somebody whose posts
# have ended, and somebody whose seat in the case review group has.
OUTSIDERS = ["administrator", "stranger", "leaver", "former_case_member"]
MEMBERS = [role for role in ROLES if role not in ["anonymous", *OUTSIDERS]]


def everyone(answer):
    return dict.fromkeys(ROLES, answer)


def signed_in(answer):
    """``answer`` for all who signed in; the public is sent to sign in."""
    return everyone(answer) | {"anonymous": LOGIN}


def only(*roles, answer=OK, otherwise=GONE):
    """``answer`` for these roles, ``otherwise`` for all others who signed in."""
    return signed_in(otherwise) | dict.fromkeys(roles, answer)


@dataclass(frozen=True)
class Door:
    """``place`` takes the world and gives the arguments of the address."""

    name: str
    situation: str
    get: dict
    post: dict
    place: Callable = field(default=lambda world: {})
    body: Callable = field(default=lambda world: {})

    def __str__(self):
        return f"{self.name} ({self.situation})" if self.situation else self.name


def public(name, place=lambda world: {}, situation="", answer=OK):
    """A page for everyone, which only shows."""
    return Door(name, situation, everyone(answer), everyone(METHOD), place)


def page(name, get, place=lambda world: {}, situation="", post=METHOD):
    """A page for people signed in, which only shows."""
    return Door(name, situation, get, signed_in(post), place)


def ours(world):
    return {"slug": world.partnership.slug}


def closed(world):
    return {"slug": world.closed_partnership.slug}


def record(name, key="pk"):
    """The place of ``world.<name>``."""
    return lambda world: {key: getattr(world, name).pk}


def history(model, name):
    return lambda world: {"model": model, "pk": str(getattr(world, name).pk)}


def review(world):
    return {"pk": world.review.priority_id, "round_pk": world.review.round_id}
