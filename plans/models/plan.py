"""A plan and the key its ratings are read by."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, OuterRef, Q
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.functional import cached_property
from rules.contrib.models import RulesModel

from partnership.frame import joined_names
from partnership.history import links, recorded
from partnership.models import Group, Partnership
from partnership.rules import is_advisor, is_office, is_person_of_partnership
from partnership.standing import standing_of
from plans.rules import is_not_closed, is_out_for_comment


class RatingKeyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The keys offered to all, and those of one's own partnerships."""
        own = self.model.partnerships.through.objects.filter(partnership__in=standing_of(user).partnership_ids)
        return self.filter(Q(partnerships=None) | Q(pk__in=own.values("ratingkey"))).distinct()

    def offered_to(self, plan):
        """The keys offered to all, and those that the plan's partnerships made for themselves."""
        own = self.model.partnerships.through.objects.filter(partnership__in=plan.partnership_ids)
        return self.filter(Q(partnerships=None) | Q(pk__in=own.values("ratingkey"))).distinct().order_by("name", "pk")

    def usual(self):
        """The key for a plan that brings none: the first there is, else blue, green, amber and red."""
        key = self.filter(partnerships=None).order_by("pk").first()
        if key is None:
            key = self.create(name="Blue, green, amber, red")
            Rating.objects.bulk_create(
                Rating(key=key, position=position, **rating) for position, rating in enumerate(USUAL_RATINGS)
            )
        return key


# The sector's common form, worst first; every partnership may have its own.
USUAL_RATINGS = [
    {"code": "R", "word": "Red", "meaning": "Off track", "token": "red", "shape": "diamond", "outlook": "worry"},
    {"code": "A", "word": "Amber", "meaning": "At risk", "token": "amber", "shape": "triangle", "outlook": "worry"},
    {"code": "G", "word": "Green", "meaning": "On track", "token": "green", "shape": "circle", "outlook": "well"},
    {
        "code": "B",
        "word": "Blue",
        "meaning": "Done, difference shown",
        "token": "blue",
        "shape": "square",
        "outlook": "well",
        "is_done": True,
        "needs_evidence": True,
    },
]


@recorded
class RatingKey(RulesModel):
    """The ratings of a plan, in words. Green means "done" to one board and "on track" to another."""

    name = models.CharField(max_length=80, unique=True)
    partnerships = models.ManyToManyField(
        Partnership, blank=True, related_name="rating_keys", help_text="Whose own it is; none: offered to all"
    )

    objects = RatingKeyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        rules_permissions = {"change": is_office}

    def __str__(self):
        return self.name

    @cached_property
    def partnership_ids(self):
        """Whose own it is: nobody's where it is offered to all, so that no office may change it for the others."""
        return {partnership.pk for partnership in self.partnerships.all()}


@recorded
class Rating(models.Model):
    """One judgement a key offers: letter, word, meaning, shape; colour comes last."""

    class Token(models.TextChoices):
        RED = "red"
        AMBER = "amber"
        GREEN = "green"
        BLUE = "blue"
        GREY = "grey"

    class Shape(models.TextChoices):
        DIAMOND = "diamond"
        TRIANGLE = "triangle"
        CIRCLE = "circle"
        SQUARE = "square"
        RING = "ring"

    class Outlook(models.TextChoices):
        WELL = "well", "That it goes well"
        WORRY = "worry", "That something is wrong or may go wrong"
        NEITHER = "neither", "Neither: not begun, on hold"

    key = models.ForeignKey(RatingKey, on_delete=models.CASCADE, related_name="ratings")
    position = models.PositiveSmallIntegerField(help_text="Worst first")
    code = models.CharField(max_length=2)
    word = models.CharField(max_length=30)
    meaning = models.CharField(max_length=120)
    token = models.CharField(max_length=6, choices=Token)
    shape = models.CharField(max_length=10, choices=Shape)
    outlook = models.CharField(
        max_length=7,
        choices=Outlook,
        default=Outlook.NEITHER,
        help_text="What it says of the work, whatever its word and colour",
    )
    is_done = models.BooleanField(default=False)
    needs_evidence = models.BooleanField(
        default=False, help_text="Only with evidence of the difference made, not only that the task is done"
    )

    class Meta:
        ordering = ["key", "position"]
        constraints = [models.UniqueConstraint(fields=["key", "code"], name="one_rating_a_code")]

    def __str__(self):
        return self.word

    @property
    def says_well(self):
        """On track or better, by what the key says: a colour or a letter says nothing of the kind."""
        return self.is_done or self.outlook == self.Outlook.WELL

    @property
    def worries(self):
        return self.outlook == self.Outlook.WORRY

    def is_worse_than(self, other):
        """Whether the work stands worse than by ``other``. Ratings of two keys have no order but well and not well."""
        if other is None:
            return False
        if self.key_id == other.key_id:
            return self.position < other.position
        return other.says_well and self.worries


