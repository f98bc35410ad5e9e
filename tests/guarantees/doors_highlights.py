"""Doors of highlight reports: see ``access_table.py``.

A draft exists for its group's chair and the office alone; what was submitted, for the partnership's people.
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

DRAFT = ("office", "chair")
SENT_OTHERS = dict.fromkeys(set(MEMBERS) - set(DRAFT), REFUSED)


def begin(world):
    return {"pk": world.group.pk, "round_pk": world.round_open.pk}


def wrong_round(world):
    return {"pk": world.group.pk, "round_pk": 0}


def draft(name, get_answer, post_answer):
    return Door(
        f"plans:{name}",
        "a draft",
        only(*DRAFT, answer=get_answer),
        only(*DRAFT, answer=post_answer),
        record("highlight_draft"),
    )


def sent(name):
    """Nothing of what was submitted is changed: whoever could is sent to the report."""
    moved = only(*DRAFT, answer=MOVED) | SENT_OTHERS
    return Door(f"plans:{name}", "submitted", moved, moved, record("highlight_sent"))


DOORS = [
    page("plans:highlight-list", only(*MEMBERS), record("group")),
    page("plans:highlight-round", only(*MEMBERS), record("round_open")),
    Door(
        "plans:highlight-begin",
        "",
        signed_in(METHOD),
        only(*DRAFT, answer=MOVED) | SENT_OTHERS,
        begin,
    ),
    Door("plans:highlight-begin", "of no round", signed_in(METHOD), signed_in(GONE), wrong_round),
    page("plans:highlight-detail", only(*DRAFT), record("highlight_draft"), "a draft"),
    page("plans:highlight-detail", only(*MEMBERS), record("highlight_sent"), "submitted"),
    page("plans:highlight-pdf", only(*DRAFT), record("highlight_draft"), "a draft"),
    page("plans:highlight-pdf", only(*MEMBERS), record("highlight_sent"), "submitted"),
    page("plans:highlight-word", only(*DRAFT), record("highlight_draft"), "a draft"),
    page("plans:highlight-word", only(*MEMBERS), record("highlight_sent"), "submitted"),
    draft("highlight-change", OK, MOVED),
    sent("highlight-change"),
    draft("highlight-fill", OK, INVALID),
    sent("highlight-fill"),
    draft("highlight-submit", OK, INVALID),
    sent("highlight-submit"),
    draft("highlight-correct", MOVED, MOVED),
    Door(
        "plans:highlight-correct",
        "submitted",
        only(*DRAFT) | SENT_OTHERS,
        only(*DRAFT, answer=INVALID) | SENT_OTHERS,
        record("highlight_sent"),
    ),
    Door(
        "plans:highlight-discard",
        "a draft",
        signed_in(METHOD),
        only(*DRAFT, answer=MOVED),
        record("highlight_draft"),
    ),
    Door(
        "plans:highlight-discard",
        "submitted",
        signed_in(METHOD),
        only(*DRAFT, answer=MOVED) | SENT_OTHERS,
        record("highlight_sent"),
    ),
]
