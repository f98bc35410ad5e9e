"""What stands around the annual report's publication: who signed it, what comes with it, who was sent it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from assurance.models.annual_reports import AnnualReport, ReportBuild
from assurance.rules import is_published_report_of, is_unpublished, is_unpublished_report_of, is_wanted
from partnership.history import recorded, recorded_except
from partnership.models import Document, Organisation, PublishedFile, Rule
from partnership.rules import is_advisor, is_lead_partner, is_office
from partnership.standing import standing_of


class OfReport(models.QuerySet):
    """Rows of a report (``report``) for whoever reads its drafts."""

    def visible_to(self, user):
        standing = standing_of(user)
        inside = AnnualReport.objects.filter(partnerships__in=standing.wide_ids | standing.lead_partner_ids)
        return self.filter(report__in=inside.values("pk"))


# Signing


class SignOffQuerySet(OfReport):
    def open(self):
        """Asked, not withdrawn, of a report that is not published."""
        return self.filter(withdrawn_at=None, report__published_file=None)


@recorded
class SignOff(RulesModel):
    """Each statutory partner's lead is asked to sign one proof of the report. Another proof is another asking."""

    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="sign_offs")
    build = models.ForeignKey(ReportBuild, on_delete=models.PROTECT, related_name="sign_offs")
    note = models.TextField("what they are told", blank=True)
    due_on = models.DateField("due")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField("withdrawn", null=True, blank=True)
    withdrawn_because = models.TextField("why", blank=True)
    told_withdrawn_at = models.DateTimeField("when those who signed were told so", null=True, blank=True)
    told_signed_at = models.DateTimeField("when the office was told that all have signed", null=True, blank=True)

    objects = SignOffQuerySet.as_manager()

    class Meta:
        ordering = ["report", "-asked_at"]
        rules_permissions = {
            "view": is_office | is_advisor | is_lead_partner,
            "sign": is_lead_partner & is_wanted & is_unpublished_report_of,
            "record": is_office & is_wanted & is_unpublished_report_of,
            "withdraw": is_office & is_wanted & is_unpublished_report_of,
        }
        constraints = [
            models.UniqueConstraint(fields=["report"], condition=Q(withdrawn_at=None), name="one_sign_off_at_a_time")
        ]

    def __str__(self):
        return f"Sign-off of {self.report}"

    def get_absolute_url(self):
        return reverse("assurance:sign-off-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.report.partnership_ids

    @property
    def signed_ids(self):
        """Keys of the organisations whose lead has signed it."""
        signed = self.signatures.filter(decision=ReportSignature.Decision.SIGNED)
        return set(signed.values_list("organisation", flat=True))


@recorded
class ReportSignature(models.Model):
    """What one statutory partner's lead said of one proof. It is never changed: what comes later stands beside it."""

    class Decision(models.TextChoices):
        SIGNED = "signed", "Signed"
        CHANGES = "changes", "Asks for changes first"

    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=7, choices=Decision)
    words = models.TextField("in words", blank=True, help_text="What has to change, or where it was signed")
    name = models.CharField("who signed", max_length=120)
    post_title = models.CharField("their post", max_length=160)
    signed_on = models.DateField("on")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="The lead, or the office"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["sign_off", "recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sign_off", "organisation"],
                condition=Q(decision="signed"),
                name="one_signature_an_organisation",
            )
        ]
        triggers = [pgtrigger.Protect(name="signature_is_forever", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.name}, {self.post_title}"


# What comes with it


class ReportCompanionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Drafts for whoever reads the report's drafts; everyone once it is published."""
        standing = standing_of(user)
        inside = AnnualReport.objects.filter(partnerships__in=standing.wide_ids | standing.lead_partner_ids)
        return self.filter(Q(report__in=inside.values("pk")) | ~Q(published_file=None))

    def published(self):
        return self.exclude(published_file=None)

    def with_files(self):
        """With the facts of each file, without its bytes."""
        return self.select_related("published_file").defer("published_file__content", "published_file__manifest")


@recorded
class ReportCompanion(RulesModel):
    """Another shape of the same report: one page, easy read, for children, in Word, in another language.

    Brought as a file (``document``) or made with the proof (``document`` empty), it is published with the report or
    later; then its bytes stay.
    """

    class Kind(models.TextChoices):
        SUMMARY = "summary", "On one page"
        EASY_READ = "easy-read", "Easy read"
        CHILDREN = "children", "For children and young people"
        WORD = "word", "Word"
        LANGUAGE = "language", "In another language"

    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="companions")
    kind = models.CharField(max_length=9, choices=Kind)
    language = models.CharField(max_length=12, default="en-GB", help_text="For example en-GB, cy, pl")
    title = models.CharField(max_length=160)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    findings = models.JSONField(default=list, help_text="What stands against reading it with a screen reader")
    published_file = models.OneToOneField(
        PublishedFile, on_delete=models.PROTECT, null=True, blank=True, related_name="report_companion"
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = ReportCompanionQuerySet.as_manager()

    class Meta:
        ordering = ["report", "kind", "language"]
        rules_permissions = {
            "view": is_office | is_advisor | is_lead_partner,
            "change": is_office & is_unpublished,
            "publish": is_office & is_unpublished & is_published_report_of,
        }
        constraints = [
            models.UniqueConstraint(fields=["report", "kind", "language"], name="one_companion_a_kind_and_language")
        ]

    def __str__(self):
        return self.title

    @property
    def partnership_ids(self):
        return self.report.partnership_ids

    @property
    def is_published(self):
        return self.published_file_id is not None


# Who is sent it


class ReportRecipientQuerySet(OfReport):
    def waiting(self):
        """Those of published reports to whom it has not gone and who are still to have it."""
        return self.filter(sent_on=None, not_sent_because="").exclude(report__published_file=None)


@recorded
class ReportRecipient(RulesModel):
    """Somebody who has to have the published report, by a rule or by custom, and the day it went."""

    class Way(models.TextChoices):
        EMAIL = "email", "E-mail"
        POST = "post", "Post"
        PORTAL = "portal", "Uploaded to their site"
        HAND = "hand", "Given by hand"

    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="recipients")
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    name = models.CharField("who", max_length=160)
    email = models.EmailField("e-mail address", blank=True)
    within_days = models.PositiveSmallIntegerField("within days of publication", null=True, blank=True)
    sent_on = models.DateField("sent", null=True, blank=True)
    way = models.CharField("how", max_length=6, choices=Way, blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="For example the reference of their receipt")
    not_sent_because = models.CharField("why it is not sent", max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ReportRecipientQuerySet.as_manager()

    class Meta:
        ordering = ["report", "position", "pk"]
        rules_permissions = {
            "view": is_office | is_advisor | is_lead_partner,
            "change": is_office,
            "send": is_office & is_published_report_of,
        }
        constraints = [
            models.CheckConstraint(
                name="recipient_is_sent_or_not", condition=Q(sent_on=None) | Q(not_sent_because="") & ~Q(way="")
            )
        ]

    def __str__(self):
        return self.name

    @property
    def partnership_ids(self):
        return self.report.partnership_ids


@recorded_except("claimed_at")
class ReportMail(models.Model):
    """One mail with the published report's address to a recipient; its words are written when it leaves."""

    recipient = models.ForeignKey(ReportRecipient, on_delete=models.CASCADE, related_name="mails")
    turn = models.PositiveSmallIntegerField(default=1, help_text="Sent again is another turn")
    address = models.EmailField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-made_at", "pk"]
        indexes = [models.Index(fields=["made_at"], condition=Q(sent_at=None, problem=""), name="report_mail_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "turn"], name="one_report_mail_a_turn"),
            models.CheckConstraint(
                name="report_mail_is_claimed_before_sent", condition=Q(sent_at=None) | Q(claimed_at__lte=F("sent_at"))
            ),
        ]

    def __str__(self):
        return f"{self.recipient}, {self.address}"