PUBLIC_STATUSES = ["published", "closed"]


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published plans; what is shared with partners; drafts for the office and the advisor."""
        standing = standing_of(user)
        links = Plan.partnerships.through.objects
        own = links.filter(partnership__in=standing.partnership_ids).values("plan")
        wide = links.filter(partnership__in=standing.wide_ids).values("plan")
        is_shared = ~Q(status=Plan.Status.DRAFT) & Q(pk__in=own)
        return self.filter(Q(status__in=PUBLIC_STATUSES) | is_shared | Q(pk__in=wide))

    def of_person(self, user):
        """Plans of the person's own partnerships that they may see, the newest first."""
        return (
            self.visible_to(user)
            .filter(partnerships__in=standing_of(user).partnership_ids)
            .distinct()
            .order_by("-starts_on", "-pk")
        )

    def published(self):
        return self.filter(status__in=Plan.PUBLIC_STATUSES)

    def with_front_matter(self):
        """Annotate ``driver_rows`` and ``review_rows``: what stands before the table, in the order in which it does."""
        driver = JSONObject(text="text", source="source_label", key="source_key")
        day = JSONObject(held_on="held_on", label="label")
        own = {"plan": OuterRef("pk")}
        return self.annotate(
            driver_rows=ArraySubquery(PlanDriver.objects.filter(**own).order_by("position").values(data=driver)),
            review_rows=ArraySubquery(ReviewDate.objects.filter(**own).order_by("held_on").values(data=day)),
        )

    def with_counts(self):
        """Annotate ``priority_count``, ``deliverable_count`` and ``round_count``."""
        return self.annotate(
            priority_count=Count("priorities", distinct=True),
            deliverable_count=Count("priorities__deliverables", distinct=True),
            round_count=Count("rounds", distinct=True),
        )

    def that_can_be_continued_by(self, user):
        """Plans past their draft that no plan follows, of partnerships in all of whose offices ``user`` is."""
        of_others = Plan.partnerships.through.objects.exclude(partnership__in=standing_of(user).office_ids)
        return (
            self.filter(partnerships__in=standing_of(user).office_ids, continued_by=None)
            .exclude(pk__in=of_others.values("plan"))
            .exclude(status__in=[Plan.Status.DRAFT, Plan.Status.CONSULTATION])
            .distinct()
            .order_by("-starts_on", "-pk")
        )

    def that_can_follow(self, plan):
        """Plans of the same partnerships, not approved yet, that start after ``plan`` and follow no other."""
        of_same = Plan.partnerships.through.objects.filter(partnership__in=plan.partnership_ids)
        return self.filter(
            pk__in=of_same.values("plan"),
            status__in=[Plan.Status.DRAFT, Plan.Status.CONSULTATION],
            starts_on__gt=plan.starts_on,
            continues=None,
        ).order_by("starts_on", "pk")

    def out_for_comment_to(self, user):
        """Plans on which this person, as a member and not as their office, is asked to comment."""
        standing = standing_of(user)
        asked = self.filter(
            status=Plan.Status.CONSULTATION, partnerships__in=standing.partnership_ids - standing.office_ids
        )
        return asked.distinct().order_by("comments_until", "pk")

    def with_comments_to_answer(self, user):
        """Plans of this person's office with comments not answered; annotates ``unanswered_count``."""
        comments = Count("comments", filter=Q(comments__answered_at=None), distinct=True)
        own = self.filter(partnerships__in=standing_of(user).office_ids, status=Plan.Status.CONSULTATION)
        return own.annotate(unanswered_count=comments).filter(unanswered_count__gt=0).order_by("pk")

    def running(self):
        """Plans that leads are asked about."""
        return self.filter(status__in=[Plan.Status.APPROVED, Plan.Status.PUBLISHED])


