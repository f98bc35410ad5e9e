"""When the office of a partnership is closed, for what is counted locally: reminders and steps of a process.

A clock of law never stops for a closure: it counts by ``partnership.working_days.ENGLAND``.
"""

from collections import defaultdict
from functools import reduce

from partnership.models import Closure
from partnership.working_days import ENGLAND, WorkingDays, each_day


def working_days_of(partnership_ids):
    """``{partnership's key: WorkingDays}``, without the days on which its office is closed; by one query."""
    closed = defaultdict(set)
    closures = Closure.objects.filter(partnership__in=partnership_ids)
    for partnership, first, last in closures.values_list("partnership", "first_day", "last_day"):
        closed[partnership].update(each_day(first, last))
    return {each: WorkingDays(closed[each]) if each in closed else ENGLAND for each in partnership_ids}


def working_days_for(partnership_ids):
    """WorkingDays of what these partnerships share; by one query."""
    ids = set(partnership_ids)
    return shared_working_days(working_days_of(ids), ids)


def shared_working_days(found, partnership_ids):
    """WorkingDays of a thing that several partnerships share: a day is off where it is off in all of them.

    ``found`` is what ``working_days_of`` gave. Without any partnership it is England's.
    """
    kinds = {found.get(each, ENGLAND) for each in partnership_ids}
    if len(kinds) <= 1:
        return kinds.pop() if kinds else ENGLAND
    closed = reduce(frozenset.intersection, (each.closed for each in kinds))
    return WorkingDays(closed) if closed else ENGLAND
