"""Learning: points, seven-minute briefings, how they are spread, and what agencies say they did with them."""

import uuid

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case as Choice
from django.db.models import F, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import links, recorded
from partnership.models import Organisation, Partnership, PublishedFile
from partnership.rules import is_case_group, is_office, is_person_of_partnership, sees_cases
from partnership.standing import standing_of
from reviews.counts import LEAST_SMALLEST, USUAL_SMALLEST
from reviews.models.cases import Case, Theme
from reviews.models.practice import PracticeReview
from reviews.models.recommendations import NEVER_A_GROUPS, MayComeFromGroup, open_to
from reviews.rules import is_of_group, is_of_organisation, is_published, is_restricted, leads_step, works_on


class LearningPointQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of one's partnerships; from a case or review only its group's until it releases them."""
        return self.filter(open_to(user))

    def with_source(self, user):
        """Annotate ``known_on`` and, for its group alone, ``origin``: the reference of the case or review.

        To others one that was released is as old as its release: the day it was learned would lead to a case.
        """
        own = Q(partnership__in=standing_of(user).case_group_ids)
        return self.annotate(
            known_on=Choice(When(own | NEVER_A_GROUPS, then=F("learned_on")), default=F("released_on")),
            origin=Choice(
                When(own, then=Coalesce("case__reference", "review__reference")),
                default=Value(None),
                output_field=models.CharField(null=True),
            ),
        )


@recorded
class LearningPoint(MayComeFromGroup, RulesModel):
    """Something learned, in a sentence that anybody who works with families can use."""

    READ_AS = "A learning point"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="learning_points")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="learning_points")
    review = models.ForeignKey(
        PracticeReview, on_delete=models.PROTECT, null=True, blank=True, related_name="learning_points"
    )
    source_title = models.CharField("what it comes from", max_length=200, blank=True)
    text = models.TextField("what we learned")
    learned_on = models.DateField("learned")
    themes = models.ManyToManyField(Theme, related_name="learning_points", blank=True)
    label = models.CharField("what others read as its source", max_length=120, blank=True)
    released_on = models.DateField("released", null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = LearningPointQuerySet.as_manager()

    class Meta:
        ordering = ["-learned_on", "pk"]
        rules_permissions = {
            "view": sees_cases | (is_person_of_partnership & ~is_restricted),
            "change": works_on,
            "release": is_of_group & is_case_group,
            # What it said before its release stays the group's.
            "look_back": is_case_group | (is_person_of_partnership & ~is_of_group),
        }
        constraints = [
            models.CheckConstraint(name="released_learning_has_a_label", condition=Q(released_on=None) | ~Q(label="")),
            models.CheckConstraint(
                name="learning_says_what_it_comes_from",
                condition=Q(case__isnull=False) | Q(review__isnull=False) | ~Q(source_title=""),
            ),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("reviews:learning-detail", args=[self.pk])


@links
class LearningPointTheme(LearningPoint.themes.through):
    class Meta:
        proxy = True


@recorded
class LearningSettings(models.Model):
    """What a partnership chose for its learning; without a row the usual holds."""

    partnership = models.OneToOneField(
        Partnership, on_delete=models.CASCADE, primary_key=True, related_name="learning_settings"
    )
    smallest_shown = models.PositiveSmallIntegerField(
        "smallest number shown",
        default=USUAL_SMALLEST,
        validators=[MinValueValidator(LEAST_SMALLEST), MaxValueValidator(20)],
        help_text="Smaller numbers by theme and year are for the case review group alone",
    )

    class Meta:
        verbose_name_plural = "learning settings"
        constraints = [
            models.CheckConstraint(
                name="smallest_number_hides_something", condition=Q(smallest_shown__gte=LEAST_SMALLEST)
            )
        ]

    def __str__(self):
        return f"Learning of {self.partnership}"


class BriefingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published ones of one's partnerships; drafts for who writes them: the office, or the group of a review."""
        standing = standing_of(user)
        shared = Q(published_at__isnull=False, partnership__in=standing.partnership_ids)
        own = Q(partnership__in=standing.office_ids, review=None)
        return self.filter(shared | own | Q(partnership__in=standing.case_group_ids))

    def published(self):
        """The newest edition of each that is out, whatever is being corrected; the public reads those meant for it."""
        return self.filter(published_at__isnull=False, superseded_by__published_at=None)

    def for_everyone(self):
        """Those that are meant for the public page."""
        return self.filter(is_public=True)


