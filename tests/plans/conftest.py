"""Next year's plan, started from the one that runs, and what was decided of its promises."""

from datetime import UTC, date, datetime

import pytest

from plans.carrying import decide, is_met
from plans.starting import start_plan

DECIDED_AT = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def carry(deliverable, following, by, *, activities=None, words=None):
    """``deliverable`` is carried with ``activities`` (else those not met), each with its words but for ``words``."""
    if activities is None:
        activities = [each for each in deliverable.activities.order_by("position") if not is_met(each)]
    going = [{"activity": each.pk, "timescale": (words or {}).get(each.pk, each.timescale_text)} for each in activities]
    return decide(deliverable, following, decision="carried", reason="", activities=going, by=by, at=DECIDED_AT)


def settle(deliverable, following, by, *, decision="done", reason="Seen in 14 of 20 cases."):
    return decide(deliverable, following, decision=decision, reason=reason, activities=[], by=by, at=DECIDED_AT)


@pytest.fixture
def following(plan):
    """The draft of 2027 to 2028, started from the plan that runs."""
    return start_plan(
        list(plan.partnerships.all()),
        title="Business plan 2027 to 2028",
        starts_on=date(2027, 4, 1),
        ends_on=date(2028, 3, 31),
        audience=plan.audience,
        continues=plan,
    )


@pytest.fixture
def decided(plan, following, office, led_deliverable, group_deliverable, shared_deliverable):
    """1.1 is done, 1.2 and 2.1 are carried, 1.2 with a new timescale; no row of the draft is made yet."""
    settle(led_deliverable, following, office)
    campaign = group_deliverable.activities.get(position=2)
    carry(group_deliverable, following, office, words={campaign.pk: "Dec 2027 and Feb 2028"})
    carry(shared_deliverable, following, office)
    return following
