"""Who is there: two neighbouring partnerships, their agencies, groups, posts and people."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta

from partnership.models import (
    Area,
    Group,
    GroupMember,
    Membership,
    Organisation,
    Partnership,
    Post,
    PostHolding,
    TermsOfReference,
    User,
)
from partnership.nation.rows import moment
from partnership.nation.words import place_name

COLOURS = ["#0b4f5c", "#7a3b0c", "#3d2b6b", "#14532d", "#7f1d3f", "#1e3a5f"]
# Title, kind, role in the partnership; {place} is the partnership's own. The first three are of both neighbours.
SHARED = [
    ("{place} Constabulary", "police", "statutory"),
    ("NHS {place} Integrated Care Board", "health", "statutory"),
    ("{place} Fire and Rescue Service", "relevant", "relevant"),
]
OWN = [
    ("{place} Council", "local-authority", "statutory"),
    ("{place} Hospital Trust", "relevant", "relevant"),
    ("{place} Community Health", "relevant", "relevant"),
    ("{place} Head Teachers’ Forum", "education", "relevant"),
    ("{place} College", "education", "relevant"),
    ("{place} Homes", "relevant", "relevant"),
    ("{place} Family Trust", "voluntary", "virtual"),
    ("{place} Youth Project", "voluntary", "reference"),
    ("{place} Probation", "relevant", "commissioner"),
]
GROUPS = [  # name, kind, parent's kind, how often
    ("Safeguarding Board", "board", "", "quarterly"),
    ("Executive", "executive", "board", "quarterly"),
    ("Planning and Delivery Group", "delivery", "executive", "two-months"),
    ("Quality and Scrutiny Group", "subgroup", "delivery", "quarterly"),
    ("Learning Group", "subgroup", "delivery", "termly"),
    ("Education Group", "subgroup", "delivery", "termly"),
    ("Case Review Group", "case-review", "executive", "two-months"),
]
OFFICE = ["Partnership manager", "Partnership coordinator", "Data and audit officer"]
CHAIRED_BY = [0, 1, 3, 4, 5, 6, 7]  # of the organisations, who chairs each group


@dataclass
class Home:
    """A partnership and what the other makers need of it. Keys; ``chairs`` are people by the place of their group."""

    number: int
    key: int
    name: str
    place: str
    short_name: str
    slug: str
    area: int
    begins_on: date
    on: date  # today
    organisations: list = field(default_factory=list)
    names: list = field(default_factory=list)
    groups: list = field(default_factory=list)
    posts: list = field(default_factory=list)  # of each organisation, who speaks for it
    people: list = field(default_factory=list)  # who holds them
    office: list = field(default_factory=list)  # people
    advisor: int = 0
    trainer: int = 0

    def chair(self, group):
        return self.people[CHAIRED_BY[group]]

    @property
    def manager(self):
        return self.office[0]

    @property
    def case_group(self):
        return self.groups[-1]


def slug_of(number):
    return place_name(number).lower()


def make_homes(numbers, *, rows, words, begins_on, on):
    """The Homes of neighbours, who share a police force, a health board and a fire service."""
    shared, homes = None, []
    for number in numbers:
        home = make_home(number, rows=rows, begins_on=begins_on, on=on)
        shared = shared or make_organisations(home, SHARED, rows=rows)
        for organisation, name, role in [*make_organisations(home, OWN, rows=rows), *shared]:
            home.organisations.append(organisation)
            home.names.append(name)
            rows.add(
                Membership,
                at=moment(begins_on),
                organisation_id=organisation,
                partnership_id=home.key,
                role=role,
                from_on=begins_on,
            )
        make_groups(home, rows=rows, words=words)
        make_people(home, rows=rows, words=words)
        homes.append(home)
    return homes


def make_home(number, *, rows, begins_on, on):
    place, at = place_name(number), moment(begins_on)
    area = rows.add(Area, at=at, name=place, code=f"E90{number:06}")
    name = f"{place} Safeguarding Children Partnership"
    values = {
        "name": name,
        "short_name": f"{place[:3].upper()}{number}",
        "slug": slug_of(number),
        "house_colour": COLOURS[number % len(COLOURS)],
        "office_email": f"office@{slug_of(number)}.example",
        "office_phone": f"01632 960{number % 1000:03}",
        "introduction": f"The council, the health service and the police of {place} plan this work together.",
        "second_step_roles": [],
    }
    key = rows.add(Partnership, at=at, **values)
    rows.link(Partnership, "areas", at=at, partnership_id=key, area_id=area)
    return Home(number, int(key), name, place, values["short_name"], values["slug"], int(area), begins_on, on)


def make_organisations(home, kinds, *, rows):
    made = []
    for title, kind, role in kinds:
        name = title.format(place=home.place)
        key = rows.add(Organisation, at=moment(home.begins_on), name=name, kind=kind, from_on=home.begins_on)
        made.append((key, name, role))
    return made


def make_groups(home, *, rows, words):
    by_kind, at = {}, moment(home.begins_on)
    for name, kind, parent, often in GROUPS:
        key = rows.add(
            Group,
            at=at,
            name=f"{home.place} {name}",
            kind=kind,
            parent_id=by_kind.get(parent),
            purpose=words.of("promise"),
            opened_on=home.begins_on,
            is_public=kind != "case-review",
        )
        by_kind[kind] = by_kind.get(kind, key)
        rows.link(Group, "partnerships", at=at, group_id=key, partnership_id=home.key)
        rows.add(
            TermsOfReference,
            at=at,
            group_id=key,
            status="agreed",
            remit=f"{words.of('promise')}. {words.of('promise')}.",
            membership="Every statutory partner, and whoever the work needs.",
            quorum="The three statutory partners",
            frequency=often,
            agreed_on=home.begins_on,
        )
        home.groups.append(key)


def make_people(home, *, rows, words):
    for place, organisation in enumerate(home.organisations):
        post = add_post(home, f"Safeguarding lead {place + 1}", rows=rows, organisation=organisation)
        home.posts.append(post)
        home.people.append(add_person(home, post, rows=rows, words=words))
    for place, group in enumerate(home.groups):
        members = range(len(home.posts)) if place < 3 else {*range(place % 3, len(home.posts), 2), CHAIRED_BY[place]}
        for member in members:
            role = "chair" if member == CHAIRED_BY[place] else "member"
            add_seat(home, group, home.posts[member], role, rows=rows)
    for title in OFFICE:
        post = add_post(home, title, rows=rows, duty="office")
        home.office.append(add_person(home, post, rows=rows, words=words))
        if not home.office[1:]:
            add_seat(home, home.case_group, post, "member", rows=rows)
    for place, what in [(0, "council"), (9, "police"), (10, "health")]:
        post = add_post(
            home,
            f"Lead safeguarding partner, {what}",
            rows=rows,
            duty="lead-partner",
            organisation=home.organisations[place],
        )
        add_person(home, post, rows=rows, words=words)
    post = add_post(home, "Independent scrutineer", rows=rows, duty="advisor")
    home.advisor = add_person(home, post, rows=rows, words=words)
    add_seat(home, home.groups[0], post, "advisor", rows=rows)
    home.trainer = add_person(
        home, add_post(home, "Training coordinator", rows=rows, duty="training"), rows=rows, words=words
    )


def add_post(home, title, *, rows, duty="", organisation=None):
    post = rows.add(
        Post, at=moment(home.begins_on), title=f"{title}, {home.place}", organisation_id=organisation, duty=duty
    )
    if duty:
        rows.link(Post, "partnerships", at=moment(home.begins_on), post_id=post, partnership_id=home.key)
    return post


def add_seat(home, group, post, role, *, rows):
    at = moment(home.begins_on)
    rows.add(GroupMember, at=at, group_id=group, post_id=post, role=role, from_on=home.begins_on)


def add_person(home, post, *, rows, words):
    """Whoever holds ``post`` now; half of the posts were held by somebody else before."""
    name, at = words.person(), moment(home.begins_on)
    from_on = home.begins_on
    ended_on = home.begins_on + timedelta(days=words.rng.randint(60, 340))
    if words.chance(50) and ended_on < home.on:
        before = add_user(home, words.person(), rows=rows)
        rows.add(PostHolding, at=at, post_id=post, user_id=before, from_on=from_on, to_on=ended_on)
        from_on = ended_on + timedelta(days=1)
    user = add_user(home, name, rows=rows)
    rows.add(PostHolding, at=moment(from_on), post_id=post, user_id=user, from_on=from_on)
    return int(user)


def add_user(home, name, *, rows):
    """An account without a password; a number keeps two of one name apart."""
    table = rows.tables.get(User)
    number = len(table.unchanged) if table else 0
    email = f"{name.lower().replace(' ', '.')}.{number}@{home.slug}.example"
    at = moment(home.begins_on)
    password = "!" + hashlib.sha256(email.encode()).hexdigest()[:40]
    return rows.add(User, at=at, email=email, name=name, password=password, created_at=at)
