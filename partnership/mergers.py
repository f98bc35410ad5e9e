"""An organisation takes a new name, or is merged into another. What was true before stays on record.

Neither can be entered ahead of its day: from the moment it is entered people stand where it puts
them. What is refused is a ``ValidationError`` at the field of the form that was wrong.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from partnership.memberships import locked, refuse
from partnership.models import FormerName, FormerOrganisation, Membership, Nomination, Organisation, Post
from partnership.models.organisations import overlapping
from partnership.templatetags.components import long_date

A_DAY = timedelta(days=1)
# The strongest first, as the roles are listed.
STRENGTH = {role: place for place, role in enumerate(Membership.Role.values)}


class AlreadySucceeded(Exception):
    """Somebody has merged it already (or pressed twice)."""


def refuse_ahead(from_on, *, on):
    if from_on > on:
        refuse(from_on=f"{long_date(from_on)} is still to come. Enter this on the day, or afterwards")


def refuse_known_name(name, *, besides=None):
    known = Organisation.objects.filter(name__iexact=name).exclude(pk=besides.pk if besides else None).first()
    if known:
        refuse(name=f"Another organisation is called “{known}”. Enter a name that tells them apart")


# A new name


@transaction.atomic
def rename(organisation, *, name, from_on, on):
    """Call it ``name`` from that day; the name until then is kept as a FormerName.

    Said again of the same day it mends the name, or with the earlier name takes the renaming back.
    """
    organisation = locked(organisation)
    refuse_ahead(from_on, on=on)
    if name == organisation.name:
        refuse(name="That is its name already")
    refuse_known_name(name, besides=organisation)
    if organisation.from_on and from_on <= organisation.from_on:
        refuse(from_on=f"It began on {long_date(organisation.from_on)}. Enter a later day")
    if organisation.to_on and from_on > organisation.to_on:
        refuse(from_on=f"It ended on {long_date(organisation.to_on)}. Enter that day or an earlier one")
    latest = organisation.former_names.first()
    if latest and from_on <= latest.to_on:
        since = long_date(latest.to_on + A_DAY)
        refuse(from_on=f"It has had the name it has now since {since}. Enter that day to mend it, or a later one")
    if latest and from_on == latest.to_on + A_DAY:
        if name == latest.name:
            latest.delete()
    else:
        FormerName.objects.create(organisation=organisation, name=organisation.name, to_on=from_on - A_DAY)
    organisation.name = name
    organisation.save()
    return organisation


# A merger


@dataclass(frozen=True)
class MembershipMove:
    """What becomes of one membership: ``role`` is the successor's from the day of the merger.

    ``present`` is a membership that the successor has on that day; ``until`` (or None) its last day.
    """

    old: Membership
    role: str
    until: object
    present: Membership | None = None

    @property
    def role_label(self):
        return Membership.Role(self.role).label

    @property
    def is_stronger(self):
        """Whether the successor's own role gives way to this one."""
        return self.present is not None and self.present.role != self.role


@dataclass(frozen=True)
class Succession:
    """All that a merger changes. ``successor`` may be one that does not exist yet."""

    organisation: Organisation
    successor: Organisation
    from_on: object
    memberships: tuple
    posts: tuple
    nominations: tuple

    @property
    def last_on(self):
        return self.from_on - A_DAY

    @property
    def is_new(self):
        return self.successor._state.adding


def plan_succession(organisation, *, successor, from_on, on):
    """What would follow if ``organisation`` were merged into ``successor`` from that day. Changes nothing."""
    if organisation.successor_id:
        raise AlreadySucceeded
    refuse_ahead(from_on, on=on)
    refuse_successor(organisation, successor, from_on)
    refuse_too_early(organisation, from_on)
    memberships = organisation.memberships.filter(overlapping(from_on, None)).select_related("partnership")
    for membership in memberships:
        if membership.from_on and membership.from_on >= from_on:
            day = long_date(membership.from_on)
            refuse(from_on=f"It became a member of {membership.partnership} on {day}. Enter a later day")
    holders = Post.objects.filter(organisation=organisation).open(on=from_on).with_holders(on=from_on)
    nominations = organisation.nominations.filter(overlapping(from_on, None)).select_related("post__organisation")
    return Succession(
        organisation=organisation,
        successor=successor,
        from_on=from_on,
        memberships=tuple(move_of(membership, successor, from_on) for membership in memberships),
        posts=tuple(holders),
        nominations=tuple(each for each in nominations if each.post.organisation_id != successor.pk),
    )


