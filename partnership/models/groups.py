"""Boards, executives, subgroups and who sits on them."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import links, recorded
from partnership.models.organisations import Partnership, valid_on
from partnership.rules import is_office, is_person_of_partnership
from partnership.standing import standing_of


class GroupQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The groups of one's own partnerships."""
        standing = standing_of(user)
        return self.filter(Q(partnerships__in=standing.partnership_ids) | Q(pk__in=standing.group_ids)).distinct()

    def published(self):
        """Groups whose terms are on the public page."""
        return self.filter(is_public=True, closed_on=None)


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
    remit = models.TextField(blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    is_public = models.BooleanField(default=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        rules_permissions = {"view": is_person_of_partnership, "change": is_office}

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partnership:group-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return set(self.partnerships.values_list("pk", flat=True))


@links
class GroupPartnership(Group.partnerships.through):
    class Meta:
        proxy = True


class GroupMemberQuerySet(models.QuerySet):
    def current(self, *, on):
        return self.filter(valid_on(on))

    def in_order(self):
        """The chair first, then as the roles are listed."""
        places = [models.When(role=role, then=place) for place, role in enumerate(GroupMember.Role.values)]
        return self.order_by(models.Case(*places), "post__title")


@recorded
class GroupMember(models.Model):
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
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)

    objects = GroupMemberQuerySet.as_manager()

    class Meta:
        ordering = ["group", "role", "post__title"]
        constraints = [
            models.UniqueConstraint(fields=["group", "post"], condition=Q(to_on=None), name="one_open_seat_a_post")
        ]

    def __str__(self):
        return f"{self.post}, {self.get_role_display().lower()} of {self.group}"
