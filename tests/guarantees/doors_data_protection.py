"""Doors of what is held about people: see ``access_table.py``."""

from tests.guarantees.doors import REFUSED, only, page

LOOKS_AFTER_IT = only("office", "administrator", "stranger", otherwise=REFUSED)

DOORS = [
    page("partnership:data-protection", LOOKS_AFTER_IT),
    page("partnership:data-map", LOOKS_AFTER_IT),
]
