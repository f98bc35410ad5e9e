"""Doors of scrutiny and of the words of judgement: see ``access_table.py``.

Office, advisor and the group read; the chair and the office judge; the organisation reads what it is told.
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
    only,
    ours,
    page,
    record,
    signed_in,
)

READERS = only("office", "advisor", "scrutiny_chair")
WRITTEN = only("office", "advisor", "scrutiny_chair", answer=INVALID)
INSIDE = only(*MEMBERS, answer=REFUSED)


def judged(answer):
    return only("office", "scrutiny_chair", answer=answer) | {"advisor": REFUSED}


def given(world):
    return {"pk": world.return_copy.record_id, "slug": world.partnership.slug}


def not_given(world):
    return {"pk": world.draft_return.pk, "slug": world.partnership.slug}


def asked(world):
    return {"pk": world.request_asked.pk, "slug": world.partnership.slug}


def planned(world):
    return {"pk": world.request_planned.pk, "slug": world.partnership.slug}


SCRUTINY = [
    Door("assurance:scrutiny-list", "", READERS, only("office", "advisor", "scrutiny_chair", answer=METHOD), asked),
    Door("assurance:scrutiny-list", "nothing is sent", signed_in(GONE), signed_in(GONE), planned),
    Door("assurance:scrutiny-detail", "", READERS, judged(INVALID), given),
    Door("assurance:scrutiny-detail", "not submitted", signed_in(GONE), signed_in(GONE), not_given),
    Door("assurance:scrutiny-comment", "", signed_in(METHOD), WRITTEN, given),
    Door("assurance:scrutiny-action", "", signed_in(METHOD), judged(INVALID), given),
    Door(
        "assurance:scrutiny-respond",
        "",
        signed_in(METHOD),
        only("advisor", "scrutiny_chair", answer=REFUSED) | {"office": MOVED},
        given,
    ),
    Door(
        "assurance:scrutiny-read",
        "",
        signed_in(METHOD),
        only("office", "advisor", "scrutiny_chair", answer=REFUSED) | {"other_partner": MOVED},
        record("scrutiny_response"),
    ),
]

LEVELS = [
    page("assurance:level-list", signed_in(OK)),
    Door(
        "assurance:level-add",
        "",
        only("administrator", otherwise=REFUSED),
        only("administrator", otherwise=REFUSED, answer=INVALID),
    ),
    Door("assurance:level-add-own", "", INSIDE | {"office": OK}, INSIDE | {"office": INVALID}, ours),
    Door("assurance:level-begin", "", signed_in(METHOD), INSIDE | {"office": MOVED}, ours),
    Door(
        "assurance:level-change",
        "",
        INSIDE | {"office": OK, "administrator": REFUSED},
        INSIDE | {"office": INVALID, "administrator": REFUSED},
        record("assurance_level"),
    ),
    Door(
        "assurance:level-retire",
        "",
        signed_in(METHOD),
        INSIDE | {"office": MOVED, "administrator": REFUSED},
        record("assurance_level"),
    ),
]


def of_panel(world):
    return {"pk": world.moderation_panel.pk}


def scored(world):
    return {**of_panel(world), "return_pk": world.self_assessment.pk}


def not_in_panel(world):
    return {**of_panel(world), "return_pk": world.submitted_return.pk}


def assessed(world):
    return {"pk": world.self_assessment_request.pk, "slug": world.partnership.slug}


PANELS = [
    Door("assurance:panel-add", "", judged(OK), judged(INVALID), assessed),
    Door("assurance:panel-add", "without standards", *[judged(GONE)] * 2, asked),
    page("assurance:panel-detail", READERS, of_panel),
    page("assurance:panel-excel", READERS, of_panel),
    Door("assurance:panel-change", "", judged(OK), judged(INVALID), of_panel),
    Door("assurance:panel-close", "", judged(OK), judged(INVALID), of_panel),
    Door("assurance:moderated-score", "", judged(OK), judged(MOVED), scored),
    Door("assurance:moderated-score", "not in the sample", signed_in(GONE), signed_in(GONE), not_in_panel),
]


def written(answer):
    """The office writes; the advisor and the group read what is written."""
    return only("advisor", "scrutiny_chair", answer=REFUSED) | {"office": answer}


def of_section(world):
    return {"pk": world.thematic_summary.pk, "section_pk": world.summary_section.pk}


SUMMARY = record("thematic_summary")

SUMMARIES = [
    Door("assurance:summary-add", "", signed_in(METHOD), written(MOVED), asked),
    page("assurance:summary-detail", READERS, SUMMARY),
    page("assurance:summary-answers", READERS, SUMMARY),
    page("assurance:summary-pdf", READERS, SUMMARY),
    page("assurance:summary-word", READERS, SUMMARY),
    Door("assurance:summary-change", "", written(OK), written(MOVED), SUMMARY),
    Door("assurance:summary-section-add", "", written(OK), written(INVALID), SUMMARY),
    Door("assurance:summary-section-change", "", written(OK), written(INVALID), of_section),
    Door("assurance:summary-section-remove", "", signed_in(METHOD), written(MOVED), of_section),
    Door("assurance:summary-release", "", written(OK), written(MOVED), SUMMARY),
]

DOORS = [*SCRUTINY, *LEVELS, *PANELS, *SUMMARIES]
