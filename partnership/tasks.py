"""What the worker is asked to do. Envelopes: fetch, call, log."""

import logging

import pghistory
from celery import shared_task
from django.utils import timezone

from partnership import reminders

logger = logging.getLogger(__name__)


@shared_task
def send_reminders():
    """Woken by beat every minute, and by the office's button. Running it twice changes nothing."""
    now = timezone.now()
    with pghistory.context(task="send_reminders"):
        count = reminders.send_reminders(on=timezone.localdate(now), now=now)
    if count:
        logger.info("%s reminder messages accepted", count)
