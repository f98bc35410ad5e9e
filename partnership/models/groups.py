"""Boards, executives, subgroups: what they are for, who sits on them, who they report to."""

import pgtrigger
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import links, recorded
from partnership.models.organisations import Partnership, valid_on
from partnership.rules import is_office, is_office_of_all, is_person_of_partnership, runs_group
from partnership.standing import standing_of


class GroupQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The groups of one's own partnerships."""
        standing = standing_of(user)
        return self.filter(Q(partnerships__in=standing.partnership_ids) | Q(pk__in=standing.group_ids)).distinct()

    def published(self):
        """Groups whose terms are on the public page."""
        return self.filter(is_public=True, closed_on=None)

    def open(self):
        """Groups that have not been closed."""
        return self.filter(closed_on=None)

    def of_office(self, user):
        """The groups that this person's office runs."""
        links = Group.partnerships.through.objects.filter(partnership__in=standing_of(user).office_ids)
        return self.filter(pk__in=links.values("group"))


# A group reports to another, never to itself by any way round. The lock makes two changes at once take
# turns, so that the second sees the first; the query climbs from the new parent to the top.
NO_CIRCLE = "group_reports_in_no_circle"
REFUSE_CIRCLE = """
    PERFORM pg_advisory_xact_lock(hashtext('group_reports_in_no_circle'));
    IF EXISTS (
        WITH RECURSIVE above AS (
            SELECT id, parent_id FROM partnership_group WHERE id = NEW.parent_id
            UNION
            SELECT up.id, up.parent_id FROM partnership_group up JOIN above ON up.id = above.parent_id
        )
        SELECT FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'a group would report to itself'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'group_reports_in_no_circle';
    END IF;
    RETURN NEW;
"""


