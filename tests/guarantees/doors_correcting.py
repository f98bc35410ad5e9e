"""Doors of a staged import that is put right before the yes: see ``access_table.py``."""

from tests.guarantees.doors import INVALID, METHOD, MOVED, Door, only, page, signed_in


def at(**place):
    """The place in ``world.staged``."""
    return lambda world: {"pk": world.staged.pk} | place


ROW, ACTIVITY = {"row": "p0-d0"}, {"row": "p0-d0-a0"}
INSIDE = only("office")

DOORS = [
    Door(
        "plans:import-cell",
        "of a row",
        INSIDE,
        only("office", answer=INVALID),
        at(**ROW, cell="promise"),
    ),
    Door(
        "plans:import-cell",
        "of the plan",
        INSIDE,
        only("office", answer=INVALID),
        at(row="plan", cell="details"),
    ),
    Door(
        "plans:import-right",
        "of a row",
        signed_in(METHOD),
        only("office", answer=MOVED),
        at(**ROW, cell="promise"),
    ),
    Door(
        "plans:import-row",
        "of an activity",
        INSIDE,
        only("office", answer=MOVED),
        at(**ACTIVITY),
        body=lambda world: {"do": "down"},
    ),
    Door("plans:import-split", "of an activity", INSIDE, only("office", answer=INVALID), at(**ACTIVITY)),
    Door("plans:import-join", "of an activity", INSIDE, only("office", answer=INVALID), at(**ACTIVITY)),
    Door("plans:import-undo", "", signed_in(METHOD), only("office", answer=MOVED), at()),
    page("plans:import-timescale", INSIDE, at(), "as it is typed"),
]
