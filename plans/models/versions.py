"""The stages of a plan as they stood: what was sent out, approved, published; comments; documents made of them."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone
from rules.contrib.models import RulesModel

from partnership.history import recorded, recorded_except
from partnership.kept_bytes import BytesField
from partnership.models import Group, Organisation, PublishedFile
from partnership.models.builds import PASSING, Build, BuildQuerySet
from partnership.rules import is_office, is_person_of_partnership
from partnership.standing import standing_of
from plans.models.plan import Plan
from plans.models.rows import Deliverable, Priority


def _is_one_of(keys):
    """Whether a row's key is among ``keys``, which are gathered first: ``id = ANY(ARRAY(…))``."""
    return Func(
        F("pk"),
        ArraySubquery(keys),
        arg_joiner=" = ANY(",
        template="%(expressions)s)",
        output_field=models.BooleanField(),
    )


class PlanVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everyone what was published; a partnership's own people what was sent to them or approved."""
        own = Plan.partnerships.through.objects.filter(partnership__in=standing_of(user).partnership_ids)
        return self.filter(Q(stage=PlanVersion.Stage.PUBLISHED) | Q(plan__in=own.values("plan")))

    def published(self):
        return self.filter(stage=PlanVersion.Stage.PUBLISHED)

    def newest_first(self):
        return self.order_by("-made_at", "-pk")

    def found_first(self):
        """The same versions, found before anything is asked of their snapshots.

        PostgreSQL takes a look into a snapshot for as cheap as any other condition, and unpacked those of all
        partnerships before it looked whose they are.
        """
        return self.model.objects.filter(_is_one_of(self.values("pk")))

    def without_snapshot(self):
        """For lists."""
        return self.defer("snapshot")


class PlanVersion(RulesModel):
    """A plan as it stood when it was sent out, approved or published. The database lets no row be changed.

    ``snapshot`` is what ``plans.snapshots`` takes. The latest published version is what the public reads;
    what the office changes afterwards is theirs until they publish again, with a reason.
    """

    class Stage(models.TextChoices):
        CONSULTATION = "consultation", "Sent out for comment"
        APPROVED = "approved", "Approved"
        PUBLISHED = "published", "Published"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.CharField(max_length=12)
    stage = models.CharField(max_length=12, choices=Stage)
    reason = models.TextField("what changed and why", blank=True)
    approved_by = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_on = models.DateField(null=True, blank=True)
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64, help_text="Of the snapshot")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number", "stage"], name="one_version_a_number_and_stage"),
            models.CheckConstraint(
                name="approved_version_says_who",
                condition=~Q(stage="approved") | Q(approved_by__isnull=False, approved_on__isnull=False),
            ),
        ]
        triggers = [pgtrigger.Protect(name="version_stands", operation=pgtrigger.Update | pgtrigger.Delete)]
        rules_permissions = {"view": is_person_of_partnership, "change": is_office}

    def __str__(self):
        return f"{self.plan}, version {self.number} ({self.get_stage_display().lower()})"

    def get_absolute_url(self):
        return reverse("plans:version-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.plan.partnership_ids


class StageNote(models.Model):
    """Why a plan was taken back, closed or opened again. The database lets no row be changed."""

    class Step(models.TextChoices):
        TAKEN_BACK = "taken_back", "Taken back to draft"
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Opened again"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="stage_notes")
    step = models.CharField(max_length=10, choices=Step)
    words = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["plan", "-made_at", "-pk"]
        triggers = [pgtrigger.Protect(name="stage_note_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.plan}: {self.get_step_display().lower()}"


class PlanCommentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Comments are for the plan's own partnerships, who all see what each said."""
        plans = Plan.objects.visible_to(user).filter(partnerships__in=standing_of(user).partnership_ids)
        return self.filter(plan__in=plans.values("pk"))

    def unanswered(self):
        return self.filter(answered_at=None)

    def for_list(self):
        """With whoever made and answered them, and what each is about."""
        people = self.select_related("made_by", "answered_by", "organisation", "version", "plan")
        return people.defer("version__snapshot")


@recorded
class PlanComment(RulesModel):
    """What a member said of a plan, a priority or a row while it was out for comment, and the answer."""

    class Outcome(models.TextChoices):
        CHANGED = "changed", "The plan was changed"
        PARTLY = "partly", "The plan was changed in part"
        KEPT = "kept", "The plan stays as it is"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="comments")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="comments")
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, null=True, blank=True, related_name="comments")
    deliverable = models.ForeignKey(
        Deliverable, on_delete=models.PROTECT, null=True, blank=True, related_name="comments"
    )
    about = models.CharField(max_length=200, help_text="What it is about, as it was called then")
    text = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="For whom"
    )
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = PlanCommentQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="answered_comment_says_what",
                condition=Q(answered_at=None) | ~Q(outcome="") & ~Q(answer=""),
            )
        ]
        rules_permissions = {"view": is_person_of_partnership, "answer": is_office}

    def __str__(self):
        return f"Comment on {self.about}"

    def get_absolute_url(self):
        return f"{reverse('plans:comment-list', args=[self.plan_id])}#comment-{self.pk}"

    @property
    def place_url(self):
        """Where on the plan's page that stands which it is about."""
        place = reverse("plans:plan-detail", args=[self.plan_id])
        if self.deliverable_id:
            return f"{place}#row-{self.deliverable_id}"
        return f"{place}#priority-{self.priority_id}" if self.priority_id else place

    @property
    def is_late(self):
        """Made after the last day for comments."""
        return bool(self.plan.comments_until) and timezone.localdate(self.made_at) > self.plan.comments_until

    @property
    def partnership_ids(self):
        return self.plan.partnership_ids