def refuse_successor(organisation, successor, from_on):
    if successor == organisation:
        refuse(successor="An organisation cannot be merged into itself. Choose another")
    if successor._state.adding:
        refuse_known_name(successor.name)
        return
    if successor.successor_id:
        refuse(successor=f"{successor} was itself merged into {successor.successor}. Choose that one")
    if successor.to_on and successor.to_on < from_on:
        refuse(successor=f"{successor} ended on {long_date(successor.to_on)}. Choose one that goes on")
    if successor.from_on and successor.from_on > from_on:
        refuse(from_on=f"{successor} began on {long_date(successor.from_on)}. Enter that day or a later one")


def refuse_too_early(organisation, from_on):
    """Refuse a day on which it had not begun, had ended before, or had not yet taken in another."""
    if organisation.from_on and from_on <= organisation.from_on:
        refuse(from_on=f"It began on {long_date(organisation.from_on)}. Enter a later day")
    if organisation.to_on and from_on > organisation.to_on + A_DAY:
        refuse(from_on=f"It ended on {long_date(organisation.to_on)}, so what follows begins the day after")
    newest = organisation.predecessors.order_by("-to_on").first()
    if newest and newest.to_on and from_on <= newest.to_on + A_DAY:
        refuse(from_on=f"{newest} was merged into it on {long_date(newest.to_on + A_DAY)}. Enter a later day")


def move_of(membership, successor, from_on):
    """The strongest role wins; the successor's own membership stands where it is as strong."""
    if successor._state.adding:
        return MembershipMove(membership, membership.role, membership.to_on)
    own = successor.memberships.filter(overlapping(from_on, membership.to_on), partnership=membership.partnership)
    first = own.order_by(F("from_on").asc(nulls_first=True)).first()
    move = MembershipMove(membership, membership.role, membership.to_on)
    if first is None:
        return move
    if first.from_on and first.from_on > from_on:
        return replace(move, until=first.from_on - A_DAY)
    role = min(membership.role, first.role, key=STRENGTH.get)
    return replace(move, role=role, until=first.to_on, present=first)


@transaction.atomic
def succeed(organisation, *, successor, from_on, on):
    """Merge ``organisation`` into ``successor`` (one that exists, or a new one not saved yet) from that day.

    The old one and its memberships end the day before; its open posts, with all that their holders
    lead and chair, are the successor's; a page of an earlier day still shows them where they were.
    Raises AlreadySucceeded where it has a successor.
    """
    keys = [each.pk for each in (organisation, successor) if each.pk]
    rows = Organisation.objects.select_for_update(of=("self",)).order_by("pk").in_bulk(keys)
    organisation, successor = rows[organisation.pk], rows.get(successor.pk, successor)
    plan = plan_succession(organisation, successor=successor, from_on=from_on, on=on)
    if plan.is_new:
        successor.from_on = from_on
        successor.save()
    for move in plan.memberships:
        move_membership(move, plan)
    move_posts(plan)
    for nomination in organisation.nominations.filter(overlapping(from_on, None)):
        move_nomination(nomination, plan)
    organisation.to_on, organisation.successor = plan.last_on, successor
    organisation.save()
    return successor


def move_membership(move, plan):
    move.old.to_on = plan.last_on
    move.old.save()
    present = move.present
    if present and not move.is_stronger:
        return
    if present and present.from_on == plan.from_on:
        present.role = move.role
        present.save()
        return
    if present:
        present.to_on = plan.last_on
        present.save()
    plan.successor.memberships.create(
        partnership=move.old.partnership, role=move.role, from_on=plan.from_on, to_on=move.until
    )


def move_posts(plan):
    FormerOrganisation.objects.bulk_create(
        FormerOrganisation(post=post, organisation=plan.organisation, to_on=plan.last_on) for post in plan.posts
    )
    Post.objects.filter(pk__in=[post.pk for post in plan.posts]).update(organisation=plan.successor)


def move_nomination(nomination, plan):
    """The nominee speaks for the successor, unless that has posts or a nominee of its own to speak."""
    from_on, to_on = max(nomination.from_on or plan.from_on, plan.from_on), nomination.to_on
    if nomination.from_on and nomination.from_on >= plan.from_on:
        nomination.delete()
    else:
        nomination.to_on = plan.last_on
        nomination.save()
    is_taken = plan.successor.nominations.filter(overlapping(from_on, to_on)).exists()
    is_own = Post.objects.filter(pk=nomination.post_id, organisation=plan.successor).exists()
    if not (is_taken or is_own):
        Nomination.objects.create(organisation=plan.successor, post_id=nomination.post_id, from_on=from_on, to_on=to_on)
