"""What the annual report asks of others: each agency's own part, and the independent scrutineer's statement."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from assurance.models.annual_reports import AnnualReport
from assurance.rules import is_own_return, is_submitted, is_unpublished_report_of, is_unsubmitted
from partnership.history import recorded
from partnership.models import Organisation
from partnership.rules import is_advisor, is_lead_partner, is_office
from partnership.standing import standing_of


class ReportContributionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own organisation's; every one for office, advisor and lead partners, and what it holds is submitted."""
        standing = standing_of(user)
        inside = AnnualReport.objects.filter(partnerships__in=standing.wide_ids | standing.lead_partner_ids)
        own = Q(organisation__in=standing.organisation_ids, withdrawn_at=None)
        return self.filter(own | Q(report__in=inside.values("pk")))

    def own(self, user):
        """What the organisations were asked for that this person represents, the latest report first."""
        own = self.filter(organisation__in=standing_of(user).organisation_ids, withdrawn_at=None)
        return own.select_related("report", "organisation").order_by("-report__ends_on", "organisation__name", "pk")

    def asked(self):
        """Those still wanted: not withdrawn."""
        return self.filter(withdrawn_at=None)

    def outstanding(self):
        return self.asked().filter(submitted_at=None)

    def submitted(self):
        return self.asked().exclude(submitted_at=None)


@recorded
class ReportContribution(RulesModel):
    """One organisation's part of a report: asked with a day, written by its own people, submitted once.

    Until it is submitted the words stand in ``ContributionDraft``, which only the organisation's own people read.
    """

    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="contributions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="report_contributions")
    asks = models.TextField("what is asked", blank=True, help_text="In the office’s own words, above the questions")
    due_on = models.DateField("due")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField("no longer asked since", null=True, blank=True)
    did = models.TextField("what you did", blank=True)
    difference = models.TextField("what difference it made, and how you know", blank=True)
    ahead = models.TextField("what is still hard, and what comes next", blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField("submitted", null=True, blank=True)
    returned_because = models.TextField("why it was given back", blank=True)
    returned_at = models.DateTimeField("given back", null=True, blank=True)
    printed = models.TextField(
        "as it is printed", blank=True, help_text="Shortened by the office, the organisation sees it. Empty: as written"
    )

    objects = ReportContributionQuerySet.as_manager()

    class Meta:
        ordering = ["report", "organisation__name"]
        rules_permissions = {
            "view": is_own_return | is_office | is_advisor | is_lead_partner,
            "answer": is_own_return & is_unsubmitted & is_unpublished_report_of,
            "give_back": is_office & is_submitted & is_unpublished_report_of,
            "shorten": is_office & is_submitted & is_unpublished_report_of,
            "withdraw": is_office & is_unpublished_report_of,
        }
        constraints = [
            models.UniqueConstraint(fields=["report", "organisation"], name="one_contribution_an_organisation"),
            models.CheckConstraint(
                name="contribution_is_submitted_by_somebody",
                condition=Q(submitted_at=None) | Q(submitted_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.organisation}, {self.report}"

    def get_absolute_url(self):
        return reverse("assurance:contribution-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.report.partnership_ids


class ContributionDraft(models.Model):
    """What an organisation's people have typed and not submitted. Nobody else reads it, the office neither."""

    contribution = models.OneToOneField(ReportContribution, on_delete=models.CASCADE, related_name="draft")
    answers = models.JSONField(default=dict, help_text="The form’s fields as they were typed")
    version = models.PositiveIntegerField(default=1, help_text="Counts each saving, so that two people notice")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    def __str__(self):
        return f"Draft of {self.contribution}"


class ScrutinyStatementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A draft for the advisors alone; once it is given for whoever reads the report's drafts."""
        standing = standing_of(user)
        of_advisor = AnnualReport.objects.filter(partnerships__in=standing.advisor_ids).values("pk")
        inside = AnnualReport.objects.filter(partnerships__in=standing.wide_ids | standing.lead_partner_ids)
        return self.filter(Q(report__in=of_advisor) | Q(report__in=inside.values("pk")) & ~Q(given_at=None))

    def given(self):
        return self.exclude(given_at=None)


# Once given its words are the scrutineer's for good: nobody changes them, only another statement stands beside it.
STATEMENT_STANDS = pgtrigger.Protect(
    name="given_statement_stands",
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition(
        "OLD.given_at IS NOT NULL AND"
        " (OLD.report_id, OLD.number, OLD.conclusion, OLD.words, OLD.by_line, OLD.written_by_id, OLD.given_at)"
        " IS DISTINCT FROM"
        " (NEW.report_id, NEW.number, NEW.conclusion, NEW.words, NEW.by_line, NEW.written_by_id, NEW.given_at)"
    ),
)
STATEMENT_IS_KEPT = pgtrigger.Protect(
    name="given_statement_is_kept",
    operation=pgtrigger.Delete,
    condition=pgtrigger.Q(old__given_at__isnull=False),
)


@recorded
class ScrutinyStatement(RulesModel):
    """What the independent scrutineer says of the year, in their own words, which no office edits."""

    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="scrutiny_statements")
    number = models.PositiveSmallIntegerField(default=1, help_text="The last one given is printed")
    conclusion = models.CharField("in one sentence", max_length=250, blank=True)
    words = models.TextField("the statement", blank=True)
    by_line = models.CharField("name and role, as printed", max_length=200, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    given_at = models.DateTimeField("given to the partnership", null=True, blank=True)
    answer = models.TextField("what the partnership answers", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ScrutinyStatementQuerySet.as_manager()

    class Meta:
        ordering = ["report", "-number"]
        rules_permissions = {
            "view": is_office | is_advisor | is_lead_partner,
            "write": is_advisor & is_unpublished_report_of,
            "answer": (is_office | is_lead_partner) & is_unpublished_report_of,
        }
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="one_statement_a_number"),
            models.UniqueConstraint(
                fields=["report"], condition=Q(given_at=None), name="one_statement_at_a_time_is_written"
            ),
        ]
        triggers = [STATEMENT_STANDS, STATEMENT_IS_KEPT]

    def __str__(self):
        return f"Independent scrutiny, {self.report}"

    def get_absolute_url(self):
        return reverse("assurance:statement-detail", args=[self.report_id])

    @property
    def partnership_ids(self):
        return self.report.partnership_ids
