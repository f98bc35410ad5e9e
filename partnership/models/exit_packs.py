"""Everything of one partnership as one archive: who asked for it, how far it is, and its bytes until they expire."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse

from partnership.history import recorded_except
from partnership.kept_bytes import BytesField
from partnership.models.builds import PASSING, Build, BuildQuerySet
from partnership.models.organisations import Partnership
from partnership.rules import is_administrator, is_office
from partnership.standing import standing_of

KEPT = timedelta(days=7)  # from the moment at which it was ready


class ExitPackQuerySet(BuildQuerySet):
    def visible_to(self, user):
        """Those of an office's partnerships, to an administrator all; one with cases to who asked, while they may."""
        standing = standing_of(user)
        theirs = Q() if standing.is_administrator else Q(partnership__in=standing.office_ids)
        own_cases = Q(requested_by=standing.user_id, partnership__in=standing.own_case_group_ids)
        return self.filter(theirs, Q(has_cases=False) | own_cases)

    def over(self, *, at):
        """Those whose bytes have been kept long enough."""
        return self.done().filter(expires_at__lte=at, cleared_at=None)


@recorded_except(*PASSING, "left_out")
class ExitPack(Build):
    """One making of the archive. Its bytes are its parts, in their order; they go when it expires."""

    pdf = None
    page_count = None
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the archive")
    size = models.PositiveBigIntegerField(null=True, help_text="In bytes")
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="exit_packs")
    has_cases = models.BooleanField("with the cases", default=False)
    row_count = models.PositiveIntegerField(default=0)
    file_count = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(default=list, help_text="What is not in it, in sentences")
    expires_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)

    objects = ExitPackQuerySet.as_manager()

    class Meta(Build.Meta):
        rules_permissions = {"view": is_office | is_administrator, "take": is_office | is_administrator}
        indexes = [models.Index(fields=["expires_at"], condition=Q(cleared_at=None), name="exit_packs_kept")]

    def __str__(self):
        return f"Exit pack of {self.partnership.short_name}"

    def get_absolute_url(self):
        return reverse("partnership:exit-pack-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}

    @property
    def is_ready(self):
        """Whether it can be downloaded."""
        return self.is_done and self.cleared_at is None


class ExitPackPart(models.Model):
    """A piece of the archive. Written by the worker, read by whoever downloads, deleted when the pack expires."""

    pack = models.ForeignKey(ExitPack, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = BytesField()

    class Meta:
        ordering = ["pack", "number"]
        constraints = [models.UniqueConstraint(fields=["pack", "number"], name="one_part_a_number")]

    def __str__(self):
        return f"Part {self.number} of {self.pack_id}"
