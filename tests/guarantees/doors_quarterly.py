"""Doors of the quarterly reports: see ``access_table.py``.

Drafts are for the office, the advisor and the plan's two groups; the group that scrutinises writes, the one that
decides changes what it was given; members read what is published.
"""

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
    record,
    signed_in,
)

READERS = ("office", "advisor", "executive_chair", "scrutiny_chair")
READ = only(*READERS)
INSIDE = only(*MEMBERS)
NOT_YET = only(*READERS, answer=REFUSED)


def writing(answer, **more):
    """For the office and the chair of the group that writes; other readers are refused."""
    return NOT_YET | {"office": answer, "scrutiny_chair": answer} | more


def office_of_published(answer):
    return only(*MEMBERS, answer=REFUSED) | {"office": answer}


def draft_page(world):
    return {"pk": world.quarter_draft.pk, "page": "words"}


def no_page(world):
    return {"pk": world.quarter_draft.pk, "page": "line:0"}


DRAFT, PUBLISHED = record("quarter_draft"), record("quarter_published")

DOORS = [
    page("assurance:quarterly-list", signed_in(OK)),
    Door(
        "assurance:quarterly-begin",
        "",
        signed_in(METHOD),
        only(*MEMBERS, answer=REFUSED) | {"office": MOVED, "scrutiny_chair": MOVED},
        record("round_open"),
    ),
    page("assurance:quarterly-detail", READ, DRAFT, "a draft"),
    page("assurance:quarterly-detail", INSIDE, PUBLISHED, "published"),
    page("partnership:record-history", READ, history("assurance.quarterlyreport", "quarter_draft"), "a quarter"),
    page(
        "partnership:record-history",
        only(*MEMBERS, answer=REFUSED) | dict.fromkeys(READERS, OK),
        history("assurance.quarterlyreport", "quarter_published"),
        "of a published quarter",
    ),
    Door("assurance:quarterly-words", "", writing(OK), writing(MOVED), DRAFT),
    Door("assurance:quarterly-words", "published", *[only(*MEMBERS, answer=REFUSED)] * 2, PUBLISHED),
    Door("assurance:quarterly-results", "", writing(OK), writing(MOVED), DRAFT),
    Door("assurance:quarterly-line", "", writing(OK), writing(MOVED), record("quarter_line")),
    Door("assurance:quarterly-draft", "", signed_in(METHOD), writing(MOVED), draft_page),
    Door("assurance:quarterly-draft", "no such page", signed_in(METHOD), writing(GONE), no_page),
    Door("assurance:quarterly-evidence", "", signed_in(METHOD), writing(MOVED), record("quarter_evidence")),
    Door("assurance:quarterly-gather", "", signed_in(METHOD), writing(MOVED), DRAFT),
    Door("assurance:quarterly-promise-add", "", writing(OK), writing(INVALID), DRAFT),
    Door("assurance:quarterly-promise-change", "", writing(OK), writing(INVALID), record("quarter_promise")),
    Door("assurance:quarterly-give", "", signed_in(METHOD), writing(MOVED), DRAFT),
    Door("assurance:quarterly-make", "", signed_in(METHOD), writing(MOVED, executive_chair=MOVED), DRAFT),
    page("assurance:quarterly-build", READ, record("quarter_build")),
    page("assurance:quarterly-file", READ, DRAFT, "a draft"),
    page("assurance:quarterly-word", READ, DRAFT, "a draft"),
    page("assurance:quarterly-file", INSIDE, PUBLISHED, "published"),
    page("assurance:quarterly-word", INSIDE, PUBLISHED, "published"),
    Door("assurance:quarterly-publish", "not given to the board", NOT_YET, NOT_YET, DRAFT),
    Door("assurance:quarterly-publish", "published", office_of_published(MOVED), office_of_published(MOVED), PUBLISHED),
    Door("assurance:quarterly-correct", "", office_of_published(OK), office_of_published(INVALID), PUBLISHED),
]
