"""A file of schools becomes the register: read in a process of its own, shown, taken once by a person's yes.

What a row changes depends on what is known already, which may change until the yes: so the rows are kept as
they were read, and compared again each time they are shown, and once more while the schools are locked.
Rows that cannot be read are left out with a sentence; they do not keep the others from being brought.
"""

from dataclasses import dataclass, field

import pghistory
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date

from assurance.models import School, SchoolImport
from assurance.schools.reading import CALLED
from partnership.confined import Limits, run_confined
from partnership.models import Area, Document, Partnership
from partnership.templatetags.components import long_date
from partnership.uploads import check_upload

WANTED = (".csv", ".xlsx")
# 27,000 schools of 130 columns (24 MB) take 2 s and 85 MB as CSV.
LIMITS = Limits(cpu_seconds=20, wall_seconds=30, memory_bytes=700_000_000)
READER = "assurance.schools.reading"
ROWS_AT_ONCE = 500
DAYS = ("opened_on", "closed_on")
# What a file may change, in the order in which it is told.
FIELDS = tuple(name for name in CALLED if name != "area")


def stage_schools(upload, *, partnership, by):
    """Read an uploaded file and keep it, with the schools of the partnership's areas, until somebody confirms.

    Raises ``partnership.uploads.UnreadableFile`` with a sentence for the person; nothing is kept then.
    """
    suffix = check_upload(upload, wanted=WANTED)
    content = upload.read()
    areas = list(partnership.areas.values("pk", "name", "code"))
    understood, _files = run_confined(READER, {"suffix": suffix, "areas": areas}, [content], limits=LIMITS)
    with transaction.atomic():
        document = Document.keep(filename=upload.name, content=content, by=by)
        return SchoolImport.objects.create(
            partnership=partnership, document=document, understood=understood, created_by=by
        )


@transaction.atomic
def confirm_schools(staged, *, by, at):
    """Bring what the staged file says into the register; gives the counts. A second yes brings nothing again."""
    staged = SchoolImport.objects.select_for_update(of=["self"]).get(pk=staged.pk)
    if staged.confirmed_at:
        return staged.understood["brought"]
    Partnership.objects.select_for_update(no_key=True).get(pk=staged.partnership_id)
    draft = Draft(staged, is_final=True)
    on = timezone.localdate(at)
    with pghistory.context(user=by.pk):
        draft.bring(on=on)
    staged.understood = {**staged.understood, "rows": [], "brought": draft.counts}
    staged.confirmed_at = at
    staged.save(update_fields=["understood", "confirmed_at"])
    return draft.counts


@dataclass
class Change:
    """One field of a school, before and after, in words."""

    called: str
    before: str
    after: str


@dataclass
class Line:
    """One row of the file as it would stand in the register."""

    number: int
    school: School
    changes: list = field(default_factory=list)


class Draft:
    """What a staged file would do today. Reading it takes two queries, for one row as for 27,000.

    What a file leaves empty stays as it is known. ``is_final`` locks the schools.
    """

    def __init__(self, staged, *, is_final=False):
        self.partnership, self.understood = staged.partnership, staged.understood
        self.is_national = self.understood.get("is_national", False)
        self.new, self.changed, self.closed, self.same, self.left_out = [], [], [], [], []
        rows = self.understood.get("rows", [])
        known = School.objects.filter(urn__in=[row["urn"] for row in rows])
        if is_final:
            known = known.order_by("pk").select_for_update(of=["self"], no_key=True)
        self.known = {school.urn: school for school in known}
        self.areas = {area.pk: area for area in Area.objects.filter(partnerships=self.partnership)}
        for row in rows:
            self._understand(row)
        self.not_in_file = self._missing(rows) if self.is_national else 0

    def _understand(self, row):
        school = self.known.get(row["urn"])
        line = Line(row["number"], school or School(urn=row["urn"]))
        if school is None and not self.is_national:
            self._leave_out(row, f"We know no school with URN {row['urn']}. Bring the national file first.")
        elif school and school.area_id not in self.areas:
            self._leave_out(row, f"URN {row['urn']} is a school of another area.")
        elif self.is_national and row["area"] not in self.areas:
            self._leave_out(row, "This area is no longer one of the partnership’s.")
        else:
            before = school.status if school else None
            self._compare(line, row)
            self._sort(line, before)

    def _leave_out(self, row, says):
        self.left_out.append({"row": row["number"], "says": says})

    def _compare(self, line, row):
        if self.is_national and row["area"] != line.school.area_id:
            if line.school.area_id:
                line.changes.append(Change("area", str(self.areas[line.school.area_id]), str(self.areas[row["area"]])))
            line.school.area = self.areas[row["area"]]
        for name in FIELDS:
            said = row.get(name)
            said = parse_date(said) if said and name in DAYS else said
            before = getattr(line.school, name)
            if said and said != before:
                line.changes.append(Change(CALLED[name], in_words(name, before), in_words(name, said)))
                setattr(line.school, name, said)

    def _sort(self, line, before):
        if before is None:
            self.new.append(line)
        elif line.school.status == School.Status.CLOSED != before:
            self.closed.append(line)
        elif line.changes:
            self.changed.append(line)
        else:
            self.same.append(line)

    def _missing(self, rows):
        """How many schools that we take for open are not in the national file any more."""
        here = School.objects.filter(area__in=self.areas).exclude(status=School.Status.CLOSED)
        return len(set(here.values_list("urn", flat=True)) - {row["urn"] for row in rows})

    @property
    def counts(self):
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "closed": len(self.closed),
            "same": len(self.same),
            "not_taken": self.problem_count,
            "elsewhere": self.understood.get("elsewhere_count", 0),
        }

    @property
    def problems(self):
        return sorted([*self.understood.get("problems", []), *self.left_out], key=lambda problem: problem["row"])

    @property
    def problem_count(self):
        return self.understood.get("problem_count", 0) + len(self.left_out)

    def bring(self, *, on):
        """Write all of it, hundreds of rows in a statement."""
        for line in (*self.new, *self.changed, *self.closed):
            line.school.listed_on = on
        written = [line.school for line in (*self.new, *self.changed, *self.closed)]
        School.objects.bulk_create(
            written,
            batch_size=ROWS_AT_ONCE,
            update_conflicts=True,
            unique_fields=["urn"],
            update_fields=["area", *FIELDS, "listed_on"],
        )
        School.objects.filter(pk__in=[line.school.pk for line in self.same]).update(listed_on=on)


def in_words(name, value):
    if name == "status":
        return School.Status(value).label
    return long_date(value) if name in DAYS else str(value or "")
