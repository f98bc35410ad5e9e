"""How the installation runs: see ``access_table.py``."""

from tests.guarantees.doors import REFUSED, only, page

DOORS = [page("partnership:operations", only("administrator", otherwise=REFUSED))]
