"""Mails to schools leave: claimed in batches, handed to the carrier of all our mails, noted as sent.

PostgreSQL knows what waits, so nothing is lost with the queue; beat looks for it every minute. No two workers get
one mail. A worker that is killed leaves a batch in doubt: what it had claimed is sent again when the lease is over,
under the same Message-ID, by which mail servers know a second copy.
"""

import logging
import time
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from assurance.models import SchoolMail
from assurance.schools.letters import letter_to
from assurance.schools.links import address_of
from partnership.reminders import brake
from partnership.reminders.carriers import Refused, Unreachable, carrier
from partnership.reminders.mails import AUTOMATIC

logger = logging.getLogger(__name__)

Kind = SchoolMail.Kind

BATCH = 20
LEASE = timedelta(minutes=10)  # twice as long as a task may run (CELERY_TASK_TIME_LIMIT)
SECONDS_FOR_A_RUN = 120  # then the next run goes on
GIVE_UP_AFTER = timedelta(days=2)  # a mail that is put off again and again
A_MINUTE = timedelta(minutes=1)

ANSWERED = Q(record__submitted_at__isnull=False)
EXCUSED = Q(record__excused_on__isnull=False)


def send_waiting():
    """Claim and hand over batch after batch; how many mails were taken. Running it twice sends nothing twice."""
    withdraw_answered()
    sent = 0
    stop_at = time.monotonic() + SECONDS_FOR_A_RUN
    while time.monotonic() < stop_at and brake.may_send():
        at = timezone.now()
        mails = claim(at=at, most=room(at=at))
        if not mails:
            break
        sent += hand_over(mails)
    return sent


def waiting(*, at):
    """Mails that nobody has in hand: not claimed, or claimed by a worker that fell."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=at - LEASE)
    return SchoolMail.objects.filter(free, sent_at=None, problem="").exclude(address="")


@transaction.atomic(durable=True)
def withdraw_answered():
    """Nobody is reminded who has answered since the mail was made."""
    late = SchoolMail.objects.filter(ANSWERED | EXCUSED, sent_at=None, claimed_at=None, problem="").exclude(address="")
    late.update(problem="The school answered, or was excused, before it left.")


def room(*, at):
    """How many mails may leave in one batch now, by ``settings.MAIL_PER_MINUTE`` (0: as many as are taken)."""
    most = settings.MAIL_PER_MINUTE
    if not most:
        return BATCH
    left = SchoolMail.objects.filter(sent_at__gt=at - A_MINUTE).exclude(address="").count()
    return min(BATCH, max(0, most - left))


@transaction.atomic(durable=True)
def claim(*, at, most=BATCH):
    """Take up to ``most`` waiting mails for the length of a lease, with all that is needed to write them."""
    mails = list(
        waiting(at=at)
        .select_related("record__survey__partnership", "record__school")
        .order_by("made_at", "pk")
        .select_for_update(skip_locked=True, of=["self"])[:most]
    )
    SchoolMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(claimed_at=at)
    return mails


def hand_over(mails):
    """Send claimed ``mails`` by one connection; how many were taken. What became of them is noted whatever happens."""
    batch, through = Batch(), carrier()
    try:
        through.open()
        for at, mail in enumerate(mails):
            batch.untouched = mails[at + 1 :]
            batch.send(mail, through)
    except Unreachable as trouble:
        brake.failed(trouble)
        batch.untouched = [mail for mail in mails if mail.pk not in batch.touched]
    finally:
        through.close()
        batch.note()
    return len(batch.sent)


class Batch:
    """What became of claimed mails, written down in a few statements however many they are."""

    def __init__(self):
        self.sent, self.touched, self.refused, self.untouched = [], set(), [], []

    def send(self, mail, through):
        """Raises Unreachable where nothing was taken. A mail in doubt keeps its claim, and is tried again after it."""
        try:
            message = write(mail)
            through.prepare(message)
            through.submit(message, f"school-mail-{mail.pk}")
        except Refused as refusal:
            self.touched.add(mail.pk)
            if refusal.is_permanent or mail.made_at < timezone.now() - GIVE_UP_AFTER:
                mail.problem = str(refusal)[:300]
                self.refused.append(mail)
            return
        except Unreachable:
            raise
        except Exception as trouble:
            self.touched.add(mail.pk)
            logger.exception("School mail %s may or may not have been sent", mail.pk)
            raise Unreachable(str(trouble)) from trouble
        self.touched.add(mail.pk)
        self.sent.append(mail.pk)

    @transaction.atomic(durable=True)
    def note(self):
        SchoolMail.objects.filter(pk__in=self.sent).update(sent_at=timezone.now())
        if self.refused:
            SchoolMail.objects.bulk_update(self.refused, ["problem"])
        if self.untouched:
            SchoolMail.objects.filter(pk__in=[mail.pk for mail in self.untouched]).update(claimed_at=None)
        if self.sent:
            brake.succeeded()


def write(mail):
    """``mail`` as a message. The link in it is made anew from the return, so it always works."""
    record, survey = mail.record, mail.record.survey
    title = " ".join(survey.title.split())
    context = {"mail": mail, "survey": survey, "school": record.school, "partnership": survey.partnership}
    if mail.kind == Kind.LETTER:
        letter = letter_to(record, mail.reader)
        subject = f"{record.school.name}: no answer to “{title}”"
        context |= {"letter": letter, "link": address_of(record) if mail.reader == SchoolMail.Reader.HEAD else ""}
        body = render_to_string("emails/school_letter.txt", context)
    else:
        subject = f"Reminder: {title}" if mail.kind == Kind.CHASED else title
        context["link"] = address_of(record)
        body = render_to_string("emails/school_survey.txt", context)
    office = survey.partnership.office_email
    return EmailMessage(
        " ".join(subject.split()),
        body.strip() + "\n",
        to=[mail.address],
        reply_to=[office] if office else None,
        headers={"Message-ID": f"<school-mail-{mail.pk}@{urlsplit(settings.SITE_URL).hostname}>", **AUTOMATIC},
    )
