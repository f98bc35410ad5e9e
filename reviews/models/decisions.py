"""What is to follow from a case: advised by one, decided by others, answered by the Panel."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from rules.contrib.models import RulesModel

from partnership.history import recorded
from partnership.models import Dispute, Organisation, Partnership
from partnership.rules import is_case_group, sees_cases
from reviews.models.cases import Case, RestrictedQuerySet


class Outcome(models.TextChoices):
    """What can follow. The two kinds of safeguarding adults review are both statutory: Care Act 2014, section 44."""

    LOCAL = "local", "A local child safeguarding practice review"
    THEMATIC = "thematic", "A thematic review with other cases"
    NATIONAL = "national", "Put to the Panel for a national review"
    SAR_MANDATORY = "sar-mandatory", "A safeguarding adults review that must be held (statutory, section 44(1) to (3))"
    SAR_DISCRETIONARY = "sar-discretionary", "A safeguarding adults review that may be held (statutory, section 44(4))"
    OTHER = "other", "Learning in another way"
    NONE = "none", "No further review"


CHILDREN_OUTCOMES = (Outcome.LOCAL, Outcome.THEMATIC, Outcome.NATIONAL, Outcome.OTHER, Outcome.NONE)
ADULTS_OUTCOMES = (Outcome.SAR_MANDATORY, Outcome.SAR_DISCRETIONARY, Outcome.OTHER, Outcome.NONE)


@recorded
class Advice(RulesModel):
    """What the independent advisor thinks should follow. It decides nothing; later advice supersedes, never erases."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="advice")
    outcome = models.CharField("what you advise", max_length=17, choices=Outcome)
    reasons = models.TextField()
    given_on = models.DateField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at"]
        verbose_name_plural = "advice"
        rules_permissions = {"view": sees_cases}

    def __str__(self):
        return f"Advice on {self.case}"

    @property
    def partnership_ids(self):
        return {self.partnership_id}


@recorded
class PartnerDecision(RulesModel):
    """What one safeguarding partner decided, through whom, and why. A later decision supersedes the one before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField("decision", max_length=17, choices=Outcome)
    reasons = models.TextField()
    decided_on = models.DateField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="The partner’s representative"
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    superseded_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__name", "-recorded_at"]
        rules_permissions = {"view": sees_cases}
        constraints = [
            models.UniqueConstraint(
                fields=["case", "organisation"], condition=Q(superseded_by=None), name="one_standing_decision_a_partner"
            )
        ]

    def __str__(self):
        return f"{self.organisation}: {self.get_outcome_display()}"

    @property
    def partnership_ids(self):
        return {self.partnership_id}


@recorded
class CaseDispute(models.Model):
    """That the partners could not agree, and took a case to the partnership's way of settling disputes.

    The dispute itself says nothing of the case: it has its own people.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="disputes")
    dispute = models.OneToOneField(Dispute, on_delete=models.PROTECT, related_name="+")
    begun_on = models.DateField()

    class Meta:
        ordering = ["-begun_on"]

    def __str__(self):
        return f"Dispute about {self.case}"


@recorded
class PanelLetter(RulesModel):
    """What the national Panel answered, or asked; and when the partnership answered its points."""

    class View(models.TextChoices):
        AGREES = "agrees", "Agrees with our decision"
        DISAGREES = "disagrees", "Does not agree"
        ASKS = "asks", "Asks for more"
        NATIONAL = "national", "Considers a national review"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="letters")
    received_on = models.DateField()
    view = models.CharField("what it says", max_length=9, choices=View)
    words = models.TextField("in short", blank=True)
    answered_on = models.DateField("we answered", null=True, blank=True)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["received_on"]
        rules_permissions = {"view": sees_cases, "change": is_case_group}

    def __str__(self):
        return f"The Panel on {self.case}, {self.received_on}"

    @property
    def partnership_ids(self):
        return {self.partnership_id}


@recorded
class PanelPoint(models.Model):
    """One point of the Panel's letter and what the partnership says to it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey(PanelLetter, on_delete=models.CASCADE, related_name="points")
    position = models.PositiveSmallIntegerField()
    point = models.TextField("what the Panel says")
    response = models.TextField("what we say to it", blank=True)

    class Meta:
        ordering = ["letter", "position"]
        constraints = [models.UniqueConstraint(fields=["letter", "position"], name="one_point_a_position")]

    def __str__(self):
        return self.point
