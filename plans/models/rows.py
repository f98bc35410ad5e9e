"""What stands in a plan: priorities, outcome statements, deliverables, activities, milestones."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import recorded
from partnership.models import Group, GroupMember, Organisation, Partnership, Post, PostHolding, Rule
from partnership.rules import is_office, is_person_of_partnership
from partnership.standing import standing_of
from plans.letters import lettered
from plans.models.plan import Plan
from plans.rules import is_lead, is_of_updatable, is_open, is_own_lead


class Row(RulesModel):
    """What priorities, deliverables and activities share as rows of a plan's table.

    A row that somebody has answered is never deleted: it is retired, with a reason, and its history stays.
    """

    retired_on = models.DateField(null=True, blank=True)
    retired_reason = models.TextField("why it left the plan", blank=True)

    class Meta:
        abstract = True

    @property
    def is_retired(self):
        return self.retired_on is not None


class RowQuerySet(models.QuerySet):
    def in_plan(self):
        """Not retired."""
        return self.filter(retired_on=None)


class PriorityQuerySet(RowQuerySet):
    def visible_to(self, user):
        return self.filter(plan__in=Plan.objects.visible_to(user))

    def with_review_in(self, round):
        """Prefetch ``round_reviews``: the priority's review in that round, if any, as a list."""
        reviews = round.reviews.select_related("proposed_rating", "decided_rating")
        return self.prefetch_related(models.Prefetch("reviews", reviews, to_attr="round_reviews"))


@recorded
class Priority(Row):
    """One priority of a plan; ``ref`` is as the office writes it ("2a"), or empty."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="priorities")
    position = models.PositiveSmallIntegerField()
    ref = models.CharField(max_length=12, blank=True)
    title = models.TextField()
    note = models.TextField(blank=True, help_text="What stands under the title in the document")
    outcomes_heading = models.CharField(max_length=80, blank=True, default="Outcome statement")
    is_cross_cutting = models.BooleanField(default=False)
    joint_with = models.TextField("boards it is shared with", blank=True, help_text="One on each line")
    carried_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="carried_to"
    )

    objects = PriorityQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "position"]
        verbose_name_plural = "priorities"
        rules_permissions = {"view": is_person_of_partnership, "change": is_office}

    def __str__(self):
        return f"{self.ref}. {self.title}" if self.ref else self.title

    def get_absolute_url(self):
        return f"{self.plan.get_absolute_url()}#priority-{self.pk}"

    @property
    def joint_with_lines(self):
        return self.joint_with.splitlines()

    @property
    def partnership_ids(self):
        return self.plan.partnership_ids


@recorded
class RationaleItem(models.Model):
    """One reason why a priority matters."""

    priority = models.ForeignKey(Priority, on_delete=models.CASCADE, related_name="rationale")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    source_key = models.CharField(max_length=60, blank=True, help_text="The record it comes from, like voice:12")
    source_label = models.CharField(max_length=160, blank=True, help_text="That record’s name when it was linked")

    class Meta:
        ordering = ["priority", "position"]

    def __str__(self):
        return self.text


@recorded
class OutcomeStatement(models.Model):
    """What will be different for children or adults if the priority succeeds."""

    priority = models.ForeignKey(Priority, on_delete=models.CASCADE, related_name="outcomes")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["priority", "position"]

    def __str__(self):
        return self.text


# A row carried round in a circle, which only a mistake in the database could make, ends after 50 years.
KEYS_BEFORE = """
    WITH RECURSIVE before (id, carried_from_id, years) AS (
        SELECT id, carried_from_id, 1 FROM plans_deliverable WHERE id = %s
        UNION ALL
        SELECT earlier.id, earlier.carried_from_id, years + 1
        FROM plans_deliverable AS earlier JOIN before ON earlier.id = before.carried_from_id
        WHERE years < 50
    )
    SELECT id FROM before ORDER BY years
