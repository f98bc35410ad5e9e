"""Standards that organisations measure themselves against: scales, sets by edition, what each says of itself."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from assurance.models.questions import OwnOrShared, OwnOrSharedQuerySet
from assurance.models.returns import Return, read_by_group, words_of_submitted_stand
from assurance.rules import (
    chairs_group,
    chairs_scrutiny,
    is_being_written,
    is_open_panel,
    is_own_office,
    is_scrutineer,
    is_shared,
    sits_in_group,
)
from partnership.history import links, recorded
from partnership.models import Group, Partnership
from partnership.rules import is_administrator, is_advisor, is_office
from partnership.standing import standing_of
from partnership.templatetags.components import long_date
from plans.models import Rating


def figure(value):
    """A score as people write it: "2", "62.5"; nothing for none."""
    return "" if value is None else f"{value.normalize():f}"


@recorded
class Scale(OwnOrShared):
    """What a score may be: 0 to 3, a per cent, red amber green, four points of which 1 is the best."""

    class Best(models.TextChoices):
        HIGHEST = "highest", "The highest"
        LOWEST = "lowest", "The lowest"

    name = models.CharField(max_length=80)
    lowest = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    highest = models.DecimalField(max_digits=6, decimal_places=2)
    step = models.DecimalField(
        max_digits=6,
        decimal_places=2,
        default=1,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    unit = models.CharField(max_length=4, blank=True, help_text="Printed after a score: %")
    best = models.CharField("which score is the best", max_length=8, choices=Best, default=Best.HIGHEST)
    is_added_up = models.BooleanField(
        "scores may be added up",
        default=True,
        help_text="Not for judgements like red, amber and green: these are counted",
    )

    class Meta(OwnOrShared.Meta):
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "name"], nulls_distinct=False, name="one_scale_a_name"),
            models.CheckConstraint(name="scale_has_room", condition=Q(highest__gt=F("lowest"))),
        ]

    def __str__(self):
        return self.name

    def takes(self, value):
        """Whether ``value`` (Decimal) stands on the scale."""
        return self.lowest <= value <= self.highest and (value - self.lowest) % self.step == 0

    def share(self, value):
        """How far ``value`` is from the worst to the best, 0 to 1."""
        share = (value - self.lowest) / (self.highest - self.lowest)
        return share if self.best == self.Best.HIGHEST else 1 - share


@recorded
class ScalePoint(models.Model):
    """A score in words, with the letter and the shape that stand for it without colour."""

    scale = models.ForeignKey(Scale, on_delete=models.CASCADE, related_name="points")
    value = models.DecimalField(max_digits=6, decimal_places=2)
    word = models.CharField(max_length=40)
    meaning = models.CharField(max_length=300, blank=True)
    token = models.CharField("colour", max_length=8, choices=Rating.Token, default=Rating.Token.GREY)
    shape = models.CharField(max_length=8, choices=Rating.Shape, default=Rating.Shape.RING)
    letter = models.CharField(
        max_length=2, blank=True, default="", help_text="Stands in the shape; empty: the score itself"
    )

    class Meta:
        ordering = ["scale", "value"]
        constraints = [models.UniqueConstraint(fields=["scale", "value"], name="one_word_a_score")]

    def __str__(self):
        return self.word

    @property
    def code(self):
        """What stands in its shape."""
        return self.letter or figure(self.value)


class StandardSetQuerySet(OwnOrSharedQuerySet):
    def visible_to(self, user):
        """Published ones of one's partnerships and of the installation; drafts to who writes them, and advisors."""
        standing = standing_of(user)
        own_draft = Q(partnership__in=standing.wide_ids)
        if standing.is_administrator:
            own_draft |= Q(partnership=None)
        return super().visible_to(user).filter(~Q(published_on=None) | own_draft)


# PostgreSQL refuses to change what people were asked to measure themselves by.
STANDS = pgtrigger.Func(
    """
    IF EXISTS (
        SELECT FROM assurance_standardset WHERE id = OLD.standard_set_id AND published_on IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'pgtrigger: Cannot change a published standard in % table', TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
    """
)
STANDARD_STANDS = [
    pgtrigger.Trigger(
        name="standard_stands",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(
            "position", "section", "code", "text", "guidance", "evidence_wanted", "weight", "descriptors"
        )
        | pgtrigger.Delete,
        func=STANDS,
    )
]
SET_STANDS = [
    pgtrigger.Protect(
        name="standard_set_stands",
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            "OLD.published_on IS NOT NULL AND (OLD.published_on, OLD.title, OLD.edition, OLD.scale_id)"
            " IS DISTINCT FROM (NEW.published_on, NEW.title, NEW.edition, NEW.scale_id)"
        ),
    )
]


