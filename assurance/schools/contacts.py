"""Heads of schools as people of whom something is held: see ``partnership.data_protection.declaring.Subject``."""

from assurance.models import School
from partnership.data_protection.declaring import Subject
from partnership.models import Partnership
from partnership.standing import standing_of


def seen_by(user):
    """Those of the areas of one's own partnerships to an office, all to an administrator."""
    standing = standing_of(user)
    schools = School.objects.exclude(head_name="", head_email="", chair_name="", chair_email="")
    if standing.is_administrator:
        return schools
    areas = Partnership.areas.through.objects.filter(partnership__in=standing.office_ids)
    return schools.filter(area__in=areas.values("area"))


def may_act(user, school):
    return seen_by(user).filter(pk=school.pk).exists()


def forget(school):
    """The school is as it was, until the next list of schools names others."""
    return {"assurance.School": School.objects.filter(pk=school.pk).update(head_title="", chair_name="")}


SCHOOL = Subject(
    code="school",
    title="The head or chair of governors of a school",
    label="assurance.School",
    name="head_name",
    contacts=("head_email", "chair_email"),
    pseudonym="Former head teacher",
    seen_by=seen_by,
    may=may_act,
    forget=forget,
    outlives=True,
)
