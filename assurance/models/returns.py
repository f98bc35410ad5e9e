"""A request asks organisations; each answers with one return for every partnership that asked."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from rules.contrib.models import RulesModel

from assurance.models.questions import SetQuestion
from assurance.models.timetable import TimetableEntry
from assurance.rules import (
    is_asked,
    is_own_return,
    is_scrutineer,
    is_sent,
    is_signer,
    is_submitted,
    is_unsubmitted,
)
from partnership.history import links, recorded
from partnership.models import Document, Group, Organisation, Partnership
from partnership.rules import is_advisor, is_office
from partnership.standing import standing_of


class AssuranceRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Its office and advisor; once it is sent the group that scrutinises it, and whom it asks."""
        standing = standing_of(user)
        wide = AssuranceRequest.partnerships.through.objects.filter(partnership__in=standing.wide_ids)
        asked = Return.objects.filter(organisation__in=standing.organisation_ids)
        is_open_to = Q(group__in=standing.group_ids) | Q(pk__in=asked.values("request"))
        return self.filter(Q(pk__in=wide.values("assurancerequest")) | ~Q(sent_on=None) & is_open_to)

    def of_office(self, user):
        own = AssuranceRequest.partnerships.through.objects.filter(partnership__in=standing_of(user).office_ids)
        return self.filter(pk__in=own.values("assurancerequest"))

    def followed_by(self, user):
        """Those whose page this person may open: of the office, the advisor and the group that scrutinises."""
        standing = standing_of(user)
        wide = AssuranceRequest.partnerships.through.objects.filter(partnership__in=standing.wide_ids)
        of_group = Q(group__in=standing.group_ids) & ~Q(sent_on=None)
        return self.filter(Q(pk__in=wide.values("assurancerequest")) | of_group)

    def with_return_counts(self):
        """Annotate ``asked_count`` (without who was withdrawn) and ``submitted_count``."""
        return self.annotate(
            asked_count=Count("returns", filter=Q(returns__withdrawn_at=None)),
            submitted_count=Count("returns", filter=Q(returns__withdrawn_at=None) & ~Q(returns__submitted_at=None)),
        )


