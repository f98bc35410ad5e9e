"""Doors of evaluation: see ``access_table.py``.

``evaluation`` is open today, ``evaluation_answered`` has been answered; both are of ``event_held``, which too few
answered to tell.
"""

from tests.guarantees.doors import (
    GONE,
    INVALID,
    MEMBERS,
    OK,
    REFUSED,
    Door,
    everyone,
    only,
    page,
    record,
    signed_in,
)
from training import links

RUNS = only(*MEMBERS, answer=REFUSED) | {"office": OK, "training_coordinator": OK}


def link(kind, name):
    return lambda world: {"token": links.token_of(kind, getattr(world, name))}


def old_link(world):
    return {"token": links.EVALUATION.signer.sign(f"{world.evaluation.pk.hex}.9")}


def words(stage):
    return lambda world: {"pk": world.event_held.pk, "stage": stage}


DOORS = [
    page("training:evaluation-list", signed_in(OK)),
    page("training:evaluation-detail", only(*MEMBERS), record("event_held")),
    page("training:evaluation-detail", only(*MEMBERS), record("event"), "nobody was asked yet"),
    page("training:evaluation-detail", signed_in(GONE), lambda world: {"pk": 0}, "of none"),
    Door("training:evaluation-words", "", RUNS, RUNS, words("after")),
    Door(
        "training:evaluation-words",
        "of no such stage",
        RUNS | {"office": GONE, "training_coordinator": GONE},
        RUNS | {"office": GONE, "training_coordinator": GONE},
        words("ever"),
    ),
    Door("training:evaluation-open", "", everyone(OK), everyone(INVALID), link(links.EVALUATION, "evaluation")),
    Door(
        "training:evaluation-open",
        "answered",
        everyone(OK),
        everyone(OK),
        link(links.EVALUATION, "evaluation_answered"),
    ),
    Door("training:evaluation-open", "an old link", everyone(GONE), everyone(GONE), old_link),
    Door(
        "training:evaluation-open",
        "a manager’s link",
        everyone(GONE),
        everyone(GONE),
        link(links.EVALUATION_MANAGER, "evaluation"),
    ),
    Door(
        "training:evaluation-manager-open",
        "no manager is asked",
        everyone(GONE),
        everyone(GONE),
        link(links.EVALUATION_MANAGER, "evaluation_answered"),
    ),
]
