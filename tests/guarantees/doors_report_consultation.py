"""Doors of consultations on a draft of the annual report, and of cover reports: see ``access_table.py``.

Members are asked by ``consultation``, where the partner has commented, and were by ``consultation_closed``; a committee
is asked by ``consultation_committee``, whose paper is ``cover``. The other partner is a member too.
"""

from tests.guarantees.doors import (
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

ASKED = only(*MEMBERS)
OFFICE_OF_MEMBERS = only(*MEMBERS, answer=REFUSED)
INSIDE = only("office", "advisor")
OFFICE = INSIDE | {"advisor": REFUSED}
COMMITTEE, CLOSED = record("consultation_committee"), record("consultation_closed")
MEMBERS_ASKED = record("consultation")
COMMENT = record("consultation_comment")
COVER, BUILD = record("cover"), record("cover_build")


def of_report(world):
    return {"pk": world.consultation.report_id}


def section(world):
    return {"pk": world.cover.pk, "section_pk": world.cover_section.pk}


def run(answer):
    return OFFICE_OF_MEMBERS | {"office": answer}


def office(answer):
    return OFFICE | {"office": answer}


def posted(name, answer, place, situation="", inside=OFFICE):
    """An address that is only posted to, by the office."""
    return Door(name, situation, signed_in(METHOD), inside | {"office": answer}, place)


MENDS = INSIDE | {"office": REFUSED, "advisor": REFUSED, "partner": OK}

DOORS = [
    page("assurance:consultation-list", INSIDE, of_report),
    Door("assurance:consultation-open", "", OFFICE, office(INVALID), of_report),
    page("assurance:consultation-detail", ASKED, MEMBERS_ASKED),
    page("assurance:consultation-detail", INSIDE, COMMITTEE, "of a committee"),
    page("assurance:consultation-detail", ASKED, CLOSED, "closed"),
    Door("assurance:consultation-change", "", run(OK), run(INVALID), MEMBERS_ASKED),
    posted("assurance:consultation-close", MOVED, MEMBERS_ASKED, inside=OFFICE_OF_MEMBERS),
    Door("assurance:consultation-reopen", "", run(OK), run(INVALID), CLOSED),
    Door("assurance:consultation-reopen", "that is open", run(MOVED), run(INVALID), MEMBERS_ASKED),
    Door("assurance:consultation-reopen", "of a committee, that is open", office(MOVED), office(INVALID), COMMITTEE),
    page("assurance:consultation-proof", ASKED, MEMBERS_ASKED),
    page("assurance:consultation-proof", INSIDE, COMMITTEE, "of a committee"),
    page("assurance:consultation-draft", ASKED, MEMBERS_ASKED),
    page("assurance:consultation-draft", INSIDE, COMMITTEE, "of a committee"),
    page("assurance:consultation-comments", ASKED, MEMBERS_ASKED),
    page("assurance:consultation-comments", INSIDE, COMMITTEE, "of a committee"),
    page("assurance:consultation-comments", ASKED, CLOSED, "closed"),
    Door("assurance:comment-add", "", ASKED, only(*MEMBERS, answer=INVALID), MEMBERS_ASKED),
    Door("assurance:comment-add", "of a committee", OFFICE | {"office": REFUSED}, office(REFUSED), COMMITTEE),
    Door("assurance:comment-add", "closed", only(*MEMBERS, answer=MOVED), only(*MEMBERS, answer=INVALID), CLOSED),
    Door("assurance:comment-enter", "", run(OK), run(INVALID), MEMBERS_ASKED),
    Door("assurance:comment-enter", "of a committee", OFFICE, office(INVALID), COMMITTEE),
    Door("assurance:comment-change", "", MENDS, MENDS | {"partner": INVALID}, COMMENT),
    Door("assurance:comment-take-back", "", signed_in(METHOD), MENDS | {"partner": MOVED}, COMMENT),
    Door(
        "assurance:comment-answer",
        "",
        OFFICE | {"partner": REFUSED},
        office(INVALID) | {"partner": REFUSED},
        COMMENT,
    ),
    posted("assurance:comment-note", MOVED, COMMENT, inside=OFFICE | {"partner": REFUSED}),
    posted("assurance:cover-begin", MOVED, COMMITTEE),
    page("assurance:cover-detail", INSIDE, COVER),
    Door("assurance:cover-change", "", OFFICE, office(INVALID), COVER),
    posted("assurance:cover-draft", MOVED, COVER),
    Door("assurance:cover-section-change", "", OFFICE, office(INVALID), section),
    Door("assurance:cover-section-add", "", OFFICE, office(INVALID), COVER),
    posted("assurance:cover-section-move", MOVED, section),
    posted("assurance:cover-section-remove", MOVED, section),
    posted("assurance:cover-make", MOVED, COVER),
    page("assurance:cover-build", INSIDE, BUILD),
    page("assurance:cover-pdf", INSIDE, BUILD),
    page("assurance:cover-word", INSIDE, BUILD),
    page("partnership:record-history", INSIDE, history("assurance.coverreport", "cover"), "of a cover report"),
    page("partnership:record-history", INSIDE, history("assurance.coversection", "cover_section"), "of its section"),
    page(
        "partnership:record-history",
        OFFICE_OF_MEMBERS | {"office": OK},
        history("assurance.reportconsultation", "consultation"),
        "of a consultation",
    ),
]
