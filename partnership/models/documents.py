"""Files: those that people bring, and those that were published and never change."""

import hashlib
import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import recorded, recorded_except
from partnership.kept_bytes import BytesField
from partnership.models.organisations import Partnership
from partnership.rules import is_office
from partnership.standing import standing_of


@recorded_except("content")
class Document(RulesModel):
    """A file somebody uploaded, kept as it came. Never served inline."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    filename = models.CharField(max_length=200)
    content = BytesField()
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveIntegerField(help_text="In bytes")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-uploaded_at"]

    def __str__(self):
        return self.filename

    @classmethod
    def keep(cls, *, filename, content, by):
        """Store ``content`` (bytes) under its own hash."""
        return cls.objects.create(
            filename=filename[-200:],
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            uploaded_by=by,
        )


class PublishedFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everyone may read what was published."""
        return self

    def published(self):
        return self

    def without_content(self):
        """For lists: everything but the bytes and what they were made from."""
        return self.defer("content", "manifest")

    def newest_first(self):
        return self.order_by("-published_at")


class PublishedFile(RulesModel):
    """Bytes that were published. The database refuses to change or delete a row, by trigger.

    A correction is a new edition that ``supersedes`` the one before.
    """

    class Kind(models.TextChoices):
        ANNUAL_REPORT = "annual-report", "Annual report"
        PLAN = "plan", "Plan"
        ARRANGEMENTS = "arrangements", "Arrangements"
        REVIEW = "review", "Practice review"
        BRIEFING = "briefing", "Briefing"
        SUMMARY = "summary", "Annual report on one page"
        EASY_READ = "easy-read", "Annual report in easy read"
        CHILDREN = "children", "Annual report for children and young people"
        WORD = "word", "Annual report as Word"
        LANGUAGE = "language", "Annual report in another language"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnerships = models.ManyToManyField(Partnership, related_name="published_files")
    kind = models.CharField(max_length=14, choices=Kind)
    title = models.CharField(max_length=200)
    edition = models.PositiveSmallIntegerField(default=1)
    filename = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100, default="application/pdf")
    content = BytesField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="In bytes")
    page_count = models.PositiveIntegerField(null=True)
    manifest = models.JSONField(default=dict, help_text="What the bytes were made from")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    objects = PublishedFileQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at"]
        rules_permissions = {"view": is_office}
        triggers = [pgtrigger.Protect(name="published_is_forever", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [models.CheckConstraint(name="published_file_has_hash", condition=~Q(sha256=""))]

    def __str__(self):
        return f"{self.title}, edition {self.edition}"

    def get_absolute_url(self):
        return reverse("partnership:file-download", args=[self.pk])

    @property
    def partnership_ids(self):
        return set(self.partnerships.values_list("pk", flat=True))


class PublicStatementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The office's drafts are the office's; everybody reads what is published."""
        return self.filter(Q(partnership__in=standing_of(user).office_ids) | ~Q(published_at=None))

    def published(self):
        return self.exclude(published_at=None)

    def in_force(self):
        """The last one published of each kind."""
        return self.published().order_by("partnership_id", "kind", "-version").distinct("partnership_id", "kind")


@recorded
class PublicStatement(RulesModel):
    """A partnership's own accessibility statement or privacy notice. A change is a new version."""

    class Kind(models.TextChoices):
        ACCESSIBILITY = "accessibility", "Accessibility statement"
        PRIVACY = "privacy", "Privacy notice"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="public_statements")
    kind = models.CharField(max_length=13, choices=Kind)
    version = models.PositiveSmallIntegerField(default=1)
    words = models.TextField()
    reviewed_on = models.DateField("looked at again on", null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = PublicStatementQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "kind", "-version"]
        rules_permissions = {"view": is_office, "change": is_office}
        constraints = [
            models.UniqueConstraint(fields=["partnership", "kind", "version"], name="one_statement_a_version")
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_words_stand",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.partnership}"

    @property
    def partnership_ids(self):
        return {self.partnership_id}
