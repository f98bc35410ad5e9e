"""Small questions about a person and a record, composed by models into permissions.

Every predicate takes ``(user, record)``. A record says which partnerships it belongs to by its
``partnership_ids`` (a set); a person's standing is read once a request (``User.standing``).
"""

import rules
from django.utils import timezone

from partnership.standing import standing_of


@rules.predicate
def is_administrator(user, record=None):
    """Installation administrator: partnerships, users and rule sets, not cases' contents."""
    return standing_of(user).is_administrator


@rules.predicate
def is_signed_in(user, record=None):
    return standing_of(user).user_id is not None


@rules.predicate
def is_office(user, record):
    """In the business office of one of the record's partnerships."""
    return bool(standing_of(user).office_ids & record.partnership_ids)


@rules.predicate
def is_office_of_all(user, record):
    """In the business office of every partnership in which the record gives somebody rights.

    Or one office could put itself into another's post through an agency that both share.
    """
    return record.is_within(standing_of(user).office_ids, on=timezone.localdate())


@rules.predicate
def is_oneself(user, person):
    return user.pk == person.pk


@rules.predicate
def is_owner(user, record):
    return user.pk == record.owner_id


@rules.predicate
def is_administrators_own(user, person):
    """The account of an administrator, which no office may touch."""
    return person.is_administrator


@rules.predicate
def is_person_of_partnership(user, record):
    """Has any standing in one of the record's partnerships."""
    return bool(standing_of(user).partnership_ids & record.partnership_ids)


@rules.predicate
def is_advisor(user, record):
    """Independent advisor of one of the record's partnerships: reads, advises, decides nothing."""
    return bool(standing_of(user).advisor_ids & record.partnership_ids)


@rules.predicate
def is_lead_partner(user, record):
    """Lead safeguarding partner of one of the record's partnerships."""
    return bool(standing_of(user).lead_partner_ids & record.partnership_ids)


@rules.predicate
def is_case_group(user, record):
    """In the case review group of the record's partnership."""
    return bool(standing_of(user).own_case_group_ids & record.partnership_ids)


@rules.predicate
def sees_cases(user, record):
    """In the case review group of the record's partnership, or let in for a few hours in an emergency."""
    return bool(standing_of(user).case_group_ids & record.partnership_ids)


@rules.predicate
def runs_group(user, record):
    """Chairs the record's group, or is its office; what a case review group does is its chair's alone.

    ``record`` is a group or has one (``group``).
    """
    standing = standing_of(user)
    group = getattr(record, "group", record)
    if group.pk in standing.chaired_group_ids:
        return True
    return not group.is_restricted and bool(standing.office_ids & group.partnership_ids)


@rules.predicate
def is_of_policy(user, policy):
    """Has any standing in the policy's partnership; everybody where it is the installation's."""
    return policy.partnership_id is None or policy.partnership_id in standing_of(user).partnership_ids


@rules.predicate
def edits_policy(user, policy):
    """The office of the policy's partnership; the administrator where it is the installation's."""
    if policy.partnership_id is None:
        return standing_of(user).is_administrator
    return policy.partnership_id in standing_of(user).office_ids


@rules.predicate
def is_training_coordinator(user, record):
    """Coordinates training for one of the record's partnerships."""
    return bool(standing_of(user).training_ids & record.partnership_ids)


@rules.predicate
def is_item_lead(user, item):
    """Holds the post that leads this agenda item."""
    return item.lead_post_id in standing_of(user).post_ids


@rules.predicate
def is_action_lead(user, action):
    """Holds the post, chairs the group or represents the organisation that answers for this action."""
    standing = standing_of(user)
    return (
        action.lead_post_id in standing.post_ids
        or action.lead_group_id in standing.chaired_group_ids
        or action.lead_organisation_id in standing.organisation_ids
    )


@rules.predicate
def is_dispute_party(user, dispute):
    """Holds a post that is involved in the dispute."""
    return bool(standing_of(user).post_ids & dispute.people_ids)


is_dispute_writer = is_dispute_party & is_office


@rules.predicate
def owes_answer(user, stage):
    """Holds the post that answers at this stage of a dispute."""
    return stage.owed_by_id in standing_of(user).post_ids


@rules.predicate
def stands(user, record):
    """Published: nobody changes it any more, a correction is a new version."""
    return record.is_published
