"""Doors of scales, standard sets and the heat map: see ``access_table.py``."""

from tests.guarantees.doors import INVALID, MEMBERS, METHOD, MOVED, OK, REFUSED, Door, only, page, record, signed_in

KEEPERS = only("office", "administrator", "stranger", otherwise=REFUSED)
KEEPERS_INVALID = only("office", "administrator", "stranger", otherwise=REFUSED, answer=INVALID)
# Of our own partnership's: its people may look, its office may change, the administrator looks after all.
OWN = only(*MEMBERS, answer=REFUSED) | {"administrator": REFUSED}
# One that is being written: its office, and its advisor to read.
WRITTEN = only("office", "advisor", answer=REFUSED)


def written(world):
    return {"pk": world.standard_set_being_written.pk}


DOORS = [
    page("assurance:scale-list", signed_in(OK)),
    Door("assurance:scale-add", "", KEEPERS, KEEPERS_INVALID),
    Door("assurance:scale-change", "", OWN | {"office": OK}, OWN | {"office": INVALID}, record("scale")),
    page("assurance:standard-set-list", signed_in(OK)),
    Door("assurance:standard-set-add", "", KEEPERS, KEEPERS_INVALID),
    page(
        "assurance:standard-set-detail",
        only(*MEMBERS, "administrator"),
        record("standard_set"),
        situation="published",
    ),
    page("assurance:standard-set-detail", only("office", "advisor"), written, situation="being written"),
    Door("assurance:standard-set-change", "published", OWN, OWN, record("standard_set")),
    Door(
        "assurance:standard-set-change",
        "being written",
        WRITTEN | {"office": OK},
        WRITTEN | {"office": INVALID},
        written,
    ),
    Door("assurance:standard-set-publish", "nothing in it", signed_in(METHOD), WRITTEN | {"office": MOVED}, written),
    Door("assurance:standard-set-retire", "", signed_in(METHOD), OWN | {"office": MOVED}, record("standard_set")),
    Door(
        "assurance:standard-set-edition",
        "",
        OWN | {"office": OK, "administrator": OK},
        OWN | {"office": INVALID, "administrator": INVALID},
        record("standard_set"),
    ),
    page("assurance:standard-set-compare", signed_in("GONE"), record("standard_set"), situation="the first edition"),
    Door("assurance:standard-set-paste", "", WRITTEN | {"office": OK}, WRITTEN | {"office": INVALID}, written),
    Door("assurance:standard-add", "", WRITTEN | {"office": OK}, WRITTEN | {"office": INVALID}, written),
    Door(
        "assurance:standard-change",
        "published",
        OWN,
        OWN,
        lambda world: {"pk": world.standard_set.pk, "standard_pk": world.standard.pk},
    ),
    Door(
        "assurance:standard-remove",
        "published",
        signed_in(METHOD),
        OWN,
        lambda world: {"pk": world.standard_set.pk, "standard_pk": world.standard.pk},
    ),
    page("assurance:heat-map", signed_in(OK)),
]
