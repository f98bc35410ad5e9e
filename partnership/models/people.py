"""People, the posts they hold, and what follows from holding them."""

from datetime import UTC, date, datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from rules.contrib.models import RulesModel, RulesModelBase, RulesModelMixin

from partnership.compiled import PreparedQuery
from partnership.history import links, recorded, recorded_except
from partnership.models.emergency import EmergencyAccess
from partnership.models.groups import Group, GroupMember
from partnership.models.organisations import Membership, Organisation, Partnership, SignInRole, valid_on
from partnership.rules import (
    is_administrator,
    is_administrators_own,
    is_office,
    is_office_of_all,
    is_oneself,
    is_person_of_partnership,
)
from partnership.standing import Standing, standing_of

CHAIRS = {GroupMember.Role.CHAIR, GroupMember.Role.VICE_CHAIR}


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
        """Oneself, and the people of one's own partnerships (their posts are no secret there).

        Everybody to an administrator.
        """
        standing = standing_of(user)
        if standing.is_administrator:
            return self.all()
        return self.filter(Q(pk=standing.user_id) | Q(pk__in=holders_in(standing.partnership_ids)))


@recorded_except("password", "last_login", "steps_away_on")
class User(RulesModelMixin, AbstractBaseUser, metaclass=RulesModelBase):
    """A person who signs in. Their e-mail address is their name here; what they may do follows from posts."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # The day on which they put the first steps of a new partnership away, until they ask for them again.
    steps_away_on = models.DateField(null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_an_address")]
        rules_permissions = {
            "view": is_oneself | is_person_of_partnership | is_administrator,
            "change": is_administrator | (is_office & is_office_of_all),
            "leave": ~is_oneself & (is_administrator | (is_office & ~is_administrators_own)),
            "invite": ~is_oneself & (is_administrator | (is_office & ~is_administrators_own)),
            "switch": ~is_oneself & (is_administrator | (is_office & is_office_of_all)),
        }

    def __str__(self):
        return self.name or self.email

    def get_absolute_url(self):
        return reverse("partnership:person-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        """Of every post that they hold, held or are to hold."""
        posts = Post.objects.filter(holdings__user=self).values("pk")
        return set(Partnership.objects.of_posts(posts).values_list("pk", flat=True))

    def is_within(self, partnership_ids, *, on):
        """Whether all that they hold from ``on`` is theirs to give who are the office of these partnerships."""
        if self.is_administrator:
            return False
        posts = Post.objects.within(partnership_ids, on=on)
        return not self.holdings.not_over(on=on).exclude(post__in=posts.values("pk")).exists()

    @property
    def first_name(self):
        return self.name.split(" ")[0]

    @cached_property
    def standing(self):
        """This person's standing today; read once for each request (a request has its own User)."""
        return read_standing(self, on=timezone.localdate())


def holders_in(partnership_ids):
    """Keys of everybody who holds, held or is to hold a post of these partnerships."""
    posts = Post.objects.of_partnerships(partnership_ids)
    return PostHolding.objects.filter(post__in=posts.values("pk")).values("user")


