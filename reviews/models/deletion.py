"""What ends the time for which a case is kept: the hold that lengthens it, and the deletion that two people decide."""

import uuid

import rules
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from rules.contrib.models import RulesModel

from partnership.history import recorded
from partnership.models import Partnership
from partnership.rules import is_case_group
from partnership.standing import standing_of
from reviews.models.cases import Case
from reviews.rules import decides

USER = settings.AUTH_USER_MODEL


class OfOwnGroupQuerySet(models.QuerySet):
    """Of the people who sit in the case review group; who was let in for a few hours has no part in it."""

    def visible_to(self, user):
        return self.filter(partnership__in=standing_of(user).own_case_group_ids)


@recorded
class CaseHold(RulesModel):
    """This one case is kept beyond its time while it stands: an inquiry, a court or a person may ask for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="holds")
    because = models.TextField("why it must be kept")
    placed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_because = models.TextField("why it need not be kept any longer", blank=True)

    objects = OfOwnGroupQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at"]
        rules_permissions = {"view": is_case_group, "lift": decides}
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(lifted_at=None), name="one_hold_a_case"),
        ]

    def __str__(self):
        return f"Hold on {self.case}"

    @property
    def partnership_ids(self):
        return {self.partnership_id}


@rules.predicate
def asked_for_it(user, deletion):
    return user.pk == deletion.asked_by_id


@recorded
class CaseDeletion(RulesModel):
    """A case whose time is up is deleted: one member of its group asks, a second confirms.

    Afterwards this is all that is left: the day, who, and under which period. ``case`` is the key of what is gone;
    ``because`` says nothing of what it was about.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    case = models.UUIDField("key of the case")
    under = models.CharField("period that was over", max_length=120)
    because = models.TextField("why it may be deleted")
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.TextField("why not", blank=True)

    objects = OfOwnGroupQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        rules_permissions = {"view": is_case_group, "withdraw": decides, "confirm": decides & ~asked_for_it}
        constraints = [
            models.CheckConstraint(
                name="case_deletion_takes_two", condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by"))
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(withdrawn_at=None), name="one_deletion_of_a_case_asked"
            ),
        ]

    def __str__(self):
        return f"Deletion asked for on {self.asked_at:%Y-%m-%d}"

    @property
    def partnership_ids(self):
        return {self.partnership_id}

    @property
    def is_open(self):
        return not self.confirmed_at and not self.withdrawn_at
