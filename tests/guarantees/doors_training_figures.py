"""Doors of training's figures and charges: see ``access_table.py``.

``statement`` is the partner's organisation's; ``place`` is of it too.
"""

from tests.guarantees.doors import GONE, INVALID, METHOD, MOVED, OK, REFUSED, Door, only, page, record, signed_in

RUN = ("office", "training_coordinator")
OWN = (*RUN, "partner")
RUNNERS = only(*RUN, "stranger", otherwise=REFUSED)  # the stranger is an office of its own


def place_of(organisation):
    return lambda world: {
        "partnership_pk": world.partnership.pk,
        "organisation_pk": getattr(world, organisation).organisation_id,
    }


DOORS = [
    page("training:figures", signed_in(OK)),
    page("training:figures-file", signed_in(OK)),
    page("training:charges", signed_in(OK)),
    page("assurance:learning-by-agency", signed_in(OK)),
    page(
        "training:charges-file", signed_in(OK) | dict.fromkeys(["administrator", "leaver", "former_case_member"], GONE)
    ),
    Door("training:charge-draft", "", only(*OWN), only(*RUN, answer=MOVED) | {"partner": REFUSED}, place_of("place")),
    Door(
        "training:charge-draft",
        "of another organisation",
        only(*RUN, "other_partner"),
        only(*RUN, answer=MOVED) | {"other_partner": REFUSED},
        place_of("place_waiting"),
    ),
    page("training:statement-detail", only(*OWN), record("statement")),
    page("training:statement-pdf", only(*OWN), record("statement")),
    page("training:statement-xlsx", only(*OWN), record("statement")),
    Door("training:import", "", RUNNERS, RUNNERS | dict.fromkeys((*RUN, "stranger"), INVALID)),
    Door("training:import-preview", "", only(*RUN), only(*RUN, answer=MOVED), record("training_import")),
    Door("training:import-confirm", "", signed_in(METHOD), only(*RUN, answer=MOVED), record("training_import")),
    Door("training:import-take-back", "", signed_in(METHOD), only(*RUN, answer=MOVED), record("training_import")),
    page("training:year-file", RUNNERS),
    page("training:statement-detail", signed_in(GONE), lambda world: {"pk": 0}, "of none"),
]
