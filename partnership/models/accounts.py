"""How people come in: invitations, what happens to accounts, and the yearly look at who has access to what."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import recorded, recorded_except
from partnership.models.of_partnership import OfPartnership
from partnership.models.organisations import Partnership
from partnership.models.people import holders_in
from partnership.rules import is_administrator, is_lead_partner, is_office
from partnership.standing import standing_of


class AccountEventQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; those of its people to an office, but for administrators'; all of them to an administrator."""
        standing = standing_of(user)
        if standing.is_administrator:
            return self.all()
        theirs = Q(user__in=holders_in(standing.office_ids), user__is_administrator=False)
        return self.filter(Q(user=standing.user_id) | theirs)


class AccountEvent(models.Model):
    """Something that happened to an account or at its door. Written once; a year later it is deleted.

    Neither a password nor a code nor an address that was typed and matched nobody stands in it.
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "signed-in", "Signed in"
        SIGN_IN_FAILED = "sign-in-failed", "Failed to sign in"
        SLOWED_DOWN = "slowed-down", "Tried to sign in too often"
        SIGNED_OUT = "signed-out", "Signed out"
        TIMED_OUT = "timed-out", "Signed out after a while without a word"
        SESSION_ENDED = "session-ended", "A session was ended"
        ASKED_AGAIN = "asked-again", "Proved again who they are"
        STEP_ADDED = "step-added", "Second step set up"
        STEP_REMOVED = "step-removed", "Second step removed"
        CODE_SENT = "code-sent", "Code sent by mail"
        RESET_ASKED = "reset-asked", "Asked for a new password"
        PASSWORD_CHANGED = "password-changed", "Password changed"  # noqa: S105, a word for people
        ADDRESS_CHANGED = "address-changed", "E-mail address changed"
        ACCOUNT_JOINED = "account-joined", "Joined to an account at their organisation"
        ACCOUNT_PARTED = "account-parted", "Disconnected from an account at their organisation"
        INVITED = "invited", "Invited"
        INVITATION_USED = "invitation-used", "Invitation used"
        SWITCHED_OFF = "switched-off", "Account switched off"
        SWITCHED_ON = "switched-on", "Account switched on again"
        PACK_ASKED = "pack-asked", "Asked for an exit pack"
        PACK_TAKEN = "pack-taken", "Downloaded an exit pack"
        REFUSED = "refused", "Refused"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="account_events"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)
    at = models.DateTimeField()
    ip = models.GenericIPAddressField("address", null=True, blank=True)
    browser = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    objects = AccountEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "-at"], name="account_events_of_user")]
        triggers = [
            pgtrigger.Protect(
                name="what_happened_stays",
                operation=pgtrigger.UpdateOf("kind", "at", "ip", "browser", "detail"),
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.at:%Y-%m-%d %H:%M}"


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those to people whom one administers: an office's, or an administrator's."""
        standing = standing_of(user)
        if standing.is_administrator:
            return self.all()
        return self.filter(user__in=holders_in(standing.office_ids), user__is_administrator=False)

    def open(self, *, at):
        """Neither used nor taken back, and their days are not over."""
        return self.filter(used_at=None, withdrawn_at=None, expires_at__gt=at)

    def usable(self, *, at):
        """Those by which somebody can come in for the first time: by another way they came in since, they can't."""
        return self.open(at=at).filter(user__is_active=True, user__last_login=None).select_related("user")


@recorded_except("token_hash")
class Invitation(RulesModel):
    """A mail with a link by which a person sets up their own way in: once, within some days.

    Only the hash of its token is kept. A person has one open invitation at most.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        rules_permissions = {"view": is_office | is_administrator, "change": is_office | is_administrator}
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(used_at=None, withdrawn_at=None), name="one_open_invitation"
            )
        ]

    def __str__(self):
        return f"Invitation of {self.user}"

    @property
    def partnership_ids(self):
        return self.user.partnership_ids


class AccessReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of one's offices, and of partnerships that one leads, whose offices are answered for by oneself."""
        standing = standing_of(user)
        if standing.is_administrator:
            return self
        return self.filter(partnership__in=standing.office_ids | standing.lead_partner_ids)

    def with_progress(self):
        """Annotate ``line_count`` and ``answered_count``."""
        return self.annotate(
            line_count=models.Count("lines"), answered_count=models.Count("lines", filter=~Q(lines__decision=""))
        )


@recorded
class AccessReview(OfPartnership):
    """The yearly look at who may come in, and whether they still should (a line for each person).

    It is closed once each line is answered.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="access_reviews")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    due_on = models.DateField("to be finished by")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = AccessReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at"]
        rules_permissions = {
            "view": is_office | is_lead_partner | is_administrator,
            "close": is_office | is_administrator,
        }
        constraints = [
            models.UniqueConstraint(
                fields=["partnership"], condition=Q(closed_at=None), name="one_open_review_of_access"
            )
        ]

    def __str__(self):
        return f"Review of access, {self.begun_at:%B %Y}"

    def get_absolute_url(self):
        return reverse("partnership:access-review-detail", args=[self.pk])

    def counts(self):
        """``all``, ``open``, and how many of each answer, in one query."""
        answers = AccessReviewLine.Decision
        return self.lines.aggregate(
            all=models.Count("pk"),
            open=models.Count("pk", filter=Q(decision=answers.OPEN)),
            **{each.value: models.Count("pk", filter=Q(decision=each)) for each in answers if each.value},
        )


class AccessReviewLineQuerySet(models.QuerySet):
    def open_first(self):
        """Those not looked at before the others, each by name."""
        return self.order_by(models.Case(models.When(decision="", then=0), default=1), "user__name", "pk")


@recorded
class AccessReviewLine(models.Model):
    """One person in a review of access: what they could do when it began, and what was decided of it."""

    class Decision(models.TextChoices):
        OPEN = "", "Not looked at yet"
        KEEP = "keep", "Still right"
        ENDED = "ended", "Ended"
        CHANGED = "changed", "Changed"

    review = models.ForeignKey(AccessReview, on_delete=models.CASCADE, related_name="lines")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    posts = models.TextField(blank=True, help_text="The posts that they held, one a line")
    last_signed_in_at = models.DateTimeField(null=True, blank=True)
    has_second_step = models.BooleanField(default=False)
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.OPEN, blank=True)
    note = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = AccessReviewLineQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["review", "user"], name="one_line_of_access_a_person")]

    def __str__(self):
        return f"{self.user} in {self.review}"
