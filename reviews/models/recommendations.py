"""Recommendations: from reviews, audits and inspections to actions, evidence and a re-check."""

import uuid
from types import SimpleNamespace

from django.conf import settings
from django.db import models
from django.db.models import Case as Choice
from django.db.models import F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import cached_property
from rules.contrib.models import RulesModel

from partnership.history import links, recorded
from partnership.models import Document, Organisation, Partnership
from partnership.rules import is_case_group, is_person_of_partnership, sees_cases
from partnership.standing import standing_of
from plans.models import Activity, Deliverable
from reviews.models.cases import Case, Theme
from reviews.models.practice import PracticeReview
from reviews.rules import is_of_group, is_restricted, works_on

# Every member may read it: it comes from no case and no review, or its group released it.
FREE = Q(case=None, review=None) | Q(released_on__isnull=False)
# It never was a group's own: of a case that was deleted the link is gone, and the day of release tells.
NEVER_A_GROUPS = Q(case=None, review=None, released_on=None)


def open_to(user):
    """Which rows, by ``case``, ``review`` and ``released_on``, this person may know of."""
    standing = standing_of(user)
    return Q(partnership__in=standing.case_group_ids) | (Q(partnership__in=standing.partnership_ids) & FREE)


class RecommendationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of one's partnerships; from a case or review only its group's until it releases them."""
        return self.filter(open_to(user))

    def restricted(self):
        """Of a case or a review whose group has not released them."""
        return self.exclude(FREE)

    def shared(self):
        """What every member may read."""
        return self.filter(FREE)

    def with_source(self, user):
        """Annotate ``known_on`` and, for its group alone, ``origin``: the reference of the case or review.

        To others one that was released is as old as its release: the day it was made would lead to a case.
        """
        own = Q(partnership__in=standing_of(user).case_group_ids)
        return self.annotate(
            known_on=Choice(When(own | NEVER_A_GROUPS, then=F("made_on")), default=F("released_on")),
            origin=Choice(
                When(own, then=Coalesce("case__reference", "review__reference")),
                default=Value(None),
                output_field=models.CharField(null=True),
            ),
        )

    def with_standing(self):
        """Annotate ``judgement`` of the last re-check done and ``recheck_on`` of the next one planned."""
        checks = ReCheck.objects.filter(recommendation=OuterRef("pk"))
        done = checks.exclude(done_on=None).order_by("-done_on", "-pk")
        planned = checks.filter(done_on=None).order_by("planned_on")
        return self.annotate(
            judgement=Subquery(done.values("judgement")[:1]),
            recheck_on=Subquery(planned.values("planned_on")[:1]),
        )


class MayComeFromGroup:
    """A record with ``case``, ``review`` and ``released_on``: of either, it is the group's until it is released.

    ``READ_AS`` is what is said to have been read where it was opened before.
    """

    @property
    def partnership_ids(self):
        return {self.partnership_id}

    @property
    def is_of_group(self):
        """It comes from a case or a review, which others never learn of; one that was deleted too."""
        return bool(self.case_id or self.review_id or self.released_on)

    @property
    def has_lost_its_source(self):
        """It was released, and the case or review that it came from has been deleted since."""
        return bool(self.released_on) and not (self.case_id or self.review_id)

    @property
    def is_restricted(self):
        """Only the case review group may know of it."""
        return self.is_of_group and self.released_on is None

    @property
    def source_words(self):
        """What it comes from, as everybody who may know of it reads that."""
        return self.label if self.is_of_group else self.source_title

    def note_reading(self, *, by):
        """Where it is restricted, remember that ``by`` opened it."""
        if self.is_restricted:
            (self.case or self.review).note_reading(by=by, what=self.READ_AS)


@recorded
class Recommendation(MayComeFromGroup, RulesModel):
    """What somebody said should change: accepted or not, with the reason; and whether it came to be."""

    READ_AS = "A recommendation"

    class Source(models.TextChoices):
        LOCAL = "local", "Our own review"
        NATIONAL = "national", "National review"
        ELSEWHERE = "elsewhere", "Another area’s review"
        AUDIT = "audit", "Audit"
        INSPECTION = "inspection", "Inspection"
        OTHER = "other", "Something else"

    class Answer(models.TextChoices):
        WAITING = "waiting", "Not answered yet"
        ACCEPTED = "accepted", "Accepted"
        PART = "part", "Accepted in part"
        DECLINED = "declined", "Not to be done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="recommendations")
    source = models.CharField("where it comes from", max_length=10, choices=Source)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="recommendations")
    review = models.ForeignKey(
        PracticeReview, on_delete=models.PROTECT, null=True, blank=True, related_name="recommendations"
    )
    source_title = models.CharField("what it comes from", max_length=200, blank=True)
    source_address = models.URLField("where it can be read", max_length=500, blank=True)
    ref = models.CharField(max_length=20, blank=True)
    text = models.TextField("recommendation")
    made_on = models.DateField("made")
    measure = models.TextField("how we will know that it made a difference", blank=True)
    themes = models.ManyToManyField(Theme, related_name="recommendations", blank=True)
    organisations = models.ManyToManyField(
        Organisation, related_name="+", blank=True, help_text="Whom it is for; none: all of us"
    )
    answer = models.CharField("our answer", max_length=8, choices=Answer, default=Answer.WAITING)
    answer_because = models.TextField("why", blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # What others read as the source of one that comes from a case or a review, once its group released it.
    label = models.CharField("what others read as its source", max_length=120, blank=True)
    released_on = models.DateField("released", null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_on = models.DateField("ended", null=True, blank=True)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_on", "ref", "pk"]
        rules_permissions = {
            "view": sees_cases | (is_person_of_partnership & ~is_restricted),
            "change": works_on,
            "release": is_of_group & is_case_group,
            "judge": works_on,
            # What is said of it before its release stays the group's.
            "look_back": is_case_group | (is_person_of_partnership & ~is_of_group),
        }
        constraints = [
            models.CheckConstraint(
                name="declined_recommendation_says_why",
                condition=~Q(answer__in=["declined", "part"]) | ~Q(answer_because=""),
            ),
            models.CheckConstraint(
                name="released_recommendation_has_a_label",
                condition=Q(released_on=None) | ~Q(label=""),
            ),
            models.CheckConstraint(
                name="recommendation_says_what_it_comes_from",
                condition=Q(case__isnull=False) | Q(review__isnull=False) | ~Q(source_title=""),
            ),
        ]

    def __str__(self):
        return f"{self.ref} {self.text}".strip()

    def get_absolute_url(self):
        return reverse("reviews:recommendation-detail", args=[self.pk])

    @property
    def is_declined(self):
        return self.answer == self.Answer.DECLINED

    @property
    def is_agreed(self):
        """Something of it is to be done."""
        return self.answer in {self.Answer.ACCEPTED, self.Answer.PART}

    @property
    def judgement_words(self):
        """What ``with_standing`` read of the last look, in words."""
        return ReCheck.Judgement(self.judgement).label if self.judgement else ""


@links
class RecommendationTheme(Recommendation.themes.through):
    class Meta:
        proxy = True


@links
class RecommendationOrganisation(Recommendation.organisations.through):
    class Meta:
        proxy = True


@recorded
class RecommendationAction(models.Model):
    """A row of a plan by which a recommendation is carried out. The plan knows nothing of where it comes from.

    Where the row is carried into the next year's plan the recommendation goes with it. What is said of that here is
    there once ``reviews.recommendations.rows_seen_by`` has read it, for who asked.
    """

    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="actions")
    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="recommendation_actions")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["linked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "deliverable", "activity"],
                nulls_distinct=False,
                name="one_link_a_row_of_a_plan",
            )
        ]

    def __str__(self):
        return f"{self.recommendation} by {self.row}"

    @property
    def row(self):
        return self.activity or self.deliverable

    @cached_property
    def years(self):
        """The deliverable and what it was carried into, one a year, the last one last."""
        rows = [self.deliverable]
        while goes_on := getattr(rows[-1], "goes_on", None):
            rows.append(goes_on[0])
        return rows

    @property
    def now(self):
        """The deliverable of the last of these years."""
        return self.years[-1]

    @property
    def was_carried(self):
        return len(self.years) > 1

    @property
    def latest(self):
        """What the last update said, in whichever year: rating, words and day. Else None."""
        return next((row.latest for row in reversed(self.years) if row.latest), None)

    @property
    def last_day(self):
        """The last day of its activity, or of all; once carried, of the whole deliverable."""
        return self.now.last_day if self.was_carried else self.own_last_day

    @property
    def rating(self):
        return SimpleNamespace(**self.latest) if self.latest else None

    @property
    def taken_out(self):
        """The row that left its plan, with its day and reason: its own or one above it. None while it is there."""
        rows = [None if self.was_carried else self.activity, self.now, self.now.priority]
        return next((row for row in rows if row and row.is_retired), None)


class OfRecommendationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(recommendation__in=Recommendation.objects.visible_to(user).values("pk"))


class EvidenceQuerySet(OfRecommendationQuerySet):
    def shown(self):
        """Not taken away again."""
        return self.filter(removed_at=None)


@recorded
class RecommendationEvidence(RulesModel):
    """What shows that a recommendation was carried out, or what it changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="evidence")
    words = models.TextField("what it shows")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    address = models.URLField(max_length=500, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["added_at"]
        verbose_name_plural = "evidence"
        rules_permissions = {
            "view": sees_cases | (is_person_of_partnership & ~is_restricted),
            "change": works_on,
        }

    def __str__(self):
        return self.words

    @property
    def partnership_ids(self):
        return self.recommendation.partnership_ids

    @property
    def is_restricted(self):
        return self.recommendation.is_restricted


class ReCheckQuerySet(OfRecommendationQuerySet):
    def waiting(self):
        return self.filter(done_on=None, recommendation__closed_on=None)

    def of_year(self, year):
        """Done in that year, or still planned for it."""
        return self.filter(
            Q(done_on__year=year) | Q(done_on=None, recommendation__closed_on=None, planned_on__year=year)
        )


@recorded
class ReCheck(RulesModel):
    """A later look at whether a recommendation is embedded: planned, then judged, with what it rests on."""

    class Judgement(models.TextChoices):
        EMBEDDED = "embedded", "Embedded"
        PARTLY = "partly", "Partly embedded"
        NOT_YET = "not-yet", "Not embedded"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="rechecks")
    planned_on = models.DateField("planned for")
    method = models.CharField("how we look", max_length=200)
    done_on = models.DateField("done", null=True, blank=True)
    judgement = models.CharField("is it embedded?", max_length=8, choices=Judgement, blank=True)
    evidence = models.TextField("what that rests on", blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ReCheckQuerySet.as_manager()

    class Meta:
        ordering = ["planned_on"]
        verbose_name = "re-check"
        rules_permissions = {
            "view": sees_cases | (is_person_of_partnership & ~is_restricted),
            "change": works_on,
        }
        constraints = [
            models.CheckConstraint(
                name="judged_recheck_rests_on_something",
                condition=Q(done_on=None, judgement="")
                | (Q(done_on__isnull=False) & ~Q(judgement="") & ~Q(evidence="")),
            )
        ]

    def __str__(self):
        return f"Re-check of {self.recommendation}"

    @property
    def partnership_ids(self):
        return self.recommendation.partnership_ids

    @property
    def is_restricted(self):
        return self.recommendation.is_restricted
