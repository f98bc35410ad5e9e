"""Areas, partnerships, organisations and who is a member of what."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import links, recorded
from partnership.languages import WELSH
from partnership.rules import is_administrator, is_office, is_office_of_all, is_person_of_partnership
from partnership.standing import standing_of


def valid_on(day, prefix=""):
    """Rows whose ``from_on``/``to_on`` (either may be empty) include ``day``, the last day too."""
    return (Q(**{f"{prefix}from_on": None}) | Q(**{f"{prefix}from_on__lte": day})) & (
        Q(**{f"{prefix}to_on": None}) | Q(**{f"{prefix}to_on__gte": day})
    )


def overlapping(from_on, to_on, prefix=""):
    """Rows whose ``from_on``/``to_on`` share a day with these two; None is open, on either side."""
    found = Q()
    if to_on:
        found &= Q(**{f"{prefix}from_on": None}) | Q(**{f"{prefix}from_on__lte": to_on})
    if from_on:
        found &= Q(**{f"{prefix}to_on": None}) | Q(**{f"{prefix}to_on__gte": from_on})
    return found


@recorded
class Area(models.Model):
    """A local authority area."""

    name = models.CharField(max_length=120, unique=True)
    code = models.CharField("ONS code", max_length=9, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class PartnershipQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everyone may know of every partnership that is open to the public."""
        standing = standing_of(user)
        if standing.is_administrator:
            return self
        return self.filter(Q(is_public=True) | Q(pk__in=standing.partnership_ids))

    def published(self):
        return self.filter(is_public=True)

    def offered_in(self, language):
        """Those whose public pages are read in ``language``: English everywhere, Welsh where the office wants it."""
        return self.filter(is_also_in_welsh=True) if language == WELSH else self

    def of_posts(self, posts):
        """Those to which any of ``posts`` (keys) belongs: by its duty, a group of its or its organisation."""
        duties = Partnership.posts.through.objects.filter(post__in=posts).values("partnership")
        seats = Partnership.groups.through.objects.filter(group__members__post__in=posts).values("partnership")
        members = Membership.objects.filter(organisation__posts__in=posts).order_by().values("partnership")
        return self.filter(pk__in=duties.union(seats, members))

    def of_office(self, user):
        """The partnerships whose business office this person is in."""
        return self.filter(pk__in=standing_of(user).office_ids)


class SignInRole(models.TextChoices):
    """What a person may be in a partnership, as far as signing in is concerned."""

    OFFICE = "office", "The business office"
    LEAD_PARTNER = "lead-partner", "Lead safeguarding partners"
    ADVISOR = "advisor", "Independent advisors and scrutineers"
    TRAINING = "training", "Training coordinators"
    CHAIR = "chair", "Chairs of groups"
    CASES = "cases", "Members of a case review group"
    MEMBER = "member", "Everybody else who holds a post"


def every_role():
    return list(SignInRole.values)


