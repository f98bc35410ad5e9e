"""Doors of meetings: see ``access_table.py``."""

from tests.guarantees.doors import (
    GONE,
    INVALID,
    MEMBERS,
    METHOD,
    MOVED,
    OK,
    REFUSED,
    Door,
    closed,
    only,
    ours,
    page,
    public,
    record,
    signed_in,
)

# Those of the partnership may look; its office and the group's chair may do.
LOOK = only(*MEMBERS)
RUN = ("office", "chair")


def runs(answer):
    """``answer`` for those who run the group; refused to the others of the partnership."""
    return only(*MEMBERS, answer=REFUSED) | dict.fromkeys(RUN, answer)


def for_its_members(answer):
    """What a case review group does: to nobody else is it there."""
    return only("case_group_member", answer=answer)


def case_group(world):
    return {"pk": world.case_meeting.group_id}


def verb(name, place, *, get=OK, post=INVALID, situation="", body=lambda world: {}):
    """Something that those who run the group do on a page of its own."""
    return Door(f"partnership:{name}", situation, runs(get), runs(post), record(place), body=body)


def press(name, place, *, situation=""):
    """A button without a page of its own."""
    return Door(f"partnership:{name}", situation, signed_in(METHOD), runs(MOVED), record(place))


CASES = "of a case review group"

MEETINGS = [
    page("partnership:meeting-list", signed_in(OK)),
    page("partnership:group-meetings", LOOK, record("group")),
    page("partnership:group-meetings", for_its_members(OK), case_group, CASES),
    verb("meetings-plan", "group"),
    Door("partnership:meetings-plan", CASES, for_its_members(REFUSED), for_its_members(REFUSED), case_group),
    verb("meeting-add", "group"),
    page("partnership:meeting-detail", LOOK, record("meeting"), "planned"),
    page("partnership:meeting-detail", LOOK, record("held_meeting"), "held"),
    page("partnership:meeting-detail", for_its_members(OK), record("case_meeting"), CASES),
    verb("meeting-change", "meeting", post=MOVED),
    Door(
        "partnership:meeting-change",
        CASES,
        for_its_members(REFUSED),
        for_its_members(REFUSED),
        record("case_meeting"),
    ),
    verb("meeting-move", "meeting", situation="planned"),
    verb("meeting-move", "held_meeting", get=MOVED, post=MOVED, situation="held"),
    verb("meeting-cancel", "meeting", situation="planned"),
    verb("meeting-cancel", "held_meeting", get=MOVED, post=MOVED, situation="held"),
    verb("meeting-minutes", "meeting", get=MOVED, post=MOVED, situation="to come"),
    verb("meeting-minutes", "held_meeting", post=MOVED, situation="held"),
    verb("meeting-attendance", "held_meeting"),
    Door("partnership:meeting-agree-minutes", "held", signed_in(METHOD), runs(INVALID), record("held_meeting")),
    public("partnership:public-meetings", ours),
    public("partnership:public-meetings", closed, "not open to the public", GONE),
]

AGENDA = [
    page("partnership:forward-plan", LOOK, record("group")),
    page("partnership:forward-plan", for_its_members(OK), case_group, CASES),
    verb("item-add", "group"),
    page("partnership:item-detail", LOOK, record("agenda_item")),
    verb("item-change", "agenda_item"),
    press("item-place", "agenda_item"),
    press("item-shift", "agenda_item"),
    Door("partnership:standing-items", "", LOOK, runs(INVALID), record("group")),
    Door("partnership:standing-items", CASES, for_its_members(OK), for_its_members(REFUSED), case_group),
]

ATTENDANCE = [
    page("partnership:group-attendance", LOOK, record("group")),
    page("partnership:group-attendance", for_its_members(OK), case_group, CASES),
]

ACTIONS = [
    page("partnership:action-list", signed_in(OK)),
    verb("action-add", "group"),
    Door("partnership:action-add", CASES, for_its_members(REFUSED), for_its_members(REFUSED), case_group),
    page("partnership:action-detail", LOOK, record("meeting_action")),
    verb("action-change", "meeting_action"),
    Door(
        "partnership:action-update",
        "led by lead’s post",
        runs(OK) | {"lead": OK},
        runs(INVALID) | {"lead": INVALID},
        record("meeting_action"),
    ),
]

DOORS = [*MEETINGS, *AGENDA, *ATTENDANCE, *ACTIONS]
