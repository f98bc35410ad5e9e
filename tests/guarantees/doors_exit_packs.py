"""Doors of exit packs: see ``access_table.py``.

``exit_pack`` was made without cases for the office; the stranger is the office of a partnership far away.
"""

from tests.guarantees.doors import INVALID, METHOD, MOVED, OK, REFUSED, Door, only, page, record, signed_in

ASKS = only("office", "administrator", "stranger", otherwise=REFUSED)
OURS = only("office", "administrator")

DOORS = [
    Door(
        "partnership:exit-pack-list", "", ASKS, {role: INVALID if each == OK else each for role, each in ASKS.items()}
    ),
    page("partnership:exit-pack-detail", OURS, record("exit_pack")),
    page("partnership:exit-pack-download", OURS, record("exit_pack")),
    Door(
        "partnership:exit-pack-again",
        "",
        signed_in(METHOD),
        only("office", "administrator", answer=MOVED),
        record("exit_pack"),
    ),
]
