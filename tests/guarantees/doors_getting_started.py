"""A new partnership's first steps: its office and the administrator; see ``access_table.py``."""

from tests.guarantees.doors import METHOD, MOVED, REFUSED, Door, only, page, record, signed_in

DOORS = [
    page(
        "assurance:getting-started-choose",
        only("office", "administrator", otherwise=REFUSED) | {"stranger": MOVED},  # has one partnership only
    ),
    page("assurance:getting-started", only("office", "administrator", otherwise=REFUSED), record("partnership")),
    Door(
        "assurance:getting-started-put-away",
        "",
        signed_in(METHOD),
        only("office", "administrator", "stranger", answer=MOVED, otherwise=REFUSED),
    ),
]