class PostQuerySet(models.QuerySet):
    def of_partnerships(self, ids):
        """Posts of these partnerships' groups, offices and member organisations."""
        duties = Post.partnerships.through.objects.filter(partnership__in=ids).values("post")
        links = Group.partnerships.through.objects.filter(partnership__in=ids)
        seats = GroupMember.objects.filter(group__in=links.values("group")).order_by().values("post")
        members = Membership.objects.filter(partnership__in=ids).order_by()
        posts = Post.objects.filter(organisation__in=members.values("organisation")).order_by().values("pk")
        return self.filter(pk__in=duties.union(seats, posts))

    def visible_to(self, user):
        """The posts of one's own partnerships; all of them to an administrator."""
        standing = standing_of(user)
        if standing.is_administrator:
            return self
        return self.filter(pk__in=Post.objects.of_partnerships(standing.partnership_ids).values("pk"))

    def within(self, partnership_ids, *, on):
        """Posts all of whose rights are of these partnerships, so that their office may give them away.

        A post may stand in one partnership and bring rights in another: a seat in its groups, a duty.
        """
        seats = GroupMember.objects.filter(Q(to_on=None) | Q(to_on__gte=on))
        seats_elsewhere = seats.exclude(group__partnerships__in=partnership_ids)
        duties_elsewhere = Post.partnerships.through.objects.exclude(partnership__in=partnership_ids)
        return (
            self.filter(pk__in=Post.objects.of_partnerships(partnership_ids).values("pk"))
            .exclude(pk__in=seats_elsewhere.values("post"))
            .exclude(pk__in=duties_elsewhere.values("post"))
        )

    def open(self, *, on):
        """Posts that there are on that day."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gte=on))

    def vacant(self, *, on):
        """Open posts that matter (a duty, a seat or an organisation) and that nobody holds on that day."""
        seats = GroupMember.objects.current(on=on).filter(post=OuterRef("pk"))
        matters = ~Q(duty="") | ~Q(organisation=None) | Exists(seats)
        return self.open(on=on).filter(matters).exclude(pk__in=PostHolding.objects.current(on=on).values("post"))

    def placed_on(self, day):
        """Annotate where each post was on ``day``: ``organisation_then`` (key) and ``organisation_name_then``.

        The name is the one the organisation bore that day; both are None for a post of a group alone.
        """
        former = FormerOrganisation.objects.filter(post=OuterRef("pk"), to_on__gte=day).order_by("to_on")
        organisations = Organisation.objects.named_on(day).filter(pk=OuterRef("organisation_then"))
        return self.annotate(
            organisation_then=Coalesce(
                Subquery(former.values("organisation")[:1]), "organisation", output_field=models.BigIntegerField()
            )
        ).annotate(organisation_name_then=Subquery(organisations.values("name_then")[:1]))

    def with_holders(self, *, on):
        """Prefetch ``current_holdings``: who holds each post on that day."""
        holdings = PostHolding.objects.current(on=on).select_related("user")
        return self.prefetch_related(models.Prefetch("holdings", queryset=holdings, to_attr="current_holdings"))

    def with_last_day(self, *, on):
        """Annotate ``last_held_on``: the last day of whoever held each post before ``on``."""
        past = PostHolding.objects.filter(post=OuterRef("pk"), to_on__lte=on).order_by("-to_on")
        return self.annotate(last_held_on=Subquery(past.values("to_on")[:1]))


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
    is_shared = models.BooleanField(
        "several people at once", default=False, help_text="More than one person may hold this post at the same time"
    )
    closed_on = models.DateField(null=True, blank=True, help_text="The last day on which there was such a post")

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        rules_permissions = {
            "view": is_person_of_partnership | is_administrator,
            "change": is_office_of_all | is_administrator,
        }

    def __str__(self):
        return f"{self.title}, {self.organisation}" if self.organisation_id else self.title

    def get_absolute_url(self):
        return reverse("partnership:post-detail", args=[self.pk])

    def is_open(self, *, on):
        """Whether there is such a post on that day."""
        return self.closed_on is None or on <= self.closed_on

    def is_within(self, partnership_ids, *, on):
        """Whether all that it brings is of these partnerships: see ``PostQuerySet.within``."""
        return Post.objects.within(partnership_ids, on=on).filter(pk=self.pk).exists()

    @property
    def partnership_ids(self):
        """Of its duty, its groups and its organisation."""
        ids = set(self.partnerships.values_list("pk", flat=True))
        ids |= set(
            Group.partnerships.through.objects.filter(group__members__post=self).values_list("partnership", flat=True)
        )
        if self.organisation_id:
            ids |= self.organisation.partnership_ids
        return ids


@links
class PostPartnership(Post.partnerships.through):
    class Meta:
        proxy = True


@recorded
class FormerOrganisation(models.Model):
    """Where a post was up to a day, before its organisation was merged into another."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="former_organisations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="former_posts")
    to_on = models.DateField("last day there")

    class Meta:
        ordering = ["post", "-to_on"]
        constraints = [models.UniqueConstraint(fields=["post", "to_on"], name="one_former_organisation_a_day")]

    def __str__(self):
        return f"{self.post.title}, {self.organisation}"


class NominationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(organisation__in=Organisation.objects.visible_to(user).values("pk"))

    def current(self, *, on):
        return self.filter(valid_on(on))


