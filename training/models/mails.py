"""Mails to people without an account: what waits, what left, what was refused."""

from django.db import models
from django.db.models import Q

from partnership.history import recorded_except
from training.models.charges import ChargeStatement
from training.models.competencies import Practitioner
from training.models.evaluations import Evaluation
from training.models.needs import NeedsInvitation
from training.models.places import Place


@recorded_except("claimed_at")
class TrainingMail(models.Model):
    """One mail. Its words are written when it leaves, from the record it is about; ``key`` exists once."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", "Confirm your place"
        BOOKED = "booked", "Booked, with an invitation"
        WAITING = "waiting", "On the waiting list"
        AGREE = "agree", "Your agreement is asked"
        DECLINED = "declined", "Not agreed"
        MOVED = "moved", "The event changed"
        CANCELLED = "cancelled", "Your place is cancelled"
        CALLED_OFF = "off", "The event is cancelled"
        REMINDER = "remind", "Reminder"
        EVALUATION = "evaluate", "Questions"
        EVALUATION_MANAGER = "manager", "Questions to the manager"
        CERTIFICATE = "certify", "Certificate"
        NEEDS = "needs", "What do your people have to learn?"
        RECORD = "record", "Link to one’s own record"
        STATEMENT = "charge", "Statement"

    kind = models.CharField(max_length=9, choices=Kind)
    key = models.CharField(max_length=80, unique=True, help_text="Says what it tells of, so that nothing is told twice")
    address = models.EmailField()
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="mails")
    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, null=True, related_name="mails")
    invitation = models.ForeignKey(NeedsInvitation, on_delete=models.CASCADE, null=True, related_name="mails")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, null=True, related_name="mails")
    statement = models.ForeignKey(ChargeStatement, on_delete=models.CASCADE, null=True, related_name="mails")
    sequence = models.PositiveSmallIntegerField(default=0, help_text="Of the event, when the mail was made")
    made_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-made_at", "pk"]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(sent_at=None, problem=""), name="training_mail_waits"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.address}"
