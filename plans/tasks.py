"""What the worker is asked to do. Envelopes: fetch, call, log."""

import logging

import pghistory
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from plans.documents import run_document
from plans.models import PlanDocument

logger = logging.getLogger(__name__)


@shared_task
def build_plan_document(document_id):
    """Make one document of a version. Running it twice makes one."""
    with pghistory.context(task="build_plan_document"):
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
