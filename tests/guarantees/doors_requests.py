"""Doors of requests and question sets: see ``access_table.py``.

What is being built is for office and advisor; once it is sent also for the group that scrutinises. An
organisation reads its own return, never the request's page.
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
    only,
    page,
    record,
    signed_in,
)

# The office of a request, those who may see that there is one, and, once it is sent, its group and those it asks.
BUILDING = only("advisor", answer=REFUSED)
ASKED = {"scrutiny_chair": REFUSED, "partner": REFUSED, "other_partner": REFUSED}
OFFICES = ("office", "stranger")
SETS = signed_in(GONE) | dict.fromkeys([*MEMBERS, "administrator"], REFUSED)


def building(answer):
    return BUILDING | {"office": answer}


def sent(answer):
    return BUILDING | ASKED | {"office": answer}


DOORS = [
    page("assurance:request-list", signed_in(OK)),
    Door(
        "assurance:request-add",
        "",
        only(*OFFICES, otherwise=REFUSED),
        only(*OFFICES, otherwise=REFUSED, answer=INVALID),
    ),
    page(
        "assurance:request-detail",
        BUILDING | {"office": OK, "advisor": OK},
        record("request_planned"),
        "being built",
    ),
    page(
        "assurance:request-detail",
        BUILDING | ASKED | {"office": OK, "advisor": OK, "scrutiny_chair": OK},
        record("request_asked"),
        "sent",
    ),
    page(
        "assurance:request-preview",
        BUILDING | {"office": OK, "advisor": OK},
        record("request_planned"),
    ),
    Door("assurance:request-change", "", building(OK), building(INVALID), record("request_planned")),
    Door("assurance:request-questions", "", building(OK), building(INVALID), record("request_planned")),
    Door("assurance:request-questions", "sent", sent(MOVED), sent(MOVED), record("request_asked")),
    Door("assurance:request-organisations", "", building(OK), building(INVALID), record("request_planned")),
    Door("assurance:request-send", "", building(OK), building(MOVED), record("request_planned")),
    Door("assurance:request-next", "", signed_in(METHOD), building(MOVED), record("request_planned")),
    Door("assurance:request-remove", "", signed_in(METHOD), building(MOVED), record("request_planned")),
    Door("assurance:request-chase", "", signed_in(METHOD), sent(MOVED), record("request_asked")),
    Door("assurance:request-close", "", sent(OK), sent(MOVED), record("request_asked")),
    Door("assurance:request-withdraw", "", sent(OK), sent(INVALID), record("request_asked")),
    Door("assurance:request-reopen", "", signed_in(METHOD), sent(MOVED), record("request_asked")),
    # The advisor knows of a return that was submitted, the office of every one.
    Door("assurance:return-extend", "", only("office"), only("office", answer=INVALID), record("draft_return")),
    Door("assurance:return-withdraw", "", only("office"), only("office", answer=INVALID), record("draft_return")),
    Door(
        "assurance:return-hand-back",
        "",
        only("office") | {"advisor": REFUSED},
        only("office", answer=INVALID) | {"advisor": REFUSED},
        record("submitted_return"),
    ),
    page("assurance:question-set-list", signed_in(OK)),
    Door(
        "assurance:question-set-add",
        "",
        only(*OFFICES, "administrator", otherwise=REFUSED),
        only(*OFFICES, "administrator", otherwise=REFUSED, answer=INVALID),
    ),
    page(
        "assurance:question-set-detail", SETS | dict.fromkeys([*MEMBERS, "administrator"], OK), record("question_set")
    ),
    Door(
        "assurance:question-set-change", "", SETS | {"office": OK}, SETS | {"office": INVALID}, record("question_set")
    ),
    Door("assurance:question-set-copy", "", signed_in(METHOD), SETS | {"office": MOVED}, record("question_set")),
    Door("assurance:question-set-retire", "", signed_in(METHOD), SETS | {"office": MOVED}, record("question_set")),
]
