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
def is_released(user, record):
    """Open to everybody of the partnership: members were told of it."""
    return record.released_on is not None


@rules.predicate
def sits_in_group(user, record):
    """In the group that carries it out (``group_id``): that moderates, or audits."""
    return record.group_id is not None and record.group_id in standing_of(user).group_ids


@rules.predicate
def chairs_group(user, record):
    """Chairs that group."""
    return record.group_id is not None and record.group_id in standing_of(user).chaired_group_ids


@rules.predicate
def grades_audit(user, audit):
    """Represents an agency that was asked to grade cases of the audit."""
    return audit.asked_on is not None and audit.is_graded_by(standing_of(user).organisation_ids)


@rules.predicate
def takes_grades(user, grading):
    """Agencies were asked, and the meeting has not agreed the grades yet."""
    return grading.audit.asked_on is not None and grading.audit.moderated_on is None and grading.audit.closed_on is None


@rules.predicate
def is_owner_organisation(user, indicator):
    """Represents the organisation that answers for the indicator's figures."""
    return indicator.owner_id in standing_of(user).organisation_ids


@rules.predicate
def is_shared_with_members(user, record):
    return record.shared_on is not None


@rules.predicate
def is_of_lead_group(user, record):
    """Sits in the group that answers for it."""
    return record.lead_group_id is not None and record.lead_group_id in standing_of(user).group_ids


@rules.predicate
def is_party(user, record):
    """Represents the organisation, or chairs the group, that raised it or that it was put to."""
    standing = standing_of(user)
    return bool(
        record.party_organisation_ids & standing.organisation_ids or record.party_group_ids & standing.chaired_group_ids
    )


@rules.predicate
def is_addressed(user, record):
    """Represents the organisation, or chairs the group, that is asked to answer."""
    standing = standing_of(user)
    return record.to_organisation_id in standing.organisation_ids or record.to_group_id in standing.chaired_group_ids


@rules.predicate
def is_open_record(user, record):
    return record.closed_on is None


@rules.predicate
def writes_quarterly(user, report):
    """Chairs the group that scrutinises the plan: it writes how the quarter went."""
    return report.round.plan.scrutiny_group_id in standing_of(user).chaired_group_ids


@rules.predicate
def reads_quarterly(user, report):
    """In the group that writes the report, or in the one that receives it."""
    plan = report.round.plan
    return bool({plan.scrutiny_group_id, plan.deciding_group_id} & standing_of(user).group_ids)


@rules.predicate
def edits_as_board(user, report):
    """Chairs the group that receives the report."""
    return report.round.plan.deciding_group_id in standing_of(user).chaired_group_ids


@rules.predicate
def is_published_report(user, report):
    return report.published_at is not None


@rules.predicate
def is_with_board(user, report):
    """Handed to the group that decides, which may change it until it is published."""
    return report.given_at is not None


@rules.predicate
def listened(user, entry):
    """Represents the organisation that listened, or chairs the group for which it did."""
    standing = standing_of(user)
    return entry.organisation_id in standing.organisation_ids or entry.group_id in standing.chaired_group_ids


@rules.predicate
def is_told_in_public(user, entry):
    return entry.is_public


# The annual report's parts: each has its report (``report``).


@rules.predicate
def is_unpublished_report_of(user, record):
    """Nothing around a report changes once it is published; a correction is a new edition."""
    return not record.report.is_published


@rules.predicate
def is_published_report_of(user, record):
    return record.report.is_published


@rules.predicate
def is_consulted(user, consultation):
    """A member, where members are asked."""
    is_ours = bool(standing_of(user).partnership_ids & consultation.partnership_ids)
    return is_ours and consultation.audience == consultation.Audience.MEMBERS


@rules.predicate
def is_open_consultation(user, record):
    """Comments are still taken. ``record`` is a consultation or a comment of one."""
    return getattr(record, "consultation", record).closed_at is None


@rules.predicate
def is_closed_consultation(user, comment):
    return comment.consultation.closed_at is not None


@rules.predicate
def was_read_by_all(user, comment):
    """Everybody who was asked reads it: the consultation is closed, or it was there when it was closed before."""
    consultation = comment.consultation
    again = consultation.reopened_at
    return consultation.closed_at is not None or again is not None and comment.made_at < again


@rules.predicate
def wrote_comment(user, comment):
    """Made it, or represents the organisation for which it was made."""
    return comment.made_by_id == user.pk or comment.organisation_id in standing_of(user).organisation_ids


@rules.predicate
def is_wanted(user, record):
    return record.withdrawn_at is None


@rules.predicate
def is_unanswered_comment(user, comment):
    """Nobody has answered it yet: an answer is to the words as they were."""
    return comment.answered_at is None


@rules.predicate
def is_entered_for_others(user, comment):
    """The office wrote down what people without an account said, for example a committee."""
    return comment.consultation.audience != comment.consultation.Audience.MEMBERS
