"""Learners as people of whom something is held: see ``partnership.data_protection.declaring.Subject``."""

from partnership.access import may
from partnership.data_protection.declaring import ERASED, Subject
from partnership.models import Membership
from partnership.standing import standing_of
from training.models import Place, Practitioner


def seen_by(user):
    """Those of the members of one's own partnerships to an office, all to an administrator."""
    standing = standing_of(user)
    people = Practitioner.objects.exclude(email__endswith=ERASED)
    if standing.is_administrator:
        return people
    members = Membership.objects.filter(partnership__in=standing.office_ids)
    return people.filter(organisation__in=members.values("organisation"))


def may_act(user, practitioner):
    """An administrator, or an office to whose partnership the learner's organisation belongs."""
    standing = standing_of(user)
    return standing.is_administrator or (
        bool(standing.office_ids & practitioner.partnership_ids) and may(user, "change", practitioner)
    )


def forget(practitioner):
    """Their job and manager go too, and what they said they need to take part."""
    Practitioner.objects.filter(pk=practitioner.pk).update(job="", manager_name="", manager_email="")
    needs = Place.objects.filter(practitioner=practitioner).exclude(needs="").update(needs="")
    return {"training.Place": needs}


LEARNER = Subject(
    code="learner",
    title="Somebody who took part in training",
    label="training.Practitioner",
    name="name",
    contacts=("email",),
    pseudonym="Former learner",
    seen_by=seen_by,
    may=may_act,
    forget=forget,
    further=(("training.Evaluation", "place__practitioner"),),
)
