"""The published arrangements, what changed in them and who endorsed them; and disputes about them."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import links, recorded
from partnership.models.documents import Document, PublishedFile
from partnership.models.organisations import Membership, Organisation, Partnership
from partnership.models.people import Post
from partnership.rules import (
    is_advisor,
    is_dispute_party,
    is_dispute_writer,
    is_lead_partner,
    is_office,
    is_person_of_partnership,
    owes_answer,
    stands,
)
from partnership.standing import standing_of


class ArrangementsQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Versions of one's own partnerships; a draft is for the office, the advisor and lead partners."""
        standing = standing_of(user)
        inside = standing.wide_ids | standing.lead_partner_ids
        shared = Q(status=Arrangements.Status.PUBLISHED, partnership__in=standing.partnership_ids)
        return self.filter(shared | Q(partnership__in=inside))

    def published(self):
        return self.filter(status=Arrangements.Status.PUBLISHED)

    def newest_first(self):
        return self.order_by("-version")

    def in_force(self, *, on):
        """Published, and its first day has come; the newest of these is what counts."""
        return self.published().filter(Q(in_force_from=None) | Q(in_force_from__lte=on)).newest_first()

    def with_standing(self, *, on):
        """Annotate ``in_force_version`` of its partnership, ``endorsed_count`` and ``waiting_count``."""
        now = Arrangements.objects.in_force(on=on).filter(partnership=OuterRef("partnership"))
        partners = Membership.objects.current(on=on).filter(role=Membership.Role.STATUTORY)
        have_endorsed = Endorsement.objects.filter(arrangements=OuterRef(OuterRef("pk"))).values("organisation")
        waiting = partners.filter(partnership=OuterRef("partnership")).exclude(organisation__in=have_endorsed)
        return self.annotate(
            in_force_version=Subquery(now.values("version")[:1]),
            endorsed_count=counted(Endorsement.objects.filter(arrangements=OuterRef("pk")), "arrangements"),
            waiting_count=counted(waiting, "partnership"),
        )

    def without_bytes(self):
        """With the published file's name and size, and none of its bytes."""
        return self.select_related("published_file").defer("published_file__content", "published_file__manifest")


def counted(rows, by):
    """How many of ``rows`` there are, as a column of the query they refer to."""
    counts = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counts, output_field=models.IntegerField()), 0)


@recorded
class Arrangements(RulesModel):
    """One version of how a partnership says it works together. What was published stands."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        ENDORSING = "endorsing", "Being endorsed"
        PUBLISHED = "published", "Published"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="arrangements")
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    summary = models.TextField(help_text="In plain words, for the public page")
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    in_force_from = models.DateField(null=True, blank=True)
    review_on = models.DateField("to be reviewed", null=True, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_file = models.OneToOneField(
        PublishedFile, on_delete=models.PROTECT, null=True, blank=True, related_name="arrangements"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_without = models.TextField(
        "why it was published before everyone had endorsed it", blank=True, help_text="Shown on the public page"
    )
    taken_back_because = models.TextField("why it was taken back", blank=True)

    objects = ArrangementsQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "-version"]
        verbose_name = "arrangements"
        verbose_name_plural = "arrangements"
        rules_permissions = {
            "view": is_person_of_partnership,
            "change": is_office & ~stands,
            "endorse": is_lead_partner | is_office,
            "publish": is_office,
        }
        constraints = [
            models.UniqueConstraint(fields=["partnership", "version"], name="one_arrangements_a_version"),
            models.UniqueConstraint(
                fields=["partnership"], condition=~Q(status="published"), name="one_version_in_hand"
            ),
            models.CheckConstraint(
                name="published_arrangements_have_a_file",
                condition=~Q(status="published") | (~Q(published_file=None) & ~Q(published_at=None)),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_arrangements_stand",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status="published"),
            )
        ]

    def __str__(self):
        return f"{self.title}, version {self.version}"

    def get_absolute_url(self):
        return reverse("partnership:arrangements-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}

    @property
    def is_published(self):
        return self.status == self.Status.PUBLISHED

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    @property
    def is_endorsing(self):
        return self.status == self.Status.ENDORSING


class ArrangementsChangeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(arrangements__in=Arrangements.objects.visible_to(user).values("pk"))


@recorded
class ArrangementsChange(RulesModel):
    """One thing that this version changed, with its reason and by when it is carried out.

    Working Together 2023, chapter 2: updates to the published arrangements are reported each year
    with their rationale and timescale.
    """

    arrangements = models.ForeignKey(Arrangements, on_delete=models.CASCADE, related_name="changes")
    position = models.PositiveSmallIntegerField(default=1)
    what = models.TextField("what changes")
    reason = models.TextField("why")
    timescale = models.CharField("by when", max_length=120)

    objects = ArrangementsChangeQuerySet.as_manager()

    class Meta:
        ordering = ["arrangements", "position", "pk"]
        rules_permissions = {"view": is_person_of_partnership, "change": is_office & ~stands}

    def __str__(self):
        return self.what

    @property
    def partnership_ids(self):
        return self.arrangements.partnership_ids

    @property
    def is_published(self):
        return self.arrangements.is_published


@recorded
class Endorsement(models.Model):
    """A lead representative stands behind a version, for their organisation."""

    arrangements = models.ForeignKey(Arrangements, on_delete=models.CASCADE, related_name="endorsements")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="endorsements")
    name = models.CharField("who endorsed it", max_length=120)
    post_title = models.CharField("their post", max_length=160)
    endorsed_on = models.DateField("on")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)

    class Meta:
        ordering = ["arrangements", "endorsed_on", "organisation__name"]
        constraints = [
            models.UniqueConstraint(fields=["arrangements", "organisation"], name="one_endorsement_an_organisation")
        ]

    def __str__(self):
        return f"{self.name}, {self.post_title}"


@recorded
class DisputeStep(models.Model):
    """A stage of the partnership's own way of settling disputes, with the time there is to answer."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="dispute_steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    who = models.CharField("who talks to whom", max_length=200)
    working_days = models.PositiveSmallIntegerField("time to answer", help_text="In working days")

    class Meta:
        ordering = ["partnership", "position"]
        constraints = [models.UniqueConstraint(fields=["partnership", "position"], name="one_dispute_step_a_position")]

    def __str__(self):
        return self.name


class DisputeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those who hold a post that is involved. Nobody else learns that there is a dispute."""
        own = Dispute.people.through.objects.filter(post__in=standing_of(user).post_ids)
        return self.filter(pk__in=own.values("dispute"))

    def with_stage(self):
        """Annotate ``stage_name`` and ``stage_due_on`` of the last stage begun, due only while it waits."""
        last = DisputeStage.objects.filter(dispute=OuterRef("pk")).order_by("-position")
        waiting = last.filter(answered_on=None, dispute__settled_on=None)
        return self.annotate(
            stage_name=Subquery(last.values("name")[:1]),
            stage_due_on=Subquery(waiting.values("answer_due_on")[:1]),
        )


@recorded
class Dispute(RulesModel):
    """A disagreement between partners, stage by stage, with the advice taken and the answer to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="disputes")
    ref = models.CharField(max_length=30)
    title = models.CharField("what it is about", max_length=200)
    about = models.TextField("what each side says")
    raised_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    raised_with = models.ManyToManyField(Organisation, related_name="+")
    people = models.ManyToManyField(Post, related_name="disputes", help_text="Who is involved. Only they can see it")
    raised_on = models.DateField("raised")
    advice = models.TextField("the independent advice", blank=True)
    advice_by = models.CharField("who gave it", max_length=160, blank=True)
    advice_on = models.DateField("given", null=True, blank=True)
    advice_answer = models.TextField("the response to the advice", blank=True)
    advice_answered_on = models.DateField("responded", null=True, blank=True)
    outcome = models.TextField("how it was settled", blank=True)
    learned = models.TextField("what was learned", blank=True)
    settled_on = models.DateField("settled", null=True, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_on", "ref"]
        rules_permissions = {
            "view": is_dispute_party,
            "change": is_dispute_writer,
            "advise": is_dispute_writer | (is_dispute_party & is_advisor),
        }
        constraints = [
            models.UniqueConstraint(fields=["partnership", "ref"], name="one_dispute_a_ref"),
            models.CheckConstraint(name="settled_dispute_says_how", condition=Q(settled_on=None) | ~Q(outcome="")),
            models.CheckConstraint(name="answer_follows_advice", condition=Q(advice_answer="") | ~Q(advice="")),
            models.CheckConstraint(
                name="dispute_settled_after_raised", condition=Q(settled_on=None) | Q(settled_on__gte=F("raised_on"))
            ),
        ]

    def __str__(self):
        return f"{self.ref}: {self.title}"

    def get_absolute_url(self):
        return reverse("partnership:dispute-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}

    @property
    def people_ids(self):
        return set(self.people.values_list("pk", flat=True))


@links
class DisputePost(Dispute.people.through):
    class Meta:
        proxy = True


@links
class DisputeOrganisation(Dispute.raised_with.through):
    class Meta:
        proxy = True


class DisputeStageQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(dispute__in=Dispute.objects.visible_to(user).values("pk"))


@recorded
class DisputeStage(RulesModel):
    """One stage that a dispute went through: begun, an answer due, answered."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    begun_on = models.DateField("begun")
    answer_due_on = models.DateField("answer due")
    due_reason = models.CharField("why by that day", max_length=300, blank=True)
    answered_on = models.DateField("answered", null=True, blank=True)
    answer = models.TextField(blank=True)
    owed_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="who answers"
    )

    objects = DisputeStageQuerySet.as_manager()

    class Meta:
        ordering = ["dispute", "position"]
        rules_permissions = {"view": is_dispute_party, "answer": is_dispute_writer | (is_dispute_party & owes_answer)}
        constraints = [
            models.UniqueConstraint(fields=["dispute", "position"], name="one_stage_a_position"),
            models.CheckConstraint(name="answered_stage_has_words", condition=Q(answered_on=None) | ~Q(answer="")),
            models.CheckConstraint(
                name="stage_answered_after_begun", condition=Q(answered_on=None) | Q(answered_on__gte=F("begun_on"))
            ),
            models.CheckConstraint(name="stage_due_after_begun", condition=Q(answer_due_on__gte=F("begun_on"))),
        ]

    def __str__(self):
        return self.name

    @property
    def partnership_ids(self):
        return self.dispute.partnership_ids

    @property
    def people_ids(self):
        return self.dispute.people_ids
