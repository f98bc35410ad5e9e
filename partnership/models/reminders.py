"""The ledger of reminders, and the demo's outbox. See ``partnership.reminders`` for what happens."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from partnership.history import recorded


class Message(models.Model):
    """One mail to one person: a digest of reminders. Its states are the promise not to send twice."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        CLAIMED = "claimed", "Being written"
        SUBMITTING = "submitting", "Being handed to the mail server"
        ACCEPTED = "accepted", "Sent"
        HELD = "held", "May not have arrived"
        FAILED = "failed", "Refused by the mail server"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    idem_key = models.CharField(max_length=64, unique=True)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True)
    last_answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.recipient}, {self.get_state_display().lower()}"


@recorded
class Reminder(models.Model):
    """One step of reminding one person of one deadline. Unique, so planning twice plans once."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        BUNDLED = "bundled", "In a message"
        SUPPRESSED = "suppressed", "Not sent"
        DONE = "done", "Sent"

    deadline_key = models.CharField(max_length=80)
    due_on = models.DateField()
    step = models.SmallIntegerField(help_text="Working days from the due date; negative is before")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=200, blank=True)
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="reminders"
    )
    planned_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["due_on", "deadline_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline_key", "due_on", "step", "recipient"],
                name="one_reminder_a_step_and_person",
            )
        ]

    def __str__(self):
        return f"{self.deadline_key} to {self.recipient}, step {self.step}"


class OutboxMail(models.Model):
    """A mail that the demo would have sent. Production sends by SMTP and writes none of these."""

    sent_at = models.DateTimeField(default=timezone.now)
    message_id = models.CharField(max_length=200, blank=True)
    recipients = models.TextField()
    subject = models.CharField(max_length=300)
    body = models.TextField()

    class Meta:
        ordering = ["-sent_at", "-pk"]

    def __str__(self):
        return self.subject
