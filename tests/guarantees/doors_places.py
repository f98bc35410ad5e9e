"""Doors of booking, of places and of the waiting list: see ``access_table.py``.

``event`` is still to come; the partner's ``place`` is booked there, and ``place_waiting`` is the other partner's.
"""

from tests.guarantees.doors import (
    GONE,
    INVALID,
    MEMBERS,
    METHOD,
    MOVED,
    OK,
    REFUSED,
    Door,
    closed,
    everyone,
    history,
    only,
    page,
    public,
    record,
    signed_in,
)
from training.links import MANAGER, PLACE, token_of

# Every member knows of the event; whoever runs it books for all, a representative for their own.
RUNNERS = only(*MEMBERS, answer=REFUSED) | {"office": OK, "training_coordinator": OK}
BOOKERS = RUNNERS | {"partner": OK, "other_partner": OK, "lead": OK}
OWN = only("office", "training_coordinator", "partner")
OTHERS = only("office", "training_coordinator", "other_partner")


def nowhere(_world):
    return {"pk": 0}


def to(answer, roles):
    """``roles`` with ``answer`` for those who are let in."""
    return {role: answer if got == OK else got for role, got in roles.items()}


def runners_of(own, answer=OK):
    """Those who run it do it; whose place it is may know, and not do it."""
    return {
        role: answer if got == OK and role in ("office", "training_coordinator") else REFUSED if got == OK else got
        for role, got in own.items()
    }


def booking(name):
    return lambda world: {"slug": world.partnership.slug, "pk": getattr(world, name).pk}


def booking_closed(world):
    return {**closed(world), "pk": world.event.pk}


def link(kind, name="place"):
    return lambda world: {"token": token_of(kind, getattr(world, name))}


def old_link(kind):
    return lambda world: {"token": kind.signer.sign(f"{world.place.pk}.9")}


def by_link(name, kind, post):
    return [
        Door(f"training:{name}", "", everyone(OK), everyone(post), link(kind)),
        Door(f"training:{name}", "an old link", everyone(GONE), everyone(GONE), old_link(kind)),
    ]


DOORS = [
    Door("training:public-book", "", everyone(OK), everyone(INVALID), booking("event")),
    Door("training:public-book", "not open to the public", everyone(GONE), everyone(GONE), booking_closed),
    public("training:public-book-asked", booking("event")),
    public("training:public-book-asked", booking_closed, "not open to the public", GONE),
    *by_link("place-open", PLACE, OK),  # nothing is pressed
    *by_link("place-open-cancel", PLACE, INVALID),
    *by_link("manager-open", MANAGER, INVALID),
    page("training:place-list", signed_in(OK)),
    page("training:event-places", only(*MEMBERS), record("event")),
    page("training:event-places", signed_in(GONE), nowhere, "of none"),
    Door("training:event-book", "", BOOKERS, to(INVALID, BOOKERS), record("event")),
    Door(
        "training:event-book",
        "called off",
        only(*MEMBERS, answer=REFUSED),
        only(*MEMBERS, answer=REFUSED),
        record("event_cancelled"),
    ),
    Door("training:event-fill", "", signed_in(METHOD), to(MOVED, RUNNERS), record("event")),
    page("training:place-detail", OWN, record("place")),
    page("training:place-detail", OTHERS, record("place_waiting"), "another organisation’s"),
    page("training:place-detail", signed_in(GONE), nowhere, "of none"),
    Door("training:place-cancel", "", OWN, to(INVALID, OWN), record("place")),
    Door("training:place-cancel", "another organisation’s", OTHERS, to(INVALID, OTHERS), record("place_waiting")),
    Door("training:place-swap", "", OWN, to(INVALID, OWN), record("place")),
    Door("training:place-move", "", signed_in(METHOD), runners_of(OTHERS, MOVED), record("place_waiting")),
    Door("training:place-waive", "nothing is charged", runners_of(OWN, MOVED), runners_of(OWN, MOVED), record("place")),
    Door("training:place-waive", "", runners_of(OTHERS), runners_of(OTHERS, MOVED), record("place_missed")),
    page("partnership:record-history", OWN, history("training.place", "place"), "of a place"),
]
