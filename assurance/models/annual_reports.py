"""The annual report: sections from a rule set's headings, evidence offered, builds, editions."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import links, recorded, recorded_except
from partnership.models import Partnership, PublishedFile, Rule, RuleSet
from partnership.rules import is_advisor, is_lead_partner, is_office
from partnership.standing import standing_of


class AnnualReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Drafts for office, advisor and lead partners; everyone once it is published."""
        standing = standing_of(user)
        inside = Q(partnerships__in=standing.wide_ids | standing.lead_partner_ids)
        return self.filter(
            Q(pk__in=AnnualReport.objects.filter(inside).values("pk")) | ~Q(published_file=None)
        )

    def published(self):
        return self.exclude(published_file=None)


@recorded
class AnnualReport(RulesModel):
    """One edition of a yearly report. Published means a frozen file; a correction is a new edition."""

    partnerships = models.ManyToManyField(Partnership, related_name="annual_reports")
    title = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField()
    edition = models.PositiveSmallIntegerField(default=1)
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT)
    foreword = models.TextField(blank=True)
    foreword_by = models.CharField(max_length=200, blank=True)
    published_file = models.OneToOneField(
        PublishedFile, on_delete=models.PROTECT, null=True, blank=True, related_name="annual_report"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AnnualReportQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_on", "-edition"]
        constraints = [
            models.CheckConstraint(
                name="report_ends_after_it_starts", condition=Q(ends_on__gt=models.F("starts_on"))
            )
        ]
        rules_permissions = {
            "view": is_office | is_advisor | is_lead_partner,
            "change": is_office,
            "build": is_office,
            "publish": is_office,
        }

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assurance:report-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return set(self.partnerships.values_list("pk", flat=True))

    @property
    def is_published(self):
        return self.published_file_id is not None


@links
class AnnualReportPartnership(AnnualReport.partnerships.through):
    class Meta:
        proxy = True


@recorded
class ReportSection(models.Model):
    """One heading with its narrative. ``rule`` is the duty it answers, if any."""

    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160)
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, null=True, blank=True)
    standfirst = models.CharField(max_length=250, blank=True, help_text="25 words or fewer")
    narrative = models.TextField(blank=True)

    class Meta:
        ordering = ["report", "position"]

    def __str__(self):
        return self.title


@recorded
class ReportEvidence(models.Model):
    """One thing filed under a heading, with what it can show."""

    class Shows(models.TextChoices):
        HOW_MUCH = "how-much", "how much"
        HOW_WELL = "how-well", "how well"
        DIFFERENCE = "difference", "difference made"

    section = models.ForeignKey(ReportSection, on_delete=models.CASCADE, related_name="evidence")
    source_key = models.CharField(max_length=60, help_text="For example update:12")
    reference = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    text = models.TextField()
    shows = models.CharField(max_length=10, choices=Shows, default=Shows.HOW_MUCH)
    dated_on = models.DateField()
    is_left_out = models.BooleanField(default=False)

    class Meta:
        ordering = ["section", "dated_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["section", "source_key"], name="evidence_filed_once")
        ]

    def __str__(self):
        return self.reference


@recorded_except("pdf", "lease_until")
class ReportBuild(models.Model):
    """One making of the PDF by a worker: how far it is, and what came of it. Holds the proof copy's bytes."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting for a worker"
        RUNNING = "running", "Being made"
        DONE = "done", "Ready"
        FAILED = "failed", "Could not be made"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="builds")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    step = models.CharField(max_length=120, blank=True)
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    content_hash = models.CharField(
        max_length=64, blank=True, help_text="Of the HTML it was made from"
    )
    pdf = models.BinaryField(null=True)
    page_count = models.PositiveIntegerField(null=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    requested_at = models.DateTimeField(auto_now_add=True)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["-requested_at"]

    def __str__(self):
        return f"{self.report}, {self.get_state_display().lower()}"
