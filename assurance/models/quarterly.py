"""How are we doing? One report a plan and quarter: what shows each outcome, what goes well, what is promised next."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from assurance.models.leads import Led
from assurance.rules import edits_as_board, is_published_report, is_with_board, reads_quarterly, writes_quarterly
from partnership.history import recorded, recorded_except
from partnership.kept_bytes import BytesField
from partnership.models import Meeting, MeetingAction
from partnership.models.builds import PASSING, Build, BuildQuerySet
from partnership.rules import is_advisor, is_office, is_person_of_partnership
from partnership.standing import standing_of
from plans.models import OutcomeStatement, Plan, UpdateRound


class QuarterlyReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Drafts for office, advisor and the two groups of the plan; published ones for the plan's own people."""
        standing = standing_of(user)
        of_wide = Plan.partnerships.through.objects.filter(partnership__in=standing.wide_ids).values("plan")
        of_ours = Plan.partnerships.through.objects.filter(partnership__in=standing.partnership_ids).values("plan")
        inside = (
            Q(round__plan__in=of_wide)
            | Q(round__plan__scrutiny_group__in=standing.group_ids)
            | Q(round__plan__deciding_group__in=standing.group_ids)
        )
        return self.filter(inside | Q(round__plan__in=of_ours) & ~Q(published_at=None))

    def published(self):
        return self.exclude(published_at=None)

    def current(self):
        """Not corrected by a later edition that is published."""
        return self.exclude(corrected_by__published_at__isnull=False)


