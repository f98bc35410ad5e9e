"""The ledger of reminders, and the demo's outbox. See ``partnership.reminders`` for what happens."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from partnership.history import recorded
from partnership.standing import standing_of


@recorded
class ReminderPolicy(models.Model):
    """On which days before and after a kind of deadline people are told. Without a row: the usual ones."""

    kind = models.SlugField(unique=True, help_text="The word that its keys begin with: milestone")
    steps = ArrayField(
        models.SmallIntegerField(),
        help_text="Working days from the due date; negative is before",
    )

    class Meta:
        ordering = ["kind"]
        verbose_name_plural = "reminder policies"

    def __str__(self):
        return self.kind


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those with something in them for this office to read, and as ``shown`` only that."""
        shown = Reminder.objects.visible_to(user).select_related("asked_by")
        return (
            self.filter(pk__in=shown.exclude(message=None).values("message"))
            .select_related("recipient")
            .prefetch_related(models.Prefetch("reminders", shown, to_attr="shown"))
        )

    def sent(self):
        """The newest first."""
        return self.filter(state=Message.State.ACCEPTED).order_by("-accepted_at")

    def troubled(self, *, since):
        """What may not have arrived, was refused, or waits after a refusal; the newest first."""
        waiting = Q(state=Message.State.PLANNED, attempt_count__gt=0)
        return self.filter(waiting | Q(state__in=[Message.State.HELD, Message.State.FAILED]), day__gte=since).order_by(
            "-created_at"
        )

    def lease_over(self):
        """Taken by a worker that has not answered in its time, by the database's clock."""
        return self.filter(lease_until__lt=Now())

    def waiting(self):
        """To be handed over now, the oldest first."""
        return self.filter(
            Q(send_after=None) | Q(send_after__lte=Now()),
            state=Message.State.PLANNED,
        ).order_by("created_at", "pk")


class Message(models.Model):
    """One mail to one person: a digest of reminders. Its states are the promise not to send twice."""

    class State(models.TextChoices):
        PLANNED = "planned", "Waiting to be sent"
        CLAIMED = "claimed", "Being written"
        SUBMITTING = "submitting", "Being handed to the mail server"
        ACCEPTED = "accepted", "Sent"
        HELD = "held", "May not have arrived"
        FAILED = "failed", "Could not be sent"
        WITHDRAWN = "withdrawn", "Nothing was left to say"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    idem_key = models.CharField(max_length=64, unique=True)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    day = models.DateField(help_text="The local day whose digest this is")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    fence = models.PositiveIntegerField(default=0, help_text="One more with each claim")
    lease_until = models.DateTimeField(null=True)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    send_after = models.DateTimeField(null=True, help_text="After a refusal that may pass")
    created_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True)
    last_answer = models.TextField(blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["planned", "claimed", "submitting"]),
                name="message_under_way",
            )
        ]

    def __str__(self):
        return f"{self.recipient}, {self.get_state_display().lower()}"


class ReminderQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of one's own offices' partnerships; restricted ones where one is in the case group."""
        standing = standing_of(user)
        return self.filter(
            Q(is_restricted=False) | Q(partnership_ids__overlap=list(standing.case_group_ids)),
            partnership_ids__overlap=list(standing.office_ids),
        )


@recorded
class Reminder(models.Model):
    """One step of reminding one person of one deadline. Unique, so planning twice plans once.

    ``turn`` grows where the message before may not have arrived and the next digest says it again, and
    where somebody asks again on a day that counts as the same step. ``asked_by`` is who pressed, if a
    person asked and not only the calendar.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        BUNDLED = "bundled", "In a message"
        DONE = "done", "Sent"
        HELD = "held", "May not have arrived"
        FAILED = "failed", "Could not be sent"
        SUPPRESSED = "suppressed", "Not sent"

    deadline_key = models.CharField(max_length=80)
    due_on = models.DateField()
    step = models.SmallIntegerField(help_text="Working days from the due date; negative is before")
    turn = models.PositiveSmallIntegerField(default=0)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was not sent")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, blank=True, related_name="reminders")
    planned_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    # What the office reads here later, when the deadline itself may be gone. Empty where restricted.
    title = models.CharField(max_length=300, blank=True)
    why = models.CharField(max_length=200, blank=True, help_text="As what the person is told")
    is_restricted = models.BooleanField(default=False)
    partnership_ids = ArrayField(models.BigIntegerField(), default=list)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "deadline_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline_key", "due_on", "step", "recipient", "turn"],
                name="one_reminder_a_step_and_person",
            ),
            models.CheckConstraint(
                name="restricted_reminder_says_nothing",
                condition=Q(is_restricted=False) | Q(title="", why=""),
            ),
        ]

    def __str__(self):
        return f"{self.deadline_key} to {self.recipient}, step {self.step}"

    @property
    def step_in_words(self):
        """5 working days before, on the day, 1 working day after."""
        if self.step == 0:
            return "on the day"
        days = abs(self.step)
        side = "before" if self.step < 0 else "after"
        return f"{days} working day{'' if days == 1 else 's'} {side}"


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

    def get_absolute_url(self):
        return reverse("partnership:outbox-mail", args=[self.pk])
