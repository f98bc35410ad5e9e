"""Days on which a partnership's offices are closed, beside weekends and bank holidays."""

from django.db import models
from django.db.models import F, Q
from rules.contrib.models import RulesModel

from partnership.history import recorded
from partnership.models.organisations import Partnership
from partnership.rules import is_office, is_person_of_partnership
from partnership.standing import standing_of


class ClosureQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(partnership__in=standing_of(user).partnership_ids)


@recorded
class Closure(RulesModel):
    """From ``first_day`` to ``last_day``. Reminders and local clocks step over them; clocks of law don't."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="closures")
    title = models.CharField(max_length=120)
    first_day = models.DateField()
    last_day = models.DateField()

    objects = ClosureQuerySet.as_manager()

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(name="closure_ends_after_it_begins", condition=Q(last_day__gte=F("first_day"))),
        ]
        rules_permissions = {"view": is_person_of_partnership, "change": is_office}

    def __str__(self):
        return self.title

    @property
    def partnership_ids(self):
        return {self.partnership_id}
