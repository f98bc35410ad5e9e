"""The ledger of reminders, and the demo's outbox. See ``partnership.reminders`` for what happens."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils import timezone
from rules.contrib.models import RulesModel

from partnership.history import recorded
from partnership.models.organisations import Partnership
from partnership.models.people import User, holders_in
from partnership.rules import edits_policy, is_of_policy
from partnership.standing import standing_of


class ReminderPolicyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of one's partnerships, and those of the installation that stand where these say nothing."""
        return self.filter(Q(partnership=None) | Q(partnership__in=standing_of(user).partnership_ids))


@recorded
class ReminderPolicy(RulesModel):
    """When people are told of one kind of deadline, and who hears of it when it stays undone.

    A partnership's own row stands before the installation's (``partnership`` None); without either the
    usual days stand: see ``partnership.reminders.policies``.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, null=True, blank=True, related_name="reminder_policies"
    )
    kind = models.SlugField(help_text="The word that its keys begin with: milestone")
    steps = ArrayField(
        models.SmallIntegerField(),
        blank=True,
        help_text="Working days from the due date; negative is before; none: nobody is told",
    )
    # Working days after the due date; empty: never.
    chair_after = models.PositiveSmallIntegerField(null=True, blank=True)
    office_after = models.PositiveSmallIntegerField(null=True, blank=True)
    executive_after = models.PositiveSmallIntegerField(null=True, blank=True)
    may_be_slowed = models.BooleanField(default=True, help_text="Whether a weekly mail is soon enough")

    objects = ReminderPolicyQuerySet.as_manager()

    class Meta:
        ordering = ["kind"]
        verbose_name_plural = "reminder policies"
        constraints = [
            models.UniqueConstraint(fields=["partnership", "kind"], name="one_policy_a_kind", nulls_distinct=False),
        ]
        rules_permissions = {"view": is_of_policy, "change": edits_policy}

    def __str__(self):
        return self.kind


class ReminderPreferenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What the people of one's own offices' partnerships have chosen."""
        return self.filter(user__in=holders_in(standing_of(user).office_ids))


@recorded
class ReminderPreference(models.Model):
    """How often one person wants to hear of one kind of deadline, or (``kind`` empty) of all others.

    What is a duty may be slowed, never turned off: see ``settings.DEADLINE_KINDS``.
    """

    class Pace(models.TextChoices):
        AT_ONCE = "at-once", "At once"
        DAILY = "daily", "Once a day at most"
        WEEKLY = "weekly", "Once a week"
        OFF = "off", "Never"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_preferences")
    kind = models.SlugField(blank=True)
    pace = models.CharField(max_length=7, choices=Pace, default=Pace.DAILY)

    objects = ReminderPreferenceQuerySet.as_manager()

    class Meta:
        ordering = ["user", "kind"]
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_pace_a_kind")]

    def __str__(self):
        return f"{self.user}, {self.kind or 'all others'}: {self.get_pace_display().lower()}"


@recorded
class ReminderHours(models.Model):
    """On which days of the week, between which hours, one person wants reminders. Without a row: the installation's."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_hours")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), help_text="0 is Monday")
    first_hour = models.PositiveSmallIntegerField(help_text="The first hour in which a mail may leave")
    last_hour = models.PositiveSmallIntegerField(help_text="The hour at which none leaves any more")

    class Meta:
        verbose_name_plural = "reminder hours"
        constraints = [
            models.CheckConstraint(
                name="hours_of_one_day", condition=Q(first_hour__lt=models.F("last_hour"), last_hour__lte=24)
            ),
        ]

    def __str__(self):
        return f"{self.user}, from {self.first_hour} to {self.last_hour}"


class ReminderPauseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """As ``ReminderQuerySet.visible_to``."""
        return _open_to_office_of(self, user)

    def in_force(self, *, on):
        return self.filter(Q(until=None) | Q(until__gt=on), lifted_at=None)


@recorded
class ReminderPause(models.Model):
    """An office has said that nobody (or one person) is told of a deadline for a while, and why."""

    deadline_key = models.CharField(max_length=80)
    due_on = models.DateField()
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    until = models.DateField(null=True, blank=True, help_text="The first day on which it is told of again")
    reason = models.CharField(max_length=200)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    # As in Reminder: what the office reads later.
    title = models.CharField(max_length=300, blank=True)
    is_restricted = models.BooleanField(default=False)
    partnership_ids = ArrayField(models.BigIntegerField(), default=list)

    objects = ReminderPauseQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                name="restricted_pause_says_nothing", condition=Q(is_restricted=False) | Q(title="")
            ),
        ]

    def __str__(self):
        return f"{self.deadline_key}, due {self.due_on}"


def _to(people):
    return Q(lower__in=people.annotate(lower=Lower("email")).values("lower"))


def _open_to_office_of(queryset, user):
    """Rows of one's own offices' partnerships; restricted ones where one is in the case group."""
    standing = standing_of(user)
    return queryset.filter(
        Q(is_restricted=False) | Q(partnership_ids__overlap=list(standing.case_group_ids)),
        partnership_ids__overlap=list(standing.office_ids),
    )


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
    slot = models.CharField(max_length=40, default="digest", help_text="What makes it another than the day's digest")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    fence = models.PositiveIntegerField(default=0, help_text="One more with each claim")
    lease_until = models.DateTimeField(null=True)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    send_after = models.DateTimeField(null=True, help_text="After a refusal that may pass")
    created_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True)
    last_answer = models.TextField(blank=True)

    # What whoever carries the mail says of it afterwards, where they can be asked or tell us.
    provider_id = models.CharField(max_length=200, blank=True)
    lookup_count = models.PositiveSmallIntegerField(default=0, help_text="How often it was asked for and not known")
    looked_up_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["day"], name="message_of_day"),
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["planned", "claimed", "submitting"]),
                name="message_under_way",
            ),
            models.Index(
                fields=["accepted_at"],
                condition=Q(state="accepted", delivered_at=None, bounced_at=None) & ~Q(provider_id=""),
                name="message_on_its_way",
            ),
        ]

    def __str__(self):
        return f"{self.recipient}, {self.get_state_display().lower()}"


class ReminderQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of one's own offices' partnerships; restricted ones where one is in the case group."""
        return _open_to_office_of(self, user)