"""


class DeliverableQuerySet(RowQuerySet):
    def visible_to(self, user):
        """What this person may know exists: the deliverables of plans they may see."""
        return self.filter(priority__plan__in=Plan.objects.visible_to(user))

    def led_by(self, standing):
        """Led by a post this person holds, a group they chair, or their organisation as a whole."""
        return self.filter(pk__in=DeliverableLead.objects.of_standing(standing).values("deliverable"))

    def open(self):
        """Of plans that are being carried out, and not retired."""
        return self.in_plan().filter(priority__retired_on=None, priority__plan__in=Plan.objects.running())

    def overdue(self, *, on):
        """With a milestone missed; the start of a window is no promise, and ongoing work is never late."""
        missed = Milestone.objects.filter(due_on__lt=on, met_on=None, activity__retired_on=None).that_can_be_missed()
        return self.filter(pk__in=missed.values("activity__deliverable"))

    def for_round(self, round):
        """The plan's deliverables as a round's page shows them.

        ``round_updates`` is a list of the current update in that round, or empty; ``leads`` are there.
        """
        updates = round.updates.current().select_related("rating", "submitted_by")
        return (
            self.in_plan()
            .filter(priority__plan=round.plan_id, priority__retired_on=None)
            .select_related("priority__plan")
            .prefetch_related("leads", models.Prefetch("updates", updates, to_attr="round_updates"))
            .order_by("priority__position", "position")
        )

    def without_update_in(self, rounds):
        """Silent in every one of ``rounds``."""
        updates = self.model.updates.rel.related_model.objects.filter(round__in=rounds)
        return self.exclude(pk__in=updates.values("deliverable"))

    def due_between(self, first, last):
        """With a milestone not yet met from ``first`` to ``last``, both included."""
        return self.filter(
            activities__milestones__due_on__range=(first, last),
            activities__milestones__met_on=None,
            activities__retired_on=None,
        ).distinct()

    def keys_before(self, deliverable):
        """The keys of the rows that ``deliverable`` was carried from, year by year, the latest first. One query."""
        with connection.cursor() as cursor:
            cursor.execute(KEYS_BEFORE, [deliverable.carried_from_id])
            return [key for (key,) in cursor.fetchall()]

    def with_current_rating(self):
        """Annotate ``current_rating_id``: from the latest round that has one."""
        updates = self.model.updates.rel.related_model.objects.filter(
            deliverable=OuterRef("pk"), superseded_by=None
        ).order_by("-round__closes_on", "-submitted_at")
        return self.annotate(
            current_rating_id=Subquery(updates.values("rating")[:1]),
        )


@recorded
class Deliverable(Row):
    """One promise of a plan; several leads may answer for it, a different one in each partnership."""

    priority = models.ForeignKey(Priority, on_delete=models.CASCADE, related_name="deliverables")
    position = models.PositiveSmallIntegerField()
    ref = models.CharField(max_length=12, blank=True)
    title = models.TextField()
    description = models.TextField(blank=True)
    other_partnerships = models.TextField(blank=True, help_text="One on each line")
    evidence_measures = models.TextField(blank=True, help_text="One on each line")
    duty = models.ForeignKey(
        Rule, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="The duty it meets, if any"
    )
    carried_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="carried_to"
    )

    objects = DeliverableQuerySet.as_manager()

    class Meta:
        ordering = ["priority", "position"]
        rules_permissions = {
            "view": is_person_of_partnership,
            "change": is_office,
            "update": is_open & (is_office | is_lead),
            "hand_on": is_open & (is_office | is_own_lead),
        }

    def __str__(self):
        return f"{self.full_ref} {self.title}".strip()

    def get_absolute_url(self):
        return reverse("plans:deliverable-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.priority.plan.partnership_ids

    @property
    def full_ref(self):
        """ "2.1": the priority's ref and its own, unless its own already says it all."""
        if not self.ref or "." in self.ref or not self.priority.ref:
            return self.ref
        return f"{self.priority.ref}.{self.ref}"

    @property
    def other_partnership_lines(self):
        return self.other_partnerships.splitlines()

    @property
    def evidence_measure_lines(self):
        return self.evidence_measures.splitlines()

    def is_led_by(self, standing):
        """Whether someone of this standing answers for the deliverable."""
        return self.leads.of_standing(standing).exists()

    def is_answered_by(self, user, *, on):
        """Whether ``user`` leads it, or answers for a lead who handed it to them. One query."""
        return self.leads.answered_by(user, on=on).exists()


class DeliverableLeadQuerySet(models.QuerySet):
    def of_standing(self, standing):
        """Leads that are a post held, a group chaired, or an organisation represented."""
        return self.filter(_is_of(standing))

    def answered_by(self, user, *, on):
        """Their own, and those handed to them."""
        return self.filter(_is_of(standing_of(user)) | _is_handed_to(user, on))

    def with_holders(self, *, on):
        """Annotate ``holder_names``: who holds the post on that day, or the chair of the group; sorted.

        ``holder_ids`` are their keys, in the same order.
        """
        chairs = GroupMember.objects.current(on=on).filter(
            role=GroupMember.Role.CHAIR, group=OuterRef(OuterRef("group"))
        )
        itself = Post.objects.filter(pk=OuterRef(OuterRef("post")))
        # Not one OR the other: for that PostgreSQL reads who holds any post of the country, once for each lead.
        posts = itself.order_by().values("pk").union(chairs.order_by().values("post"))
        names = PostHolding.objects.current(on=on).filter(post__in=posts)
        in_order = names.order_by("user__name", "user")
        return self.annotate(
            holder_names=ArraySubquery(in_order.values("user__name")), holder_ids=ArraySubquery(in_order.values("user"))
        )


