"""Doors of independent scrutiny: see ``access_table.py``.

Office and advisor write; the organisation that is asked reads and answers; others see what is shared with them.
"""

from tests.guarantees.doors import INVALID, METHOD, MOVED, OK, REFUSED, Door, only, page, record, signed_in

note = record("advisor_note")
shared = record("advisor_note_shared")


def written(answer, **others):
    """Office and advisor write; who is asked may see it and not change it."""
    return only("office", "advisor", answer=answer) | {"partner": REFUSED} | others


DOORS = [
    page("assurance:independent-scrutiny", signed_in(OK)),
    Door(
        "assurance:advisor-note-add",
        "",
        only("office", "advisor", "stranger", otherwise=REFUSED),
        only("office", "advisor", "stranger", otherwise=REFUSED, answer=INVALID),
    ),
    page("assurance:advisor-note-detail", only("office", "advisor", "partner"), note),
    page(
        "assurance:advisor-note-detail",
        only(
            "office",
            "advisor",
            "partner",
            "chair",
            "lead",
            "other_partner",
            "case_group_member",
            "executive_chair",
            "scrutiny_chair",
            "training_coordinator",
        ),
        shared,
        situation="shared with members",
    ),
    Door("assurance:advisor-note-change", "", written(OK), written(INVALID), note),
    Door(
        "assurance:advisor-note-answer",
        "",
        only("office", "partner") | {"advisor": REFUSED},
        only("office", "partner", answer=INVALID) | {"advisor": REFUSED},
        note,
    ),
    Door("assurance:advisor-note-share", "", signed_in(METHOD), written(MOVED), note),
    Door("assurance:advisor-note-challenge", "", signed_in(METHOD), written(MOVED), note),
    Door("assurance:advisor-note-close", "", written(OK), written(INVALID), note),
]
