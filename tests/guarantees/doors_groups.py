"""Doors of groups, their seats and terms of reference: see ``access_table.py``."""

from tests.guarantees.doors import (
    GONE,
    INVALID,
    MEMBERS,
    METHOD,
    MOVED,
    OK,
    REFUSED,
    Door,
    everyone,
    only,
    page,
    public,
    record,
    signed_in,
)

# Read by everybody of the partnership, done by its office.
OFFICE = only(*MEMBERS, answer=REFUSED) | {"office": OK}
OFFICE_SENDS = only(*MEMBERS, answer=REFUSED) | {"office": INVALID}
# What the group itself does: its chair or its office.
RUNS = OFFICE | {"chair": OK}
RUNS_SENDS = OFFICE_SENDS | {"chair": INVALID}
# The words of a draft are for those who run the group alone.
WRITES = only("office", "chair")
WRITES_SENDS = only("office", "chair", answer=INVALID)


def the_group(world):
    return {"slug": world.partnership.slug, "pk": world.group.pk}


def hidden_group(world):
    return {"slug": world.closed_partnership.slug, "pk": world.group.pk}


DOORS = [
    page("partnership:group-list", signed_in(OK)),
    Door(
        "partnership:group-add",
        "",
        only("office", "stranger", otherwise=REFUSED),
        only("office", "stranger", answer=INVALID, otherwise=REFUSED),
    ),
    page("partnership:group-detail", only(*MEMBERS), record("group")),
    Door("partnership:group-change", "", OFFICE, OFFICE_SENDS, record("group")),
    Door("partnership:group-close", "", OFFICE, OFFICE_SENDS, record("group")),
    Door("partnership:seat-add", "", OFFICE, OFFICE_SENDS, record("group")),
    Door("partnership:seat-change", "", OFFICE, OFFICE_SENDS, record("seat")),
    Door("partnership:seat-end", "", OFFICE, OFFICE_SENDS, record("seat")),
    page("partnership:structure", signed_in(OK)),
    page("partnership:terms-list", only(*MEMBERS), record("group")),
    Door(
        "partnership:terms-add",
        "one is being written",
        only(*MEMBERS, answer=REFUSED) | {"office": MOVED, "chair": MOVED},
        only(*MEMBERS, answer=REFUSED) | {"office": MOVED, "chair": MOVED},
        record("group"),
    ),
    page("partnership:terms-detail", only(*MEMBERS), record("terms"), "agreed"),
    page("partnership:terms-detail", WRITES, record("draft_terms"), "draft"),
    Door("partnership:terms-change", "draft", WRITES, WRITES_SENDS, record("draft_terms")),
    Door(
        "partnership:terms-change",
        "agreed",
        only(*MEMBERS, answer=REFUSED) | {"office": MOVED, "chair": MOVED},
        only(*MEMBERS, answer=REFUSED) | {"office": MOVED, "chair": MOVED},
        record("terms"),
    ),
    Door("partnership:terms-agree", "draft", WRITES, WRITES_SENDS, record("draft_terms")),
    page("partnership:terms-compare", only(*MEMBERS), record("terms"), "agreed"),
    page("partnership:terms-compare", WRITES, record("draft_terms"), "draft"),
    public("partnership:public-group", the_group),
    Door("partnership:public-group", "not open to the public", everyone(GONE), everyone(METHOD), hidden_group),
]
