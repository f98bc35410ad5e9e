"""Inspections: by whom, of whom, what they said, and what is done until it is closed."""

from django.db import models
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from assurance.rules import is_released
from partnership.history import links, recorded
from partnership.models import Document, MeetingAction, Organisation
from partnership.models.of_partnership import OfPartnership
from partnership.rules import is_advisor, is_office, is_person_of_partnership
from partnership.standing import standing_of
from plans.models import Priority
from reviews.models import Recommendation, Theme
from reviews.rules import is_of_organisation


class InspectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Office and advisor, and the organisation that was inspected; members once it is told to them."""
        standing = standing_of(user)
        own = Q(organisation__in=standing.organisation_ids, partnership__in=standing.partnership_ids)
        told = Q(partnership__in=standing.partnership_ids) & ~Q(released_on=None)
        return self.filter(Q(partnership__in=standing.wide_ids) | own | told)

    def open(self):
        return self.filter(closed_on=None)

    def with_what_is_open(self):
        """Annotate ``recommendation_count``, ``open_recommendation_count``, ``action_count``, ``open_action_count``."""
        recommended = Inspection.recommendations.through.objects.filter(inspection=OuterRef("pk"))
        followed = InspectionAction.objects.filter(inspection=OuterRef("pk"))
        return self.annotate(
            recommendation_count=counted(recommended),
            open_recommendation_count=counted(recommended.filter(recommendation__closed_on=None)),
            action_count=counted(followed),
            open_action_count=counted(followed.filter(action__closed_on=None)),
        )


def counted(rows):
    """How many of ``rows`` each inspection has."""
    count = rows.order_by().values("inspection").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)


@recorded
class Inspection(OfPartnership):
    """One inspection of an organisation, or of all of us together (no organisation), and what came of it.

    What it recommends are recommendations like any other; what is agreed at once are lines of an action log.
    """

    title = models.CharField("what was inspected", max_length=200)
    inspectorate = models.CharField("by whom", max_length=120, help_text="Ofsted, the Care Quality Commission")
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="inspections",
        verbose_name="organisation inspected",
        help_text="None: all of us together",
    )
    starts_on = models.DateField("began")
    ends_on = models.DateField("ended", null=True, blank=True)
    published_on = models.DateField("report published", null=True, blank=True)
    outcome = models.CharField(max_length=160, blank=True, help_text="In the inspectorate’s own words")
    summary = models.TextField("what it said", blank=True)
    address = models.URLField("where the report can be read", max_length=500, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    priorities = models.ManyToManyField(Priority, related_name="inspections", blank=True)
    themes = models.ManyToManyField(Theme, related_name="inspections", blank=True)
    recommendations = models.ManyToManyField(Recommendation, related_name="inspections", blank=True)
    released_on = models.DateField("told to members", null=True, blank=True)
    next_on = models.DateField("inspected again about", null=True, blank=True)
    closed_on = models.DateField("closed", null=True, blank=True)
    closed_because = models.TextField("what came of it", blank=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        rules_permissions = {
            "view": is_office
            | is_advisor
            | (is_person_of_partnership & is_of_organisation)
            | (is_person_of_partnership & is_released),
            # Members read it as it is since they were told, not what was said before.
            "look_back": is_office | is_advisor | (is_person_of_partnership & is_of_organisation),
            "change": is_office,
        }
        constraints = [
            models.CheckConstraint(
                name="inspection_ends_after_it_begins", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="closed_inspection_says_what_came", condition=Q(closed_on=None) | ~Q(closed_because="")
            ),
        ]

    def __str__(self):
        return f"{self.inspectorate}: {self.title}"

    @property
    def source_words(self):
        """What its recommendations are said to come from."""
        return f"{self} ({self.starts_on:%B %Y})"[:200]

    def get_absolute_url(self):
        return reverse("assurance:inspection-detail", args=[self.pk])


@links
class InspectionPriority(Inspection.priorities.through):
    class Meta:
        proxy = True


@links
class InspectionTheme(Inspection.themes.through):
    class Meta:
        proxy = True


@links
class InspectionRecommendation(Inspection.recommendations.through):
    class Meta:
        proxy = True


@recorded
class InspectionAction(models.Model):
    """What is done because of an inspection: a line of a group's action log."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="follow_ups")
    action = models.OneToOneField(MeetingAction, on_delete=models.CASCADE, related_name="inspection_link")

    class Meta:
        ordering = ["action__due_on", "pk"]

    def __str__(self):
        return str(self.action)
