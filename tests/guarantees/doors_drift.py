"""Doors of a plan's drift, of what stood still and of its pictures: see ``access_table.py``.

Who answers and who does not is for the office and the advisor; the pictures are for the plan's own people.
"""

from tests.guarantees.doors import INVALID, MEMBERS, METHOD, MOVED, REFUSED, Door, only, page, record, signed_in

OVERSEERS = ("office", "advisor")


def line(world):
    """2.1, whose leads are vacant, so that nobody is asked."""
    return {"pk": world.plan.pk, "key": f"nobody:{world.plan.priorities.get(position=2).deliverables.get().pk}"}


DOORS = [
    page("plans:drift-list", only(*OVERSEERS, otherwise=REFUSED), record("plan"), "published"),
    page("plans:drift-list", only(*OVERSEERS), record("draft_plan"), "draft"),
    Door(
        "plans:drift-set-aside",
        "",
        only("office", otherwise=REFUSED),
        only("office", otherwise=REFUSED, answer=INVALID),
        line,
    ),
    Door(
        "plans:drift-take-back",
        "",
        signed_in(METHOD),
        only("office", otherwise=REFUSED, answer=MOVED),
        line,
    ),
    page("plans:standstill", only(*OVERSEERS, otherwise=REFUSED), record("plan"), "published"),
    page("plans:standstill", only(*OVERSEERS), record("draft_plan"), "draft"),
    page("plans:standstill-word", only(*OVERSEERS, otherwise=REFUSED), record("plan"), "published"),
    page("plans:standstill-word", only(*OVERSEERS), record("draft_plan"), "draft"),
    Door(
        "plans:standstill-note",
        "",
        only("office", otherwise=REFUSED),
        only("office", otherwise=REFUSED, answer=INVALID),
        record("led_deliverable"),
    ),
    Door(
        "plans:standstill-note",
        "of a draft",
        only("office") | {"advisor": REFUSED},
        only("office", answer=INVALID) | {"advisor": REFUSED},
        record("draft_deliverable"),
    ),
    page("plans:plan-pictures", only(*MEMBERS, otherwise=REFUSED), record("plan"), "published"),
    page("plans:plan-pictures", only(*OVERSEERS), record("draft_plan"), "draft"),
    page("plans:plan-pictures", only(*MEMBERS), record("consulted_plan"), "out for comment"),
]
