"""What an update brings with it: evidence, a date that should move, words not sent yet, who may send them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, Value, When
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import recorded, recorded_except
from partnership.models import Document, GroupMember, Organisation, Post, PostHolding
from partnership.models.people import CHAIRS
from partnership.rules import is_office, is_person_of_partnership
from partnership.standing import standing_of
from plans.models.cycle import Update, UpdateRound
from plans.models.plan import Plan
from plans.models.rows import Activity, Deliverable, OutcomeStatement
from plans.rules import is_deputy, is_giver, is_links_holder


class UpdateDraft(models.Model):
    """What somebody has typed for one deliverable in one round and not sent. Nobody else reads it."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.CASCADE, related_name="drafts")
    round = models.ForeignKey(UpdateRound, on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict, help_text="The form’s fields as they were typed")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["deliverable", "round", "author"], name="one_draft_a_person_deliverable_and_round"
            )
        ]

    def __str__(self):
        return f"{self.deliverable}, {self.round}"


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The plan's own people; evidence taken away again for nobody."""
        return self.filter(removed_at=None, round__in=UpdateRound.objects.visible_to(user))


@recorded
class Evidence(RulesModel):
    """A file or a link that shows what is said of a deliverable, or of an outcome statement, in a round."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(UpdateRound, on_delete=models.PROTECT, related_name="evidence")
    deliverable = models.ForeignKey(
        Deliverable, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    outcome = models.ForeignKey(
        OutcomeStatement, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    label = models.CharField("what it shows", max_length=200)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    address = models.URLField(max_length=500, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["added_at"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                name="evidence_is_of_one_row",
                condition=Q(deliverable__isnull=False, outcome=None) | Q(deliverable=None, outcome__isnull=False),
            ),
            models.CheckConstraint(
                name="evidence_is_a_file_or_a_link",
                condition=Q(document__isnull=False, address="") | (Q(document=None) & ~Q(address="")),
            ),
        ]
        rules_permissions = {"view": is_person_of_partnership}

    def __str__(self):
        return self.label

    @property
    def partnership_ids(self):
        return self.round.plan.partnership_ids


class DateMoveQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(update__round__in=UpdateRound.objects.visible_to(user))

    def waiting(self):
        """Asked for in a lead's last word of the round, and not answered by the office."""
        return self.filter(decided_at=None, update__superseded_by=None)


@recorded
class DateMove(RulesModel):
    """A lead says that an activity's date no longer holds, which it should be, and why. The office agrees or not.

    Until it does, the plan's own date stands and the new one shows beside it.
    """

    update = models.ForeignKey(Update, on_delete=models.PROTECT, related_name="date_moves")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="date_moves")
    before_text = models.TextField(blank=True, help_text="The timescale as it was written then")
    before_due_on = models.DateField(null=True, blank=True, help_text="The last day of what it meant")
    after_text = models.TextField(help_text="The timescale that the lead asks for, as written")
    after_due_on = models.DateField(null=True, blank=True)
    reason = models.TextField()
    is_agreed = models.BooleanField(null=True, blank=True)
    decision_reason = models.TextField(blank=True, help_text="Why the office did not agree")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who put the old date back into the plan after it was agreed to move",
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = DateMoveQuerySet.as_manager()

    class Meta:
        ordering = ["update", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["update", "activity"], name="one_new_date_an_activity_and_update"),
            models.CheckConstraint(
                name="date_move_is_decided_wholly",
                condition=Q(is_agreed=None, decided_at=None) | Q(is_agreed__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="only_an_agreed_date_is_taken_back",
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(is_agreed=True, taken_back_at__isnull=False, taken_back_by__isnull=False),
            ),
        ]
        rules_permissions = {"view": is_person_of_partnership, "decide": is_office}

    def __str__(self):
        return f"{self.activity}: {self.after_text}"

    @property
    def partnership_ids(self):
        return self.update.round.plan.partnership_ids


class DelegationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Its two people, and the offices of the partnerships in which the lead holds a post today."""
        offices = PostHolding.objects.filter(post__in=Post.objects.of_partnerships(standing_of(user).office_ids))
        return self.filter(Q(given_by=user.pk) | Q(given_to=user.pk) | Q(given_by__in=offices.values("user")))

    def in_force(self, *, on):
        """Not taken back; of the round that is answered now, or of a time away that ``on`` falls into.

        A round is answered from the day it opens until the office closes it or the plan's next one opens.
        """
        is_of_round = Q(round__in=UpdateRound.objects.newest_answerable_on(on))
        return self.filter(is_of_round | Q(starts_on__lte=on, ends_on__gte=on), ended_at=None, given_by__is_active=True)

    def with_state(self, *, on):
        """Annotate ``state``: now, to come, or over."""
        is_ended = Q(ended_at__isnull=False) | Q(ends_on__lt=on) | Q(round__closed_at__isnull=False)
        in_force = Delegation.objects.in_force(on=on).filter(pk=OuterRef("pk"))
        is_to_come = Q(starts_on__gt=on) | Q(round__opens_on__gt=on)
        return self.annotate(
            state=Case(
                When(is_ended, then=Value("over")),
                When(Exists(in_force), then=Value("now")),
                When(is_to_come, then=Value("to come")),
                default=Value("over"),
            )
        )

    def of_lead(self, *, on, lead="", deliverable="deliverable"):
        """Those that let somebody answer for the lead (a ``DeliverableLead``) of the query outside.

        Whoever gave it must stand behind that lead on that day: hold its post, chair its group, represent its
        organisation. So a leaver's end at once, and nobody hands on what was handed to them. ``lead`` and
        ``deliverable`` say where the query outside has them ("leads__", "pk").
        """

        def of_outside(name):
            return OuterRef(OuterRef(f"{lead}{name}"))

        seats = GroupMember.objects.current(on=on).filter(role__in=CHAIRS, group=OuterRef(of_outside("group")))
        heirs = Organisation.objects.with_heir().filter(pk=OuterRef(of_outside("organisation")))
        holders = PostHolding.objects.current(on=on).filter(
            Q(post=of_outside("post"))
            | Q(post__in=seats.values("post"))
            | Q(post__organisation__in=heirs.values("heir"))
        )
        return self.filter(
            Q(deliverable=None) | Q(deliverable=OuterRef(deliverable)), given_by__in=holders.values("user")
        )


@recorded
class Delegation(RulesModel):
    """A lead lets somebody else answer: one deliverable in one round, or all of theirs while away."""

    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_given")
    given_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations")
    deliverable = models.ForeignKey(
        Deliverable, on_delete=models.CASCADE, null=True, blank=True, related_name="delegations"
    )
    round = models.ForeignKey(UpdateRound, on_delete=models.CASCADE, null=True, blank=True, related_name="delegations")
    starts_on = models.DateField("first day away", null=True, blank=True)
    ends_on = models.DateField("last day away", null=True, blank=True)
    note = models.TextField("what they should know", blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                name="delegation_is_of_a_row_or_a_time",
                condition=Q(deliverable__isnull=False, round__isnull=False, starts_on=None, ends_on=None)
                | Q(deliverable=None, round=None, starts_on__isnull=False, ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(name="delegation_to_somebody_else", condition=~Q(given_by=F("given_to"))),
            models.UniqueConstraint(
                fields=["deliverable", "round", "given_to"],
                condition=Q(ended_at=None),
                name="one_delegation_a_row_round_and_deputy",
            ),
        ]
        rules_permissions = {
            "view": is_giver | is_deputy | is_office,
            "end": is_giver | is_deputy | is_office,
        }

    def __str__(self):
        return f"{self.given_by} to {self.given_to}"

    def get_absolute_url(self):
        return reverse("plans:delegation-end", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.given_by.partnership_ids


class UpdateLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those of the people of one's offices' partnerships."""
        people = PostHolding.objects.filter(post__in=Post.objects.of_partnerships(standing_of(user).office_ids))
        return self.filter(Q(holder=user.pk) | Q(holder__in=people.values("user")))

    def usable(self, *, at):
        return self.filter(revoked_at=None, expires_at__gt=at, holder__is_active=True)

    def with_uses(self, *, at):
        """Annotate ``state`` (working, stopped, over), ``last_used_at``, ``browser_count`` and ``answer_count``."""
        uses = UpdateLinkUse.Kind
        is_used = Q(uses__kind__in=[uses.OPENED, uses.ANSWERED])
        return self.select_related("holder").annotate(
            state=Case(
                When(revoked_at__isnull=False, then=Value("stopped")),
                When(Q(expires_at__lte=at) | Q(holder__is_active=False), then=Value("over")),
                default=Value("working"),
            ),
            last_used_at=Max("uses__used_at", filter=is_used),
            browser_count=Count("uses", filter=Q(uses__kind=uses.OPENED)),
            answer_count=Count("uses", filter=Q(uses__kind=uses.ANSWERED)),
        )


@recorded_except("token_hash")
class UpdateLink(RulesModel):
    """A signed link from a mail to what is due from one person, without a password. Its token is kept as a hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="update_links")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = UpdateLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        rules_permissions = {"view": is_links_holder | is_office, "revoke": is_links_holder | is_office}

    def __str__(self):
        return f"Link of {self.holder}"

    def get_absolute_url(self):
        return reverse("plans:link-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.holder.partnership_ids

    def is_usable(self, *, at):
        return self.revoked_at is None and at < self.expires_at and self.holder.is_active


class UpdateLinkUse(models.Model):
    """One time that a link was followed, opened in a browser, answered by, or refused."""

    class Kind(models.TextChoices):
        FOLLOWED = "followed", "Followed"
        OPENED = "opened", "Opened in a browser"
        ANSWERED = "answered", "Answered"
        REFUSED = "refused", "Refused"

    link = models.ForeignKey(UpdateLink, on_delete=models.CASCADE, related_name="uses")
    kind = models.CharField(max_length=8, choices=Kind)
    used_at = models.DateTimeField()
    browser = models.CharField(max_length=200, blank=True, help_text="As the browser names itself")
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-used_at"]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.used_at:%d %B %Y %H:%M}"


class UpdateImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For the offices of the plan's partnerships."""
        plans = Plan.objects.filter(partnerships__in=standing_of(user).office_ids)
        return self.filter(round__plan__in=plans.values("pk"))


@recorded
class UpdateImport(RulesModel):
    """A tracker that came back by mail, what was understood of it, and the yes that puts it into the round."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(UpdateRound, on_delete=models.CASCADE, related_name="imports")
    document = models.ForeignKey(Document, on_delete=models.PROTECT)
    understood = models.JSONField(help_text="The answers read, each with the row it is believed to be of")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = UpdateImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        rules_permissions = {"view": is_office, "confirm": is_office}

    def __str__(self):
        return str(self.document)

    def get_absolute_url(self):
        return reverse("plans:update-import-preview", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.round.plan.partnership_ids
