"""Doors of the annual report's evidence and headings, and of a partnership's own rule set: see ``access_table.py``.

``report_evidence`` stands under the first heading of ``annual_report``, ``report_own_section`` is a heading of the
report's own; ``evidence_of_published`` is of ``published_report``. ``own_rule_set`` is the partnership's.
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

INSIDE = only("office", "advisor")
OFFICE = only("advisor", answer=REFUSED)
PUBLISHED = only("office", "advisor", otherwise=REFUSED)
OWN_READERS = only(*MEMBERS)
OWN_OFFICE = only(*MEMBERS, answer=REFUSED)


def office(answer):
    return OFFICE | {"office": answer}


def own(answer):
    return OWN_OFFICE | {"office": answer}


def section(world):
    return {"pk": world.annual_report.pk, "section_pk": world.report_evidence.section_id}


def own_section(world):
    return {"pk": world.annual_report.pk, "section_pk": world.report_own_section.pk}


def evidence(world):
    return {"pk": world.annual_report.pk, "evidence_pk": world.report_evidence.pk}


def published_section(world):
    return {"pk": world.published_report.pk, "section_pk": world.evidence_of_published.section_id}


def published_evidence(world):
    return {"pk": world.published_report.pk, "evidence_pk": world.evidence_of_published.pk}


def of_another_report(world):
    return {"pk": world.annual_report.pk, "evidence_pk": world.evidence_of_published.pk}


def heading_of(world):
    return {"pk": world.own_rule_set.pk, "unit": "heading"}


def pressed(name, place, answer, body, situation=""):
    return Door(name, situation, signed_in(METHOD), office(answer), place, lambda world: body)


def frozen(name, place, get=METHOD):
    return Door(name, "published", signed_in(get), signed_in(REFUSED), place)


DOORS = [
    page("assurance:report-evidence", INSIDE, section),
    page("assurance:report-evidence", PUBLISHED, published_section, "published"),
    pressed("assurance:evidence-use", evidence, MOVED, {"do": "take"}),
    pressed(
        "assurance:evidence-use", evidence, INVALID, {"do": "quote", "quote": "Not a word of it"}, "not a part of it"
    ),
    pressed("assurance:evidence-use", evidence, INVALID, {"do": "eat"}, "nothing that can be done"),
    pressed("assurance:evidence-use", of_another_report, GONE, {"do": "take"}, "of another report"),
    frozen("assurance:evidence-use", published_evidence),
    pressed("assurance:evidence-use-all", section, INVALID, {"do": "take"}, "of no kind"),
    pressed(
        "assurance:evidence-use-all",
        section,
        MOVED,
        {"do": "leave", "kind": "update", "shows": "how-much", "last": "1"},
    ),
    frozen("assurance:evidence-use-all", published_section),
    pressed("assurance:evidence-file", evidence, INVALID, {"section": "x"}),
    frozen("assurance:evidence-file", published_evidence),
    page("assurance:heading-list", INSIDE, record("annual_report")),
    page("assurance:heading-list", PUBLISHED, record("published_report"), "published"),
    Door("assurance:heading-add", "", office(OK), office(INVALID), record("annual_report")),
    frozen("assurance:heading-add", record("published_report"), REFUSED),
    Door("assurance:heading-change", "", office(OK), office(INVALID), section),
    frozen("assurance:heading-change", published_section, REFUSED),
    pressed("assurance:heading-move", own_section, MOVED, {"do": "up"}),
    frozen("assurance:heading-move", published_section),
    Door("assurance:heading-remove", "of our own", office(OK), office(MOVED), own_section),
    Door("assurance:heading-remove", "that a rule asks for", office(REFUSED), office(REFUSED), section),
    frozen("assurance:heading-remove", published_section, REFUSED),
    Door(
        "partnership:own-rule-set-add",
        "",
        only("office", "stranger", otherwise=REFUSED),
        only("office", "stranger", otherwise=REFUSED, answer=INVALID),
    ),
    Door(
        "partnership:rule-set-detail", "of our own", OWN_READERS, only(*MEMBERS, answer=METHOD), record("own_rule_set")
    ),
    Door("partnership:rule-set-change", "of our own", own(OK), own(INVALID), record("own_rule_set")),
    Door("partnership:rule-add", "of our own", OWN_OFFICE, OWN_OFFICE, record("own_rule_set")),
    Door("partnership:rule-change", "of our own", own(OK), own(INVALID), record("own_rule")),
    Door("partnership:own-rule-add", "", own(OK), own(INVALID), heading_of),
    Door(
        "partnership:own-rule-add",
        "of law",
        signed_in(REFUSED),
        signed_in(REFUSED),
        lambda world: {"pk": world.rule_set.pk, "unit": "heading"},
    ),
    Door("partnership:rule-move", "", signed_in(METHOD), own(MOVED), record("own_rule"), lambda world: {"do": "up"}),
    Door("partnership:rule-move", "of law", signed_in(METHOD), signed_in(REFUSED), record("rule")),
    Door("partnership:rule-remove", "", own(OK), own(MOVED), record("own_rule")),
    Door("partnership:rule-remove", "of law", signed_in(REFUSED), signed_in(REFUSED), record("rule")),
    page(
        "partnership:record-history", OWN_READERS, history("partnership.ruleset", "own_rule_set"), "of our own rule set"
    ),
]
