"""Three short questionnaires of everybody who takes part, and what a person makes of their words.

Of an answer no history is kept, and no page shows one by itself: whoever reads figures never reads a person.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from rules.contrib.models import RulesModel

from partnership.history import recorded
from training.models.courses import Event
from training.models.places import Place
from training.models.statuses import PlaceStatus
from training.rules import runs_training

MANAGER_DAYS = timedelta(days=14)  # so long a manager can answer after the practitioner's own questions closed
ONE_TO_FIVE = [MinValueValidator(1), MaxValueValidator(5)]
# Whose place is otherwise by now is asked nothing more.
STATUSES_ASKED = {
    "before": [PlaceStatus.BOOKED, PlaceStatus.ATTENDED],
    "after": [PlaceStatus.ATTENDED],
    "later": [PlaceStatus.ATTENDED],
}


class EvaluationQuerySet(models.QuerySet):
    def still_asked(self):
        """Those whose people have their place, at an event that is held."""
        asked = Q()
        for stage, statuses in STATUSES_ASKED.items():
            asked |= Q(stage=stage, place__status__in=statuses)
        return self.filter(asked, place__event__cancelled_at=None)


class Evaluation(models.Model):
    """One person's questionnaire of one stage: before, straight after, or six to eight weeks later."""

    class Stage(models.TextChoices):
        BEFORE = "before", "Before"
        AFTER = "after", "Straight after"
        LATER = "later", "Some weeks later"

    class Changed(models.TextChoices):
        YES = "yes", "Yes, and it made a difference"
        PARTLY = "partly", "Partly"
        NOT_YET = "not-yet", "Not yet"
        NO = "no", "No"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="evaluations")
    stage = models.CharField(max_length=6, choices=Stage)
    opens_on = models.DateField()
    closes_on = models.DateField()
    generation = models.PositiveSmallIntegerField(default=1)
    answered_at = models.DateTimeField(null=True, blank=True)
    confidence = models.PositiveSmallIntegerField(null=True, blank=True, validators=ONE_TO_FIVE)
    usefulness = models.PositiveSmallIntegerField(null=True, blank=True, validators=ONE_TO_FIVE)
    changed = models.CharField(max_length=7, choices=Changed, blank=True)
    words = models.TextField(blank=True)
    hindered = models.TextField("what stood in the way", blank=True)
    manager_email = models.EmailField("manager’s e-mail", blank=True)
    is_with_manager = models.BooleanField("answered together with the manager", default=False)
    manager_answered_at = models.DateTimeField(null=True, blank=True)
    manager_changed = models.CharField(max_length=7, choices=Changed, blank=True)
    manager_words = models.TextField(blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["place", "opens_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["place", "stage"], name="one_evaluation_a_stage"),
            models.CheckConstraint(name="evaluation_closes_after_it_opens", condition=Q(closes_on__gte=F("opens_on"))),
        ]

    def __str__(self):
        return f"{self.get_stage_display()}: {self.place.event}"


@recorded
class EvaluationSummary(RulesModel):
    """What people wrote after one event at one stage, put together by hand."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="summaries")
    stage = models.CharField(max_length=6, choices=Evaluation.Stage)
    text = models.TextField("what people say")
    difference = models.TextField("difference it made in practice", blank=True)
    answer_count = models.PositiveSmallIntegerField("answers read")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["event", "stage"]
        verbose_name_plural = "evaluation summaries"
        rules_permissions = {"change": runs_training}
        constraints = [models.UniqueConstraint(fields=["event", "stage"], name="one_summary_a_stage")]

    def __str__(self):
        return f"{self.get_stage_display()}: {self.event}"

    @property
    def partnership_ids(self):
        return self.event.partnership_ids
