"""Schools: the register from the national file, the yearly survey by signed link, the mails and letters it takes."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from assurance.models.questions import SetQuestion
from assurance.models.standards import Scale, Standard, StandardSet
from partnership.history import recorded, recorded_except
from partnership.kept_bytes import BytesField
from partnership.models import Area, Document, Partnership
from partnership.models.builds import PASSING, Build, BuildQuerySet
from partnership.rules import is_advisor, is_office
from partnership.standing import standing_of


class SchoolQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Schools of the areas of the partnerships whose office or advisor this person is."""
        areas = Partnership.areas.through.objects.filter(partnership__in=standing_of(user).wide_ids)
        return self.filter(area__in=areas.values("area"))

    def of_partnership(self, partnership):
        areas = Partnership.areas.through.objects.filter(partnership=partnership)
        return self.filter(area__in=areas.values("area"))

    def open(self):
        return self.filter(status=School.Status.OPEN)


@recorded
class School(RulesModel):
    """A school or college, under the number that the national establishment file gives it (URN)."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        CLOSING = "closing", "Open, but proposed to close"
        CLOSED = "closed", "Closed"
        PROPOSED = "proposed", "Proposed to open"

    urn = models.PositiveIntegerField("unique reference number (URN)", unique=True)
    name = models.CharField(max_length=200)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="schools")
    phase = models.CharField(max_length=60, blank=True)
    kind = models.CharField("type of establishment", max_length=120, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    establishment_number = models.CharField(max_length=8, blank=True)
    trust = models.CharField("trust", max_length=200, blank=True)
    street = models.CharField(max_length=160, blank=True)
    locality = models.CharField(max_length=160, blank=True)
    town = models.CharField(max_length=100, blank=True)
    county = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    head_name = models.CharField("head teacher", max_length=160, blank=True)
    head_title = models.CharField("what the head is called", max_length=120, blank=True)
    head_email = models.EmailField("head teacher’s e-mail", blank=True)
    chair_name = models.CharField("chair of governors", max_length=160, blank=True)
    chair_email = models.EmailField("chair of governors’ e-mail", blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    listed_on = models.DateField("last found in a file", null=True, blank=True)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        ordering = ["name", "urn"]
        indexes = [models.Index(fields=["area", "phase"], name="school_area_phase")]
        rules_permissions = {"view": is_office | is_advisor, "change": is_office}

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("assurance:school-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return set(self.area.partnerships.values_list("pk", flat=True))


class SchoolImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(partnership__in=standing_of(user).office_ids)


@recorded
class SchoolImport(RulesModel):
    """One uploaded file of schools, and what it would change. Nothing in it counts until somebody says yes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="school_imports")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    understood = models.JSONField(help_text="What each row means and what is wrong with it")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)

    objects = SchoolImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        rules_permissions = {"view": is_office, "confirm": is_office}

    def __str__(self):
        return str(self.document)

    def get_absolute_url(self):
        return reverse("assurance:school-import-preview", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}


class SchoolSurveyQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(partnership__in=standing_of(user).wide_ids)


@recorded
class SchoolSurvey(RulesModel):
    """The yearly survey of an area's schools: what is asked, by when, and the letter to those that do not answer."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="school_surveys")
    title = models.CharField(max_length=160)
    introduction = models.TextField(blank=True)
    standards = models.ForeignKey(
        StandardSet, on_delete=models.PROTECT, null=True, blank=True, related_name="school_surveys"
    )
    due_on = models.DateField("due")
    sent_on = models.DateField("sent", null=True, blank=True)
    closed_on = models.DateField("closed", null=True, blank=True, help_text="From then on no answer is taken")
    letter = models.TextField("letter to the head and the chair of governors", blank=True)
    letter_signed_by = models.CharField("who signs the letter", max_length=200, blank=True)
    previous = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="next_ones", verbose_name="last year’s"
    )

    objects = SchoolSurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-due_on", "-pk"]
        rules_permissions = {"view": is_office | is_advisor, "change": is_office}

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assurance:school-survey", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}


@recorded
class SchoolQuestion(models.Model):
    """One question of a survey. Those made from a standard take a score of its scale."""

    class Kind(models.TextChoices):
        YES_NO = "yes-no", "Yes or no"
        SCORE = "score", "A score"
        TEXT = "text", "In words"
        NUMBER = "number", "A number"

    survey = models.ForeignKey(SchoolSurvey, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=120, blank=True)
    text = models.CharField("question", max_length=400)
    guidance = models.TextField(blank=True)
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.TEXT)
    is_required = models.BooleanField("must be answered", default=True)
    scale = models.ForeignKey(Scale, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    standard = models.ForeignKey(Standard, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_from = models.ForeignKey(SetQuestion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["survey", "position", "pk"]
        constraints = [
            models.CheckConstraint(name="score_has_a_scale", condition=~Q(kind="score") | Q(scale__isnull=False))
        ]

    def __str__(self):
        return self.text


class SchoolReturnQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of those that did not submit the pages show only whose they are, as with any return."""
        return self.filter(survey__partnership__in=standing_of(user).wide_ids)

    def waiting(self):
        return self.filter(submitted_at=None, excused_on=None)


