"""Independent reviewers as people of whom something is held: see ``partnership.data_protection.declaring.Subject``."""

from partnership.access import may
from partnership.data_protection.declaring import ERASED, Subject
from reviews.models import Reviewer


def seen_by(user):
    """Those on the registers of one's own case review groups: nobody else knows who is asked."""
    return Reviewer.objects.visible_to(user).exclude(email__endswith=ERASED)


def may_act(user, reviewer):
    return may(user, "change", reviewer)


def forget(reviewer):
    rows = Reviewer.objects.filter(pk=reviewer.pk)
    return {"reviews.Reviewer": rows.update(background="", works_for="", note="", is_available=False)}


REVIEWER = Subject(
    code="reviewer",
    title="An independent reviewer",
    label="reviews.Reviewer",
    name="name",
    contacts=("email",),
    pseudonym="Former reviewer",
    seen_by=seen_by,
    may=may_act,
    forget=forget,
)