@recorded
class Reminder(models.Model):
    """One step of reminding one person of one deadline. Unique, so planning twice plans once.

    ``turn`` grows where the message before may not have arrived and the next digest says it again, and
    where somebody asks again on a day that counts as the same step. ``asked_by`` is who pressed, if a
    person asked and not only the calendar. ``rung`` is as what they are told: because they owe it, or
    because it stayed undone and they are next above.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        BUNDLED = "bundled", "In a message"
        DONE = "done", "Sent"
        HELD = "held", "May not have arrived"
        FAILED = "failed", "Could not be sent"
        SUPPRESSED = "suppressed", "Not sent"
        SKIPPED = "skipped", "Left out by the office"

    class Rung(models.TextChoices):
        LEAD = "lead", "Owes it"
        CHAIR = "chair", "Chair"
        OFFICE = "office", "Business office"
        EXECUTIVE = "executive", "Executive"

    deadline_key = models.CharField(max_length=80)
    due_on = models.DateField()
    step = models.SmallIntegerField(help_text="Working days from the due date; negative is before")
    turn = models.PositiveSmallIntegerField(default=0)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    rung = models.CharField(max_length=9, choices=Rung, default=Rung.LEAD)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was not sent")
    skipped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
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
        indexes = [models.Index(fields=["planned_at"], name="reminder_planned")]
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


class MessageAttempt(models.Model):
    """One try to hand a message over. Only ever added."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField(help_text="The claim it belongs to")
    worker = models.CharField(max_length=100)
    began_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=20)
    provider_id = models.CharField(max_length=200, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["message", "began_at"]

    def __str__(self):
        return f"{self.message_id}, {self.number}: {self.outcome}"


class BounceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of the people of one's own offices' partnerships, where the office may know of the mail that came back.

        Or of any other to the same person: the address stops those too.
        """
        people = User.objects.filter(pk__in=holders_in(standing_of(user).office_ids))
        shown = Reminder.objects.visible_to(user)
        told = people.filter(pk__in=shown.values("recipient"))
        return self.annotate(lower=Lower("email")).filter(
            Q(message=None) | Q(message__in=shown.exclude(message=None).values("message")) | _to(told), _to(people)
        )

    def standing(self):
        """Addresses to which nothing goes until somebody says that they are right again."""
        return self.filter(is_permanent=True, cleared_at=None)


@recorded
class Bounce(models.Model):
    """A mail came back from an address. A permanent one stops reminders to it until an office clears it."""

    email = models.EmailField()
    is_permanent = models.BooleanField()
    answer = models.TextField(blank=True, help_text="What came back, in its own words")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, blank=True, related_name="bounces")
    noticed_at = models.DateTimeField(default=timezone.now)
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = BounceQuerySet.as_manager()

    class Meta:
        ordering = ["-noticed_at"]
        indexes = [models.Index(Lower("email"), name="bounce_by_email")]

    def __str__(self):
        return self.email


class Heartbeat(models.Model):
    """When a background job last ran, when it last ended well, and what came of it, in numbers."""

    name = models.SlugField(primary_key=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class MailBrake(models.Model):
    """One row: how many mails in a row could not be handed over, and until when none is tried."""

    failure_count = models.PositiveIntegerField(default=0)
    stopped_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="one_mail_brake", condition=Q(pk=1))]

    def __str__(self):
        return f"{self.failure_count} failures"


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
