"""Practice reviews: who reviews, what the family was offered, what must be done before publication, what is public."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Min, OuterRef, Q, Subquery
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import links, recorded
from partnership.models import Document, Partnership, PublishedFile
from partnership.rules import is_case_group, sees_cases
from reviews.models.cases import Case, CaseReading, RestrictedQuerySet, Stage, Theme


@recorded
class Reviewer(RulesModel):
    """Somebody who can be asked to lead a review: the register of a case review group."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="reviewers")
    name = models.CharField(max_length=120)
    email = models.EmailField("e-mail address", blank=True)
    background = models.TextField("what they know and have done", blank=True)
    works_for = models.CharField("works for", max_length=160, blank=True, help_text="Empty: independent")
    is_available = models.BooleanField("can be asked", default=True)
    note = models.TextField("what we know of their work", blank=True)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        rules_permissions = {"view": sees_cases, "change": is_case_group}

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("reviews:reviewer-change", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}


class PracticeReviewQuerySet(RestrictedQuerySet):
    def under_way(self):
        return self.filter(ended_on=None)

    def with_next_stage(self):
        """Annotate ``next_title`` and ``next_due_on`` of the first stage that waits and has a day."""
        waiting = Stage.objects.filter(review=OuterRef("pk")).waiting().with_clock()
        waiting = waiting.exclude(due_on=None).order_by("due_on", "position")
        return self.annotate(
            next_title=Subquery(waiting.values("title")[:1]), next_due_on=Subquery(waiting.values("due_on")[:1])
        )


@recorded
class PracticeReview(RulesModel):
    """A review of practice after one case or several, from its terms to what became public of it."""

    class Kind(models.TextChoices):
        LOCAL = "local", "Local child safeguarding practice review"
        THEMATIC = "thematic", "Thematic review"
        NATIONAL = "national", "Part in a national review"
        SAR_MANDATORY = "sar-mandatory", "Safeguarding adults review (statutory, must be held)"
        SAR_DISCRETIONARY = "sar-discretionary", "Safeguarding adults review (statutory, may be held)"
        SCR = "scr", "Serious case review (before 2019)"

    ADULTS = (Kind.SAR_MANDATORY, Kind.SAR_DISCRETIONARY)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="practice_reviews")
    cases = models.ManyToManyField(Case, related_name="reviews", blank=True)
    kind = models.CharField(max_length=17, choices=Kind)
    reference = models.CharField("local reference", max_length=20, help_text="Never a name")
    title = models.CharField(max_length=160, help_text="Says nothing of who")
    terms = models.TextField("what the review is to find out", blank=True)
    method = models.TextField("how it is done", blank=True)
    period = models.CharField("what time it looks at", max_length=120, blank=True)
    themes = models.ManyToManyField(Theme, related_name="reviews", blank=True)
    # What becomes public, written for the public page and the report that we typeset.
    public_title = models.CharField("title for the public", max_length=160, blank=True)
    public_summary = models.TextField("in short, for the public", blank=True)
    findings = models.TextField("what the review found", blank=True)
    response = models.TextField("what partners did and will do", blank=True)
    public_address = models.URLField("where else it can be read", max_length=500, blank=True)
    final_report = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="the reviewer’s report",
    )
    is_withheld = models.BooleanField("the report itself is not published", default=False)
    withheld_because = models.TextField("why it is not", blank=True)
    withheld_discussed_on = models.DateField("discussed with the Panel", null=True, blank=True)
    is_carried_over = models.BooleanField("an older review, entered afterwards", default=False)
    ended_on = models.DateField("ended", null=True, blank=True)

    objects = PracticeReviewQuerySet.as_manager()

    class Meta:
        ordering = ["reference", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "reference"], name="one_review_a_local_reference"),
            models.CheckConstraint(
                name="withheld_review_says_why", condition=Q(is_withheld=False) | ~Q(withheld_because="")
            ),
        ]
        rules_permissions = {"view": sees_cases, "change": is_case_group, "publish": is_case_group}

    def __str__(self):
        return f"{self.reference}: {self.title}"

    def get_absolute_url(self):
        return reverse("reviews:review-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}

    def note_reading(self, *, by, what=""):
        """Remember that ``by`` opened this review, or ``what`` of it."""
        CaseReading.note(by=by, what=what, partnership_id=self.partnership_id, review=self)


@links
class PracticeReviewCase(PracticeReview.cases.through):
    class Meta:
        proxy = True


@links
class PracticeReviewTheme(PracticeReview.themes.through):
    class Meta:
        proxy = True


@recorded
class Appointment(RulesModel):
    """That a reviewer leads a review, and what they declared of interests before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(PracticeReview, on_delete=models.CASCADE, related_name="appointments")
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="appointments")
    appointed_on = models.DateField()
    conflicts = models.TextField("interests declared", blank=True, help_text="Empty: none")
    conflicts_judged = models.TextField("why that is no obstacle", blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_because = models.TextField(blank=True)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-appointed_on"]
        rules_permissions = {"view": sees_cases, "change": is_case_group}
        constraints = [
            models.CheckConstraint(name="conflict_was_judged", condition=Q(conflicts="") | ~Q(conflicts_judged=""))
        ]

    def __str__(self):
        return f"{self.reviewer} for {self.review}"

    @property
    def partnership_ids(self):
        return {self.partnership_id}


@recorded
class FamilyStep(RulesModel):
    """What was offered to the family, on which day. Never who they are."""

    class Kind(models.TextChoices):
        INFORMED = "informed", "Told of the review"
        INVITED = "invited", "Invited to take part"
        ADVOCATE = "advocate", "Offered an advocate"
        MET = "met", "Met the reviewer"
        REPORT = "report", "Saw the report before publication"
        PUBLICATION = "publication", "Told of the day of publication"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(PracticeReview, on_delete=models.CASCADE, related_name="family_steps")
    kind = models.CharField(max_length=11, choices=Kind)
    done_on = models.DateField(null=True, blank=True)
    not_done_because = models.TextField("why it was not done", blank=True)
    note = models.TextField("what came of it", blank=True, help_text="Nothing that says who they are")

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["done_on", "kind"]
        rules_permissions = {"view": sees_cases, "change": is_case_group}
        constraints = [
            models.CheckConstraint(
                name="family_step_was_done_or_says_why_not",
                condition=Q(done_on__isnull=False, not_done_because="") | (Q(done_on=None) & ~Q(not_done_because="")),
            )
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def partnership_ids(self):
        return {self.partnership_id}


@recorded
class ReviewDraft(RulesModel):
    """A draft of the report, as the reviewer sent it. Each stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(PracticeReview, on_delete=models.CASCADE, related_name="drafts")
    number = models.PositiveSmallIntegerField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    note = models.TextField("what is new in it", blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["review", "-number"]
        rules_permissions = {"view": sees_cases}
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="one_draft_a_number")]

    def __str__(self):
        return f"Draft {self.number} of {self.review}"

    @property
    def partnership_ids(self):
        return {self.partnership_id}


