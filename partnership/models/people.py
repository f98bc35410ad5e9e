"""People, the posts they hold, and what follows from holding them."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from rules.contrib.models import RulesModel

from partnership.history import links, recorded, recorded_except
from partnership.models.groups import Group, GroupMember
from partnership.models.organisations import Membership, Organisation, Partnership, valid_on
from partnership.standing import Standing, standing_of


class UserManager(BaseUserManager):
    def create_user(self, email, name="", password=None, **fields):
        user = self.model(email=self.normalize_email(email), name=name, **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, email):
        """Find by e-mail address, whatever its case."""
        return self.get(email__iexact=email)

    def visible_to(self, user):
        """Oneself, and the people of one's own partnerships (their posts are no secret there)."""
        ids = standing_of(user).partnership_ids
        return self.filter(Q(pk=getattr(user, "pk", None)) | Q(holdings__post__in=Post.objects.of_partnerships(ids)))


@recorded_except("password", "last_login")
class User(AbstractBaseUser):
    """A person who signs in. Their e-mail address is their name here; what they may do follows from posts."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_an_address")]

    def __str__(self):
        return self.name or self.email

    @property
    def first_name(self):
        return self.name.split(" ")[0]

    @cached_property
    def standing(self):
        """This person's standing today; read once for each request (a request has its own User)."""
        return read_standing(self, on=timezone.localdate())


class PostQuerySet(models.QuerySet):
    def of_partnerships(self, ids):
        """Posts of these partnerships' groups, offices and member organisations."""
        return self.filter(
            Q(partnerships__in=ids)
            | Q(group_memberships__group__partnerships__in=ids)
            | Q(organisation__memberships__partnership__in=ids)
        ).distinct()

    def with_holders(self, *, on):
        """Prefetch ``current_holdings``: who holds each post on that day."""
        holdings = PostHolding.objects.current(on=on).select_related("user")
        return self.prefetch_related(
            models.Prefetch("holdings", queryset=holdings, to_attr="current_holdings")
        )


@recorded
class Post(RulesModel):
    """A role title in an organisation or group. Leads are posts, so a new chair is one edit."""

    class Duty(models.TextChoices):
        NONE = "", "None of these"
        OFFICE = "office", "Business office"
        LEAD_PARTNER = "lead-partner", "Lead safeguarding partner"
        ADVISOR = "advisor", "Independent advisor or scrutineer"
        TRAINING = "training", "Training coordinator"

    title = models.CharField(max_length=160)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="posts"
    )
    duty = models.CharField(max_length=14, choices=Duty, default=Duty.NONE, blank=True)
    partnerships = models.ManyToManyField(
        Partnership,
        related_name="posts",
        blank=True,
        help_text="Where the duty is for particular partnerships",
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self):
        return f"{self.title}, {self.organisation}" if self.organisation_id else self.title


@links
class PostPartnership(Post.partnerships.through):
    class Meta:
        proxy = True


class PostHoldingQuerySet(models.QuerySet):
    def current(self, *, on):
        return self.filter(valid_on(on))


@recorded
class PostHolding(models.Model):
    """Who holds a post, from a day to a day (both included)."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="holdings")
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)

    objects = PostHoldingQuerySet.as_manager()

    class Meta:
        ordering = ["post", "from_on"]
        constraints = [
            models.CheckConstraint(
                name="holding_ends_after_it_starts",
                condition=Q(from_on=None) | Q(to_on=None) | Q(to_on__gte=models.F("from_on")),
            )
        ]

    def __str__(self):
        return f"{self.user}: {self.post}"


def read_standing(user, *, on):
    """Everything that follows from the posts ``user`` holds on a day, in four queries."""
    posts = list(
        Post.objects.filter(pk__in=PostHolding.objects.current(on=on).filter(user=user).values("post"))
        .select_related("organisation")
        .prefetch_related(models.Prefetch("partnerships", Partnership.objects.only("pk")))
    )
    by_duty = {duty: set() for duty in Post.Duty.values}
    for post in posts:
        by_duty[post.duty].update(p.pk for p in post.partnerships.all())

    post_ids = {post.pk for post in posts}
    seats = GroupMember.objects.current(on=on).filter(post__in=post_ids)
    groups, chaired, case_groups, of_groups = set(), set(), set(), set()
    chairs = {GroupMember.Role.CHAIR, GroupMember.Role.VICE_CHAIR}
    for group, role, kind, partnership in seats.values_list(
        "group", "role", "group__kind", "group__partnerships"
    ):
        groups.add(group)
        of_groups.add(partnership)
        if role in chairs:
            chaired.add(group)
        if kind == Group.Kind.CASE_REVIEW and role != GroupMember.Role.OBSERVER:
            case_groups.add(partnership)

    organisations = {post.organisation_id for post in posts if post.organisation_id}
    of_organisations = set(
        Membership.objects.filter(valid_on(on), organisation__in=organisations).values_list(
            "partnership", flat=True
        )
    )
    of_posts = set().union(*by_duty.values())
    return Standing(
        user_id=user.pk,
        is_administrator=user.is_administrator,
        post_ids=frozenset(post_ids),
        organisation_ids=frozenset(organisations),
        group_ids=frozenset(groups),
        chaired_group_ids=frozenset(chaired),
        office_ids=frozenset(by_duty[Post.Duty.OFFICE]),
        advisor_ids=frozenset(by_duty[Post.Duty.ADVISOR]),
        lead_partner_ids=frozenset(by_duty[Post.Duty.LEAD_PARTNER]),
        training_ids=frozenset(by_duty[Post.Duty.TRAINING]),
        case_group_ids=frozenset(case_groups - {None}),
        partnership_ids=frozenset((of_posts | of_groups | of_organisations) - {None}),
        posts=tuple(posts),
    )