@recorded
class Nomination(RulesModel):
    """At meetings this post speaks for that organisation too, as one person does for several districts."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="nominations")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="nominations")
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "post"]
        rules_permissions = {
            "view": is_person_of_partnership | is_administrator,
            "change": is_office | is_administrator,
        }
        constraints = [
            models.UniqueConstraint(fields=["organisation"], condition=Q(to_on=None), name="one_nominee_at_a_time"),
            models.CheckConstraint(
                name="nomination_ends_after_it_starts",
                condition=Q(from_on=None) | Q(to_on=None) | Q(to_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self):
        return f"{self.post} for {self.organisation}"

    @property
    def partnership_ids(self):
        return self.organisation.partnership_ids


class PostHoldingQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(post__in=Post.objects.visible_to(user).values("pk"))

    def current(self, *, on):
        """Held on that day. A last day that was said to be over is over at that moment, not at midnight."""
        return self.filter(valid_on(on)).exclude(ended_at__isnull=False, to_on__lte=on)

    def not_over(self, *, on):
        """Held on that day or to be held later."""
        return self.filter(Q(to_on=None) | Q(to_on__gte=on)).exclude(ended_at__isnull=False, to_on__lte=on)

    def overlapping(self, from_on, to_on):
        """Those that share a day with ``from_on`` (None: ever since) to ``to_on`` (None: no end).

        Whoever was ended during a day makes room on that day.
        """
        starts_before = Q() if to_on is None else Q(from_on=None) | Q(from_on__lte=to_on)
        if from_on is None:
            return self.filter(starts_before)
        ends_after = Q(to_on=None) | Q(to_on__gt=from_on) | Q(to_on=from_on, ended_at=None)
        return self.filter(starts_before & ends_after)


@recorded
class PostHolding(RulesModel):
    """Who holds a post, from a day to a day (both included)."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="holdings")
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When the office said that it is over")

    objects = PostHoldingQuerySet.as_manager()

    class Meta:
        ordering = ["post", "from_on"]
        rules_permissions = {
            "view": is_person_of_partnership | is_administrator,
            "change": is_office_of_all | is_administrator,
        }
        constraints = [
            models.CheckConstraint(
                name="holding_ends_after_it_starts",
                condition=Q(from_on=None) | Q(to_on=None) | Q(to_on__gte=models.F("from_on")),
            )
        ]

    def __str__(self):
        return f"{self.user}: {self.post}"

    def is_over(self, *, on):
        """Whether it ended before ``on``, or during it."""
        return self.to_on is not None and (self.to_on < on or (self.to_on == on and self.ended_at is not None))

    def is_within(self, partnership_ids, *, on):
        return self.post.is_within(partnership_ids, on=on)

    @property
    def partnership_ids(self):
        return self.post.partnership_ids


SECOND_STEP = {"second_step": "partnership__second_step_roles"}


def holdings_on(user, on):
    """What each post that ``user`` holds on a day brings, as JSON objects."""
    seats = GroupMember.objects.current(on=on).filter(post=OuterRef("post"))
    same_seats = GroupMember.objects.current(on=on).filter(post=OuterRef(OuterRef("post")))
    links = Group.partnerships.through.objects.filter(group__members__in=same_seats)
    memberships = Membership.objects.filter(valid_on(on), organisation=OuterRef("post__organisation"))
    duties = Post.partnerships.through.objects.filter(post=OuterRef("post"))
    merged = Organisation.objects.merged_into(OuterRef("post__organisation"))
    named = JSONObject(partnership="partnership", name="partnership__name", **SECOND_STEP)
    return (
        PostHolding.objects.current(on=on)
        .filter(user=user)
        .order_by("post__title")
        .values_list(
            JSONObject(
                post=JSONObject(
                    id="post",
                    title="post__title",
                    duty="post__duty",
                    organisation_id="post__organisation",
                ),
                seats=ArraySubquery(seats.values(data=JSONObject(group="group", role="role"))),
                group_links=ArraySubquery(
                    links.values(
                        data=JSONObject(
                            group="group",
                            partnership="partnership",
                            name="partnership__name",
                            kind="group__kind",
                            **SECOND_STEP,
                        )
                    )
                ),
                duty_partnerships=ArraySubquery(duties.values(data=named)),
                member_partnerships=ArraySubquery(memberships.values(data=named)),
                merged_organisations=ArraySubquery(merged.values("pk")),
            )
        )
    )


