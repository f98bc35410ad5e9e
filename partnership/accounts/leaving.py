"""Whoever leaves is out at once: sessions, calendar addresses, links of mails and invitations end together."""

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.module_loading import import_string

from partnership.accounts.events import Kind, note
from partnership.accounts.sessions import end_sessions
from partnership.models import AccountEvent, CalendarFeed, Invitation, PostHolding, User
from partnership.refusals import NotNow

LAST_ADMINISTRATOR = "Nobody else administers this installation. Make somebody else an administrator first"


@transaction.atomic
def cut_off(people, *, at, by=None, because=""):
    """End everything by which these people (keys) are in or could come in; what they may do is asked elsewhere.

    Higher apps end theirs: functions named in ``settings.ENDED_WITH_ACCOUNTS`` of ``(people, by=, at=)``.
    """
    signed_in = set(User.objects.filter(usersession__user__in=people).values_list("pk", flat=True))
    end_sessions(people)
    CalendarFeed.objects.filter(owner__in=people, revoked_at=None).update(revoked_at=at)
    Invitation.objects.filter(user__in=people, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
    for name in settings.ENDED_WITH_ACCOUNTS:
        import_string(name)(people, by=by, at=at)
    AccountEvent.objects.bulk_create(
        AccountEvent(user_id=key, by=by, kind=Kind.SESSION_ENDED, at=at, detail=because) for key in sorted(signed_in)
    )


def without_posts(*, on):
    """Those who hold nothing and are to hold nothing; an administrator needs no post."""
    held = PostHolding.objects.not_over(on=on).filter(user=OuterRef("pk"))
    return User.objects.filter(~Exists(held), is_administrator=False)


def cut_off_without_posts(people, *, on, at, by=None):
    """Those of ``people`` (keys) whose last post is over."""
    over = list(without_posts(on=on).filter(pk__in=people).values_list("pk", flat=True))
    if over:
        cut_off(over, at=at, by=by, because="Their last post ended")
    return len(over)


def cut_off_leavers(*, on, at):
    """Those whose last post ended with a day that is over: nobody pressed anything then. How many they were."""
    has_something = (
        Q(usersession__isnull=False)
        | Q(calendar_feeds__isnull=False, calendar_feeds__revoked_at=None)
        | Q(invitations__isnull=False, invitations__used_at=None, invitations__withdrawn_at=None)
    )
    found = User.objects.filter(has_something, holdings__isnull=False).values("pk")
    people = list(without_posts(on=on).filter(pk__in=found).values_list("pk", flat=True))
    return cut_off_without_posts(people, on=on, at=at)


@transaction.atomic
def switch_off(person, *, at, by, because=""):
    """They can't sign in any more and are out at once. Raises NotNow for the last administrator."""
    locked(person)
    if not person.is_active:
        return
    if person.is_administrator:
        others = User.objects.filter(is_administrator=True, is_active=True).exclude(pk=person.pk)
        if not others.exists():
            raise NotNow(LAST_ADMINISTRATOR)
    person.is_active = False
    person.save(update_fields=["is_active"])
    cut_off([person.pk], at=at, by=by, because="Account switched off")
    note(Kind.SWITCHED_OFF, person, at=at, by=by, detail=because)


@transaction.atomic
def switch_on(person, *, at, by):
    locked(person)
    if person.is_active:
        return
    person.is_active = True
    person.save(update_fields=["is_active"])
    note(Kind.SWITCHED_ON, person, at=at, by=by)


def locked(person):
    """``person`` as they stand now. Administrators are locked together, so that the last two can't both go at once."""
    wanted = Q(pk=person.pk) | Q(is_administrator=True) if person.is_administrator else Q(pk=person.pk)
    list(User.objects.select_for_update(no_key=True).filter(wanted).order_by("pk").values_list("pk", flat=True))
    person.refresh_from_db(fields=["is_active", "is_administrator"])
