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


@rules.predicate
def is_submitted(user, record):
    return record.submitted_at is not None


@rules.predicate
def is_sent(user, request):
    return request.sent_on is not None


@rules.predicate
def is_signer(user, record):
    """The senior person who was asked to sign the return off."""
    return user.pk == record.signer_id


@rules.predicate
def is_scrutineer(user, record):
    """In the group that scrutinises what comes of the request. ``record`` is a request or has one."""
    request = getattr(record, "request", record)
    return request.group_id is not None and request.group_id in standing_of(user).group_ids


@rules.predicate
def is_shared(user, record):
    """Offered to all by the installation."""
    return record.partnership_id is None


@rules.predicate
def is_own_office(user, record):
    """In the business office of the one partnership whose own it is."""
    return record.partnership_id in standing_of(user).office_ids


@rules.predicate
def is_released(user, summary):
    """Open to everybody of the partnership."""
    return summary.released_on is not None