@recorded
class AssuranceRequest(RulesModel):
    """What one or more partnerships ask their members, and by when: questions, and standards to measure up to."""

    partnerships = models.ManyToManyField(Partnership, related_name="requests")
    title = models.CharField(max_length=160)
    introduction = models.TextField(blank=True)
    due_on = models.DateField()
    standards = models.ForeignKey(
        "assurance.StandardSet", on_delete=models.PROTECT, null=True, blank=True, related_name="requests"
    )
    group = models.ForeignKey(
        Group,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name="group that scrutinises what comes",
    )
    entry = models.ForeignKey(
        TimetableEntry,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name="entry of the timetable",
    )
    organisations = models.ManyToManyField(
        Organisation, related_name="+", blank=True, help_text="Whom it asks, from the day it is sent"
    )
    previous = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="next_ones",
        verbose_name="what was asked last time",
    )
    sent_on = models.DateField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_on = models.DateField(null=True, blank=True, help_text="From then on nobody is asked for an answer any more")
    withdrawn_at = models.DateTimeField("withdrawn from everybody", null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    objects = AssuranceRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-due_on"]
        rules_permissions = {
            "view": is_office | is_advisor | (is_sent & is_scrutineer),
            "change": is_office,
            "scrutinise": is_sent & (is_office | is_scrutineer),
        }

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assurance:request-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return {partnership.pk for partnership in self.partnerships.all()}


@links
class AssuranceRequestPartnership(AssuranceRequest.partnerships.through):
    class Meta:
        proxy = True


@links
class AssuranceRequestOrganisation(AssuranceRequest.organisations.through):
    class Meta:
        proxy = True


@recorded
class Question(models.Model):
    """One question of a request, as it was copied from its set and perhaps changed."""

    request = models.ForeignKey(AssuranceRequest, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=300)
    guidance = models.TextField(blank=True)
    is_required = models.BooleanField("must be answered", default=True)
    wants_evidence = models.BooleanField("evidence wanted", default=False)
    is_voice = models.BooleanField("about the voice of children or adults", default=False)
    asked_from = models.ForeignKey(
        SetQuestion,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="asked",
        help_text="Last year’s answer is found by it",
    )

    class Meta:
        ordering = ["request", "position"]

    def __str__(self):
        return self.text


def _count(rows, by, *, of="pk"):
    """How many ``rows`` (of one ``by`` alone) there are, as a column of another query."""
    counted = rows.order_by().values(by).annotate(count=Count(of)).values("count")
    return Coalesce(Subquery(counted), 0)


class ReturnQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own organisation's once it is asked; of others only what was submitted.

        That is for the office and the advisor, and for the group that scrutinises it.
        """
        standing = standing_of(user)
        read_by = Q(request__partnerships__in=standing.wide_ids) | Q(request__group__in=standing.group_ids)
        submitted = Return.objects.filter(read_by).exclude(submitted_at=None)
        own = Q(organisation__in=standing.organisation_ids) & ~Q(request__sent_on=None)
        return self.filter(own | Q(pk__in=submitted.values("pk")))

    def of_organisations(self, ids):
        return self.filter(organisation__in=ids)

    def followed_by(self, user):
        """For an office who has answered and who has not; for an advisor what was submitted.

        Of a return that is not submitted only the organisation's name is meant to be shown.
        """
        standing = standing_of(user)
        asked = AssuranceRequest.partnerships.through.objects
        of_office = asked.filter(partnership__in=standing.office_ids).values("assurancerequest")
        of_advisor = asked.filter(partnership__in=standing.advisor_ids).values("assurancerequest")
        return self.filter(Q(request__in=of_office) | Q(request__in=of_advisor) & ~Q(submitted_at=None))

    def with_due(self):
        """Annotate ``asked_by_day``: the day by which this organisation is asked, later than others or not."""
        return self.annotate(asked_by_day=Coalesce("extended_to", "request__due_on"))

    def waiting(self, *, on):
        """Still wanted and not submitted: of requests that are open, or where the organisation got more time."""
        is_open = Q(request__closed_on=None) | Q(extended_to__gte=on)
        return self.filter(is_open, submitted_at=None, withdrawn_at=None).exclude(request__sent_on=None)

    def late(self, *, on):
        return self.waiting(on=on).with_due().filter(asked_by_day__lt=on)

    def asked(self, *, on):
        """Of requests that were sent by that day, those still to answer first."""
        wanted = self.filter(request__sent_on__lte=on, withdrawn_at=None).with_due()
        return wanted.order_by(F("submitted_at").asc(nulls_first=True), "asked_by_day", "request__title", "pk")

    def withdrawn_since(self, moment):
        """Not asked any more since that moment or later, though they were asked before."""
        return self.filter(withdrawn_at__gte=moment, submitted_at=None).exclude(request__sent_on=None)

    def with_answer_counts(self):
        """Annotate ``answered_count`` of ``question_count``, and ``scored_count`` of ``standard_count``."""
        is_scored = ~Q(assessments__score=None) | Q(assessments__is_not_applicable=True)
        standards = AssuranceRequest.objects.filter(pk=OuterRef("request"))
        return self.annotate(
            answered_count=_count(Answer.objects.filter(record=OuterRef("pk")).exclude(text=""), "record"),
            question_count=_count(Question.objects.filter(request=OuterRef("request")), "request"),
            scored_count=Count("assessments", filter=is_scored),
            standard_count=_count(standards.exclude(standards__standards=None), "pk", of="standards__standards"),
        )


# What was submitted, by whom and when stands; only being handed back makes it a draft again.
CHANGES_WHAT_WAS_SUBMITTED = """
    OLD.submitted_at IS NOT NULL
    AND (
        OLD.request_id, OLD.organisation_id, OLD.signed_off_by, OLD.submitted_by_id, OLD.submitted_at, OLD.edition
    ) IS DISTINCT FROM (
        NEW.request_id, NEW.organisation_id, NEW.signed_off_by, NEW.submitted_by_id, NEW.submitted_at, NEW.edition
    )
    AND NOT (
        NEW.submitted_at IS NULL
        AND NEW.handed_back_at IS DISTINCT FROM OLD.handed_back_at
        AND NEW.handed_back_because <> ''
        AND (OLD.request_id, OLD.organisation_id, OLD.edition) = (NEW.request_id, NEW.organisation_id, NEW.edition)
    )
"""

# Answers, scores and evidence of a return that was submitted.
WORDS_STAND = """
    IF EXISTS (
        SELECT FROM assurance_return WHERE id IN (OLD.record_id, NEW.record_id) AND submitted_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'pgtrigger: Cannot change words of a submitted return in % table', TG_TABLE_NAME;
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


def words_of_submitted_stand(name):
    """The trigger of a table whose rows belong to a return (``record``)."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=WORDS_STAND,
    )


@recorded
class Return(RulesModel):
    """One organisation's answer to one request: a draft until it is submitted, then fixed.

    While one is ``answered_in`` another, what both ask is answered there, once; what it alone asks stays its own.
    When that is submitted both are, and each partnership takes its copy.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(AssuranceRequest, on_delete=models.PROTECT, related_name="returns")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="returns")
    answered_in = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="answered_with"
    )
    extended_to = models.DateField("due later than for the others", null=True, blank=True)
    extended_because = models.CharField(max_length=300, blank=True)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="senior person asked to sign it off",
    )
    sign_off_asked_at = models.DateTimeField(null=True, blank=True)
    sign_off_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sign_off_note = models.TextField("what the senior person wants changed", blank=True)
    signed_off_by = models.CharField("senior person who signed it off", max_length=160, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(
        null=True, blank=True, help_text="When its first words were saved, which is all that the office learns of them"
    )
    edition = models.PositiveSmallIntegerField(default=0, help_text="How often it was submitted")
    withdrawn_at = models.DateTimeField("not asked any more since", null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)
    withdrawal_told_at = models.DateTimeField("when its people were told so", null=True, blank=True)
    handed_back_at = models.DateTimeField(null=True, blank=True)
    handed_back_because = models.TextField("why the office handed it back", blank=True)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        ordering = ["request", "organisation__name"]
        indexes = [models.Index(fields=["request"], condition=Q(submitted_at=None), name="return_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["request", "organisation"], name="one_return_a_request_and_organisation")
        ]
        triggers = [
            pgtrigger.Protect(
                name="submitted_return_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(CHANGES_WHAT_WAS_SUBMITTED),
            ),
            pgtrigger.Protect(
                name="submitted_return_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__submitted_at__isnull=False),
            ),
        ]
        rules_permissions = {
            "view": is_own_return | is_office | is_advisor | is_scrutineer,
            "change": is_own_return & is_unsubmitted & is_asked,
            "sign": is_own_return & is_signer & is_unsubmitted & is_asked,
            "scrutinise": is_submitted & (is_office | is_scrutineer),
            "office": is_office,
        }

    def __str__(self):
        return f"{self.request}: {self.organisation}"

    def get_absolute_url(self):
        return reverse("assurance:return-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return set(self.request.partnerships.values_list("pk", flat=True))

    @property
    def due_on(self):
        return self.extended_to or self.request.due_on


@recorded
class Answer(models.Model):
    """An organisation's words on one question."""

    record = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(blank=True)
    is_still_true = models.BooleanField("said last time and still true", default=False)
    version = models.PositiveIntegerField(default=0, help_text="How often it was saved")
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["question__position"]
        constraints = [models.UniqueConstraint(fields=["record", "question"], name="one_answer_a_question")]
        triggers = [words_of_submitted_stand("submitted_answers_stand")]

    def __str__(self):
        return self.text[:80]


class ReturnEvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(removed_at=None, record__in=Return.objects.visible_to(user).values("pk"))


@recorded
class ReturnEvidence(RulesModel):
    """A file or a link that shows what is said to a question or for a standard."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="evidence")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence")
    standard = models.ForeignKey(
        "assurance.Standard", on_delete=models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    label = models.CharField("what it shows", max_length=200)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    address = models.URLField(max_length=500, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ReturnEvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["added_at"]
        verbose_name_plural = "evidence of returns"
        triggers = [words_of_submitted_stand("submitted_evidence_stands")]
        rules_permissions = {"view": is_own_return | is_office | is_advisor | is_scrutineer}
        constraints = [
            models.CheckConstraint(
                name="return_evidence_is_of_one_line",
                condition=Q(question__isnull=False, standard=None) | Q(question=None, standard__isnull=False),
            ),
            models.CheckConstraint(
                name="return_evidence_is_a_file_or_a_link",
                condition=Q(document__isnull=False, address="") | (Q(document=None) & ~Q(address="")),
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def partnership_ids(self):
        return self.record.partnership_ids

    @property
    def organisation_id(self):
        return self.record.organisation_id

    @property
    def request(self):
        return self.record.request


def read_by_group(user, request):
    """The condition that what one ``partnership`` was given may be read by a group of its own in which ``user`` sits.

    ``request``: the path to the request whose group it is.
    """
    own = Group.partnerships.through.objects.filter(group__in=standing_of(user).group_ids)
    return Q(Exists(own.filter(group=OuterRef(f"{request}__group"), partnership=OuterRef("partnership"))))


class ReturnCopyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The organisation's own; else those of the partnership whose office or advisor one is, or its group."""
        own = Q(record__organisation__in=standing_of(user).organisation_ids)
        return self.filter(own | self.is_given_to(user))

    def given_to(self, user):
        """Those that this person reads for the partnership: its office, advisor and group."""
        return self.filter(self.is_given_to(user))

    def is_given_to(self, user):
        return Q(partnership__in=standing_of(user).wide_ids) | read_by_group(user, "record__request")


class ReturnCopy(RulesModel):
    """What one partnership was given when a return was submitted. The database refuses to change it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="copies")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="return_copies")
    edition = models.PositiveSmallIntegerField()
    content = models.JSONField(help_text="Questions, answers, scores and what evidence was named, as they stood")
    signed_off_by = models.CharField(max_length=160)
    taken_at = models.DateTimeField()

    objects = ReturnCopyQuerySet.as_manager()

    class Meta:
        ordering = ["record", "partnership", "-edition"]
        verbose_name_plural = "return copies"
        rules_permissions = {"view": is_own_return | is_office | is_advisor | is_scrutineer}
        triggers = [pgtrigger.Protect(name="return_copy_is_forever", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(fields=["record", "partnership", "edition"], name="one_copy_a_partnership")
        ]

    def __str__(self):
        return f"{self.record}, edition {self.edition}"

    @property
    def partnership_ids(self):
        return {self.partnership_id}

    @property
    def organisation_id(self):
        return self.record.organisation_id

    @property
    def request(self):
        return self.record.request
