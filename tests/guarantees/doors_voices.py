"""Doors of the register of voices and of what the public reads of it: see ``access_table.py``."""

from tests.guarantees.doors import (
    GONE,
    INVALID,
    MEMBERS,
    MOVED,
    OK,
    REFUSED,
    Door,
    closed,
    only,
    ours,
    page,
    public,
    record,
    signed_in,
)

INSIDE = only(*MEMBERS, answer=REFUSED)
OFFICES = only("office", "stranger", otherwise=REFUSED)
TELLERS = ["office", "chair", "lead", "partner", "other_partner", "executive_chair", "scrutiny_chair", "stranger"]

DOORS = [
    page("assurance:voice-list", signed_in(OK)),
    page("assurance:voice-gaps", signed_in(OK)),
    Door(
        "assurance:voice-add",
        "",
        only(*TELLERS, otherwise=REFUSED),
        only(*TELLERS, otherwise=REFUSED, answer=INVALID),
    ),
    Door("assurance:voice-offers", "", OFFICES, only("office", "stranger", otherwise=REFUSED, answer=MOVED)),
    page("assurance:voice-detail", only(*MEMBERS), record("voice_entry")),
    Door(
        "assurance:voice-change",
        "that an organisation told",
        INSIDE | {"office": OK, "partner": OK},
        INSIDE | {"office": INVALID, "partner": INVALID},
        record("voice_of_partner"),
    ),
    Door(
        "assurance:voice-change",
        "told to the public",
        INSIDE | {"office": OK},
        INSIDE | {"office": INVALID},
        record("voice_of_group"),
    ),
    Door(
        "assurance:voice-did",
        "that an organisation heard",
        INSIDE | {"office": OK, "partner": OK},
        INSIDE | {"office": INVALID, "partner": INVALID},
        record("voice_of_partner"),
    ),
    Door(
        "assurance:voice-did",
        "that a group heard",
        INSIDE | {"office": OK, "scrutiny_chair": OK},
        INSIDE | {"office": INVALID, "scrutiny_chair": INVALID},
        record("voice_of_group"),
    ),
    Door(
        "assurance:voice-publish",
        "without an answer",
        INSIDE | {"office": MOVED},
        INSIDE | {"office": MOVED},
        record("voice_entry"),
    ),
    Door(
        "assurance:voice-publish",
        "with one",
        INSIDE | {"office": OK},
        INSIDE | {"office": INVALID},
        record("voice_of_group"),
    ),
    public("assurance:public-voices", ours),
    public("assurance:public-voices", closed, "not open to the public", GONE),
]
