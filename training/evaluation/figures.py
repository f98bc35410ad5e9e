"""What evaluations say in figures, of one event or of several added up.

What is told of an event is decided in ``training.evaluation.telling``. Figures of several events add up what is told
of each by itself, so that from no course, stretch of days or choice of events more follows than stands on the events'
own pages. How many were asked and answered is always told: it says nothing of what anybody said.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Q

from training.evaluation.telling import (
    AGREES,
    CHANGED,
    FEWEST,
    KEPT,
    LEARNED,
    MANAGER,
    USEFULNESS,
    told_groups,
    whole_answers,
)
from training.models import Evaluation, Event, Place
from training.programme.policies import policies_of

Stage, Changed = Evaluation.Stage, Evaluation.Changed
WHAT_COUNTS = [
    "stage",
    "closes_on",
    "answered_at",
    "confidence",
    "usefulness",
    "changed",
    "manager_email",
    "manager_answered_at",
    "manager_changed",
    "place__event",
    "place__status",
]
STAYED = [Place.Status.BOOKED, Place.Status.ATTENDED, Place.Status.MISSED]


# What is told


@dataclass(frozen=True)
class Spread:
    """How many chose each answer, in the order of the answers."""

    counts: tuple

    @classmethod
    def of(cls, said, choices):
        counted = Counter(said)
        return cls(tuple(counted[choice] for choice in choices))

    @property
    def count(self):
        return sum(self.counts)

    @property
    def mean(self):
        """Of numbers from 1 on, to one decimal."""
        return round(sum(number * count for number, count in enumerate(self.counts, start=1)) / self.count, 1)

    def __add__(self, other):
        return Spread(tuple(a + b for a, b in zip(self.counts, other.counts, strict=True)))


@dataclass(frozen=True)
class Pairs:
    """People who answered twice: ``earlier`` and ``later`` are Spreads of the same people."""

    earlier: Spread
    later: Spread
    more_count: int
    less_count: int

    @property
    def count(self):
        return self.earlier.count

    @property
    def same_count(self):
        return self.count - self.more_count - self.less_count

    def __add__(self, other):
        return Pairs(
            self.earlier + other.earlier,
            self.later + other.later,
            self.more_count + other.more_count,
            self.less_count + other.less_count,
        )


@dataclass(frozen=True)
class StageFigures:
    """One stage. Of Spreads None: not told. ``left_out_count`` came and could not be asked.

    Of ``told_event_count`` events enough answered and nobody can any more, of ``few_event_count`` too few did.
    """

    stage: str
    asked_count: int = 0
    answered_count: int = 0
    came_count: int = 0
    left_out_count: int = 0
    open_event_count: int = 0
    few_event_count: int = 0
    told_event_count: int = 0
    confidence: Spread | None = None
    usefulness: Spread | None = None
    changed: Spread | None = None

    @property
    def name(self):
        return Stage(self.stage).label

    @property
    def asked_share(self):
        return share(self.answered_count, self.asked_count)

    @property
    def came_share(self):
        """Per cent of those who came; None before, when nobody came yet."""
        return None if self.stage == Stage.BEFORE else share(self.answered_count, self.came_count)


@dataclass(frozen=True)
class ManagerFigures:
    """``agree_count`` managers of ``agreement_count`` chose what the practitioner chose."""

    asked_count: int = 0
    answered_count: int = 0
    changed: Spread | None = None
    agreement_count: int | None = None
    agree_count: int | None = None

    @property
    def asked_share(self):
        return share(self.answered_count, self.asked_count)


@dataclass(frozen=True)
class Figures:
    """Of one event, or of several added up.

    ``learned``: people who answered before and straight after; ``kept``: before and weeks later.
    """

    event_count: int = 0
    came_count: int = 0
    before: StageFigures = field(default_factory=lambda: StageFigures(Stage.BEFORE))
    after: StageFigures = field(default_factory=lambda: StageFigures(Stage.AFTER))
    later: StageFigures = field(default_factory=lambda: StageFigures(Stage.LATER))
    learned: Pairs | None = None
    kept: Pairs | None = None
    manager: ManagerFigures = field(default_factory=ManagerFigures)
    fewest: int = FEWEST

    @property
    def stages(self):
        return [self.before, self.after, self.later]

    @property
    def is_asked(self):
        return any(each.asked_count for each in self.stages)

    @property
    def is_told(self):
        return any(each.told_event_count for each in self.stages)


def share(part, whole):
    """Per cent, rounded; None of nothing."""
    return round(100 * part / whole) if whole else None


# Counting


def figures_of(events, *, on):
    """Figures of an event or of several added up. The same number of queries for however many."""
    events = [events] if isinstance(events, Event) else list(events)
    return added_up(figures_by_event(events, on=on).values())


def figures_by_event(events, *, on):
    """``{pk of an event: Figures}``, as told on that day."""
    events = list(events)
    policies = policies_of(events)
    keys = [event.pk for event in events]
    rows = defaultdict(lambda: defaultdict(dict))
    found = Evaluation.objects.filter(place__event__in=keys).order_by().select_related("place").only(*WHAT_COUNTS)
    for row in found:
        rows[row.place.event_id][row.stage][row.place_id] = row
    came = Place.objects.filter(event__in=keys).order_by().values_list("event")
    came = dict(came.annotate(came_count=Count("pk", filter=Q(status=Place.Status.ATTENDED))))
    return {
        event.pk: figures_from(
            rows[event.pk],
            on=on,
            came_count=came.get(event.pk, 0),
            fewest=max(policies[event.pk].fewest_answers, FEWEST),
            is_cancelled=event.is_cancelled,
        )
        for event in events
    }


def figures_from(rows, *, on, came_count, fewest, is_cancelled):
    told = told_groups(rows, on=on, fewest=fewest)
    counts = {"on": on, "came_count": came_count, "is_off": is_cancelled, "fewest": fewest}
    stages = {stage.value: stage_figures(stage, rows.get(stage, {}), told, **counts) for stage in Stage}
    return Figures(
        event_count=1,
        came_count=came_count,
        **stages,
        learned=pairs_from(rows, Stage.AFTER, told.get(LEARNED)),
        kept=pairs_from(rows, Stage.LATER, told.get(KEPT)),
        manager=manager_figures(rows.get(Stage.LATER, {}), told),
        fewest=fewest,
    )


def stage_figures(stage, rows, told, *, on, came_count, is_off, fewest):
    if not rows:
        return StageFigures(stage)
    still_asked = STAYED if stage == Stage.BEFORE else [Place.Status.ATTENDED]
    asked = [row for row in rows.values() if row.answered_at or (row.place.status in still_asked and not is_off)]
    reached = sum(row.place.status == Place.Status.ATTENDED for row in rows.values())
    is_open = max(row.closes_on for row in rows.values()) >= on
    has_enough = len(whole_answers(rows)) >= fewest
    return StageFigures(
        stage,
        asked_count=len(asked),
        answered_count=sum(row.answered_at is not None for row in asked),
        came_count=came_count,
        left_out_count=0 if stage == Stage.BEFORE else max(came_count - reached, 0),
        open_event_count=int(is_open),
        few_event_count=int(not is_open and not has_enough),
        told_event_count=int(not is_open and has_enough),
        confidence=spread(rows, told.get(stage), "confidence"),
        usefulness=spread(rows, told.get(USEFULNESS), "usefulness") if stage == Stage.AFTER else None,
        changed=spread(rows, told.get(CHANGED), "changed", Changed) if stage == Stage.LATER else None,
    )


def spread(rows, people, name, choices=range(1, 6)):
    """Of what ``people`` chose; None where nothing of them is told."""
    return Spread.of([getattr(rows[place], name) for place in people], choices) if people else None


def pairs_from(rows, stage, people):
    if not people:
        return None
    earlier, later = rows[Stage.BEFORE], rows[stage]
    return Pairs(
        spread(earlier, people, "confidence"),
        spread(later, people, "confidence"),
        more_count=sum(later[place].confidence > earlier[place].confidence for place in people),
        less_count=sum(later[place].confidence < earlier[place].confidence for place in people),
    )


def manager_figures(rows, told):
    asked = [row for row in rows.values() if row.answered_at and row.manager_email]
    both = told.get(AGREES)
    return ManagerFigures(
        asked_count=len(asked),
        answered_count=sum(row.manager_answered_at is not None for row in asked),
        changed=spread(rows, told.get(MANAGER), "manager_changed", Changed),
        agreement_count=len(both) if both else None,
        agree_count=sum(rows[place].manager_changed == rows[place].changed for place in both) if both else None,
    )


def added_up(found):
    found = list(found)
    if not found:
        return Figures()
    stages = {stage.value: _sum([getattr(each, stage.value) for each in found], stage=stage.value) for stage in Stage}
    return Figures(
        event_count=sum(each.event_count for each in found),
        came_count=sum(each.came_count for each in found),
        **stages,
        learned=_total(each.learned for each in found),
        kept=_total(each.kept for each in found),
        manager=_sum([each.manager for each in found]),
        fewest=max(each.fewest for each in found),
    )


def _sum(parts, **same):
    """A record of the same kind, each of whose numbers and Spreads is the sum of what is told."""
    kind = type(parts[0])
    names = [name for name in kind.__dataclass_fields__ if name not in same]
    return kind(**same, **{name: _total(getattr(part, name) for part in parts) for name in names})


def _total(values):
    values = [value for value in values if value is not None]
    return sum(values[1:], start=values[0]) if values else None