@recorded
class QuarterlyReport(RulesModel):
    """How a plan stood in one round, by its outcome statements (published arrangements of 2020).

    Written by the group that scrutinises, given to the group that decides, which may change it; what it was given is
    kept beside it. Published it stands; a correction is a new edition.
    """

    round = models.ForeignKey(UpdateRound, on_delete=models.PROTECT, related_name="quarterly_reports")
    edition = models.PositiveSmallIntegerField(default=1)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    changes = models.TextField("what this edition corrects", blank=True)
    introduction = models.TextField("the quarter in short", blank=True)
    doing_well = models.TextField("what we do well", blank=True)
    explore = models.TextField("what we explore further", blank=True)
    given_at = models.DateTimeField("given to the board", null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    given_words = models.JSONField(default=dict, blank=True, help_text="All it said when it was given")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="agreed at"
    )
    published_at = models.DateTimeField("published", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()

    objects = QuarterlyReportQuerySet.as_manager()

    class Meta:
        ordering = ["-round__ends_on", "-edition"]
        rules_permissions = {
            "view": is_office | is_advisor | reads_quarterly | (is_person_of_partnership & is_published_report),
            "look_back": is_office | is_advisor | reads_quarterly,
            "change": ~is_published_report
            & (is_office | (writes_quarterly & ~is_with_board) | (edits_as_board & is_with_board)),
            "give": ~is_published_report & ~is_with_board & (is_office | writes_quarterly),
            "build": is_office | writes_quarterly | edits_as_board,
            "publish": is_office & ~is_published_report & is_with_board,
            "correct": is_office & is_published_report,
        }
        constraints = [
            models.UniqueConstraint(fields=["round", "edition"], name="one_quarterly_report_a_round_and_edition")
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_quarter_stands",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]

    def __str__(self):
        return f"How are we doing? {self.round}"

    def get_absolute_url(self):
        return reverse("assurance:quarterly-detail", args=[self.pk])

    @property
    def plan(self):
        return self.round.plan

    @property
    def partnership_ids(self):
        return self.round.plan.partnership_ids

    @property
    def is_published(self):
        return self.published_at is not None

    @property
    def filename_stem(self):
        return f"how-are-we-doing-{self.round.ends_on:%Y-%m}-edition-{self.edition}"


# Nothing changes under a published report: a trigger's condition can't ask another table, so the function does.
PARTS_STAND = """
    IF EXISTS (
        SELECT FROM assurance_quarterlyreport
        WHERE id IN (OLD.report_id, NEW.report_id) AND published_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'pgtrigger: Cannot change a published quarterly report in % table', TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


def part_stands(name, *, operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete):
    """The trigger of a table whose rows belong to a report (``report``)."""
    return pgtrigger.Trigger(name=name, when=pgtrigger.Before, operation=operation, func=PARTS_STAND)


@recorded
class QuarterlyLine(models.Model):
    """What a report says of one outcome statement. How far it is shown is judged in the plan (``OutcomeJudgement``)."""

    report = models.ForeignKey(QuarterlyReport, on_delete=models.CASCADE, related_name="lines")
    outcome = models.ForeignKey(OutcomeStatement, on_delete=models.PROTECT, related_name="quarterly_lines")
    position = models.PositiveSmallIntegerField()
    doing_well = models.TextField("what goes well", blank=True)
    explore = models.TextField("explore further", blank=True)
    not_judged_because = models.TextField("why it is not judged", blank=True)

    class Meta:
        ordering = ["report", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["report", "outcome"], name="one_quarterly_line_an_outcome")]
        triggers = [part_stands("published_lines_stand")]

    def __str__(self):
        return str(self.outcome)


class QuarterlyDraft(models.Model):
    """What somebody has typed for one page of a report and not saved. Nobody else reads it."""

    report = models.ForeignKey(QuarterlyReport, on_delete=models.CASCADE, related_name="drafts")
    page = models.CharField(max_length=30, help_text="words, results, or an outcome’s line, like line:12")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict, help_text="The form’s fields as they were typed")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(fields=["report", "page", "author"], name="one_quarterly_draft_a_page_and_person")
        ]

    def __str__(self):
        return f"{self.report}, {self.page}"


@recorded
class QuarterlyEvidence(models.Model):
    """One thing that is offered to show an outcome: taken in, or left out by somebody."""

    class Stream(models.TextChoices):
        """The six streams of evidence of the assurance framework, training, and what partners said to each other."""

        DATA = "data", "Data"
        RETURNS = "returns", "Assurance returns"
        AUDITS = "audits", "Audits and inspections"
        VOICE = "voice", "Voice of children, adults, families and practitioners"
        PROGRESS = "progress", "Progress of the plan"
        REVIEWS = "reviews", "Improvement after reviews"
        TRAINING = "training", "Training and what came of it"
        CHALLENGE = "challenge", "Risks, challenge and scrutiny"

    report = models.ForeignKey(QuarterlyReport, on_delete=models.CASCADE, related_name="evidence")
    line = models.ForeignKey(QuarterlyLine, on_delete=models.CASCADE, related_name="evidence")
    stream = models.CharField(max_length=10, choices=Stream)
    source_key = models.CharField(max_length=60, help_text="The record it comes from, like voice:12")
    reference = models.CharField(max_length=160)
    text = models.TextField()
    address = models.CharField("where it stands", max_length=300, blank=True)
    dated_on = models.DateField()
    is_left_out = models.BooleanField(default=False)

    class Meta:
        ordering = ["line", "stream", "-dated_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["line", "source_key"], name="quarterly_evidence_filed_once")]
        triggers = [part_stands("published_evidence_stands")]

    def __str__(self):
        return self.reference


@recorded
class QuarterlyPromise(Led):
    """What a report promises for the next quarter, and, told in the next report, what came of it.

    From publication on it is a line of the group's action log, where whoever answers for it says how it goes.
    """

    class Result(models.TextChoices):
        DONE = "done", "Done"
        PARTLY = "partly", "Partly done"
        NOT_DONE = "not-done", "Not done"
        DROPPED = "dropped", "No longer to be done"

    report = models.ForeignKey(QuarterlyReport, on_delete=models.CASCADE, related_name="promises")
    line = models.ForeignKey(QuarterlyLine, on_delete=models.CASCADE, null=True, blank=True, related_name="promises")
    position = models.PositiveSmallIntegerField()
    text = models.TextField("what we will do")
    due_on = models.DateField("by")
    action = models.ForeignKey(
        MeetingAction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quarterly_promises",
        help_text="Every edition of a report leads to the same line",
    )

    class Meta:
        ordering = ["report", "position", "pk"]
        triggers = [part_stands("published_promises_stand")]

    def __str__(self):
        return self.text[:80]


@recorded
class PromiseResult(models.Model):
    """What one report tells of a promise that an earlier one made."""

    report = models.ForeignKey(QuarterlyReport, on_delete=models.CASCADE, related_name="results")
    promise = models.ForeignKey(QuarterlyPromise, on_delete=models.PROTECT, related_name="results")
    result = models.CharField("what came of it", max_length=8, choices=QuarterlyPromise.Result, blank=True)
    words = models.TextField("in words", blank=True)
    is_carried = models.BooleanField(
        "goes on", default=False, help_text="Not done: asked about again in the next report"
    )

    class Meta:
        ordering = ["report", "promise__position", "pk"]
        constraints = [models.UniqueConstraint(fields=["report", "promise"], name="one_result_a_report_and_promise")]
        triggers = [part_stands("published_results_stand")]

    def __str__(self):
        return self.get_result_display()


class QuarterlyBuildQuerySet(BuildQuerySet):
    def visible_to(self, user):
        return self.filter(report__in=QuarterlyReport.objects.visible_to(user).values("pk"))

    def without_bytes(self):
        return self.defer("pdf", "word", "content")


@recorded_except(*PASSING, "word", "content")
class QuarterlyBuild(Build):
    """One making of the PDF and the Word file by a worker. The one that was published stays as it is."""

    report = models.ForeignKey(QuarterlyReport, on_delete=models.CASCADE, related_name="builds")
    word = BytesField(null=True)
    word_size = models.PositiveIntegerField(null=True, help_text="In bytes")
    content = models.JSONField(null=True, help_text="All that is printed in it")
    content_hash = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = QuarterlyBuildQuerySet.as_manager()

    class Meta(Build.Meta):
        rules_permissions = {"view": is_office | is_advisor | reads_quarterly}
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=~Q(published_at=None), name="one_published_build_a_report"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_quarter_is_forever",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.report}, {self.get_state_display().lower()}"

    def get_absolute_url(self):
        return reverse("assurance:quarterly-build", args=[self.pk])

    @property
    def round(self):
        return self.report.round

    @property
    def partnership_ids(self):
        return self.report.partnership_ids
