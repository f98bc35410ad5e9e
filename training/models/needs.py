"""What people have to learn next year: asked of everybody, ranked, met by courses or left unmet with a reason."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import links, recorded
from partnership.models import Group, Organisation
from partnership.models.of_partnership import OfPartnership
from partnership.rules import is_advisor, is_person_of_partnership
from partnership.standing import standing_of
from partnership.templatetags.components import long_date
from plans.models import Priority
from training.models.courses import Course
from training.rules import is_asked, is_settled, runs_training

FEWEST_REPLIES = 5  # of the practitioners of one organisation, before anything of them is told


class Urgency(models.IntegerChoices):
    CAN_WAIT = 1, "Can wait"
    THIS_YEAR = 2, "This year"
    SOON = 3, "Soon"
    NOW = 4, "Now"


class NeedsAnalysisQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever runs training and the advisor; members once it is settled."""
        standing = standing_of(user)
        inside = standing.training_ids | standing.wide_ids
        return self.filter(
            Q(partnership__in=inside) | Q(partnership__in=standing.partnership_ids, settled_on__isnull=False)
        )

    def to_settle(self, *, on):
        """Those whose questions are closed, or whose year has begun, and that nobody has settled."""
        return self.filter(Q(closes_on__lt=on) | Q(starts_on__lte=on), settled_on=None)

    def with_counts(self):
        """Annotate ``need_count`` and ``open_count``: of those that nobody decided."""
        return self.annotate(
            need_count=Count("needs"), open_count=Count("needs", filter=Q(needs__decision=LearningNeed.Decision.OPEN))
        )


