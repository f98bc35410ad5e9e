"""Doors of the calendar and its feeds: see ``access_table.py``."""

from tests.guarantees.doors import (
    GONE,
    INVALID,
    MEMBERS,
    METHOD,
    MOVED,
    OK,
    Door,
    everyone,
    only,
    page,
    record,
    signed_in,
)

DOORS = [
    page("partnership:calendar", signed_in(OK)),
    page("partnership:calendar-group", only(*MEMBERS), record("group")),
    page("partnership:deadline-list", signed_in(OK)),
    Door("partnership:calendar-feeds", "", signed_in(OK), signed_in(INVALID)),
    Door(
        "partnership:calendar-feed-revoke",
        "the lead's own",
        signed_in(METHOD),
        only("lead", answer=MOVED),
        record("feed"),
    ),
    Door(
        "partnership:calendar-feed",
        "no such address",
        everyone(GONE),
        everyone(METHOD),
        lambda world: {"token": "x" * 43},
    ),
]
