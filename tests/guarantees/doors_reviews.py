"""Doors of reviews beside their two stages, of outcomes and of rating keys: see ``access_table.py``."""

from tests.guarantees.doors import (
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
    review,
    signed_in,
)

# Outcomes are the working papers of the plan's own people; a published plan is known to all who sign in.
OWN = only(*MEMBERS, otherwise=REFUSED)
JUDGES = only(*MEMBERS, answer=REFUSED, otherwise=REFUSED) | {"office": OK, "scrutiny_chair": OK}
OFFICE_OF_PLAN = only("office", otherwise=REFUSED)
LOGGERS = only(*MEMBERS, answer=REFUSED) | dict.fromkeys(["office", "scrutiny_chair", "executive_chair"], OK)


def answered(answers, answer):
    """``answers``, with ``answer`` where the page would be shown."""
    return {role: answer if each == OK else each for role, each in answers.items()}


def decided(world):
    return {"pk": world.review_decided.priority_id, "round_pk": world.review_decided.round_id}


def draft(stage):
    return lambda world: review(world) | {"stage": stage}


def round_of_review(world):
    return {"round_pk": world.review.round_id}


def outcome(world):
    return {"pk": world.review.priority.outcomes.get().pk}


def evidence(world):
    return {"pk": world.outcome_evidence.pk}


def own_key(world):
    return {"pk": world.plan.pk, "key_pk": world.own_key.pk}


def shared_key(world):
    return {"pk": world.plan.pk, "key_pk": world.plan.rating_key_id}


DOORS = [
    Door(
        "plans:review-correct",
        "nothing is decided",
        only(*MEMBERS, answer=REFUSED) | {"executive_chair": MOVED},
        only(*MEMBERS, answer=REFUSED) | {"executive_chair": MOVED},
        review,
    ),
    Door(
        "plans:review-correct",
        "decided",
        only(*MEMBERS, answer=REFUSED) | {"executive_chair": OK},
        only(*MEMBERS, answer=REFUSED) | {"executive_chair": INVALID},
        decided,
    ),
    Door("plans:review-action-add", "", LOGGERS, answered(LOGGERS, INVALID), review),
    Door(
        "plans:review-draft",
        "of the proposal",
        signed_in(METHOD),
        only(*MEMBERS, answer=REFUSED) | {"scrutiny_chair": MOVED},
        draft("propose"),
    ),
    Door(
        "plans:review-draft",
        "of the decision",
        signed_in(METHOD),
        only(*MEMBERS, answer=REFUSED) | {"executive_chair": MOVED},
        draft("decide"),
    ),
    page("plans:review-print", only(*MEMBERS), review),
    page("plans:review-pdf", only(*MEMBERS), review),
    page("plans:review-word", only(*MEMBERS), review),
    page("plans:reviews-print", only(*MEMBERS), round_of_review),
    page("plans:reviews-pdf", only(*MEMBERS), round_of_review),
    page("plans:reviews-word", only(*MEMBERS), round_of_review),
    page("plans:outcome-list", OWN, record("plan"), "published"),
    page("plans:outcome-list", only("office", "advisor"), record("draft_plan"), "draft"),
    page("plans:outcome-detail", OWN, outcome),
    Door("plans:outcome-judge", "", JUDGES, answered(JUDGES, INVALID), outcome),
    Door("plans:outcome-evidence-add", "", answered(JUDGES, MOVED), answered(JUDGES, INVALID), outcome),
    page("plans:evidence-file", only(*MEMBERS), evidence, "of an outcome"),
    Door(
        "plans:outcome-evidence-remove",
        "",
        signed_in(METHOD),
        only(*MEMBERS, answer=REFUSED) | {"office": MOVED, "scrutiny_chair": MOVED},
        evidence,
    ),
    Door("plans:plan-rating-key", "published", OFFICE_OF_PLAN, answered(OFFICE_OF_PLAN, INVALID), record("plan")),
    Door(
        "plans:plan-rating-key",
        "draft",
        only("office") | {"advisor": REFUSED},
        only("office", answer=INVALID) | {"advisor": REFUSED},
        record("draft_plan"),
    ),
    Door("plans:rating-key-add", "", OFFICE_OF_PLAN, answered(OFFICE_OF_PLAN, INVALID), record("plan")),
    Door("plans:rating-key-change", "own", OFFICE_OF_PLAN, answered(OFFICE_OF_PLAN, INVALID), own_key),
    Door("plans:rating-key-change", "offered to all", signed_in(REFUSED), signed_in(REFUSED), shared_key),
    Door("plans:rating-key-remove", "own", signed_in(METHOD), answered(OFFICE_OF_PLAN, MOVED), own_key),
]
