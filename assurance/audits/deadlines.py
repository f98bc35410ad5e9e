"""What is due to audits: cases that agencies grade, and audits to be looked at again."""

from django.db.models import TextField, Value
from django.db.models.functions import Concat

from assurance.models import Audit, AuditGrading
from partnership.deadlines import OFFICE, as_deadlines
from partnership.due_dates import of_office


def grades(on):
    """Cases that an agency was asked to grade and has not submitted, while grades are taken; owed by the agency."""
    asked = AuditGrading.objects.filter(submitted_at=None, case__audit__in=Audit.objects.grading(on=on).values("pk"))
    return as_deadlines(
        asked.exclude(case__audit__grades_due_on=None),
        key="audit-grading",
        kind="Audit",
        due_on="case__audit__grades_due_on",
        title=Concat("case__audit__title", Value(": grade "), "case__reference", output_field=TextField()),
        url_name="assurance:audit-grading",
        partnership="case__audit__partnerships",
        owner_text="organisation__name",
        organisation="organisation",
        audience=OFFICE,
        look_name="assurance:audit-list",
    )


def again(on):
    """Told audits that were to be looked at again and that no later audit does, from the group that carries it out."""
    return as_deadlines(
        _to_look_again().exclude(group=None),
        owner_text="group__name",
        group="group",
        group_above="group__parent",
        **OF_AUDIT,
    )


def again_of_office(on):
    """The same of those that no group carries out, from the business office."""
    return of_office(_to_look_again().filter(group=None), office="partnerships__posts", **OF_AUDIT)


def _to_look_again():
    told = Audit.objects.released().filter(closed_on=None, re_audits=None)
    return told.exclude(re_audit_on=None)


OF_AUDIT = {
    "key": "audit-again",
    "kind": "Audit to look at again",
    "due_on": "re_audit_on",
    "title": Concat(Value("Look again: "), "title", output_field=TextField()),
    "url_name": "assurance:audit-detail",
    "partnership": "partnerships",
}
