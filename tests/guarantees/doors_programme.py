"""Doors of courses, events, the calendar and the rules of training: see ``access_table.py``."""

from tests.guarantees.doors import (
    GONE,
    INVALID,
    MEMBERS,
    MOVED,
    OK,
    REFUSED,
    Door,
    closed,
    history,
    only,
    ours,
    page,
    public,
    record,
    signed_in,
)

RUNNERS = ("office", "training_coordinator")
READERS = only(*MEMBERS)
WRITERS = only(*MEMBERS, answer=REFUSED) | dict.fromkeys(RUNNERS, OK)


def written(answer):
    return WRITERS | dict.fromkeys(RUNNERS, answer)


ADDERS = signed_in(REFUSED) | dict.fromkeys((*RUNNERS, "stranger"), OK)  # the stranger: an office of its own


def own(world):
    return {"pk": world.partnership.pk}


def ours_and(name):
    return lambda world: {"slug": world.partnership.slug, "pk": getattr(world, name).pk}


def closed_and(name):
    return lambda world: {**closed(world), "pk": getattr(world, name).pk}


def form(name, place, situation="", get=WRITERS, answer=INVALID):
    return Door(f"training:{name}", situation, get, written(answer), place)


DOORS = [
    page("training:course-list", signed_in(OK)),
    Door("training:course-add", "", ADDERS, ADDERS | dict.fromkeys((*RUNNERS, "stranger"), INVALID)),
    page("training:course-detail", READERS, record("course")),
    page("training:course-detail", signed_in(GONE), lambda world: {"pk": 0}, "of none"),
    form("course-change", record("course")),
    form("course-retire", record("course"), answer=MOVED),
    form("event-add", record("course")),
    form("event-change", record("event")),
    form("event-change", record("event_cancelled"), "called off", written(MOVED), MOVED),
    form("event-again", record("event")),
    form("event-again", record("event_cancelled"), "called off"),
    form("event-call-off", record("event")),
    form("event-call-off", record("event_cancelled"), "called off", written(MOVED), MOVED),
    page("training:calendar", signed_in(OK)),
    page(
        "training:policies", signed_in(OK) | dict.fromkeys(("lead", "partner", "case_group_member", "stranger"), MOVED)
    ),
    page("training:policy", READERS, own),
    Door("training:policy-change", "", WRITERS, written(INVALID), own),
    public("training:public-calendar", ours),
    public("training:public-calendar", closed, "not open to the public", GONE),
    public("training:public-event", ours_and("event")),
    public("training:public-event", ours_and("event_cancelled"), "called off"),
    public("training:public-event", closed_and("event"), "not open to the public", GONE),
    page("partnership:record-history", READERS, history("training.course", "course"), "of a course"),
    page("partnership:record-history", WRITERS, history("training.event", "event"), "of an event"),
]
