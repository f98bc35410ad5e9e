"""Audits by several agencies: a theme, anonymous cases, a tool, gradings, moderation, findings, the audit again."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from assurance.models.standards import Scale
from assurance.models.timetable import TimetableEntry
from assurance.rules import (
    chairs_group,
    grades_audit,
    is_own_return,
    is_released,
    is_unsubmitted,
    sits_in_group,
    takes_grades,
)
from partnership.history import links, recorded
from partnership.models import Group, Meeting, Organisation, Partnership
from partnership.rules import is_advisor, is_office, is_person_of_partnership
from partnership.standing import standing_of
from plans.models import Priority
from reviews.models import Recommendation, Theme


def sees_all_of_audit(user, audit=""):
    """The condition that everything submitted to an audit may be read. ``audit``: the path to it, ending in "__"."""
    standing = standing_of(user)
    of_wide = Audit.partnerships.through.objects.filter(partnership__in=standing.wide_ids).values("audit")
    return Q(**{f"{audit}pk__in": of_wide}) | Q(**{f"{audit}group__in": standing.group_ids})


class AuditQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Its office, advisor and group; agencies that grade from the day they are asked; members once it is told."""
        standing = standing_of(user)
        told = Audit.partnerships.through.objects.filter(partnership__in=standing.partnership_ids).values("audit")
        grades = AuditGrading.objects.filter(organisation__in=standing.organisation_ids).values("case__audit")
        seen = sees_all_of_audit(user) | Q(pk__in=told) & ~Q(released_on=None) | Q(pk__in=grades) & ~Q(asked_on=None)
        return self.filter(seen).prefetch_related("partnerships")

    def released(self):
        return self.exclude(released_on=None)

    def grading(self, *, on):
        """Agencies were asked and the moderation meeting has not ended it."""
        return self.filter(asked_on__lte=on, moderated_on=None, closed_on=None)

    def of_partnerships(self, partnership_ids):
        links = Audit.partnerships.through.objects.filter(partnership__in=partnership_ids)
        return self.filter(pk__in=links.values("audit"))

    def in_state(self, state):
        """Those of which ``Audit.state`` says ``state``."""
        open_ones = self.filter(closed_on=None)
        asked, agreed, told = ~Q(asked_on=None), ~Q(moderated_on=None), ~Q(released_on=None)
        found = {
            Audit.State.PLANNED: open_ones.filter(asked_on=None),
            Audit.State.GRADING: open_ones.filter(asked, moderated_on=None),
            Audit.State.AGREED: open_ones.filter(agreed, released_on=None),
            Audit.State.TOLD: open_ones.filter(told),
            Audit.State.CLOSED: self.exclude(closed_on=None),
        }
        return found[state]


