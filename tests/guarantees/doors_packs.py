"""Doors of papers and board packs: see ``access_table.py``."""

from tests.guarantees.doors import INVALID, MEMBERS, METHOD, MOVED, OK, REFUSED, Door, only, page, record, signed_in

# What those who run a group may do; its other people may only read.
RUN = only(*MEMBERS, answer=REFUSED)

DOORS = [
    Door(
        "partnership:paper-add",
        "",
        RUN | {"office": OK, "chair": OK, "lead": OK},
        RUN | {"office": INVALID, "chair": INVALID, "lead": INVALID},
        record("agenda_item"),
    ),
    page("partnership:paper-download", only(*MEMBERS), record("paper")),
    Door(
        "partnership:paper-withdraw",
        "",
        signed_in(METHOD),
        RUN | {"office": MOVED, "chair": MOVED},
        record("paper"),
    ),
    Door(
        "partnership:paper-move",
        "",
        signed_in(METHOD),
        RUN | {"office": MOVED, "chair": MOVED},
        record("paper"),
    ),
    Door(
        "partnership:pack-list",
        "",
        only(*MEMBERS),
        only(*MEMBERS, answer=MOVED),
        record("meeting"),
    ),
    Door(
        "partnership:pack-list",
        "of a case review group",
        only("case_group_member"),
        only("case_group_member", answer=MOVED),
        record("case_meeting"),
    ),
    page("partnership:pack-detail", only(*MEMBERS), record("pack")),
    page("partnership:pack-pdf", only(*MEMBERS), record("pack")),
    page("partnership:pack-word", only(*MEMBERS), record("pack")),
]
