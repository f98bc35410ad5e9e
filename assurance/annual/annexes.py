"""What stands at the end of an annual report: how the partnership is organised, who came to meetings, what is next.

Plain data, like the rest of ``annual.content``. Only groups that the public page shows are told of.
"""

from django.utils.text import Truncator

from assurance.annual.pieces import long_date
from partnership.attendance import heat_maps
from plans.models import Milestone, Plan

MOST_NEXT = 4


def public_groups(year):
    """The groups that stood at the end of the year, each after the one that it reports to."""
    groups = year.groups().filter(is_public=True).select_related("parent").order_by("name", "pk")
    stood = {group.pk: group for group in groups if group.is_open(on=year.ends_on)}
    below = {}
    for group in stood.values():
        below.setdefault(group.parent_id if group.parent_id in stood else None, []).append(group)
    waiting, found = list(reversed(below.get(None, []))), []
    while waiting:
        group = waiting.pop()
        found.append(group)
        waiting.extend(reversed(below.get(group.pk, [])))
    return found


def structure(groups, maps):
    """Rows of groups: what each is for, to whom it reports, how often it met."""
    names = {group.pk: group.name for group in groups}
    return [
        {
            "name": group.name,
            "kind": group.get_kind_display(),
            "purpose": Truncator(" ".join(group.purpose.split())).words(45),
            "reports_to": names.get(group.parent_id, ""),
            "held": maps[group].held_count,
        }
        for group in groups
    ]


def attendance(groups, maps):
    """Rows of organisations: "3 of 4" for each group in which it had a seat, and for all of them together.

    Counted are meetings at which it or its deputy was there, of those held while it had a seat.
    """
    rows = {}
    for group in groups:
        for line in maps[group].lines:
            if line.asked_count:
                row = rows.setdefault(line.name, {"name": line.name, "groups": [], "there": 0, "asked": 0})
                row["groups"].append({"name": group.name, "came": f"{line.there_count} of {line.asked_count}"})
                row["there"] += line.there_count
                row["asked"] += line.asked_count
    return {"rows": [rows[name] for name in sorted(rows)], "seldom": seldom_there(groups, maps)}


def seldom_there(groups, maps):
    """Who fell below what each group expects, in words."""
    found = []
    for group in groups:
        names = [line.name for line in maps[group].seldom_there]
        if names:
            found.append(f"{group.name}: {', '.join(names)}.")
    return found


def maps_of(groups, year):
    return heat_maps(groups, first=year.starts_on, last=year.ends_on) if groups else {}


def next_steps(year):
    """The first dates after the year that are not met, of its plans and those that follow: what, and by when."""
    plans = Plan.objects.filter(
        partnerships__in=year.partnership_ids,
        status__in=[Plan.Status.APPROVED, Plan.Status.PUBLISHED],
        ends_on__gt=year.ends_on,
    )
    waiting = (
        Milestone.objects.that_can_be_missed()
        .filter(
            activity__deliverable__priority__plan__in=plans.values("pk"),
            due_on__gt=year.ends_on,
            met_on=None,
        )
        .select_related("activity__deliverable__priority")
        .order_by("due_on", "activity__deliverable__priority__position", "pk")
    )
    return [
        {
            "text": Truncator(" ".join(each.activity.text.split())).words(24),
            "priority": str(each.activity.deliverable.priority),
            "due": long_date(each.due_on),
        }
        for each in waiting[:MOST_NEXT]
    ]
