"""Where each seal is told outside the database: a file, the log, and the mailboxes of ``HISTORY_WITNESSES``.

``settings.SEAL_JOURNAL`` is a folder with one file for each database. A line is a seal's number and digest. Where a
backup was put back, ``forget_after_restore`` adds a line that says so, and what was sealed in the time that is lost
counts no longer; it stands in the file all the same.
"""

import json
import logging
import os

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Max
from django.template.loader import render_to_string

from partnership.models import Seal
from partnership.reminders.journal import name_of_this_database
from partnership.reminders.mails import AUTOMATIC

logger = logging.getLogger(__name__)


def tell(made):
    """Say the Seals that were just ``made`` to the log, and add to the file all of which it does not know.

    Never one whose number it knows: if that has another digest now, this is what the file is there to show.
    """
    for link in made:
        logger.info("The history is sealed: seal %s is %s", link.number, link.digest)
    if settings.SEAL_JOURNAL:
        for link in Seal.objects.exclude(number__in=[number for number, _digest in known()]):
            append({"seal": link.number, "digest": link.digest, "at": link.at.isoformat()})


def known():
    """[(number, digest)] of the seals that the file tells of and that no restored backup has lost."""
    seals = {}
    for line in lines():
        if "seal" in line:
            seals[line["seal"]] = line["digest"]
        elif "restored_to" in line:
            seals = {number: digest for number, digest in seals.items() if number <= line["restored_to"]}
    return sorted(seals.items())


def forget_after_restore(*, at):
    """A backup was put back: seals after its last one are no longer expected. Gives how many those are."""
    number = Seal.objects.aggregate(last=Max("number"))["last"] or 0
    lost = sum(each > number for each, _digest in known())
    if lost:
        logger.warning("A backup was put back: %s seals after seal %s are no longer expected", lost, number)
        append({"restored_to": number, "at": at.isoformat()})
    return lost


def lines():
    """What is no line of ours, such as half of one after a full disc, is passed over."""
    path = settings.SEAL_JOURNAL and settings.SEAL_JOURNAL / f"{name_of_this_database()}.jsonl"
    if not path or not path.exists():
        return
    for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            line = json.loads(text or "null")
        except ValueError:
            continue
        if isinstance(line, dict):
            yield line


def append(line):
    settings.SEAL_JOURNAL.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = settings.SEAL_JOURNAL / f"{name_of_this_database()}.jsonl"
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{json.dumps(line)}\n")
        file.flush()
        os.fsync(file.fileno())


def mail_witnesses(found):
    """Tell the mailboxes that keep the seals which one is the last, and what the check found."""
    if not settings.HISTORY_WITNESSES:
        return
    link = Seal.objects.order_by("-number").first()
    subject = f"Seal {link.number} of the history" if link else "The history has no seal yet"
    if not found.is_well:
        subject = "The history is not as it was sealed"
    body = render_to_string("emails/history_seal.txt", {"link": link, "found": found, "site": settings.SITE_URL})
    for address in settings.HISTORY_WITNESSES:
        EmailMessage(subject, body.strip() + "\n", to=[address], headers=AUTOMATIC).send()
