"""Doors of learning: points, briefings, how they are spread, and what agencies say they did with them."""

from tests.guarantees.doors import (
    GONE,
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
    public,
    record,
    signed_in,
)

GROUP = "case_group_member"
WRITERS = ("office", GROUP)
# Another partnership's office finds its own, which is nothing here.
READERS = (*MEMBERS, "stranger")


def ours_to(*roles, answer=OK):
    """These roles of ours may, our others may not, and nobody else learns of it."""
    return only(*MEMBERS, answer=REFUSED) | dict.fromkeys(roles, answer)


def asks(name, place, roles, *, situation="", others=REFUSED):
    """A page with a form for ``roles``; ``others``: how the rest of ours are answered."""
    refused = dict.fromkeys(MEMBERS, others)
    return Door(
        f"reviews:{name}",
        situation,
        signed_in(GONE) | refused | dict.fromkeys(roles, OK),
        signed_in(GONE) | refused | dict.fromkeys(roles, INVALID),
        place,
    )


def does(name, place, roles, *, situation="", others=REFUSED):
    """A button alone."""
    done = signed_in(GONE) | dict.fromkeys(MEMBERS, others) | dict.fromkeys(roles, MOVED)
    return Door(f"reviews:{name}", situation, signed_in(METHOD), done, place)


def step(world):
    return {"pk": world.briefing.pk, "step_pk": world.dissemination_step.pk}


def ours(world):
    return {"slug": world.partnership.slug}


def public_briefing(world):
    return {"slug": world.partnership.slug, "pk": world.briefing.pk}


def hidden(name):
    return record(f"hidden_{name}")


DOORS = [
    Door("reviews:briefing-list", "", only(*READERS), only(*READERS, answer=METHOD)),
    Door("reviews:learning-list", "", only(*READERS), only(*READERS, answer=METHOD)),
    asks("learning-add", lambda world: {}, [*WRITERS, "stranger"]),
    page("reviews:learning-detail", only(*MEMBERS), record("learning_point")),
    page("reviews:learning-detail", only(GROUP), hidden("learning_point"), "of a case"),
    page(
        "partnership:record-history", only(*MEMBERS), history("reviews.learningpoint", "learning_point"), "of a lesson"
    ),
    page(
        "partnership:record-history",
        only(GROUP),
        history("reviews.learningpoint", "hidden_learning_point"),
        "a restricted lesson",
    ),
    asks("learning-change", record("learning_point"), WRITERS),
    asks("learning-change", hidden("learning_point"), [GROUP], situation="of a case", others=GONE),
    asks("learning-release", record("learning_point"), []),
    asks("learning-release", hidden("learning_point"), [GROUP], situation="of a case", others=GONE),
    does("learning-take-back", record("learning_point"), []),
    does("learning-take-back", hidden("learning_point"), [GROUP], situation="of a case", others=GONE),
    does("learning-remove", record("learning_point"), WRITERS),
    does("learning-remove", hidden("learning_point"), [GROUP], situation="of a case", others=GONE),
    page("reviews:learning-themes", only(*READERS)),
    Door(
        "reviews:learning-smallest",
        "",
        only("office", otherwise=REFUSED),
        only("office", answer=INVALID, otherwise=REFUSED),
        record("partnership"),
    ),
    asks("case-learning-add", record("case"), [GROUP], others=GONE),
    asks("review-learning-add", record("practice_review"), [GROUP], others=GONE),
    asks("review-briefing-begin", record("practice_review"), [GROUP], others=GONE),
    asks("briefing-begin", lambda world: {}, [*WRITERS, "stranger"]),
    page("reviews:briefing-detail", only(*MEMBERS), record("briefing"), "published"),
    page("reviews:briefing-detail", only(*WRITERS), record("draft_briefing"), "a draft"),
    page("reviews:briefing-detail", only(GROUP), hidden("briefing"), "of a review"),
    page("reviews:briefing-pdf", only(*MEMBERS), record("briefing"), "published"),
    page("reviews:briefing-pdf", only(*WRITERS), record("draft_briefing"), "a draft"),
    page("reviews:briefing-pdf", only(GROUP), hidden("briefing"), "of a review"),
    page("reviews:briefing-word", only(*MEMBERS), record("briefing"), "published"),
    page("reviews:briefing-word", only(*WRITERS), record("draft_briefing"), "a draft"),
    page("reviews:briefing-word", only(GROUP), hidden("briefing"), "of a review"),
    Door(
        "reviews:briefing-change",
        "published",
        ours_to(*WRITERS, answer=MOVED),
        ours_to(*WRITERS, answer=MOVED),
        record("briefing"),
    ),
    asks("briefing-change", record("draft_briefing"), WRITERS, situation="a draft", others=GONE),
    asks("briefing-change", hidden("briefing"), [GROUP], situation="of a review", others=GONE),
    Door(
        "reviews:briefing-publish",
        "published",
        ours_to(*WRITERS, answer=MOVED),
        ours_to(*WRITERS, answer=MOVED),
        record("briefing"),
    ),
    asks("briefing-publish", record("draft_briefing"), WRITERS, situation="a draft", others=GONE),
    asks("briefing-publish", hidden("briefing"), [GROUP], situation="of a review", others=GONE),
    does("briefing-correct", record("briefing"), WRITERS, situation="published"),
    does("briefing-correct", hidden("briefing"), [GROUP], situation="of a review", others=GONE),
    does("briefing-discard", record("briefing"), WRITERS, situation="published"),
    does("briefing-discard", record("draft_briefing"), WRITERS, situation="a draft", others=GONE),
    does("briefing-discard", hidden("briefing"), [GROUP], situation="of a review", others=GONE),
    page("reviews:briefing-plan", only(*MEMBERS), record("briefing"), "published"),
    page("reviews:briefing-plan", only(GROUP), hidden("briefing"), "of a review"),
    asks("step-add", record("briefing"), WRITERS, situation="published"),
    asks("step-add", hidden("briefing"), [GROUP], situation="of a review", others=GONE),
    asks("step-change", step, WRITERS),
    Door("reviews:step-done", "", ours_to(*WRITERS), ours_to(*WRITERS, answer=MOVED), step),
    does("step-remove", step, WRITERS),
    asks("briefing-receipts", record("briefing"), WRITERS, situation="published"),
    page("reviews:briefing-receipts", signed_in(GONE), record("draft_briefing"), "a draft", GONE),
    does("receipt-chase", record("briefing"), WRITERS, situation="published"),
    page("reviews:receipt-year", ours_to("office", "stranger")),
    Door(
        "reviews:receipt-write",
        "",
        only("office", "partner") | dict.fromkeys([GROUP, "advisor"], REFUSED),
        only("office", "partner", answer=INVALID) | dict.fromkeys([GROUP, "advisor"], REFUSED),
        record("receipt"),
    ),
    page(
        "partnership:record-history",
        only("office", "partner", GROUP) | {"advisor": REFUSED},
        history("reviews.receipt", "receipt"),
        "of a receipt",
    ),
    public("reviews:public-learning", ours),
    public("reviews:public-briefing", public_briefing, "published"),
    public("reviews:public-briefing-word", public_briefing, "published"),
    public(
        "reviews:public-briefing",
        lambda world: {"slug": world.partnership.slug, "pk": world.hidden_briefing.pk},
        "of a review",
        GONE,
    ),
]
