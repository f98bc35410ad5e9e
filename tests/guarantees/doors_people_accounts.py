"""Doors of one's own account, and of what an office does for its people's: see ``access_table.py``."""

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


def nobodys(world):
    """A session of nobody who asks."""
    return {"pk": 999_999_998}


OWN = [
    page("partnership:account", signed_in(OK)),
    page("partnership:session-list", signed_in(OK)),
    Door("partnership:session-end", "another’s", signed_in(METHOD), signed_in(GONE), nobodys),
    Door("partnership:session-end-others", "", signed_in(METHOD), signed_in(MOVED)),
    Door("partnership:account-stay", "", signed_in(METHOD), signed_in("204")),
    Door("partnership:typed-before", "", signed_in(OK), signed_in(MOVED)),
]


def of_office(answer):
    """For a person’s office and an administrator; refused to the others of the partnership."""
    return only(*MEMBERS, answer=REFUSED) | dict.fromkeys(OFFICE, answer)


OFFICE = ("office", "administrator")
OFFICES = (*OFFICE, "stranger")

INVITATIONS = [
    Door("partnership:person-invite", "", signed_in(METHOD), of_office(MOVED), record("person")),
    Door("partnership:person-invite-withdraw", "", signed_in(METHOD), of_office(MOVED), record("person")),
    Door(
        "partnership:invite-people",
        "",
        only(*OFFICES, otherwise=REFUSED),
        only(*OFFICES, otherwise=REFUSED, answer=INVALID),
    ),
    public("partnership:invitation-follow", lambda world: {"token": "a" * 64}, "an old link", GONE),
    Door("partnership:invitation-begin", "without one", everyone(METHOD), everyone(GONE)),
    Door("partnership:invitation-come-in", "without one", everyone(GONE), everyone(GONE)),
]

PEOPLE = [
    Door("partnership:person-sessions-end", "", signed_in(METHOD), of_office(MOVED), record("person")),
    Door("partnership:person-switch", "", of_office(OK), of_office(INVALID), record("person")),
    page("partnership:account-event-list", signed_in(OK)),
]


def of_ours(world):
    return {"pk": world.partnership.pk}


REVIEWS = [
    page("partnership:access-review-list", only(*OFFICES, otherwise=REFUSED)),
    Door("partnership:access-review-begin", "", only(*OFFICE), only(*OFFICE, answer=INVALID), of_ours),
    Door("partnership:access-review-detail", "", only(*OFFICE), only(*OFFICE, answer=INVALID), record("access_review")),
    Door(
        "partnership:access-review-close",
        "",
        signed_in(METHOD),
        only(*OFFICE, answer=MOVED),
        record("access_review"),
    ),
    page("partnership:access-review-print", only(*OFFICE), record("access_review")),
]

DOORS = [*OWN, *INVITATIONS, *PEOPLE, *REVIEWS]
