"""Doors of indicators: the register, one with its figures, figures typed and brought, what is taken away."""

from tests.guarantees.doors import (
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

READERS = only(*MEMBERS)
WRITERS = only("office", "stranger", otherwise=REFUSED)
INDICATOR, STAGED = record("indicator"), record("indicator_import")


def office(answer, *others):
    """For the office (and ``others``); members, who may read it, are refused."""
    return only(*MEMBERS, answer=REFUSED) | dict.fromkeys(["office", *others], answer)


def one_indicator(world):
    return {"indicator": world.indicator.pk}


DOORS = [
    page("assurance:indicator-list", signed_in(OK)),
    page("assurance:indicator-detail", READERS, INDICATOR),
    Door("assurance:indicator-add", "", WRITERS, only("office", "stranger", otherwise=REFUSED, answer=INVALID)),
    Door("assurance:indicator-change", "", office(OK), office(INVALID), INDICATOR),
    Door("assurance:indicator-retire", "", office(OK), office(INVALID), INDICATOR),
    Door("assurance:indicator-values", "", office(OK, "partner"), office(MOVED, "partner"), INDICATOR),
    Door("assurance:indicator-import", "", WRITERS, only("office", "stranger", otherwise=REFUSED, answer=INVALID)),
    Door("assurance:indicator-paste", "", WRITERS, only("office", "stranger", otherwise=REFUSED, answer=INVALID)),
    Door("assurance:indicator-import-preview", "", only("office"), only("office", answer=MOVED), STAGED),
    Door("assurance:indicator-import-confirm", "", signed_in(METHOD), only("office", answer=MOVED), STAGED),
    page("assurance:indicator-export", signed_in(OK)),
    page("assurance:indicator-template", WRITERS),
    page("partnership:record-history", READERS, history("assurance.indicator", "indicator"), "an indicator"),
]
