"""Doors of the competency framework, of who lacks what, and of practitioners: see ``access_table.py``.

``practitioner`` is of the partner's organisation, ``other_practitioner`` of the other partner's. The stranger is the
office of a partnership far away, and manages people there.
"""

from tests.guarantees.doors import (
    GONE,
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

RUN = ("office", "training_coordinator")
READ = only(*MEMBERS)
# Represents an organisation, or runs training.
MANAGERS = ("office", "lead", "partner", "other_partner", "training_coordinator", "stranger")
OWN = ("office", "training_coordinator", "partner")
OTHERS = ("office", "training_coordinator", "other_partner")


def runs(answer, **more):
    """``answer`` for whoever runs training; other members know of it and may not."""
    return only(*MEMBERS, answer=REFUSED) | dict.fromkeys(RUN, answer) | more


def manages(answer):
    return only(*MANAGERS, answer=answer, otherwise=REFUSED)


def own(world):
    return {"pk": world.partnership.pk}


def own_record(world):
    return {"pk": world.practitioner.pk, "record_pk": world.competency_record.pk}


def form(name, roles, place, situation=""):
    """A form of one record: 422 to an empty one."""
    return Door(f"training:{name}", situation, roles(OK), roles(INVALID), place)


def press(name, roles, place, situation=""):
    return Door(f"training:{name}", situation, signed_in(METHOD), roles(MOVED), place)


def of(*roles):
    return lambda answer: only(*roles, answer=answer)


DOORS = [
    page("training:framework", signed_in(OK)),
    Door("training:framework-change", "", runs(OK), runs(MOVED), own),
    page("training:framework-order", runs(OK), own),
    form("role-add-for", runs, own),
    form("competency-add-for", runs, own),
    page("training:role-detail", READ, record("work_role")),
    page("training:competency-detail", READ, record("competency")),
    form("role-change", runs, record("work_role")),
    form("competency-change", runs, record("competency")),
    form("role-months", runs, record("work_role")),
    press("role-move", runs, record("work_role")),
    press("competency-move", runs, record("competency")),
    press("role-remove", runs, record("work_role")),
    press("competency-remove", runs, record("competency")),
    page("training:role-detail", signed_in(GONE), lambda world: {"pk": 0}, "of none"),
    page("training:gap-list", signed_in(OK)),
    page("training:gap-detail", READ, record("competency")),
    page("training:practitioner-list", signed_in(OK)),
    Door("training:practitioner-add", "", manages(OK), manages(INVALID)),
    Door("training:practitioner-import", "", manages(OK), manages(INVALID)),
    Door("training:record-import", "", manages(OK), manages(INVALID)),
    page("training:practitioner-detail", only(*OWN), record("practitioner")),
    page("training:practitioner-detail", only(*OTHERS), record("other_practitioner"), "of another agency"),
    form("practitioner-change", of(*OWN), record("practitioner")),
    form("practitioner-change", of(*OTHERS), record("other_practitioner"), "of another agency"),
    form("practitioner-leave", of(*OWN), record("practitioner")),
    form("practitioner-merge", of(*OWN), record("practitioner")),
    form("practitioner-record-add", of(*OWN), record("practitioner")),
    press("practitioner-record-remove", of(*OWN), own_record),
    page(
        "partnership:record-history",
        only(*OWN),
        history("training.practitioner", "practitioner"),
        "of a practitioner",
    ),
]
