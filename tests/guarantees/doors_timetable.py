"""Doors of the assurance timetable: see ``access_table.py``."""

from tests.guarantees.doors import INVALID, MEMBERS, METHOD, MOVED, OK, REFUSED, Door, only, page, record, signed_in

WRITERS = only("office", "stranger", otherwise=REFUSED)
INSIDE = only(*MEMBERS, answer=REFUSED)

DOORS = [
    page("assurance:timetable", signed_in(OK)),
    page("assurance:timetable-list", signed_in(OK)),
    Door("assurance:timetable-add", "", WRITERS, only("office", "stranger", otherwise=REFUSED, answer=INVALID)),
    Door(
        "assurance:timetable-change",
        "",
        INSIDE | {"office": OK},
        INSIDE | {"office": INVALID},
        record("timetable_entry"),
    ),
    Door(
        "assurance:timetable-remove",
        "",
        signed_in(METHOD),
        INSIDE | {"office": MOVED},
        record("timetable_entry"),
    ),
    Door(
        "assurance:timetable-move",
        "",
        signed_in(METHOD),
        INSIDE | {"office": INVALID},
        record("timetable_entry"),
    ),
    Door(
        "assurance:timetable-roll",
        "",
        WRITERS,
        only("office", "stranger", otherwise=REFUSED, answer=INVALID),
        lambda world: {"year": 2026},
    ),
]
