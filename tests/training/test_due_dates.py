"""What training has that is due: of a coordinator, and of a partnership that has none."""

from datetime import UTC, date, datetime, timedelta

import pytest

from partnership.deadlines import Owner, deadlines
from partnership.models import Post
from training.deadlines import events, registers
from training.models import Event

pytestmark = pytest.mark.django_db
TODAY = date(2027, 1, 12)
HELD = datetime(2027, 1, 11, 9, 30, tzinfo=UTC)


def due(kind, event):
    return next((each for each in deadlines(on=TODAY) if each.key == f"{kind}:{event.pk}"), None)


@pytest.fixture
def held(event):
    """Yesterday; its register is open."""
    Event.objects.filter(pk=event.pk).update(starts_at=HELD, ends_at=HELD + timedelta(hours=3))
    return event


@pytest.mark.parametrize("kind", ["event", "register"])
def test_where_nobody_coordinates_training_its_partnerships_still_know(kind, request, partnership, other_partnership):
    event = request.getfixturevalue("event" if kind == "event" else "held")
    found = due(kind, event)
    assert (found.owners, found.partnership_ids) == ((Owner(""),), {partnership.pk, other_partnership.pk})


@pytest.mark.parametrize(("kind", "source"), [("event", events), ("register", registers)])
def test_a_coordinator_owes_it_in_their_own_partnership_alone(
    kind, source, request, training_coordinator, partnership, other_partnership
):
    event = request.getfixturevalue("event" if kind == "event" else "held")
    post = Post.objects.get(duty=Post.Duty.TRAINING)
    post.partnerships.set([partnership])
    found = due(kind, event)
    assert ({owner.post_id for owner in found.owners}, found.partnership_ids) == (
        {post.pk},
        {partnership.pk, other_partnership.pk},
    )
    assert [(row["deadline_post"], row["deadline_partnership"]) for row in source(TODAY)] == [(post.pk, partnership.pk)]


@pytest.mark.parametrize(
    ("day", "begins", "is_due"),
    [
        (date(2027, 7, 1), datetime(2027, 6, 30, 23, 0, tzinfo=UTC), True),  # midnight in London in summer
        (date(2027, 7, 1), datetime(2027, 6, 30, 22, 59, tzinfo=UTC), False),
        (date(2027, 2, 1), datetime(2027, 2, 1, 0, 0, tzinfo=UTC), True),
        (date(2027, 2, 1), datetime(2027, 1, 31, 23, 59, tzinfo=UTC), False),
    ],
)
def test_an_event_comes_up_from_the_midnight_of_this_country(event, training_coordinator, day, begins, is_due):
    Event.objects.filter(pk=event.pk).update(starts_at=begins, ends_at=begins + timedelta(hours=3))
    assert events(day).exists() is is_due
