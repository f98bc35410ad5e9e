"""Doors of what goes out with the annual report: see ``access_table.py``.

``companion`` is of the report in the making, ``companion_of_published`` was brought after another came out.
"""

from tests.guarantees.doors import (
    GONE,
    INVALID,
    MOVED,
    OK,
    REFUSED,
    Door,
    history,
    only,
    page,
    record,
    signed_in,
)

READERS = only("office", "advisor")
OF_PUBLISHED = only("office", "advisor", otherwise=REFUSED)  # everybody knows that there is one
WRITERS = READERS | {"advisor": REFUSED}


def proof(world):
    """The build of the consultation: done, without a Word edition in it."""
    return {"pk": world.consultation.build_id}


DOORS = [
    page("assurance:companion-list", READERS, record("annual_report"), "not published"),
    page("assurance:companion-list", OF_PUBLISHED, record("published_report"), "published"),
    page("assurance:companion-list", signed_in(GONE), lambda world: {"pk": 0}, "of none"),
    Door("assurance:companion-add", "", WRITERS, WRITERS | {"office": INVALID}, record("annual_report")),
    Door(
        "assurance:companion-add",
        "published",
        signed_in(REFUSED) | {"office": OK},
        signed_in(REFUSED) | {"office": INVALID},
        record("published_report"),
    ),
    Door("assurance:companion-remove", "", WRITERS, WRITERS | {"office": MOVED}, record("companion")),
    Door(
        "assurance:companion-publish",
        "with the report, not before",
        READERS | {"office": REFUSED, "advisor": REFUSED},
        READERS | {"office": REFUSED, "advisor": REFUSED},
        record("companion"),
    ),
    Door(
        "assurance:companion-publish",
        "after the report",
        WRITERS,
        WRITERS | {"office": MOVED},
        record("companion_of_published"),
    ),
    page("assurance:companion-file", READERS, record("companion")),
    page("assurance:build-word", READERS | {"office": MOVED, "advisor": MOVED}, proof, "of a proof without one"),
    page("assurance:build-summary", READERS | {"office": MOVED, "advisor": MOVED}, proof, "of a proof without one"),
    page("partnership:record-history", READERS, history("assurance.reportcompanion", "companion"), "of a companion"),
]
