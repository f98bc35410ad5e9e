"""Courses, their events, and places taken by agencies' people."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import cached_property
from rules.contrib.models import RulesModel

from partnership.history import links, recorded
from partnership.models import Organisation, Partnership
from partnership.rules import is_office, is_person_of_partnership, is_training_coordinator
from partnership.standing import standing_of


class CourseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The courses of one's own partnerships."""
        ids = standing_of(user).partnership_ids
        return self.filter(partnerships__in=ids).distinct()


@recorded
class Course(models.Model):
    """What is taught, to whom, and why."""

    class Mode(models.TextChoices):
        ROOM = "room", "In a room"
        ONLINE = "online", "Online"

    title = models.CharField(max_length=160)
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.ROOM)
    level = models.CharField(max_length=60, blank=True)
    audience = models.CharField(max_length=200, blank=True)
    purpose = models.TextField(blank=True)
    partnerships = models.ManyToManyField(Partnership, related_name="courses")

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self):
        return self.title


@links
class CoursePartnership(Course.partnerships.through):
    class Meta:
        proxy = True


class EventQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The programme of one's own partnerships."""
        ids = standing_of(user).partnership_ids
        return self.filter(course__partnerships__in=ids).distinct()

    def published(self):
        return self.filter(is_public=True)

    def with_place_counts(self):
        """Annotate ``booked_count`` (places taken) and ``attended_count``."""
        taken = Q(places__status__in=Place.TAKEN)
        return self.annotate(
            booked_count=Count("places", filter=taken),
            attended_count=Count("places", filter=Q(places__status=Place.Status.ATTENDED)),
        )


@recorded
class Event(RulesModel):
    """A course held on a day."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="held_events")
    starts_at = models.DateTimeField()
    venue = models.CharField(max_length=160, help_text="Place, or “online”")
    capacity = models.PositiveSmallIntegerField(default=30)
    trainers = models.CharField(max_length=200, blank=True, help_text="Posts and agencies")
    is_public = models.BooleanField(default=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        rules_permissions = {
            "view": is_person_of_partnership,
            "change": is_training_coordinator | is_office,
        }

    def __str__(self):
        return f"{self.course}, {self.starts_at:%-d %B %Y}"

    def get_absolute_url(self):
        return reverse("training:event-detail", args=[self.pk])

    @cached_property
    def partnership_ids(self):
        return set(self.course.partnerships.values_list("pk", flat=True))


class PlaceQuerySet(models.QuerySet):
    def counts_by_organisation(self):
        """Rows of ``organisation__name taken_count waiting_count attended_count``; nobody's name."""
        statuses = Place.Status
        rows = (
            self.order_by("organisation__name")
            .values("organisation__name")
            .annotate(
                taken_count=Count("pk", filter=Q(status__in=Place.TAKEN)),
                waiting_count=Count("pk", filter=Q(status=statuses.WAITING)),
                attended_count=Count("pk", filter=Q(status=statuses.ATTENDED)),
            )
        )
        return list(rows)


@recorded
class Place(models.Model):
    """One person's place at an event, booked by their organisation."""

    class Status(models.TextChoices):
        BOOKED = "booked", "Booked"
        WAITING = "waiting", "On the waiting list"
        ATTENDED = "attended", "Attended"
        MISSED = "missed", "Did not attend"
        CANCELLED = "cancelled", "Cancelled"

    TAKEN = [Status.BOOKED, Status.ATTENDED, Status.MISSED]

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="places")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="places")
    person = models.CharField(max_length=120)
    status = models.CharField(max_length=10, choices=Status, default=Status.BOOKED)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["event", "organisation__name", "person"]

    def __str__(self):
        return f"{self.person}, {self.organisation}"
