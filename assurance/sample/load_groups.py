"""Rows of the groups' terms of reference, their deputies, ended seats and the session that young people lead."""

from assurance.sample import groups
from partnership.models import GroupMember, TermsOfReference

LONG_AGO = -900


def load_groups(cast):
    load_terms(cast)
    load_seats(cast)
    for leader, board in groups.LEADS_SESSION_OF.items():
        cast.groups[leader].leads_session_of = cast.groups[board]
        cast.groups[leader].save()


def load_terms(cast):
    day = cast.calendar.day
    TermsOfReference.objects.bulk_create(
        TermsOfReference(
            group=cast.groups[name],
            version=number,
            status="draft" if terms.agreed is None else "agreed",
            remit=terms.remit,
            membership=terms.membership,
            quorum=terms.quorum,
            frequency=terms.frequency,
            reason=terms.reason,
            agreed_on=None if terms.agreed is None else day(terms.agreed),
            next_review_on=None if terms.agreed is None else day(terms.review),
        )
        for name, versions in groups.TERMS.items()
        for number, terms in enumerate(versions, start=1)
    )


def load_seats(cast):
    day = cast.calendar.day
    seats = {(seat.group_id, seat.post_id): seat for seat in GroupMember.objects.all()}

    def seat_of(group, post):
        return seats[cast.groups[group].pk, cast.posts[post].pk]

    GroupMember.objects.bulk_create(
        GroupMember(
            group=cast.groups[group],
            post=cast.posts[deputy],
            role=GroupMember.Role.DEPUTY,
            deputy_for=seat_of(group, principal),
            has_equal_authority=True,
            from_on=day(LONG_AGO),
        )
        for group, deputy, principal in groups.DEPUTIES
    )
    GroupMember.objects.bulk_create(
        GroupMember(group=cast.groups[group], post=cast.posts[post], role=role, from_on=day(first), to_on=day(last))
        for group, post, role, first, last in groups.ENDED
    )
    for name, last in groups.CHAIRS_GIVEN_UP.items():
        cast.groups[name].members.filter(role=GroupMember.Role.CHAIR).update(to_on=day(last))
