"""Mails that come back: delivery status notifications (RFC 3464), read from whatever a mail server puts in front of us.

Anybody can write such a mail. So it stops reminders to an address only where it names a mail of ours, sent to
that very address; where it names none, it is kept for the office to read. Nothing in it is followed or shown
as anything but text.

flufl.bounce, which Mailman uses and which is maintained, finds addresses by what many servers' mails look
like. It gives neither the status nor the mail that came back, and by those two we tell a full mailbox from a
dead one and a true notice from a forged one: the standard library reads both.
"""

import email
import re
from dataclasses import dataclass
from datetime import timedelta
from email.message import Message as Part
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from partnership.mail_queue import mail_of
from partnership.models import Message, User
from partnership.reminders.bounces import record_bounce
from partnership.reminders.mail_codes import Status, status_in

MOST_BYTES = 1024 * 1024  # ours are a few kilobytes, so a notice that brings one back is not larger
MOST_RECIPIENTS = 20
SENT_LATELY = timedelta(days=7)
FAILED = "failed"
CAME_BACK = "The mail came back:"


@dataclass(frozen=True)
class Notice:
    """One recipient of whom a mail server says that it could not deliver; ``key`` of our mail, if it is ours."""

    email: str
    status: Status | None
    answer: str
    key: str = ""


def notices_in(content):
    """The Notices in a mail (bytes), none where it is something else, too large or cannot be read."""
    if len(content) > MOST_BYTES:
        return []
    try:
        parts = list(email.message_from_bytes(content).walk())
    except (RecursionError, ValueError, LookupError):
        return []
    if not parts or parts[0].get_content_type() != "multipart/report":
        return []
    key = next(filter(None, map(key_of_ours, parts)), "")
    blocks = [
        block
        for part in parts
        if part.get_content_type() == "message/delivery-status" and part.is_multipart()
        for block in part.get_payload()
    ]
    return [notice_of(block, key) for block in blocks if is_failed(block)][:MOST_RECIPIENTS]


def key_of_ours(part):
    """What stands before our name in the Message-ID of the mail, or of its headers alone, that ``part`` brings back.

    The idempotency key of a message, or the number of a mail in a queue: neither can be made up.
    """
    kind = part.get_content_type()
    if kind == "message/rfc822" and part.is_multipart():
        returned = part.get_payload(0)
    elif kind == "text/rfc822-headers":
        returned = email.message_from_bytes(part.get_payload(decode=True) or b"")
    else:
        return ""
    host = re.escape(urlsplit(settings.SITE_URL).hostname)
    found = re.fullmatch(rf"\s*<([\w.-]{{1,200}})@{host}>\s*", field(returned, "Message-ID"), re.ASCII)
    return found[1] if found else ""


def is_failed(block):
    return isinstance(block, Part) and field(block, "Action").strip().lower() == FAILED


def notice_of(block, key):
    recipient = field(block, "Final-Recipient") or field(block, "Original-Recipient")
    address = parseaddr(recipient.rpartition(";")[2])[1]
    status = field(block, "Status").strip()
    answer = " ".join([status, *field(block, "Diagnostic-Code").split()]).strip()
    return Notice(address.lower()[:254], status_in(status), answer.replace("\0", "")[:1000], key)


def field(part, name):
    return str(part.get(name, ""))


def take_in(notice, *, at):
    """Record what a Notice says; a new Bounce, or None where it is known or of nobody here."""
    message = Message.objects.filter(idem_key=notice.key).select_related("recipient").first() if notice.key else None
    if message:
        is_theirs = notice.email == message.recipient.email.lower()
        is_permanent = is_theirs and bool(notice.status and notice.status.is_of_address)
        return record_bounce(notice.email, is_permanent=is_permanent, answer=notice.answer, message=message, at=at)
    mail = mail_of(notice.key)
    if mail:
        return queued_mail_came_back(mail, notice, at=at)
    lately = Message.objects.filter(state=Message.State.ACCEPTED, accepted_at__gt=at - SENT_LATELY)
    if not User.objects.filter(email__iexact=notice.email, pk__in=lately.values("recipient")).exists():
        return None
    answer = f"{notice.answer} (This notice names none of our mails, so reminders go on.)"
    return record_bounce(notice.email, is_permanent=False, answer=answer, message=None, at=at)


@transaction.atomic
def queued_mail_came_back(mail, notice, *, at):
    """Of a mail to somebody without an account; whoever sends those sees it there. Gives the new Bounce, or None."""
    if notice.email != mail.address.lower():
        return None
    if not mail.problem:
        mail.problem = f"{CAME_BACK} {notice.answer}"[:300]
        mail.save(update_fields=["problem"])
    if notice.status is None or not notice.status.is_of_address:
        return None
    return record_bounce(notice.email, is_permanent=True, answer=notice.answer, message=None, at=at)
