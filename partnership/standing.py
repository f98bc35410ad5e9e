"""Where a person stands today: the posts they hold, and what follows from each.

Read from the database on each request and never kept in the session, so that someone who leaves a
post has lost its rights at the next click.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Standing:
    """Sets of primary keys; the names ending ``_ids`` without a noun are of partnerships.

    ``case_group_ids``: whose cases this person may read; for a few hours too those of ``emergency_ids``, which
    they may read and nothing else. ``second_step_ids``: those that let this person in with a second step only.
    """

    user_id: int | None = None
    is_administrator: bool = False
    post_ids: frozenset = frozenset()
    organisation_ids: frozenset = frozenset()
    group_ids: frozenset = frozenset()
    chaired_group_ids: frozenset = frozenset()
    office_ids: frozenset = frozenset()
    advisor_ids: frozenset = frozenset()
    lead_partner_ids: frozenset = frozenset()
    training_ids: frozenset = frozenset()
    case_group_ids: frozenset = frozenset()
    emergency_ids: frozenset = frozenset()
    second_step_ids: frozenset = frozenset()
    partnership_ids: frozenset = frozenset()
    partnership_names: tuple = field(default=(), compare=False)
    posts: tuple = field(default=(), compare=False)

    @property
    def wide_ids(self):
        """Partnerships whose unpublished work this person may read: its office and its advisor."""
        return self.office_ids | self.advisor_ids

    @property
    def own_case_group_ids(self):
        """Partnerships in whose case review group this person sits; who was let in for a few hours sits in none."""
        return self.case_group_ids - self.emergency_ids

    @property
    def reading_ids(self):
        """Partnerships of which this person may read anything as a member, or for a few hours in an emergency."""
        return self.partnership_ids | self.emergency_ids


NOBODY = Standing()


def standing_of(user):
    """``user``'s standing; that of nobody for someone not signed in or switched off."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NOBODY
    return user.standing
