"""Doors of organisations, memberships, nominees, partnerships and areas: see ``access_table.py``."""

from tests.guarantees.doors import (
    GONE,
    INVALID,
    MEMBERS,
    OK,
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

READERS = [role for role in MEMBERS if role not in {"office"}]


def form(name, place, *, hidden=GONE):
    """A form of the office and the administrator; who may only read is refused, others are ``hidden``."""

    def answers(answer):
        return only(*READERS, answer=REFUSED, otherwise=hidden) | {"office": answer, "administrator": answer}

    return Door(name, "", answers(OK), answers(INVALID), place)


def administrators(name):
    return Door(
        name,
        "",
        only("administrator", otherwise=REFUSED),
        only("administrator", answer=INVALID, otherwise=REFUSED),
    )


DOORS = [
    page("partnership:organisation-list", signed_in(OK)),
    Door(
        "partnership:organisation-add",
        "",
        only("office", "administrator", "stranger", otherwise=REFUSED),
        only("office", "administrator", "stranger", answer=INVALID, otherwise=REFUSED),
    ),
    page("partnership:organisation-detail", only(*MEMBERS, "administrator"), record("organisation")),
    form("partnership:organisation-change", record("organisation")),
    form("partnership:organisation-rename", record("organisation")),
    form("partnership:organisation-succeed", record("organisation")),
    form("partnership:membership-add", record("organisation")),
    form("partnership:membership-change", record("membership")),
    form("partnership:nomination-add", record("organisation")),
    form("partnership:nomination-end", record("nomination")),
    form("partnership:partnership-change", record("partnership"), hidden=REFUSED),
    administrators("partnership:partnership-add"),
    page("partnership:area-list", only("administrator", otherwise=REFUSED)),
    administrators("partnership:area-add"),
    public("partnership:public-members", ours),
    public("partnership:public-members", closed, "not open to the public", GONE),
]
