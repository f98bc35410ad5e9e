"""Doors of the risk register: see ``access_table.py``.

``risk`` is led by the partner's organisation, ``risk_shared`` is shared with members and nobody leads it.
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
    history,
    only,
    page,
    record,
    signed_in,
)

READERS = only("office", "advisor", "partner")
WRITERS = READERS | {"advisor": REFUSED, "partner": REFUSED}
SHARED = only(*MEMBERS, answer=REFUSED)
OFFICE_ONLY = only("office", otherwise=REFUSED) | {"stranger": MOVED}  # an office of its own
OWN = only("office")


def own(world):
    return {"pk": world.partnership.pk}


def written(answer):
    return WRITERS | {"office": answer}


DOORS = [
    page("assurance:risk-list", signed_in(OK)),
    Door("assurance:risk-add", "", OFFICE_ONLY, OFFICE_ONLY | {"office": INVALID}),
    Door("assurance:risk-add-for", "", OWN, only("office", answer=INVALID), own),
    page("assurance:risk-steps", signed_in(OK)),
    Door("assurance:risk-steps-change", "", OWN, only("office", answer=INVALID), own),
    Door("assurance:risk-steps-usual", "", signed_in(METHOD), only("office", answer=MOVED), own),
    page("assurance:risk-detail", READERS, record("risk")),
    page("assurance:risk-detail", only(*MEMBERS), record("risk_shared"), "shared with members"),
    Door("assurance:risk-change", "", WRITERS, written(INVALID), record("risk")),
    Door(
        "assurance:risk-change", "shared", SHARED | {"office": OK}, SHARED | {"office": INVALID}, record("risk_shared")
    ),
    Door(
        "assurance:risk-review",
        "",
        READERS | {"advisor": REFUSED},
        only("office", "partner", answer=INVALID) | {"advisor": REFUSED},
        record("risk"),
    ),
    Door(
        "assurance:risk-review",
        "shared, nobody leads it",
        SHARED | {"office": OK},
        SHARED | {"office": INVALID},
        record("risk_shared"),
    ),
    Door("assurance:risk-action", "", WRITERS, written(INVALID), record("risk")),
    Door("assurance:risk-share", "", WRITERS, written(MOVED), record("risk")),
    Door("assurance:risk-close", "", WRITERS, written(INVALID), record("risk")),
    page("assurance:risk-detail", signed_in(GONE), lambda world: {"pk": 0}, "of none"),
    page("partnership:record-history", READERS, history("assurance.risk", "risk"), "of a risk inside"),
    page(
        "partnership:record-history",
        only(*MEMBERS, answer=REFUSED) | {"office": OK, "advisor": OK},
        history("assurance.risk", "risk_shared"),
        "of a risk that members read",
    ),
]
