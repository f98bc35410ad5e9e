"""A request asks organisations; each answers with one return for every partnership that asked."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from assurance.rules import is_own_return, is_unsubmitted
from partnership.history import links, recorded
from partnership.models import Organisation, Partnership
from partnership.rules import is_advisor, is_office
from partnership.standing import standing_of


@recorded
class AssuranceRequest(models.Model):
    """What one or more partnerships ask their members, and by when."""

    partnerships = models.ManyToManyField(Partnership, related_name="requests")
    title = models.CharField(max_length=160)
    introduction = models.TextField(blank=True)
    due_on = models.DateField()
    sent_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True, help_text="From then on nobody is asked for an answer any more")

    class Meta:
        ordering = ["-due_on"]

    def __str__(self):
        return self.title


@links
class AssuranceRequestPartnership(AssuranceRequest.partnerships.through):
    class Meta:
        proxy = True


@recorded
class Question(models.Model):
    """One question of a request."""

    request = models.ForeignKey(AssuranceRequest, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    guidance = models.TextField(blank=True)

    class Meta:
        ordering = ["request", "position"]

    def __str__(self):
        return self.text


class ReturnQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own organisation's; of others only what was submitted, and only for office and advisor."""
        standing = standing_of(user)
        submitted = Q(request__partnerships__in=standing.wide_ids) & ~Q(submitted_at=None)
        return self.filter(
            Q(organisation__in=standing.organisation_ids) | Q(pk__in=Return.objects.filter(submitted).values("pk"))
        )

    def of_organisations(self, ids):
        return self.filter(organisation__in=ids)

    def followed_by(self, user):
        """For an office who has answered and who has not; for an advisor what was submitted.

        Of a return that is not submitted only the organisation's name is meant to be shown.
        """
        standing = standing_of(user)
        asked = AssuranceRequest.partnerships.through.objects
        of_office = asked.filter(partnership__in=standing.office_ids).values("assurancerequest")
        of_advisor = asked.filter(partnership__in=standing.advisor_ids).values("assurancerequest")
        return self.filter(Q(request__in=of_office) | Q(request__in=of_advisor) & ~Q(submitted_at=None))

    def late(self, *, on):
        return self.filter(submitted_at=None, request__closed_on=None, request__due_on__lt=on)

    def asked(self, *, on):
        """Of requests that were sent by that day, those still to answer first."""
        return self.filter(request__sent_on__lte=on).order_by(
            F("submitted_at").asc(nulls_first=True), "request__due_on"
        )

    def with_answer_counts(self):
        """Annotate ``answered_count`` and ``question_count``."""
        return self.annotate(
            answered_count=Count("answers", filter=~Q(answers__text=""), distinct=True),
            question_count=Count("request__questions", distinct=True),
        )


@recorded
class Return(RulesModel):
    """One organisation's answer to one request: a draft until it is submitted, then fixed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(AssuranceRequest, on_delete=models.PROTECT, related_name="returns")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="returns")
    signed_off_by = models.CharField("senior person who signed it off", max_length=160, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        ordering = ["request", "organisation__name"]
        indexes = [models.Index(fields=["request"], condition=Q(submitted_at=None), name="return_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["request", "organisation"], name="one_return_a_request_and_organisation")
        ]
        rules_permissions = {
            "view": is_own_return | is_office | is_advisor,
            "change": is_own_return & is_unsubmitted,
        }

    def __str__(self):
        return f"{self.request}: {self.organisation}"

    def get_absolute_url(self):
        return reverse("assurance:return-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return set(self.request.partnerships.values_list("pk", flat=True))


@recorded
class Answer(models.Model):
    """An organisation's words on one question."""

    record = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["question__position"]
        constraints = [models.UniqueConstraint(fields=["record", "question"], name="one_answer_a_question")]

    def __str__(self):
        return self.text[:80]
