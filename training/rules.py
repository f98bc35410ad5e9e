"""Small questions about a person and a record of training, composed by models into permissions."""

import rules

from partnership.rules import is_office, is_training_coordinator
from partnership.standing import standing_of

# Whoever runs the training of one of the record's partnerships.
runs_training = is_training_coordinator | is_office


@rules.predicate
def is_of_own_organisation(user, record):
    """Represents the organisation that the record is about."""
    return record.organisation_id in standing_of(user).organisation_ids


@rules.predicate
def is_settled(user, analysis):
    """The analysis of learning needs is settled: members may read it."""
    return analysis.settled_on is not None


@rules.predicate
def is_asked(user, invitation):
    """Represents the organisation, or chairs the group, that the invitation asks what it has to learn."""
    standing = standing_of(user)
    return invitation.organisation_id in standing.organisation_ids or invitation.group_id in standing.chaired_group_ids


@rules.predicate
def is_submitted(user, record):
    return record.submitted_at is not None


@rules.predicate
def is_cancelled(user, event):
    return event.cancelled_at is not None


def run_ids(user):
    """Keys of the partnerships whose training this person runs: as coordinator or office."""
    standing = standing_of(user)
    return standing.training_ids | standing.office_ids
