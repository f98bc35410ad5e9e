"""How fast mails may leave, and when none is tried at all.

Where one after another is refused or nobody answers, something is wrong that no trying mends: it would
only have us blocked. Then all wait, longer each time, and one goes ahead to see.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest, Now

from partnership.models import MailBrake, MessageAttempt

logger = logging.getLogger(__name__)

FAILURES_IN_A_ROW = 20
MINUTES = (1, 2, 5, 10, 30)  # of the first pause, of the one after another failure, and so on
A_MINUTE = timedelta(minutes=1)


def may_send():
    """Whether one more mail may leave now: nothing is wrong, and this minute's number is not reached."""
    return not MailBrake.objects.filter(stopped_until__gt=Now()).exists() and not is_minute_full()


def is_minute_full():
    """Whether ``settings.MAIL_PER_MINUTE`` mails have left in the last minute, whichever worker sent them."""
    most = settings.MAIL_PER_MINUTE
    if not most:
        return False
    # The row so many tries ago, by the primary key: the table is long, and has no index by time.
    left = MessageAttempt.objects.filter(outcome=LEAVING).order_by("-pk")[most - 1 : most]
    return MessageAttempt.objects.filter(pk__in=left.values("pk"), began_at__gt=Now() - A_MINUTE).exists()


def left_in_a_minute(most):
    """How many messages have left in the last minute, counted up to ``most``."""
    left = MessageAttempt.objects.filter(outcome=LEAVING).order_by("-pk")[:most]
    return MessageAttempt.objects.filter(pk__in=left.values("pk"), began_at__gt=Now() - A_MINUTE).count()


LEAVING = "leaving"  # the outcome of a MessageAttempt that was about to hand its mail over


@transaction.atomic
def failed(trouble, *, is_of_all=False):
    """One more that could not be handed over. The twentieth stops all, and says so once in the log.

    ``is_of_all``: whatever it is would stop any mail, so this one is enough.
    """
    MailBrake.objects.bulk_create([MailBrake(pk=1)], ignore_conflicts=True)
    least = FAILURES_IN_A_ROW if is_of_all else 0
    MailBrake.objects.filter(pk=1).update(failure_count=Greatest(F("failure_count") + 1, least))
    beyond = MailBrake.objects.get(pk=1).failure_count - FAILURES_IN_A_ROW
    if beyond < 0:
        return
    pause = timedelta(minutes=MINUTES[min(beyond, len(MINUTES) - 1)])
    MailBrake.objects.filter(pk=1).update(stopped_until=Now() + pause)
    if beyond == 0:
        logger.error("One mail after another could not be handed over, so all wait. The last: %s", trouble)


def succeeded():
    """A mail was taken: whatever was wrong is over."""
    if MailBrake.objects.filter(failure_count__gt=0).update(failure_count=0, stopped_until=None):
        logger.info("Mails are taken again")
