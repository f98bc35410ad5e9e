"""Doors of the annual report's versions, sign-off, publication and recipients: see ``access_table.py``.

Advisor and lead partners read; the office acts. A lead signs for their own organisation, which nobody here leads.
"""

from tests.guarantees.doors import (
    GONE,
    INVALID,
    MOVED,
    OK,
    REFUSED,
    Door,
    only,
    page,
    record,
    signed_in,
)

INSIDE = only("office", "advisor")
OF_PUBLISHED = only("office", "advisor", otherwise=REFUSED)  # everybody knows that there is one
DRAFT, PUBLISHED = record("annual_report"), record("published_report")


def office(answer):
    return only("advisor", answer=REFUSED) | {"office": answer}


def office_of_published(answer):
    return signed_in(REFUSED) | {"office": answer}


NOBODY_ACTS = only("office", "advisor", answer=REFUSED)

DOORS = [
    page("assurance:version-list", INSIDE, DRAFT, "not published"),
    page("assurance:version-list", OF_PUBLISHED, PUBLISHED, "published"),
    page("assurance:version-compare", INSIDE, DRAFT, "not published"),
    page("assurance:version-compare", OF_PUBLISHED, PUBLISHED, "published"),
    page("assurance:version-read", only("office", "advisor", answer=MOVED), record("build")),
    Door("assurance:sign-off-ask", "asked already", office(MOVED), office(MOVED), DRAFT),
    Door("assurance:sign-off-ask", "published", signed_in(REFUSED), signed_in(REFUSED), PUBLISHED),
    page("assurance:sign-off-detail", INSIDE, record("sign_off")),
    Door("assurance:sign-off-sign", "", NOBODY_ACTS, NOBODY_ACTS, record("sign_off")),
    Door("assurance:sign-off-record", "", office(OK), office(INVALID), record("sign_off")),
    Door("assurance:sign-off-withdraw", "", office(OK), office(INVALID), record("sign_off")),
    Door("assurance:recipient-list", "not published", INSIDE, office(MOVED), DRAFT),
    Door("assurance:recipient-list", "published", OF_PUBLISHED, office_of_published(MOVED), PUBLISHED),
    Door("assurance:recipient-add", "not published", office(OK), office(INVALID), DRAFT),
    Door("assurance:recipient-add", "published", office_of_published(OK), office_of_published(INVALID), PUBLISHED),
    Door("assurance:recipient-change", "not published", office(OK), office(INVALID), record("recipient_of_draft")),
    Door("assurance:recipient-change", "published", office(OK), office(INVALID), record("recipient")),
    Door("assurance:recipient-sent", "not published", NOBODY_ACTS, NOBODY_ACTS, record("recipient_of_draft")),
    Door("assurance:recipient-sent", "published", office(OK), office(INVALID), record("recipient")),
    Door("assurance:recipient-mail", "not published", NOBODY_ACTS, NOBODY_ACTS, record("recipient_of_draft")),
    Door("assurance:recipient-mail", "published", office(OK), office(MOVED), record("recipient")),
    Door("assurance:recipient-list", "of none", signed_in(GONE), signed_in(GONE), lambda world: {"pk": 0}),
]
