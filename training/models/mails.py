"""Mails to people without an account: what waits, what left, what was refused."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from rules.contrib.models import RulesModel

from partnership.history import recorded_except
from partnership.models import Membership
from partnership.reminders.bounces import bounced_at
from partnership.standing import standing_of
from training.models.charges import ChargeStatement
from training.models.competencies import Practitioner
from training.models.courses import Event
from training.models.evaluations import MANAGER_DAYS, Evaluation
from training.models.needs import NeedsInvitation
from training.models.places import Place
from training.rules import runs_training

OVERTAKEN = "Not needed any more: "  # begins why a mail stays that nobody misses
RECORD_LASTS = timedelta(days=1)


class TrainingMailQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever runs the training of which it tells, and nobody else."""
        standing = standing_of(user)
        ids = standing.training_ids | standing.office_ids
        events = Event.objects.run_by(user).values("pk")
        members = Membership.objects.filter(partnership__in=ids)
        return self.filter(
            Q(place__event__in=events)
            | Q(evaluation__place__event__in=events)
            | Q(invitation__analysis__partnership__in=ids)
            | Q(practitioner__organisation__in=members.values("organisation"))
            | Q(statement__partnership__in=ids)
        )

    def about_event(self, event):
        return self.filter(Q(place__event=event) | Q(evaluation__place__event=event))

    def undelivered(self):
        """Those that were refused, or went where mail comes back from."""
        was_refused = ~Q(problem="") & ~Q(problem__startswith=OVERTAKEN)
        returned = self.annotate(came_back_at=bounced_at("address"))
        return returned.filter(was_refused | Q(problem="", came_back_at__isnull=False))

    def still_of_use(self, *, on):
        """Without those about an event that was held, or about questions that nobody can answer any more."""
        Kind = self.model.Kind
        is_past = Q(place__event__starts_at__date__lt=on) & ~Q(kind=Kind.CERTIFICATE)
        is_past |= Q(kind=Kind.EVALUATION, evaluation__closes_on__lt=on)
        is_past |= Q(kind=Kind.EVALUATION_MANAGER, evaluation__closes_on__lt=on - MANAGER_DAYS)
        is_past |= Q(invitation__analysis__closes_on__lt=on) | Q(invitation__analysis__settled_on__isnull=False)
        is_past |= Q(kind=Kind.RECORD, made_at__date__lt=on - RECORD_LASTS)
        return self.filter(~Q(pk__in=self.model.objects.filter(is_past).order_by().values("pk")))


@recorded_except("claimed_at")
class TrainingMail(RulesModel):
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

    objects = TrainingMailQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "pk"]
        rules_permissions = {"view": runs_training, "send": runs_training}
        indexes = [
            models.Index(fields=["made_at"], condition=Q(sent_at=None, problem=""), name="training_mail_waits"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.address}"

    @property
    def event(self):
        """The Event that it is about, or None."""
        place = self.place or (self.evaluation.place if self.evaluation else None)
        return place.event if place else None

    @property
    def about(self):
        """The record that its page tells of: an event, a statement, or an analysis of needs."""
        return self.event or self.statement or (self.invitation.analysis if self.invitation else None)

    @property
    def partnership_ids(self):
        """Those whose training it is."""
        about = self.event or self.practitioner
        if about:
            return about.partnership_ids
        return (self.invitation.analysis if self.invitation else self.statement).partnership_ids
