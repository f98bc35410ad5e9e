"""Doors of reminders, of their days and of one's own choices: see ``access_table.py``."""

from tests.guarantees.doors import (
    INVALID,
    METHOD,
    MOVED,
    OK,
    REFUSED,
    Door,
    everyone,
    only,
    page,
    record,
    signed_in,
)

OFFICES = ("office", "stranger")  # the stranger is the business manager of another partnership


def asked_for(world):
    """The milestone of deliverable 1.1, of which its lead is told."""
    milestone = world.led_milestone
    return {
        "key": f"milestone:{milestone.pk}",
        "due_on": milestone.due_on.isoformat(),
        "person": world.people["lead"].pk,
    }


def policy(world):
    return {"kind": "milestone", "pk": world.partnership.pk}


DOORS = [
    Door(
        "partnership:reminder-list",
        "",
        only(*OFFICES, otherwise=REFUSED),
        only(*OFFICES, answer=MOVED, otherwise=REFUSED),
    ),
    page("partnership:reminder-sent", only(*OFFICES, otherwise=REFUSED)),
    page("partnership:bounce-list", only(*OFFICES, otherwise=REFUSED)),
    page("partnership:preference-list", only(*OFFICES, otherwise=REFUSED)),
    Door("partnership:reminder-pause", "", only("office"), only("office", answer=INVALID), asked_for),
    Door("partnership:reminder-skip", "", only("office"), only("office", answer=INVALID), asked_for),
    Door("partnership:reminder-send-now", "", only("office"), only("office", answer=INVALID), asked_for),
    Door("partnership:reminder-pause-lift", "", signed_in(METHOD), only("office", answer=MOVED), record("pause")),
    Door("partnership:bounce-clear", "", only("office"), only("office", answer=INVALID), record("bounce")),
    page("partnership:reminder-policies", only(*OFFICES, "administrator", otherwise=REFUSED)),
    Door(
        "partnership:reminder-policy-change",
        "of the installation",
        only("administrator", otherwise=REFUSED),
        only("administrator", answer=INVALID, otherwise=REFUSED),
        lambda world: {"kind": "milestone"},
    ),
    Door(
        "partnership:reminder-policy-change",
        "of ours",
        only("office", otherwise=REFUSED),
        only("office", answer=INVALID, otherwise=REFUSED),
        policy,
    ),
    Door("partnership:preferences", "", signed_in(OK), signed_in(INVALID)),
    Door(
        "partnership:unsubscribe",
        "the lead's own",
        everyone(OK),
        everyone(OK),
        lambda world: {"token": world.unsubscribe_token},
    ),
    page("partnership:outbox", signed_in(OK)),
    page("partnership:outbox-mail", signed_in(OK), record("mail")),
]
