"""T1: who is let into cases in an emergency reads all of it for those hours, and can change nothing by any address."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from partnership.models import EmergencyAccess
from tests.guarantees.access_table import DOORS
from tests.guarantees.doors import GONE, METHOD, OK
from tests.guarantees.test_access import DENIED, answer_of, knock
from tests.guarantees.walks import MORNING, browser

pytestmark = pytest.mark.django_db

ROLE, GROUP = "administrator", "case_group_member"
OF_REVIEWS = [door for door in DOORS if door.name.startswith("reviews:")]
# How long cases are kept, and what was deleted, is for those who sit in the group.
THE_GROUPS_OWN = {"reviews:kept-list"}
READING = [
    door
    for door in OF_REVIEWS
    if door.get[GROUP] == OK and door.post[GROUP] == METHOD and door.name not in THE_GROUPS_OWN
]
DOING = [door for door in OF_REVIEWS if door.post[GROUP] != METHOD]


@pytest.fixture
def let_in(world):
    """An administrator, who is otherwise of no partnership, so that each door that opens opens by this alone."""
    EmergencyAccess.objects.filter(pk=world.emergency.pk).update(
        asked_by=world.people[ROLE],
        allowed_by=world.people["executive_chair"],
        allowed_at=MORNING,
        ends_at=MORNING + timedelta(hours=4),
    )


def walk(world, doors, method):
    """{door: (what is answered, how many rows were written)} in the midst of those hours."""
    client, found = browser(world, ROLE), {}
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        for door in doors:
            body = {"csrfmiddlewaretoken": "", **door.body(world)} if method == "post" else None
            response, rows = knock(client, method, reverse(door.name, kwargs=door.place(world)), body)
            found[str(door)] = answer_of(response), rows
    return found


def test_they_read_what_the_group_reads(world, let_in):
    answers = walk(world, READING, "get")
    assert {door: answer for door, (answer, _rows) in answers.items() if answer != OK} == {}
    assert {"reviews:case-detail", "reviews:review-detail", "reviews:recommendation-detail (of a case)"} <= set(answers)
    assert {"reviews:learning-list", "reviews:learning-themes", "reviews:briefing-detail (of a review)"} <= set(answers)


def test_each_reading_of_what_is_restricted_is_recorded(world, let_in):
    answers = walk(world, READING, "get")
    unseen = [door for door in answers if "(of a case)" in door or "(of a review)" in door]
    assert [door for door in unseen if answers[door][1] == 0] == []


def test_they_change_nothing(world, let_in):
    """But what an administrator may do anyway."""
    own = {str(door) for door in DOING if door.post[ROLE] not in DENIED}
    answers = walk(world, DOING, "post")
    assert {door: answer for door, answer in answers.items() if answer[0] not in DENIED or answer[1]}.keys() <= own
    assert len(DOING) > 70


def test_after_those_hours_there_is_nothing(world, let_in):
    EmergencyAccess.objects.update(ended_at=MORNING)
    doors = [door for door in READING if door.get[ROLE] == GONE]
    assert {answer for answer, _rows in walk(world, doors, "get").values()} == {GONE}
