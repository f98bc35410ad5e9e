"""What the worker is asked to do. Envelopes: fetch, call, log."""

import logging

from celery import shared_task
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from partnership.models import User
from partnership.reminders.mails import AUTOMATIC
from plans.documents import run_document
from plans.links import fresh_link
from plans.models import PlanDocument

logger = logging.getLogger(__name__)


@shared_task
def build_plan_document(document_id):
    """Make one document of a version. Running it twice makes one."""
    is_made = run_document(document_id)
    if is_made:
        logger.info("Plan document %s ended", document_id)


def build_soon(document):
    """Have a worker make ``document`` once this transaction is sure; where nobody can be told now, beat will."""
    key = str(document.pk)
    transaction.on_commit(lambda: build_plan_document.delay(key), robust=True)


@shared_task
def resume_plan_documents():
    """Woken by beat: take up documents whose worker was killed, or that nobody was told of."""
    waiting = PlanDocument.objects.waiting(at=timezone.now())
    for document_id in waiting.order_by("requested_at").values_list("pk", flat=True):
        build_plan_document.delay(str(document_id))


@shared_task(acks_late=False)
def mail_fresh_link(holder_id):
    """A new signed link for whoever asked for one. Sent once at most: who gets none asks again.

    ``holder_id`` is 0 where the address asked for is nobody's, so that both cost the asker the same.
    """
    holder = User.objects.filter(pk=holder_id, is_active=True).first()
    if holder is None:
        return
    words = fresh_link(holder, at=timezone.now())
    if words:
        body = render_to_string("emails/fresh_link.txt", {"reader": holder, "words": words})
        EmailMessage("Your new link", body.strip() + "\n", to=[holder.email], headers=AUTOMATIC).send()
        logger.info("A new link was mailed")
