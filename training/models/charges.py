"""What agencies are charged, and what training they give their own people."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.urls import reverse

from partnership.history import recorded
from partnership.models import Organisation
from partnership.models.of_partnership import OfPartnership
from partnership.standing import standing_of
from training.rules import is_of_own_organisation, is_submitted, runs_training

# A row of a return that was submitted stays as it is. That of a return taken back goes with it.
COURSES_STAND = """
    IF EXISTS (SELECT FROM training_agencytrainingreturn WHERE id = OLD.record_id AND submitted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'pgtrigger: Cannot change rows of a submitted return of training';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


class ChargeStatementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever runs training, and the organisation that it is for."""
        standing = standing_of(user)
        return self.filter(
            Q(partnership__in=standing.training_ids | standing.office_ids)
            | Q(organisation__in=standing.organisation_ids)
        )


@recorded
class ChargeStatement(OfPartnership):
    """What one organisation used, gave and owes in a stretch of days, as it was when it was issued. It never changes.

    A correction is a further statement of the same days with the next ``edition``.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    edition = models.PositiveSmallIntegerField(default=1)
    content = models.JSONField(help_text="Its lines: what, how many, at what charge, how much")
    total = models.DecimalField("in pounds", max_digits=9, decimal_places=2)
    note = models.CharField(max_length=300, blank=True, help_text="What this edition corrects")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ChargeStatementQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_on", "organisation__name", "-edition"]
        rules_permissions = {"view": runs_training | is_of_own_organisation, "change": runs_training}
        triggers = [pgtrigger.Protect(name="statement_is_forever", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "organisation", "starts_on", "ends_on", "edition"],
                name="one_statement_an_edition",
            ),
            models.CheckConstraint(name="later_statement_says_what_it_corrects", condition=Q(edition=1) | ~Q(note="")),
        ]

    def __str__(self):
        return f"{self.organisation}, statement of training"

    def get_absolute_url(self):
        return reverse("training:statement-detail", args=[self.pk])


class AgencyTrainingReturnQuerySet(models.QuerySet):
    def visible_to(self, user):
        """An organisation sees its own; whoever runs training knows who was asked."""
        standing = standing_of(user)
        return self.filter(
            Q(partnership__in=standing.training_ids | standing.office_ids)
            | Q(organisation__in=standing.organisation_ids)
        )

    def owed(self):
        return self.filter(submitted_at=None)

    def submitted(self):
        """Those that may be read by more than their own organisation."""
        return self.exclude(submitted_at=None)

    def figures(self):
        """Rows of ``organisation starts_on level needed trained course_count`` of what was submitted.

        Of courses that said both numbers alone, so that a per cent may be made of them.
        """
        rows = AgencyCourse.objects.filter(
            record__in=self.submitted().order_by().values("pk"),
            needed_count__isnull=False,
            trained_count__isnull=False,
        )
        rows = rows.order_by().values("level", organisation=F("record__organisation"), starts_on=F("record__starts_on"))
        return rows.annotate(needed=Sum("needed_count"), trained=Sum("trained_count"), course_count=Count("pk"))


@recorded
class AgencyTrainingReturn(OfPartnership):
    """The single-agency training return: what an organisation taught its own people in a year."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField("from")
    ends_on = models.DateField("to")
    asked_on = models.DateField("asked")
    due_on = models.DateField("due")
    assured = models.TextField("how you know that it is good", blank=True)
    difference = models.TextField("difference it made", blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, help_text="Counts savings, so that none is lost")

    objects = AgencyTrainingReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_on", "organisation__name"]
        rules_permissions = {
            "view": is_of_own_organisation | runs_training,
            "read": is_of_own_organisation | (runs_training & is_submitted),
            "answer": is_of_own_organisation & ~is_submitted,
            "change": runs_training,
        }
        triggers = [
            pgtrigger.Protect(
                name="submitted_training_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__submitted_at__isnull=False, new__submitted_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="submitted_training_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__submitted_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "organisation", "starts_on"], name="one_training_return_a_year"
            ),
            models.CheckConstraint(
                name="training_return_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on"))
            ),
        ]

    def __str__(self):
        return f"{self.organisation}, own training"

    def get_absolute_url(self):
        return reverse("training:own-return-detail", args=[self.pk])


@recorded
class AgencyCourse(models.Model):
    """One line of a single-agency return."""

    record = models.ForeignKey(AgencyTrainingReturn, on_delete=models.CASCADE, related_name="courses")
    position = models.PositiveSmallIntegerField()
    title = models.CharField("course", max_length=160)
    level = models.CharField(max_length=60, blank=True)
    needed_count = models.PositiveIntegerField("people who need it", null=True, blank=True)
    trained_count = models.PositiveIntegerField("people who took it", null=True, blank=True)

    class Meta:
        ordering = ["record", "position", "pk"]
        triggers = [
            pgtrigger.Trigger(
                name="submitted_courses_stand",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=COURSES_STAND,
            )
        ]

    def __str__(self):
        return self.title


class TrainingImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        standing = standing_of(user)
        return self.filter(partnership__in=standing.training_ids | standing.office_ids)


@recorded
class TrainingImport(OfPartnership):
    """One uploaded log of training, and what was understood of it. Nothing counts until a yes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey("partnership.Document", on_delete=models.PROTECT, related_name="+")
    understood = models.JSONField(help_text="What each row means and what is wrong with it")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)

    objects = TrainingImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        rules_permissions = {"view": runs_training, "confirm": runs_training}

    def __str__(self):
        return str(self.document)

    def get_absolute_url(self):
        return reverse("training:import-preview", args=[self.pk])
