"""The stages of a case and of a practice review: what each counts from, and by which rule it is due.

A rule is found by its code in the edition in force on the day it is counted from, for the partnership's kind. The
stages inside the fifteen days are local practice: their rules can be changed like all others.
"""

from typing import NamedTuple

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from partnership.clocks import by_clock
from partnership.models import Rule


class Step(NamedTuple):
    """``rule`` is the code of a clock, ``counts_from`` the code of the stage from whose day it is counted."""

    code: str
    title: str
    rule: str = ""
    counts_from: str = ""


AWARE, NOTIFIED, SENT, REPLIED, ANSWERED = "aware", "notified", "rapid-review", "panel-replied", "panel-answered"
MEETING = "meeting"
BEGUN, PUBLISHED, NOTICE = "begun", "published", "notice"

# Children: the fifteen working days, with our own stages within them (C1 to C7).
INCIDENT = [
    Step(AWARE, "Partnership aware"),
    Step(NOTIFIED, "National Panel notified", "notify-panel", AWARE),
    Step("partners-told", "Safeguarding partners told", "notify-partners", AWARE),
    Step("summaries-asked", "Agencies asked for their summaries", "summaries-asked", NOTIFIED),
    Step("summaries-back", "Agency summaries back", "summaries-back", NOTIFIED),
    Step(MEETING, "Decision meeting", "decision-meeting", NOTIFIED),
    Step(SENT, "Rapid review sent to the Panel", "rapid-review", NOTIFIED),
    Step(REPLIED, "Panel’s reply", "panel-reply", SENT),
    Step(ANSWERED, "Panel’s points answered", "panel-answer", REPLIED),
]
# The death of a looked-after child is also told to the Secretary of State and Ofsted (C3).
LOOKED_AFTER = Step("ofsted-told", "Secretary of State and Ofsted told", "notify-looked-after", AWARE)

# Adults: a referral is decided on; the Care Act 2014 gives no number of days for it.
REFERRAL = [
    Step(AWARE, "Referral received"),
    Step("summaries-asked", "Agencies asked for their summaries", "adults-summaries-asked", AWARE),
    Step("summaries-back", "Agency summaries back", "adults-summaries-back", AWARE),
    Step(MEETING, "Decision on the referral", "adults-decision", AWARE),
]

# A practice review (C8 to C10): six months to publication, and notice before the day that was chosen.
LOCAL_REVIEW = [
    Step(BEGUN, "Review decided on"),
    Step(NOTICE, "Panel and Secretary of State have the report", "advance-copy", PUBLISHED),
    Step(PUBLISHED, "Published", "practice-review", BEGUN),
]
ADULTS_REVIEW = [
    Step(BEGUN, "Review decided on"),
    Step(PUBLISHED, "Finished and published", "adults-review", BEGUN),
]
# What was not released when a review became public: begun that day, see ``reviews.releasing``.
RELEASED = Step("released", "What it taught is released to members")
STAYS_PUBLIC = "stays-public"  # how long a published review can be read at least


def steps_of_case(case):
    """The stages of a new case, in order."""
    if case.kind == case.Kind.REFERRAL:
        return REFERRAL
    return [*INCIDENT[:3], LOOKED_AFTER, *INCIDENT[3:]] if case.is_looked_after_death else INCIDENT


def steps_of_review(review):
    return ADULTS_REVIEW if review.kind in review.ADULTS else LOCAL_REVIEW


def with_clock(stages):
    """Annotate ``counted_from`` (a day), ``clock_rule`` (a Rule's key) and ``due_on`` (a day), each or None.

    ``counted_from`` is the day of the stage that each counts from, of the same case or review: when that was
    done, or else is planned. What no rule counts for is due on the day it is planned for.
    """
    siblings = stages.model.objects.filter(
        Q(case=OuterRef("case")) | Q(review=OuterRef("review")), code=OuterRef("counts_from")
    )
    counted = stages.annotate(
        counted_from=Subquery(siblings.annotate(day=Coalesce("done_on", "planned_on")).values("day")[:1])
    )
    rules = Rule.objects.clock(
        OuterRef("rule_code"), on=OuterRef("counted_from"), audience=OuterRef("partnership__kind")
    )
    clocked = by_clock(counted, rules, counted_from="counted_from")
    return clocked.annotate(due_on=Coalesce("clock_due_on", "planned_on"))