@recorded
class Group(RulesModel):
    """A board, executive, subgroup or other group; a joint group belongs to several partnerships."""

    class Kind(models.TextChoices):
        BOARD = "board", "Board"
        EXECUTIVE = "executive", "Executive"
        DELIVERY = "delivery", "Planning and delivery group"
        SUBGROUP = "subgroup", "Subgroup"
        CASE_REVIEW = "case-review", "Case review group"
        TASK = "task", "Task and finish group"
        REFERENCE = "reference", "Reference group"
        YOUNG_PEOPLE = "young-people", "Young people’s advisory group"
        PANEL = "panel", "Panel"
        OTHER = "other", "Other partnership board"

    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.SUBGROUP)
    partnerships = models.ManyToManyField(Partnership, related_name="groups")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    purpose = models.TextField(blank=True, help_text="One or two sentences, for lists and the public page")
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    is_public = models.BooleanField("on the public page", default=True)
    papers_working_days = models.PositiveSmallIntegerField(
        "papers are sent", default=5, help_text="Working days before a meeting"
    )
    attendance_percent = models.PositiveSmallIntegerField(
        "seldom there",
        default=50,
        validators=[MaxValueValidator(100)],
        help_text="In a hundred of the year’s meetings: an organisation at fewer is shown as seldom there",
    )
    leads_session_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="session_leaders",
        help_text="The board one of whose meetings this group leads each year",
    )

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        rules_permissions = {
            "view": is_person_of_partnership,
            "change": is_office & is_office_of_all,
            "run": runs_group,
        }
        triggers = [
            pgtrigger.Trigger(
                name="no_circle",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                condition=pgtrigger.Q(new__parent__isnull=False),
                func=REFUSE_CIRCLE,
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partnership:group-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return set(self.partnerships.values_list("pk", flat=True))

    def is_within(self, partnership_ids, *, on):
        """Whether all that sitting here brings is of these partnerships: for a case review group, their cases."""
        return not self.is_restricted or self.partnership_ids <= partnership_ids

    @property
    def is_restricted(self):
        """What a case review group does is for its own members alone."""
        return self.kind == self.Kind.CASE_REVIEW

    def is_open(self, *, on):
        """Whether ``on`` is within the group's life, its first and last day included."""
        return (self.opened_on is None or self.opened_on <= on) and (self.closed_on is None or on <= self.closed_on)


@links
class GroupPartnership(Group.partnerships.through):
    class Meta:
        proxy = True


class GroupMemberQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(group__in=Group.objects.visible_to(user).values("pk"))

    def current(self, *, on):
        return self.filter(valid_on(on))

    def overlapping(self, from_on, to_on):
        """Seats that share a day with ``from_on`` to ``to_on`` (either may be None: no end that way)."""
        begins_in_time = Q() if to_on is None else Q(from_on=None) | Q(from_on__lte=to_on)
        ends_late_enough = Q() if from_on is None else Q(to_on=None) | Q(to_on__gte=from_on)
        return self.filter(begins_in_time & ends_late_enough)

    def in_order(self):
        """The chair first, then as the roles are listed."""
        places = [models.When(role=role, then=place) for place, role in enumerate(GroupMember.Role.values)]
        return self.order_by(models.Case(*places), "post__title")


@recorded
class GroupMember(RulesModel):
    """A post's seat in a group. Whoever holds the post sits there."""

    class Role(models.TextChoices):
        CHAIR = "chair", "Chair"
        VICE_CHAIR = "vice-chair", "Vice chair"
        MEMBER = "member", "Member"
        DEPUTY = "deputy", "Deputy with equal authority"
        OBSERVER = "observer", "Observer"
        ADVISOR = "advisor", "Advisor"

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    post = models.ForeignKey("partnership.Post", on_delete=models.PROTECT, related_name="group_memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.MEMBER)
    deputy_for = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="deputies", help_text="Whose seat"
    )
    has_equal_authority = models.BooleanField(
        default=False, help_text="May decide and commit money for the organisation as the member may"
    )
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)

    objects = GroupMemberQuerySet.as_manager()

    class Meta:
        ordering = ["group", "role", "post__title"]
        rules_permissions = {"view": is_person_of_partnership, "change": is_office & is_office_of_all}
        constraints = [
            models.UniqueConstraint(fields=["group", "post"], condition=Q(to_on=None), name="one_open_seat_a_post"),
            models.CheckConstraint(
                name="deputy_has_equal_authority", condition=~Q(role="deputy") | Q(has_equal_authority=True)
            ),
            models.CheckConstraint(
                name="seat_ends_after_it_starts",
                condition=Q(from_on=None) | Q(to_on=None) | Q(to_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self):
        return f"{self.post}, {self.get_role_display().lower()} of {self.group}"

    def get_absolute_url(self):
        return self.group.get_absolute_url()

    @property
    def partnership_ids(self):
        return self.group.partnership_ids

    def is_within(self, partnership_ids, *, on):
        return self.group.is_within(partnership_ids, on=on)

    @property
    def is_deputy(self):
        return self.role == self.Role.DEPUTY


class Frequency(models.TextChoices):
    """How often a group meets."""

    MONTHLY = "monthly", "Every month"
    TWO_MONTHS = "two-months", "Every two months"
    QUARTERLY = "quarterly", "Every quarter"
    TERMLY = "termly", "Every four months"
    TWICE = "twice", "Twice a year"
    YEARLY = "yearly", "Once a year"
    AS_NEEDED = "as-needed", "When it is needed"


class TermsQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Agreed terms are for the group's partnerships; drafts for those who run the group."""
        standing = standing_of(user)
        offices = Group.partnerships.through.objects.filter(partnership__in=standing.office_ids)
        runs = Q(group__in=offices.values("group")) | Q(group__in=standing.chaired_group_ids)
        seen = Q(group__in=Group.objects.visible_to(user).values("pk"))
        return self.filter(seen & (Q(status="agreed") | runs))

    def agreed(self):
        return self.filter(status=self.model.Status.AGREED)

    def in_force(self):
        """Of each group the agreed version with the highest number."""
        newest = self.model.objects.agreed().filter(group=models.OuterRef("group")).order_by("-version")
        return self.filter(pk=models.Subquery(newest.values("pk")[:1]))


@recorded
class TermsOfReference(RulesModel):
    """One version of a group's terms. Agreed words stand: the next change is a new version."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        AGREED = "agreed", "Agreed"

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="terms")
    version = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=6, choices=Status, default=Status.DRAFT)
    remit = models.TextField(help_text="What the group does, decides and answers for")
    membership = models.TextField(help_text="Which posts and organisations have a seat, and at what level")
    quorum = models.CharField(max_length=200, help_text="How many, and who, must be there to decide")
    frequency = models.CharField(max_length=12, choices=Frequency, default=Frequency.QUARTERLY)
    reason = models.TextField("reason for this version", blank=True, help_text="What was changed, and why")
    agreed_on = models.DateField(null=True, blank=True)
    next_review_on = models.DateField(null=True, blank=True)

    objects = TermsQuerySet.as_manager()

    class Meta:
        ordering = ["group", "-version"]
        verbose_name = "terms of reference"
        verbose_name_plural = "terms of reference"
        rules_permissions = {"view": is_person_of_partnership, "change": runs_group}
        constraints = [
            models.UniqueConstraint(fields=["group", "version"], name="one_terms_a_version"),
            models.UniqueConstraint(fields=["group"], condition=Q(status="draft"), name="one_draft_of_terms"),
            models.CheckConstraint(name="agreed_terms_have_a_day", condition=~Q(status="agreed") | ~Q(agreed_on=None)),
        ]
        triggers = [
            pgtrigger.Protect(
                name="agreed_terms_stand",
                operation=pgtrigger.UpdateOf("remit", "membership", "quorum", "frequency", "status") | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status="agreed"),
            )
        ]

    def __str__(self):
        return f"Terms of reference of {self.group}, version {self.version}"

    def get_absolute_url(self):
        return reverse("partnership:terms-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.group.partnership_ids

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    def version_before(self):
        """The version that this one changes, or None for the first."""
        return TermsOfReference.objects.filter(group=self.group_id, version__lt=self.version).first()
