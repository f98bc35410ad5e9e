"""Doors of bringing actions from a spreadsheet: see ``access_table.py``.

What is staged is for those who run the group alone; to everybody else it is not there.
"""

from tests.guarantees.doors import INVALID, MOVED, OK, REFUSED, Door, only, page, record
from tests.guarantees.doors_meetings import CASES, RUN, case_group, for_its_members, runs

DOORS = [
    Door("partnership:action-import-upload", "", runs(OK), runs(INVALID), record("group")),
    Door("partnership:action-import-upload", CASES, for_its_members(REFUSED), for_its_members(REFUSED), case_group),
    page("partnership:action-import-preview", only(*RUN), record("action_import")),
    page("partnership:action-import-preview", only(), record("case_action_import"), CASES),
    Door(
        "partnership:action-import-confirm",
        "",
        only(*RUN, answer=MOVED),
        only(*RUN, answer=MOVED),
        record("action_import"),
    ),
    Door("partnership:action-import-confirm", CASES, only(), only(), record("case_action_import")),
]
