"""Doors of who answers for whom: see ``access_table.py``."""

from tests.guarantees.doors import INVALID, MEMBERS, MOVED, OK, REFUSED, Door, only, page, record, signed_in

ABOUT_IT = ("office", "lead", "partner")
INSIDE = (*MEMBERS, "stranger")

DOORS = [
    page("plans:delegation-list", signed_in(OK)),
    Door(
        "plans:delegation-add",
        "led by lead’s post",
        only("office", "lead", otherwise=REFUSED),
        only("office", "lead", otherwise=REFUSED, answer=INVALID),
        record("led_deliverable"),
    ),
    Door(
        "plans:delegation-add",
        "led by chair’s group",
        only("office", "chair", otherwise=REFUSED),
        only("office", "chair", otherwise=REFUSED, answer=INVALID),
        record("group_deliverable"),
    ),
    Door(
        "plans:cover-add",
        "",
        only(*INSIDE, otherwise=REFUSED),
        only(*INSIDE, otherwise=REFUSED, answer=INVALID),
    ),
    Door("plans:delegation-end", "", only(*ABOUT_IT), only(*ABOUT_IT, answer=MOVED), record("delegation")),
]
