"""How far somebody has come in: invited, signed in, with a second step; for lists and for one person's page."""

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from partnership.models import Invitation
from partnership.reminders.bounces import bounced_at
from partnership.templatetags.components import long_date

NEVER, INVITED, OFF, NO_STEP = "never", "invited", "off", "no-step"
STATES = [
    (NEVER, "Never came in"),
    (INVITED, "Invited, not in yet"),
    (NO_STEP, "No second step"),
    (OFF, "Switched off"),
]


def second_steps():
    """For a query on people: whether somebody has a passkey or an app."""
    return Exists(Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES))


def with_ways_in(people):
    """Annotate ``invited_at invitation_sent_at invitation_ends_at has_second_step address_bounced_at``."""
    standing = Invitation.objects.filter(user=OuterRef("pk"), used_at=None, withdrawn_at=None)
    return people.annotate(
        invited_at=Subquery(standing.values("made_at")[:1]),
        invitation_sent_at=Subquery(standing.values("sent_at")[:1]),
        invitation_ends_at=Subquery(standing.values("expires_at")[:1]),
        has_second_step=second_steps(),
        address_bounced_at=bounced_at("email"),
    )


def in_state(people, state):
    """Those of ``people`` (``with_ways_in``) in one of ``STATES``."""
    return people.filter(
        {
            NEVER: Q(is_active=True, last_login=None),
            INVITED: Q(is_active=True, last_login=None, invited_at__isnull=False),
            NO_STEP: Q(is_active=True, has_second_step=False),
            OFF: Q(is_active=False),
        }[state]
    )


def way_in_words(person, *, at):
    """Of a person ``with_ways_in``: "Signed in, last on 3 May 2027", "Invited on 3 May 2027, not in yet"."""
    if not person.is_active:
        return "Switched off"
    if person.last_login:
        return f"Signed in, last on {long_date(timezone.localdate(person.last_login))}"
    if not person.invited_at:
        return "Not invited yet"
    if person.address_bounced_at and person.address_bounced_at >= person.invited_at:
        return "Invited, but the mail came back"
    if person.invitation_ends_at <= at:
        return f"Invited, but the link ran out on {long_date(timezone.localdate(person.invitation_ends_at))}"
    if not person.invitation_sent_at:
        return "Invited, the mail has not left yet"
    return f"Invited on {long_date(timezone.localdate(person.invited_at))}, not in yet"
