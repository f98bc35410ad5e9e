"""The action log of a group: lines are added with a number of their own, said of, closed, opened again."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.agenda import lock
from partnership.models import MeetingAction
from partnership.templatetags.components import long_date

# Words that most groups' names have and that tell none from another.
EVERYDAY = {"and", "the", "of", "for", "to", "with", "group", "subgroup", "sub-group"}
TRAILING_NUMBER = re.compile(r"(\d+)$")
LONGEST_PREFIX = 6


def prefix_of(group):
    """ "LD" for the Learning and Development Subgroup, "EX" for the Executive."""
    words = [word for word in re.findall(r"[\w-]+", group.name) if word.lower() not in EVERYDAY]
    if len(words) == 1:
        return words[0][:2].upper()
    return "".join(word[0] for word in words)[:LONGEST_PREFIX].upper() or "A"


@transaction.atomic
def add_action(group, *, text, due_on, meeting=None, item=None, **lead):
    """A new line of the log of ``group`` with the next number; the same line sent twice is one.

    ``lead``: one of lead_post, lead_group, lead_organisation. Raises ValidationError where the minutes of
    ``meeting`` are agreed.
    """
    lock(group)
    same = group.actions.open().filter(text=text, due_on=due_on, meeting=meeting, item=item, **lead).first()
    if same:
        return same
    if meeting and meeting.has_agreed_minutes:
        raise ValidationError(
            f"The minutes of {long_date(meeting.meets_on)} are agreed, so nothing can be added to them. "
            "Leave the meeting out or choose another"
        )
    return group.actions.create(ref=next_ref(group), text=text, due_on=due_on, meeting=meeting, item=item, **lead)


def next_ref(group):
    """One more than the highest number that any line of the log ends with."""
    found = (TRAILING_NUMBER.search(ref) for ref in group.actions.values_list("ref", flat=True))
    last = max((int(number[1]) for number in found if number), default=0)
    return f"{prefix_of(group)}-{last + 1}"


@transaction.atomic
def update_action(action, *, text, by, on, outcome=""):
    """Say what has happened; with an ``outcome`` the action is closed. The same words twice are one update.

    Raises ValidationError where it is closed already.
    """
    action = locked(action)
    if action.closed_on and action.outcome == outcome:
        return action
    if action.closed_on:
        raise ValidationError(f"This action was closed on {long_date(action.closed_on)}. Open it again first")
    last = action.updates.first()
    if last is None or (last.text, last.said_by_id) != (text, by.pk):
        action.updates.create(text=text, said_by=by, said_at=timezone.now())
    if outcome:
        action.closed_on, action.outcome = on, outcome
        action.save(update_fields=["closed_on", "outcome"])
    return action


@transaction.atomic
def change_action(action, *, text, due_on, **lead):
    """Other words, another day or another lead (one of lead_post, lead_group, lead_organisation)."""
    action.text, action.due_on = text, due_on
    for name, record in lead.items():
        setattr(action, name, record)
    action.save(update_fields=["text", "due_on", *lead])
    return action


@transaction.atomic
def reopen_action(action, *, by):
    """The action goes on. That it was closed, and what was said to have come of it, stays in its log."""
    action = locked(action)
    if action.closed_on:
        words = f"Opened again. It was closed on {long_date(action.closed_on)}: {action.outcome}"
        action.updates.create(text=words, said_by=by, said_at=timezone.now())
        action.closed_on, action.outcome = None, ""
        action.save(update_fields=["closed_on", "outcome"])
    return action


def locked(action):
    return MeetingAction.objects.select_for_update(of=["self"]).get(pk=action.pk)