@recorded
class PublicationStep(RulesModel):
    """Something that must be done before a review is published, or an exception with its reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(PracticeReview, on_delete=models.CASCADE, related_name="publication_steps")
    position = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=20)
    title = models.CharField(max_length=160)
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    exception = models.TextField("why it was not done", blank=True)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["review", "position"]
        rules_permissions = {"view": sees_cases, "change": is_case_group}
        constraints = [models.UniqueConstraint(fields=["review", "code"], name="one_publication_step_a_code")]

    def __str__(self):
        return self.title

    @property
    def partnership_ids(self):
        return {self.partnership_id}

    @property
    def is_settled(self):
        return bool(self.done_on or self.exception)


class ReviewPublicationQuerySet(RestrictedQuerySet):
    def published(self):
        """What the public may read, the newest edition of each alone."""
        return self.filter(withdrawn_on=None, superseded_by=None)

    def with_first_day(self):
        """Annotate ``first_published_on``: the day of its first edition."""
        editions = ReviewPublication.objects.filter(review=OuterRef("review")).order_by()
        first = editions.values("review").annotate(first=Min("published_on")).values("first")
        return self.annotate(first_published_on=Subquery(first))

    def newest_first(self):
        return self.order_by("-first_published_on", "title")


@recorded
class ReviewPublication(RulesModel):
    """What became public of a review: words and bytes that never change. It does not say of which case.

    A correction is a next edition. It stays public for at least as long as the rule says (``stays_until``), and can
    be withdrawn after that.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="review_publications")
    review = models.UUIDField(help_text="Key of the practice review, which the public does not see")
    edition = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=17, choices=PracticeReview.Kind)
    title = models.CharField(max_length=160)
    summary = models.TextField()
    findings = models.TextField(blank=True)
    recommendations = models.JSONField(default=list, help_text="[{ref, text, response}], as they stood")
    response = models.TextField(blank=True)
    themes = models.JSONField(default=list)
    is_withheld = models.BooleanField("only what is to be improved", default=False)
    address = models.URLField("where else it can be read", max_length=500, blank=True)
    changes = models.TextField("what this edition corrects", blank=True)
    published_on = models.DateField()
    stays_until = models.DateField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    file = models.OneToOneField(PublishedFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    attachment = models.OneToOneField(PublishedFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_because = models.TextField(blank=True)

    objects = ReviewPublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_on"]
        # Of its record; what it says is for everyone, and starts at ``published()``.
        rules_permissions = {"view": sees_cases}
        triggers = [
            pgtrigger.Protect(name="review_published_is_forever", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="review_published_stands",
                operation=pgtrigger.UpdateOf(
                    "partnership_id",
                    "review",
                    "edition",
                    "kind",
                    "title",
                    "summary",
                    "findings",
                    "recommendations",
                    "response",
                    "themes",
                    "is_withheld",
                    "address",
                    "changes",
                    "published_on",
                    "published_by_id",
                    "file_id",
                    "attachment_id",
                    "supersedes_id",
                ),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("reviews:public-review", args=[self.partnership.slug, self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}
