"""Cases: restricted to the case review group of their partnership. No names, opaque addresses."""

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Case as Choice
from django.db.models import Exists, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership import request_ids
from partnership.history import links, recorded
from partnership.models import Area, Organisation, Partnership
from partnership.rules import is_advisor, is_case_group, sees_cases
from partnership.standing import standing_of
from reviews.clock import AWARE, NOTIFIED, RELEASED, SENT, with_clock
from reviews.rules import decides, is_contact, is_submitted


@recorded
class Theme(models.Model):
    """A word under which cases and learning are counted over years: a kind of harm, or a point of practice."""

    class Kind(models.TextChoices):
        HARM = "harm", "What happened"
        PRACTICE = "practice", "What it says about practice"

    kind = models.CharField(max_length=8, choices=Kind)
    title = models.CharField(max_length=80)
    audience = models.CharField(max_length=8, blank=True, help_text="children or adults; empty: both")
    position = models.PositiveSmallIntegerField(default=0)
    is_retired = models.BooleanField(default=False, help_text="Kept where it was used, offered no more")

    class Meta:
        ordering = ["kind", "position", "title"]
        constraints = [models.UniqueConstraint(fields=["kind", "title"], name="one_theme_a_title")]

    def __str__(self):
        return self.title


class RestrictedQuerySet(models.QuerySet):
    """Rows of the case review group of their ``partnership``."""

    def visible_to(self, user):
        """Nobody outside the partnership's case review group learns that a row exists."""
        return self.filter(partnership__in=standing_of(user).case_group_ids)


class CaseQuerySet(RestrictedQuerySet):
    def open(self):
        return self.filter(closed_on=None)

    def with_status(self):
        """Annotate ``status``, a ``Case.Status``: how far each case is."""
        done = Stage.objects.filter(case=OuterRef("pk")).exclude(done_on=None)
        return self.annotate(
            status=Choice(
                When(~Q(closed_on=None), then=Value(Case.Status.CLOSED)),
                When(Exists(Case.reviews.through.objects.filter(case=OuterRef("pk"))), then=Value(Case.Status.REVIEW)),
                When(Exists(done.filter(code=SENT)), then=Value(Case.Status.SENT)),
                When(Exists(done.filter(code=NOTIFIED)), then=Value(Case.Status.RAPID_REVIEW)),
                default=Value(Case.Status.AWARE),
                output_field=models.CharField(),
            )
        )

    def with_next_stage(self):
        """Annotate ``aware_on``, and ``next_title`` and ``next_due_on`` of the first stage that waits and has a day."""
        of_case = Stage.objects.filter(case=OuterRef("pk"))
        waiting = of_case.waiting().with_clock().exclude(due_on=None).order_by("due_on", "position")
        return self.annotate(
            aware_on=Subquery(of_case.filter(code=AWARE).values("done_on")[:1]),
            next_title=Subquery(waiting.values("title")[:1]),
            next_due_on=Subquery(waiting.values("due_on")[:1]),
        )


