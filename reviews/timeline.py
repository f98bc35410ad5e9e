"""The stages of a case as its page shows them: what was done when, and what is due by when."""

from dataclasses import dataclass
from datetime import date

from partnership.working_days import add_working_days
from reviews.clock import RAPID_REVIEW_WORKING_DAYS, rapid_review_due_on

# Children Act 2004, section 16C(1), with the number from the national guidance on reporting a
# serious child safeguarding incident: counted from the day of becoming aware.
NOTIFICATION_WORKING_DAYS = 5


@dataclass(frozen=True)
class Stage:
    """``done_on`` is empty while it has not happened; ``rule`` says how ``due_on`` was counted."""

    title: str
    done_on: date | None
    due_on: date | None = None
    rule: str = ""
    is_late: bool = False


def stages_of(case, *, on):
    """The stages of ``case`` in order, as they stand on a day."""
    return [
        Stage("Partnership aware", case.aware_on),
        dated_stage(
            "National Panel notified",
            case.notified_on,
            due_on=add_working_days(case.aware_on, NOTIFICATION_WORKING_DAYS),
            rule=f"{NOTIFICATION_WORKING_DAYS} working days after becoming aware",
            on=on,
        ),
        dated_stage(
            "Rapid review sent to the Panel",
            case.rapid_review_sent_on,
            due_on=rapid_review_due_on(case.notified_on) if case.notified_on else None,
            rule=f"{RAPID_REVIEW_WORKING_DAYS} working days after the notification was sent",
            on=on,
        ),
    ]


def dated_stage(title, done_on, *, due_on, rule, on):
    is_late = bool(due_on and due_on < (done_on or on))
    return Stage(title, done_on, due_on=due_on, rule=rule, is_late=is_late)


def next_stage_of(case, *, on):
    """The first stage that has not happened, or None."""
    return next((stage for stage in stages_of(case, on=on) if not stage.done_on), None)