@recorded
class Plan(RulesModel):
    """A business plan of one or more partnerships for a period."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        CONSULTATION = "consultation", "Out for comment"
        APPROVED = "approved", "Approved"
        PUBLISHED = "published", "Published"
        CLOSED = "closed", "Closed"

    PUBLIC_STATUSES = (Status.PUBLISHED, Status.CLOSED)

    class Audience(models.TextChoices):
        CHILDREN = "children", "Children"
        ADULTS = "adults", "Adults"
        BOTH = "both", "Children and adults"

    partnerships = models.ManyToManyField(Partnership, related_name="plans")
    title = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField()
    version = models.CharField(max_length=12, default="1.0")
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.CHILDREN)
    introduction = models.TextField(blank=True)
    columns = models.JSONField(
        default=list,
        blank=True,
        help_text="The table’s columns in order, each {code, heading}; none: those in which something stands",
    )
    continues = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="continued_by",
        help_text="The plan whose rows were carried into this one",
    )
    comments_until = models.DateField("last day for comments", null=True, blank=True)
    rating_key = models.ForeignKey(RatingKey, on_delete=models.PROTECT)
    scrutiny_group = models.ForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="plans_scrutinised"
    )
    deciding_group = models.ForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="plans_decided"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="plan_ends_after_it_starts", condition=Q(ends_on__gt=models.F("starts_on")))
        ]
        rules_permissions = {
            "view": is_person_of_partnership,
            "change": is_office,
            "edit": is_office & is_not_closed,
            "comment": is_person_of_partnership & is_out_for_comment,
            "consult": is_office & is_not_closed,
            "approve": is_office & is_not_closed,
            "publish": is_office & is_not_closed,
            "close": is_office & is_not_closed,
            "carry": is_office,
            "open_round": is_office,
            "oversee": is_office | is_advisor,
        }

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("plans:plan-detail", args=[self.pk])

    @cached_property
    def partnership_ids(self):
        return {partnership.pk for partnership in self.partnerships.all()}

    @property
    def whose(self):
        """Its partnerships' names, with what they share said once."""
        return joined_names([partnership.name for partnership in self.partnerships.all()])

    def leads(self):
        """Every lead of every deliverable, in the order of the table."""
        deliverables = self.priorities.model.deliverables.rel.related_model
        leads = deliverables.leads.rel.related_model.objects
        return leads.filter(deliverable__priority__plan=self).order_by(
            "deliverable__priority__position", "deliverable__position", "position"
        )

    def link_leads(self, links):
        """Say which post or group each lead's words mean: {words: ("post" or "group", pk) or None}."""
        for text, link in links.items():
            kind, pk = link or ("", None)
            self.leads().filter(text=text).update(
                post_id=pk if kind == "post" else None, group_id=pk if kind == "group" else None
            )

    def judged_on(self, day):
        """The day to say what is late on: nothing is before a plan runs, nor more than at its end."""
        if self.is_running:
            return day
        return min(day, self.ends_on if self.status == Plan.Status.CLOSED else self.starts_on)

    @cached_property
    def published_version(self):
        """The version that the public reads; None while nothing was published."""
        return self.versions.published().newest_first().first()

    @cached_property
    def ratings(self):
        """The ratings of the plan's key, best first."""
        return list(Rating.objects.filter(key=self.rating_key_id).order_by("-position"))

    @property
    def is_running(self):
        return self.status in {Plan.Status.APPROVED, Plan.Status.PUBLISHED}

    @property
    def is_public(self):
        return self.status in PUBLIC_STATUSES


@links
class RatingKeyPartnership(RatingKey.partnerships.through):
    class Meta:
        proxy = True


@links
class PlanPartnership(Plan.partnerships.through):
    class Meta:
        proxy = True


@recorded
class PlanDriver(models.Model):
    """One thing that drives the plan's choice of priorities: a duty, a review, what young people asked for."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="drivers")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    source_key = models.CharField(max_length=60, blank=True, help_text="The record it comes from, like voice:12")
    source_label = models.CharField(max_length=160, blank=True, help_text="That record’s name when it was linked")

    class Meta:
        ordering = ["plan", "position"]

    def __str__(self):
        return self.text


@recorded
class ReviewDate(models.Model):
    """A day on which the plan is looked at again, as it says on its first page."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="review_dates")
    held_on = models.DateField("day")
    label = models.CharField("what is looked at", max_length=120, blank=True)

    class Meta:
        ordering = ["plan", "held_on"]
        constraints = [models.UniqueConstraint(fields=["plan", "held_on"], name="one_review_date_a_day")]

    def __str__(self):
        return f"{self.held_on:%-d %B %Y}"
