"""What practitioners say, beside what their organisation says of itself: a short survey without accounts or names."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from assurance.models.returns import AssuranceRequest
from assurance.models.standards import Standard
from partnership.history import recorded
from partnership.models import Organisation, Partnership
from partnership.rules import is_advisor, is_office
from partnership.standing import standing_of
from partnership.templatetags.components import long_date


class PractitionerSurveyQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(partnership__in=standing_of(user).wide_ids)


@recorded
class PractitionerSurvey(RulesModel):
    """Statements that practitioners agree with or not, asked in a stretch of days, beside a self-assessment."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="practitioner_surveys")
    request = models.ForeignKey(
        AssuranceRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="practitioner_surveys"
    )
    title = models.CharField(max_length=160)
    introduction = models.TextField(blank=True)
    opens_on = models.DateField("opens")
    closes_on = models.DateField("closes")

    objects = PractitionerSurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on", "-pk"]
        rules_permissions = {"view": is_office | is_advisor, "change": is_office}
        constraints = [
            models.CheckConstraint(name="survey_closes_after_it_opens", condition=Q(closes_on__gte=F("opens_on")))
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assurance:practitioner-survey", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}


@recorded
class SurveyStatement(models.Model):
    """One statement to agree with, and the standard it throws light on."""

    survey = models.ForeignKey(PractitionerSurvey, on_delete=models.CASCADE, related_name="statements")
    position = models.PositiveSmallIntegerField()
    text = models.CharField("statement", max_length=300)
    standard = models.ForeignKey(Standard, on_delete=models.SET_NULL, null=True, blank=True, related_name="statements")

    class Meta:
        ordering = ["survey", "position", "pk"]

    def __str__(self):
        return self.text


@recorded
class SurveyInvitation(models.Model):
    """The link that one organisation hands to its practitioners. A new ``generation`` ends the links before it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(PractitionerSurvey, on_delete=models.CASCADE, related_name="invitations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    generation = models.PositiveSmallIntegerField(default=1)
    sent_on = models.DateField("link given to the organisation", null=True, blank=True)

    class Meta:
        ordering = ["survey", "organisation__name"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "organisation"], name="one_invitation_an_organisation")
        ]

    def __str__(self):
        return f"{self.survey}: {self.organisation}"


class PractitionerReply(models.Model):
    """One practitioner's answers. Nothing says whose: no name, no address, a day and no time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.ForeignKey(SurveyInvitation, on_delete=models.CASCADE, related_name="replies")
    replied_on = models.DateField()
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["replied_on", "pk"]
        verbose_name_plural = "practitioner replies"

    def __str__(self):
        return f"{self.invitation}, {long_date(self.replied_on)}"


class PractitionerMark(models.Model):
    """How much a practitioner agrees with a statement: 1 not at all, 5 wholly; no row where they cannot say."""

    reply = models.ForeignKey(PractitionerReply, on_delete=models.CASCADE, related_name="marks")
    statement = models.ForeignKey(SurveyStatement, on_delete=models.CASCADE, related_name="marks")
    value = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])

    class Meta:
        ordering = ["reply", "statement__position"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "statement"], name="one_mark_a_statement"),
            models.CheckConstraint(name="mark_is_one_to_five", condition=Q(value__range=(1, 5))),
        ]

    def __str__(self):
        return str(self.value)
