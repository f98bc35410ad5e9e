"""What a partnership looks into, quarter by quarter, for three years."""

from django.db import models
from django.db.models import Q
from rules.contrib.models import RulesModel

from partnership.history import links, recorded
from partnership.models import Group, Partnership
from partnership.rules import is_office, is_person_of_partnership
from partnership.standing import standing_of
from plans.models import Priority


class TimetableEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        links_of = TimetableEntry.partnerships.through.objects
        own = links_of.filter(partnership__in=standing_of(user).partnership_ids)
        return self.filter(pk__in=own.values("timetableentry"))

    def between(self, first, last):
        return self.filter(quarter_on__range=(first, last))


@recorded
class TimetableEntry(RulesModel):
    """One audit, self-assessment, survey, deep dive or report, in the quarter it is planned for."""

    class Kind(models.TextChoices):
        AUDIT = "audit", "Audit"
        SELF_ASSESSMENT = "self-assessment", "Self-assessment"
        SURVEY = "survey", "Survey"
        DEEP_DIVE = "deep-dive", "Deep dive"
        REPORT = "report", "Assurance report"

    partnerships = models.ManyToManyField(Partnership, related_name="timetable")
    quarter_on = models.DateField("quarter", help_text="Its first day")
    kind = models.CharField(max_length=16, choices=Kind)
    title = models.CharField(max_length=200)
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who carries it out"
    )
    priority = models.ForeignKey(Priority, on_delete=models.SET_NULL, null=True, blank=True, related_name="timetable")
    done_on = models.DateField(null=True, blank=True)

    objects = TimetableEntryQuerySet.as_manager()

    class Meta:
        ordering = ["quarter_on", "title"]
        verbose_name_plural = "timetable entries"
        constraints = [
            models.CheckConstraint(
                name="timetable_quarter_is_first_day",
                condition=Q(quarter_on__day=1, quarter_on__month__in=[1, 4, 7, 10]),
            )
        ]
        rules_permissions = {"view": is_person_of_partnership, "change": is_office}

    def __str__(self):
        return self.title

    @property
    def partnership_ids(self):
        return {partnership.pk for partnership in self.partnerships.all()}


@links
class TimetableEntryPartnership(TimetableEntry.partnerships.through):
    class Meta:
        proxy = True
