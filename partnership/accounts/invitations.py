"""Inviting people in: a link by mail, once, for some days.

The token (``partnership.tokens``) is drawn when the mail leaves, so it stands in the mail alone. Following the link
shows nothing and uses nothing up; the button on that page lets this browser go on, and saving a password uses the
invitation up everywhere.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from partnership import tokens
from partnership.accounts.events import Kind, note
from partnership.models import Invitation, Partnership, Post, PostHolding, User
from partnership.refusals import NotNow
from partnership.reminders import brake
from partnership.reminders.bounces import record_bounce
from partnership.reminders.carriers import Refused, Unreachable, carrier
from partnership.reminders.mails import AUTOMATIC

logger = logging.getLogger(__name__)

MOST_A_RUN = 100
PRESSED_TWICE = timedelta(minutes=5)
CAME_IN = "{} has signed in already. Whoever has forgotten a password asks for a new one on the sign-in page"
SWITCHED_OFF = "The account of {} is switched off. Switch it on first"
HOLDS_NOTHING = "{} holds no post, so there is nothing to come in for. Say on a post’s page that they hold it"


def cannot_be_invited(person, *, on):
    """Why an invitation makes no sense now, in a sentence; "" where it does."""
    if not person.is_active:
        return SWITCHED_OFF.format(person)
    if person.last_login:
        return CAME_IN.format(person)
    if not person.is_administrator and not person.holdings.not_over(on=on).exists():
        return HOLDS_NOTHING.format(person)
    return ""


def invitable(people, *, on):
    """Those of ``people`` (a queryset) to whom an invitation can be sent."""
    holding = PostHolding.objects.not_over(on=on).values("user")
    return people.filter(Q(is_administrator=True) | Q(pk__in=holding), is_active=True, last_login=None)


@transaction.atomic
def invite(person, *, at, by):
    """Have an invitation sent; the one before is worth nothing from now on. Pressed twice it is one.

    Raises NotNow where it makes no sense.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if problem := cannot_be_invited(person, on=timezone.localdate(at)):
        raise NotNow(problem)
    standing = person.invitations.filter(used_at=None, withdrawn_at=None).first()
    if standing and standing.made_at > at - PRESSED_TWICE:
        return standing
    if standing:
        standing.withdrawn_at = at
        standing.save(update_fields=["withdrawn_at"])
    note(Kind.INVITED, person, at=at, by=by)
    return Invitation.objects.create(
        user=person,
        token_hash=tokens.proof_of(tokens.new_secret(), person),  # nobody has this one: see ``send_waiting``
        made_by=by,
        made_at=at,
        expires_at=at + timedelta(days=settings.INVITATION_DAYS),
    )


def invite_many(people, *, at, by):
    """Invite each of ``people``: those who were, and in words why others were not."""
    invited, problems = [], []
    for person in people:
        try:
            invite(person, at=at, by=by)
        except NotNow as problem:
            problems.append(str(problem))
        else:
            invited.append(person)
    return invited, problems


@transaction.atomic
def withdraw(person, *, at):
    """Take an invitation back; whether there was one."""
    return bool(person.invitations.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=at))


# The mail


def send_waiting(*, at):
    """Mail those invitations that have not left; how many did.

    A worker that is killed after the mail has left sends another: the link in the first is then worth nothing.
    """
    waiting = Invitation.objects.open(at=at).filter(sent_at=None).order_by("made_at")
    count = 0
    for key in waiting.values_list("pk", flat=True)[:MOST_A_RUN]:
        if not brake.may_send():
            break
        with transaction.atomic():
            rows = Invitation.objects.open(at=at).filter(pk=key, sent_at=None)
            invitation = rows.select_related("user", "made_by").select_for_update(skip_locked=True, of=["self"]).first()
            if invitation is None:
                continue
            try:
                count += _send(invitation, at=at)
            except Unreachable as trouble:
                brake.failed(trouble)
                break
    return count


def _send(invitation, *, at):
    """Whether it was taken. One that never will be is taken back, and it is written down why."""
    address = draw(invitation, at=at)
    through = carrier()
    try:
        through.open()
        message = message_of(invitation, address)
        through.prepare(message)
        through.submit(message, f"invitation-{invitation.pk}-{int(at.timestamp())}")
    except Refused as refusal:
        if not refusal.is_permanent:
            logger.warning("An invitation was not taken, and is tried again: %s", refusal)
            return False
        invitation.sent_at, invitation.withdrawn_at = None, at
        invitation.save(update_fields=["withdrawn_at"])
        note(Kind.REFUSED, invitation.user, at=at, detail="The invitation could not be sent: the address is not known")
        if refusal.is_of_address:
            record_bounce(invitation.user.email, is_permanent=True, answer=str(refusal), message=None, at=at)
        return False
    finally:
        through.close()
    invitation.save(update_fields=["token_hash", "sent_at"])
    return True


def draw(invitation, *, at):
    """Give ``invitation`` (not saved here) a token; the address of its link, which nobody can read again."""
    secret = tokens.new_secret()
    invitation.token_hash = tokens.proof_of(secret, invitation.user)
    invitation.sent_at = at
    token = tokens.token_of(invitation.pk, secret)
    return settings.SITE_URL + reverse("partnership:invitation-follow", args=[token])


@transaction.atomic
def hand_over(person, *, at):
    """Invite ``person`` by a link that is not mailed but told here; it works once. Raises NotNow as ``invite`` does."""
    withdraw(person, at=at)
    invitation = invite(person, at=at, by=None)
    address = draw(invitation, at=at)
    invitation.save(update_fields=["token_hash", "sent_at"])
    return address


def message_of(invitation, address):
    person = invitation.user
    posts = Post.objects.filter(holdings__user=person).values("pk")
    words = {
        "person": person,
        "by": invitation.made_by,
        "partnerships": list(Partnership.objects.of_posts(posts)),
        "address": address,
        "expires_at": invitation.expires_at,
        "site": settings.SITE_URL,
    }
    body = render_to_string("emails/invitation.txt", words).strip() + "\n"
    return EmailMessage("Your account at Partnership Planner", body, to=[person.email], headers=AUTOMATIC)


# Using it


def invitation_of_token(token, *, at):
    """The open invitation that ``token`` proves, or None. The address that it was sent to must still be theirs."""
    key, secret = tokens.read_token(token) or (None, None)
    invitation = Invitation.objects.usable(at=at).filter(pk=key).first() if key else None
    return invitation if invitation and tokens.is_proven(secret, invitation.user, invitation.token_hash) else None


@transaction.atomic
def use(invitation, *, name, password, at, request):
    """Give the person a password of their own, once; the person. Raises NotNow where it was used meanwhile."""
    person = User.objects.select_for_update(no_key=True).get(pk=invitation.user_id)
    invitation = Invitation.objects.usable(at=at).select_for_update(of=["self"]).filter(pk=invitation.pk).first()
    if invitation is None:
        raise NotNow("This invitation has been used, or taken back")
    person.name = name
    person.set_password(password)
    person.save(update_fields=["name", "password"])
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])
    note(Kind.INVITATION_USED, person, request, at=at)
    return person
