"""Doors of signing in, of passwords and of one's own second step: see ``access_table.py``."""

from tests.guarantees.doors import (
    GONE,
    INVALID,
    LOGIN,
    MEMBERS,
    METHOD,
    MOVED,
    OK,
    REFUSED,
    Door,
    everyone,
    only,
    page,
    record,
    signed_in,
)

# Who is signed in has no business there and is sent on.
COMES_IN = everyone(MOVED) | {"anonymous": OK}
COMES_IN_WRONGLY = everyone(MOVED) | {"anonymous": INVALID}
# Half of signing in is not done, so it begins anew.
NOT_YET = everyone(MOVED) | {"anonymous": LOGIN}


def link_over(world):
    return {"key": "1", "token": "cz9b3v-0"}


def of_office(answer):
    """For an office and an administrator; refused to the others of the partnership."""
    return only(*MEMBERS, answer=REFUSED) | {"office": answer, "administrator": answer}


def nowhere(world):
    return {"key": "nowhere"}


def person_nowhere(world):
    return {"pk": world.person.pk, "key": "nowhere"}


def of_nobody(world):
    return {"pk": 0}


DOORS = [
    Door("partnership:sign-in", "", COMES_IN, COMES_IN_WRONGLY),
    Door("account_login", "", COMES_IN, COMES_IN_WRONGLY),
    Door("partnership:sign-in-again", "", everyone(METHOD), everyone(LOGIN)),
    Door("account_request_login_code", "", COMES_IN, COMES_IN_WRONGLY),
    Door("account_confirm_login_code", "", NOT_YET, NOT_YET),
    Door("mfa_authenticate", "", NOT_YET, NOT_YET),
    Door("mfa_login_webauthn", "", NOT_YET, NOT_YET),
    Door("partnership:password-forgotten", "", everyone(OK), everyone(INVALID)),
    Door("partnership:password-link", "an old link", everyone(GONE), everyone(GONE), link_over),
    Door("partnership:password-choose", "without a link", everyone(GONE), everyone(GONE)),
    Door("partnership:password-change", "", signed_in(OK), signed_in(INVALID)),
    Door("account_reauthenticate", "", signed_in(OK), signed_in(INVALID)),
    Door("mfa_reauthenticate", "without a second step", signed_in(MOVED), signed_in(MOVED)),
    Door("mfa_reauthenticate_webauthn", "without a second step", signed_in(MOVED), signed_in(MOVED)),
    Door("partnership:organisation-leave", "that is not named", everyone(GONE), everyone(METHOD), nowhere),
    Door("partnership:organisation-back", "that is not named", everyone(GONE), everyone(METHOD), nowhere),
    Door("partnership:organisation-prove", "that is not named", signed_in(GONE), signed_in(METHOD), nowhere),
    Door(
        "partnership:second-step-policy",
        "",
        only("office", "administrator", otherwise=REFUSED),
        only("office", "administrator", answer=MOVED, otherwise=REFUSED),
        record("partnership"),
    ),
    Door("partnership:organisation-part", "that is not joined", signed_in(GONE), signed_in(GONE), nowhere),
    Door("partnership:person-part", "that is not joined", of_office(GONE), of_office(GONE), person_nowhere),
    Door("partnership:person-second-step", "", of_office(OK), of_office(INVALID), record("person")),
    page("partnership:second-step", signed_in(OK)),
    Door("partnership:app-add", "", signed_in(OK), signed_in(INVALID)),
    Door("partnership:app-remove", "without one", signed_in(MOVED), signed_in(MOVED)),
    Door("partnership:passkey-add", "", signed_in(OK), signed_in(INVALID)),
    Door("partnership:passkey-rename", "without one", signed_in(GONE), signed_in(GONE), of_nobody),
    Door("partnership:passkey-remove", "without one", signed_in(GONE), signed_in(GONE), of_nobody),
    Door("partnership:recovery-codes", "without any", signed_in(MOVED), signed_in(MOVED)),
    Door("partnership:recovery-codes-file", "without any", signed_in(GONE), signed_in(METHOD)),
    Door("partnership:recovery-codes-new", "without any", signed_in(METHOD), signed_in(MOVED)),
]
