"""What the tests of reminders share beside the cast."""

from datetime import date

import pytest

from tests.factories import MilestoneFactory


@pytest.fixture
def milestone(plan, group_deliverable):
    """Owed by ``chair``, due on Thursday 14 January; nothing else of the plan is left to be met."""
    for deliverable in group_deliverable.priority.deliverables.all():
        for activity in deliverable.activities.all():
            activity.milestones.update(met_on=date(2026, 12, 1))
    activity = group_deliverable.activities.get(position=2)
    return MilestoneFactory(activity=activity, position=3, label="Posters are up", due_on=date(2027, 1, 14))
