"""What is done about a risk or because of an inspection, as lines of a group's action log.

Everybody of a group's partnerships reads its log, so the words of a line tell nothing of the risk: the line is linked
to it, and only the page of the risk shows the link.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from partnership.actions import add_action
from partnership.models import Group, MeetingAction


def logs_for(record, user):
    """The groups in whose log whoever may read ``record`` reads: open ones of its partnership, none of case review."""
    groups = Group.objects.visible_to(user).open().filter(partnerships=record.partnership_id)
    return groups.exclude(kind=Group.Kind.CASE_REVIEW).order_by("name")


@transaction.atomic
def follow_up(record, group, *, text, due_on, **lead):
    """A line in the action log of ``group`` because of ``record``; the same sent twice is one.

    ``lead``: one of lead_post, lead_group, lead_organisation. Raises ValidationError where an open line with the same
    words stands there for something else.
    """
    action = add_action(group, text=text, due_on=due_on, **lead)
    link = record.follow_ups.filter(action=action).first()
    if link is None and any(hasattr(action, name) for name in ("risk_link", "inspection_link", "scrutiny_link")):
        raise ValidationError("The log has this line already, because of something else. Say it in other words")
    return link or record.follow_ups.create(action=action)


def lines_of(record):
    """The lines of action logs because of ``record``, what is open first, each with the last that was said of it."""
    actions = MeetingAction.objects.filter(pk__in=record.follow_ups.values("action")).with_latest_update()
    led = actions.select_related("group", "lead_post", "lead_group", "lead_organisation")
    return led.order_by(F("closed_on").desc(nulls_first=True), "due_on", "pk")
