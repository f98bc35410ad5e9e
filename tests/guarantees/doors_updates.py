"""Doors of answering a round, its evidence and the dates asked for: see ``access_table.py``."""

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
    page,
    record,
    signed_in,
)

# 1.1 is answered by the lead who holds its post and by the office, 1.2 by the chair of its group.
LED = {"led_deliverable": ("office", "lead"), "group_deliverable": ("office", "chair")}
NOBODY = "00000000-0000-0000-0000-000000000000"


def answering(name, row, answer, *, get=MOVED):
    """A button of one line: whoever opens its address after signing in again is led to the page."""
    shown = signed_in(get) if get == METHOD else only(*LED[row], answer=get, otherwise=REFUSED)
    allowed = only(*LED[row], answer=answer, otherwise=REFUSED)
    return Door(f"plans:update-{name}", f"of {row}", shown, allowed, record(row))


def activity(world):
    activity = world.led_milestone.activity
    return {"pk": activity.deliverable_id, "activity_pk": activity.pk}


DOORS = [
    page("plans:updates", signed_in(OK)),
    Door("plans:update-send", "with nothing typed", signed_in(MOVED), signed_in(MOVED)),
    *[answering("send-one", row, INVALID) for row in LED],
    *[answering("same", row, INVALID) for row in ["group_deliverable"]],
    *[answering("draft", row, OK, get=METHOD) for row in LED],
    *[answering("evidence-add", row, MOVED) for row in LED],
    page("plans:update-words", only("office", "lead", otherwise=REFUSED), activity),
    Door(
        "plans:update-evidence-remove",
        "that does not exist",
        signed_in(GONE),
        signed_in(GONE),
        lambda world: {"pk": NOBODY},
    ),
    page("plans:date-move-list", only("office", "advisor"), record("draft_plan"), "of a draft plan"),
    page("plans:date-move-list", only(*MEMBERS, otherwise=REFUSED), record("plan"), "of a published plan"),
    Door("plans:date-move-decide", "that does not exist", signed_in(GONE), signed_in(GONE), lambda world: {"pk": 0}),
    page("plans:evidence-file", signed_in(GONE), lambda world: {"pk": NOBODY}, "that does not exist"),
]
