"""What the worker is asked to do. Envelopes: fetch, call, log."""

import logging

from celery import shared_task
from django.utils import timezone

from training.evaluation.asking import open_evaluations
from training.mails.reminding import is_sending_hour, remind
from training.places.bookings import fill_everywhere, let_go

logger = logging.getLogger(__name__)


@shared_task
def remind_of_training():
    """Woken by beat: put the reminders of events that are due. Running it twice puts none twice."""
    now = timezone.now()
    if not is_sending_hour(now):
        return
    count = remind(at=now)
    if count:
        logger.info("%s people are reminded of their training", count)


@shared_task
def ask_for_evaluations():
    """Woken by beat: ask whoever is to be asked by now about an event. Running it twice asks nobody twice."""
    now = timezone.now()
    if not is_sending_hour(now):
        return
    count = open_evaluations(on=timezone.localdate(now), at=now)
    if count:
        logger.info("%s people were asked about an event, or reminded to answer", count)


@shared_task
def keep_places():
    """Woken by beat: let go what nobody confirmed or agreed to, and fill what came free. Twice is once."""
    now = timezone.now()
    let_go_count = let_go(at=now)
    filled_count = fill_everywhere(at=now)
    if let_go_count or filled_count:
        logger.info("%s places were let go, and %s given to who waited", let_go_count, filled_count)