@recorded
class Partnership(RulesModel):
    """A children's partnership, adults board or community safety partnership, and its house style."""

    class Kind(models.TextChoices):
        CHILDREN = "children", "Children’s partnership"
        ADULTS = "adults", "Adults board"
        COMMUNITY = "community", "Community safety partnership"
        OTHER = "other", "Other board"

    name = models.CharField(max_length=160, unique=True)
    short_name = models.CharField(max_length=12, unique=True, help_text="As in lead columns: AV")
    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.CHILDREN)
    areas = models.ManyToManyField(Area, related_name="partnerships", blank=True)
    house_colour = models.CharField(
        max_length=7,
        default="#5b2459",
        validators=[RegexValidator(r"^#[0-9a-f]{6}$", "Enter a colour like #0b4f5c")],
    )
    financial_year_starts_month = models.PositiveSmallIntegerField(default=4)
    office_email = models.EmailField(blank=True)
    office_phone = models.CharField(max_length=40, blank=True)
    introduction = models.TextField(blank=True, help_text="The first words on the public page")
    is_public = models.BooleanField(default=True)
    is_also_in_welsh = models.BooleanField(default=False, db_default=False)
    second_step_roles = ArrayField(
        models.CharField(max_length=12, choices=SignInRole),
        verbose_name="who needs a second step to sign in",
        default=every_role,
        blank=True,
        help_text="A passkey, or a code from an app, beside the password",
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        rules_permissions = {
            "view": is_person_of_partnership | is_administrator,
            "change": is_office | is_administrator,
            "office": is_office,
        }

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partnership:public-home", args=[self.slug])

    @property
    def partnership_ids(self):
        return {self.pk}


@links
class PartnershipArea(Partnership.areas.through):
    class Meta:
        proxy = True


class OrganisationQuerySet(models.QuerySet):
    def current(self, *, on):
        return self.filter(valid_on(on))

    def visible_to(self, user):
        """The members, of today and before, of one's own partnerships; all of them to an administrator."""
        standing = standing_of(user)
        if standing.is_administrator:
            return self
        memberships = Membership.objects.filter(partnership__in=standing.partnership_ids)
        own = Q(pk__in=standing.organisation_ids)
        return self.filter(Q(pk__in=memberships.values("organisation")) | own)

    def named_on(self, day):
        """Annotate ``name_then``: what each was called on ``day``."""
        former = FormerName.objects.filter(organisation=OuterRef("pk"), to_on__gte=day).order_by("to_on")
        return self.annotate(name_then=Coalesce(Subquery(former.values("name")[:1]), "name"))

    def with_heir(self):
        """Annotate ``heir``: the key of whoever answers for it today, itself unless it was merged (three deep)."""
        chain = ["successor__successor__successor", "successor__successor", "successor", "pk"]
        return self.annotate(heir=Coalesce(*chain, output_field=models.BigIntegerField()))

    def merged_into(self, organisation):
        """Those that ``organisation`` answers for since they were merged into it."""
        return self.exclude(successor=None).with_heir().filter(heir=organisation)

    def members_of(self, partnership_ids, *, on):
        """Organisations that are members of any of these partnerships on that day."""
        memberships = Membership.objects.filter(valid_on(on), partnership__in=partnership_ids)
        return self.filter(pk__in=memberships.values("organisation"))


@recorded
class Organisation(RulesModel):
    """An agency. A merger gives the old one a last day and a successor; its history keeps its name."""

    class Kind(models.TextChoices):
        LOCAL_AUTHORITY = "local-authority", "Local authority"
        HEALTH = "health", "Integrated care board or clinical commissioning group"
        POLICE = "police", "Police"
        RELEVANT = "relevant", "Relevant agency"
        EDUCATION = "education", "Education"
        VOLUNTARY = "voluntary", "Voluntary organisation"
        BOARD = "board", "Other board"

    name = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.RELEVANT)
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors")
    partnerships = models.ManyToManyField(Partnership, through="Membership", related_name="organisations")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        # "office": give it a membership or a nominee of one's own. What an office changes of the organisation
        # itself, other partnerships would find changed: only where all of its partnerships are that office's.
        rules_permissions = {
            "view": is_person_of_partnership | is_administrator,
            "office": is_office | is_administrator,
            "change": (is_office & is_office_of_all) | is_administrator,
        }
        constraints = [
            models.CheckConstraint(
                name="organisation_ends_after_it_starts",
                condition=Q(from_on=None) | Q(to_on=None) | Q(to_on__gte=models.F("from_on")),
            ),
            models.CheckConstraint(name="nobody_succeeds_itself", condition=~Q(successor=models.F("pk"))),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partnership:organisation-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        """Of every partnership that it is or was a member of."""
        return set(self.memberships.values_list("partnership", flat=True))

    def is_within(self, partnership_ids, *, on):
        """Whether from ``on`` it is a member of no other partnerships than these."""
        running = self.memberships.filter(Q(to_on=None) | Q(to_on__gte=on))
        return not running.exclude(partnership__in=partnership_ids).exists()


@recorded
class FormerName(models.Model):
    """What an organisation was called up to a day. A page of that time shows that name."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=160)
    to_on = models.DateField("last day of this name")

    class Meta:
        ordering = ["organisation", "-to_on"]
        constraints = [models.UniqueConstraint(fields=["organisation", "to_on"], name="one_former_name_a_day")]

    def __str__(self):
        return self.name


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, user):
        standing = standing_of(user)
        if standing.is_administrator:
            return self
        return self.filter(partnership__in=standing.partnership_ids)

    def current(self, *, on):
        return self.filter(valid_on(on))


@recorded
class Membership(RulesModel):
    """An organisation's part in a partnership, from a day to a day."""

    class Role(models.TextChoices):
        STATUTORY = "statutory", "Statutory safeguarding partner"
        RELEVANT = "relevant", "Relevant agency"
        VIRTUAL = "virtual", "Virtual member"
        COMMISSIONER = "commissioner", "Through its commissioner"
        REFERENCE = "reference", "Through a reference group"
        OBSERVER = "observer", "Participant observer"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=14, choices=Role, default=Role.RELEVANT)
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "organisation__name"]
        rules_permissions = {
            "view": is_person_of_partnership | is_administrator,
            "change": is_office | is_administrator,
        }
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "partnership"], condition=Q(to_on=None), name="one_open_membership"
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(from_on=None) | Q(to_on=None) | Q(to_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self):
        return f"{self.organisation} in {self.partnership}"

    @property
    def partnership_ids(self):
        return {self.partnership_id}