@recorded
class Briefing(RulesModel):
    """A seven-minute briefing: written once, read as a page, a PDF and a Word document. Published, it stands."""

    PARTS = ("background", "happened", "learning", "practice", "reflection", "resources")
    QUESTIONS = ("thoughts", "embed", "team_plan")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="briefings")
    review = models.ForeignKey(
        PracticeReview,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="briefings",
        help_text="Until it is published, the case review group’s alone",
    )
    title = models.CharField(max_length=120)
    background = models.TextField("background", blank=True)
    happened = models.TextField("what happened", blank=True)
    learning = models.TextField("what we learned", blank=True)
    practice = models.TextField("what to do", blank=True)
    reflection = models.TextField("to think about", blank=True)
    resources = models.TextField("where to find more", blank=True)
    thoughts = models.TextField("first question for your team", blank=True)
    embed = models.TextField("second question for your team", blank=True)
    team_plan = models.TextField("third question for your team", blank=True)
    learning_points = models.ManyToManyField(LearningPoint, related_name="briefings", blank=True)
    is_public = models.BooleanField("on the public page too", default=True)
    edition = models.PositiveSmallIntegerField(default=1)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    pdf = models.OneToOneField(PublishedFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = BriefingQuerySet.as_manager()
    case_id = None  # it comes of a review, never of a case by itself

    class Meta:
        ordering = ["-published_at", "title"]
        rules_permissions = {
            "view": sees_cases | is_office | (is_person_of_partnership & is_published),
            "change": works_on & ~is_published,
            "publish": works_on & ~is_published,
            "spread": works_on,
        }
        triggers = [
            pgtrigger.Protect(
                name="published_briefings_stand",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("reviews:briefing-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}

    @property
    def is_published(self):
        return self.published_at is not None

    @property
    def is_restricted(self):
        """Only the case review group may know of it."""
        return self.review_id is not None and not self.is_published

    def note_reading(self, *, by):
        """Where it is restricted, remember that ``by`` opened it."""
        if self.is_restricted:
            self.review.note_reading(by=by, what="A draft of a briefing")


@links
class BriefingLearningPoint(Briefing.learning_points.through):
    class Meta:
        proxy = True


@recorded
class DisseminationStep(RulesModel):
    """One way in which learning is spread: to whom, how, by whom, by when, and whether it was done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    briefing = models.ForeignKey(Briefing, on_delete=models.CASCADE, related_name="steps")
    audience = models.CharField("to whom", max_length=160)
    channel = models.CharField("how", max_length=160)
    lead_post = models.ForeignKey(
        "partnership.Post",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="who does it",
    )
    due_on = models.DateField("by when")
    done_on = models.DateField("done", null=True, blank=True)
    reached = models.PositiveIntegerField("how many people", null=True, blank=True)
    note = models.TextField("what came of it", blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        rules_permissions = {
            "view": sees_cases | (is_person_of_partnership & ~is_restricted),
            "change": works_on,
            "carry_out": works_on | leads_step,
        }

    def __str__(self):
        return f"{self.channel}, {self.audience}"

    @property
    def partnership_ids(self):
        return self.briefing.partnership_ids

    @property
    def is_restricted(self):
        return self.briefing.is_restricted


class ReceiptQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own organisation's, and all of those of one's office and case review group."""
        standing = standing_of(user)
        ours = Q(briefing__partnership__in=standing.office_ids | standing.case_group_ids | standing.advisor_ids)
        return self.filter(ours | Q(organisation__in=standing.organisation_ids))

    def waiting(self):
        """Not answered yet, on the newest edition of a briefing."""
        return self.filter(submitted_at=None, briefing__superseded_by__published_at=None)


@recorded
class Receipt(RulesModel):
    """What one agency says it did with a briefing: used with whom, and what changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    briefing = models.ForeignKey(Briefing, on_delete=models.CASCADE, related_name="receipts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField("asked")
    due_on = models.DateField("by when")
    used_on = models.DateField("used", null=True, blank=True)
    used_with = models.TextField("with whom", blank=True)
    reached = models.PositiveIntegerField("how many people", null=True, blank=True)
    changed = models.TextField("what changed because of it", blank=True)
    not_used_because = models.TextField("why it was not used", blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__name"]
        constraints = [
            models.UniqueConstraint(fields=["briefing", "organisation"], name="one_receipt_an_agency"),
            models.CheckConstraint(
                name="receipt_says_used_or_why_not",
                condition=Q(submitted_at=None) | Q(used_on__isnull=False) | ~Q(not_used_because=""),
            ),
        ]
        rules_permissions = {
            "view": sees_cases | is_office | is_of_organisation,
            "write": is_of_organisation | is_office,
        }

    def __str__(self):
        return f"{self.organisation} on {self.briefing}"

    def get_absolute_url(self):
        return reverse("reviews:receipt-write", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.briefing.partnership_ids
