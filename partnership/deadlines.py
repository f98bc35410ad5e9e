"""Everything that is due, from whichever app, in one shape and by one query.

Each app offers its deadlines by functions named in ``settings.DEADLINE_SOURCES``, beside the word that its
keys begin with. A source takes the day and gives a queryset that ends with ``as_deadlines``: one row for each
deadline, owner and partnership. My work, the calendar, overdue lists and reminders read what this module makes
of the rows and nothing else.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.psycopg_any import mogrify
from django.db.models import (
    BigIntegerField,
    BooleanField,
    DateField,
    ExpressionWrapper,
    F,
    Q,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.module_loading import import_string

from partnership.clocks import why
from partnership.models import Group, GroupMember, Organisation, Post, PostHolding, Rule, User
from partnership.models.people import CHAIRS
from partnership.prepared import ask, numbered
from partnership.reminders.bounces import bounced_at
from partnership.standing import standing_of

ROWS_AT_A_TIME = 500  # of each_deadline: more at once are no faster, and stand in memory twice
# The columns of a source, in this order. Prefixed, because a model's own field may be called "title".
COLUMNS = (
    "deadline_key",
    "deadline_due_on",
    "deadline_title",
    "deadline_kind",
    "deadline_url_name",
    "deadline_url_pk",
    "deadline_owner_text",
    "deadline_post",
    "deadline_group",
    "deadline_organisation",
    "deadline_user",
    "deadline_instead_of",
    "deadline_partnership",
    "deadline_is_restricted",
    "deadline_rule",
    "deadline_counted_from",
    "deadline_group_above",
    "deadline_audience",
    "deadline_look_name",
    "deadline_look_pk",
)
# In a source's SQL, where the keys come that are asked for; NULL asks for all: see ``of_those_asked``.
PARTNERSHIPS_ASKED, ORGANISATIONS_ASKED = "NULL /* partnerships */", "NULL /* organisations */"
# Who may know of what is not restricted, beside whoever owes it: all of its partnerships, those who may read their
# drafts (office, advisor, lead partners), or the office alone.
MEMBERS, READERS, OFFICE = "members", "readers", "office"


def as_deadlines(
    queryset,
    *,
    key,
    due_on,
    title,
    kind,
    url_name,
    partnership,
    url_pk="pk",
    owner_text=None,
    post=None,
    group=None,
    organisation=None,
    user=None,
    instead_of=None,
    is_restricted=False,
    rule=None,
    counted_from=None,
    group_above=None,
    audience=MEMBERS,
    look_name="",
    look_pk=None,
):
    """The last words of every source: ``queryset`` as rows with the same columns as all others.

    ``key`` is a word that with the row's own key stays the same for ever ("milestone" makes
    "milestone:12"), or an expression, as ``url_name`` may be; ``url_pk`` is empty where the page is of no one record.
    ``post``, ``group`` and ``organisation`` name the field that says who owes it, ``user`` one that says who answers
    for them, and ``instead_of`` the person who is then not told; ``owner_text`` says it in the words of the record.
    ``is_restricted`` is a boolean or a condition on the row: restricted to the case review group of ``partnership``, or
    where that is None to those who owe it. A date that was worked out names its ``rule`` (a Rule's key) and
    the day it is ``counted_from``. ``group_above`` is the group whose chair hears of it where it stays undone.
    ``audience`` as above. Where its page is for whoever owes it alone, others look at ``look_name`` (of ``look_pk``,
    or of no one record).
    """
    if isinstance(key, str):
        key = Concat(Value(f"{key}:"), Cast("pk", TextField()), output_field=TextField())
    columns = {
        "deadline_key": Cast(key, TextField()),
        "deadline_due_on": _field(due_on),
        "deadline_title": Cast(_field(title), TextField()),
        "deadline_kind": Value(kind, TextField()),
        "deadline_url_name": Cast(Value(url_name) if isinstance(url_name, str) else url_name, TextField()),
        "deadline_url_pk": Cast(url_pk, TextField()),
        "deadline_owner_text": Cast(_field(owner_text or Value("")), TextField()),
        "deadline_post": _id(post),
        "deadline_group": _id(group),
        "deadline_organisation": _id(organisation),
        "deadline_user": _id(user),
        "deadline_instead_of": _id(instead_of),
        "deadline_partnership": _id(partnership),
        "deadline_is_restricted": ExpressionWrapper(_condition(is_restricted), BooleanField()),
        "deadline_rule": _id(rule),
        "deadline_counted_from": Cast(_field(counted_from or Value(None)), DateField()),
        "deadline_group_above": _id(group_above),
        "deadline_audience": Value(audience, TextField()),
        "deadline_look_name": Value(look_name, TextField()),
        "deadline_look_pk": Cast(look_pk or Value(""), TextField()),
    }
    return queryset.order_by().annotate(**columns).values(*COLUMNS)


def of_those_asked(*, partnership, organisation):
    """A condition in SQL for a source whose rows PostgreSQL works out together before it looks whose they are.

    ``partnership`` and ``organisation`` are its columns. All other sources it narrows by itself.
    """
    asked = ((partnership, PARTNERSHIPS_ASKED), (organisation, ORGANISATIONS_ASKED))
    return " AND ".join(f"({keys}::bigint[] IS NULL OR {column} = ANY({keys}::bigint[]))" for column, keys in asked)


def _field(name_or_expression):
    return F(name_or_expression) if isinstance(name_or_expression, str) else name_or_expression


def _condition(given):
    return Value(given) if isinstance(given, bool) else given


def _id(field):
    return Cast(field, BigIntegerField()) if field else Cast(Value(None), BigIntegerField())


@dataclass(frozen=True)
class Owner:
    """Who owes something: one of a post, a group and an organisation, or (yet) only words.

    Or a person who answers for them, as ``text`` says; then ``instead_of`` (a person's key) is not told.
    """

    text: str
    post_id: int | None = None
    group_id: int | None = None
    organisation_id: int | None = None
    user_id: int | None = None
    instead_of: int | None = None


NOBODY = Owner("")


@dataclass(frozen=True)
class Deadline:
    """One thing with a date. ``owners`` are those that were asked for: all, or one person's own.

    ``rule_id``: the Rule by which the date was counted from ``counted_from``, where it was; ``with_rules`` says it
    in words as ``why``.
    """

    key: str
    due_on: object
    title: str
    kind: str
    url_name: str
    url_pk: str
    is_restricted: bool
    owners: tuple
    partnership_ids: frozenset
    rule_id: int | None = None
    counted_from: object = None
    group_above_ids: frozenset = frozenset()
    look_name: str = ""
    look_pk: str = ""
    why: str = ""

    @property
    def url(self):
        """Where whoever owes it does it."""
        return _address(self.url_name, self.url_pk)

    @property
    def look_url(self):
        """Where everybody who knows of it may look at it."""
        return _address(self.look_name, self.look_pk) if self.look_name else self.url

    def url_for(self, standing):
        return self.url if self.is_owed_by(standing) else self.look_url

    def is_owed_by(self, standing):
        return any(
            owner.post_id in standing.post_ids
            or owner.group_id in standing.chaired_group_ids
            or owner.organisation_id in standing.organisation_ids
            or (owner.user_id is not None and owner.user_id == standing.user_id)
            for owner in self.owners
        )

    def is_late(self, *, on):
        return self.due_on < on


def _address(name, pk):
    return reverse(name, args=[pk] if pk else [])


def deadlines(*, on, until=None, partnership_ids=None, standing=None, keys=None):
    """All that is due, soonest first. ``until`` leaves out later days; overdue ones are always in.

    ``partnership_ids`` keeps those of some partnerships, ``keys`` those of these keys; ``standing`` leaves out
    what this person may not know of. Without ``standing`` restricted ones are in: for the sender of reminders alone.
    """
    wanted = []
    if until is not None:
        wanted.append(("deadline_due_on <= %s::date", [until]))
    if partnership_ids is not None:
        wanted.append(("deadline_partnership = ANY(%s::bigint[])", [list(partnership_ids)]))
    if standing is not None:
        wanted.append(_open_to(standing))
    return _read(wanted, on=on, keys=keys, partnership_ids=partnership_ids)


def each_deadline(*, on, until, since=None):
    """Every deadline from ``since`` to ``until``, by key, restricted ones too: for the sender of reminders alone.

    PostgreSQL sorts them and hands them over in parts, inside a transaction; nobody holds all of them.
    """
    wanted = [("deadline_due_on <= %s::date", [until])]
    if since is not None:
        wanted.append(("deadline_due_on >= %s", [since]))
    sql, parameters = _question(wanted, on=on)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY deadline_key", parameters)
        parts = iter(lambda: cursor.fetchmany(ROWS_AT_A_TIME), [])
        rows = (_named(row) for part in parts for row in part)
        for _key, of_one in groupby(rows, key=itemgetter("deadline_key")):
            yield _merged(list(of_one))


def counted_deadlines(*, on):
    """What is due on a day counted by a rule, but for what is restricted: to say how many a change would move.

    The administrator who changes a rule would learn from the number that there is a case.
    """
    return _read([("deadline_rule IS NOT NULL AND NOT deadline_is_restricted", [])], on=on)


def deadlines_for(user, *, on, until=None):
    """What is due from ``user``: as holder, chair or representative, or for a person for whom they answer."""
    return deadlines_of(standing_of(user), on=on, until=until)


def deadlines_of(standing, *, on, until=None, keys=None):
    """Like ``deadlines_for``, for a standing that was read already; ``keys`` keeps those of these keys."""
    is_open, ids = _open_to(standing)
    own_alone = "deadline_is_restricted AND deadline_partnership IS NULL"
    wanted = [_owed_by(standing), (f"{is_open} OR {own_alone}", ids)]
    if until is not None:
        wanted.append(("deadline_due_on <= %s::date", [until]))
    return _read(wanted, on=on, keys=keys, organisation_ids=standing.organisation_ids)


# Conditions on the rows: SQL and its parameters. The SQL is the same whoever asks.


def _owed_by(standing):
    return (
        "deadline_post = ANY(%s::bigint[]) OR deadline_group = ANY(%s::bigint[])"
        " OR deadline_organisation = ANY(%s::bigint[]) OR deadline_user = %s::bigint",
        [
            list(standing.post_ids),
            list(standing.chaired_group_ids),
            list(standing.organisation_ids),
            standing.user_id,
        ],
    )


def _open_to(standing):
    """Restricted deadlines exist only for the case review group of their partnership; others by their audience."""
    is_owed, ids = _owed_by(standing)
    return (
        f"NOT deadline_is_restricted AND (deadline_audience = '{MEMBERS}'"
        f" OR deadline_audience = '{READERS}' AND deadline_partnership = ANY(%s::bigint[])"
        f" OR deadline_audience = '{OFFICE}' AND deadline_partnership = ANY(%s::bigint[])"
        f" OR {is_owed})"
        " OR deadline_is_restricted AND deadline_partnership = ANY(%s::bigint[])",
        [
            list(standing.wide_ids | standing.lead_partner_ids),
            list(standing.office_ids),
            *ids,
            list(standing.case_group_ids),
        ],
    )


def _question(wanted, *, on, keys=None):
    """SQL and parameters: one UNION ALL over every source; with ``keys`` over those alone that have such,
    which is planned sooner. Two empty where no source has such.
    """
    names = settings.DEADLINE_SOURCES
    if keys is not None:
        wanted = [*wanted, ("deadline_key = ANY(%s)", [list(keys)])]
        kinds = {key.partition(":")[0] for key in keys}
        names = [name for name, kind in names.items() if kind in kinds]
    if not names:
        return "", []
    sources = [_source(name, on) for name in names]
    sql = _select(" UNION ALL ".join(f"({sql})" for sql, _parameters in sources), wanted)
    return sql, [value for _sql, values in [*sources, *wanted] for value in values]


def _select(rows, wanted):
    conditions = " AND ".join(f"({sql})" for sql, _parameters in wanted)
    sql = f"SELECT {', '.join(COLUMNS)} FROM ({rows}) AS due"  # noqa: S608 -- words of this module and Django's own
    return f"{sql} WHERE {conditions}" if conditions else sql


@lru_cache(maxsize=4)
def _together(names, on):
    """The rows of these sources for a day, as SQL with nothing left open."""
    sources = [_source(name, on) for name in names]
    return " UNION ALL ".join(f"({mogrify(sql, parameters, connection)})" for sql, parameters in sources)


@lru_cache(maxsize=128)
def _source(name, on):
    """SQL and parameters of what a source gives for a day: Django puts thirty of them together for longer than
    PostgreSQL takes to answer, so each is put together once.
    """
    return import_string(name)(on).query.sql_with_params()


def _named(row):
    return dict(zip(COLUMNS, row, strict=True))


def _rows(wanted, *, on, keys=None, partnership_ids=None, organisation_ids=None):
    """All sources together are planned once a connection: that takes ten times as long as the answer."""
    if keys is None:
        values = [value for _sql, values in wanted for value in values]
        question = _select("{rows}", wanted) % numbered(values)
        rows = _together(tuple(settings.DEADLINE_SOURCES), on)
        for mark, ids in ((PARTNERSHIPS_ASKED, partnership_ids), (ORGANISATIONS_ASKED, organisation_ids)):
            if mark in rows:  # PostgreSQL counts the places that it finds
                values.append(None if ids is None else list(ids))
                rows = rows.replace(mark, numbered(values)[-1])
        return [_named(row) for row in ask(question.replace("{rows}", rows, 1), values)]
    sql, parameters = _question(wanted, on=on, keys=keys)
    if not sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [_named(row) for row in cursor.fetchall()]


def _read(wanted, *, on, **asked):
    """The rows of one key become one ``Deadline``. ``asked`` as ``_rows`` takes it."""
    by_key = defaultdict(list)
    for row in _rows(wanted, on=on, **asked):
        by_key[row["deadline_key"]].append(row)
    return sorted((_merged(rows) for rows in by_key.values()), key=lambda each: (each.due_on, each.key))


def _merged(rows):
    """The rows of one deadline: one for each owner and partnership, so the rest is the same."""
    owners = {
        Owner(
            row["deadline_owner_text"],
            row["deadline_post"],
            row["deadline_group"],
            row["deadline_organisation"],
            row["deadline_user"],
            row["deadline_instead_of"],
        )
        for row in rows
    }
    named = owners - {NOBODY}
    row = rows[0]
    return Deadline(
        key=row["deadline_key"],
        due_on=row["deadline_due_on"],
        title=row["deadline_title"],
        kind=row["deadline_kind"],
        url_name=row["deadline_url_name"],
        url_pk=row["deadline_url_pk"],
        is_restricted=row["deadline_is_restricted"],
        owners=tuple(sorted(named or owners, key=repr)),
        partnership_ids=frozenset(row["deadline_partnership"] for row in rows) - {None},
        rule_id=row["deadline_rule"],
        counted_from=row["deadline_counted_from"],
        group_above_ids=frozenset(row["deadline_group_above"] for row in rows) - {None},
        look_name=row["deadline_look_name"],
        look_pk=row["deadline_look_pk"],
    )


def with_rules(due):
    """The same deadlines, each that was counted by a rule with ``why`` it falls on its day. One query, or none."""
    keys = {deadline.rule_id for deadline in due} - {None}
    rules = Rule.objects.in_bulk(keys) if keys else {}
    return [
        replace(deadline, why=why(rules[deadline.rule_id], deadline.counted_from)) if deadline.rule_id else deadline
        for deadline in due
    ]


# Who stands behind an owner


@dataclass(frozen=True)
class Recipient:
    """A person who can be told, and as what they are."""

    user: object
    why: str


@dataclass(frozen=True)
class Reach:
    """A deadline with those who can be told of it, and in words whom nobody can tell."""

    deadline: Deadline
    recipients: tuple
    missing: tuple


def with_people(due, *, on):
    """Resolve each deadline's owners to people on a day, in six queries at most however many there are."""
    people = People({owner for deadline in due for owner in deadline.owners}, on=on)
    return [_reach(deadline, people) for deadline in due]


def _reach(deadline, people):
    """Each person once, by the first of the owners that they stand for; who is away only if nobody else can be."""
    recipients, missing, away = {}, [], set()
    for owner in deadline.owners:
        told, absent = people.behind(owner)
        for recipient in told:
            recipients.setdefault(recipient.user.pk, recipient)
            away.add(owner.instead_of)
        missing += [words for words in absent if words not in missing]
    for user_id in away & recipients.keys():
        del recipients[user_id]
    in_order = sorted(recipients.values(), key=lambda each: (each.user.name, each.user.pk))
    return Reach(deadline, tuple(in_order), tuple(missing))


class People:
    """Everybody who on a day stands behind any of ``owners``."""

    def __init__(self, owners, *, on):
        post_ids = {owner.post_id for owner in owners} - {None}
        group_ids = {owner.group_id for owner in owners} - {None}
        organisation_ids = {owner.organisation_id for owner in owners} - {None}
        user_ids = {owner.user_id for owner in owners} - {None}

        self.users = User.objects.annotate(bounced_at=bounced_at("email")).in_bulk(user_ids)
        self.posts = Post.objects.select_related("organisation").in_bulk(post_ids)
        self.groups = Group.objects.in_bulk(group_ids)
        self.organisations = Organisation.objects.with_heir().in_bulk(organisation_ids)
        heirs = {organisation.heir for organisation in self.organisations.values()}
        seats = GroupMember.objects.current(on=on).filter(group__in=group_ids, role__in=CHAIRS)
        self.seats = defaultdict(list)
        for group, role, post in seats.values_list("group", "role", "post"):
            self.seats[group, role].append(post)
        seated = {post for posts in self.seats.values() for post in posts}
        holdings = (
            PostHolding.objects.current(on=on)
            .filter(
                Q(post__in=post_ids | seated) | Q(post__organisation__in=heirs),
            )
            .annotate(bounced_at=bounced_at("user__email"), organisation=F("post__organisation"))
            .select_related("user")
        )
        self.bounced = {user.pk: user.bounced_at for user in self.users.values()}
        self.found = {}
        self.of_post, self.of_organisation = defaultdict(dict), defaultdict(dict)
        for holding in holdings:
            self.of_post[holding.post_id][holding.user_id] = holding.user
            self.of_organisation[holding.organisation][holding.user_id] = holding.user
            self.bounced[holding.user_id] = holding.bounced_at

    def behind(self, owner):
        """The recipients who stand behind ``owner``, and in words who cannot be told and why."""
        if owner not in self.found:
            self.found[owner] = self._behind(owner)
        return self.found[owner]

    def _behind(self, owner):
        if owner.user_id:
            return self._reached({owner.user_id: self.users[owner.user_id]}, owner.text, nobody="")
        if owner.post_id:
            post = self.posts[owner.post_id]
            return self._reached(self.of_post[post.pk], str(post), nobody=f"Nobody holds the post “{post}”.")
        if owner.group_id:
            return self._behind_group(self.groups[owner.group_id])
        if owner.organisation_id:
            organisation = self.organisations[owner.organisation_id]
            return self._reached(
                self.of_organisation[organisation.heir],
                str(organisation),
                nobody=f"Nobody represents {organisation}.",
            )
        if owner.text:
            return [], [f"“{owner.text}” is not yet linked to a post, a group or an organisation."]
        return [], ["Nobody is named as its lead."]

    def _behind_group(self, group):
        """Its chair, or its vice chair where the chair cannot be told."""
        told, absent = self._reached(
            self._seated(group, GroupMember.Role.CHAIR),
            f"Chair of {group}",
            nobody=f"Nobody chairs {group}.",
        )
        if told:
            return told, absent
        deputies, _ = self._reached(
            self._seated(group, GroupMember.Role.VICE_CHAIR), f"Vice chair of {group}", nobody=""
        )
        return (deputies, []) if deputies else ([], absent)

    def _reached(self, users, why, *, nobody):
        return told_and_absent(users, why, nobody=nobody, bounced=self.bounced)

    def _seated(self, group, role):
        users = {}
        for post in self.seats[group.pk, role]:
            users |= self.of_post[post]
        return users


def told_and_absent(users, why, *, nobody, bounced=None):
    """Of ``users`` (by key) those who can be told; the others in words, never passed over in silence.

    ``bounced``: {key: since when mail to their address comes back, or None}.
    """
    bounced = bounced or {}
    told, absent = [], []
    for user in users.values():
        if not user.is_active:
            absent.append(f"{user.name} ({why}) has an account that is switched off.")
        elif not user.email:
            absent.append(f"{user.name} ({why}) has no e-mail address.")
        elif since := bounced.get(user.pk):
            day = date_format(timezone.localdate(since), "j F Y")
            absent.append(f"{user.name}’s address ({why}) sends mail back since {day}.")
        else:
            told.append(Recipient(user, why))
    return told, absent if users else [nobody]
