"""Doors of rounds: planned, changed, closed, asked again, and trackers that come back. See ``access_table.py``."""

from tests.guarantees.doors import INVALID, MEMBERS, METHOD, MOVED, OK, REFUSED, Door, only, page, record, signed_in

# A round is seen by its partnerships' own people, and run by their office.
OFFICE = only(*MEMBERS, answer=REFUSED) | {"office": OK}
OFFICE_MOVED = OFFICE | {"office": MOVED}
OFFICE_INVALID = OFFICE | {"office": INVALID}
OFFICE_SEES = only("office", answer=MOVED)


DOORS = [
    Door(
        "plans:round-year",
        "published",
        only("office", otherwise=REFUSED),
        only("office", otherwise=REFUSED, answer=INVALID),
        record("plan"),
    ),
    Door(
        "plans:round-year",
        "draft",
        only("office", answer=MOVED) | {"advisor": REFUSED},
        only("office", answer=MOVED) | {"advisor": REFUSED},
        record("draft_plan"),
    ),
    Door("plans:round-change", "open", OFFICE, OFFICE_INVALID, record("round_open")),
    Door("plans:round-delete", "open, so it stays", OFFICE, OFFICE_MOVED, record("round_open")),
    Door("plans:round-close", "", OFFICE, OFFICE_MOVED, record("round_open")),
    Door("plans:round-reopen", "not closed", OFFICE_MOVED, OFFICE_MOVED, record("round_open")),
    page("plans:round-tracker", only(*MEMBERS), record("round_open")),
    Door("plans:update-import", "", OFFICE, OFFICE_INVALID, record("round_open")),
    page("plans:update-import-preview", only("office"), record("tracker")),
    Door("plans:update-import-confirm", "nothing in it", OFFICE_SEES, OFFICE_SEES, record("tracker")),
    Door("plans:round-chase", "", signed_in(METHOD), OFFICE_MOVED, record("round_open")),
]
