"""Doors of challenges: see ``access_table.py``.

``challenge`` is put by the other partner's organisation to the partner's; ``challenge_shared`` to the scrutiny group.
"""

from tests.guarantees.doors import INVALID, MEMBERS, MOVED, OK, REFUSED, Door, history, only, page, record, signed_in

PARTIES = only("office", "advisor", "partner", "other_partner")
WRITERS = only("advisor", "partner", "other_partner", answer=REFUSED)
SHARED = only(*MEMBERS, answer=REFUSED)
OFFICE_ONLY = only("office", otherwise=REFUSED) | {"stranger": MOVED}  # an office of its own


def own(world):
    return {"pk": world.partnership.pk}


def written(answer):
    return WRITERS | {"office": answer}


def answered(answer):
    return WRITERS | {"office": answer, "partner": answer}


DOORS = [
    page("assurance:challenge-list", signed_in(OK)),
    Door("assurance:challenge-add", "", OFFICE_ONLY, OFFICE_ONLY | {"office": INVALID}),
    Door("assurance:challenge-add-for", "", only("office"), only("office", answer=INVALID), own),
    page("assurance:challenge-detail", PARTIES, record("challenge")),
    page("assurance:challenge-detail", only(*MEMBERS), record("challenge_shared"), "shared with members"),
    Door("assurance:challenge-change", "", written(OK), written(INVALID), record("challenge")),
    Door("assurance:challenge-answer", "", answered(OK), answered(INVALID), record("challenge")),
    Door(
        "assurance:challenge-answer",
        "to a group, shared",
        SHARED | {"office": OK, "scrutiny_chair": OK},
        SHARED | {"office": INVALID, "scrutiny_chair": INVALID},
        record("challenge_shared"),
    ),
    Door("assurance:challenge-share", "", written(OK), written(MOVED), record("challenge")),
    Door("assurance:challenge-close", "", written(OK), written(INVALID), record("challenge")),
    page("partnership:record-history", PARTIES, history("assurance.challenge", "challenge"), "of a challenge inside"),
    page(
        "partnership:record-history",
        only(*MEMBERS, answer=REFUSED) | {"office": OK, "advisor": OK} | {"scrutiny_chair": OK},
        history("assurance.challenge", "challenge_shared"),
        "of a challenge that members read",
    ),
]