@recorded
class Audit(RulesModel):
    """One look by several agencies at the same anonymous cases, with one tool.

    Planned, then asked (agencies grade), moderated, told to members, closed. Looked at again by a later audit.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        GRADING = "grading", "Agencies grade"
        AGREED = "agreed", "Grades agreed"
        TOLD = "told", "Told to members"
        CLOSED = "closed", "Closed"

    partnerships = models.ManyToManyField(Partnership, related_name="audits")
    title = models.CharField("theme", max_length=200)
    question = models.TextField("what it asks", blank=True)
    how_chosen = models.TextField("how the cases were chosen", blank=True)
    records_from = models.DateField("records looked at from", null=True, blank=True)
    records_to = models.DateField("to", null=True, blank=True)
    themes = models.ManyToManyField(Theme, related_name="audits", blank=True)
    priorities = models.ManyToManyField(Priority, related_name="audits", blank=True)
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="audits", help_text="Who carries it out"
    )
    timetable_entry = models.ForeignKey(
        TimetableEntry, on_delete=models.SET_NULL, null=True, blank=True, related_name="audits"
    )
    scale = models.ForeignKey(Scale, on_delete=models.PROTECT, related_name="+", help_text="What a grade may be")
    grades_due_on = models.DateField("grades due", null=True, blank=True)
    asked_on = models.DateField("agencies asked", null=True, blank=True)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="moderated at"
    )
    moderated_on = models.DateField("moderated", null=True, blank=True)
    summary = models.TextField("what it found, in all", blank=True)
    released_on = models.DateField("told to members", null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    figures = models.JSONField(
        default=dict, blank=True, help_text="Grades as they were counted on the day members were told"
    )
    re_audit_on = models.DateField("to be looked at again", null=True, blank=True)
    re_audit_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="re_audits", verbose_name="looks again at"
    )
    closed_on = models.DateField("closed", null=True, blank=True)
    closed_because = models.TextField("why it ends here", blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_on", "-pk"]
        rules_permissions = {
            "view": is_office | is_advisor | sits_in_group | grades_audit | (is_person_of_partnership & is_released),
            "read": is_office | is_advisor | sits_in_group,
            "change": is_office | chairs_group,
            "moderate": is_office | chairs_group,
            "release": is_office,
        }
        constraints = [
            models.CheckConstraint(
                name="audit_is_told_after_moderation", condition=Q(released_on=None) | ~Q(moderated_on=None)
            ),
            models.CheckConstraint(
                name="audit_records_end_after_they_begin",
                condition=Q(records_from=None) | Q(records_to=None) | Q(records_to__gte=F("records_from")),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assurance:audit-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return {partnership.pk for partnership in self.partnerships.all()}

    @property
    def state(self):
        if self.closed_on:
            return self.State.CLOSED
        if self.released_on:
            return self.State.TOLD
        if self.moderated_on:
            return self.State.AGREED
        return self.State.GRADING if self.asked_on else self.State.PLANNED

    def is_graded_by(self, organisation_ids):
        """Whether one of these organisations was asked to grade a case of it."""
        return AuditGrading.objects.filter(case__audit=self, organisation__in=organisation_ids).exists()


@links
class AuditPartnership(Audit.partnerships.through):
    class Meta:
        proxy = True


@links
class AuditTheme(Audit.themes.through):
    class Meta:
        proxy = True


@links
class AuditPriority(Audit.priorities.through):
    class Meta:
        proxy = True


@recorded
class AuditSection(models.Model):
    """A part of the tool that gets a grade of its own."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160)

    class Meta:
        ordering = ["audit", "position", "pk"]

    def __str__(self):
        return self.title


@recorded
class AuditQuestion(models.Model):
    """A question of the tool: answered yes, partly, no or not applicable, with the evidence."""

    section = models.ForeignKey(AuditSection, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    guidance = models.TextField(blank=True)

    class Meta:
        ordering = ["section", "position", "pk"]

    def __str__(self):
        return self.text


@recorded
class AuditCase(models.Model):
    """One of the cases looked at, without a name, and the agencies that know it."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="cases")
    position = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=40, help_text="Case A: never a name or a number of a record")
    about = models.CharField("what it is about", max_length=300, blank=True, help_text="Age band and need, no names")
    organisations = models.ManyToManyField(Organisation, through="AuditGrading", related_name="+")

    class Meta:
        ordering = ["audit", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["audit", "reference"], name="one_audit_case_a_reference")]

    def __str__(self):
        return self.reference


class AuditGradingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own organisation's once it is asked; of others only what was submitted, for who reads the audit."""
        own = Q(organisation__in=standing_of(user).organisation_ids) & ~Q(case__audit__asked_on=None)
        seen = own | sees_all_of_audit(user, "case__audit__") & ~Q(submitted_at=None)
        rows = self.filter(seen).select_related("case__audit__scale", "organisation")
        return rows.prefetch_related("case__audit__partnerships")

    def submitted(self):
        return self.exclude(submitted_at=None)


@recorded
class AuditGrading(RulesModel):
    """One agency's look at one case: a draft until it is submitted. Its words are in its answers and grades."""

    case = models.ForeignKey(AuditCase, on_delete=models.CASCADE, related_name="gradings")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="audit_gradings")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    handed_back_at = models.DateTimeField(null=True, blank=True)
    handed_back_because = models.TextField("why it was handed back", blank=True, default="")

    objects = AuditGradingQuerySet.as_manager()

    class Meta:
        ordering = ["case", "organisation"]
        rules_permissions = {
            "view": is_own_return | ((is_office | is_advisor | sits_in_group) & ~is_unsubmitted),
            "change": is_own_return & is_unsubmitted & takes_grades,
            "hand_back": is_office & ~is_unsubmitted & takes_grades,
        }
        constraints = [
            models.UniqueConstraint(fields=["case", "organisation"], name="one_grading_a_case_and_organisation")
        ]

    def __str__(self):
        return f"{self.case}, {self.organisation}"

    def get_absolute_url(self):
        return reverse("assurance:audit-grading", args=[self.pk])

    @property
    def audit(self):
        return self.case.audit

    @property
    def group_id(self):
        return self.audit.group_id

    @property
    def partnership_ids(self):
        return self.audit.partnership_ids