@recorded
class Case(RulesModel):
    """A serious incident, or an adult referred, looked at by the case review group; known by a local reference only."""

    class Kind(models.TextChoices):
        INCIDENT = "incident", "Serious incident"
        REFERRAL = "referral", "Referral for a safeguarding adults review"

    class Status(models.TextChoices):
        AWARE = "aware", "Aware, not yet notified"
        RAPID_REVIEW = "rapid-review", "Rapid review"
        SENT = "sent", "Rapid review sent"
        REVIEW = "practice-review", "Practice review"
        CLOSED = "closed", "Closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="cases")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.INCIDENT)
    reference = models.CharField("local reference", max_length=20, help_text="Never a name")
    category = models.CharField("what it is about", max_length=120)
    themes = models.ManyToManyField(Theme, related_name="cases", blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    summary = models.TextField("what happened", help_text="Without anything that identifies a person")
    is_looked_after_death = models.BooleanField("a looked-after child died", default=False)
    panel_reference = models.CharField("the Panel’s own number", max_length=40, blank=True)
    not_met_because = models.TextField("why it does not meet the criteria after all", blank=True)
    closed_on = models.DateField("closed", null=True, blank=True)
    closed_because = models.TextField("why it was closed", blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["reference", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "reference"], name="one_case_a_local_reference"),
            models.CheckConstraint(name="closed_case_says_why", condition=Q(closed_on=None) | ~Q(closed_because="")),
        ]
        rules_permissions = {
            "view": sees_cases,
            "change": is_case_group,
            "advise": is_case_group & is_advisor,
            "decide": decides,
            "delete": decides,
        }

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("reviews:case-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}

    def note_reading(self, *, by, what=""):
        """Remember that ``by`` opened this case, or ``what`` of it."""
        CaseReading.note(by=by, what=what, partnership_id=self.partnership_id, case=self)


@links
class CaseTheme(Case.themes.through):
    class Meta:
        proxy = True


class StageQuerySet(RestrictedQuerySet):
    def with_clock(self):
        """Annotate ``counted_from``, ``clock_rule`` and ``clock_due_on``: see ``reviews.clock``."""
        return with_clock(self)

    def still_open(self):
        """Neither done nor found not to be needed."""
        return self.filter(done_on=None, not_needed_because="")

    def waiting(self):
        """Of these those of a case that is open or a review under way, and what follows once that was published."""
        goes_on = Q(review__ended_on=None) | Q(code=RELEASED.code)
        return self.still_open().filter(goes_on, case__closed_on=None)


@recorded
class Stage(models.Model):
    """One step of a case or of a practice review that happens on a day: what it counts from, and when it was done.

    ``rule_code`` names the clock by which it is due, counted from the day of the stage ``counts_from`` of the same
    case or review: the day that one was done, or else is planned. Without a rule it is due on ``planned_on``, if that
    is known. The stages of each kind are listed in ``reviews.clock``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="stages")
    review = models.ForeignKey(
        "reviews.PracticeReview", on_delete=models.CASCADE, null=True, blank=True, related_name="stages"
    )
    position = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=20)
    title = models.CharField(max_length=120)
    rule_code = models.SlugField(blank=True)
    counts_from = models.SlugField(max_length=20, blank=True)
    planned_on = models.DateField("planned for", null=True, blank=True)
    done_on = models.DateField("done", null=True, blank=True)
    late_because = models.TextField("why it was late", blank=True)
    not_needed_because = models.TextField("why it is not needed", blank=True)

    objects = StageQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["case", "code"], name="one_stage_a_code_of_a_case"),
            models.UniqueConstraint(fields=["review", "code"], name="one_stage_a_code_of_a_review"),
            models.CheckConstraint(
                name="stage_is_of_one",
                condition=Q(case__isnull=False, review=None) | Q(case=None, review__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def day(self):
        """When it was done, or else is planned."""
        return self.done_on or self.planned_on


class AgencySummaryQuerySet(RestrictedQuerySet):
    def visible_to(self, user):
        """Those of one's case review group, and those for which one was named by the organisation one represents."""
        standing = standing_of(user)
        own = Q(contact=standing.user_id, organisation__in=standing.organisation_ids, asked_on__isnull=False)
        return self.filter(Q(partnership__in=standing.case_group_ids) | own)

    def waiting(self):
        return self.filter(asked_on__isnull=False, submitted_at=None, case__closed_on=None)


@recorded
class AgencySummary(RulesModel):
    """What one agency knew and did: an agency involved in a case, asked for its summary or not yet.

    Its contact reads and writes this and nothing else of the case.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="summaries")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_on = models.DateField("asked", null=True, blank=True)
    asked_with = models.TextField("what the agency is asked", blank=True)
    due_on = models.DateField("back by", null=True, blank=True)
    involvement = models.TextField("how you were involved", blank=True)
    key_practice = models.TextField("what mattered in practice", blank=True)
    analysis = models.TextField("what you make of it", blank=True)
    immediate_action = models.TextField("what you did at once", blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    came_on_paper = models.BooleanField("came on paper, typed in by the group", default=False)
    sent_back_because = models.TextField("what is still wanted", blank=True)

    objects = AgencySummaryQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__name"]
        verbose_name_plural = "agency summaries"
        constraints = [
            models.UniqueConstraint(fields=["case", "organisation"], name="one_summary_an_agency"),
            models.CheckConstraint(
                name="summary_asked_of_somebody_by_a_day",
                condition=Q(asked_on=None)
                | Q(due_on__isnull=False) & (Q(contact__isnull=False) | Q(came_on_paper=True)),
            ),
            models.CheckConstraint(
                name="summary_submitted_after_asked", condition=Q(submitted_at=None) | Q(asked_on__isnull=False)
            ),
        ]
        # The group reads what was sent; a draft is its agency's own.
        rules_permissions = {
            "view": is_contact | (sees_cases & is_submitted),
            "write": is_contact,
            "change": is_case_group,
        }

    def __str__(self):
        return f"{self.organisation} on {self.case}"

    def get_absolute_url(self):
        return reverse("reviews:summary-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}


@recorded
class RapidReview(models.Model):
    """What the rapid review found, in the purposes that guidance gives it, and what was sent to the Panel.

    Working Together 2023, chapter 5: the facts; action at once; what could be better; the context, racism and
    inequality included; and the next steps.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="rapid_review")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    facts = models.TextField("what is known", blank=True)
    immediate_action = models.TextField("what was done at once", blank=True)
    improvements = models.TextField("what could be better", blank=True)
    context = models.TextField("context, identity and inequality", blank=True)
    next_steps = models.TextField("what happens next", blank=True)
    national_view = models.TextField("whether it matters nationally", blank=True)

    def __str__(self):
        return f"Rapid review of {self.case}"


@recorded
class CaseReading(models.Model):
    """Who looked at a case or a practice review, and when."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="readings")
    review = models.ForeignKey(
        "reviews.PracticeReview", on_delete=models.CASCADE, null=True, blank=True, related_name="readings"
    )
    what = models.CharField(max_length=60, blank=True, help_text="Which page or file; empty: the case itself")
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-read_at"]

    def __str__(self):
        return f"{self.case or self.review} read by {self.read_by}"

    @classmethod
    def note(cls, *, by, what, **of):
        """Written while a page is only looked at, so the history is told here who looks, and in which request."""
        with pghistory.context(user=by.pk, request=request_ids.current()):
            cls.objects.create(read_by=by, what=what[:60], **of)
