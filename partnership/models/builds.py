"""Files that a worker makes: who asked, how far it is, and what came of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from rules.contrib.models import RulesModel

from partnership.kept_bytes import BytesField

# Columns of a build that only say how far it is, or hold its bytes: no history is kept of them.
PASSING = ("pdf", "step", "done_count", "total_count", "lease_until")


class BuildQuerySet(models.QuerySet):
    def waiting(self, *, at):
        """Those that no worker has in hand: queued, or left behind by one that fell."""
        return self.filter(Q(state=Build.State.QUEUED) | Q(state=Build.State.RUNNING, lease_until__lt=at))

    def under_way(self):
        return self.filter(state__in=[Build.State.QUEUED, Build.State.RUNNING])

    def done(self):
        return self.filter(state=Build.State.DONE)


class Build(RulesModel):
    """One making of a file by a worker, who holds it by a lease (``partnership.builds``)."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting for a worker"
        RUNNING = "running", "Being made"
        DONE = "done", "Ready"
        FAILED = "failed", "Could not be made"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    step = models.CharField(max_length=120, blank=True)
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    pdf = BytesField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the PDF")
    page_count = models.PositiveIntegerField(null=True)
    size = models.PositiveIntegerField(null=True, help_text="In bytes")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    requested_at = models.DateTimeField(auto_now_add=True)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["-requested_at"]

    @property
    def is_under_way(self):
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    @property
    def is_done(self):
        return self.state == self.State.DONE
