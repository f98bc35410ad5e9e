"""Doors of one's own account, and of what an office does for its people's: see ``access_table.py``."""

from tests.guarantees.doors import GONE, METHOD, MOVED, OK, Door, page, signed_in


def nobodys(world):
    """A session of nobody who asks."""
    return {"pk": 999_999_998}


OWN = [
    page("partnership:account", signed_in(OK)),
    page("partnership:session-list", signed_in(OK)),
    Door("partnership:session-end", "another’s", signed_in(METHOD), signed_in(GONE), nobodys),
    Door("partnership:session-end-others", "", signed_in(METHOD), signed_in(MOVED)),
    Door("partnership:account-stay", "", signed_in(METHOD), signed_in("204")),
    Door("partnership:typed-before", "", signed_in(OK), signed_in(MOVED)),
]

DOORS = [*OWN]
