"""Doors of audits: see ``access_table.py``.

The office, the advisor and the group that carries an audit out read all that was submitted; the office and the group's
chair change it; an agency reads and writes its own gradings; members read what they were told.
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

AUDIT, PLANNED, TOLD = record("audit"), record("audit_planned"), record("audit_told")
DRAFT, SUBMITTED = record("audit_grading_draft"), record("audit_grading")
FINDING = record("audit_finding")
AGENCIES = ["partner", "other_partner"]
PLANNERS = ["office", "chair", "scrutiny_chair", "executive_chair", "stranger"]


def changed(answer):
    """Of an audit for which agencies were asked: the office and the group's chair."""
    return only("advisor", *AGENCIES, answer=REFUSED) | {"office": answer, "scrutiny_chair": answer}


def prepared(answer):
    """Of one that is only planned, by no group."""
    return only("advisor", answer=REFUSED) | {"office": answer}


def of_told(answer):
    return only(*MEMBERS, answer=REFUSED) | {"office": answer, "scrutiny_chair": answer}


def own(answer):
    return only("partner", answer=answer)


def case(world):
    return {"pk": world.audit.pk, "case_pk": world.audit_case.pk}


def question(world):
    return {"pk": world.audit_grading_draft.pk, "question_pk": world.audit_question.pk}


def section(world):
    return {"pk": world.audit_grading_draft.pk, "section_pk": world.audit_section.pk}


READ = changed(OK) | {"advisor": OK}

DOORS = [
    page("assurance:audit-list", signed_in(OK)),
    Door(
        "assurance:audit-add",
        "",
        only(*PLANNERS, otherwise=REFUSED),
        only(*PLANNERS, answer=INVALID, otherwise=REFUSED),
    ),
    page("assurance:audit-detail", only("office", "advisor", "scrutiny_chair", *AGENCIES), AUDIT, "agencies grade"),
    page("assurance:audit-detail", only("office", "advisor"), PLANNED, "planned"),
    page("assurance:audit-detail", only(*MEMBERS), TOLD, "told"),
    page("partnership:record-history", READ, history("assurance.audit", "audit"), "an audit"),
    page("partnership:record-history", of_told(OK) | {"advisor": OK}, history("assurance.audit", "audit_told"), "told"),
    Door("assurance:audit-change", "", changed(OK), changed(INVALID), AUDIT),
    Door("assurance:audit-change", "told", of_told(MOVED), of_told(MOVED), TOLD),
    Door("assurance:audit-tool", "planned", prepared(OK), prepared(INVALID), PLANNED),
    Door("assurance:audit-tool", "agencies grade", changed(MOVED), changed(MOVED), AUDIT),
    Door("assurance:audit-cases", "planned", prepared(OK), prepared(INVALID), PLANNED),
    Door("assurance:audit-cases", "agencies grade", changed(OK), changed(INVALID), AUDIT),
    Door("assurance:audit-ask", "planned", signed_in(METHOD), prepared(INVALID), PLANNED),
    Door("assurance:audit-ask", "agencies grade", signed_in(METHOD), changed(MOVED), AUDIT),
    Door("assurance:audit-grading", "a draft", own(OK), own(MOVED), DRAFT),
    Door(
        "assurance:audit-grading",
        "submitted",
        only("office", "advisor", "scrutiny_chair", "other_partner"),
        only("office", "advisor", "scrutiny_chair", answer=REFUSED) | {"other_partner": MOVED},
        SUBMITTED,
    ),
    Door("assurance:audit-answer-save", "a draft", signed_in(METHOD), own(OK), question),
    Door("assurance:audit-grade-save", "a draft", signed_in(METHOD), own(OK), section),
    Door("assurance:audit-grade-save", "a draft, in all", signed_in(METHOD), own(OK), DRAFT),
    Door("assurance:audit-grading-submit", "a draft", own(OK), own(INVALID), DRAFT),
    Door(
        "assurance:audit-grading-submit",
        "submitted",
        *[only("office", "advisor", "scrutiny_chair", answer=REFUSED) | {"other_partner": MOVED}] * 2,
        SUBMITTED,
    ),
    Door("assurance:audit-hand-back", "a draft", own(REFUSED), own(REFUSED), DRAFT),
    Door(
        "assurance:audit-hand-back",
        "submitted",
        only("advisor", "scrutiny_chair", "other_partner", answer=REFUSED) | {"office": OK},
        only("advisor", "scrutiny_chair", "other_partner", answer=REFUSED) | {"office": INVALID},
        SUBMITTED,
    ),
    Door("assurance:audit-moderate", "", READ, changed(INVALID), AUDIT),
    Door("assurance:audit-moderate-case", "", changed(OK), changed(MOVED), case),
    Door("assurance:audit-finding-add", "", changed(OK), changed(INVALID), AUDIT),
    Door(
        "assurance:audit-finding-change",
        "",
        only("office", "scrutiny_chair") | {"advisor": REFUSED},
        only("office", "scrutiny_chair", answer=INVALID) | {"advisor": REFUSED},
        FINDING,
    ),
    Door(
        "assurance:audit-finding-recommend",
        "",
        only("advisor", "scrutiny_chair", answer=REFUSED) | {"office": OK},
        only("advisor", "scrutiny_chair", answer=REFUSED) | {"office": INVALID},
        FINDING,
    ),
    Door(
        "assurance:audit-release",
        "grades not agreed",
        *[changed(REFUSED) | {"office": MOVED}] * 2,
        AUDIT,
    ),
    Door("assurance:audit-close", "", changed(OK), changed(INVALID), AUDIT),
    Door("assurance:audit-again", "told", signed_in(METHOD), of_told(MOVED), TOLD),
]
