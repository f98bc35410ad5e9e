"""What every record shares that is one partnership's."""

from django.db import models
from rules.contrib.models import RulesModel

from partnership.models.organisations import Partnership
from partnership.standing import standing_of


class OfPartnership(RulesModel):
    """A record of one partnership."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def partnership_ids(self):
        return {self.partnership_id}


class OfPartnershipQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(partnership__in=standing_of(user).partnership_ids)
