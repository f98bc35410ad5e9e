"""Doors of people: see ``access_table.py``."""

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
    signed_in,
)

OFFICE = ("office", "administrator")


def of_office(answer):
    """``answer`` for the office and an administrator; refused to the others of the partnership."""
    return only(*MEMBERS, answer=REFUSED) | dict.fromkeys(OFFICE, answer)


POSTS = [
    page("partnership:post-list", signed_in(OK)),
    Door(
        "partnership:post-add",
        "",
        only(*OFFICE, "stranger", otherwise=REFUSED),
        only(*OFFICE, "stranger", otherwise=REFUSED, answer=INVALID),
    ),
    page("partnership:post-detail", only(*MEMBERS, "administrator"), record("post")),
    Door("partnership:post-change", "", of_office(OK), of_office(INVALID), record("post")),
    Door("partnership:post-appoint", "", of_office(OK), of_office(INVALID), record("post")),
    Door("partnership:holding-end", "", of_office(OK), of_office(INVALID), record("holding")),
]

PEOPLE = [
    page("partnership:person-list", signed_in(OK)),
    page("partnership:person-detail", only(*MEMBERS, "administrator"), record("person")),
    Door("partnership:person-change", "", of_office(OK), of_office(INVALID), record("person")),
    Door("partnership:person-leave", "", of_office(OK), of_office(MOVED), record("person")),
]

PEOPLE_IMPORT = [
    Door(
        "partnership:people-import-upload",
        "",
        only("office", "stranger", otherwise=REFUSED),
        only("office", "stranger", otherwise=REFUSED, answer=INVALID),
    ),
    page("partnership:people-import-template", only("office", "stranger", otherwise=REFUSED)),
    page("partnership:people-import-preview", only("office"), record("people_import"), "waiting"),
    Door(
        "partnership:people-import-confirm",
        "waiting",
        signed_in(METHOD),
        only("office", answer=MOVED),
        record("people_import"),
    ),
]

DOORS = [*POSTS, *PEOPLE, *PEOPLE_IMPORT]
