"""Doors of practitioner surveys and of an organisation's pack: see ``access_table.py``."""

from assurance.practitioners import LINKS
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
    record,
    signed_in,
)

OFFICES = only("office", "stranger", otherwise=REFUSED)
OFFICES_INVALID = only("office", "stranger", otherwise=REFUSED, answer=INVALID)
# A survey: its office and its advisor; nobody else learns of it.
OFFICE = only("office", "advisor", answer=REFUSED)


def link(world):
    invitation = world.survey_invitation
    return {"token": LINKS.sign(f"{invitation.pk.hex}.{invitation.generation}")}


def old_link(world):
    return {"token": LINKS.sign(f"{world.survey_invitation.pk.hex}.9")}


def of_invitation(world):
    return {"pk": world.practitioner_survey.pk, "invitation_pk": world.survey_invitation.pk}


def pack_of(name):
    return lambda world: {"pk": getattr(world, name).organisation_id}


# A pack: the organisation's own people and the office; others of the partnership know of the organisation alone.
PACK = only(*MEMBERS, "administrator", answer=REFUSED) | {"office": OK, "partner": OK}

DOORS = [
    *(page(f"assurance:organisation-pack{kind}", PACK, pack_of("draft_return")) for kind in ("", "-pdf", "-xlsx")),
    page("assurance:practitioner-survey-list", signed_in(OK)),
    Door("assurance:practitioner-survey-add", "", OFFICES, OFFICES_INVALID),
    page("assurance:practitioner-survey", only("office", "advisor"), record("practitioner_survey")),
    Door(
        "assurance:practitioner-survey-change",
        "",
        OFFICE | {"office": OK},
        OFFICE | {"office": INVALID},
        record("practitioner_survey"),
    ),
    Door("assurance:practitioner-survey-link", "", signed_in(METHOD), OFFICE | {"office": MOVED}, of_invitation),
    Door("assurance:practitioner-survey-given", "", signed_in(METHOD), OFFICE | {"office": MOVED}, of_invitation),
    Door("assurance:survey-answer", "", everyone(OK), everyone(INVALID), link),
    Door("assurance:survey-answer", "an old link", everyone(GONE), everyone(GONE), old_link),
]
