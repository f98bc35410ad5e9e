"""Doors of the register, of signing in, of certificates and of a practitioner's own record: see ``access_table.py``.

``event`` is still to come, ``event_held`` was in November; ``place_attended`` is a place at that.
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
    everyone,
    only,
    page,
    public,
    record,
    signed_in,
)
from training.links import PLACE, RECORDS, token_of

# Every member knows of the event; who was there is for whoever runs the training.
RUNNERS = only(*MEMBERS, answer=REFUSED) | {"office": OK, "training_coordinator": OK}
# A place at it: one's own people are known too, and not more than that.
OF_PLACE = only("office", "training_coordinator") | {"partner": REFUSED}


def runners(answer):
    return RUNNERS | {"office": answer, "training_coordinator": answer}


def of_place(answer):
    return OF_PLACE | {"office": answer, "training_coordinator": answer}


def held_place(world):
    return {"pk": world.event_held.pk, "place_pk": world.place_attended.pk}


def place_elsewhere(world):
    return {"pk": world.event.pk, "place_pk": world.place_attended.pk}


def link(world):
    return {"token": token_of(PLACE, world.place_attended)}


def link_to_come(world):
    return {"token": token_of(PLACE, world.place)}


def old_link(world):
    return {"token": PLACE.signer.sign(f"{world.place_attended.pk}.9")}


def own_record(world):
    return {"token": RECORDS.sign(str(world.practitioner.pk))}


def own_certificate(world):
    return own_record(world) | {"pk": world.place_attended.pk}


def another_certificate(world):
    return {"token": RECORDS.sign(str(world.other_practitioner.pk)), "pk": world.place_attended.pk}


def wrong(_world):
    return {"token": "wrong"}


DOORS = [
    page("training:register", RUNNERS, record("event_held")),
    page("training:register", RUNNERS, record("event_cancelled"), "called off"),
    page("training:register", signed_in(GONE), lambda world: {"pk": 0}, "of none"),
    Door("training:register-mark", "", signed_in(METHOD), runners(MOVED), held_place, lambda world: {"do": "came"}),
    Door("training:register-mark", "nothing to do", signed_in(METHOD), runners(GONE), held_place),
    Door(
        "training:register-mark",
        "a place elsewhere",
        signed_in(METHOD),
        runners(GONE),
        place_elsewhere,
        lambda world: {"do": "came"},
    ),
    Door("training:register-everyone", "", signed_in(METHOD), runners(MOVED), record("event_held")),
    Door("training:register-add", "", RUNNERS, runners(INVALID), record("event_held")),
    Door("training:register-add", "still to come", runners(MOVED), runners(MOVED), record("event")),
    Door("training:register-code", "", RUNNERS, runners(MOVED), record("event")),
    Door("training:register-close", "", RUNNERS, runners(MOVED), record("event_held")),
    Door("training:register-open", "", signed_in(METHOD), runners(MOVED), record("event_held")),
    page("training:register-paper", RUNNERS, record("event_held")),
    page("training:certificates", RUNNERS, record("event_held")),
    page("training:certificates", runners(MOVED), record("event"), "still to come"),
    page("training:certificate", OF_PLACE, record("place_attended")),
    page("training:certificate", of_place(MOVED), record("place"), "not earned"),
    Door("training:certificate-name", "", OF_PLACE, of_place(INVALID), record("place_attended")),
    public("training:certificate-check"),
    Door("training:sign-in", "", everyone(OK), everyone(INVALID)),
    Door("training:place-sign-in", "", everyone(METHOD), everyone(INVALID), link_to_come),
    Door("training:place-sign-in", "an old link", everyone(METHOD), everyone(GONE), old_link),
    public("training:place-certificate", link),
    public("training:place-certificate", link_to_come, "not earned", MOVED),
    public("training:place-certificate", old_link, "an old link", GONE),
    Door("training:record-ask", "", everyone(OK), everyone(INVALID)),
    public("training:record-asked"),
    *(public(f"training:record-{kind}", own_record) for kind in ("open", "pdf", "xlsx")),
    *(public(f"training:record-{kind}", wrong, "an old link", GONE) for kind in ("open", "pdf", "xlsx")),
    public("training:record-certificate", own_certificate),
    public("training:record-certificate", another_certificate, "of another practitioner", GONE),
]
