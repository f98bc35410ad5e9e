"""Risks: how likely, how bad, what holds them, who answers; by a matrix that is the partnership's own."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse

from assurance.models.leads import Led
from assurance.models.questions import OwnOrShared
from assurance.rules import is_of_lead_group, is_open_record, is_shared_with_members
from partnership.history import links, recorded
from partnership.models import MeetingAction
from partnership.models.of_partnership import OfPartnership
from partnership.rules import is_action_lead, is_advisor, is_lead_partner, is_office, is_person_of_partnership
from partnership.standing import standing_of
from plans.models import Priority, Rating

HIGHEST = 5
INSIDE = is_office | is_advisor | is_lead_partner
ONE_TO_FIVE = [MinValueValidator(1), MaxValueValidator(HIGHEST)]


@recorded
class RiskStep(OwnOrShared):
    """One step of likelihood or impact in words: 1 is the least, 5 the most. A start that may be changed."""

    class Axis(models.TextChoices):
        LIKELIHOOD = "likelihood", "Likelihood"
        IMPACT = "impact", "Impact"

    axis = models.CharField(max_length=10, choices=Axis)
    number = models.PositiveSmallIntegerField(validators=ONE_TO_FIVE)
    word = models.CharField(max_length=40)
    meaning = models.CharField(max_length=300, blank=True)

    class Meta(OwnOrShared.Meta):
        ordering = ["partnership", "axis", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "axis", "number"], nulls_distinct=False, name="one_risk_step_a_number"
            )
        ]

    def __str__(self):
        return f"{self.number} {self.word}"


@recorded
class RiskBand(OwnOrShared):
    """From which score (likelihood times impact) a risk is called low, medium or high."""

    lowest = models.PositiveSmallIntegerField(
        "from a score of", validators=[MinValueValidator(1), MaxValueValidator(25)]
    )
    word = models.CharField(max_length=40)
    meaning = models.CharField("what is done about it", max_length=300, blank=True)
    review_days = models.PositiveSmallIntegerField("looked at again after so many days", default=91)
    token = models.CharField("colour", max_length=8, choices=Rating.Token, default=Rating.Token.GREY)
    shape = models.CharField(max_length=8, choices=Rating.Shape, default=Rating.Shape.RING)

    class Meta(OwnOrShared.Meta):
        ordering = ["partnership", "lowest"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "lowest"], nulls_distinct=False, name="one_risk_band_a_score"
            )
        ]

    def __str__(self):
        return self.word

    @property
    def code(self):
        """The letter in its shape."""
        return self.word[:1].upper()


class RiskQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Office, advisor and lead partners, and who answers for it; members where it is shared with them."""
        standing = standing_of(user)
        led = (
            Q(lead_post__in=standing.post_ids)
            | Q(lead_group__in=standing.group_ids)
            | Q(lead_organisation__in=standing.organisation_ids)
        )
        of_ours = Q(partnership__in=standing.partnership_ids)
        return self.filter(
            Q(partnership__in=standing.wide_ids | standing.lead_partner_ids)
            | of_ours & led
            | of_ours & ~Q(shared_on=None)
        )

    def open(self):
        return self.filter(closed_on=None)

    def overdue(self, *, on):
        """Open and not looked at by the day it should have been."""
        return self.open().filter(next_review_on__lt=on)

    def with_latest(self):
        """Annotate ``likelihood``, ``impact``, ``reviewed_on``: as it was last looked at.

        And ``score`` of that look, ``score_before`` of the one before it; None where there was none.
        """
        latest = RiskReview.objects.filter(risk=OuterRef("pk")).order_by("-reviewed_on", "-pk")
        scores = latest.annotate(own_score=F("likelihood") * F("impact")).values("own_score")
        return self.annotate(
            likelihood=Subquery(latest.values("likelihood")[:1]),
            impact=Subquery(latest.values("impact")[:1]),
            reviewed_on=Subquery(latest.values("reviewed_on")[:1]),
            score=Subquery(scores[:1]),
            score_before=Subquery(scores[1:2]),
        )

    def worsened(self):
        """Open, and of a higher score than at the look before the last."""
        return self.open().with_latest().filter(score__gt=F("score_before"))


