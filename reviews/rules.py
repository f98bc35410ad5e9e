"""Small questions about a person and a record of a review, composed by models into permissions."""

import rules

from partnership.rules import is_advisor, is_case_group, is_office
from partnership.standing import standing_of


@rules.predicate
def is_contact(user, summary):
    """The person whom the agency named for this summary, while they still represent it."""
    return user.pk == summary.contact_id and summary.organisation_id in standing_of(user).organisation_ids


@rules.predicate
def is_submitted(user, summary):
    return summary.submitted_at is not None


@rules.predicate
def is_of_organisation(user, record):
    """Represents the record's organisation."""
    return record.organisation_id in standing_of(user).organisation_ids


@rules.predicate
def is_restricted(user, record):
    """Comes from a case or a review and was not released by its group."""
    return record.is_restricted


@rules.predicate
def is_of_group(user, record):
    """Comes from a case or a review, released or not."""
    return record.is_of_group


@rules.predicate
def is_published(user, record):
    return record.is_published


@rules.predicate
def leads_step(user, step):
    """Holds the post that takes this step of spreading a briefing, once that is published."""
    return step.briefing.is_published and step.lead_post_id in standing_of(user).post_ids


# The group of a restricted record, the office of one that is not.
works_on = is_case_group | (is_office & ~is_restricted)
decides = is_case_group & ~is_advisor
