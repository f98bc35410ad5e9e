"""Doors of emergency access to cases: see ``access_table.py``."""

from tests.guarantees.doors import INVALID, METHOD, MOVED, OK, REFUSED, Door, only, page, record, signed_in

ASKS = only("office", "administrator")


def of_ours(world):
    return {"pk": world.partnership.pk}


def after(answers, answer):
    return {role: answer if each == OK else each for role, each in answers.items()}


DOORS = [
    page("partnership:emergency-list", only("office", "administrator", "case_group_member", "stranger")),
    Door("partnership:emergency-ask", "", ASKS, after(ASKS, INVALID), of_ours),
    page("partnership:emergency-detail", only("office", "case_group_member"), record("emergency")),
    Door(
        "partnership:emergency-allow",
        "",
        signed_in(METHOD),
        only("office", answer=REFUSED) | {"case_group_member": MOVED},
        record("emergency"),
    ),
    Door(
        "partnership:emergency-refuse",
        "",
        signed_in(METHOD),
        only("office", answer=REFUSED) | {"case_group_member": INVALID},
        record("emergency"),
    ),
    Door(
        "partnership:emergency-end",
        "",
        signed_in(METHOD),
        only("office", "case_group_member", answer=MOVED),
        record("emergency"),
    ),
]