@recorded
class Risk(Led, OfPartnership):
    """What could go wrong, what holds it, and who answers for it. How likely and how bad is in its reviews."""

    class Treatment(models.TextChoices):
        TREAT = "treat", "Treat"
        TOLERATE = "tolerate", "Tolerate"
        TRANSFER = "transfer", "Transfer"
        TERMINATE = "terminate", "Terminate"

    ref = models.CharField(max_length=12)
    title = models.CharField("risk", max_length=200)
    cause = models.TextField("why it could happen", blank=True)
    effect = models.TextField("what would follow", blank=True)
    category = models.CharField(max_length=60, blank=True)
    controls = models.TextField("what holds it now", blank=True)
    treatment = models.CharField(max_length=10, choices=Treatment, default=Treatment.TREAT)
    target_likelihood = models.PositiveSmallIntegerField(null=True, blank=True, validators=ONE_TO_FIVE)
    target_impact = models.PositiveSmallIntegerField(null=True, blank=True, validators=ONE_TO_FIVE)
    raised_on = models.DateField("raised")
    next_review_on = models.DateField("next looked at", null=True, blank=True)
    priorities = models.ManyToManyField(Priority, related_name="risks", blank=True)
    shared_on = models.DateField("shared with members", null=True, blank=True)
    closed_on = models.DateField("closed", null=True, blank=True)
    closed_because = models.TextField("why it is closed", blank=True)

    objects = RiskQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "ref"]
        rules_permissions = {
            "view": INSIDE | (is_person_of_partnership & (is_action_lead | is_of_lead_group | is_shared_with_members)),
            # Members read it as it is since it was shared, not what was said before.
            "look_back": INSIDE | (is_person_of_partnership & (is_action_lead | is_of_lead_group)),
            "change": is_office,
            "review": is_open_record & (is_office | (is_person_of_partnership & is_action_lead)),
        }
        constraints = [
            models.UniqueConstraint(fields=["partnership", "ref"], name="one_risk_a_ref"),
            models.CheckConstraint(name="closed_risk_says_why", condition=Q(closed_on=None) | ~Q(closed_because="")),
            models.CheckConstraint(
                name="open_risk_is_looked_at_again", condition=~Q(closed_on=None) | Q(next_review_on__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.ref} {self.title}"

    def get_absolute_url(self):
        return reverse("assurance:risk-detail", args=[self.pk])


@links
class RiskPriority(Risk.priorities.through):
    class Meta:
        proxy = True


@recorded
class RiskReview(models.Model):
    """How likely and how bad a risk was on a day, and what was said of it. The next is a new row."""

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="reviews")
    reviewed_on = models.DateField("looked at")
    likelihood = models.PositiveSmallIntegerField(validators=ONE_TO_FIVE)
    impact = models.PositiveSmallIntegerField(validators=ONE_TO_FIVE)
    text = models.TextField("what changed", blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()

    class Meta:
        ordering = ["-reviewed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="risk_is_one_to_five", condition=Q(likelihood__range=(1, HIGHEST), impact__range=(1, HIGHEST))
            )
        ]

    def __str__(self):
        return f"{self.likelihood} × {self.impact}"

    @property
    def score(self):
        return self.likelihood * self.impact


@recorded
class RiskAction(models.Model):
    """What is done about a risk: a line of a group's action log."""

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="follow_ups")
    action = models.OneToOneField(MeetingAction, on_delete=models.CASCADE, related_name="risk_link")

    class Meta:
        ordering = ["action__due_on", "pk"]

    def __str__(self):
        return str(self.action)
