"""Who answers for whom today, and a signed link in the outbox that opens somebody's lines."""

from datetime import timedelta

from assurance.sample.people import LEARNING, chair_of
from plans.deputies import cover, hand_on
from plans.models import Deliverable
from plans.tasks import mail_fresh_link

AWAY, HANDS_ON = "named-nurse", "virtual-school"
HELPS_OUT, HAS_A_LINK = "Greta Holloway", "Delia Marchetti"


def load_deputies(cast, plan):
    """One lead is away and one handed a line on, both to people of the demo's accounts."""
    people = {user.name: user for user in cast.holders.values()}
    at = cast.calendar.moment(cast.calendar.today, hour=7)
    cover(
        given_by=cast.holders[AWAY],
        given_to=cast.holders[chair_of(LEARNING)],
        starts_on=cast.calendar.today - timedelta(days=3),
        ends_on=cast.calendar.today + timedelta(days=11),
        note="On leave. The figures for the clinic are with my team’s secretary.",
        by=cast.holders[AWAY],
        at=at,
    )
    lead = cast.holders[HANDS_ON]
    post = cast.posts[HANDS_ON]
    row = Deliverable.objects.filter(priority__plan=plan, leads__post=post).order_by("priority__position", "pk").first()
    hand_on(
        row,
        round=plan.rounds.newest_answerable_on(cast.calendar.today).get(),
        given_by=lead,
        given_to=people[HELPS_OUT],
        note="You ran the sessions, so you know best how they went.",
        by=lead,
        at=at,
    )
    mail_fresh_link(people[HAS_A_LINK].pk)
