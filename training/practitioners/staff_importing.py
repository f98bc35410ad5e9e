"""An agency's list of staff, or of what its people gained elsewhere: understood, shown, made real by a person's yes.

What a row means depends on what is known already, which may change until the yes: so the rows are understood again
each time they are shown, and once more while everything they touch is locked. Of the list nothing is kept before.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.dateparse import parse_date

from partnership.models import Organisation
from partnership.refusals import NotNow
from partnership.sheet_lists import place_of
from partnership.sheets import fold, nearest
from partnership.templatetags.components import long_date
from training.models import CompetencyRecord, Practitioner

LABELS = {
    "name": "Name",
    "email": "E-mail",
    "job": "Job",
    "role": "Role",
    "began_on": "Began",
    "manager_name": "Manager",
    "manager_email": "Manager’s e-mail",
}
MEND_FIRST = "There is something to mend first. Nothing was brought"


@dataclass
class Row:
    """One row as it is shown: its cells, whom it is about, and (label, before, after) of what it changes."""

    cells: dict
    person: Practitioner | None = None
    is_new: bool = False
    changes: list = field(default_factory=list)
    fields: dict = field(default_factory=dict)
    competency: object = None
    is_repeated: bool = False

    @property
    def number(self):
        return self.cells["number"]

    @property
    def who(self):
        return self.cells["name"] or (self.person.name if self.person else "")

    @property
    def role(self):
        """That which they have then."""
        return self.fields.get("role") or (self.person.role if self.person else None)

    def day(self, column):
        return parse_date(self.cells[column]) if self.cells[column] else None


class Draft:
    """What a list would make today. ``problems`` keep it from being made, ``notes`` only want a look."""

    def __init__(self, understood, *, organisation, on):
        self.organisation, self.on = organisation, on
        self.columns = understood.get("columns", {})
        self.problems = list(understood.get("problems", []))
        self.cells_with_problems = {each["at"] for each in self.problems} | set(understood.get("unread", []))
        self.left_out = understood.get("left_out", [])
        self.notes = []
        self.rows = [Row(cells) for cells in understood.get("rows", [])]
        self._read_people()

    def _read_people(self):
        """Those of the organisation, and whoever has one of the addresses."""
        addresses = {row.cells["email"] for row in self.rows} - {""}
        known = Practitioner.objects.annotate(address=Lower("email"))
        known = known.filter(Q(organisation=self.organisation) | Q(address__in=addresses))
        self.by_address, self.by_name = {}, {}
        for person in known.select_related("organisation", "role").order_by("pk"):
            if person.address:
                self.by_address[person.address] = person
            if person.organisation_id == self.organisation.pk:
                self.by_name.setdefault(fold(person.name), []).append(person)

    def at(self, row, column):
        return f"{self.columns.get(column, self.columns.get('name', 'A'))}{row.number}"

    def problem(self, row, column, says):
        self.cells_with_problems.add(self.at(row, column))
        self.problems.append({"at": self.at(row, column), "says": says})

    def note(self, row, column, says):
        self.notes.append({"at": self.at(row, column), "says": says})

    def has_problem(self, row, column):
        return self.at(row, column) in self.cells_with_problems

    def sort(self):
        for listed in (self.problems, self.notes):
            listed.sort(key=lambda each: place_of(each["at"]))


class StaffDraft(Draft):
    """A list of staff. ``roles``: those of the framework; ``managed``: keys of organisations whose people may move."""

    def __init__(self, understood, *, organisation, roles, managed, on):
        super().__init__(understood, organisation=organisation, on=on)
        self.managed = managed
        self.roles = {fold(role.title): role for role in roles}
        self.first_rows, self.taken = {}, {}
        for row in self.rows:
            self._understand(row)
        listed = {row.person.pk for row in self.rows if row.person}
        everybody = [person for people in self.by_name.values() for person in people]
        self.missing = sorted(
            (each for each in everybody if each.left_on is None and each.pk not in listed), key=lambda each: each.name
        )
        self.sort()

    def _understand(self, row):
        cells = row.cells
        if not cells["name"]:
            if not self.has_problem(row, "name"):
                self.problem(row, "name", "Enter the name in this row, or delete the row")
            return
        key = cells["email"] or fold(cells["name"])
        first = self.first_rows.setdefault(key, row)
        if first is not row:
            what = "address" if cells["email"] else "name, and neither has an address"
            self.problem(
                row, "email", f"Row {first.number} has the same {what}. Delete one of them, or tell them apart"
            )
            return
        self._find(row)
        if row.person:
            first = self.taken.setdefault(row.person.pk, row)
            if first is not row:
                self.problem(
                    row, "name", f"Row {first.number} is the same person. Delete one of them, or tell them apart"
                )
                return
        self._compare(row)

    def _find(self, row):
        """Who of the register this is: by address, else by name where that is one person's."""
        email, name = row.cells["email"], row.cells["name"]
        known = self.by_address.get(email) if email else None
        if known:
            self._known_by_address(row, known)
            return
        alike = [each for each in self.by_name.get(fold(name), []) if each.left_on is None]
        without = [each for each in alike if not each.email]
        if email and len(without) == 1:
            row.person = without[0]
            self.note(row, "email", f"We take this to be the {name} who has no address in the register yet")
        elif not email and len(alike) == 1:
            row.person = alike[0]
        elif not email and len(alike) > 1:
            self.problem(row, "name", f"There are {len(alike)} of this name in the register. Enter the e-mail address")
        else:
            row.is_new = True
            if alike:
                self.note(
                    row, "email", f"There is a {name} with another address. If it is one person, merge them after"
                )
            if not email:
                self.note(row, "name", "Without an address they can’t book by themselves, nor be asked what changed")

    def _known_by_address(self, row, known):
        if known.organisation_id != self.organisation.pk and known.organisation_id not in self.managed:
            self.problem(
                row,
                "email",
                "This address is in the register of another organisation. Ask whoever runs training to move it to you",
            )
            return
        row.person = known
        if known.organisation_id != self.organisation.pk:
            self.note(row, "email", f"They are at {known.organisation} now, and move to {self.organisation}")
        if fold(known.name) != fold(row.cells["name"]):
            self.note(row, "name", f"We know this address as “{known.name}”. The name becomes the one in your list")
        if known.left_on:
            self.note(row, "name", f"{known.name} left on {long_date(known.left_on)}, and would be here again")

    def _compare(self, row):
        """What differs from the register. An empty cell takes nothing away."""
        wanted = {name: row.cells[name] for name in ("name", "email", "job", "manager_name", "manager_email")}
        wanted = {name: value for name, value in wanted.items() if value}
        if row.cells["began_on"]:
            wanted["began_on"] = row.day("began_on")
        role = self._role(row)
        if role:
            wanted["role"] = role
        wanted["organisation"] = self.organisation
        if row.person is None:
            row.fields = wanted
            return
        if row.person.left_on:
            wanted["left_on"] = None
        for name, value in wanted.items():
            before = getattr(row.person, name)
            if before != value:
                row.fields[name] = value
                label = LABELS.get(name, name.replace("_on", "").capitalize())
                row.changes.append((label, said(before), said(value)))

    def _role(self, row):
        """The framework's role of that name; without a column for it, a job that is called just so."""
        words = row.cells["role"]
        role = self.roles.get(fold(words or row.cells["job"]))
        if words and role is None:
            near = nearest(words, [each.title for each in self.roles.values()])
            offer = f" Did you mean “{near}”?" if near else ""
            self.note(row, "role", f"The framework has no role “{words}”.{offer} They come in without one")
        return role

    @property
    def counts(self):
        return {
            "new": sum(row.is_new for row in self.rows),
            "changed": sum(bool(row.changes) for row in self.rows),
            "same": sum(row.person is not None and not row.changes for row in self.rows),
            "missing": len(self.missing),
        }

    def make(self, *, missing_left):
        new = [Practitioner(**row.fields) for row in self.rows if row.is_new]
        Practitioner.objects.bulk_create(new, batch_size=500)
        for row in self.rows:
            if row.person and row.fields:
                Practitioner.objects.filter(pk=row.person.pk).update(**row.fields)
        if missing_left:
            Practitioner.objects.filter(pk__in=[each.pk for each in self.missing]).update(left_on=self.on)