class PlanDocumentQuerySet(BuildQuerySet):
    def visible_to(self, user):
        """Whoever's partnership it is. What was published is read as a published file, by everyone."""
        own = Plan.partnerships.through.objects.filter(partnership__in=standing_of(user).partnership_ids)
        seen = self.filter(version__plan__in=own.values("plan"))
        return seen.select_related("version__plan", "earlier", "requested_by").without_bytes()

    def without_bytes(self):
        return self.defer("pdf", "word", "version__snapshot", "earlier__snapshot")


@recorded_except(*PASSING, "word")
class PlanDocument(Build):
    """One making of a version as PDF and Word; with ``earlier``, of what changed since that version (PDF alone).

    Those of a published version are published with it, as files that never change.
    """

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="documents")
    earlier = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    word = BytesField(null=True)
    word_size = models.PositiveIntegerField(null=True, help_text="In bytes")
    published_pdf = models.OneToOneField(
        PublishedFile, on_delete=models.PROTECT, null=True, blank=True, related_name="plan_pdf"
    )
    published_word = models.OneToOneField(
        PublishedFile, on_delete=models.PROTECT, null=True, blank=True, related_name="plan_word"
    )

    objects = PlanDocumentQuerySet.as_manager()

    class Meta(Build.Meta):
        rules_permissions = {"view": is_person_of_partnership}

    def __str__(self):
        return f"Changes to {self.version}" if self.earlier_id else str(self.version)

    def get_absolute_url(self):
        return reverse("plans:document-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.version.plan.partnership_ids


class CarryDecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of a plan that follows and may be seen: before that nobody learns that it is being written."""
        return self.filter(plan__in=Plan.objects.visible_to(user))


@recorded
class CarryDecision(RulesModel):
    """What became of a promise at the year's end: done, carried into the next plan, or dropped, and why.

    ``reason`` says what difference was made where it is done, and why it is dropped. ``activities`` are
    those that go along when it is carried.
    """

    class Decision(models.TextChoices):
        DONE = "done", "Done"
        CARRIED = "carried", "Carried forward"
        DROPPED = "dropped", "Dropped"

    deliverable = models.OneToOneField(Deliverable, on_delete=models.PROTECT, related_name="carry_decision")
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, related_name="carry_decisions", help_text="The plan that follows"
    )
    decision = models.CharField(max_length=7, choices=Decision)
    reason = models.TextField(blank=True)
    activities = models.JSONField(default=list, blank=True, help_text="Those that go along: {activity, timescale}")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    objects = CarryDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "deliverable"]
        constraints = [
            models.CheckConstraint(name="dropped_promise_says_why", condition=~Q(decision="dropped") | ~Q(reason=""))
        ]

    def __str__(self):
        return f"{self.deliverable}: {self.get_decision_display().lower()}"
