"""Doors of the single-agency training return: see ``access_table.py``.

``own_training`` is a draft of the partner's organisation, ``own_training_submitted`` one of the other partner's.
"""

from tests.guarantees.doors import INVALID, MEMBERS, METHOD, MOVED, OK, REFUSED, Door, only, page, record, signed_in

RUN = ("office", "training_coordinator")
DRAFT, SUBMITTED = record("own_training"), record("own_training_submitted")


def own(world):
    return {"pk": world.partnership.pk}


def runs(answer):
    return only(*MEMBERS, answer=REFUSED) | dict.fromkeys(RUN, answer)


def of_draft(answer, *, office):
    """``answer`` for its own organisation, ``office`` for whoever asked."""
    return only("partner", answer=answer) | dict.fromkeys(RUN, office)


def of_submitted(answer, *, office):
    return only("other_partner", answer=answer) | dict.fromkeys(RUN, office)


DOORS = [
    page("training:own-return-list", signed_in(OK)),
    Door("training:own-return-ask", "", runs(OK), runs(INVALID), own),
    page("training:own-return-detail", of_draft(OK, office=OK), DRAFT, "a draft"),
    page("training:own-return-detail", of_submitted(OK, office=OK), SUBMITTED, "submitted"),
    Door(
        "training:own-return-answer",
        "a draft",
        of_draft(OK, office=REFUSED),
        of_draft(INVALID, office=REFUSED),
        DRAFT,
    ),
    Door(
        "training:own-return-answer",
        "submitted",
        of_submitted(MOVED, office=MOVED),
        of_submitted(MOVED, office=MOVED),
        SUBMITTED,
    ),
    Door("training:own-return-submit", "a draft", signed_in(METHOD), of_draft(MOVED, office=REFUSED), DRAFT),
    Door("training:own-return-submit", "submitted", signed_in(METHOD), of_submitted(MOVED, office=MOVED), SUBMITTED),
    Door(
        "training:own-return-hand-back",
        "submitted",
        of_submitted(REFUSED, office=OK),
        of_submitted(REFUSED, office=INVALID),
        SUBMITTED,
    ),
    Door(
        "training:own-return-hand-back",
        "a draft",
        of_draft(REFUSED, office=MOVED),
        of_draft(REFUSED, office=MOVED),
        DRAFT,
    ),
    Door("training:own-return-due", "", of_draft(REFUSED, office=OK), of_draft(REFUSED, office=INVALID), DRAFT),
    Door("training:own-return-take-back", "", signed_in(METHOD), of_draft(REFUSED, office=MOVED), DRAFT),
]
