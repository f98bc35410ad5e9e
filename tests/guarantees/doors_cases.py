"""Doors of cases and their stages, and of the Panel's letters: see ``access_table.py``."""

from reviews.deletion import digest, what_goes
from tests.guarantees.doors import INVALID, METHOD, MOVED, REFUSED, Door, only, page, record, signed_in

GROUP = "case_group_member"


def stage(code):
    return lambda world: {"pk": world.case.pk, "code": code}


def form(name, place, situation=""):
    """A form that the group alone may fill in, sent back empty."""
    return Door(name, situation, only(GROUP), only(GROUP, answer=INVALID), place)


def button(name, place, situation=""):
    return Door(name, situation, signed_in(METHOD), only(GROUP, answer=MOVED), place)


DOORS = [
    Door("reviews:case-list", "", only(GROUP), only(GROUP, answer=METHOD)),
    page("reviews:case-detail", only(GROUP), record("case")),
    form("reviews:case-add", lambda world: {}),
    form("reviews:case-change", record("case")),
    form("reviews:case-close", record("case")),
    form("reviews:case-not-met", record("case")),
    button("reviews:case-reopen", record("case")),
    page("reviews:kept-list", only(GROUP)),
    form("reviews:case-delete", record("case"), "before its time is up"),
    form("reviews:case-delete", record("over_case"), "once its time is up"),
    Door(
        "reviews:case-delete-confirm",
        "",
        signed_in(METHOD),
        only(GROUP, answer=MOVED),
        record("over_case"),
        lambda world: {"seen": digest(what_goes(world.over_case))},
    ),
    Door("reviews:case-delete-withdraw", "", signed_in(METHOD), only(GROUP, answer=INVALID), record("over_case")),
    form("reviews:case-hold", record("over_case")),
    form("reviews:case-hold-lift", record("case")),
    form("reviews:stage-record", stage("rapid-review")),
    form("reviews:stage-leave-out", stage("rapid-review")),
    form("reviews:stage-plan", stage("rapid-review")),
    button("reviews:stage-undo", stage("notified")),
    Door(
        "reviews:theme-list",
        "",
        only("administrator", otherwise=REFUSED),
        only("administrator", answer=INVALID, otherwise=REFUSED),
    ),
    Door(
        "reviews:theme-retire",
        "",
        signed_in(METHOD),
        only("administrator", answer=MOVED, otherwise=REFUSED),
        lambda world: {"pk": world.theme.pk},
    ),
    form("reviews:letter-add", record("case")),
    form("reviews:letter-change", record("panel_letter")),
    # An answer that is still being written is kept too.
    Door("reviews:letter-answer", "", only(GROUP), only(GROUP, answer=MOVED), record("panel_letter")),
]
