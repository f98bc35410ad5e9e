"""Who is a member of a partnership, in which role and when; and who speaks for a member that sends nobody.

Every command locks the organisation's row, so that two people at once cannot make two memberships
of one. What is refused is a ``ValidationError`` at the field of the form that was wrong. The history
says who did it.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from partnership.models import Membership, Nomination, Organisation
from partnership.models.organisations import overlapping
from partnership.templatetags.components import long_date

A_DAY = timedelta(days=1)


def locked(organisation):
    """The organisation as it stands now; nobody else can change it or its memberships before we end."""
    return Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)


def refuse(**words):
    """Refuse with one sentence at a field."""
    raise ValidationError(words)


# Members


@transaction.atomic
def add_organisation(*, name, kind, partnership, role, from_on, is_same=False):
    """A new organisation and its first membership; the one that is known already if ``is_same``."""
    known = Organisation.objects.filter(name__iexact=name).first()
    if known and not is_same:
        refuse(is_same=f"“{known}” is known here already. Tick this box if it is the same, or enter another name")
    organisation = known or Organisation.objects.create(name=name, kind=kind)
    join(organisation, partnership=partnership, role=role, from_on=from_on)
    return organisation


@transaction.atomic
def join(organisation, *, partnership, role, from_on, to_on=None):
    """``organisation`` is a member of ``partnership`` from a day (None: for as long as anybody knows)."""
    organisation = locked(organisation)
    refuse_days(organisation, partnership, from_on, to_on)
    return organisation.memberships.create(partnership=partnership, role=role, from_on=from_on, to_on=to_on)


@transaction.atomic
def change_membership(membership, *, role, role_from_on, from_on, to_on):
    """Mend a membership's days, or give it another role.

    From ``role_from_on`` the new role is a membership of its own, so that a page of an earlier day
    still shows the old one; without that day the role was written down wrongly all along.
    """
    organisation = locked(membership.organisation)
    membership = Membership.objects.get(pk=membership.pk)
    refuse_days(organisation, membership.partnership, from_on, to_on, besides=membership)
    membership.from_on, membership.to_on = from_on, to_on
    if role == membership.role or role_from_on is None or role_from_on == from_on:
        membership.role = role
        membership.save()
        return membership
    if from_on and role_from_on < from_on:
        refuse(role_from_on=f"It became a member on {long_date(from_on)}. Enter that day or a later one")
    if to_on and role_from_on > to_on:
        refuse(role_from_on=f"It is a member until {long_date(to_on)}. Enter that day or an earlier one")
    membership.to_on = role_from_on - A_DAY
    membership.save()
    return organisation.memberships.create(
        partnership=membership.partnership, role=role, from_on=role_from_on, to_on=to_on
    )


def refuse_days(organisation, partnership, from_on, to_on, *, besides=None):
    """Refuse days that end before they begin, lie outside the organisation's life or meet another membership."""
    if from_on and to_on and to_on < from_on:
        refuse(to_on=f"The last day is before the first, {long_date(from_on)}. Enter that day or a later one")
    if organisation.from_on and from_on and from_on < organisation.from_on:
        refuse(from_on=f"{organisation} began on {long_date(organisation.from_on)}. Enter that day or a later one")
    if organisation.to_on and (from_on or organisation.to_on) > organisation.to_on:
        refuse(from_on=f"{organisation} ended on {long_date(organisation.to_on)}. Enter an earlier day")
    if organisation.to_on and (to_on is None or to_on > organisation.to_on):
        refuse(to_on=f"{organisation} ended on {long_date(organisation.to_on)}. Enter that day or an earlier one")
    others = organisation.memberships.filter(overlapping(from_on, to_on), partnership=partnership)
    other = others.exclude(pk=besides.pk if besides else None).first()
    if other:
        refuse(
            from_on=f"{organisation} is a member of {partnership} already, {in_days(other)}. "
            "Change that membership, or enter days outside it"
        )


def in_days(row):
    """ "from 1 April 2022 to 31 March 2024", as far as the days are known."""
    words = []
    if row.from_on:
        words.append(f"from {long_date(row.from_on)}")
    if row.to_on:
        words.append(f"to {long_date(row.to_on)}")
    return " ".join(words) or "with no end"


# Nominees


@transaction.atomic
def nominate(organisation, *, post, from_on):
    """From that day ``post`` speaks for ``organisation`` at meetings; whoever did before stops the day before."""
    organisation = locked(organisation)
    if post.organisation_id == organisation.pk:
        refuse(post=f"{post} is a post of its own, so it speaks for {organisation} anyway. Choose one elsewhere")
    for earlier in organisation.nominations.filter(overlapping(from_on, None)).select_related("post__organisation"):
        if earlier.from_on and earlier.from_on >= from_on:
            refuse(from_on=f"{earlier.post} speaks for it from {long_date(earlier.from_on)}. Enter a later day")
        if earlier.post_id == post.pk and earlier.to_on is None:
            refuse(post=f"{post} speaks for {organisation} already")
        earlier.to_on = from_on - A_DAY
        earlier.save()
    return organisation.nominations.create(post=post, from_on=from_on)


@transaction.atomic
def end_nomination(nomination, *, to_on):
    """``to_on`` is the last day on which this post speaks for that organisation."""
    organisation = locked(nomination.organisation)
    nomination = Nomination.objects.get(pk=nomination.pk)
    if nomination.from_on and to_on < nomination.from_on:
        refuse(to_on=f"It began on {long_date(nomination.from_on)}. Enter that day or a later one")
    later = organisation.nominations.filter(overlapping(nomination.from_on, to_on)).exclude(pk=nomination.pk)
    if later.exists():
        refuse(to_on="Somebody else speaks for it by then. Enter an earlier day")
    nomination.to_on = to_on
    nomination.save()
    return nomination