@recorded
class SchoolReturn(RulesModel):
    """One school's answer to a survey, given by a signed link. A new ``generation`` ends the links before it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(SchoolSurvey, on_delete=models.PROTECT, related_name="returns")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="returns")
    generation = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField("first opened", null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField("who answered: name and post", max_length=160, blank=True)
    typed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="who typed in an answer on paper",
    )
    excused_on = models.DateField("not asked any more from", null=True, blank=True)
    excused_because = models.CharField(max_length=300, blank=True)

    objects = SchoolReturnQuerySet.as_manager()

    class Meta:
        ordering = ["survey", "school__name"]
        indexes = [
            models.Index(
                fields=["survey"], condition=Q(submitted_at=None, excused_on=None), name="school_return_waiting"
            )
        ]
        rules_permissions = {"view": is_office | is_advisor, "change": is_office}
        constraints = [models.UniqueConstraint(fields=["survey", "school"], name="one_school_return_a_survey")]

    def __str__(self):
        return f"{self.survey}: {self.school}"

    def get_absolute_url(self):
        return reverse("assurance:school-return", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.survey.partnership_id}


@recorded
class SchoolAnswer(models.Model):
    """A school's answer to one question: ``value`` a score, a number, yes or no; ``text`` words."""

    record = models.ForeignKey(SchoolReturn, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(SchoolQuestion, on_delete=models.PROTECT, related_name="answers")
    value = models.CharField(max_length=20, blank=True)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0, help_text="How often it was saved")

    class Meta:
        ordering = ["question__position"]
        constraints = [models.UniqueConstraint(fields=["record", "question"], name="one_school_answer_a_question")]

    def __str__(self):
        return self.value or self.text[:80]


class SchoolMail(models.Model):
    """One mail to a school, or letter made for it: claimed before it goes, so that none goes twice."""

    class Kind(models.TextChoices):
        ASKED = "asked", "Survey sent"
        CHASED = "chased", "Reminder"
        LETTER = "letter", "Letter to head and chair of governors"

    class Reader(models.TextChoices):
        HEAD = "head", "Head teacher"
        CHAIR = "chair", "Chair of governors"

    record = models.ForeignKey(SchoolReturn, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=8, choices=Kind)
    turn = models.PositiveSmallIntegerField(default=1, help_text="The first, second … of its kind")
    reader = models.CharField(max_length=8, choices=Reader, default=Reader.HEAD)
    address = models.EmailField(blank=True, help_text="Empty for a letter on paper")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-made_at", "pk"]
        indexes = [models.Index(fields=["made_at"], condition=Q(sent_at=None, problem=""), name="school_mail_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["record", "kind", "turn", "reader"], name="one_school_mail_a_turn"),
            models.CheckConstraint(
                name="school_mail_is_claimed_before_sent", condition=Q(sent_at=None) | Q(claimed_at__lte=F("sent_at"))
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.record.school}"


class SchoolLettersQuerySet(BuildQuerySet):
    def visible_to(self, user):
        own = self.filter(survey__partnership__in=standing_of(user).office_ids)
        return own.select_related("survey__partnership", "requested_by").defer("pdf", "word")


@recorded_except(*PASSING, "word")
class SchoolLetters(Build):
    """One making of the letters to all that have not answered, as PDF and Word. Its rows are of one ``turn``."""

    survey = models.ForeignKey(SchoolSurvey, on_delete=models.PROTECT, related_name="letter_runs")
    turn = models.PositiveSmallIntegerField()
    letter_count = models.PositiveIntegerField(default=0)
    word = BytesField(null=True)
    word_size = models.PositiveIntegerField(null=True, help_text="In bytes")

    objects = SchoolLettersQuerySet.as_manager()

    class Meta(Build.Meta):
        rules_permissions = {"view": is_office}
        constraints = [models.UniqueConstraint(fields=["survey", "turn"], name="one_run_of_letters_a_turn")]

    def __str__(self):
        return f"Letters, {self.survey}"

    def get_absolute_url(self):
        return reverse("assurance:school-letters-run", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.survey.partnership_id}
