"""New names, mergers, nominees and those who left: what the pages of an earlier day are for."""

from datetime import date

from assurance.sample import organisations as content
from assurance.sample import people
from assurance.sample.load_people import LONG_AGO, make_person
from partnership.memberships import change_membership, join, nominate
from partnership.mergers import rename, succeed
from partnership.models import Closure, FormerName, FormerOrganisation, Organisation, Post, PostHolding


def load_organisations(cast):
    close_over_christmas(cast)
    load_names(cast)
    load_districts(cast)
    place_in_old_commission(cast)
    merge_youth_club(cast)
    load_leaver(cast)
    change_role(cast)


def close_over_christmas(cast):
    """The offices, on the days between the years that are next to come."""
    year = cast.calendar.today.year
    Closure.objects.bulk_create(
        Closure(
            partnership=partnership,
            title="Christmas closure",
            first_day=date(year, 12, 24),
            last_day=date(year + 1, 1, 1),
        )
        for partnership in cast.partnerships.values()
    )


def load_names(cast):
    FormerName.objects.bulk_create(
        FormerName(organisation=cast.agencies[agency], name=name, to_on=to_on)
        for agency, name, to_on in content.FORMER_NAMES
    )
    agency, earlier, renamed = content.RENAMED
    organisation, name = cast.agencies[agency], cast.agencies[agency].name
    Organisation.objects.filter(pk=organisation.pk).update(name=earlier)
    rename(organisation, name=name, from_on=cast.calendar.day(renamed), on=cast.calendar.today)


def load_districts(cast):
    """Several district councils, for all of which one post speaks."""
    for name in content.OTHER_DISTRICTS:
        district = Organisation.objects.create(name=name, kind=Organisation.Kind.LOCAL_AUTHORITY)
        cast.agencies[name] = district
        join(district, partnership=cast.partnerships[people.AV], role="relevant", from_on=None)
        nominate(district, post=cast.posts[content.NOMINEE], from_on=cast.calendar.day(content.NOMINATED))


def place_in_old_commission(cast):
    """The health board's posts were the clinical commissioning group's before it."""
    old = cast.agencies[people.CCG]
    FormerOrganisation.objects.bulk_create(
        FormerOrganisation(post=post, organisation=old, to_on=old.to_on)
        for post in Post.objects.filter(organisation=cast.agencies[people.ICB])
    )


def merge_youth_club(cast):
    day = cast.calendar.day
    club = new_member(cast, content.YOUTH_CLUB, from_on=day(content.YOUTH_CLUB_JOINED))
    title, holder = content.YOUTH_CLUB_POST
    post = Post.objects.create(title=title, organisation=club)
    PostHolding.objects.create(post=post, user=make_person(holder, None), from_on=day(content.YOUTH_CLUB_JOINED))
    successor = cast.agencies[content.MERGED_INTO]
    succeed(club, successor=successor, from_on=day(content.MERGED), on=cast.calendar.today)


def load_leaver(cast):
    left_on = cast.calendar.day(content.LEFT_ON)
    left = new_member(cast, content.LEFT, from_on=cast.calendar.day(LONG_AGO), to_on=left_on)
    Organisation.objects.filter(pk=left.pk).update(to_on=left_on)


def new_member(cast, agency, **days):
    organisation = Organisation.objects.create(name=agency.name, kind=agency.kind)
    cast.agencies[agency.name] = organisation
    for short_name, role in agency.roles.items():
        join(organisation, partnership=cast.partnerships[short_name], role=role, **days)
    return organisation


def change_role(cast):
    agency, partnership, before, since = content.ROLE_CHANGED
    membership = cast.agencies[agency].memberships.get(partnership=cast.partnerships[partnership])
    now = membership.role
    membership.role = before
    membership.save()
    change_membership(membership, role=now, role_from_on=cast.calendar.day(since), from_on=None, to_on=None)
