"""Doors of the public site: outcomes, feeds, maps, data and statements. See ``access_table.py``.

``public_statement`` is published, ``public_statement_draft`` the next version of the same.
"""

from partnership.api import resources
from partnership.link_picture import mark_of
from plans.outcome_marks import outcomes_of
from tests.guarantees.doors import (
    GONE,
    INVALID,
    METHOD,
    MOVED,
    REFUSED,
    Door,
    closed,
    only,
    ours,
    page,
    public,
    record,
    signed_in,
)

OFFICE = only("office", otherwise=REFUSED)
OWN_DRAFT = only("office")


def outcome(world):
    return ours(world) | {"mark": outcomes_of(world.version_published.snapshot)[0].mark}


def kind(world):
    return {"pk": world.partnership.pk, "kind": "privacy"}


def version(world, number):
    return ours(world) | {"kind": "accessibility", "version": number}


def picture(world):
    return ours(world) | {"digest": mark_of(world.partnership)}


def picture_of_before(world):
    return ours(world) | {"digest": "of-before"}


def of_resource(name):
    return lambda world: ours(world) | {"resource": name}


def row(world):
    return ours(world) | {"resource": "reports", "key": str(world.published_report.pk)}


def draft_row(world):
    return ours(world) | {"resource": "reports", "key": str(world.annual_report.pk)}


OPEN = [
    "plans:public-outcomes",
    "partnership:public-icon",
    "partnership:public-sitemap",
    "partnership:public-feed",
    "training:public-feed",
    "partnership:public-api",
    "partnership:api-root",
    "partnership:api-openapi",
    "partnership:public-accessibility",
    "partnership:public-privacy",
]

DOORS = [
    public("partnership:robots"),
    public("partnership:sitemap"),
    public("partnership:link-picture", picture),
    public("partnership:link-picture", picture_of_before, "an address of before", MOVED),
    public(
        "partnership:link-picture",
        lambda world: closed(world) | {"digest": "of-before"},
        "not open to the public",
        GONE,
    ),
    *[public(name, ours) for name in OPEN],
    *[public(name, closed, "not open to the public", GONE) for name in OPEN],
    public("plans:public-outcome", outcome),
    public("plans:public-outcome", lambda world: outcome(world) | closed(world), "not open to the public", GONE),
    public("plans:public-outcome", lambda world: ours(world) | {"mark": "1-nothing"}, "of none", GONE),
    *[public("partnership:api-list", of_resource(name), name) for name in resources()],
    public("partnership:api-list", of_resource("drafts"), "of nothing we have", GONE),
    public("partnership:api-list", lambda world: closed(world) | {"resource": "plans"}, "not open to the public", GONE),
    public("partnership:api-detail", row),
    public("partnership:api-detail", draft_row, "of a draft", GONE),
    public("partnership:public-statement-version", lambda world: version(world, 1)),
    public("partnership:public-statement-version", lambda world: version(world, 2), "a draft", GONE),
    page("partnership:statement-list", OFFICE, record("partnership")),
    Door("partnership:statement-begin", "", signed_in(METHOD), OFFICE | {"office": MOVED}, kind),
    Door("partnership:statement-look-again", "", signed_in(METHOD), OFFICE | {"office": MOVED}, kind),
    page("partnership:statement-detail", OFFICE, record("public_statement"), "published"),
    page("partnership:statement-detail", OWN_DRAFT, record("public_statement_draft"), "a draft"),
    Door(
        "partnership:statement-change", "", OWN_DRAFT, OWN_DRAFT | {"office": INVALID}, record("public_statement_draft")
    ),
    Door(
        "partnership:statement-change",
        "published",
        OFFICE | {"office": MOVED},
        OFFICE | {"office": MOVED},
        record("public_statement"),
    ),
    Door(
        "partnership:statement-publish",
        "",
        signed_in(METHOD),
        OWN_DRAFT | {"office": MOVED},
        record("public_statement_draft"),
    ),
    Door(
        "partnership:statement-remove",
        "",
        signed_in(METHOD),
        OWN_DRAFT | {"office": MOVED},
        record("public_statement_draft"),
    ),
]
