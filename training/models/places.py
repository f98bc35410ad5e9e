"""Places that people have, wait for, or gave back."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import recorded
from partnership.models import Organisation
from partnership.standing import standing_of
from training.models.competencies import Practitioner
from training.models.courses import Event
from training.models.statuses import COMING, CONCERNED, PlaceStatus, SignedIn
from training.rules import is_of_own_organisation, runs_training


class PlaceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever runs the training sees everybody; others the people of their own organisations."""
        run = Event.objects.run_by(user)
        return self.filter(Q(event__in=run.values("pk")) | Q(organisation__in=standing_of(user).organisation_ids))

    def taken(self):
        """Those that nobody else can have."""
        return self.filter(status__in=COMING)

    def concerned(self):
        """Those whose people hear of every change of the event."""
        return self.filter(status__in=CONCERNED)

    def waiting(self):
        """The waiting list, longest first."""
        return self.filter(status=PlaceStatus.WAITING).order_by("waiting_since", "pk")

    def to_come(self, *, at):
        """Those at events that have not begun."""
        return self.filter(event__starts_at__gte=at)

    def counts_by_organisation(self):
        """Rows of ``organisation__name taken_count waiting_count attended_count``; nobody's name."""
        rows = (
            self.exclude(status__in=[PlaceStatus.UNCONFIRMED, PlaceStatus.CANCELLED])
            .order_by("organisation__name")
            .values("organisation__name")
            .annotate(
                taken_count=Count("pk", filter=Q(status__in=COMING)),
                waiting_count=Count("pk", filter=Q(status=PlaceStatus.WAITING)),
                attended_count=Count("pk", filter=Q(status=PlaceStatus.ATTENDED)),
            )
        )
        return list(rows)


@recorded
class Place(RulesModel):
    """One person's place at an event, from asking for it to having been there."""

    Status = PlaceStatus
    TAKEN = COMING
    How = SignedIn

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="places")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="places")
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, null=True, blank=True, related_name="places"
    )
    person = models.CharField("name", max_length=120)
    status = models.CharField(max_length=10, choices=PlaceStatus, default=PlaceStatus.BOOKED)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    needs = models.CharField("what they need to take part", max_length=300, blank=True)
    asked_at = models.DateTimeField("asked for", null=True, blank=True)
    confirmed_at = models.DateTimeField("confirmed by mail", null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    manager_email = models.EmailField("manager’s e-mail", blank=True)
    agree_by_at = models.DateTimeField("kept for the manager until", null=True, blank=True)
    agreed_at = models.DateTimeField("manager agreed", null=True, blank=True)
    cancelled_at = models.DateTimeField("cancelled", null=True, blank=True)
    cancelled_because = models.CharField(max_length=300, blank=True)
    is_late = models.BooleanField("cancelled too late to be free", default=False)
    signed_in_at = models.DateTimeField("signed in", null=True, blank=True)
    signed_in_how = models.CharField(max_length=6, choices=SignedIn, blank=True)
    waived_because = models.CharField("not charged because", max_length=200, blank=True)
    generation = models.PositiveSmallIntegerField(
        default=1, help_text="A new one ends the links that were mailed before"
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["event", "organisation__name", "person", "pk"]
        rules_permissions = {
            "view": runs_training | is_of_own_organisation,
            "change": runs_training,
            "cancel": runs_training | is_of_own_organisation,
        }
        constraints = [
            models.UniqueConstraint(
                fields=["event", "practitioner"],
                condition=~Q(status=PlaceStatus.CANCELLED),
                name="one_place_a_person_at_an_event",
            ),
            models.CheckConstraint(
                name="waiting_place_says_since_when",
                condition=~Q(status=PlaceStatus.WAITING) | Q(waiting_since__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["event", "status", "waiting_since"], name="place_waiting")]

    def __str__(self):
        return f"{self.person}, {self.organisation}"

    def get_absolute_url(self):
        return reverse("training:place-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.event.partnership_ids
