"""What groups make of a round: the log of a review, each outcome's judgement, highlight reports, what stood still."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import recorded
from partnership.models import Group
from partnership.rules import is_office, is_person_of_partnership
from partnership.standing import standing_of
from plans.models.cycle import PriorityReview, UpdateRound
from plans.models.plan import Rating
from plans.models.rows import Deliverable, OutcomeStatement, Priority
from plans.rules import is_highlight_editor, is_scrutiny_chair


@recorded
class ReviewAction(models.Model):
    """One line of a review's action log: what either group asked for, and the day."""

    review = models.ForeignKey(PriorityReview, on_delete=models.PROTECT, related_name="actions")
    agreed_on = models.DateField("day")
    text = models.TextField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["review", "agreed_on", "pk"]

    def __str__(self):
        return self.text


class ReviewDraft(models.Model):
    """What somebody has typed for one stage of a review and not recorded. Nobody else reads it."""

    class Stage(models.TextChoices):
        PROPOSE = "propose", "Proposal"
        DECIDE = "decide", "Decision"

    priority = models.ForeignKey(Priority, on_delete=models.CASCADE, related_name="review_drafts")
    round = models.ForeignKey(UpdateRound, on_delete=models.CASCADE, related_name="review_drafts")
    stage = models.CharField(max_length=7, choices=Stage)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict, help_text="The form’s fields as they were typed")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["priority", "round", "stage", "author"], name="one_draft_a_person_stage_and_review"
            )
        ]

    def __str__(self):
        return f"{self.get_stage_display()}: {self.priority}, {self.round}"


@recorded
class EarlierDecision(models.Model):
    """A decision as it was recorded before somebody corrected it, and why. It stays beside the one that stands."""

    review = models.ForeignKey(PriorityReview, on_delete=models.PROTECT, related_name="earlier_decisions")
    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="+")
    comments = models.TextField(blank=True)
    risks = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    corrected_because = models.TextField()
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField()

    class Meta:
        ordering = ["review", "-corrected_at", "-pk"]

    def __str__(self):
        return f"{self.review}: {self.rating}"


class OutcomeJudgementQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(round__in=UpdateRound.objects.visible_to(user))

    def current(self):
        """The last word of each round."""
        return self.filter(superseded_by=None)


@recorded
class OutcomeJudgement(RulesModel):
    """Whether an outcome statement is true yet, as judged in one round, and by what evidence."""

    class Level(models.TextChoices):
        SHOWN = "shown", "Shown"
        PARTLY = "partly", "Partly shown"
        NOT_YET = "not-yet", "Not shown yet"
        UNKNOWN = "unknown", "No evidence either way"

    outcome = models.ForeignKey(OutcomeStatement, on_delete=models.PROTECT, related_name="judgements")
    round = models.ForeignKey(UpdateRound, on_delete=models.PROTECT, related_name="judgements")
    level = models.CharField("judgement", max_length=8, choices=Level)
    words = models.TextField("how we know")
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField()
    superseded_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )

    objects = OutcomeJudgementQuerySet.as_manager()

    class Meta:
        ordering = ["outcome", "-round__closes_on", "-judged_at"]
        rules_permissions = {"view": is_person_of_partnership, "add": is_office | is_scrutiny_chair}

    def __str__(self):
        return f"{self.outcome}: {self.get_level_display().lower()}"

    @property
    def plan(self):
        return self.round.plan

    @property
    def partnership_ids(self):
        return self.plan.partnership_ids


class HighlightReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Submitted: the partnership's people. A draft: its group's chair and the office."""
        standing = standing_of(user)
        own = Q(group__in=standing.chaired_group_ids) | Q(group__partnerships__in=standing.office_ids)
        submitted = Q(submitted_at__isnull=False, round__in=UpdateRound.objects.visible_to(user))
        return self.filter(submitted | own, round__in=UpdateRound.objects.visible_to(user)).distinct()

    def current(self):
        """Not replaced by a corrected edition."""
        return self.filter(replaced_by=None)

    def submitted(self):
        return self.exclude(submitted_at=None)


# A later edition is named once; all else of a submitted report stands, also in columns to come.
CHANGES_WHAT_WAS_SUBMITTED = """
    OLD.submitted_at IS NOT NULL AND (
        to_jsonb(OLD) - 'replaced_by_id' IS DISTINCT FROM to_jsonb(NEW) - 'replaced_by_id'
        OR OLD.replaced_by_id IS NOT NULL AND OLD.replaced_by_id IS DISTINCT FROM NEW.replaced_by_id
    )
"""


@recorded
class HighlightReport(RulesModel):
    """One group's page about one round, for the group it reports to. Frozen when it is submitted.

    Voice of the child cannot be blank (published arrangements of 2020, on subgroups' highlight
    reports); "nothing this quarter, because …" is an answer. A correction is a new edition. The database
    lets nothing be changed of a submitted report, nor of its lines, but which edition replaced it.
    """

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="highlight_reports")
    round = models.ForeignKey(UpdateRound, on_delete=models.PROTECT, related_name="highlight_reports")
    edition = models.PositiveSmallIntegerField(default=1)
    achievements = models.TextField(blank=True)
    difference_made = models.TextField(blank=True)
    voice = models.TextField("voice of the child", blank=True)
    risks = models.TextField(blank=True)
    escalations = models.TextField("to be escalated", blank=True)
    next_period = models.TextField(blank=True)
    submitted_to = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    frozen = models.JSONField(default=dict, blank=True, help_text="Lines, attendance and names as they stood then")
    replaced_by = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()

    objects = HighlightReportQuerySet.as_manager()

    class Meta:
        ordering = ["-round__closes_on", "group__name", "-edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "round", "edition"], name="one_highlight_report_a_group_round_and_edition"
            ),
            models.CheckConstraint(
                name="submitted_highlight_report_says_voice", condition=Q(submitted_at=None) | ~Q(voice="")
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="submitted_report_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(CHANGES_WHAT_WAS_SUBMITTED),
            ),
            pgtrigger.Protect(
                name="submitted_report_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__submitted_at__isnull=False),
            ),
        ]
        rules_permissions = {"view": is_person_of_partnership, "change": is_highlight_editor | is_office}

    def __str__(self):
        return f"{self.group}, {self.round}"

    def get_absolute_url(self):
        return reverse("plans:highlight-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.round.plan.partnership_ids


# A trigger's condition can't ask another table, so the function does.
LINES_STAND = """
    IF EXISTS (
        SELECT FROM plans_highlightreport
        WHERE id IN (OLD.report_id, NEW.report_id) AND submitted_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'pgtrigger: Cannot change lines of a submitted report in % table', TG_TABLE_NAME;
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


@recorded
class HighlightLine(models.Model):
    """What a highlight report says of one deliverable: begun from the lead's update, edited by the chair."""

    report = models.ForeignKey(HighlightReport, on_delete=models.CASCADE, related_name="lines")
    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="+")
    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    progress = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(
        default=0, help_text="The chair's own order; the same everywhere until a line is moved: the plan's order"
    )

    class Meta:
        ordering = ["report", "position", "deliverable__priority__position", "deliverable__position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "deliverable"], name="one_line_a_report_and_deliverable")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="lines_of_submitted_stand",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=LINES_STAND,
            )
        ]

    def __str__(self):
        return str(self.deliverable)


@recorded
class StandstillNote(RulesModel):
    """Why one deliverable made little or no progress, in the office's words. The draft comes from its trail.

    The yearly report must analyse areas of little or no progress (Working Together 2018, chapter 3).
    """

    deliverable = models.OneToOneField(Deliverable, on_delete=models.CASCADE, related_name="standstill_note")
    text = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["deliverable"]

    def __str__(self):
        return self.text
