"""When the next backup and the next drill are due, by what PostgreSQL knows of the last."""

from datetime import timedelta

from django.conf import settings

from partnership.models import BackupRun

LOG = "backup-log"  # the Heartbeat of the log of changes: see ``continuous``
AGAIN_AFTER = timedelta(minutes=10)  # a backup that failed
DRILL_AGAIN_AFTER = timedelta(hours=12)


def is_backup_due(*, at):
    last = BackupRun.objects.backups().newest()
    return is_over(last, timedelta(minutes=settings.BACKUP_EVERY_MINUTES), AGAIN_AFTER, at=at)


def is_drill_due(*, at):
    """Never before there is a backup."""
    if not BackupRun.objects.backups().done().exists():
        return False
    last = BackupRun.objects.drills().newest()
    return is_over(last, timedelta(days=settings.DRILL_EVERY_DAYS), DRILL_AGAIN_AFTER, at=at)


def is_over(last, usual, after_failure, *, at):
    """Whether so long has passed since the run ``last`` began; sooner again where that one failed."""
    if last is None:
        return True
    return last.began_at <= at - (min(usual, after_failure) if last.state == BackupRun.State.FAILED else usual)
