"""Doors of what changed between two versions: see ``access_table.py``.

Whoever may see the plan may compare what they may see of it; of what they may not, the tests of the page say more.
"""

from tests.guarantees.doors import MEMBERS, OK, only, page, record, signed_in

DOORS = [
    page("plans:version-compare", only("office", "advisor"), record("draft_plan"), "draft"),
    page("plans:version-compare", only(*MEMBERS), record("consulted_plan"), "out for comment"),
    page("plans:version-compare", signed_in(OK), record("plan"), "published"),
]
