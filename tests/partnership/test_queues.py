"""Each job stands in one queue that some worker takes from; what people wait for in their mailbox in one of its own."""

import pytest
from django.conf import settings

from partnership.celery import app
from partnership.operations.broker import queue_names

KNOWN = {"celery", "mail", "documents", "long"}


@pytest.fixture(scope="module")
def queue_of():
    app.loader.import_default_modules()
    ours = [name for name in app.tasks if not name.startswith("celery.")]
    return {name: app.amqp.router.route({}, name)["queue"] for name in ours}


def test_every_job_stands_in_a_queue_that_a_worker_takes_from_unless_told(queue_of):
    assert {queue.name for queue in queue_of.values()} == KNOWN == set(app.amqp.queues) == set(queue_names())


def test_no_job_stands_in_two_queues():
    """As it would where two had the same key at one exchange."""
    assert len({(queue.exchange.name, queue.routing_key) for queue in settings.CELERY_TASK_QUEUES}) == len(KNOWN)


@pytest.mark.parametrize(
    ("name", "queue"),
    [
        ("partnership.tasks.send_account_mail", "mail"),
        ("partnership.tasks.send_reminders", "mail"),
        ("plans.tasks.mail_fresh_link", "mail"),
        ("assurance.tasks.build_report", "documents"),
        ("partnership.tasks.build_pack", "documents"),
        ("partnership.tasks.build_exit_pack", "long"),
        ("partnership.tasks.seal_history", "long"),
        ("assurance.tasks.resume_report_builds", "celery"),
    ],
)
def test_what_waits_for_whom(queue_of, name, queue):
    assert queue_of[name].name == queue


def test_everything_the_clock_asks_for_is_gone_before_the_next_is_asked_for():
    """A queue that nobody takes from for a while does not fill up with the same words."""
    assert all("expires" in each.get("options", {}) for each in settings.CELERY_BEAT_SCHEDULE.values())
