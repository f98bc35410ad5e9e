"""Doors of returns: a draft is its own organisation's alone. See ``access_table.py``."""

from tests.guarantees.doors import INVALID, METHOD, MOVED, OK, REFUSED, Door, only, page, record, signed_in

READERS = only("other_partner", "office", "advisor", "scrutiny_chair")
STANDS = only("office", "advisor", "scrutiny_chair", answer=REFUSED) | {"other_partner": MOVED}


def of_draft(name, *, post, get=None, place=None, body=lambda world: {}):
    """What ``partner`` alone may do to a draft; for all others there is none."""
    return Door(
        name,
        "draft",
        get or signed_in(METHOD),
        only("partner", answer=post),
        place or record("draft_return"),
        body=body,
    )


def question(world):
    return {"pk": world.draft_return.pk, "question_pk": world.draft_return.request.questions.get(position=2).pk}


def standard(world):
    return {"pk": world.self_assessment_draft.pk, "standard_pk": world.standard.pk}


DOORS = [
    page("assurance:return-list", signed_in(OK)),
    page("assurance:return-detail", only("partner"), record("draft_return"), "draft"),
    page("assurance:return-detail", READERS, record("submitted_return"), "submitted"),
    of_draft("assurance:return-change", get=only("partner"), post=MOVED),
    Door("assurance:return-change", "submitted", STANDS, STANDS, record("submitted_return")),
    of_draft("assurance:answer-save", post=OK, place=question),
    of_draft("assurance:assessment-save", post=OK, place=standard),
    of_draft("assurance:return-join", post=MOVED, body=lambda world: {"other": world.self_assessment_draft.pk}),
    of_draft("assurance:return-part", post=MOVED),
    of_draft("assurance:return-sign-off", get=only("partner"), post=OK),
    Door("assurance:return-sign-off", "submitted", STANDS, STANDS, record("submitted_return")),
    page("assurance:return-copy", READERS, record("return_copy")),
    page("assurance:evidence-file", only("partner"), record("return_evidence"), "draft"),
    Door(
        "assurance:improvement-done",
        "",
        only("other_partner"),
        only("other_partner", answer=INVALID),
        record("improvement"),
    ),
]
