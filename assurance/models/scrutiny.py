"""What a partnership makes of the returns it was given: a judgement in its own words, comments, actions, a summary."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from assurance.models.questions import OwnOrShared
from assurance.models.returns import AssuranceRequest, Question, Return, read_by_group
from assurance.models.standards import Standard
from assurance.rules import chairs_scrutiny, has_conflict, is_own_return, is_released, is_scrutineer
from partnership.history import recorded
from partnership.models import Meeting, MeetingAction, Partnership
from partnership.rules import is_advisor, is_office, is_person_of_partnership
from partnership.standing import standing_of
from plans.models import Rating


@recorded
class AssuranceLevel(OwnOrShared):
    """How assured a board may be, in its own words: assured, partly assured, not assured."""

    position = models.PositiveSmallIntegerField(help_text="The least assured first")
    word = models.CharField(max_length=40)
    meaning = models.CharField(max_length=300, blank=True)
    token = models.CharField("colour", max_length=8, choices=Rating.Token, default=Rating.Token.GREY)
    shape = models.CharField(max_length=8, choices=Rating.Shape, default=Rating.Shape.RING)

    class Meta(OwnOrShared.Meta):
        ordering = ["partnership", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "word"], nulls_distinct=False, name="one_assurance_level_a_word"
            )
        ]

    def __str__(self):
        return self.word

    @property
    def code(self):
        """The letter in its shape."""
        return self.word[:1].upper()


class ScrutinyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Its office, advisor and group, but those of the group whose own organisation it is.

        What the organisation itself is told of it is a ``ScrutinyResponse``.
        """
        standing = standing_of(user)
        group = read_by_group(user, "record__request") & ~Q(record__organisation__in=standing.organisation_ids)
        return self.filter(Q(partnership__in=standing.wide_ids) | group)


@recorded
class Scrutiny(RulesModel):
    """What one partnership makes of one return. Another that was given the same return has its own."""

    record = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="scrutinies")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="scrutinies")
    level = models.ForeignKey(
        AssuranceLevel, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="judgement"
    )
    reasons = models.TextField("why", blank=True)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="judged at"
    )
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    judged_at = models.DateTimeField(null=True, blank=True)
    response = models.TextField("what the organisation is told", blank=True, help_text="As it is drafted")
    responded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    responded_at = models.DateTimeField(null=True, blank=True)

    objects = ScrutinyQuerySet.as_manager()

    class Meta:
        ordering = ["record", "partnership"]
        verbose_name_plural = "scrutinies"
        rules_permissions = {
            "read": is_office | is_advisor | is_scrutineer,
            "view": (is_office | is_advisor | is_scrutineer) & ~has_conflict,
            "judge": (is_office | chairs_scrutiny) & ~has_conflict,
            "respond": is_office,
        }
        constraints = [
            models.UniqueConstraint(fields=["record", "partnership"], name="one_scrutiny_a_return_and_partnership"),
            models.CheckConstraint(
                name="scrutiny_is_judged_wholly",
                condition=Q(level=None, judged_at=None) | Q(level__isnull=False, judged_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.record}, {self.partnership}"

    def get_absolute_url(self):
        return reverse("assurance:scrutiny-detail", args=[self.record_id, self.partnership.slug])

    @property
    def partnership_ids(self):
        return {self.partnership_id}

    @property
    def organisation_id(self):
        return self.record.organisation_id

    @property
    def request(self):
        return self.record.request


class ScrutinyResponseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The organisation that is told; the office, the advisor and the group that tell it."""
        standing = standing_of(user)
        told = Q(scrutiny__record__organisation__in=standing.organisation_ids)
        return self.filter(told | Q(scrutiny__in=Scrutiny.objects.visible_to(user).values("pk")))

    def latest(self):
        """Of each return and partnership the last."""
        later = ScrutinyResponse.objects.filter(scrutiny=OuterRef("scrutiny"), sent_at__gt=OuterRef("sent_at"))
        return self.filter(~Exists(later))


@recorded
class ScrutinyResponse(RulesModel):
    """What an organisation was told of its return. A later one follows it; neither changes."""

    scrutiny = models.ForeignKey(Scrutiny, on_delete=models.PROTECT, related_name="responses")
    level = models.ForeignKey(AssuranceLevel, on_delete=models.PROTECT, related_name="+", verbose_name="judgement")
    text = models.TextField("what the organisation is told")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    read_at = models.DateTimeField(null=True, blank=True, help_text="When the organisation said that it has read it")

    objects = ScrutinyResponseQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        rules_permissions = {"read": is_own_return}
        triggers = [
            pgtrigger.Protect(
                name="response_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("scrutiny", "level", "text", "sent_by", "sent_at"),
            )
        ]

    def __str__(self):
        return self.text[:80]

    @property
    def organisation_id(self):
        return self.scrutiny.record.organisation_id


@recorded
class ScrutinyComment(models.Model):
    """A remark on a return, on one answer or standard, or on all. For those who scrutinise alone."""

    scrutiny = models.ForeignKey(Scrutiny, on_delete=models.CASCADE, related_name="comments")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField("comment")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["said_at", "pk"]

    def __str__(self):
        return self.text[:80]


@recorded
class ScrutinyAction(models.Model):
    """What is to follow from a return: a line of the group's action log, led by the organisation."""

    scrutiny = models.ForeignKey(Scrutiny, on_delete=models.CASCADE, related_name="follow_ups")
    action = models.OneToOneField(MeetingAction, on_delete=models.CASCADE, related_name="scrutiny_link")

    class Meta:
        ordering = ["action__due_on", "pk"]

    def __str__(self):
        return str(self.action)


class ThematicSummaryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody of the partnership once it is released; until then its office, advisor and group."""
        standing = standing_of(user)
        own = Q(partnership__in=standing.wide_ids) | read_by_group(user, "request")
        return self.filter(own | Q(partnership__in=standing.partnership_ids) & ~Q(released_on=None))


@recorded
class ThematicSummary(RulesModel):
    """What all the returns to one request say together, for one partnership."""

    request = models.ForeignKey(AssuranceRequest, on_delete=models.PROTECT, related_name="summaries")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    introduction = models.TextField("in all", blank=True)
    released_on = models.DateField("released to members", null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    figures = models.JSONField(
        default=dict, blank=True, help_text="What was counted on the day it was released, as members read it"
    )

    objects = ThematicSummaryQuerySet.as_manager()

    class Meta:
        ordering = ["request", "partnership"]
        verbose_name_plural = "thematic summaries"
        rules_permissions = {
            "view": is_office | is_advisor | is_scrutineer | (is_person_of_partnership & is_released),
            "change": is_office & ~is_released,
            "release": is_office,
        }
        constraints = [
            models.UniqueConstraint(fields=["request", "partnership"], name="one_summary_a_request_and_partnership")
        ]

    def __str__(self):
        return f"{self.request}: what the returns say"

    def get_absolute_url(self):
        return reverse("assurance:summary-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}


@recorded
class SummarySection(models.Model):
    """What the returns say on one theme, or to one question."""

    class Kind(models.TextChoices):
        STRENGTH = "strength", "What goes well"
        CONCERN = "concern", "What worries us"
        NEXT = "next", "What happens next"

    summary = models.ForeignKey(ThematicSummary, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.STRENGTH)
    heading = models.CharField(max_length=160)
    text = models.TextField()
    question = models.ForeignKey(Question, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["summary", "position", "pk"]

    def __str__(self):
        return self.heading
