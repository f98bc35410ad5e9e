"""The register of practitioners as a list: its columns, and what it can be narrowed to."""

import django_filters
import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html

from partnership.lists import DayColumn, NumberColumn, RecordFilter, RecordTable
from partnership.models import Organisation
from training.competence.marks import lacking, marks_of
from training.models import Competency, Practitioner, WorkRole

LEFT, ALL = "left", "all"
ANYTHING, NO_ROLE = "any", "none"


def organisations_of(request):
    """Those of whose people this person may see some."""
    people = Practitioner.objects.visible_to(request.user).order_by()
    return Organisation.objects.filter(pk__in=people.values("organisation"))


class PractitionerTable(RecordTable):
    """``lacking_counts`` is given by the list, for the rows that it shows: see ``lacks_of``."""

    caption = "Practitioners"
    lacking_counts = {}  # noqa: RUF012 -- replaced, never changed
    name = tables.Column("Name", linkify=True)
    organisation = tables.Column("Organisation", order_by=("organisation__name", "name"))
    job = tables.Column("Job")
    role = tables.Column("Role", order_by=("role__title", "name"))
    began_on = DayColumn("Began")
    lacks = NumberColumn("Lacks", empty_values=(), orderable=False)
    left_on = DayColumn("Left")

    def render_lacks(self, record):
        count = self.lacking_counts.get(record.pk, 0)
        return format_html('<strong class="late-text">{}</strong>', count) if count else ""

    def value_lacks(self, record):
        return self.lacking_counts.get(record.pk, 0) if record.role_id else ""


class PractitionerExport(PractitionerTable):
    email = tables.Column("E-mail")
    manager_name = tables.Column("Manager")
    manager_email = tables.Column("Manager’s e-mail")

    class Meta(PractitionerTable.Meta):
        sequence = ("name", "email", "organisation", "job", "role", "began_on", "manager_name", "manager_email", "...")


def lacks_of(keys, *, on):
    """{practitioner's key: how many of what they need they lack}."""
    counts = {}
    for mark in marks_of(Practitioner.objects.filter(pk__in=keys), on=on):
        if mark.is_lacking:
            counts[mark.practitioner.pk] = counts.get(mark.practitioner.pk, 0) + 1
    return counts


class PractitionerFilter(RecordFilter):
    """Those who have not left show unless asked otherwise."""

    search_fields = ("name", "email", "job", "organisation__name", "manager_name")

    organisation = django_filters.ModelChoiceFilter(
        label="Organisation", empty_label="Any organisation", queryset=organisations_of
    )
    role = django_filters.ChoiceFilter(label="Role", empty_label="Any role", method="in_role")
    lacks = django_filters.ChoiceFilter(label="Lacks", empty_label="Whatever", method="who_lack")
    when = django_filters.ChoiceFilter(
        label="Who", empty_label="Here now", choices=[(LEFT, "Have left"), (ALL, "All")], method="after_the_others"
    )

    def __init__(self, data, *args, **kwargs):
        super().__init__(data or {}, *args, **kwargs)  # without data nothing would be filtered
        user = self.request.user
        roles = WorkRole.objects.visible_to(user).order_by("title")
        self.filters["role"].extra["choices"] = [
            (NO_ROLE, "No role yet"),
            *((str(each.pk), each.title) for each in roles),
        ]
        competencies = Competency.objects.visible_to(user)
        self.filters["lacks"].extra["choices"] = [
            (ANYTHING, "Anything they need"),
            *((str(each.pk), str(each)) for each in competencies),
        ]

    def in_role(self, people, _name, role):
        return people.filter(role=None if role == NO_ROLE else role)

    def who_lack(self, people, _name, competency):
        competencies = Competency.objects.visible_to(self.request.user)
        if competency != ANYTHING:
            competencies = competencies.filter(pk=competency)
        return people.filter(pk__in=lacking(people, on=timezone.localdate(), competencies=competencies))

    def after_the_others(self, people, _name, _when):
        """Nothing asked is an answer here, which no filter is told of: see ``filter_queryset``."""
        return people

    def filter_queryset(self, people):
        people = super().filter_queryset(people)
        when = self.form.cleaned_data.get("when")
        if when == LEFT:
            return people.exclude(left_on=None)
        return people if when == ALL else people.here()
