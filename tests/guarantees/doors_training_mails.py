"""Doors of training's mails and of the file of an invitation: see ``access_table.py``.

``training_mail`` waits to leave, ``training_mail_refused`` did not arrive; both are about the partner's ``place``.
"""

from tests.guarantees.doors import (
    GONE,
    INVALID,
    METHOD,
    MOVED,
    OK,
    Door,
    everyone,
    only,
    page,
    public,
    record,
    signed_in,
)
from training.links import MANAGER, PLACE, token_of

RUNNERS = ("office", "training_coordinator")


def link_to(name, kind=PLACE):
    return lambda world: {"token": token_of(kind, getattr(world, name))}


def file_refused(situation, place):
    return Door("training:place-calendar", situation, everyone(GONE), everyone(METHOD), place)


DOORS = [
    page("training:mail-list", only(*RUNNERS, "stranger")),  # who has an office of its own, and no mails
    Door(
        "training:mail-again",
        "waits",
        only(*RUNNERS, answer=MOVED),
        only(*RUNNERS, answer=MOVED),
        record("training_mail"),
    ),
    Door("training:mail-again", "", only(*RUNNERS), only(*RUNNERS, answer=INVALID), record("training_mail_refused")),
    Door("training:mail-again", "of none", signed_in(GONE), signed_in(GONE), lambda world: {"pk": 0}),
    public("training:place-calendar", link_to("place"), "booked", OK),
    file_refused("of a place that waits", link_to("place_waiting")),
    file_refused("of a place at an event that was held", link_to("place_attended")),
    file_refused("by a manager’s link", link_to("place", MANAGER)),
    file_refused("an old link", lambda world: {"token": "1.1.nobody"}),
]
