"""What a partnership looks into, quarter by quarter, for three years."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import links, recorded
from partnership.models import Group, Partnership
from partnership.rules import is_office, is_person_of_partnership
from partnership.standing import standing_of
from plans.models import Priority

FIRST_MONTH = 4  # of a plan's year


def first_of_quarter(day):
    """The first day of the quarter in which ``day`` is."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def quarter_after(day, count=1):
    """The first day of the quarter ``count`` after that of ``day``."""
    months = day.year * 12 + (day.month - 1) // 3 * 3 + 3 * count
    return date(months // 12, months % 12 + 1, 1)


def year_of(day):
    """The calendar year in which the plan year of ``day`` began."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


class TimetableEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.of_partnerships(standing_of(user).partnership_ids)

    def of_partnerships(self, ids):
        links_of = TimetableEntry.partnerships.through.objects
        return self.filter(pk__in=links_of.filter(partnership__in=ids).values("timetableentry"))

    def between(self, first, last):
        return self.filter(quarter_on__range=(first, last))

    def overdue(self, *, on):
        """Not done though their quarter has passed."""
        return self.filter(done_on=None, quarter_on__lt=first_of_quarter(on))

    def for_pages(self):
        """In order of time, with the group, the priority and its plan."""
        return self.select_related("group", "priority__plan").order_by("quarter_on", "title", "pk")


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
    is_yearly = models.BooleanField("comes back every year", default=False)
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

    def get_absolute_url(self):
        return f"{reverse('assurance:timetable')}?from={self.year}#entry-{self.pk}"

    @property
    def year(self):
        return year_of(self.quarter_on)

    @property
    def quarter_ends_on(self):
        return quarter_after(self.quarter_on) - timedelta(days=1)

    def is_overdue(self, *, on):
        return self.done_on is None and self.quarter_ends_on < on

    @property
    def partnership_ids(self):
        return {partnership.pk for partnership in self.partnerships.all()}


@links
class TimetableEntryPartnership(TimetableEntry.partnerships.through):
    class Meta:
        proxy = True