@recorded
class AuditAnswer(models.Model):
    """One agency's answer to one question of the tool, for one case."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"
        NOT_APPLICABLE = "n/a", "Not applicable"

    grading = models.ForeignKey(AuditGrading, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(AuditQuestion, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=6, choices=Answer, blank=True)
    evidence = models.TextField("evidence in the record", blank=True)
    version = models.PositiveIntegerField(default=0, help_text="How often it was saved")
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["grading", "question"]
        constraints = [models.UniqueConstraint(fields=["grading", "question"], name="one_audit_answer_a_question")]

    def __str__(self):
        return self.get_answer_display()


@recorded
class AuditGrade(models.Model):
    """One agency's grade of one section of the tool, or of the case as a whole (no section), and why."""

    grading = models.ForeignKey(AuditGrading, on_delete=models.CASCADE, related_name="grades")
    section = models.ForeignKey(AuditSection, on_delete=models.PROTECT, null=True, blank=True, related_name="grades")
    score = models.DecimalField("grade", max_digits=6, decimal_places=2, null=True, blank=True)
    reasons = models.TextField("why", blank=True)
    good_practice = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0, help_text="How often it was saved")
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["grading", F("section").asc(nulls_last=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["grading", "section"], nulls_distinct=False, name="one_audit_grade_a_section"
            )
        ]

    def __str__(self):
        return "" if self.score is None else f"{self.score.normalize():f}"


@recorded
class AuditModeration(models.Model):
    """What the meeting agreed for one section of one case, or the case as a whole, beside what agencies gave."""

    case = models.ForeignKey(AuditCase, on_delete=models.CASCADE, related_name="moderations")
    section = models.ForeignKey(AuditSection, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    score = models.DecimalField("agreed grade", max_digits=6, decimal_places=2)
    reasons = models.TextField("why", blank=True)
    moderated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    moderated_at = models.DateTimeField()

    class Meta:
        ordering = ["case", F("section").asc(nulls_last=True)]
        constraints = [
            models.UniqueConstraint(fields=["case", "section"], nulls_distinct=False, name="one_agreed_grade_a_section")
        ]

    def __str__(self):
        return f"{self.score.normalize():f}"


class AuditFindingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who reads all of the audit; members once it is told to them."""
        standing = standing_of(user)
        told = Audit.partnerships.through.objects.filter(partnership__in=standing.partnership_ids).values("audit")
        seen = sees_all_of_audit(user, "audit__") | Q(audit__in=told) & ~Q(audit__released_on=None)
        return self.filter(seen).select_related("audit").prefetch_related("audit__partnerships")

    def training_needs(self):
        """Those of told audits that say what people need to learn."""
        return self.exclude(training_need="").exclude(audit__released_on=None)


@recorded
class AuditFinding(RulesModel):
    """One thing an audit found, and what is recommended because of it."""

    class Kind(models.TextChoices):
        GOOD = "good", "Good practice"
        CONCERN = "concern", "What needs to be better"
        LEARNING = "learning", "Learning"

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="findings")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.CONCERN)
    text = models.TextField("finding")
    seen_in = models.PositiveSmallIntegerField("cases in which it was seen", null=True, blank=True)
    training_need = models.TextField("what people need to learn", blank=True)
    recommendations = models.ManyToManyField(Recommendation, related_name="audit_findings", blank=True)

    objects = AuditFindingQuerySet.as_manager()

    class Meta:
        ordering = ["audit", "position", "pk"]
        rules_permissions = {
            "view": is_office | is_advisor | sits_in_group | (is_person_of_partnership & is_released),
            "change": is_office | chairs_group,
        }

    def __str__(self):
        return self.text[:80]

    @property
    def released_on(self):
        return self.audit.released_on

    @property
    def group_id(self):
        return self.audit.group_id

    @property
    def partnership_ids(self):
        return self.audit.partnership_ids


@links
class AuditFindingRecommendation(AuditFinding.recommendations.through):
    class Meta:
        proxy = True
