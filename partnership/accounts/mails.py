"""Mails about somebody's account: codes, links, what was changed. They leave at once.

They are handed to the worker, so a page takes as long for an address that nobody has as for one that somebody has:
for the first the worker has nothing to do. A code or a link that was lost on its way is asked for again.
"""

import logging

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from kombu.exceptions import OperationalError

from partnership.tasks import send_account_mail

logger = logging.getLogger(__name__)


def post(template, subject, words, *, to):
    """Have ``emails/<template>.txt`` sent when this transaction is over. ``to``: an address, or "" for nobody."""
    body = render_to_string(f"emails/{template}.txt", {"site": settings.SITE_URL, **words}).strip() + "\n"
    transaction.on_commit(lambda: hand_to_worker(subject, body, to))


def hand_to_worker(subject, body, to):
    try:
        send_account_mail.apply_async([subject, body, to], retry=False)
    except (OperationalError, OSError) as trouble:
        logger.warning("The worker could not be told of a mail, which is sent at once: %s", trouble)
        send_account_mail(subject, body, to)