def _is_of(standing):
    return (
        Q(post__in=standing.post_ids)
        | Q(group__in=standing.chaired_group_ids)
        | Q(organisation__in=standing.organisation_ids)
    )


def _is_handed_to(user, on):
    """A deputy is of the plan's own partnerships still, and the lead who handed it on leads it still.

    See ``DelegationQuerySet.of_lead``.
    """
    standing = standing_of(user)
    of_partnership = Plan.partnerships.through.objects.filter(
        plan=OuterRef("deliverable__priority__plan"), partnership__in=standing.partnership_ids
    )
    delegations = Deliverable.delegations.rel.related_model.objects.in_force(on=on).of_lead(on=on)
    return Exists(of_partnership) & Exists(delegations.filter(given_to=standing.user_id))


@recorded
class DeliverableLead(models.Model):
    """Who leads, as written, and which post, group or organisation that is. ``partnership`` where it differs."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.CASCADE, related_name="leads")
    position = models.PositiveSmallIntegerField(default=0)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="leads")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="leads")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="leads"
    )

    objects = DeliverableLeadQuerySet.as_manager()

    class Meta:
        ordering = ["deliverable", "position"]

    def __str__(self):
        return self.text

    @property
    def is_linked(self):
        """Whether anybody could be asked: a post, a group or an organisation is meant by the words."""
        return bool(self.post_id or self.group_id or self.organisation_id)


@recorded
class Activity(Row):
    """What will be done, and when, in the office's own words and as we read them."""

    class Kind(models.TextChoices):
        DATE = "date", "a date"
        DATES = "dates", "several dates"
        WINDOW = "window", "a window"
        RECURRING = "recurring", "recurring"
        MEETING = "meeting", "at a meeting"
        RELATIVE = "relative", "after something else"
        CONTINUOUS = "continuous", "all year"
        UNSET = "unset", "to be confirmed"

    deliverable = models.ForeignKey(Deliverable, on_delete=models.CASCADE, related_name="activities")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    lead = models.ForeignKey(
        DeliverableLead, on_delete=models.SET_NULL, null=True, blank=True, related_name="activities"
    )
    timescale_text = models.TextField(blank=True)
    timescale_kind = models.CharField(max_length=12, choices=Kind, default=Kind.UNSET)
    timescale_by_hand = models.TextField(
        "what the timescale means", blank=True, help_text="Said by a person, as plans.by_hand writes it"
    )
    by_hand_for = models.TextField("the words it was said of", blank=True)

    objects = RowQuerySet.as_manager()

    class Meta:
        ordering = ["deliverable", "position"]
        verbose_name_plural = "activities"

    def __str__(self):
        return self.text

    @property
    def letter(self):
        """a, b, c … within the deliverable."""
        return lettered(self.position)

    @property
    def is_by_hand_in_question(self):
        """The words have changed since a person said what they mean, and nobody has said if that still holds."""
        return bool(self.timescale_by_hand) and self.by_hand_for != self.timescale_text


class MilestoneQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(activity__deliverable__in=Deliverable.objects.visible_to(user))

    def that_can_be_missed(self):
        """Not the first day of a window, and nothing that goes on all year."""
        return self.exclude(activity__timescale_kind=Activity.Kind.WINDOW, position=0).exclude(
            activity__timescale_kind__in=[Activity.Kind.CONTINUOUS, Activity.Kind.UNSET]
        )


@recorded
class Milestone(RulesModel):
    """A day that can be met or missed. ``due_on`` is empty at an open end of a window."""

    class Precision(models.TextChoices):
        DAY = "day"
        MONTH = "month"
        QUARTER = "quarter"
        SEASON = "season"
        YEAR = "year"

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True, db_index=True)
    precision = models.CharField(max_length=8, choices=Precision, default=Precision.MONTH)
    met_on = models.DateField(null=True, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["activity", "position"]
        indexes = [models.Index(fields=["due_on"], condition=Q(met_on=None), name="milestone_unmet")]
        rules_permissions = {"update": is_of_updatable}

    def __str__(self):
        return self.label or str(self.due_on)
