"""Who sits where, from a day to a day: seats begin, change and end, and all of them end with their group.

What was so on a day stays so: a seat whose part changes ends the day before, and another begins.
Forms ask what may be done; a view holds the group (``hold``) before it asks.
"""

from datetime import timedelta

import pghistory
from django.db import models, transaction

from partnership.models import Group, GroupMember

A_DAY = timedelta(days=1)
Role = GroupMember.Role


class EarlierChair(models.TextChoices):
    """What becomes of whoever has the chair when another takes it."""

    ENDS = "ends", "Their seat ends the day before"
    MEMBER = "member", "They stay, as a member"


def hold(group):
    """Keep everybody else from changing who sits in ``group`` until this transaction is over."""
    Group.objects.select_for_update(no_key=True).get(pk=group.pk)


def chairs_between(group, from_on, to_on, *, besides=None):
    """The seats that have the chair on any day from ``from_on`` to ``to_on``, the earliest first."""
    chairs = group.members.filter(role=Role.CHAIR).overlapping(from_on, to_on).select_related("post__organisation")
    return list(chairs.exclude(pk=besides).order_by("from_on", "pk"))


@transaction.atomic
def add_seat(seat, *, earlier_chair=""):
    """Give a post the seat. A new chair takes the chair from whoever has it: see ``EarlierChair``."""
    if seat.role == Role.CHAIR:
        give_up_chair(seat, earlier_chair)
    seat.save()
    return seat


@transaction.atomic
def change_seat(seat, *, part_from=None, earlier_chair=""):
    """Keep what a form changed in ``seat``; with ``part_from`` its part was another up to the day before."""
    if part_from:
        before = GroupMember.objects.get(pk=seat.pk)
        end_seat_row(before, on=part_from - A_DAY)
        seat.pk, seat.from_on, seat._state.adding = None, part_from, True
    if seat.role == Role.CHAIR:
        give_up_chair(seat, earlier_chair)
    seat.save()
    if part_from:
        pass_deputies(before, seat)
    return seat


@transaction.atomic
def end_seat(seat, *, on):
    """The seat's last day is ``on``; whoever deputises for it does so no longer."""
    end_all(GroupMember.objects.filter(models.Q(pk=seat.pk) | models.Q(deputy_for=seat)), on=on)


def give_up_chair(seat, earlier_chair):
    last_day = seat.from_on - A_DAY if seat.from_on else None
    for chair in chairs_between(seat.group, seat.from_on, seat.to_on, besides=seat.pk):
        if earlier_chair == EarlierChair.MEMBER:
            until, stays = chair.to_on, GroupMember(group=chair.group, post=chair.post, role=Role.MEMBER)
            end_seat_row(chair, on=last_day)
            stays.from_on, stays.to_on = seat.from_on, until
            stays.save()
            pass_deputies(chair, stays)
        else:
            end_seat(chair, on=last_day)


def end_seat_row(seat, *, on):
    seat.to_on = on
    seat.save(update_fields=["to_on"])


def pass_deputies(before, after):
    """Those who deputise for ``before`` from then on do so for ``after``."""
    before.deputies.overlapping(after.from_on, None).update(deputy_for=after)


def end_all(seats, *, on):
    """End those of ``seats`` that go on after ``on``; one that was only to begin later never was."""
    going_on = seats.filter(models.Q(to_on=None) | models.Q(to_on__gt=on))
    later = list(going_on.filter(from_on__gt=on).values_list("pk", flat=True))
    GroupMember.objects.filter(deputy_for__in=later).update(deputy_for=None)
    GroupMember.objects.filter(pk__in=later).delete()
    going_on.update(to_on=on)


@transaction.atomic
def close_group(group, *, on, reason):
    """The group's last day is ``on``, and that of every seat in it. The reason stands in its history."""
    with pghistory.context(reason=reason):
        end_all(GroupMember.objects.filter(group=group), on=on)
        group.closed_on = on
        group.save(update_fields=["closed_on"])


@transaction.atomic
def reopen_group(group):
    """Open it again, with the seats that ended when it closed."""
    group.members.filter(to_on=group.closed_on).update(to_on=None)
    group.closed_on = None
    group.save(update_fields=["closed_on"])
