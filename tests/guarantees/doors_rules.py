"""Doors of rule sets and closures: see ``access_table.py``."""

from tests.guarantees.doors import (
    INVALID,
    MEMBERS,
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

READERS = [role for role in MEMBERS if role != "office"]


def administrators(name, place=lambda world: {}):
    return Door(
        name,
        "",
        only("administrator", otherwise=REFUSED),
        only("administrator", answer=INVALID, otherwise=REFUSED),
        place,
    )


def offices(name, place, *, hidden, answer=INVALID):
    """A form of the office; who may only read is refused, others are ``hidden``."""
    among = only(*READERS, answer=REFUSED, **hidden)
    return Door(name, "", among | {"office": OK}, among | {"office": answer}, place)


DOORS = [
    page("partnership:rule-set-list", signed_in(OK)),
    page("partnership:rule-set-detail", signed_in(OK), record("rule_set")),
    administrators("partnership:rule-set-add"),
    administrators("partnership:rule-set-change", record("rule_set")),
    administrators("partnership:rule-add", record("rule_set")),
    administrators("partnership:rule-change", record("rule")),
    page("partnership:record-history", signed_in(OK), history("partnership.ruleset", "rule_set"), "of a rule set"),
    page("partnership:record-history", signed_in(OK), history("partnership.rule", "rule"), "of a rule"),
    page(
        "partnership:closure-list",
        only(*MEMBERS, "administrator", otherwise=REFUSED),
        record("partnership"),
        "of a public partnership",
    ),
    page("partnership:closure-list", only("administrator"), record("closed_partnership"), "of a closed one"),
    offices("partnership:closure-add", record("partnership"), hidden={"otherwise": REFUSED}),
    offices("partnership:closure-change", record("closure"), hidden={}),
    offices("partnership:closure-remove", record("closure"), hidden={}, answer=MOVED),
    page("partnership:record-history", only(*MEMBERS), history("partnership.closure", "closure"), "of a closure"),
]
