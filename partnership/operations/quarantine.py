"""After a restore, before anybody is let in: nothing goes twice, nobody is in by an old key, who was erased stays so.

The database is that of an earlier moment. What waited then to be sent was sent since, most likely; what was made and
sent since then would be made anew. So all of it is made now, while no worker runs, and held: it stands where offices
see mails that did not go, with the reason, and is sent again by whoever knows that it must be.
"""

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.utils.module_loading import import_string

from partnership.accounts import sessions
from partnership.accounts.leaving import cut_off_leavers
from partnership.mail_queue import queues
from partnership.models import BackupRun, CalendarFeed, Invitation, User

HELD = "Held: the database was put back from a backup, and this may have been sent before. Send it again if it must go."
BROKEN_OFF = "It was under way when the backup was made that was put back."


@transaction.atomic
def quarantine(*, on, at):
    """Hold what would go, end every way in that need not stand; {what: how many}. Twice does it once."""
    for name in settings.MAIL_MAKERS:
        import_string(name)(on=on, at=at)
    return {
        "sessions ended": end_sessions(),
        "invitations taken back": Invitation.objects.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=at),
        "links of mails ended": end_links(at=at),
        "addresses to be confirmed anew": apps.get_model("account", "EmailConfirmation").objects.all().delete()[0],
        "people shut out whose last post has ended": cut_off_leavers(on=on, at=at),
        "mails held": hold_queues(at=at),
        "notices taken for told": settle_notices(at=at),
        "backups and drills that were under way": end_runs(at=at),
        "calendar addresses that work as they did then": CalendarFeed.objects.filter(revoked_at=None).count(),
    }


def end_sessions():
    """Everybody signs in anew; what was counted at the door, and codes on their way, is forgotten."""
    cache.clear()
    count = sessions.end_rows(apps.get_model("usersessions", "UserSession").objects.all())
    Session.objects.all().delete()
    return count


def end_links(*, at):
    everybody = list(User.objects.values_list("pk", flat=True))
    return sum(import_string(name)(everybody, by=None, at=at) or 0 for name in settings.ENDED_WITH_ACCOUNTS)


def hold_queues(*, at):
    """Mails to people without an account, in every queue. One that was in a worker's hands then is held too."""
    return sum(
        queue.model.objects.filter(sent_at=None, problem="").exclude(address="").update(problem=HELD, claimed_at=at)
        for queue in queues()
    )


def settle_notices(*, at):
    """What is told once, by a date in its record. Not who asks for emergency access: better twice than never."""
    return sum(import_string(name)(at=at) for name in settings.NOTICES_TO_SETTLE)


def end_runs(*, at):
    under_way = BackupRun.objects.filter(state=BackupRun.State.RUNNING)
    return under_way.update(state=BackupRun.State.FAILED, ended_at=at, problem=BROKEN_OFF)
