"""Small questions about a person and a part of a plan."""

import rules
from django.utils import timezone

from partnership.access import may
from partnership.standing import standing_of


@rules.predicate
def is_lead(user, deliverable):
    """Holds a post that leads this deliverable, chairs a group that does, or is its organisation's.

    Or answers for such a lead, who handed it to them for a round or for days away.
    """
    return deliverable.is_answered_by(user, on=timezone.localdate())


@rules.predicate
def is_own_lead(user, deliverable):
    """A lead themselves: what was handed to a deputy is not the deputy's to hand on."""
    return deliverable.is_led_by(standing_of(user))


@rules.predicate
def is_open(user, deliverable):
    """The deliverable's plan is being carried out."""
    return deliverable.priority.plan.is_running


@rules.predicate
def is_not_closed(user, plan):
    """A closed plan stands as it ended; what goes on is carried into the next."""
    return plan.status != plan.Status.CLOSED


@rules.predicate
def is_out_for_comment(user, plan):
    """Members are being asked what they think of it."""
    return plan.status == plan.Status.CONSULTATION


@rules.predicate
def is_of_updatable(user, milestone):
    """Whoever may update a deliverable may say that its milestones are met."""
    return may(user, "update", milestone.activity.deliverable)


@rules.predicate
def is_scrutiny_chair(user, review):
    """Chairs the group that proposes ratings for this plan."""
    return review.plan.scrutiny_group_id in standing_of(user).chaired_group_ids


@rules.predicate
def is_deciding_chair(user, review):
    """Chairs the group that decides ratings for this plan."""
    return review.plan.deciding_group_id in standing_of(user).chaired_group_ids


@rules.predicate
def is_highlight_editor(user, report):
    """Chairs the group whose report it is."""
    return report.group_id in standing_of(user).chaired_group_ids


@rules.predicate
def is_links_holder(user, link):
    """The person to whom this signed link was mailed."""
    return user.pk == link.holder_id


@rules.predicate
def is_giver(user, delegation):
    """The lead in whose name somebody else answers."""
    return user.pk == delegation.given_by_id


@rules.predicate
def is_deputy(user, delegation):
    """Who answers for the lead; they may say that they can't."""
    return user.pk == delegation.given_to_id