def emergencies_at(user, at):
    """The partnerships whose cases are open to ``user`` at this moment in an emergency, as JSON objects."""
    mine = EmergencyAccess.objects.open(at=at).filter(asked_by=user).order_by()
    return mine.values_list(JSONObject(emergency="partnership", name="partnership__name", **SECOND_STEP))


def standing_rows(user, on, at):
    return holdings_on(user, on).order_by().union(emergencies_at(user, at), all=True)


STANDING = PreparedQuery(standing_rows, user=-727_272, on=date(1727, 2, 27), at=datetime(1727, 2, 27, tzinfo=UTC))


def read_standing(user, *, on):
    """Everything that follows from the posts ``user`` holds on a day, in one query.

    Whoever represents an organisation answers for those that were merged into it too.
    ``posts`` come with those first that say most about them here: an office, then a chair.
    """
    by_duty = {duty: set() for duty in Post.Duty.values}
    groups, chaired, case_groups, organisations, emergencies = set(), set(), set(), set(), set()
    chairs_in = set()
    names, asked = {}, {}
    posts = []
    rows = STANDING.ask(user=user.pk, on=on, at=timezone.now())
    for holding in sorted(rows, key=lambda row: row["post"]["title"] if "post" in row else ""):
        if "emergency" in holding:
            emergencies.add(holding["emergency"])
            asked[holding["emergency"]] = holding["second_step"]
            continue
        post = Post(**holding["post"])
        posts.append(post)
        by_duty[post.duty].update(link["partnership"] for link in holding["duty_partnerships"])
        links = holding["duty_partnerships"] + holding["member_partnerships"] + holding["group_links"]
        names |= {link["partnership"]: link["name"] for link in links}
        asked |= {link["partnership"]: link["second_step"] for link in links}
        organisations.update({post.organisation_id} - {None}, holding["merged_organisations"])
        roles = {seat["group"]: seat["role"] for seat in holding["seats"]}
        post.is_chair = bool(CHAIRS & set(roles.values()))
        groups.update(roles)
        chaired.update(group for group, role in roles.items() if role in CHAIRS)
        chairs_in.update(link["partnership"] for link in holding["group_links"] if roles.get(link["group"]) in CHAIRS)
        for link in holding["group_links"]:
            sees_cases = roles.get(link["group"]) != GroupMember.Role.OBSERVER
            if link["kind"] == Group.Kind.CASE_REVIEW and sees_cases:
                case_groups.add(link["partnership"])
    held = {
        SignInRole.OFFICE: by_duty[Post.Duty.OFFICE],
        SignInRole.LEAD_PARTNER: by_duty[Post.Duty.LEAD_PARTNER],
        SignInRole.ADVISOR: by_duty[Post.Duty.ADVISOR],
        SignInRole.TRAINING: by_duty[Post.Duty.TRAINING],
        SignInRole.CHAIR: chairs_in,
        SignInRole.CASES: case_groups | emergencies,
        SignInRole.MEMBER: set(names),
    }
    return Standing(
        user_id=user.pk,
        is_administrator=user.is_administrator,
        post_ids=frozenset(post.pk for post in posts),
        organisation_ids=frozenset(organisations),
        group_ids=frozenset(groups),
        chaired_group_ids=frozenset(chaired),
        office_ids=frozenset(by_duty[Post.Duty.OFFICE]),
        advisor_ids=frozenset(by_duty[Post.Duty.ADVISOR]),
        lead_partner_ids=frozenset(by_duty[Post.Duty.LEAD_PARTNER]),
        training_ids=frozenset(by_duty[Post.Duty.TRAINING]),
        case_group_ids=frozenset(case_groups | emergencies),
        emergency_ids=frozenset(emergencies - case_groups),
        second_step_ids=frozenset(
            partnership for partnership, roles in asked.items() if any(partnership in held[role] for role in roles)
        ),
        partnership_ids=frozenset(names),
        partnership_names=tuple(sorted(names.values())),
        posts=tuple(sorted(posts, key=lambda post: (not post.duty, not post.is_chair))),
    )
