"""What a source of evidence gives, and the quarter of which it is asked."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from plans.models import Priority, UpdateRound

MOST_YEARS = 50  # a priority carried round in a circle, which only a mistake could make, ends here
LONGEST_REFERENCE = 160
LONGEST_ADDRESS = 300


@dataclass(frozen=True)
class Offer:
    """One thing that shows something of these ``priorities``, or of these ``outcomes`` alone (keys of this plan)."""

    stream: str
    source_key: str
    reference: str
    text: str
    dated_on: date
    address: str = ""
    priorities: frozenset = frozenset()
    outcomes: frozenset = frozenset()

    def serves(self, outcome):
        return outcome.pk in self.outcomes or outcome.priority_id in self.priorities

    @property
    def columns(self):
        """As a row of evidence holds it."""
        return {
            "stream": self.stream,
            "reference": self.reference[:LONGEST_REFERENCE],
            "text": self.text.strip(),
            "address": self.address if len(self.address) <= LONGEST_ADDRESS else "",
            "dated_on": self.dated_on,
        }


@dataclass(frozen=True)
class Quarter:
    """The round of a report. ``follows``: {key of a priority, of this or an earlier plan: its key in this plan}."""

    round: UpdateRound
    partnership_ids: frozenset
    follows: dict

    @classmethod
    def of(cls, round):
        """One query, and one more for each year that the priorities were carried on."""
        rows = Priority.objects.in_plan().filter(plan=round.plan_id).values_list("pk", "pk", "carried_from")
        follows, step = {}, list(rows)
        for _year in range(MOST_YEARS):
            follows |= {key: now for key, now, _before in step if key not in follows}
            before = {earlier: now for _key, now, earlier in step if earlier and earlier not in follows}
            if not before:
                break
            carried = Priority.objects.filter(pk__in=before).values_list("pk", "carried_from")
            step = [(key, before[key], earlier) for key, earlier in carried]
        return cls(round, frozenset(round.plan.partnership_ids), follows)

    @property
    def days(self):
        """Its first and last day."""
        return self.round.starts_on, self.round.ends_on

    def linked(self, records):
        """Of ``records`` (which have ``priorities``) those of our priorities; prefetched. Two queries."""
        through = records.model.priorities.through
        name = records.model._meta.model_name
        ours = through.objects.filter(priority__in=self.follows).values(name)
        return records.filter(pk__in=ours).prefetch_related(
            Prefetch("priorities", Priority.objects.filter(pk__in=self.follows), to_attr="ours")
        )

    def now(self, priorities):
        """The keys in this plan of priorities of whichever year."""
        return frozenset(self.follows[each.pk] for each in priorities)
