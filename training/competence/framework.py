"""The competency framework: which role needs which competency. Ticked in one table, each thing in its order."""

from django.db import transaction
from django.db.models import Max

from partnership.models import Partnership
from partnership.refusals import NotNow
from partnership.templatetags.components import sentence_join
from training.competence.marks import uses_of
from training.models import Competency, RoleRequirement, WorkRole

UP, DOWN = "up", "down"


def lock_framework(partnership):
    """Nobody else changes what is asked, or in which order it stands, before this ends."""
    Partnership.objects.select_for_update(of=["self"], no_key=True).get(pk=partnership.pk)


def framework_of(partnership):
    """(roles, competencies, {(role's key, competency's key): requirement}). Three queries."""
    roles = list(WorkRole.objects.filter(partnership=partnership))
    competencies = list(Competency.objects.filter(partnership=partnership))
    asked = RoleRequirement.objects.filter(role__partnership=partnership)
    return roles, competencies, {(each.role_id, each.competency_id): each for each in asked}


@transaction.atomic
def tick(partnership, *, shown, ticked):
    """Ask for what was ticked and no longer for what was unticked; gives how many cells changed.

    ``shown``: the pairs (role's key, competency's key) that were ticked when the page was made. Only what this person
    changed is changed: what somebody else ticked meanwhile stays.
    """
    lock_framework(partnership)
    roles = set(WorkRole.objects.filter(partnership=partnership).values_list("pk", flat=True))
    competencies = set(Competency.objects.filter(partnership=partnership).values_list("pk", flat=True))
    there = {pair for pair in ticked ^ shown if pair[0] in roles and pair[1] in competencies}
    asked = set(RoleRequirement.objects.filter(role__in=roles).values_list("role", "competency"))
    new, gone = (ticked & there) - asked, (there - ticked) & asked
    RoleRequirement.objects.bulk_create(RoleRequirement(role_id=role, competency_id=each) for role, each in sorted(new))
    for role, competency in gone:
        RoleRequirement.objects.filter(role=role, competency=competency).delete()
    return len(new) + len(gone)


def next_position(model, partnership):
    last = model.objects.filter(partnership=partnership).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


@transaction.atomic
def move(record, way):
    """Let a role or a competency stand one place higher or lower; at the end it stays where it is."""
    model = type(record)
    lock_framework(record.partnership)
    records = list(model.objects.filter(partnership=record.partnership_id))
    here = records.index(record)
    there = here - 1 if way == UP else here + 1
    if 0 <= there < len(records):
        records[here], records[there] = records[there], records[here]
    for position, each in enumerate(records):
        if each.position != position:
            model.objects.filter(pk=each.pk).update(position=position)


@transaction.atomic
def take_away(record):
    """Delete a role or a competency that nothing uses. Raises NotNow, saying what does."""
    lock_framework(record.partnership)
    uses = uses_of(record)
    if uses:
        raise NotNow(f"{record} is still used by {sentence_join(uses)}. Take it out there first")
    record.delete()
