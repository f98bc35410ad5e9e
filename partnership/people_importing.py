"""A spreadsheet becomes organisations, posts, people and seats: staged, shown, made real once by a person's yes.

What a row means depends on what is known already, which may change until the yes: so the rows are kept
as they were read, and understood again each time they are shown, and once more while everything they
touch is locked.
"""

from collections import Counter
from dataclasses import dataclass, field

import pghistory
from django.db import transaction
from django.db.models import Prefetch, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.dateparse import parse_date

from partnership.appointments import when_in_words
from partnership.models import (
    Document,
    FormerName,
    Group,
    GroupMember,
    Membership,
    Organisation,
    Partnership,
    PeopleImport,
    Post,
    PostHolding,
    User,
)
from partnership.people_sheet import read_people
from partnership.sheet_lists import CannotImport, place_of
from partnership.sheets import fold, nearest
from partnership.templatetags.components import long_date
from partnership.uploads import check_upload

WANTED = (".xlsx", ".csv")
A_SLIP = 0.88  # likeness from which two names may be one, mistyped
MOST_NEW_NAMES = 300  # compared with those known; more are a first import, where there is nothing to mistype


@transaction.atomic
def stage_people(upload, *, partnership, by):
    """Read an uploaded file and keep it, with what was understood, until somebody confirms.

    Raises ``partnership.uploads.UnreadableFile`` with a sentence for the person; nothing is kept then.
    """
    suffix = check_upload(upload, wanted=WANTED)
    content = upload.read()
    understood = read_people(content, suffix)
    document = Document.keep(filename=upload.name, content=content, by=by)
    return PeopleImport.objects.create(partnership=partnership, document=document, understood=understood, created_by=by)


@transaction.atomic
def confirm_people(staged, *, by, at):
    """Make everything of the staged rows at once; gives what was made. A second yes makes nothing again.

    Raises CannotImport while there is a problem, and has then made nothing.
    """
    staged = PeopleImport.objects.select_for_update().get(pk=staged.pk)
    if staged.confirmed_at:
        return staged.understood["made"]
    Partnership.objects.select_for_update(no_key=True).get(pk=staged.partnership_id)
    draft = Draft(staged, by=by, on=timezone.localdate(at), is_final=True)
    if draft.problems:
        raise CannotImport("There is something to mend first: see below. Nothing was brought")
    with pghistory.context(user=by.pk):
        draft.make()
    staged.understood["made"] = draft.counts
    staged.confirmed_at = at
    staged.save(update_fields=["understood", "confirmed_at"])
    return staged.understood["made"]


@dataclass
class RowPlan:
    """One row as it is shown: its cells, and in words what it makes (nothing, if all is there already)."""

    cells: dict
    makes: list = field(default_factory=list)

    @property
    def number(self):
        return self.cells["number"]

    @property
    def makes_words(self):
        """ "New post, new person", or nothing."""
        return ", ".join(self.makes).capitalize()

    @property
    def from_on(self):
        return parse_date(self.cells["from_on"]) if self.cells["from_on"] else None

    @property
    def role(self):
        return GroupMember.Role(self.cells["role"] or GroupMember.Role.MEMBER)