@recorded
class NeedsAnalysis(OfPartnership):
    """The learning needs analysis of one year."""

    title = models.CharField(max_length=160)
    starts_on = models.DateField("for the year from")
    ends_on = models.DateField("to")
    introduction = models.TextField(blank=True, help_text="What whoever is asked reads first")
    opens_on = models.DateField("questions open", null=True, blank=True)
    closes_on = models.DateField("questions close", null=True, blank=True)
    settled_on = models.DateField("settled", null=True, blank=True)

    objects = NeedsAnalysisQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        verbose_name_plural = "needs analyses"
        rules_permissions = {
            "view": runs_training | is_advisor | (is_person_of_partnership & is_settled),
            # Members read it as it was settled, not what was written and thrown away before.
            "look_back": runs_training | is_advisor,
            "change": runs_training,
        }
        constraints = [
            models.CheckConstraint(name="needs_year_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on"))),
            models.CheckConstraint(
                name="needs_questions_open_and_close",
                condition=Q(opens_on=None, closes_on=None) | Q(closes_on__gte=F("opens_on")),
            ),
            models.UniqueConstraint(fields=["partnership", "starts_on"], name="one_needs_analysis_a_year"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("training:needs-detail", args=[self.pk])

    def is_asking(self, *, on):
        """Whether its questions are open on that day."""
        return self.settled_on is None and self.closes_on is not None and self.opens_on <= on <= self.closes_on

    def is_done_asking(self, *, on):
        """Nobody can answer any more: only then is told what practitioners said."""
        return self.settled_on is not None or (self.closes_on is not None and self.closes_on < on)


class LearningNeedQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(analysis__in=NeedsAnalysis.objects.visible_to(user).values("pk"))

    def undecided(self):
        return self.filter(decision=LearningNeed.Decision.OPEN)

    def with_asked(self):
        """Annotate how many asked for it: ``asked_members``, ``asked_groups``, and ``asked_agencies`` of practitioners.

        What fewer than five practitioners of an agency said is never put under a need.
        """
        Kind = NeedsInvitation.Kind

        def asked(kind, of):
            way = "wishes__reply__invitation"
            return Count(f"{way}__{of}", filter=Q(**{f"{way}__kind": kind}), distinct=True)

        return self.annotate(
            asked_members=asked(Kind.ORGANISATION, "organisation"),
            asked_groups=asked(Kind.GROUP, "group"),
            asked_agencies=asked(Kind.PRACTITIONERS, "organisation"),
        )


@recorded
class LearningNeed(RulesModel):
    """Something that some people have to learn, where that was seen, and what is done about it."""

    class Source(models.TextChoices):
        REVIEW = "review", "Review"
        AUDIT = "audit", "Audit"
        PRIORITY = "priority", "Priority of the plan"
        DATA = "data", "Data"
        RISK = "risk", "Risk"
        VOICE = "voice", "What children, adults and families say"
        RETURN = "return", "Returns and self-assessments"
        MEMBER = "member", "Member organisation"
        GROUP = "group", "Group"
        PRACTITIONER = "people", "Practitioners’ survey"
        OTHER = "other", "Elsewhere"

    class Decision(models.TextChoices):
        OPEN = "", "Not decided"
        MET = "met", "Met by courses"
        PARTLY = "partly", "Partly met"
        UNMET = "unmet", "Left unmet"

    analysis = models.ForeignKey(NeedsAnalysis, on_delete=models.CASCADE, related_name="needs")
    position = models.PositiveSmallIntegerField("rank", default=0)
    topic = models.CharField(max_length=200)
    why = models.TextField("what shows it", blank=True)
    source = models.CharField(max_length=8, choices=Source, default=Source.OTHER)
    source_key = models.CharField(max_length=60, blank=True, help_text="Which record offered it")
    source_title = models.CharField("seen in", max_length=200, blank=True)
    source_url = models.CharField(max_length=200, blank=True)
    audience = models.CharField("for whom", max_length=200, blank=True)
    level = models.CharField(max_length=60, blank=True)
    urgency = models.PositiveSmallIntegerField(choices=Urgency, default=Urgency.THIS_YEAR)
    priority = models.ForeignKey(
        Priority, on_delete=models.SET_NULL, null=True, blank=True, related_name="learning_needs"
    )
    courses = models.ManyToManyField(Course, related_name="needs", blank=True)
    decision = models.CharField(max_length=6, choices=Decision, default=Decision.OPEN, blank=True)
    reasons = models.TextField("why, and what is left", blank=True)

    objects = LearningNeedQuerySet.as_manager()

    class Meta:
        ordering = ["analysis", "position", "pk"]
        rules_permissions = {"look_back": runs_training | is_advisor}
        constraints = [
            models.UniqueConstraint(
                fields=["analysis", "source_key"], condition=~Q(source_key=""), name="one_need_a_source"
            ),
            models.CheckConstraint(
                name="need_left_unmet_says_why", condition=Q(decision__in=["", "met"]) | ~Q(reasons="")
            ),
        ]

    def __str__(self):
        return self.topic

    def get_absolute_url(self):
        return reverse("training:needs-need", args=[self.analysis_id, self.pk])

    @property
    def partnership_ids(self):
        return self.analysis.partnership_ids

    @property
    def is_open(self):
        return self.decision == self.Decision.OPEN


@links
class LearningNeedCourse(LearningNeed.courses.through):
    class Meta:
        proxy = True


@recorded
class NeedLeftOut(models.Model):
    """What another record offered as a need and nobody wanted among the needs of that year."""

    analysis = models.ForeignKey(NeedsAnalysis, on_delete=models.CASCADE, related_name="left_out")
    source_key = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    left_out_on = models.DateField("left out")

    class Meta:
        ordering = ["analysis", "title", "pk"]
        verbose_name_plural = "needs left out"
        constraints = [models.UniqueConstraint(fields=["analysis", "source_key"], name="one_need_left_out_a_source")]

    def __str__(self):
        return self.title


class NeedsInvitationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever runs training; the organisation that is asked, and the chair of a group that is."""
        standing = standing_of(user)
        return self.filter(
            Q(analysis__partnership__in=standing.training_ids | standing.office_ids)
            | Q(organisation__in=standing.organisation_ids)
            | Q(group__in=standing.chaired_group_ids)
        )

    def with_replies(self):
        """Annotate ``reply_count``, and ``replied_last_on`` and ``replied_last_by`` of the latest."""
        latest = NeedsReply.objects.filter(invitation=OuterRef("pk")).order_by("-replied_on", "-pk")
        return self.annotate(
            reply_count=Count("replies"),
            replied_last_on=Subquery(latest.values("replied_on")[:1]),
            replied_last_by=Subquery(latest.values("by")[:1]),
        )


@recorded
class NeedsInvitation(RulesModel):
    """The link by which an organisation, a group, or the practitioners of an organisation say what they need."""

    class Kind(models.TextChoices):
        ORGANISATION = "member", "Member organisation"
        GROUP = "group", "Group"
        PRACTITIONERS = "people", "Practitioners"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    analysis = models.ForeignKey(NeedsAnalysis, on_delete=models.CASCADE, related_name="invitations")
    kind = models.CharField(max_length=6, choices=Kind)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    generation = models.PositiveSmallIntegerField(default=1)
    sent_on = models.DateField("link given", null=True, blank=True)

    objects = NeedsInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["analysis", "kind", "organisation__name", "group__name", "pk"]
        rules_permissions = {
            "view": runs_training | is_asked,
            "change": runs_training,
            "answer": is_asked,
        }
        constraints = [
            models.UniqueConstraint(
                fields=["analysis", "kind", "organisation"],
                condition=Q(organisation__isnull=False),
                name="one_needs_link_an_organisation",
            ),
            models.UniqueConstraint(
                fields=["analysis", "group"], condition=Q(group__isnull=False), name="one_needs_link_a_group"
            ),
            models.CheckConstraint(
                name="needs_link_is_somebodys",
                condition=Q(kind="group", group__isnull=False, organisation=None)
                | Q(kind__in=["member", "people"], group=None, organisation__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.asked}"

    def get_absolute_url(self):
        return reverse("training:needs-answer", args=[self.pk])

    @property
    def asked(self):
        """The organisation or group."""
        return self.organisation or self.group

    @property
    def is_of_practitioners(self):
        return self.kind == self.Kind.PRACTITIONERS

    @property
    def partnership_ids(self):
        return self.analysis.partnership_ids


class NeedsReply(models.Model):
    """What somebody said who followed a link. Of practitioners nothing is kept that says whose it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.ForeignKey(NeedsInvitation, on_delete=models.CASCADE, related_name="replies")
    replied_on = models.DateField()
    by = models.CharField("name and post", max_length=160, blank=True, help_text="Members and groups only")
    job = models.CharField("kind of work", max_length=120, blank=True)

    class Meta:
        ordering = ["invitation", "replied_on", "pk"]
        verbose_name_plural = "needs replies"

    def __str__(self):
        return f"{self.invitation}, {long_date(self.replied_on)}"


class NeedsWishQuerySet(models.QuerySet):
    def told(self, analysis, *, on):
        """Those that whoever makes the analysis may read.

        Of practitioners nothing before the questions are closed, or one reply could be watched as it comes; and then
        nothing of an organisation of which fewer than five answered.
        """
        said = self.filter(reply__invitation__analysis=analysis)
        of_practitioners = Q(reply__invitation__kind=NeedsInvitation.Kind.PRACTITIONERS)
        if not analysis.is_done_asking(on=on):
            return said.exclude(of_practitioners)
        many = NeedsReply.objects.filter(invitation__analysis=analysis).order_by().values("invitation")
        many = many.annotate(count=Count("pk")).filter(count__gte=FEWEST_REPLIES).values("invitation")
        return said.filter(~of_practitioners | Q(reply__invitation__in=many))


class NeedsWish(models.Model):
    """One thing somebody has to learn, in their words; put under a need by whoever makes the analysis."""

    reply = models.ForeignKey(NeedsReply, on_delete=models.CASCADE, related_name="wishes")
    position = models.PositiveSmallIntegerField()
    topic = models.CharField(max_length=200)
    audience = models.CharField("for whom", max_length=200, blank=True)
    urgency = models.PositiveSmallIntegerField(
        choices=Urgency, default=Urgency.THIS_YEAR, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    why = models.TextField("what shows it", blank=True)
    need = models.ForeignKey(LearningNeed, on_delete=models.SET_NULL, null=True, blank=True, related_name="wishes")

    objects = NeedsWishQuerySet.as_manager()

    class Meta:
        ordering = ["reply", "position", "pk"]
        verbose_name_plural = "needs wishes"

    def __str__(self):
        return self.topic
