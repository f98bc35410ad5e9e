"""Rows of the partnerships, their agencies, groups, posts and people."""

import re
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from assurance.sample import people
from assurance.sample.dates import Calendar
from partnership.accounts.invitations import invite
from partnership.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from partnership.glossary import add_usual_terms
from partnership.models import (
    Area,
    Group,
    GroupMember,
    Membership,
    Organisation,
    Partnership,
    Post,
    PostHolding,
    User,
)

LONG_AGO = -2200
FORM_OF_ADDRESS = re.compile(r"^(?:Dr|Councillor) ")


@dataclass
class Cast:
    """What was loaded, by the names that the content uses."""

    calendar: Calendar
    partnerships: dict = field(default_factory=dict)
    agencies: dict = field(default_factory=dict)
    groups: dict = field(default_factory=dict)
    posts: dict = field(default_factory=dict)
    holders: dict = field(default_factory=dict)

    @property
    def both(self):
        return list(self.partnerships.values())

    def partnerships_of(self, short_names):
        return [self.partnerships[name] for name in short_names]


def load_people(calendar):
    """Everybody and everything that plans and records refer to; gives the Cast."""
    cast = Cast(calendar)
    password = make_password(DEMO_PASSWORD)  # once: hashing it takes as long as all the rest
    load_partnerships(cast)
    load_agencies(cast)
    load_groups(cast)
    load_posts(cast, password)
    load_administrators(password)
    load_ways_in(calendar)
    return cast


def load_partnerships(cast):
    areas = {name: Area.objects.create(name=name, code=code) for name, code in people.AREAS.items()}
    for row in people.PARTNERSHIPS:
        fields = {name: value for name, value in row.items() if name != "area"}
        partnership = Partnership.objects.create(
            **fields,
            office_email=people.OFFICE_EMAIL,
            office_phone=people.OFFICE_PHONE,
            second_step_roles=[],  # the demonstration signs in by one press
        )
        partnership.areas.set([areas[row["area"]]])
        add_usual_terms(partnership)
        cast.partnerships[partnership.short_name] = partnership


def load_agencies(cast):
    for agency in people.AGENCIES:
        organisation = Organisation.objects.create(
            name=agency.name, kind=agency.kind, from_on=agency.from_on, to_on=agency.to_on
        )
        cast.agencies[agency.name] = organisation
        Membership.objects.bulk_create(
            Membership(
                organisation=organisation,
                partnership=cast.partnerships[short_name],
                role=role,
                from_on=agency.from_on,
                to_on=agency.to_on,
            )
            for short_name, role in agency.roles.items()
        )
    for agency in people.AGENCIES:
        if agency.successor:
            ended = cast.agencies[agency.name]
            ended.successor = cast.agencies[agency.successor]
            ended.save()


def load_groups(cast):
    day = cast.calendar.day
    for body in people.GROUPS:
        group = Group.objects.create(
            name=body.name,
            kind=body.kind,
            parent=cast.groups.get(body.parent),
            purpose=body.purpose,
            opened_on=day(LONG_AGO if body.opened is None else body.opened),
            closed_on=None if body.closed is None else day(body.closed),
            is_public=body.is_public,
        )
        group.partnerships.set(cast.partnerships_of(body.of))
        cast.groups[body.name] = group


def load_posts(cast, password):
    for key, office in people.POSTS.items():
        post = Post.objects.create(
            title=office.title,
            organisation=cast.agencies.get(office.agency),
            duty=office.duty,
            is_shared=bool(office.also),
        )
        post.partnerships.set(cast.partnerships_of(office.of))
        cast.posts[key] = post
        GroupMember.objects.bulk_create(
            GroupMember(group=cast.groups[group], post=post, role=role, from_on=cast.calendar.day(LONG_AGO))
            for group, role in office.seats
        )
        load_holdings(cast, key, office, password)


def load_holdings(cast, key, office, password):
    """Who held the post until when, and who holds it now; ``holders`` has whoever held it last."""
    day, post = cast.calendar.day, cast.posts[key]
    changed = office.vacant_since if office.vacant_since is not None else office.since
    if office.before:
        cast.holders[key] = make_person(office.before, password)
        PostHolding.objects.create(post=post, user=cast.holders[key], from_on=day(LONG_AGO), to_on=day(-changed - 1))
    if office.holder:
        cast.holders[key] = make_person(office.holder, password)
        holding = PostHolding.objects.create(post=post, user=cast.holders[key], from_on=day(-office.since))
    for name in office.also:
        PostHolding.objects.create(post=post, user=make_person(name, password), from_on=day(-office.since))
    if office.next:
        name, days = office.next
        holding.to_on = day(days - 1)
        holding.save()
        PostHolding.objects.create(post=post, user=make_person(name, password), from_on=day(days))


def load_administrators(password):
    for name in people.ADMINISTRATORS:
        person = make_person(name, password)
        person.is_administrator = True
        person.save()


def load_ways_in(calendar):
    """Most have signed in lately; a few were invited and did not come yet, or were forgotten."""
    missing = {*people.INVITED, *people.NEVER_INVITED}
    came = list(User.objects.exclude(name__in=missing).order_by("pk"))
    for number, person in enumerate(came):
        person.last_login = calendar.moment(calendar.day(-1 - number * 7 % 23), hour=9, minute=number % 60)
    User.objects.bulk_update(came, ["last_login"])
    for name, days in people.INVITED.items():
        at = calendar.moment(calendar.day(-days))
        invitation = invite(User.objects.get(name=name), at=at, by=None)
        invitation.sent_at = at
        invitation.save(update_fields=["sent_at"])


def make_person(name, demo_password):
    """A user whose password is the demo's, if the demo offers them, and otherwise none at all."""
    email = address_of(name)
    offered = email in {account.email for account in DEMO_ACCOUNTS}
    password = demo_password if offered else make_password(None)
    return User.objects.create(email=email, name=name, password=password)


def address_of(name):
    """ "Dr Priya Nandakumar" has the address priya.nandakumar@example.org."""
    plain = FORM_OF_ADDRESS.sub("", name).lower()
    return f"{plain.replace(' ', '.')}@example.org"
