"""An account here and the account at an organisation that it is joined to are parted, by its owner or by an office.

Parting shuts nobody out for good: whom the organisation signs in again under an address of theirs is joined anew. It is
for an account there that is another's by now, or that was replaced.
"""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from partnership.accounts.events import Kind, note
from partnership.accounts.mails import post
from partnership.accounts.organisations import organisation_called, organisations
from partnership.accounts.sessions import end_sessions
from partnership.models import User
from partnership.refusals import NotNow
from partnership.reminders.bounces import bounced_addresses

ONLY_WAY = "It is your only sure way in. Choose a password or set up a passkey first, then disconnect it"
NO_WAY_LEFT = (
    "{} has neither a password nor a passkey, and mail to {} comes back, so nothing would let them in. "
    "Put their address right first"
)
NOT_JOINED = "{} is connected to no account at {} any more"


def name_of(key):
    """What people call the organisation; its key where the settings name it no more."""
    organisation = organisation_called(key)
    return organisation.name if organisation else key


def joined_to(person):
    """``[(key, name, since when)]`` of the organisations whose accounts let ``person`` in, or did."""
    rows = SocialAccount.objects.filter(user=person).order_by("date_joined")
    return [(row.provider, name_of(row.provider), row.date_joined) for row in rows]


def has_own_way(person, *, but=""):
    """A password, a passkey, or another organisation than ``but`` that signs people in today.

    A code by mail is none: it is no way in for whom the mail does not reach.
    """
    if person.has_usable_password():
        return True
    if Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).exists():
        return True
    others = [each.id for each in organisations() if each.id != but]
    return SocialAccount.objects.filter(user=person, provider__in=others).exists()


def cannot_part(person, key, *, by):
    """Why not, in a sentence; "" where nothing is against it."""
    if has_own_way(person, but=key):
        return ""
    if by == person:
        return ONLY_WAY
    return NO_WAY_LEFT.format(person, person.email) if bounced_addresses([person.email]) else ""


@transaction.atomic
def part(person, key, *, by, at, because="", request=None):
    """The account at the organisation ``key`` lets ``person`` in no more; they are told by mail. Raises NotNow.

    They are signed out, but for the session of ``request`` where it is their own.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    joined = SocialAccount.objects.filter(user=person, provider=key)
    if not joined.exists():
        raise NotNow(NOT_JOINED.format("Your account" if by == person else person, name_of(key)))
    if problem := cannot_part(person, key, by=by):
        raise NotNow(problem)
    joined.delete()
    end_sessions([person.pk], but=request.session.session_key if request is not None and by == person else None)
    detail = f"{name_of(key)}: {because}" if because else name_of(key)
    note(Kind.ACCOUNT_PARTED, person, request, at=at, by=by, detail=detail)
    words = {
        "person": person,
        "by": by,
        "because": because,
        "name": name_of(key),
        "has_own_way": has_own_way(person),
    }
    post("account_parted", f"Your account at {name_of(key)} lets you in no more", words, to=person.email)
