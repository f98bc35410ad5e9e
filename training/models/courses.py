"""Courses, the events at which they are held, who trains there, and the partnership's own rules of training."""

from datetime import timedelta
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.urls import reverse
from django.utils.functional import cached_property
from rules.contrib.models import RulesModel

from partnership.clocks import WorkingDay
from partnership.history import links, recorded
from partnership.models import Organisation, Partnership
from partnership.rules import is_person_of_partnership
from partnership.standing import standing_of
from plans.models import Priority
from training.models.competencies import Competency
from training.models.statuses import COMING, IN_REGISTER, PlaceStatus
from training.rules import is_cancelled, runs_training

SOON = timedelta(weeks=4)
FEW_LEFT = 3
PRIVATE_DOMAINS = """gmail.com
googlemail.com
hotmail.com
hotmail.co.uk
outlook.com
live.co.uk
yahoo.com
yahoo.co.uk
icloud.com
aol.com
btinternet.com
sky.com
proton.me"""


@recorded
class TrainingPolicy(RulesModel):
    """One partnership's own rules of training. Every number is a usual one that may be changed.

    One trainer day for ten free places, or £100 a day: Northumberland 2014-15. A charge for not coming: LLR 2015.
    Answers six to eight weeks later: Haringey, after London's three stages. The other numbers are ours.
    """

    partnership = models.OneToOneField(Partnership, on_delete=models.PROTECT, related_name="training_policy")
    is_charging = models.BooleanField("agencies are charged", default=False)
    free_places_per_trainer_day = models.PositiveSmallIntegerField(default=10, validators=[MinValueValidator(1)])
    trainer_day_charge = models.DecimalField(
        "charge for a trainer day that is owed, in pounds", max_digits=7, decimal_places=2, default=Decimal(100)
    )
    non_attendance_charge = models.DecimalField(
        "charge for not coming, in pounds", max_digits=7, decimal_places=2, default=Decimal(50)
    )
    free_cancelling_days = models.PositiveSmallIntegerField(
        default=5, help_text="Working days before the event until which cancelling costs nothing"
    )
    confirm_hours = models.PositiveSmallIntegerField(
        default=48, help_text="So long somebody has to confirm a booking by mail", validators=[MinValueValidator(1)]
    )
    agreement_days = models.PositiveSmallIntegerField(
        default=5, help_text="Days that a place is kept for a manager’s agreement", validators=[MinValueValidator(1)]
    )
    fill_until_days = models.PositiveSmallIntegerField(
        default=2, help_text="The waiting list fills by itself until so many days before the event"
    )
    remind_days_before = models.PositiveSmallIntegerField(
        default=5, help_text="Days before the event on which those who are booked are reminded"
    )
    later_weeks = models.PositiveSmallIntegerField(
        default=6, help_text="Weeks after the event when the last questions are sent", validators=[MinValueValidator(1)]
    )
    later_closing_weeks = models.PositiveSmallIntegerField(
        default=8, help_text="Weeks after the event when they close", validators=[MinValueValidator(2)]
    )
    fewest_answers = models.PositiveSmallIntegerField(
        default=5,
        help_text="Answers are shown from so many on",
        validators=[MinValueValidator(5), MaxValueValidator(50)],
    )
    private_domains = models.TextField(
        default=PRIVATE_DOMAINS, blank=True, help_text="Domains of private e-mail addresses, one a line"
    )

    class Meta:
        verbose_name_plural = "training policies"
        rules_permissions = {"view": is_person_of_partnership, "change": runs_training}
        constraints = [
            models.CheckConstraint(
                name="later_questions_close_after_they_open", condition=Q(later_closing_weeks__gt=F("later_weeks"))
            )
        ]

    def __str__(self):
        return f"Rules of training, {self.partnership}"

    @property
    def partnership_ids(self):
        return {self.partnership_id}

    def is_private(self, email):
        """Whether ``email`` is at a domain of private addresses, or below one."""
        domain = email.rpartition("@")[2].casefold()
        listed = self.private_domains.casefold().split()
        return any(domain == each or domain.endswith(f".{each}") for each in listed)


class CourseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The courses of one's own partnerships."""
        return self.filter(partnerships__in=standing_of(user).partnership_ids).distinct()

    def run_by(self, user):
        """Courses whose training this person runs: as coordinator or office."""
        standing = standing_of(user)
        return self.filter(partnerships__in=standing.training_ids | standing.office_ids).distinct()

    def offered(self):
        """Those that are still held."""
        return self.filter(retired_on=None)


@recorded
class Course(RulesModel):
    """What is taught, to whom, and why."""

    class Mode(models.TextChoices):
        ROOM = "room", "In a room"
        ONLINE = "online", "Online"
        BLENDED = "blended", "Partly online"
        OWN_TIME = "own-time", "In one’s own time"
        BRIEFING = "briefing", "Briefing"
        CONFERENCE = "confer", "Conference"

    title = models.CharField(max_length=160)
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.ROOM)
    level = models.CharField(max_length=60, blank=True)
    audience = models.CharField(max_length=200, blank=True)
    purpose = models.TextField(blank=True)
    afterwards = models.TextField("what people can do afterwards", blank=True)
    partnerships = models.ManyToManyField(Partnership, related_name="courses")
    run_by = models.ForeignKey(
        Partnership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="courses_run",
        help_text="Whose rules of training count, and who charges",
    )
    competencies = models.ManyToManyField(Competency, related_name="courses", blank=True)
    priorities = models.ManyToManyField(Priority, related_name="courses", blank=True)
    is_work_email_needed = models.BooleanField("only with a work e-mail address", default=True)
    is_agreement_needed = models.BooleanField("the manager has to agree", default=False)
    retired_on = models.DateField("not held any more since", null=True, blank=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        rules_permissions = {"view": is_person_of_partnership, "change": runs_training}

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("training:course-detail", args=[self.pk])

    @cached_property
    def partnership_ids(self):
        return set(self.partnerships.values_list("pk", flat=True))

    @cached_property
    def home(self):
        """The Partnership whose rules count: that which runs it, or the first of its partnerships by name."""
        return self.run_by or min(self.partnerships.all(), key=lambda each: (each.name, each.pk), default=None)

    @cached_property
    def policy(self):
        """The TrainingPolicy by which places on it are given; the usual one where none was written."""
        found = TrainingPolicy.objects.filter(partnership=self.home).first() if self.home else None
        return found or TrainingPolicy(partnership=self.home)


@links
class CoursePartnership(Course.partnerships.through):
    class Meta:
        proxy = True


@links
class CourseCompetency(Course.competencies.through):
    class Meta:
        proxy = True


@links
class CoursePriority(Course.priorities.through):
    class Meta:
        proxy = True


class EventQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The programme of one's own partnerships."""
        ids = standing_of(user).partnership_ids
        return self.filter(course__partnerships__in=ids).distinct()

    def run_by(self, user):
        """Events whose training this person runs: as coordinator or office."""
        standing = standing_of(user)
        return self.filter(course__partnerships__in=standing.training_ids | standing.office_ids).distinct()

    def published(self):
        return self.filter(is_public=True)

    def not_cancelled(self):
        return self.filter(cancelled_at=None)

    def to_come(self, *, at):
        """Those that have not begun."""
        return self.filter(starts_at__gte=at)

    def soon(self, *, on):
        """Those of that day and of the four weeks after it."""
        return self.filter(starts_at__date__range=(on, on + SOON))

    def with_register(self):
        """Those whose register is kept here and still open; what was brought in from an old log has none.

        Annotates ``register_due_on``, the working day after the event.
        """
        kept = Q(places__status__in=[PlaceStatus.AGREEMENT, PlaceStatus.BOOKED]) | Q(
            places__signed_in_how__in=IN_REGISTER
        )
        keys = self.model.objects.filter(kept).order_by().values("pk")
        still_open = self.not_cancelled().filter(pk__in=keys, register_closed_at=None)
        last_day = TruncDate(Coalesce("ends_at", "starts_at"))
        return still_open.annotate(last_day=last_day, register_due_on=WorkingDay(F("last_day"), 1))

    def with_late_register(self, *, on):
        """Those whose register nobody closed in time."""
        return self.with_register().filter(last_day__lt=on, register_due_on__lt=on)

    def with_place_counts(self):
        """Annotate ``booked_count`` (places taken), ``left_count``, ``waiting_count`` and ``attended_count``."""
        counted = self.annotate(
            booked_count=Count("places", filter=Q(places__status__in=COMING)),
            waiting_count=Count("places", filter=Q(places__status=PlaceStatus.WAITING)),
            attended_count=Count("places", filter=Q(places__status=PlaceStatus.ATTENDED)),
        )
        return counted.annotate(left_count=Greatest(F("capacity") - F("booked_count"), 0))

    def nearly_full(self):
        """Needs ``with_place_counts``, as the next two do."""
        return self.not_cancelled().filter(left_count__lte=FEW_LEFT)

    def hardly_booked(self):
        """Fewer than half of the places are taken."""
        return self.not_cancelled().filter(left_count__gt=F("capacity") / 2.0)

    def with_waiting_list(self):
        return self.not_cancelled().filter(waiting_count__gt=0)


@recorded
class Event(RulesModel):
    """A course held on a day."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="held_events")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    length = models.DecimalField(
        "length in training days", max_digits=4, decimal_places=2, default=Decimal("0.5"), help_text="A half day is 0.5"
    )
    venue = models.CharField(max_length=160, help_text="Place, or “online”")
    link = models.URLField("joining link", max_length=500, blank=True, help_text="Only those who are booked see it")
    joining = models.TextField(
        "joining details", blank=True, help_text="Only those who are booked see them: room, parking, what to bring"
    )
    capacity = models.PositiveSmallIntegerField(default=30)
    places_per_organisation = models.PositiveSmallIntegerField(
        "fair share", null=True, blank=True, help_text="The most places for one organisation; empty for no limit"
    )
    shares_until_on = models.DateField(
        "shares end on", null=True, blank=True, help_text="After that day free places go to whoever waits longest"
    )
    books_until_on = models.DateField("books until", null=True, blank=True)
    trainers = models.CharField(max_length=200, blank=True, help_text="Posts and agencies")
    is_public = models.BooleanField(default=True)
    sequence = models.PositiveSmallIntegerField(
        default=0, help_text="How often its day, time or place changed: invitations carry it (RFC 5546, 2.1.4)"
    )
    sign_in_code = models.CharField(max_length=6, blank=True, help_text="Said in the room, so that people sign in")
    register_closed_at = models.DateTimeField("register closed", null=True, blank=True)
    cancelled_at = models.DateTimeField("cancelled", null=True, blank=True)
    cancelled_because = models.CharField(max_length=300, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        rules_permissions = {
            "view": is_person_of_partnership,
            "change": runs_training,
            "book": is_person_of_partnership & ~is_cancelled,
        }
        constraints = [
            models.CheckConstraint(
                name="event_ends_after_it_starts", condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="cancelled_event_says_why", condition=Q(cancelled_at=None) | ~Q(cancelled_because="")
            ),
        ]

    def __str__(self):
        return f"{self.course}, {self.starts_at:%-d %B %Y}"

    def get_absolute_url(self):
        return reverse("training:event-detail", args=[self.pk])

    @cached_property
    def partnership_ids(self):
        return self.course.partnership_ids

    @property
    def is_cancelled(self):
        return self.cancelled_at is not None

    def is_over(self, *, at):
        return (self.ends_at or self.starts_at) < at


@recorded
class EventTrainer(models.Model):
    """Who trains at an event, from which agency, and how many trainer days that counts."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="people")
    name = models.CharField("post or name", max_length=160)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="trainer_days"
    )
    days = models.DecimalField("trainer days", max_digits=4, decimal_places=2, default=Decimal("0.5"))

    class Meta:
        ordering = ["event", "pk"]

    def __str__(self):
        return f"{self.name}, {self.organisation}" if self.organisation else self.name
