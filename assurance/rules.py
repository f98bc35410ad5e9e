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
def is_asked(user, record):
    """The organisation is still asked for it: the office has not withdrawn it."""
    return record.withdrawn_at is None


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
    """In the group that scrutinises what comes of the request. ``record`` is a request or has one.

    What another partnership was given is not for a group that is not that partnership's.
    """
    request = getattr(record, "request", record)
    is_in_group = request.group_id is not None and request.group_id in standing_of(user).group_ids
    return is_in_group and bool(record.partnership_ids & request.group.partnership_ids)


@rules.predicate
def chairs_scrutiny(user, record):
    """Chairs, alone or with others, the group that scrutinises."""
    return record.request.group_id in standing_of(user).chaired_group_ids and is_scrutineer(user, record)


@rules.predicate
def has_conflict(user, record):
    """Sits in judgement on an organisation that is their own. An office works for the partnership, whoever pays it."""
    standing = standing_of(user)
    return record.organisation_id in standing.organisation_ids and not standing.office_ids & record.partnership_ids


@rules.predicate
def is_open_panel(user, panel):
    """The panel still sits: from the day it is closed its scores stand."""
    return panel.closed_at is None


@rules.predicate
def is_shared(user, record):
    """Offered to all by the installation."""
    return record.partnership_id is None


@rules.predicate
def is_own_office(user, record):
    """In the business office of the one partnership whose own it is."""
    return record.partnership_id in standing_of(user).office_ids


@rules.predicate
def is_being_written(user, standard_set):
    """Nothing changes any more once it is published; what changes is a new edition."""
    return standard_set.published_on is None


@rules.predicate
def is_released(user, summary):
    """Open to everybody of the partnership."""
    return summary.released_on is not None


@rules.predicate
def sits_on_panel(user, panel):
    """In the group that moderates."""
    return panel.group_id is not None and panel.group_id in standing_of(user).group_ids


@rules.predicate
def chairs_panel(user, panel):
    return panel.group_id is not None and panel.group_id in standing_of(user).chaired_group_ids
