"""Doors of arrangements and disputes: see ``access_table.py``.

A dispute is there for those involved alone: in the world ``partner``, ``lead`` and ``office``.
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
    closed,
    history,
    only,
    ours,
    page,
    public,
    record,
    signed_in,
)

# A draft is read by the office and the advisor, and written by the office alone.
OF_A_DRAFT = only("advisor", answer=REFUSED)
OF_PUBLISHED = only(*MEMBERS, answer=REFUSED)
FOR_OFFICES = only("office", "stranger", otherwise=REFUSED)
OF_A_DISPUTE = only("partner", "lead", answer=REFUSED)
DRAFT = record("draft_arrangements")


def change(world):
    return {"pk": world.draft_arrangements.changes.get().pk}


def stage(world):
    return {"pk": world.dispute.stages.get().pk}


def draft(name, get, post, place=DRAFT):
    return Door(name, "draft", OF_A_DRAFT | {"office": get}, OF_A_DRAFT | {"office": post}, place)


def published(name, get, post):
    """Whoever may not do it at all is refused; so is the office, but for what is done already."""
    return Door(
        name,
        "published",
        OF_PUBLISHED | {"office": get},
        OF_PUBLISHED | {"office": post},
        record("published_arrangements"),
    )


def posted(name, situation, post, place):
    """An address that takes nothing but POST."""
    return Door(name, situation, signed_in(METHOD), post, place)


def of_dispute(name, get, post):
    return Door(name, "", OF_A_DISPUTE | {"office": get}, OF_A_DISPUTE | {"office": post}, record("dispute"))


ARRANGEMENTS = [
    page("partnership:arrangements-list", signed_in(OK)),
    Door("partnership:arrangements-add", "", FOR_OFFICES, FOR_OFFICES | {"office": INVALID, "stranger": INVALID}),
    page("partnership:arrangements-detail", only("office", "advisor"), DRAFT, "draft"),
    page("partnership:arrangements-detail", only(*MEMBERS), record("published_arrangements"), "published"),
    page("partnership:arrangements-document", signed_in(GONE), DRAFT, "draft without one"),
    page(
        "partnership:arrangements-document",
        only(*MEMBERS, answer=MOVED),
        record("published_arrangements"),
        "published",
    ),
    draft("partnership:arrangements-change", OK, INVALID),
    published("partnership:arrangements-change", REFUSED, REFUSED),
    draft("partnership:change-add", OK, INVALID),
    published("partnership:change-add", REFUSED, REFUSED),
    draft("partnership:change-change", OK, INVALID, change),
    posted("partnership:change-remove", "draft", OF_A_DRAFT | {"office": MOVED}, change),
    posted("partnership:arrangements-ask", "draft", OF_A_DRAFT | {"office": MOVED}, DRAFT),
    posted("partnership:arrangements-ask", "published", OF_PUBLISHED, record("published_arrangements")),
    draft("partnership:arrangements-take-back", MOVED, MOVED),
    published("partnership:arrangements-take-back", REFUSED, REFUSED),
    draft("partnership:arrangements-endorse", MOVED, MOVED),
    published("partnership:arrangements-endorse", MOVED, MOVED),
    draft("partnership:arrangements-publish", MOVED, MOVED),
    published("partnership:arrangements-publish", MOVED, MOVED),
    page(
        "partnership:record-history",
        only("office", "advisor"),
        history("partnership.arrangements", "draft_arrangements"),
        "of draft arrangements",
    ),
    public("partnership:public-arrangements", ours),
    public("partnership:public-arrangements", closed, "not open to the public", GONE),
]

DISPUTES = [
    page("partnership:dispute-list", signed_in(OK)),
    Door("partnership:dispute-add", "", FOR_OFFICES, FOR_OFFICES | {"office": INVALID, "stranger": INVALID}),
    page("partnership:dispute-detail", only("partner", "lead", "office"), record("dispute")),
    of_dispute("partnership:dispute-change", OK, INVALID),
    of_dispute("partnership:dispute-people", OK, INVALID),
    of_dispute("partnership:stage-begin", MOVED, MOVED),
    Door(
        "partnership:stage-answer",
        "owed by lead’s post",
        only("office", "lead") | {"partner": REFUSED},
        only("office", "lead", answer=INVALID) | {"partner": REFUSED},
        stage,
    ),
    of_dispute("partnership:dispute-advice", OK, INVALID),
    of_dispute("partnership:dispute-advice-answer", MOVED, MOVED),
    of_dispute("partnership:dispute-settle", OK, INVALID),
    page(
        "partnership:record-history",
        only("partner", "lead", "office"),
        history("partnership.dispute", "dispute"),
        "of a dispute",
    ),
    Door(
        "partnership:dispute-steps",
        "",
        only("office", otherwise=REFUSED),
        only("office", otherwise=REFUSED, answer=INVALID),
        record("partnership"),
    ),
]

DOORS = [*ARRANGEMENTS, *DISPUTES]
