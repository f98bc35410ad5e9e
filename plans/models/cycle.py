"""The cycle: a round asks, leads answer, one group proposes a rating and another decides it."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import recorded
from partnership.rules import is_office, is_person_of_partnership
from partnership.standing import standing_of
from plans.models.plan import Plan, Rating
from plans.models.rows import Deliverable, Priority
from plans.rules import is_deciding_chair, is_scrutiny_chair


class UpdateRoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rounds are the working papers of the plan's own partnerships."""
        plans = Plan.objects.visible_to(user).filter(partnerships__in=standing_of(user).partnership_ids)
        return self.filter(plan__in=plans.values("pk"))

    def open_on(self, day):
        """In their days of answering; late answers apart."""
        return self.filter(opens_on__lte=day, closes_on__gte=day, closed_at=None)

    def answerable_on(self, day):
        """Open, or past their last day and not closed by the office: an answer is late, and still one."""
        return self.filter(opens_on__lte=day, closed_at=None)

    def newest_answerable_on(self, day):
        """Of each plan the round that opened last, if it takes answers: an older one asks nobody any more."""
        later = UpdateRound.objects.filter(
            plan=OuterRef("plan"), opens_on__lte=day, closes_on__gt=OuterRef("closes_on")
        )
        return self.answerable_on(day).filter(~Exists(later))

    def newest_first(self):
        return self.order_by("-closes_on")


@recorded
class UpdateRound(RulesModel):
    """One turn of the cycle: from the day it opens to the day it closes, both included.

    After that day answers are late, until the office closes the round for good (``closed_at``). Which
    of its states a round is in follows from its dates: nothing has to run for it to open.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        OPEN = "open", "Open"
        LATE = "late", "Late answers taken"
        CLOSED = "closed", "Closed"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="rounds")
    name = models.CharField(max_length=60, help_text="October to December 2026")
    starts_on = models.DateField("period from")
    ends_on = models.DateField("period to")
    opens_on = models.DateField()
    closes_on = models.DateField()
    proposals_due_on = models.DateField("ratings proposed by", null=True, blank=True)
    decisions_due_on = models.DateField("ratings decided by", null=True, blank=True)
    closed_at = models.DateTimeField("closed by the office", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = UpdateRoundQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "closes_on"]
        constraints = [
            models.CheckConstraint(name="round_closes_after_it_opens", condition=Q(closes_on__gte=F("opens_on"))),
            models.UniqueConstraint(fields=["plan", "starts_on"], name="one_round_a_period"),
        ]
        rules_permissions = {
            "view": is_person_of_partnership,
            "change": is_office,
            "chase": is_office,
            "close": is_office,
        }

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("plans:round-detail", args=[self.pk])

    @property
    def short_name(self):
        """ "Oct–Dec" for a strip of ratings."""
        first, last = self.starts_on.strftime("%b"), self.ends_on.strftime("%b")
        return first if first == last else f"{first}–{last}"

    @property
    def partnership_ids(self):
        return self.plan.partnership_ids

    def state(self, *, on):
        if self.closed_at:
            return self.State.CLOSED
        if on < self.opens_on:
            return self.State.PLANNED
        return self.State.OPEN if on <= self.closes_on else self.State.LATE

    def is_open(self, *, on):
        return self.closed_at is None and self.opens_on <= on <= self.closes_on

    def is_answerable(self, *, on):
        """Whether an answer is taken: in time, or late while the office has not closed the round."""
        return self.closed_at is None and self.opens_on <= on


class UpdateQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(round__in=UpdateRound.objects.visible_to(user))

    def current(self):
        """The last word of each round: not superseded by a later one."""
        return self.filter(superseded_by=None)

    def in_round(self, round):
        return self.filter(round=round)


@recorded
class Update(RulesModel):
    """One lead's words on one deliverable in one round. A later one supersedes it; nothing is overwritten."""

    class Way(models.TextChoices):
        PAGE = "page", "Signed in"
        LINK = "link", "By the link in a mail"
        IMPORT = "import", "Read from a document"

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="updates")
    round = models.ForeignKey(UpdateRound, on_delete=models.PROTECT, related_name="updates")
    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="+")
    progress = models.TextField()
    risk = models.TextField(blank=True)
    difference_made = models.TextField(blank=True)
    voice = models.TextField(blank=True)
    worse_reason = models.TextField(blank=True, help_text="Where the rating is worse than last time")
    done_on = models.DateField("done on", null=True, blank=True)
    is_unchanged = models.BooleanField(default=False, help_text="“Same as last time”")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    submitted_at = models.DateTimeField()
    is_late = models.BooleanField(default=False, help_text="Came after the round’s last day")
    came_by = models.CharField(max_length=6, choices=Way, default=Way.PAGE)
    superseded_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )

    objects = UpdateQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at"]

    def __str__(self):
        return f"{self.deliverable.full_ref}, {self.round}"

    @property
    def partnership_ids(self):
        return self.round.plan.partnership_ids


class PriorityReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(round__in=UpdateRound.objects.visible_to(user))

    def decided(self):
        return self.exclude(decided_at=None)


@recorded
class PriorityReview(RulesModel):
    """Judgement on one priority in one round, in two stages by two groups. Both are kept for ever.

    The eight fields are those of the sector's own form: comments, recommendations, risks and
    rating proposed by the scrutiny group; comments, risks and rating decided by the deciding group.
    """

    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="reviews")
    round = models.ForeignKey(UpdateRound, on_delete=models.PROTECT, related_name="reviews")

    proposed_rating = models.ForeignKey(Rating, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    scrutiny_comments = models.TextField(blank=True)
    scrutiny_recommendations = models.TextField(blank=True)
    scrutiny_risks = models.TextField(blank=True)
    worsening_reason = models.TextField(blank=True, help_text="Where it is worse than last round")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)

    decided_rating = models.ForeignKey(Rating, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decision_comments = models.TextField(blank=True)
    decision_risks = models.TextField(blank=True)
    decision_reason = models.TextField(blank=True, help_text="Where it differs from the proposal")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = PriorityReviewQuerySet.as_manager()

    class Meta:
        ordering = ["priority", "round__closes_on"]
        constraints = [
            models.UniqueConstraint(fields=["priority", "round"], name="one_review_a_priority_and_round"),
            models.CheckConstraint(
                name="decision_follows_proposal",
                condition=Q(decided_at=None) | ~Q(proposed_at=None),
            ),
        ]
        rules_permissions = {
            "view": is_person_of_partnership,
            "propose": is_scrutiny_chair,
            "decide": is_deciding_chair,
            "log": is_office | is_scrutiny_chair | is_deciding_chair,
        }

    def __str__(self):
        return f"{self.priority}, {self.round}"

    @property
    def plan(self):
        return self.round.plan

    @property
    def partnership_ids(self):
        return self.plan.partnership_ids

    @property
    def rating(self):
        """The decided rating; before the decision, the proposed one."""
        return self.decided_rating or self.proposed_rating

    @property
    def is_proposed_only(self):
        return self.decided_rating_id is None and self.proposed_rating_id is not None

    @property
    def differs(self):
        """The deciding group chose another rating than was proposed."""
        return self.decided_rating_id is not None and self.decided_rating_id != self.proposed_rating_id
