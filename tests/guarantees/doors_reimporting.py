"""Doors of a later issue of a plan's document: see ``access_table.py``."""

from plans.reimporting import hold_against
from tests.guarantees.doors import METHOD, MOVED, REFUSED, Door, only, record, signed_in
from tests.guarantees.doors_writing import DRAFT, DRAFT_CHANGED, PUBLISHED, PUBLISHED_CHANGED, plan


def staged(name):
    """The document that waits, held against ``world.<name>``."""
    return lambda world: {"pk": getattr(world, name).pk, "staged_pk": world.staged.pk}


def as_shown(name):
    """The choices made beforehand, of the page as it is shown now."""

    def body(world):
        questions = hold_against(getattr(world, name), world.staged)
        answers = {each.name: each.answer or "keep" for each in questions.all}
        return answers | {"seen": questions.digest, "pairs": questions.pairs}

    return body


PUBLISHED_MERGED = only("office", otherwise=REFUSED, answer=MOVED)
DRAFT_MERGED = only("office", answer=MOVED) | {"advisor": REFUSED}

DOORS = [
    Door("plans:reimport-upload", "of a published plan", PUBLISHED, PUBLISHED_CHANGED, plan("plan")),
    Door("plans:reimport-upload", "of a draft plan", DRAFT, DRAFT_CHANGED, plan("draft_plan")),
    Door(
        "plans:reimport-compare",
        "of a published plan",
        PUBLISHED,
        PUBLISHED_MERGED,
        staged("plan"),
        as_shown("plan"),
    ),
    Door(
        "plans:reimport-compare",
        "of a draft plan",
        DRAFT,
        DRAFT_MERGED,
        staged("draft_plan"),
        as_shown("draft_plan"),
    ),
    Door("plans:reimport-undo", "", signed_in(METHOD), only("office", answer=MOVED), record("issue")),
]
