"""Doors of contributions to the annual report and of the scrutineer's statement: see ``access_table.py``.

``contribution_draft`` is the partner's organisation's, ``contribution_submitted`` the other partner's. The statement is
a draft. What stands around a published report is for those inside, like what stands around a draft.
"""

from tests.guarantees.doors import GONE, INVALID, METHOD, MOVED, OK, REFUSED, Door, history, only, page, record

report = record("annual_report")
published = record("published_report")
draft = record("contribution_draft")
submitted = record("contribution_submitted")
CONFLICT = "409"
INSIDE = only("office", "advisor")
INSIDE_ONLY = only("office", "advisor", otherwise=REFUSED)  # a published report is everybody's to see
OFFICE = INSIDE | {"advisor": REFUSED}
ADVISOR = INSIDE | {"office": REFUSED}
OF_DRAFT = only("office", "advisor", "partner")
NOT_YET = only("office", "advisor", "partner", answer=REFUSED)
OF_SUBMITTED = only("office", "advisor", "other_partner")


def office(answer):
    return OFFICE | {"office": answer}


def advisor(answer):
    return ADVISOR | {"advisor": answer}


def written_for(door, own, answer):
    """Its own organisation is let in; those inside may see the contribution and not write in it."""
    return door | {"office": REFUSED, "advisor": REFUSED, own: answer}


def office_of(door, own, answer):
    """The office alone may do it; whoever else reads the contribution may not."""
    return door | {"office": answer, "advisor": REFUSED, own: REFUSED}


def answer_of(name, key="contribution_draft"):
    return lambda world: {"pk": getattr(world, key).pk, "name": name}


SAID = {"did-text": "We trained forty people.", "did-seen": ""}

DOORS = [
    page("assurance:contribution-list", INSIDE, report),
    page("assurance:contribution-list", INSIDE_ONLY, published, situation="of a published one"),
    Door("assurance:contribution-ask", "", office(OK), office(INVALID), report),
    Door("assurance:contribution-chase", "", only(otherwise=METHOD), office(MOVED), report),
    page("assurance:contribution-detail", OF_DRAFT, draft),
    page("assurance:contribution-detail", OF_SUBMITTED, submitted, situation="submitted"),
    Door(
        "assurance:contribution-answer",
        "",
        written_for(OF_DRAFT, "partner", OK),
        written_for(OF_DRAFT, "partner", MOVED),
        draft,
    ),
    Door(
        "assurance:contribution-answer",
        "submitted",
        written_for(OF_SUBMITTED, "other_partner", MOVED),
        written_for(OF_SUBMITTED, "other_partner", CONFLICT),
        submitted,
    ),
    Door(
        "assurance:contribution-save",
        "",
        only(otherwise=METHOD),
        written_for(OF_DRAFT, "partner", CONFLICT),
        answer_of("did"),
        lambda world: SAID,
    ),
    Door(
        "assurance:contribution-submit",
        "with gaps, and read long ago",
        only(otherwise=METHOD),
        written_for(OF_DRAFT, "partner", CONFLICT),
        draft,
    ),
    Door(
        "assurance:contribution-give-back",
        "",
        office_of(OF_SUBMITTED, "other_partner", OK),
        office_of(OF_SUBMITTED, "other_partner", INVALID),
        submitted,
    ),
    Door("assurance:contribution-give-back", "a draft", NOT_YET, NOT_YET, draft),
    Door("assurance:contribution-shorten", "a draft", NOT_YET, NOT_YET, draft),
    Door(
        "assurance:contribution-shorten",
        "",
        office_of(OF_SUBMITTED, "other_partner", OK),
        office_of(OF_SUBMITTED, "other_partner", MOVED),
        submitted,
    ),
    Door(
        "assurance:contribution-day",
        "",
        office_of(OF_DRAFT, "partner", OK),
        office_of(OF_DRAFT, "partner", INVALID),
        draft,
    ),
    Door(
        "assurance:contribution-withdraw",
        "",
        office_of(OF_DRAFT, "partner", OK),
        office_of(OF_DRAFT, "partner", INVALID),
        draft,
    ),
    page("assurance:statement-detail", INSIDE, report),
    page("assurance:statement-detail", INSIDE_ONLY, published, situation="of a published one"),
    Door("assurance:statement-write", "", advisor(OK), advisor(MOVED), report),
    Door("assurance:statement-give", "", advisor(OK), advisor(CONFLICT), report),
    Door(
        "assurance:statement-answer",
        "nothing is given",
        ADVISOR | {"office": GONE, "advisor": REFUSED},
        ADVISOR | {"office": GONE, "advisor": REFUSED},
        report,
    ),
    Door("assurance:statement-day", "", office(OK), office(MOVED), report),
    page("partnership:record-history", OF_DRAFT, history("assurance.reportcontribution", "contribution_draft")),
]
