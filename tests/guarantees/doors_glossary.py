"""Doors of the glossary: see ``access_table.py``."""

from tests.guarantees.doors import (
    INVALID,
    MEMBERS,
    METHOD,
    MOVED,
    OK,
    REFUSED,
    Door,
    history,
    only,
    page,
    record,
    signed_in,
)

READERS = [role for role in MEMBERS if role != "office"]
HIDDEN = only(*READERS, answer=REFUSED)  # of those outside nobody learns what is explained
OF_THE_PARTNERSHIP = only(*READERS, otherwise=REFUSED, answer=REFUSED)  # a public one is known to all

DOORS = [
    page("partnership:glossary", signed_in(OK)),
    Door(
        "partnership:glossary-add",
        "",
        OF_THE_PARTNERSHIP | {"office": OK},
        OF_THE_PARTNERSHIP | {"office": INVALID},
        record("partnership"),
    ),
    Door(
        "partnership:glossary-usual",
        "",
        signed_in(METHOD),
        OF_THE_PARTNERSHIP | {"office": MOVED},
        record("partnership"),
    ),
    Door(
        "partnership:glossary-change",
        "",
        HIDDEN | {"office": OK},
        HIDDEN | {"office": INVALID},
        record("glossary_term"),
    ),
    Door(
        "partnership:glossary-remove",
        "",
        HIDDEN | {"office": OK},
        HIDDEN | {"office": MOVED},
        record("glossary_term"),
    ),
    page(
        "partnership:record-history",
        only(*MEMBERS),
        history("partnership.glossaryterm", "glossary_term"),
        "of a term of the glossary",
    ),
]
