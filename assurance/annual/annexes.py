"""What stands at the end of an annual report: how the partnership is organised, who came to meetings, what is next.

Plain data, like the rest of ``annual.content``. Only groups that the public page shows are told of.
"""

from django.utils.text import Truncator

from assurance.annual.pieces import in_parts, long_date, parts_by_height
from partnership.attendance import heat_maps
from plans.models import Milestone

# What a page holds: groups side by side, organisations below each other, printed lines of a table.
GROUPS_OF_A_TABLE = 4
ORGANISATIONS_OF_A_TABLE = 22
LINES_OF_GROUPS = 34
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
    """Tables of groups: what each is for, to whom it reports, how often it met. [] where there is no group."""
    names = {group.pk: group.name for group in groups}
    rows = [
        {
            "name": group.name,
            "kind": group.get_kind_display(),
            "purpose": Truncator(" ".join(group.purpose.split())).words(45),
            "reports_to": names.get(group.parent_id, ""),
            "held": maps[group].held_count,
        }
        for group in groups
    ]
    return parts_by_height(rows, lines_of_group, LINES_OF_GROUPS)


def lines_of_group(row):
    longest = max(len(row["name"]) // 24, len(row["purpose"]) // 40, len(row["reports_to"]) // 20)
    return 1.6 + longest + 1


def attendance(groups, maps):
    """Tables of organisations by groups, "3 of 4" in a cell: meetings at which it or its deputy was there."""
    told = [group for group in groups if any(line.asked_count for line in maps[group].lines)]
    tables = []
    for some in in_parts(told, GROUPS_OF_A_TABLE):
        lines = {group.pk: {line.name: line for line in maps[group].lines if line.asked_count} for group in some}
        names = sorted({name for of_group in lines.values() for name in of_group})
        rows = [{"name": name, "cells": [came(lines[group.pk].get(name)) for group in some]} for name in names]
        tables += [
            {"groups": [group.name for group in some], "rows": part}
            for part in in_parts(rows, ORGANISATIONS_OF_A_TABLE)
        ]
    return {"tables": tables, "seldom": seldom_there(told, maps)}


def came(line):
    return f"{line.there_count} of {line.asked_count}" if line else "–"


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
    """The first dates of the plan after the year that are not met: what, who, and by when."""
    waiting = (
        Milestone.objects.that_can_be_missed()
        .filter(
            activity__deliverable__priority__plan__in=year.plans().values("pk"),
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
