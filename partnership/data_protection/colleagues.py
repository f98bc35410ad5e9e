"""People with an account as people of whom something is held: see ``declaring.Subject``."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from partnership.access import may
from partnership.accounts.sessions import end_sessions
from partnership.data_protection.declaring import ERASED, Subject
from partnership.models import CalendarFeed, Invitation, User
from partnership.rules import is_administrator

WAYS_IN = (EmailAddress, Authenticator, SocialAccount, Invitation)


def seen_by(user):
    return User.objects.visible_to(user).exclude(email__endswith=ERASED)


def may_act(user, person):
    """An administrator, or the office of all that this person holds; nobody for an administrator but another."""
    if person.is_administrator and not is_administrator(user):
        return False
    return user.pk != person.pk and may(user, "change", person)


def forget(person):
    """Shut the account for good and take every way into it away."""
    counts = {"usersessions.UserSession": end_sessions([person.pk])}
    for model in WAYS_IN:
        counts[model._meta.label] = model.objects.filter(user=person).delete()[0]
    counts["partnership.CalendarFeed"] = CalendarFeed.objects.filter(
        owner=person, group=None, partnership=None
    ).delete()[0]
    person.is_active = person.is_administrator = False
    person.set_unusable_password()
    person.save()
    return counts


COLLEAGUE = Subject(
    code="colleague",
    title="Somebody with an account",
    label="partnership.User",
    name="name",
    contacts=("email",),
    pseudonym="Former member",
    seen_by=seen_by,
    may=may_act,
    forget=forget,
)
