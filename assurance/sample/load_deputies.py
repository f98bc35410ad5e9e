"""Who answers for whom today, and a signed link in the outbox that opens somebody's lines."""

from datetime import timedelta

from assurance.sample.people import LEARNING, chair_of
from plans.deputies import cover, hand_on
from plans.models import DeliverableLead
from plans.tasks import mail_fresh_link

AWAY, HAS_A_LINK, HELPS_OUT = "named-nurse", "midwifery", "lantern"


def load_deputies(cast, plan):
    """One lead is away and one handed on what nobody has answered yet, both to people of the demo's accounts."""
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
    round = plan.rounds.newest_answerable_on(cast.calendar.today).get()
    keys = {post.pk: key for key, post in cast.posts.items() if key not in (AWAY, HAS_A_LINK, HELPS_OUT)}
    asked = DeliverableLead.objects.filter(deliverable__priority__plan=plan, post__in=keys)
    silent = asked.exclude(deliverable__updates__round=round).exclude(deliverable__leads__post=cast.posts[HAS_A_LINK])
    lead = silent.order_by("deliverable__priority__position", "deliverable__position", "position").first()
    if lead:
        giver = cast.holders[keys[lead.post_id]]
        hand_on(
            lead.deliverable,
            round=round,
            given_by=giver,
            given_to=cast.holders[HELPS_OUT],
            note="You ran the sessions, so you know best how they went.",
            by=giver,
            at=at,
        )
    mail_fresh_link(cast.holders[HAS_A_LINK].pk)
