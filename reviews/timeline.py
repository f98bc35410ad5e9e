"""The stages of a case or a practice review as its page shows them: done when, due by when, why then, late or not."""

from dataclasses import dataclass
from datetime import date

from partnership.clocks import why
from partnership.models import Rule
from reviews.models import Stage


@dataclass(frozen=True)
class Mark:
    """One stage as it stands on a day. ``why`` says how ``due_on`` was counted, and where that stands."""

    stage: Stage
    due_on: date | None = None
    why: str = ""
    is_late: bool = False

    @property
    def title(self):
        return self.stage.title

    @property
    def done_on(self):
        return self.stage.done_on

    @property
    def is_waiting(self):
        return not self.stage.done_on and not self.stage.not_needed_because


def marks_of(record, *, on):
    """The stages of a case or practice review in order, as they stand ``on`` a day. Two queries."""
    stages = list(record.stages.with_clock())
    rules = Rule.objects.select_related("rule_set").in_bulk({stage.clock_rule for stage in stages} - {None})
    return [mark_of(stage, on=on, rules=rules) for stage in stages]


def mark_of(stage, *, on, rules=None):
    """``stage`` comes from ``with_clock()``; ``rules`` are the rules by key, where the page says why."""
    rule = (rules or {}).get(stage.clock_rule)
    waits_or_was = stage.done_on or (on if not stage.not_needed_because else None)
    return Mark(
        stage,
        due_on=stage.due_on,
        why=why(rule, stage.counted_from) if rule else "",
        is_late=bool(stage.due_on and waits_or_was and stage.due_on < waits_or_was),
    )


def next_of(marks):
    """The first that waits and is due on a day, else the first that waits, or None."""
    waiting = [mark for mark in marks if mark.is_waiting]
    dated = sorted((mark for mark in waiting if mark.due_on), key=lambda mark: mark.due_on)
    return next(iter([*dated, *waiting]), None)