@recorded
class StandardSet(OwnOrShared):
    """One edition of a body of standards. Once it is published it stands; what changes is a new edition."""

    class Audience(models.TextChoices):
        CHILDREN = "children", "Children"
        ADULTS = "adults", "Adults"
        BOTH = "both", "Children and adults"

    class AskedOf(models.TextChoices):
        ORGANISATIONS = "organisations", "Organisations"
        SCHOOLS = "schools", "Schools"

    code = models.SlugField(max_length=40, blank=True, help_text="Of a set that the installation brought")
    title = models.CharField(max_length=120)
    edition = models.CharField(max_length=40)
    about = models.TextField("what it is for", blank=True)
    source = models.CharField("law or guidance", max_length=200, blank=True)
    audience = models.CharField("about", max_length=8, choices=Audience, default=Audience.CHILDREN)
    asked_of = models.CharField(max_length=13, choices=AskedOf, default=AskedOf.ORGANISATIONS)
    scale = models.ForeignKey(Scale, on_delete=models.PROTECT, related_name="standard_sets")
    published_on = models.DateField("published", null=True, blank=True, help_text="From then on it no longer changes")
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")

    objects = StandardSetQuerySet.as_manager()

    class Meta(OwnOrShared.Meta):
        ordering = ["title", "-published_on", "-pk"]
        triggers = SET_STANDS
        rules_permissions = {"write": (is_own_office | (is_shared & is_administrator)) & is_being_written}
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "title", "edition"], nulls_distinct=False, name="one_standard_set_an_edition"
            )
        ]

    def __str__(self):
        return f"{self.title}, {self.edition}"

    def get_absolute_url(self):
        return reverse("assurance:standard-set-detail", args=[self.pk])


@recorded
class Standard(models.Model):
    """One standard of a set."""

    standard_set = models.ForeignKey(StandardSet, on_delete=models.CASCADE, related_name="standards")
    position = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=12)
    text = models.CharField("standard", max_length=400)
    guidance = models.TextField(blank=True)
    evidence_wanted = models.TextField(blank=True)
    weight = models.DecimalField(
        max_digits=4,
        decimal_places=2,
        default=1,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    descriptors = models.JSONField(
        default=dict, blank=True, help_text="What each score means for this standard: {score: words}"
    )
    same_as = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="later",
        help_text="Of the edition before: movement is counted from it",
    )

    class Meta:
        ordering = ["standard_set", "position", "pk"]
        triggers = STANDARD_STANDS
        constraints = [models.UniqueConstraint(fields=["standard_set", "code"], name="one_standard_a_code")]

    def __str__(self):
        return f"{self.code} {self.text}"


@recorded
class Assessment(models.Model):
    """What an organisation says of itself for one standard, in one return."""

    record = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="assessments")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="assessments")
    score = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    is_not_applicable = models.BooleanField("does not apply to us", default=False)
    reason = models.TextField("why it does not apply", blank=True)
    evidence = models.TextField("what shows it", blank=True)
    is_still_true = models.BooleanField("said last time and still true", default=False)
    version = models.PositiveIntegerField(default=0, help_text="How often it was saved")
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["standard__position"]
        constraints = [
            models.UniqueConstraint(fields=["record", "standard"], name="one_assessment_a_standard"),
            models.CheckConstraint(
                name="what_does_not_apply_has_no_score", condition=Q(is_not_applicable=False) | Q(score=None)
            ),
        ]
        triggers = [words_of_submitted_stand("submitted_assessments_stand")]

    def __str__(self):
        return f"{self.standard.code}: {self.score}"


@recorded
class Improvement(models.Model):
    """What an organisation will do to meet a standard, and by when. It goes on after the return is submitted."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="improvements")
    text = models.TextField("what you will do")
    lead = models.CharField("who does it", max_length=160, blank=True, help_text="A role, never a name")
    due_on = models.DateField("by when")
    done_on = models.DateField("done", null=True, blank=True)
    outcome = models.TextField("what came of it", blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on=None), name="improvement_waiting")]
        constraints = [
            models.CheckConstraint(name="done_improvement_says_what_came", condition=Q(done_on=None) | ~Q(outcome=""))
        ]

    def __str__(self):
        return self.text[:80]


class ModerationPanelQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The office and the advisor; the group that scrutinises, and the one that sits."""
        standing = standing_of(user)
        own = Group.partnerships.through.objects.filter(
            group__in=standing.group_ids, partnership=OuterRef("partnership")
        )
        sits = Q(Exists(own.filter(group=OuterRef("group"))))
        return self.filter(Q(partnership__in=standing.wide_ids) | read_by_group(user, "request") | sits)


@recorded
class ModerationPanel(RulesModel):
    """A group of partners looks at a sample of self-assessments and says what it finds."""

    request = models.ForeignKey("assurance.AssuranceRequest", on_delete=models.PROTECT, related_name="panels")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    held_on = models.DateField("held")
    members = models.TextField("who sat on it", blank=True, help_text="Posts and agencies, one a line")
    note = models.TextField("what it found in all", blank=True)
    returns = models.ManyToManyField(Return, related_name="panels", blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="From then on its scores stand")

    objects = ModerationPanelQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        rules_permissions = {
            "view": is_office | is_advisor | is_scrutineer | sits_in_group,
            "moderate": (is_office | chairs_scrutiny | chairs_group) & is_open_panel,
        }

    def __str__(self):
        return f"Moderation panel, {long_date(self.held_on)}"

    def get_absolute_url(self):
        return reverse("assurance:panel-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}


@links
class ModerationPanelReturn(ModerationPanel.returns.through):
    class Meta:
        proxy = True


@recorded
class ModeratedScore(models.Model):
    """The panel's score beside the organisation's own, with its reason."""

    panel = models.ForeignKey(ModerationPanel, on_delete=models.CASCADE, related_name="scores")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="moderated_scores")
    score = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    is_not_applicable = models.BooleanField("does not apply", default=False)
    reason = models.TextField(blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["panel", "assessment__standard__position"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "assessment"], name="one_moderated_score_a_panel"),
            models.CheckConstraint(
                name="moderated_not_applicable_has_no_score", condition=Q(is_not_applicable=False) | Q(score=None)
            ),
        ]

    def __str__(self):
        return f"{self.assessment.standard.code}: {self.score}"