class Draft:
    """What a staged sheet would make today. ``problems`` keep it from being made, ``notes`` only want a look.

    Reading it takes the same few queries for one row as for 5,000. ``is_final`` locks the posts.
    """

    def __init__(self, staged, *, by, on, is_final=False):
        self.partnership, self.by, self.on = staged.partnership, by, on
        self.columns = staged.understood.get("columns", {})
        self.problems = list(staged.understood.get("problems", []))
        self.cells_with_problems = {problem["at"] for problem in self.problems}
        self.cells_with_problems |= set(staged.understood.get("unread", []))
        self.notes = []
        self.rows = [RowPlan(row) for row in staged.understood.get("rows", [])]
        self.organisations, self.memberships, self.posts, self.people = {}, {}, {}, {}
        self.holdings, self.seats, self.names = {}, {}, {}
        self._read_what_is_known(is_final)
        for row in self.rows:
            self._understand(row)
        self._note_slips()
        self.problems.sort(key=lambda problem: place_of(problem["at"]))

    # What is known

    def _read_what_is_known(self, is_final):
        ids = [self.partnership.pk]
        wanted = {fold(row.cells["organisation"]) for row in self.rows} - {""}
        everywhere = Organisation.objects.values_list("pk", "name")
        keys = {pk for pk, name in everywhere if fold(name) in wanted}
        self.known_organisations = {
            fold(organisation.name): organisation for organisation in Organisation.objects.filter(pk__in=keys)
        }
        members = Membership.objects.filter(partnership=self.partnership).select_related("organisation")
        self.members = {}
        for membership in members.order_by("to_on"):  # PostgreSQL: an open one comes last
            self.members[membership.organisation_id] = membership
        self.member_names = {membership.organisation.name for membership in self.members.values()}
        former = FormerName.objects.filter(organisation__in=self.members).select_related("organisation")
        self.former_names = {fold(each.name): each.organisation for each in former}
        self.groups = {}
        for group in Group.objects.filter(partnerships__in=ids).distinct():
            if group.is_open(on=self.on):
                self.groups[fold(group.name)] = group
        self._read_posts(keys, ids, is_final)
        self._read_people()

    def _read_posts(self, organisations, ids, is_final):
        own = Post.objects.of_partnerships(ids).filter(organisation=None)
        wanted = Q(pk__in=own.values("pk")) | Q(organisation__in=organisations)
        posts = Post.objects.filter(wanted).open(on=self.on).order_by("pk")
        if is_final:
            posts = posts.select_for_update(no_key=True)
        within = Post.objects.within(self.by.standing.office_ids, on=self.on)
        self.own_posts = set(within.values_list("pk", flat=True))
        self.known_posts = {}
        holdings = PostHolding.objects.select_related("user")
        seats = GroupMember.objects.filter(to_on=None) | GroupMember.objects.filter(to_on__gte=self.on)
        for post in posts.prefetch_related(
            Prefetch("holdings", holdings), Prefetch("group_memberships", seats, to_attr="seats_now")
        ):
            self.known_posts.setdefault((post.organisation_id, fold(post.title)), []).append(post)

    def _read_people(self):
        addresses = {row.cells["email"].lower() for row in self.rows} - {""}
        found = User.objects.annotate(address=Lower("email")).filter(address__in=addresses)
        self.known_people = {person.address: person for person in found}
        seen = User.objects.visible_to(self.by).filter(pk__in=[person.pk for person in found])
        self.seen_people = set(seen.values_list("pk", flat=True))

    # Rows

    def at(self, row, column):
        return f"{self.columns.get(column, 'A')}{row.number}"

    def problem(self, row, column, says):
        self.cells_with_problems.add(self.at(row, column))
        self.problems.append({"at": self.at(row, column), "says": says})

    def note(self, row, column, says):
        self.notes.append({"at": self.at(row, column), "says": says})

    def _understand(self, row):
        if not row.cells["post"]:
            if not self._has_problem(row, "post"):
                self.problem(row, "post", "Enter the post in this row, or delete the row")
            return
        organisation = self._organisation(row)
        group = self._group(row)
        if organisation is None and group is None:
            if not any(row.cells[column] or self._has_problem(row, column) for column in ("organisation", "group")):
                self.problem(row, "post", "Enter the organisation of this post, or the group in which it sits")
            return
        post = self._post(row, organisation)
        person = self._person(row)
        if post and person:
            self._holding(row, post, person)
        if post and group:
            self._seat(row, post, group)

    def _organisation(self, row):
        name = row.cells["organisation"]
        if not name:
            return None
        key = fold(name)
        if key not in self.organisations:
            self.organisations[key] = self._new_or_known_organisation(row, key)
        entry = self.organisations[key]
        if entry is None:
            return None
        self._same_as_before(row, "kind", entry)
        self._same_as_before(row, "membership", entry)
        return entry["organisation"]

    def _new_or_known_organisation(self, row, key):
        known = self.known_organisations.get(key)
        if known is None and key in self.former_names:
            called = self.former_names[key].name
            self.problem(row, "organisation", f"This is called “{called}” now. Write that name")
            return None
        if known and known.to_on and known.to_on < self.on:
            self.problem(row, "organisation", f"{known} ended on {long_date(known.to_on)}. Write who does its work now")
            return None
        membership = self.members.get(known.pk) if known else None
        if known and membership is None:
            self.problem(
                row,
                "organisation",
                f"“{known}” is in this product already, but no member of your partnership yet. "
                "Ask an administrator to add it as a member, then bring this file again",
            )
            return None
        organisation = known or Organisation(
            name=row.cells["organisation"], kind=row.cells["kind"] or Organisation.Kind.RELEVANT
        )
        is_member = membership is not None and (membership.to_on is None or membership.to_on >= self.on)
        if not known:
            row.makes.append("New organisation")
        if not is_member:
            role = row.cells["membership"] or Membership.Role.RELEVANT
            self.memberships[key] = Membership(
                organisation=organisation,
                partnership=self.partnership,
                role=role,
                from_on=self.on if known else None,
            )
            if known:
                row.makes.append("Member again")
        return {
            "organisation": organisation,
            "is_new": not known,
            "first": row,
            "noted": set(),
            "kind": None if not known else organisation.kind,
            "membership": membership.role if is_member else None,
        }

    def _same_as_before(self, row, column, entry):
        """One organisation has one kind and one membership: in the sheet, and in what is known."""
        said = row.cells[column]
        if not said:
            return
        before = entry[column]
        if before is None:
            entry[column] = said
            entry[f"{column}_row"] = row
            if column == "kind":
                entry["organisation"].kind = said
            else:
                self.memberships[fold(row.cells["organisation"])].role = said
        elif before != said:
            first = entry.get(f"{column}_row")
            if first:
                self.problem(row, column, f"{self.at(first, column)} says otherwise of the same organisation")
            elif column not in entry["noted"]:
                entry["noted"].add(column)
                self.note(
                    row, column, "This is known otherwise, and stays as it is: change it on the organisation’s page"
                )

    def _group(self, row):
        name = row.cells["group"]
        if not name:
            if row.cells["role"] and not self._has_problem(row, "group"):
                self.problem(row, "role", "Enter the group in which this is the role")
            return None
        group = self.groups.get(fold(name))
        if group is None:
            known = nearest(name, [group.name for group in self.groups.values()])
            offer = f" Did you mean “{known}”?" if known else " Add the group first, or mend its name."
            self.problem(row, "group", f"We know no open group “{name}” in {self.partnership}.{offer}")
        return group

    def _post(self, row, organisation):
        key = (row.cells["organisation"] and fold(row.cells["organisation"]), fold(row.cells["post"]))
        if key in self.posts:
            return self.posts[key]
        known = self.known_posts.get((organisation.pk if organisation else None, key[1]), [])
        if len(known) > 1:
            self.problem(
                row, "post", f"There are {len(known)} posts of this title there. Use the posts’ own pages for them"
            )
            self.posts[key] = None
            return None
        if known:
            post = known[0]
        else:
            post = Post(title=row.cells["post"], organisation=organisation)
            post.seats_now = []
            row.makes.append("New post")
        self.posts[key] = post
        return post

    def _person(self, row):
        email, name = row.cells["email"].lower(), row.cells["name"]
        if not email:
            if name and not self._has_problem(row, "email"):
                self.problem(
                    row, "email", f"Enter the e-mail address of {name}, or take the name out: then the post is vacant"
                )
            return None
        self._compare_names(row, email, name)
        if email in self.people:
            return self.people[email]
        person = self.known_people.get(email)
        if person is None or person.pk not in self.seen_people:
            if not name:
                if not self._has_problem(row, "name"):
                    self.problem(row, "name", "Enter the name: this address is not on your list of people")
                return None
            row.makes.append("New person")
        elif not person.is_active:
            self.note(row, "email", f"The account of {person} is switched off: an administrator can switch it on")
        self.people[email] = person or User(email=User.objects.normalize_email(row.cells["email"]), name=name)
        return self.people[email]

    def _has_problem(self, row, column):
        return self.at(row, column) in self.cells_with_problems

    def _compare_names(self, row, email, name):
        if not name:
            return
        first = self.names.setdefault(email, row)
        if first.cells["name"] != name:
            self.problem(
                row,
                "name",
                f"{self.at(first, 'name')} says “{first.cells['name']}” for this address. Write the name in one way",
            )
            return
        person = self.known_people.get(email)
        if first is row and person and person.pk in self.seen_people and person.name != name:
            self.note(row, "name", f"We know this address as “{person.name}”, and the name stays so")

    def _holding(self, row, post, person):
        key = id(post)
        taken = self.holdings.setdefault(key, {})
        email = row.cells["email"].lower()
        if email in taken:
            return
        present = [] if post.pk is None else list(post.holdings.all())
        if any(each.user_id == person.pk and not each.is_over(on=self.on) for each in present if person.pk):
            taken[email] = None
            return
        if post.pk and post.pk not in self.own_posts:
            self.problem(
                row, "post", "This post has a part in another partnership too: an administrator says who holds it"
            )
            return
        from_on = row.from_on or (self.on if present else None)
        if not post.is_shared:
            others = [each for each in taken if each != email]
            if others:
                self.problem(
                    row,
                    "email",
                    f"{others[0]} holds this post in another row. One person can hold it at a time",
                )
                return
            in_the_way = [each for each in present if from_on is None or not ended_before(each, from_on)]
            if in_the_way:
                holder = in_the_way[-1]
                self.problem(
                    row,
                    "name",
                    f"{holder.user} holds this post{when_in_words(holder)}. "
                    "Say on the post’s page who comes next, or mend the row",
                )
                return
        taken[email] = PostHolding(post=post, user=person, from_on=from_on)
        row.makes.append("Takes the post")

    def _seat(self, row, post, group):
        key = (id(post), group.pk)
        if key in self.seats:
            first = self.seats[key][0]
            if first.role != row.role:
                self.problem(row, "role", f"Row {first.number} gives this post another role in the same group")
            elif first.cells["email"].lower() == row.cells["email"].lower():
                self.note(row, "post", f"This says the same as row {first.number}, and counts once")
            return
        there = next((seat for seat in post.seats_now if seat.group_id == group.pk), None)
        seat = None
        if there is None:
            seat = GroupMember(
                group=group,
                post=post,
                role=row.role,
                has_equal_authority=row.role == GroupMember.Role.DEPUTY,
                from_on=row.from_on,
            )
            row.makes.append("New seat")
        elif row.cells["role"] and there.role != row.role:
            self.note(row, "role", f"This post sits there as {there.get_role_display().lower()}, and stays so")
        self.seats[key] = (row, seat)

    def _note_slips(self):
        """New names that are nearly a known one, and people who may be one person twice."""
        new = [entry for entry in self.organisations.values() if entry and entry["is_new"]]
        names = set(self.member_names)
        for entry in new if len(new) <= MOST_NEW_NAMES else []:
            known = nearest(entry["organisation"].name, names, likeness=A_SLIP)
            names.add(entry["organisation"].name)
            if known:
                self.note(entry["first"], "organisation", f"This would be a new organisation. Did you mean “{known}”?")
        first_with = {}
        for email, row in self.names.items():
            first = first_with.setdefault(fold(row.cells["name"]), row)
            if first is not row:
                at = self.at(first, "email")
                self.note(row, "email", f"{email} and {at} are two addresses of one name. Are they two people?")

    # What it comes to

    @property
    def counts(self):
        """How many of each kind of thing it makes, and how many rows make nothing."""
        made = Counter(words for row in self.rows for words in row.makes)
        return {
            "organisations": made["New organisation"],
            "posts": made["New post"],
            "people": made["New person"],
            "holders": made["Takes the post"],
            "seats": made["New seat"],
            "nothing": sum(not row.makes for row in self.rows),
        }

    def make(self):
        """Write it, in the order in which one thing needs another."""
        organisations = [entry["organisation"] for entry in self.organisations.values()]
        people = [person for person in self.people.values() if person.pk is None]
        for person in people:
            person.set_unusable_password()
        for model, records in (
            (Organisation, [each for each in organisations if each.pk is None]),
            (Membership, self.memberships.values()),
            (User, people),
            (Post, [post for post in self.posts.values() if post.pk is None]),
            (PostHolding, [each for taken in self.holdings.values() for each in taken.values() if each]),
            (GroupMember, [seat for _row, seat in self.seats.values() if seat]),
        ):
            model.objects.bulk_create(records, batch_size=500)


def ended_before(holding, day):
    """Whether ``holding`` leaves ``day`` free; one that was ended during a day leaves that day free."""
    return holding.to_on is not None and (
        holding.to_on < day or (holding.to_on == day and holding.ended_at is not None)
    )
