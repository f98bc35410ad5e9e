"""Small questions about returns and reports."""

import rules

from partnership.standing import standing_of


@rules.predicate
def is_own_return(user, record):
    """The return is of an organisation that this person represents."""
    return record.organisation_id in standing_of(user).organisation_ids


@rules.predicate
def is_unsubmitted(user, record):
    return record.submitted_at is None


@rules.predicate
def is_unpublished(user, report):
    """Nobody changes a report that was published; a correction is a new edition."""
    return not report.is_published
