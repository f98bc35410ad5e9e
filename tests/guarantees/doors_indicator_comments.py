"""Doors of what is said about a figure that moved: for the office and the organisation that answers for it."""

from tests.guarantees.doors import INVALID, MEMBERS, OK, REFUSED, Door, only, record

WRITERS = ["office", "partner"]
INSIDE = only(*MEMBERS, answer=REFUSED)

DOORS = [
    Door(
        "assurance:indicator-comment",
        "",
        INSIDE | dict.fromkeys(WRITERS, OK),
        INSIDE | dict.fromkeys(WRITERS, INVALID),
        record("indicator"),
    ),
]
