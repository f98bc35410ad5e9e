"""One mail to one address, now, by whoever carries our mails (``MAIL_CARRIER``)."""

import logging
import uuid

from django.core.mail import EmailMessage

from partnership.reminders.carriers import Refused, carrier
from partnership.reminders.mails import AUTOMATIC

logger = logging.getLogger(__name__)


def send(subject, body, to):
    """Raises Unreachable where nothing was taken, so that it may be tried again. A refusal is logged."""
    through = carrier()
    message = EmailMessage(subject, body, to=[to], headers=AUTOMATIC)
    try:
        through.open()
        through.prepare(message)
        through.submit(message, uuid.uuid4().hex)
    except Refused as refusal:
        logger.warning("A mail about an account was not taken: %s", refusal)
    finally:
        through.close()
