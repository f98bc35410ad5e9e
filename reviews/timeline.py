"""The stages of a case or a practice review as its page shows them: done when, due by when, why then, late or not."""

from dataclasses import dataclass
from datetime import date

from partnership.clocks import why
from partnership.models import Rule
from partnership.working_days import working_days_between
from reviews.clock import RELEASED
from reviews.models import Case, Stage

FEWEST_FOLDED = 3  # stages


@dataclass(frozen=True)
class Mark:
    """One stage as it stands on a day. ``why`` says how ``due_on`` was counted, and where that stands."""

    stage: Stage
    due_on: date | None = None
    why: str = ""
    is_late: bool = False
    days_left: int | None = None  # working days until it is due, where it waits and is not late
    is_over: bool = False  # never done: the case was closed, or the review ended
    is_today = False

    @property
    def title(self):
        return self.stage.title

    @property
    def done_on(self):
        return self.stage.done_on

    @property
    def day(self):
        """When it was done, or else is due or planned, or None."""
        return self.done_on or self.due_on or self.stage.planned_on

    @property
    def lacks_reason(self):
        """Late, and nobody has said why."""
        return self.is_late and not self.stage.late_because

    @property
    def is_waiting(self):
        return not self.stage.done_on and not self.stage.not_needed_because and not self.is_over


@dataclass(frozen=True)
class Today:
    """The place of the present day among the marks."""

    day: date
    is_today = True


def timeline_of(marks, *, on):
    """``marks`` by their days, today between what was and what is to come; at the end what has no day yet."""
    dated = sorted((mark for mark in marks if mark.day), key=lambda mark: (mark.day, mark.stage.position))
    before = [mark for mark in dated if mark.day < on or mark.done_on == on]
    rest = [mark for mark in dated if mark not in before]
    return [*before, Today(on), *rest, *[mark for mark in marks if not mark.day]]


def parts_of(timeline):
    """(what is done and asks for nothing, what follows); the first is empty where folding it would spare little."""
    ahead = next(
        (place for place, mark in enumerate(timeline) if mark.is_today or not mark.done_on or mark.lacks_reason),
        len(timeline),
    )
    return (timeline[:ahead], timeline[ahead:]) if ahead >= FEWEST_FOLDED else ([], timeline)


def marks_of(record, *, on):
    """The stages of a case or practice review in order, as they stand ``on`` a day. Two queries."""
    stages = list(record.stages.with_clock())
    rules = Rule.objects.select_related("rule_set").in_bulk({stage.clock_rule for stage in stages} - {None})
    ended_on = record.closed_on if isinstance(record, Case) else record.ended_on
    return [mark_of(stage, on=on, rules=rules, is_ended=ended_on is not None) for stage in stages]


def mark_of(stage, *, on, rules=None, is_ended=False):
    """``stage`` comes from ``with_clock()``; ``rules`` are the rules by key, where the page says why.

    Where its case or review ``is_ended`` it waits no more, but for what follows publication.
    """
    is_ended = is_ended and stage.code != RELEASED.code
    rule = (rules or {}).get(stage.clock_rule)
    waits = not stage.not_needed_because and not is_ended
    waits_or_was = stage.done_on or (on if waits else None)
    is_to_come = waits_or_was == on and not stage.done_on and stage.due_on and stage.due_on >= on
    return Mark(
        stage,
        due_on=stage.due_on,
        why=why(rule, stage.counted_from) if rule else "",
        is_late=bool(stage.due_on and waits_or_was and stage.due_on < waits_or_was),
        days_left=working_days_between(on, stage.due_on) if is_to_come else None,
        is_over=is_ended and not stage.done_on and not stage.not_needed_because,
    )


def next_of(marks):
    """The first that waits and is due on a day, else the first that waits, or None."""
    waiting = [mark for mark in marks if mark.is_waiting]
    dated = sorted((mark for mark in waiting if mark.due_on), key=lambda mark: mark.due_on)
    return next(iter([*dated, *waiting]), None)
