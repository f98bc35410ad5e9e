"""What the worker is asked to do. Envelopes: fetch, call, log."""

import logging

import pghistory
from celery import shared_task
from django.utils import timezone

from assurance.models import ReportBuild
from assurance.report_builds import run_build

logger = logging.getLogger(__name__)


@shared_task
def build_report(build_id):
    """Make one proof. Running it twice makes one."""
    with pghistory.context(task="build_report"):
        is_made = run_build(build_id)
    if is_made:
        logger.info("Report build %s ended", build_id)


@shared_task
def resume_report_builds():
    """Woken by beat: take up builds whose worker was killed, or that nobody was told of."""
    waiting = ReportBuild.objects.waiting(at=timezone.now())
    for build_id in waiting.order_by("requested_at").values_list("pk", flat=True):
        build_report.delay(str(build_id))
