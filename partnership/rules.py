"""Small questions about a person and a record, composed by models into permissions.

Every predicate takes ``(user, record)``. A record says which partnerships it belongs to by its
``partnership_ids`` (a set); a person's standing is read once a request (``User.standing``).
"""

import rules

from partnership.standing import standing_of


@rules.predicate
def is_administrator(user, record=None):
    """Installation administrator: partnerships, users and rule sets, not cases' contents."""
    return standing_of(user).is_administrator


@rules.predicate
def is_office(user, record):
    """In the business office of one of the record's partnerships."""
    return bool(standing_of(user).office_ids & record.partnership_ids)


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
    return bool(standing_of(user).case_group_ids & record.partnership_ids)


@rules.predicate
def is_training_coordinator(user, record):
    """Coordinates training for one of the record's partnerships."""
    return bool(standing_of(user).training_ids & record.partnership_ids)
