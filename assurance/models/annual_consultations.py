"""Asking others about a draft of the annual report, their comments and what was answered; the cover report."""

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from rules.contrib.models import RulesModel

from assurance.models.annual_reports import AnnualReport, ReportBuild, ReportSection
from assurance.rules import (
    is_closed_consultation,
    is_consulted,
    is_entered_for_others,
    is_open_consultation,
    is_unanswered_comment,
    is_unpublished_report_of,
    was_read_by_all,
    wrote_comment,
)
from partnership.history import recorded, recorded_except
from partnership.kept_bytes import BytesField
from partnership.models import Organisation
from partnership.models.builds import PASSING, Build, BuildQuerySet
from partnership.rules import is_advisor, is_lead_partner, is_office
from partnership.standing import standing_of


class ReportConsultationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Office, advisor and lead partners; of a consultation of members everybody of the partnerships."""
        standing = standing_of(user)
        inside = AnnualReport.objects.filter(partnerships__in=standing.wide_ids | standing.lead_partner_ids)
        ours = AnnualReport.objects.filter(partnerships__in=standing.partnership_ids)
        of_members = Q(audience=ReportConsultation.Audience.MEMBERS, report__in=ours.values("pk"))
        return self.filter(Q(report__in=inside.values("pk")) | of_members)

    def open(self, *, on):
        return self.filter(closed_at=None, opens_on__lte=on)

    def with_counts(self):
        """With ``comment_count``, ``unanswered_count`` and ``changed_count``: changed, wholly or in part.

        In their order, which a query that counts does not take from the model.
        """
        Result = ConsultationComment.Result
        return self.annotate(
            comment_count=Count("comments"),
            unanswered_count=Count("comments", filter=Q(comments__answered_at=None, comments__isnull=False)),
            changed_count=Count("comments", filter=Q(comments__result__in=[Result.CHANGED, Result.PARTLY])),
        ).order_by("opens_on", "pk")


@recorded
class ReportConsultation(RulesModel):
    """One asking about one draft: of members, or of a body outside such as a scrutiny committee.

    What it asks about is a proof that was made (``build``): its bytes stay as they were read.
    """

    class Audience(models.TextChoices):
        MEMBERS = "members", "Members of the partnership"
        COMMITTEE = "committee", "A scrutiny committee"
        OTHER = "other", "Another body"

    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="consultations")
    audience = models.CharField(max_length=9, choices=Audience, default=Audience.MEMBERS)
    name = models.CharField("who is asked", max_length=160, help_text="For example the committee’s name")
    build = models.ForeignKey(ReportBuild, on_delete=models.PROTECT, related_name="consultations")
    note = models.TextField("what they are asked", blank=True)
    opens_on = models.DateField("opens")
    closes_on = models.DateField("comments until")
    meets_on = models.DateField("the day it meets", null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField("closed", null=True, blank=True, help_text="Every comment has an answer then")
    reopened_at = models.DateTimeField("opened again", null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reopened_because = models.TextField("why it was opened again", blank=True)
    told_reopened_at = models.DateTimeField("told that it is open again", null=True, blank=True)

    objects = ReportConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["report", "opens_on", "pk"]
        rules_permissions = {
            "view": is_office | is_advisor | is_lead_partner | is_consulted,
            "speak": is_consulted,
            "comment": is_open_consultation & is_consulted,
            "enter": is_open_consultation & is_office,
            "run": is_office,
            "reopen": is_office & is_unpublished_report_of,
        }
        constraints = [
            models.CheckConstraint(
                name="consultation_closes_after_it_opens", condition=Q(closes_on__gte=models.F("opens_on"))
            )
        ]

    def __str__(self):
        return f"{self.name}, {self.report}"

    def get_absolute_url(self):
        return reverse("assurance:consultation-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.report.partnership_ids


def heading_of(section):
    return f"Section {section.position}, {section.title}" if section else ""


def said_for(standing):
    return Q(made_by=standing.user_id) | Q(organisation__in=standing.organisation_ids)


MENDS = wrote_comment | is_office & is_entered_for_others


class ConsultationCommentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every one for office, advisor and lead partners; others their own, and all that was there when it closed."""
        standing = standing_of(user)
        inside = AnnualReport.objects.filter(partnerships__in=standing.wide_ids | standing.lead_partner_ids)
        seen = ReportConsultation.objects.visible_to(user)
        return self.filter(
            Q(consultation__report__in=inside.values("pk"))
            | Q(consultation__in=seen.values("pk")) & said_for(standing)
            | Q(consultation__in=seen.exclude(closed_at=None).values("pk"))
            | Q(consultation__in=seen.values("pk"), made_at__lt=F("consultation__reopened_at"))
        )

    def of_side(self, user):
        """Those that this person made, or that were made for an organisation of theirs."""
        return self.filter(said_for(standing_of(user)))

    def unanswered(self):
        return self.filter(answered_at=None)

    def for_list(self):
        return self.select_related(
            "section", "organisation", "made_by", "answered_by", "consultation__report"
        ).prefetch_related("consultation__report__partnerships")


