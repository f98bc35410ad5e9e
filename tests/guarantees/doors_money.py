"""Doors of money: see ``access_table.py``."""

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

AGREED = only(*MEMBERS, answer=REFUSED)  # read by all of the partnership, changed by its office
DRAFT = only("advisor", answer=REFUSED)  # seen by the office and the advisor alone


def draft_contribution(world):
    return {"pk": world.draft_budget.contributions.get().pk}


def draft_line(world):
    return {"pk": world.draft_budget.spending.get().pk}


def change(name, situation, place, among, office, body=lambda world: {}):
    """A form for the office: an empty answer is asked to be mended, unless ``office`` says otherwise."""
    return Door(name, situation, among | {"office": OK}, among | {"office": office}, place, body)


DOORS = [
    page("partnership:budget-list", signed_in(OK), post=METHOD),
    Door(
        "partnership:budget-add",
        "",
        only("office", "stranger", otherwise=REFUSED),
        only("office", "stranger", otherwise=REFUSED, answer=INVALID),
    ),
    page("partnership:budget-detail", only(*MEMBERS), record("budget"), "agreed"),
    page("partnership:budget-detail", only("office", "advisor"), record("draft_budget"), "draft"),
    page(
        "partnership:record-history", only(*MEMBERS), history("partnership.budgetyear", "budget"), "of an agreed budget"
    ),
    change("partnership:budget-change", "agreed", record("budget"), AGREED, INVALID),
    change("partnership:budget-change", "draft", record("draft_budget"), DRAFT, INVALID),
    Door("partnership:budget-agree", "agreed already", AGREED | {"office": REFUSED}, AGREED, record("budget")),
    change("partnership:budget-agree", "draft", record("draft_budget"), DRAFT, INVALID),
    change("partnership:budget-close", "agreed", record("budget"), AGREED, INVALID),
    Door(
        "partnership:budget-close",
        "draft",
        DRAFT | {"office": REFUSED},
        DRAFT | {"office": REFUSED},
        record("draft_budget"),
    ),
    change("partnership:contributions-change", "agreed", record("budget"), AGREED, INVALID),
    change("partnership:contributions-change", "draft", record("draft_budget"), DRAFT, INVALID),
    change("partnership:contribution-add", "agreed", record("budget"), AGREED, INVALID),
    change("partnership:contribution-add", "draft", record("draft_budget"), DRAFT, INVALID),
    change("partnership:contribution-change", "of an agreed budget", record("contribution"), AGREED, INVALID),
    change("partnership:contribution-change", "of a draft", draft_contribution, DRAFT, INVALID),
    Door("partnership:contribution-remove", "of an agreed budget", AGREED, AGREED, record("contribution")),
    change("partnership:contribution-remove", "of a draft", draft_contribution, DRAFT, MOVED),
    change("partnership:spending-add", "agreed", record("budget"), AGREED, INVALID),
    change("partnership:spending-add", "draft", record("draft_budget"), DRAFT, INVALID),
    change("partnership:spending-change", "of an agreed budget", record("spending_line"), AGREED, INVALID),
    change("partnership:spending-change", "of a draft", draft_line, DRAFT, INVALID),
    Door("partnership:spending-remove", "of an agreed budget", AGREED, AGREED, record("spending_line")),
    change("partnership:spending-remove", "of a draft", draft_line, DRAFT, MOVED),
]
