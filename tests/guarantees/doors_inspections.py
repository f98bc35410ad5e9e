"""Doors of inspections: see ``access_table.py``.

``inspection`` is of the partner's organisation and not told; ``inspection_told`` of all of us, told to members.
"""

from tests.guarantees.doors import INVALID, MEMBERS, MOVED, OK, REFUSED, Door, history, only, page, record, signed_in

READERS = only("office", "advisor", "partner")
WRITERS = only("advisor", "partner", answer=REFUSED)
TOLD = only(*MEMBERS, answer=REFUSED)
OFFICE_ONLY = only("office", otherwise=REFUSED) | {"stranger": MOVED}  # an office of its own


def own(world):
    return {"pk": world.partnership.pk}


def written(answer):
    return WRITERS | {"office": answer}


DOORS = [
    page("assurance:inspection-list", signed_in(OK)),
    Door("assurance:inspection-add", "", OFFICE_ONLY, OFFICE_ONLY | {"office": INVALID}),
    Door("assurance:inspection-add-for", "", only("office"), only("office", answer=INVALID), own),
    page("assurance:inspection-detail", READERS, record("inspection")),
    page("assurance:inspection-detail", only(*MEMBERS), record("inspection_told"), "told to members"),
    Door("assurance:inspection-change", "", written(OK), written(INVALID), record("inspection")),
    Door("assurance:inspection-action", "", written(OK), written(INVALID), record("inspection")),
    Door("assurance:inspection-recommend", "not told", written(MOVED), written(MOVED), record("inspection")),
    Door(
        "assurance:inspection-recommend",
        "told to members",
        TOLD | {"office": OK},
        TOLD | {"office": INVALID},
        record("inspection_told"),
    ),
    Door("assurance:inspection-release", "", written(OK), written(MOVED), record("inspection")),
    Door("assurance:inspection-close", "", written(OK), written(INVALID), record("inspection")),
    page("partnership:record-history", READERS, history("assurance.inspection", "inspection"), "of one inside"),
    page(
        "partnership:record-history",
        only(*MEMBERS, answer=REFUSED) | {"office": OK, "advisor": OK},
        history("assurance.inspection", "inspection_told"),
        "of an inspection that members read",
    ),
]
