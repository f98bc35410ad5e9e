"""The annual report: sections from a rule set's headings, evidence offered, builds, editions."""

from hashlib import sha256

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from assurance.rules import is_unpublished
from partnership.history import links, recorded, recorded_except
from partnership.kept_bytes import BytesField
from partnership.models import Partnership, PublishedFile, Rule, RuleSet
from partnership.models.builds import PASSING, Build, BuildQuerySet
from partnership.rules import is_advisor, is_lead_partner, is_office
from partnership.standing import standing_of
from plans.models import Priority


class AnnualReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Drafts for office, advisor and lead partners; everyone once it is published."""
        standing = standing_of(user)
        inside = Q(partnerships__in=standing.wide_ids | standing.lead_partner_ids)
        return self.filter(Q(pk__in=AnnualReport.objects.filter(inside).values("pk")) | ~Q(published_file=None))

    def published(self):
        return self.exclude(published_file=None)

    def of_person(self, user):
        """Reports of the person's own partnerships that they may see, the newest first."""
        ids = standing_of(user).partnership_ids
        return self.visible_to(user).filter(pk__in=self.model.objects.filter(partnerships__in=ids).values("pk"))

    def for_list(self):
        """With what a list shows: whose it is, and the file's facts without its bytes."""
        return (
            self.select_related("published_file", "corrected_by")
            .defer("published_file__content", "published_file__manifest")
            .prefetch_related("partnerships")
        )


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
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    changes = models.TextField(blank=True, help_text="What this edition corrects")
    in_short = models.TextField("the year in short", blank=True, help_text="For the report on one page")
    statement_due_on = models.DateField("independent scrutiny statement due", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AnnualReportQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_on", "-edition"]
        constraints = [
            models.CheckConstraint(name="report_ends_after_it_starts", condition=Q(ends_on__gt=models.F("starts_on")))
        ]
        rules_permissions = {
            "view": is_office | is_advisor | is_lead_partner,
            "change": is_office & is_unpublished,
            "build": is_office & is_unpublished,
            "publish": is_office & is_unpublished,
            "correct": is_office & ~is_unpublished,
        }

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assurance:report-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return {partnership.pk for partnership in self.partnerships.all()}

    @property
    def is_published(self):
        return self.published_file_id is not None

    @property
    def years(self):
        """ "2025–26", or "2026" within one calendar year."""
        first, last = self.starts_on.year, self.ends_on.year
        return str(first) if first == last else f"{first}–{last % 100:02}"

    @property
    def filename_stem(self):
        years = self.years.replace("–", "-")
        return f"annual-report-{years}-edition-{self.edition}"


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


class ReportEvidenceQuerySet(models.QuerySet):
    def printed(self):
        """What somebody has taken into the report, as it is or as a quotation."""
        return self.filter(use__in=[ReportEvidence.Use.ACCEPTED, ReportEvidence.Use.QUOTED])

    def undecided(self):
        return self.filter(use=ReportEvidence.Use.OFFERED)


@recorded
class ReportEvidence(models.Model):
    """One thing filed under a heading, with what it can show, and whether the report takes it."""

    class Use(models.TextChoices):
        OFFERED = "offered", "Not decided yet"
        ACCEPTED = "accepted", "In the report"
        QUOTED = "quoted", "Quoted"
        LEFT_OUT = "left-out", "Left out"

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
    address = models.CharField("where it stands", max_length=300, blank=True)
    priority = models.ForeignKey(
        Priority, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="That it is about"
    )
    use = models.CharField(max_length=8, choices=Use, default=Use.OFFERED)
    quote = models.TextField("the words quoted", blank=True, help_text="Empty: all of them")
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ReportEvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["section", "dated_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["section", "source_key"], name="evidence_filed_once")]

    def __str__(self):
        return self.reference

    @property
    def is_left_out(self):
        return self.use == self.Use.LEFT_OUT

    @property
    def is_printed(self):
        return self.use in {self.Use.ACCEPTED, self.Use.QUOTED}

    @property
    def mark(self):
        """A short mark of what is decided, and one of its words: whoever presses a button says which they saw."""
        return "-".join(sha256(said.encode()).hexdigest()[:10] for said in (f"{self.use} {self.quote}", self.text))

    @property
    def words_quoted(self):
        """Of what is quoted: the part that was chosen, while it stands in the source; otherwise all of it."""
        whole = " ".join(self.text.split())
        return self.quote if self.quote and self.quote in whole else whole


class ReportBuildQuerySet(BuildQuerySet):
    def visible_to(self, user):
        """The proofs of one's own partnerships' reports; published or not, a proof stays inside."""
        standing = standing_of(user)
        inside = standing.wide_ids | standing.lead_partner_ids
        return self.filter(report__in=AnnualReport.objects.filter(partnerships__in=inside))

    def without_bytes(self):
        return self.defer("pdf", "content", "word", "summary")


@recorded_except(*PASSING, "content", "word", "summary")
class ReportBuild(Build):
    """One making of the PDF by a worker: how far it is, and what came of it.

    Holds the proof copy's bytes, and ``content``: all that is printed in it (``annual.content``).
    """

    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="builds")
    number = models.PositiveSmallIntegerField("version", null=True, help_text="Counts the proofs of one edition")
    content = models.JSONField(null=True)
    content_hash = models.CharField(max_length=64, blank=True, help_text="Of what is printed")
    word = BytesField(null=True)
    word_size = models.PositiveIntegerField(null=True, help_text="In bytes")
    summary = BytesField("on one page", null=True)
    summary_size = models.PositiveIntegerField(null=True, help_text="In bytes")

    objects = ReportBuildQuerySet.as_manager()

    class Meta(Build.Meta):
        rules_permissions = {"view": is_office | is_advisor | is_lead_partner}
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="one_report_build_a_number")]

    def __str__(self):
        return f"{self.report}, {self.get_state_display().lower()}"

    def get_absolute_url(self):
        return reverse("assurance:build-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.report.partnership_ids

    @property
    def filename(self):
        return f"{self.report.filename_stem}-proof.pdf"
