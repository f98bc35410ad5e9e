"""Doors of practice reviews, their publication, the register of reviewers, and published reviews.

They are there for the case review group alone; to anyone else the addresses do not exist.
"""

from tests.guarantees.doors import (
    GONE,
    INVALID,
    METHOD,
    MOVED,
    OK,
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

GROUP = "case_group_member"
SEEN = only(GROUP)
REVIEW = record("practice_review")


def form(name, place=lambda world: {}, *, get=OK, post=INVALID):
    return Door(name, "", only(GROUP, answer=get), only(GROUP, answer=post), place)


def shown(name, place=lambda world: {}, situation="", answer=OK):
    return page(name, only(GROUP, answer=answer), place, situation)


def step(code):
    return lambda world: {"pk": world.practice_review.pk, "code": code}


def edition(world):
    return {"pk": world.practice_review.pk, "number": 1}


def published(world, **more):
    return ours(world) | {"pk": world.review_publication.pk} | more


def file_of(what):
    return lambda world: published(world, what=what)


def elsewhere(world):
    return closed(world) | {"pk": world.review_publication.pk}


DOORS = [
    Door("reviews:review-list", "", SEEN, only(GROUP, answer=METHOD)),
    Door("reviews:reviewer-list", "", SEEN, only(GROUP, answer=METHOD)),
    form("reviews:review-add"),
    form("reviews:review-carry-over"),
    shown("reviews:review-detail", REVIEW),
    form("reviews:review-change", REVIEW),
    form("reviews:review-end", REVIEW),
    shown("reviews:review-report", REVIEW, "without one", GONE),
    form("reviews:reviewer-add"),
    form("reviews:reviewer-change", record("reviewer")),
    form("reviews:appointment-add", REVIEW),
    form("reviews:appointment-change", record("appointment")),
    form("reviews:appointment-end", record("appointment")),
    form("reviews:family-step-add", REVIEW),
    form("reviews:family-step-change", record("family_step")),
    form("reviews:draft-add", REVIEW),
    shown("reviews:draft-download", record("review_draft")),
    shown("reviews:review-publication", REVIEW),
    form("reviews:review-words", REVIEW, post=MOVED),
    form("reviews:review-day", REVIEW),
    form("reviews:review-step", step("checked")),
    form("reviews:review-withhold", REVIEW),
    Door("reviews:review-in-full", "", signed_in(METHOD), only(GROUP, answer=MOVED), REVIEW),
    form("reviews:review-release", REVIEW),
    Door("reviews:review-keep-rest", "", signed_in(METHOD), only(GROUP, answer=INVALID), REVIEW),
    shown("reviews:review-proof", REVIEW, "without words", MOVED),
    form("reviews:review-publish", REVIEW),
    form("reviews:review-correct", REVIEW),
    form("reviews:review-withdraw", REVIEW),
    shown("reviews:edition-file", edition, "without one", GONE),
    shown("reviews:edition-attachment", edition, "without one", GONE),
    page("partnership:record-history", SEEN, history("reviews.practicereview", "practice_review"), "of a review"),
    page(
        "partnership:record-history",
        SEEN,
        history("reviews.reviewpublication", "review_publication"),
        "of what was published of one",
    ),
    public("reviews:public-review-list", ours),
    public("reviews:public-review-list", closed, "not open to the public", GONE),
    public("reviews:public-review", published),
    public("reviews:public-review", elsewhere, "of a partnership not open to the public", GONE),
    public("reviews:public-review-file", file_of("report"), "without one", GONE),
    public("reviews:public-review-file", file_of("anything"), "what it never was", GONE),
]
