"""What a group is to take, and when: the forward plan, agendas, standing items."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from partnership.models import AgendaItem, Group, Meeting, Paper

STEP = 10  # between the positions of two items


# Placing


@transaction.atomic
def add_item(group, *, meeting=None, **answers):
    """Put something on the forward plan of ``group``, or at once on a meeting's agenda.

    ``answers`` are the fields of AgendaItem. The same words twice in one place are one item. Raises
    ValidationError where the meeting is not planned any more.
    """
    lock(group)
    same = group.agenda_items.filter(meeting=meeting, title=answers["title"], asked=answers.get("asked", "")).first()
    if same:
        return same
    item = AgendaItem(group=group, **answers)
    return _place(item, meeting)


@transaction.atomic
def place_item(item, *, meeting):
    """Put ``item`` at the end of a planned meeting's agenda; None puts it back on the forward plan.

    Raises ValidationError where it was taken already, or that meeting is not planned any more.
    """
    lock(item.group)
    item = AgendaItem.objects.select_for_update(of=["self"]).select_related("group", "meeting").get(pk=item.pk)
    if item.meeting and item.meeting.status == Meeting.Status.HELD:
        raise ValidationError("This item was on the agenda of a meeting that was held. Carry it over instead")
    if item.meeting == meeting:
        return item
    return _place(item, meeting)


def _place(item, meeting):
    if meeting is not None:
        meeting = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        if meeting.group_id != item.group_id or meeting.status != Meeting.Status.PLANNED:
            raise ValidationError("That meeting is not planned any more. Choose another")
    before = item.meeting.papers_due_on if item.meeting else None
    if item.needs_paper and meeting and item.paper_due_on in (None, before):
        item.paper_due_on = meeting.papers_due_on
    item.meeting = meeting
    item.position = next_position(item.group, meeting)
    item.save()
    return item


def next_position(group, meeting):
    last = group.agenda_items.filter(meeting=meeting).aggregate(last=Max("position"))["last"]
    return (last or 0) + STEP


@transaction.atomic
def carry_over(item):
    """Take ``item`` again at the group's next planned meeting, or on the forward plan where none is.

    Of a planned meeting the item itself goes on; of one that was held it stays in the record and a new
    item comes from it, once.
    """
    lock(item.group)
    meeting = next_meeting_after(item)
    if item.meeting is None or item.meeting.status != Meeting.Status.HELD:
        return place_item(item, meeting=meeting)
    carried = item.carried_to.first()
    if carried:
        return carried
    kept = ["title", "kind", "asked", "minutes", "lead_post", "needs_paper", "source", "source_path"]
    again = AgendaItem(group=item.group, carried_from=item, **{name: getattr(item, name) for name in kept})
    return _place(again, meeting)


def next_meeting_after(item):
    """The group's first planned meeting after the one that ``item`` is on, or None."""
    planned = item.group.meetings.planned()
    if item.meeting:
        planned = planned.filter(meets_on__gt=item.meeting.meets_on)
    return planned.order_by("meets_on").first()


@transaction.atomic
def shift_item(item, *, up):
    """Swap ``item`` with its neighbour on the agenda or forward plan; at the end it stays where it is."""
    lock(item.group)
    items = list(item.group.agenda_items.filter(meeting=item.meeting).order_by("position", "pk"))
    place = items.index(item)
    other = place - 1 if up else place + 1
    if 0 <= other < len(items):
        items[place], items[other] = items[other], items[place]
    for position, each in enumerate(items, start=1):
        each.position = position * STEP
    AgendaItem.objects.bulk_update(items, ["position"])


def return_to_forward_plan(meeting):
    """Before ``meeting`` is cancelled: its items wait for another.

    A standing item is on the next agenda anyway, so it stays here unless somebody brought a paper for it.
    """
    standing = meeting.group.standing_items.values("title")
    has_paper = Exists(Paper.objects.filter(item=OuterRef("pk"), withdrawn_at=None))
    waiting = meeting.items.exclude(~has_paper, title__in=standing).order_by("position", "pk")
    position = next_position(meeting.group, None)
    for place, item in enumerate(waiting):
        item.meeting, item.paper_due_on, item.position = None, None, position + place * STEP
        item.save(update_fields=["meeting", "paper_due_on", "position"])


# Standing items


def standing_items_for(meeting):
    """The group's standing items as (unsaved) items of ``meeting``'s agenda, in their order."""
    return [
        as_item(standing, meeting, position)
        for position, standing in enumerate(meeting.group.standing_items.select_related("asked_by"), start=1)
    ]


def as_item(standing, meeting, position):
    asked_by = standing.asked_by
    return AgendaItem(
        group_id=meeting.group_id,
        meeting=meeting,
        position=position * STEP,
        title=standing.title,
        kind=standing.kind,
        minutes=standing.minutes,
        source=f"Standing item of the {asked_by.name}"[:200] if asked_by else "Standing item",
    )


@transaction.atomic
def add_standing_item(group, *, on, **answers):
    """Put something on every agenda to come; gives the item and how many planned meetings got it now."""
    lock(group)
    standing, is_new = group.standing_items.get_or_create(
        title=answers.pop("title"), defaults={**answers, "position": group.standing_items.count() + 1}
    )
    if not is_new:
        return standing, 0
    added = [
        as_item(standing, meeting, next_position(group, meeting) // STEP)
        for meeting in group.meetings.planned().filter(meets_on__gte=on)
        if not meeting.items.filter(title=standing.title).exists()
    ]
    AgendaItem.objects.bulk_create(added)
    return standing, len(added)


@transaction.atomic
def remove_standing_item(standing, *, on):
    """Take it off the list and off every agenda to come on which nobody has done anything with it."""
    group = standing.group
    lock(group)
    untouched = AgendaItem.objects.filter(
        group=group,
        title=standing.title,
        source__startswith="Standing item",
        meeting__status=Meeting.Status.PLANNED,
        meeting__meets_on__gte=on,
        papers=None,
        actions=None,
        decisions=None,
        discussion="",
    )
    for item in untouched:
        item.delete()
    standing.delete()


def lock(group):
    """Nobody else plans, orders or numbers anything of ``group`` until this is done."""
    Group.objects.select_for_update(no_key=True, of=["self"]).get(pk=group.pk)
