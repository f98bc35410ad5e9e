"""Copies of what is held about somebody, while they are made and until they are fetched."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from rules import predicate

from partnership.kept_bytes import BytesField
from partnership.models.builds import Build, BuildQuerySet
from partnership.models.retention import SubjectAccess


@predicate
def is_requester(user, copy):
    return user.pk == copy.requested_by_id


class SubjectCopyQuerySet(BuildQuerySet):
    def visible_to(self, user):
        """Whoever asked for it, and nobody else: of a case PostgreSQL hides it from all others too."""
        return self.filter(requested_by=user.pk).defer("archive")

    def over(self, *, at):
        """Those that have been there for as long as a copy is kept."""
        return self.filter(Q(requested_at__lt=at - SubjectCopy.KEPT_FOR))


class SubjectCopy(Build):
    """One making of a copy. It goes after a week: that it was made stays, as a ``SubjectAccess``."""

    KEPT_FOR = timedelta(days=7)

    subject_kind = models.SlugField(max_length=20)
    subject_key = models.CharField(max_length=40)
    because = models.TextField()
    is_of_cases = models.BooleanField(default=False)
    archive = BytesField(null=True)
    kept = models.ForeignKey(SubjectAccess, on_delete=models.CASCADE, null=True, related_name="+")

    objects = SubjectCopyQuerySet.as_manager()

    class Meta(Build.Meta):
        rules_permissions = {"view": is_requester}

    def __str__(self):
        return f"Copy asked for on {self.requested_at:%Y-%m-%d}"

    def get_absolute_url(self):
        return reverse("partnership:subject-copy-detail", args=[self.pk])

    @property
    def ends_on(self):
        return timezone.localdate(self.requested_at + self.KEPT_FOR)
