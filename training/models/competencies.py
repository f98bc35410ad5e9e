"""What each role has to know, and who knows it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import recorded
from partnership.models import Membership, Organisation
from partnership.models.of_partnership import OfPartnership, OfPartnershipQuerySet
from partnership.rules import is_person_of_partnership
from partnership.standing import standing_of
from training.rules import is_of_own_organisation, runs_training


@recorded
class Competency(OfPartnership):
    """Something that people of some roles have to know or be able to do."""

    title = models.CharField(max_length=160)
    level = models.CharField(max_length=60, blank=True)
    description = models.TextField(blank=True)
    valid_months = models.PositiveSmallIntegerField(
        "refreshed every so many months", null=True, blank=True, help_text="Empty where once is enough"
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = OfPartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "position", "title", "pk"]
        verbose_name_plural = "competencies"
        rules_permissions = {"view": is_person_of_partnership, "change": runs_training}
        constraints = [models.UniqueConstraint("partnership", Lower("title"), name="one_competency_a_title")]

    def __str__(self):
        return f"{self.title}, {self.level}" if self.level else self.title

    def get_absolute_url(self):
        return reverse("training:competency-detail", args=[self.pk])


@recorded
class WorkRole(OfPartnership):
    """A kind of job in the agencies: health visitor, designated teacher, police constable."""

    title = models.CharField(max_length=160)
    position = models.PositiveSmallIntegerField(default=0)

    objects = OfPartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "position", "title", "pk"]
        rules_permissions = {"view": is_person_of_partnership, "change": runs_training}
        constraints = [models.UniqueConstraint("partnership", Lower("title"), name="one_role_a_title")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("training:role-detail", args=[self.pk])


@recorded
class RoleRequirement(models.Model):
    """People in ``role`` need ``competency``, so many months after they began."""

    role = models.ForeignKey(WorkRole, on_delete=models.CASCADE, related_name="requirements")
    competency = models.ForeignKey(Competency, on_delete=models.CASCADE, related_name="requirements")
    within_months = models.PositiveSmallIntegerField("within so many months", default=6)

    class Meta:
        ordering = ["role", "competency"]
        constraints = [models.UniqueConstraint(fields=["role", "competency"], name="one_requirement_a_competency")]

    def __str__(self):
        return f"{self.role}: {self.competency}"


class PractitionerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever runs training sees the practitioners of its members; an organisation its own."""
        standing = standing_of(user)
        members = Membership.objects.filter(partnership__in=standing.training_ids | standing.office_ids)
        return self.filter(
            Q(organisation__in=members.values("organisation")) | Q(organisation__in=standing.organisation_ids)
        )

    def of_partnership(self, partnership):
        members = Membership.objects.filter(partnership=partnership)
        return self.filter(organisation__in=members.values("organisation"))

    def here(self):
        """Those who have not left."""
        return self.filter(left_on=None)

    def on_day(self, day):
        """Those who had not left by then."""
        return self.filter(Q(left_on=None) | Q(left_on__gt=day))


@recorded
class Practitioner(RulesModel):
    """Somebody who works or volunteers in an agency and takes part in training, without an account."""

    name = models.CharField(max_length=120)
    email = models.EmailField("work e-mail", blank=True, help_text="Empty where an old log did not say")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="practitioners")
    job = models.CharField("job title", max_length=120, blank=True)
    role = models.ForeignKey(WorkRole, on_delete=models.SET_NULL, null=True, blank=True, related_name="practitioners")
    began_on = models.DateField("began in this role", null=True, blank=True)
    manager_name = models.CharField("manager’s name", max_length=120, blank=True)
    manager_email = models.EmailField("manager’s e-mail", blank=True)
    left_on = models.DateField("left", null=True, blank=True)

    objects = PractitionerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        rules_permissions = {
            "view": runs_training | is_of_own_organisation,
            "change": runs_training | is_of_own_organisation,
        }
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="one_practitioner_an_email")
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("training:practitioner-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        """Those of which the organisation is a member."""
        members = Membership.objects.filter(organisation=self.organisation_id)
        return set(members.values_list("partnership", flat=True))


@recorded
class CompetencyRecord(models.Model):
    """Somebody gained a competency elsewhere than on a course of ours: their agency says so."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="records")
    competency = models.ForeignKey(Competency, on_delete=models.CASCADE, related_name="records")
    gained_on = models.DateField("gained")
    evidence = models.CharField("how", max_length=200, help_text="The agency’s own course, e-learning, a qualification")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["practitioner", "-gained_on", "pk"]

    def __str__(self):
        return f"{self.practitioner}: {self.competency}"
