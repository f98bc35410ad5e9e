"""Sets of questions that requests are built from. A request copies them, so a set may change from year to year."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from assurance.rules import is_own_office, is_shared
from partnership.history import recorded
from partnership.models import Partnership
from partnership.rules import is_administrator, is_person_of_partnership
from partnership.standing import standing_of


class OwnOrSharedQuerySet(models.QuerySet):
    """What one partnership keeps for itself (``partnership``), or the installation offers to all (none)."""

    def visible_to(self, user):
        standing = standing_of(user)
        if standing.is_administrator:
            return self
        if standing.user_id is None:
            return self.none()
        return self.filter(Q(partnership=None) | Q(partnership__in=standing.partnership_ids))

    def offered_to(self, partnership_ids):
        """Those that everybody is offered, and those of these partnerships, that are not retired."""
        return self.filter(Q(partnership=None) | Q(partnership__in=partnership_ids), retired_on=None)


class OwnOrShared(RulesModel):
    """Of one partnership, whose office changes it; or of the installation, whose administrator does."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="None: offered to all"
    )
    retired_on = models.DateField("no longer offered from", null=True, blank=True)

    objects = OwnOrSharedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def preprocess_rules_permissions(cls, perms):
        """Every kind of them has these. In the abstract model's Meta they would be its own alone."""
        perms.setdefault("view", is_shared | is_person_of_partnership | is_administrator)
        perms.setdefault("change", is_own_office | (is_shared & is_administrator))

    @property
    def partnership_ids(self):
        return {self.partnership_id} - {None}


@recorded
class QuestionSet(OwnOrShared):
    """Questions that are asked together, like the five questions of an assurance return."""

    code = models.SlugField(max_length=40, blank=True, help_text="Of a set that the installation brought")
    title = models.CharField(max_length=120)
    about = models.TextField("what it is for", blank=True)
    source = models.CharField("where it comes from", max_length=200, blank=True)

    class Meta(OwnOrShared.Meta):
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "title"], nulls_distinct=False, name="one_question_set_a_title"
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assurance:question-set-detail", args=[self.pk])


@recorded
class SetQuestion(models.Model):
    """One question of a set. Whoever was asked it last year finds their answer by it, however its words changed."""

    question_set = models.ForeignKey(QuestionSet, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField("question", max_length=300)
    guidance = models.TextField(blank=True)
    is_required = models.BooleanField("must be answered", default=True)
    wants_evidence = models.BooleanField("evidence wanted", default=False)
    is_voice = models.BooleanField("about the voice of children or adults", default=False)
    retired_on = models.DateField("no longer asked from", null=True, blank=True)

    class Meta:
        ordering = ["question_set", "position", "pk"]

    def __str__(self):
        return self.text
