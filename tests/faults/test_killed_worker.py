"""T6: a worker is killed in the middle of sending; another goes on. Real processes, real SMTP.

What would happen without the guards is shown in ``tests/guarantees/test_reminders.py``.
"""

from datetime import date, timedelta

import pytest
import time_machine
from django.db.models.functions import Now

from partnership.models import Message, Reminder
from partnership.working_days import add_working_days
from plans.models import Milestone
from tests.factories import MilestoneFactory
from tests.faults.conftest import wait_for

TASK = "partnership.tasks.send_reminders"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reminder_due(transactional_db, plan, group_deliverable):
    """The one thing to remind of, owed by ``chair``. The workers live in the real today."""
    Milestone.objects.update(met_on=date(2026, 1, 1))
    real_today = time_machine.escape_hatch.datetime.datetime.now().date()
    activity = group_deliverable.activities.get(position=2)
    return MilestoneFactory(activity=activity, position=3, due_on=add_working_days(real_today, 2))


def states():
    return list(Message.objects.values_list("state", flat=True))


def let_leases_run_out():
    Message.objects.exclude(lease_until=None).update(lease_until=Now() - timedelta(seconds=1))


def killed_at(point, workers):
    worker = workers.start(stop_at=point)
    workers.give(TASK)
    workers.wait_until_it_stands_still()
    workers.kill(worker)
    let_leases_run_out()


@pytest.mark.long
@pytest.mark.parametrize("point", ["connected", "all but the dot"])
def test_killed_before_the_mail_left_another_worker_sends_it_once(reminder_due, workers, sink, point):
    killed_at(point, workers)
    assert (len(sink.taken), states()) == (0, ["claimed"])
    workers.start()
    workers.give(TASK)
    wait_for(lambda: states() == ["accepted"], f"it is sent. {workers.last_words()}")
    workers.finish(TASK)
    assert (len(sink.taken), states()) == (1, ["accepted"])
    assert [reminder.state for reminder in Reminder.objects.all()] == ["done"]


def test_killed_after_the_mail_left_it_is_not_sent_again_but_held(reminder_due, workers, sink):
    killed_at("taken", workers)
    assert (len(sink.taken), states()) == (1, ["submitting"])
    workers.start()
    workers.give(TASK)
    wait_for(lambda: states() == ["held"], f"it is held. {workers.last_words()}")
    workers.finish(TASK)
    assert (len(sink.taken), states()) == (1, ["held"])
    assert [reminder.state for reminder in Reminder.objects.all()] == ["held"]
