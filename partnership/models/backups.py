"""Backups that were made, and drills in which the newest was put back: see ``partnership.operations``."""

import uuid

from django.db import models


class BackupRunQuerySet(models.QuerySet):
    def backups(self):
        return self.filter(kind=BackupRun.Kind.BACKUP)

    def drills(self):
        return self.filter(kind=BackupRun.Kind.DRILL)

    def done(self):
        """Those that ended well."""
        return self.filter(state=BackupRun.State.DONE)

    def newest(self):
        """The last one begun, or None."""
        return self.order_by("-began_at").first()


class BackupRun(models.Model):
    """One backup, or one drill. It is written when it begins, so one that was killed stands there as running."""

    class Kind(models.TextChoices):
        BACKUP = "backup", "Backup"
        DRILL = "drill", "Restore drill"

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=6, choices=Kind)
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    snapshot = models.CharField(max_length=64, blank=True, help_text="Its name in the repository of backups")
    taken_at = models.DateTimeField(null=True, help_text="The moment at which the database is in it")
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes of the dump and the files, before compression")
    figures = models.JSONField(default=dict, help_text="Counts and seconds, by name")
    problem = models.TextField(blank=True, help_text="What was wrong, in sentences for the administrator")

    objects = BackupRunQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at"]
        indexes = [models.Index(fields=["kind", "state", "-began_at"], name="newest_backup_runs")]
        constraints = [
            models.CheckConstraint(
                name="backup_run_ends_or_runs",
                condition=models.Q(state="running", ended_at=None)
                | models.Q(state__in=["done", "failed"], ended_at__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} of {self.began_at:%Y-%m-%d %H:%M}"
