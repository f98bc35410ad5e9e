"""The days on which nobody works, with the words that say why: what a calendar shades."""

from collections import defaultdict
from dataclasses import dataclass

from partnership.models import Closure
from partnership.templatetags.components import sentence_join
from partnership.working_days import ENGLAND, WorkingDays, each_day, names_of_bank_holidays


@dataclass(frozen=True)
class DaysOff:
    """``working`` counts working days where several partnerships look at one calendar; ``why`` is {day: [words]}."""

    working: WorkingDays
    why: dict

    def is_off(self, day):
        return not self.working.is_working_day(day)

    def words(self, day):
        """Bank holidays and closures by name; a weekend is seen."""
        return self.why.get(day, [])


def days_off(first, last, *, partnership_ids):
    """The DaysOff from ``first`` to ``last`` for the people of these partnerships; by one query.

    A day is off where every one of them is closed; where only some are, the words say which. On a weekend or
    a bank holiday a closure changes nothing and is not named.
    """
    why, closed, names = defaultdict(list), defaultdict(set), defaultdict(list)
    for year in range(first.year, last.year + 1):
        for day, name in names_of_bank_holidays(year).items():
            why[day].append(name)
    closures = Closure.objects.filter(partnership__in=partnership_ids, first_day__lte=last, last_day__gte=first)
    for closure in closures.select_related("partnership").order_by("first_day", "partnership__name", "pk"):
        for day in each_day(max(first, closure.first_day), min(last, closure.last_day)):
            closed[closure.partnership_id].add(day)
            if ENGLAND.is_working_day(day):
                names[day, closure.title].append(closure.partnership.short_name)
    for (day, title), who in names.items():
        why[day].append(f"{_who_is_closed(who, len(partnership_ids))} closed: {title}")
    shared = frozenset.intersection(*(frozenset(closed[each]) for each in partnership_ids)) if partnership_ids else ()
    return DaysOff(WorkingDays(shared), dict(why))


def _who_is_closed(names, count):
    if len(names) < count:
        return sentence_join(names)
    return "Office" if count == 1 else "Offices"
