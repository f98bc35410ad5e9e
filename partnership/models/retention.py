"""How long a partnership keeps what it holds about people, what it handed over, and whom it forgot."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import recorded
from partnership.models.emergency import is_asker
from partnership.models.organisations import Partnership
from partnership.rules import edits_policy, is_administrator
from partnership.standing import standing_of

USER = settings.AUTH_USER_MODEL


class OfOfficeQuerySet(models.QuerySet):
    """Of one partnership, or of the installation where that is None."""

    def visible_to(self, user):
        """To the office of its partnership; all of them to an administrator."""
        standing = standing_of(user)
        if standing.is_administrator:
            return self.all()
        return self.filter(partnership__in=standing.office_ids)


@recorded
class RetentionPeriod(models.Model):
    """What an office decided of one kind of record in place of what is usual. ``months`` None: kept for good."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.SlugField(max_length=30)
    months = models.PositiveSmallIntegerField("months to keep it", null=True, blank=True)
    because = models.TextField("why")
    is_by_itself = models.BooleanField("every night by itself", default=False)
    set_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "kind"], name="one_period_a_kind", nulls_distinct=False)
        ]

    def __str__(self):
        return self.kind


@recorded
class LegalHold(RulesModel):
    """Nothing of this is deleted while it stands: an inquiry or a court may ask for it. ``kind`` empty: all of it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.SlugField(max_length=30, blank=True)
    because = models.TextField("why it must be kept")
    placed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_because = models.TextField("why it need not be kept any longer", blank=True)

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at"]
        rules_permissions = {"view": edits_policy | is_administrator, "lift": edits_policy | is_administrator}
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "kind"],
                condition=Q(lifted_at=None),
                name="one_hold_at_a_time",
                nulls_distinct=False,
            )
        ]

    def __str__(self):
        return f"Hold on {self.kind or 'everything'}"


@recorded
class RetentionRun(models.Model):
    """How many records of a kind went on a day, and on whose word. No name stands in it. ``by`` None: by night."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.SlugField(max_length=30)
    count = models.PositiveIntegerField()
    older_than = models.DateField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.count} of {self.kind}"


class SubjectQuerySet(models.QuerySet):
    def visible_to(self, user):
        """To whoever asked for or made it, to the offices of its partnership, and to administrators."""
        standing = standing_of(user)
        if standing.is_administrator:
            return self.all()
        return self.filter(Q(partnership__in=standing.office_ids) | self.model.own(standing.user_id))


class AboutSomebody(RulesModel):
    """``subject_kind`` and ``subject_key`` say who it is about; the key is that of their record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    subject_kind = models.SlugField(max_length=20)
    subject_key = models.CharField(max_length=40)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def partnership_ids(self):
        return {self.partnership_id} - {None}


@recorded
class SubjectAccess(AboutSomebody):
    """A copy of what is held about somebody was made. The copy itself is not kept; its digests are."""

    because = models.TextField("who asked, and how you know that it is them")
    is_of_cases = models.BooleanField(default=False)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64, help_text="Of the list of files, which has the digest of each")
    record_count = models.PositiveIntegerField()
    to_read_count = models.PositiveIntegerField(help_text="Places to be read before it is handed over")

    class Meta:
        ordering = ["-made_at"]
        rules_permissions = {"view": edits_policy | is_administrator}

    def __str__(self):
        return f"Copy of {self.made_at:%Y-%m-%d}"

    @staticmethod
    def own(user_id):
        return Q(made_by=user_id)


@recorded
class Erasure(AboutSomebody):
    """Somebody is forgotten: one person asks, a second confirms. Their name does not stand here afterwards."""

    pseudonym = models.CharField(max_length=60, blank=True)
    because = models.TextField("why they may be erased")
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.TextField("why not", blank=True)
    counts = models.JSONField(default=dict, help_text="How many rows of which table were changed")

    class Meta:
        ordering = ["-asked_at"]
        rules_permissions = {
            "view": edits_policy | is_administrator,
            "withdraw": edits_policy | is_administrator,
            "confirm": (edits_policy | is_administrator) & ~is_asker,
        }
        constraints = [
            models.CheckConstraint(
                name="erasure_takes_two", condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by"))
            ),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_key"],
                condition=Q(confirmed_at=None, withdrawn_at=None),
                name="one_erasure_asked",
            ),
        ]

    def __str__(self):
        return f"Erasure of {self.pseudonym or self.subject_kind}"

    def get_absolute_url(self):
        return reverse("partnership:erasure-detail", args=[self.pk])

    @property
    def is_open(self):
        return not self.confirmed_at and not self.withdrawn_at

    @staticmethod
    def own(user_id):
        return Q(asked_by=user_id)
