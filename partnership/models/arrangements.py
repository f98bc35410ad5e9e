"""The published arrangements, what changed in them and who endorsed them; and disputes about them."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import links, recorded
from partnership.models.documents import Document, PublishedFile
from partnership.models.organisations import Organisation, Partnership
from partnership.models.people import Post
from partnership.rules import is_dispute_party, is_dispute_writer, is_lead_partner, is_office, is_person_of_partnership
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

    objects = ArrangementsQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "-version"]
        verbose_name = "arrangements"
        verbose_name_plural = "arrangements"
        rules_permissions = {
            "view": is_person_of_partnership,
            "change": is_office,
            "endorse": is_lead_partner,
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


@recorded
class ArrangementsChange(models.Model):
    """One thing that this version changed, with its reason and by when it is carried out.

    Working Together 2023, chapter 2: updates to the published arrangements are reported each year
    with their rationale and timescale.
    """

    arrangements = models.ForeignKey(Arrangements, on_delete=models.CASCADE, related_name="changes")
    position = models.PositiveSmallIntegerField(default=1)
    what = models.TextField("what changes")
    reason = models.TextField("why")
    timescale = models.CharField("by when", max_length=120)

    class Meta:
        ordering = ["arrangements", "position", "pk"]

    def __str__(self):
        return self.what


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
    settled_on = models.DateField("settled", null=True, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_on", "ref"]
        rules_permissions = {"view": is_dispute_party, "change": is_dispute_writer, "advise": is_dispute_party}
        constraints = [
            models.UniqueConstraint(fields=["partnership", "ref"], name="one_dispute_a_ref"),
            models.CheckConstraint(name="settled_dispute_says_how", condition=Q(settled_on=None) | ~Q(outcome="")),
            models.CheckConstraint(name="answer_follows_advice", condition=Q(advice_answer="") | ~Q(advice="")),
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


@recorded
class DisputeStage(models.Model):
    """One stage that a dispute went through: begun, an answer due, answered."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    begun_on = models.DateField("begun")
    answer_due_on = models.DateField("answer due")
    answered_on = models.DateField("answered", null=True, blank=True)
    answer = models.TextField(blank=True)
    owed_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="who answers"
    )

    class Meta:
        ordering = ["dispute", "position"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "position"], name="one_stage_a_position"),
            models.CheckConstraint(name="answered_stage_has_words", condition=Q(answered_on=None) | ~Q(answer="")),
        ]

    def __str__(self):
        return self.name
