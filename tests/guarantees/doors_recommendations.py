"""Doors of recommendations: see ``access_table.py``."""

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

FREE, HIDDEN = "of every member", "of a case"
GROUP = "case_group_member"


def workers(answer):
    """The office and the case review group work on what every member may read."""
    return only(*MEMBERS, answer=REFUSED) | {"office": answer, GROUP: answer}


def group(answer):
    return only(GROUP, answer=answer)


def both(name, free, hidden, *, get=OK, post=INVALID, key="pk"):
    """A form of an open record and of a restricted one."""
    return [
        Door(name, FREE, workers(get), workers(post), record(free, key)),
        Door(name, HIDDEN, group(get), group(post), record(hidden, key)),
    ]


def pressed(name, free, hidden):
    """A button, which moves on."""
    return [
        Door(name, FREE, signed_in(METHOD), workers(MOVED), record(free)),
        Door(name, HIDDEN, signed_in(METHOD), group(MOVED), record(hidden)),
    ]


def on_plan(name):
    return lambda world: {"pk": getattr(world, name).pk, "plan_pk": world.plan.pk}


def row_of(name):
    return lambda world: {"pk": getattr(world, name).pk, "action_pk": 1}


NOT_FREE = only(*MEMBERS, answer=REFUSED)  # there is nothing to release

DOORS = [
    page("reviews:recommendation-list", signed_in(OK)),
    page("reviews:recommendation-declined", signed_in(OK)),
    page("reviews:recheck-year", signed_in(OK)),
    Door(
        "reviews:recommendation-add",
        "",
        signed_in(REFUSED) | {"office": OK, "stranger": MOVED},
        signed_in(REFUSED) | {"office": INVALID, "stranger": MOVED},
    ),
    Door("reviews:recommendation-add-for", "", only("office"), only("office", answer=INVALID), record("partnership")),
    page("reviews:recommendation-detail", only(*MEMBERS), record("recommendation"), FREE),
    page("reviews:recommendation-detail", only(*MEMBERS), record("released_recommendation"), "released"),
    page("reviews:recommendation-detail", group(OK), record("hidden_recommendation"), HIDDEN),
    *both("reviews:recommendation-change", "recommendation", "hidden_recommendation"),
    *pressed("reviews:recommendation-remove", "recommendation", "hidden_recommendation"),
    *both("reviews:recommendation-answer", "recommendation", "hidden_recommendation"),
    Door("reviews:recommendation-release", FREE, NOT_FREE, NOT_FREE, record("recommendation")),
    Door("reviews:recommendation-release", HIDDEN, group(OK), group(INVALID), record("hidden_recommendation")),
    Door(
        "reviews:recommendation-release",
        "released",
        NOT_FREE | {GROUP: OK},
        NOT_FREE | {GROUP: INVALID},
        record("released_recommendation"),
    ),
    Door("reviews:recommendation-take-back", FREE, signed_in(METHOD), NOT_FREE, record("recommendation")),
    Door("reviews:recommendation-take-back", HIDDEN, signed_in(METHOD), group(MOVED), record("hidden_recommendation")),
    *both("reviews:recommendation-choose-plan", "recommendation", "hidden_recommendation", get=MOVED, post=MOVED),
    Door(
        "reviews:recommendation-choose-plan",
        "accepted",
        workers(OK),
        workers(INVALID),
        record("accepted_recommendation"),
    ),
    Door(
        "reviews:recommendation-put-on-plan",
        "accepted",
        only(*MEMBERS, answer=REFUSED) | {"office": OK, GROUP: "GONE"},
        only(*MEMBERS, answer=REFUSED) | {"office": INVALID, GROUP: "GONE"},
        on_plan("accepted_recommendation"),
    ),
    Door("reviews:recommendation-put-on-plan", HIDDEN, group(MOVED), group(MOVED), on_plan("hidden_recommendation")),
    Door(
        "reviews:recommendation-take-off-plan",
        "no such row",
        signed_in(METHOD),
        only(*MEMBERS, answer=REFUSED) | {"office": "GONE", GROUP: "GONE"},
        row_of("recommendation"),
    ),
    *both("reviews:recommendation-evidence-add", "recommendation", "hidden_recommendation", get=MOVED),
    page("reviews:recommendation-evidence-file", only(*MEMBERS), record("recommendation_evidence"), FREE),
    page("reviews:recommendation-evidence-file", group(OK), record("hidden_evidence"), HIDDEN),
    *pressed("reviews:recommendation-evidence-remove", "recommendation_evidence", "hidden_evidence"),
    *both("reviews:recheck-plan", "recommendation", "hidden_recommendation"),
    *both("reviews:recheck-change", "recheck", "hidden_recheck"),
    *pressed("reviews:recheck-remove", "recheck", "hidden_recheck"),
    *both("reviews:recheck-judge", "recheck", "hidden_recheck"),
    Door("reviews:case-recommendation-add", "", group(OK), group(INVALID), record("case")),
    Door("reviews:review-recommendation-add", "", group(OK), group(INVALID), record("practice_review")),
    page(
        "partnership:record-history",
        only(*MEMBERS),
        history("reviews.recommendation", "recommendation"),
        "a recommendation",
    ),
    page(
        "partnership:record-history",
        only(*MEMBERS, answer=REFUSED) | {GROUP: OK},
        history("reviews.recommendation", "released_recommendation"),
        "a released recommendation",
    ),
    page(
        "partnership:record-history",
        group(OK),
        history("reviews.recommendation", "hidden_recommendation"),
        "a restricted recommendation",
    ),
]
