"""What the worker is asked to do. Envelopes: fetch, call, log."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from assurance.annual import mailing, signing
from assurance.annual.builds import run_build
from assurance.annual.cover_builds import run_cover_build
from assurance.annual.gathering import gather_everywhere
from assurance.annual.reopening import tell_reopened
from assurance.models import CoverBuild, QuarterlyBuild, ReportBuild, SchoolLetters
from assurance.quarterly.builds import run_build as run_quarterly_build
from assurance.schools.letters import run_letters
from assurance.schools.mailing import send_waiting
from assurance.withdrawing import tell_withdrawn

logger = logging.getLogger(__name__)


def take_up(model, task):
    """Have ``task`` make each file of ``model`` that waits for a worker, the oldest first."""
    waiting = model.objects.waiting(at=timezone.now())
    for key in waiting.order_by("requested_at").values_list("pk", flat=True):
        task.delay(str(key))


@shared_task
def build_report(build_id):
    """Make one proof. Running it twice makes one."""
    is_made = run_build(build_id)
    if is_made:
        logger.info("Report build %s ended", build_id)


@shared_task
def resume_report_builds():
    """Woken by beat: take up builds whose worker was killed, or that nobody was told of."""
    take_up(ReportBuild, build_report)


@shared_task
def build_cover(build_id):
    """Make the files of one cover report. Running it twice makes them once."""
    is_made = run_cover_build(build_id)
    if is_made:
        logger.info("Cover build %s ended", build_id)


@shared_task
def resume_cover_builds():
    """Woken by beat: take up builds whose worker was killed, or that nobody was told of."""
    take_up(CoverBuild, build_cover)


@shared_task
def gather_report_evidence():
    """Woken by beat, every night: offer what was recorded to every report that is not published."""
    count = gather_everywhere(on=timezone.localdate())
    logger.info("Evidence was gathered for %s reports", count)


@shared_task
def tell_of_withdrawals():
    """Woken by who withdraws, and by beat: mail the organisations that are not asked any more."""
    count = tell_withdrawn(at=timezone.now())
    if count:
        logger.info("%s people were told that their organisation is not asked any more", count)


def tell_of_withdrawals_soon():
    transaction.on_commit(lambda: tell_of_withdrawals.delay(), robust=True)


@shared_task
def build_quarterly(build_id):
    """Make the files of one quarterly report. Running it twice makes them once."""
    is_made = run_quarterly_build(build_id)
    if is_made:
        logger.info("Quarterly build %s ended", build_id)


@shared_task
def resume_quarterly_builds():
    """Woken by beat: take up builds whose worker was killed, or that nobody was told of."""
    take_up(QuarterlyBuild, build_quarterly)


@shared_task
def send_school_mails():
    """Woken by who sends, and by beat: hand over the mails to schools that wait. Running it twice sends none twice."""
    count = send_waiting()
    if count:
        logger.info("%s mails to schools were taken", count)


def send_school_mails_soon():
    """Have a worker send what waits once this transaction is sure; where nobody can be told now, beat will."""
    transaction.on_commit(lambda: send_school_mails.delay(), robust=True)


@shared_task
def build_school_letters(run_id):
    """Make one run of letters. Running it twice makes one."""
    is_made = run_letters(run_id)
    if is_made:
        logger.info("School letters %s ended", run_id)


def make_letters_soon(run):
    key = str(run.pk)
    transaction.on_commit(lambda: build_school_letters.delay(key), robust=True)


@shared_task
def resume_school_letters():
    """Woken by beat: take up letters whose worker was killed, or that nobody was told of."""
    take_up(SchoolLetters, build_school_letters)


@shared_task
def send_report_mails():
    """Woken by who sends, and by beat: mail the published report to those who wait. Twice sends none twice."""
    count = mailing.send_waiting()
    if count:
        logger.info("%s mails with a published report were taken", count)


def send_report_mails_soon():
    transaction.on_commit(lambda: send_report_mails.delay(), robust=True)


@shared_task
def tell_of_reopenings():
    """Woken by who opens a consultation again, and by beat: tell the members that were asked."""
    count = tell_reopened(at=timezone.now())
    if count:
        logger.info("%s people were told that a consultation is open again", count)


def tell_of_reopenings_soon():
    transaction.on_commit(lambda: tell_of_reopenings.delay(), robust=True)


@shared_task
def tell_of_sign_offs():
    """Woken by who signs or withdraws, and by beat: tell who signed what is withdrawn, and the office of the last."""
    count = signing.tell_waiting(at=timezone.now())
    if count:
        logger.info("%s people were told of a sign-off", count)


def tell_of_sign_offs_soon():
    transaction.on_commit(lambda: tell_of_sign_offs.delay(), robust=True)
