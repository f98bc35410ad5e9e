"""The stages of a case as its page shows them: what was done when, what is due by when, and why then."""

from dataclasses import dataclass
from datetime import date

from partnership.clocks import why
from partnership.models import Rule


@dataclass(frozen=True)
class Stage:
    """``done_on`` is empty while it has not happened; ``why`` says how ``due_on`` was counted, and where it stands."""

    title: str
    done_on: date | None
    due_on: date | None = None
    why: str = ""
    is_late: bool = False


def stages_of(case, *, on, rules=None):
    """The stages of ``case`` in order, as they stand on a day.

    ``case`` comes from ``Case.objects.with_clocks()``; ``rules`` are the rules of its clocks by their key, where
    the page says why.
    """
    return [
        Stage("Partnership aware", case.aware_on),
        dated_stage(
            "National Panel notified",
            case.notified_on,
            due_on=case.notification_due_on,
            why=words(rules, case.notification_rule, case.aware_on),
            on=on,
        ),
        dated_stage(
            "Rapid review sent to the Panel",
            case.rapid_review_sent_on,
            due_on=case.rapid_review_due_on,
            why=words(rules, case.rapid_review_rule, case.notified_on),
            on=on,
        ),
    ]


def dated_stage(title, done_on, *, due_on, why, on):
    is_late = bool(due_on and due_on < (done_on or on))
    return Stage(title, done_on, due_on=due_on, why=why, is_late=is_late)


def words(rules, key, day):
    return why(rules[key], day) if rules and key else ""


def rules_of(case):
    """The rules of its clocks, by their key."""
    keys = {case.notification_rule, case.rapid_review_rule} - {None}
    return Rule.objects.in_bulk(keys)


def next_stage_of(case, *, on):
    """The first stage that has not happened, or None."""
    return next((stage for stage in stages_of(case, on=on) if not stage.done_on), None)
