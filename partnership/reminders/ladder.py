"""Who stands above those who owe something, and hears of it when it stays undone."""

from collections import defaultdict
from functools import cached_property

from django.db.models import Q

from partnership.deadlines import told_and_absent
from partnership.models import Group, GroupMember, Post, PostHolding, Reminder
from partnership.models.people import CHAIRS
from partnership.reminders.bounces import bounced_addresses

Rung = Reminder.Rung


class Ladder:
    """Everybody on the rungs above on a day: read when first asked for, by five queries, however many deadlines.

    ``partnership_ids`` keeps what is read to those partnerships.
    """

    def __init__(self, *, on, partnership_ids=None):
        self.on = on
        self.partnership_ids = partnership_ids

    def on_rung(self, deadline, rung):
        """{person's key: Recipient} of those on ``rung`` who can be told of ``deadline``.

        Of what is restricted only its case review group hears; where it is restricted to those who owe it, nobody.
        """
        found = self._found(deadline, rung)
        if deadline.is_restricted:
            knowing = {user for pk in deadline.partnership_ids for user in self.people["case members"][pk]}
            found = {user: recipient for user, recipient in found.items() if user in knowing}
        return found

    def _found(self, deadline, rung):
        people, found = self.people, {}
        if rung == Rung.OFFICE:
            for pk in deadline.partnership_ids:
                found |= people["offices"][pk]
            return found
        if rung == Rung.EXECUTIVE:
            groups = {group for pk in deadline.partnership_ids for group in people["executives"][pk]}
        elif deadline.is_restricted:
            groups = {group for pk in deadline.partnership_ids for group in people["case groups"][pk]}
        else:
            groups = deadline.group_above_ids or {owner.group_id for owner in deadline.owners} - {None}
        for group in sorted(groups):
            found |= people["chairs"][group] or people["vice chairs"][group]
        return found

    @cached_property
    def people(self):
        """By what they are: {partnership's or group's key: {person's key: Recipient}}; of groups the keys alone."""
        through = Group.partnerships.through.objects
        duties = Post.partnerships.through.objects.filter(post__duty=Post.Duty.OFFICE)
        if self.partnership_ids is not None:
            through = through.filter(partnership__in=self.partnership_ids)
            duties = duties.filter(partnership__in=self.partnership_ids)
        is_open = Q(group__closed_on=None) | Q(group__closed_on__gte=self.on)
        of_partnerships = defaultdict(lambda: defaultdict(set))
        for group, partnership, kind in through.filter(is_open).values_list("group", "partnership", "group__kind"):
            of_partnerships[kind][partnership].add(group)
        seats = GroupMember.objects.current(on=self.on).filter(
            is_open,
            Q(role__in=CHAIRS) | (Q(group__kind=Group.Kind.CASE_REVIEW) & ~Q(role=GroupMember.Role.OBSERVER)),
        )
        if self.partnership_ids is not None:
            seats = seats.filter(group__in=through.values("group"))
        seats = list(seats.values_list("group", "group__name", "role", "post"))
        duties = list(duties.values_list("partnership", "post"))
        holders = self._holders({post for *_, post in seats} | {post for _, post in duties})

        found = defaultdict(lambda: defaultdict(dict))
        found["executives"] = of_partnerships[Group.Kind.EXECUTIVE]
        found["case groups"] = of_partnerships[Group.Kind.CASE_REVIEW]
        for partnership, post in duties:
            found["offices"][partnership] |= told(holders[post], "Business office")
        members = defaultdict(set)
        for group, name, role, post in seats:
            members[group] |= set(holders[post])
            if role == GroupMember.Role.CHAIR:
                found["chairs"][group] |= told(holders[post], f"Chair of {name}")
            elif role == GroupMember.Role.VICE_CHAIR:
                found["vice chairs"][group] |= told(holders[post], f"Vice chair of {name}")
        for partnership, groups in found["case groups"].items():
            found["case members"][partnership] = {user for group in groups for user in members[group]}
        return found

    def _holders(self, posts):
        """{post's key: {person's key: User}} of those who hold it and whose mail does not come back."""
        holdings = list(PostHolding.objects.current(on=self.on).filter(post__in=posts).select_related("user"))
        bounced = bounced_addresses({holding.user.email for holding in holdings})
        holders = defaultdict(dict)
        for holding in holdings:
            if holding.user.email.lower() not in bounced:
                holders[holding.post_id][holding.user_id] = holding.user
        return holders


def told(users, why):
    recipients, _absent = told_and_absent(users, why, nobody="")
    return {recipient.user.pk: recipient for recipient in recipients}
