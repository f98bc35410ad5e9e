"""What the worker is asked to do. Envelopes: fetch, call, log."""

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from partnership import direct_mail, emergency
from partnership.accounts import invitations, keeping, leaving
from partnership.data_protection import keeping as retention
from partnership.data_protection.copies import clear_away, run_copy, waiting_copies
from partnership.exit_pack import making as exit_packs
from partnership.health import health_of_reminders
from partnership.heartbeats import HISTORY, RETENTION, beating, tell_monitor
from partnership.models import BoardPack, ExitPack
from partnership.operations import neighbours, outside_files
from partnership.packs import run_pack
from partnership.reminders import loop
from partnership.reminders.carriers import Unreachable
from partnership.sealing import night as sealing

logger = logging.getLogger(__name__)


@shared_task
def send_reminders():
    """Woken by beat every minute, and by the office's button. Running it twice changes nothing."""
    now = timezone.now()
    count = loop.send_reminders(on=timezone.localdate(now), now=now)
    if count:
        logger.info("%s reminder messages accepted", count)
    if settings.HEARTBEAT_URL and health_of_reminders(now=timezone.now()).is_well:
        tell_monitor()


@shared_task
def tell_of_emergencies():
    """Woken by who asks or answers, and by beat: mail whoever must hear of emergency access."""
    count = emergency.tell_waiting(at=timezone.now())
    if count:
        logger.info("%s people were mailed of emergency access", count)


@shared_task
def look_after_accounts():
    """Once a night: shut out whose last post ended with yesterday, and let go of what happened a year ago."""
    now = timezone.now()
    left = leaving.cut_off_leavers(on=timezone.localdate(now), at=now)
    forgotten = keeping.forget_old_events(at=now)
    logger.info("%s people who left were shut out, %s account events of a year ago were deleted", left, forgotten)


@shared_task
def send_invitations():
    """Woken by whoever invites, and by beat. Running it twice sends none twice."""
    count = invitations.send_waiting(at=timezone.now())
    if count:
        logger.info("%s invitations were sent", count)


@shared_task
def apply_retention():
    """Once a night: what offices let go by itself, and how much waits for their yes. Twice does it once."""
    with beating(RETENTION) as outcome:
        outcome.update(retention.night(at=timezone.now()))
    logger.info("%s records were over their time and went", outcome["done"])


@shared_task(time_limit=3600)
def seal_history():
    """Once a night: seal what is new in the history, and check all that was sealed. Twice does it once."""
    with beating(HISTORY) as outcome:
        outcome.update(sealing.night(at=timezone.now()))


@shared_task(time_limit=3600)
def sweep_files():
    """Once a night: let go of files outside the database that no row names any more. Twice does it once."""
    marked, gone = outside_files.sweep(at=timezone.now())
    logger.info("%s files are named by no row any more, %s went", marked, gone)


@shared_task
def look_at_neighbours():
    """Woken by beat: whether the bucket of files answers, and how far the copy of the database is behind."""
    for name, trouble in neighbours.look(at=timezone.now()).items():
        logger.warning("The %s is not well: %s", name, trouble)


@shared_task
def build_pack(pack_id):
    """Make one board pack. Running it twice makes one."""
    is_made = run_pack(pack_id)
    if is_made:
        logger.info("Board pack %s ended", pack_id)


@shared_task
def resume_board_packs():
    """Woken by beat: take up packs whose worker was killed, or that nobody was told of."""
    waiting = BoardPack.objects.waiting(at=timezone.now())
    for pack_id in waiting.order_by("requested_at").values_list("pk", flat=True):
        build_pack.delay(str(pack_id))


@shared_task
def build_subject_copy(copy_id):
    """Make one copy of what is held about somebody. Running it twice makes one."""
    if run_copy(copy_id, at=timezone.now()):
        logger.info("Copy %s ended", copy_id)


@shared_task
def resume_subject_copies():
    """Woken by beat: take up copies whose worker was killed, or that nobody was told of; those of a week go."""
    now = timezone.now()
    clear_away(at=now)
    for copy_id in waiting_copies(at=now):
        build_subject_copy.delay(str(copy_id))


@shared_task(time_limit=60 * 60)
def build_exit_pack(pack_id):
    """Make one exit pack. Running it twice makes one."""
    is_made = exit_packs.run_pack(pack_id)
    if is_made:
        logger.info("Exit pack %s ended", pack_id)


@shared_task
def resume_exit_packs():
    """Woken by beat: take up packs whose worker was killed, and let go of those that were kept long enough."""
    now = timezone.now()
    cleared = exit_packs.clear_old(at=now)
    if cleared:
        logger.info("%s exit packs were deleted after their days", cleared)
    for pack_id in ExitPack.objects.waiting(at=now).order_by("requested_at").values_list("pk", flat=True):
        build_exit_pack.delay(str(pack_id))


@shared_task
def send_mails(queue):
    """Woken by who puts a mail, and by beat: hand over what waits in a ``MailQueue``, given by its name in code.

    Running it twice sends none twice.
    """
    count = import_string(queue).send_waiting()
    if count:
        logger.info("%s mails of %s were taken", count, queue)


@shared_task(autoretry_for=(Unreachable,), max_retries=5, default_retry_delay=20)
def send_account_mail(subject, body, to):
    """Woken by who asks for a code or a link: it leaves at once or not at all. ``to``: "" for an address of nobody."""
    if to:
        direct_mail.send(subject, body, to)
