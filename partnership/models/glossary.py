"""The abbreviations and words of the trade that a partnership's office explains to its people."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import recorded
from partnership.models.organisations import Partnership
from partnership.rules import is_office, is_person_of_partnership
from partnership.standing import standing_of


class GlossaryTermQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(partnership__in=standing_of(user).partnership_ids)


@recorded
class GlossaryTerm(RulesModel):
    """``stands_for`` is empty where ``term`` is no abbreviation; one of it and ``meaning`` is there."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="glossary")
    term = models.CharField(max_length=60)
    stands_for = models.CharField(max_length=200, blank=True)
    meaning = models.TextField(blank=True)

    objects = GlossaryTermQuerySet.as_manager()

    class Meta:
        ordering = [Lower("term"), "partnership"]
        constraints = [
            models.UniqueConstraint("partnership", Lower("term"), name="a_term_is_explained_once"),
            models.CheckConstraint(name="a_term_is_explained", condition=~Q(stands_for="", meaning="")),
        ]
        rules_permissions = {"view": is_person_of_partnership, "change": is_office}

    def __str__(self):
        return self.term

    def get_absolute_url(self):
        return f"{reverse('partnership:glossary')}#term-{self.pk}"

    @property
    def partnership_ids(self):
        return {self.partnership_id}
