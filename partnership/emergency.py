"""Emergency access to cases: one asks and says why, a second allows it, it ends after hours, and the group is told."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from partnership.models import EmergencyAccess, Group, Post, PostHolding, User
from partnership.refusals import NotNow
from partnership.reminders.mails import AUTOMATIC

HOURS = 4


@transaction.atomic
def ask(*, partnership, reason, by, at):
    """Keep that ``by`` asks to see the cases of ``partnership``. Pressing twice asks once."""
    User.objects.select_for_update().get(pk=by.pk)
    waiting = EmergencyAccess.objects.waiting().filter(partnership=partnership, asked_by=by).first()
    return waiting or EmergencyAccess.objects.create(partnership=partnership, reason=reason, asked_by=by, asked_at=at)


@transaction.atomic
def allow(access, *, by, at):
    """Open the cases to who asked, for ``HOURS``. Raises NotNow where it is answered already."""
    access = _waiting(access)
    access.allowed_by, access.allowed_at, access.ends_at = by, at, at + timedelta(hours=HOURS)
    access.save()


@transaction.atomic
def refuse(access, *, because, by):
    """Keep that it is not allowed, and why. Raises NotNow where it is answered already."""
    access = _waiting(access)
    access.refused_by, access.refused_because = by, because
    access.save()


@transaction.atomic
def end(access, *, at):
    """Shut the cases again, or take the question back. Over is over: ending twice changes nothing."""
    access = EmergencyAccess.objects.select_for_update().get(pk=access.pk)
    if not access.ended_at and not access.refused_by_id:
        access.ended_at = at
        access.save()


def _waiting(access):
    access = EmergencyAccess.objects.select_for_update().get(pk=access.pk)
    if access.allowed_at or access.refused_by_id or access.ended_at:
        raise NotNow("This has been answered or taken back already.")
    return access


# Who hears of it


def second_people(partnership, *, on):
    """Those who may answer: the partnership's lead partners and the members of its case review group."""
    held = PostHolding.objects.current(on=on)
    leads = Q(post__duty=Post.Duty.LEAD_PARTNER, post__partnerships=partnership)
    group = Q(
        post__group_memberships__group__kind=Group.Kind.CASE_REVIEW,
        post__group_memberships__group__partnerships=partnership,
    ) & (Q(post__group_memberships__to_on=None) | Q(post__group_memberships__to_on__gte=on))
    return User.objects.filter(pk__in=held.filter(leads | group).values("user"), is_active=True).exclude(email="")


def tell_waiting(*, at):
    """Mail everybody who must hear of what was asked and answered; how many mails left.

    At least once: a worker killed between the mail and its note sends it again. It says nothing of any case.
    """
    asked = Q(asking_told_at=None)
    answered = Q(answer_told_at=None) & (~Q(allowed_at=None) | ~Q(refused_by=None))
    count = 0
    for key in EmergencyAccess.objects.filter(asked | answered).order_by("asked_at").values_list("pk", flat=True):
        with transaction.atomic():
            access = EmergencyAccess.objects.select_for_update(skip_locked=True, of=["self"]).filter(pk=key).first()
            if access:
                count += _tell(access, at=at)
    return count


def _tell(access, *, at):
    people = set(second_people(access.partnership, on=timezone.localdate(at)))
    is_answered = bool(access.allowed_at or access.refused_by_id)
    to = people | {access.asked_by} if is_answered else people - {access.asked_by}
    for person in sorted(to, key=lambda person: person.pk):
        words = {"reader": person, "access": access, "address": settings.SITE_URL + access.get_absolute_url()}
        body = render_to_string("emails/emergency_access.txt", words)
        EmailMessage("Emergency access to cases", body.strip() + "\n", to=[person.email], headers=AUTOMATIC).send()
    access.asking_told_at = access.asking_told_at or at
    if is_answered:
        access.answer_told_at = at
    access.save()
    return len(to)