@recorded
class ConsultationComment(RulesModel):
    """One comment on a draft, and what was done about it, with the reason."""

    class Result(models.TextChoices):
        CHANGED = "changed", "Changed"
        PARTLY = "partly", "Changed in part"
        NOT_CHANGED = "not-changed", "Not changed"
        NOTED = "noted", "Noted"

    consultation = models.ForeignKey(ReportConsultation, on_delete=models.CASCADE, related_name="comments")
    section = models.ForeignKey(
        ReportSection, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="Empty: the whole"
    )
    heading = models.CharField(
        "the heading commented on", max_length=200, blank=True, help_text="As it stood then; empty: the whole"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="for"
    )
    said_by = models.CharField("who said it", max_length=160, help_text="As it may be told, for example a committee")
    words = models.TextField("the comment")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    result = models.CharField("what was done", max_length=11, choices=Result, blank=True)
    answer = models.TextField("answer", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ConsultationCommentQuerySet.as_manager()

    class Meta:
        ordering = ["consultation", "made_at", "pk"]
        rules_permissions = {
            "view": is_office | is_advisor | is_lead_partner | wrote_comment | was_read_by_all,
            "mend": MENDS,
            "change": MENDS & is_open_consultation & is_unanswered_comment,
            "answer": is_office & ~is_closed_consultation,
        }
        constraints = [
            models.CheckConstraint(
                name="comment_is_answered_wholly",
                condition=Q(answered_at=None) | ~Q(result="") & Q(answered_by__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.said_by}: {self.words[:60]}"

    def get_absolute_url(self):
        return f"{reverse('assurance:consultation-comments', args=[self.consultation_id])}#comment-{self.pk}"

    @property
    def about(self):
        """The section as it stands; one that was removed as it stood when it was commented on."""
        if self.section_id:
            return heading_of(self.section)
        return f"{self.heading} (removed since)" if self.heading else "The whole report"

    @property
    def is_late(self):
        """Made after the last day for comments: it is read all the same."""
        return timezone.localdate(self.made_at) > self.consultation.closes_on

    @property
    def report(self):
        return self.consultation.report

    @property
    def partnership_ids(self):
        return self.consultation.report.partnership_ids


class CoverReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        standing = standing_of(user)
        inside = AnnualReport.objects.filter(partnerships__in=standing.wide_ids | standing.lead_partner_ids)
        return self.filter(consultation__report__in=inside.values("pk"))


@recorded
class CoverReport(RulesModel):
    """What goes before a committee with the draft, under the fixed headings of such reports."""

    consultation = models.OneToOneField(ReportConsultation, on_delete=models.CASCADE, related_name="cover")
    title = models.CharField(max_length=200)
    report_of = models.CharField("report of", max_length=200)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()

    objects = CoverReportQuerySet.as_manager()

    class Meta:
        rules_permissions = {
            "view": is_office | is_advisor | is_lead_partner,
            "change": is_office & is_unpublished_report_of,
        }

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assurance:cover-detail", args=[self.pk])

    @property
    def report(self):
        return self.consultation.report

    @property
    def partnership_ids(self):
        return self.consultation.report.partnership_ids


class CoverSectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(cover__in=CoverReport.objects.visible_to(user).values("pk"))


@recorded
class CoverSection(RulesModel):
    """One heading of a cover report. Its paragraphs are numbered through the whole when it is printed."""

    cover = models.ForeignKey(CoverReport, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=120)
    words = models.TextField(blank=True, help_text="A blank line begins another numbered paragraph")

    objects = CoverSectionQuerySet.as_manager()

    class Meta:
        ordering = ["cover", "position", "pk"]
        rules_permissions = {"view": is_office | is_advisor | is_lead_partner}

    def __str__(self):
        return self.heading

    def get_absolute_url(self):
        return f"{self.cover.get_absolute_url()}#section-{self.pk}"

    @property
    def partnership_ids(self):
        return self.cover.partnership_ids


class CoverBuildQuerySet(BuildQuerySet):
    def visible_to(self, user):
        standing = standing_of(user)
        inside = AnnualReport.objects.filter(partnerships__in=standing.wide_ids | standing.lead_partner_ids)
        return self.filter(cover__consultation__report__in=inside.values("pk"))

    def without_bytes(self):
        return self.defer("pdf", "word")


@recorded_except(*PASSING, "word")
class CoverBuild(Build):
    """One making of a cover report as PDF and Word."""

    cover = models.ForeignKey(CoverReport, on_delete=models.CASCADE, related_name="builds")
    word = BytesField(null=True)
    word_size = models.PositiveIntegerField(null=True, help_text="In bytes")

    objects = CoverBuildQuerySet.as_manager()

    class Meta(Build.Meta):
        rules_permissions = {"view": is_office | is_advisor | is_lead_partner}

    def __str__(self):
        return f"{self.cover}, {self.get_state_display().lower()}"

    def get_absolute_url(self):
        return reverse("assurance:cover-build", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.cover.partnership_ids