def said(value):
    if value is None or value == "":
        return ""
    return long_date(value) if hasattr(value, "year") else str(value)


class GainedDraft(Draft):
    """What people of an organisation gained elsewhere. ``competencies``: those that may be recorded.

    Two partnerships may call a competency alike: then it is that of the framework by which the person is looked at.
    """

    def __init__(self, understood, *, organisation, competencies, on):
        super().__init__(understood, organisation=organisation, on=on)
        self.competencies = {}
        for each in competencies.filter(partnership__memberships__organisation=organisation).distinct():
            for words in {fold(str(each)), fold(each.title)}:
                self.competencies.setdefault(words, []).append(each)
        self.known = set(
            CompetencyRecord.objects.filter(practitioner__organisation=organisation).values_list(
                "practitioner", "competency", "gained_on"
            )
        )
        for row in self.rows:
            self._understand(row)
        self.sort()

    def _understand(self, row):
        self._find(row)
        self._competency(row)
        day = row.day("gained_on")
        if day is None and not self.has_problem(row, "gained_on"):
            self.problem(row, "gained_on", "Enter the day on which it was gained")
        elif day and day > self.on:
            self.problem(row, "gained_on", f"{long_date(day)} is still to come")
        if not row.cells["evidence"] and not self.has_problem(row, "evidence"):
            self.problem(row, "evidence", "Enter how it was gained, and where the proof is")
        if row.person and row.competency and day:
            key = (row.person.pk, row.competency.pk, day)
            row.is_repeated = key in self.known
            self.known.add(key)

    def _find(self, row):
        email, name = row.cells["email"], row.cells["name"]
        if self.has_problem(row, "email"):
            return
        if email:
            known = self.by_address.get(email)
            if known and known.organisation_id == self.organisation.pk:
                row.person = known
            else:
                self.problem(
                    row, "email", f"Nobody of {self.organisation} has this address. Bring your list of staff first"
                )
            return
        if not name:
            if not self.has_problem(row, "name"):
                self.problem(row, "name", "Enter whose it is: the e-mail address, or the name")
            return
        alike = self.by_name.get(fold(name), [])
        alike = [each for each in alike if each.left_on is None] or alike
        if len(alike) == 1:
            row.person = alike[0]
            return
        why = f"There are {len(alike)} of this name" if alike else f"Nobody of {self.organisation} is called so"
        self.problem(row, "name", f"{why}. Enter the e-mail address as well")

    def _competency(self, row):
        words = row.cells["competency"]
        if not words:
            if not self.has_problem(row, "competency"):
                self.problem(row, "competency", "Enter what was gained")
            return
        found = self.competencies.get(fold(words), [])
        if len(found) > 1 and row.person and row.person.role:
            found = [each for each in found if each.partnership_id == row.person.role.partnership_id]
        if len(found) > 1:
            self.problem(row, "competency", "Several are called so. Say first which role of a framework they have")
        elif found:
            row.competency = found[0]
        else:
            near = nearest(words, [str(each) for alike in self.competencies.values() for each in alike])
            offer = f"Did you mean “{near}”?" if near else "Write it as the framework does"
            self.problem(row, "competency", f"The framework has no competency “{words}”. {offer}")

    @property
    def counts(self):
        return {
            "new": sum(not row.is_repeated for row in self.rows),
            "same": sum(row.is_repeated for row in self.rows),
        }

    def make(self, *, by):
        CompetencyRecord.objects.bulk_create(
            (
                CompetencyRecord(
                    practitioner=row.person,
                    competency=row.competency,
                    gained_on=row.day("gained_on"),
                    evidence=row.cells["evidence"],
                    recorded_by=by,
                )
                for row in self.rows
                if not row.is_repeated
            ),
            batch_size=500,
        )


def lock_organisation(organisation):
    """No other list of its people is brought before this ends."""
    Organisation.objects.select_for_update(of=["self"], no_key=True).get(pk=organisation.pk)


@transaction.atomic
def bring_staff(understood, *, organisation, roles, managed, missing_left, on):
    """Make everything of a list at once; gives the StaffDraft that was made. Said twice, the second changes nothing.

    ``missing_left``: whoever is in the register and not in the list has left. Raises NotNow while there is a problem.
    """
    lock_organisation(organisation)
    draft = StaffDraft(understood, organisation=organisation, roles=roles, managed=managed, on=on)
    if draft.problems:
        raise NotNow(MEND_FIRST)
    draft.make(missing_left=missing_left)
    return draft


@transaction.atomic
def bring_gained(understood, *, organisation, competencies, by, on):
    """As ``bring_staff``, of what people gained elsewhere."""
    lock_organisation(organisation)
    draft = GainedDraft(understood, organisation=organisation, competencies=competencies, on=on)
    if draft.problems:
        raise NotNow(MEND_FIRST)
    draft.make(by=by)
    return draft
