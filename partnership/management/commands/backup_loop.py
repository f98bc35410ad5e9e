"""Backups and drills as often as is set, for as long as it runs: ``./run backup-loop``, the container ``backup``.

A process of its own and no task of the worker: it holds the password of the backups, which the worker need not know,
and goes on where Redis or the worker has failed.
"""

import logging
import signal
import sys
import time

import psycopg2
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from partnership.heartbeats import beating
from partnership.operations import continuous, schedule
from partnership.operations.backups import make_backup
from partnership.operations.drills import hold_drill
from partnership.operations.programs import BackupProblem
from partnership.operations.repository import Repository

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 20


class Command(BaseCommand):
    help = "Make backups and hold drills when they are due, until it is stopped."
    requires_system_checks = []

    def handle(self, **options):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        receiver = continuous.Receiver(settings.BACKUP_LOG_DIR, settings.BACKUP_DATABASE_URL)
        self.log_stored_at = 0.0
        try:
            while True:
                self.look(receiver)
                time.sleep(SECONDS_BETWEEN_LOOKS)
        finally:
            receiver.stop()

    def look(self, receiver):
        """One thing after the other; what fails is in the log and on its row, and is tried again later."""
        close_old_connections()
        for do in (self.receive, self.back_up, self.drill):
            try:
                do(receiver)
            except (BackupProblem, DatabaseError, psycopg2.Error, OSError) as trouble:
                logger.error("%s: %s", do.__name__, trouble)

    def back_up(self, _receiver):
        if schedule.is_backup_due(at=timezone.now()):
            run = make_backup(at=timezone.now())
            logger.info("Backup %s was made, %s bytes", run.snapshot, run.size)

    def drill(self, _receiver):
        if schedule.is_drill_due(at=timezone.now()):
            run = hold_drill(at=timezone.now())
            logger.info("Backup %s was put back and is as it was", run.snapshot)

    def receive(self, receiver):
        if not settings.BACKUP_LOG:
            return
        receiver.keep_going()
        if time.monotonic() - self.log_stored_at < settings.BACKUP_LOG_MINUTES * 60 and self.log_stored_at:
            return
        repository = Repository.of_settings()
        repository.prepare()
        with beating(schedule.LOG):
            if receiver.needs_base or continuous.is_base_due(repository, at=timezone.now()):
                continuous.store_base(repository)
                receiver.needs_base = False
                continuous.forget_old(repository)
            continuous.store_log(repository, receiver.folder, at=timezone.now())
        self.log_stored_at = time.monotonic()
