"""Read what a mail server sends back: one mail from standard input, or the unread ones of a Maildir."""

import sys
from pathlib import Path

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partnership.reminders.returned_mail import MOST_BYTES, notices_in, take_in

MOST_AT_ONCE = 1000


class Command(BaseCommand):
    help = "Read mails that came back, from standard input or a Maildir, and stop reminders to dead addresses."

    def add_arguments(self, parser):
        parser.add_argument("--maildir", help="A Maildir; what is a notice is marked as read, all else is left")

    def handle(self, maildir=None, **options):
        with pghistory.context(task="read_bounces"):
            counts = read_maildir(Path(maildir)) if maildir else [read(sys.stdin.buffer)]
        notices = sum(found for found, _ in counts)
        recorded = sum(new for _, new in counts)
        self.stdout.write(f"Mails read: {len(counts)}. Notices in them: {notices}. New bounces: {recorded}.")


def read(file):
    """(how many notices are in a mail, how many of them are new)."""
    notices = notices_in(file.read(MOST_BYTES + 1))
    return len(notices), sum(take_in(notice, at=timezone.now()) is not None for notice in notices)


def read_maildir(folder):
    """By hand: ``mailbox.Maildir`` gives no flags without parsing the whole mail, however large or deep it is."""
    if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
        raise CommandError(f"There is no Maildir at {folder}")
    mails = sorted(path for place in ("new", "cur") for path in (folder / place).iterdir() if path.is_file())
    counts = []
    for path in [path for path in mails if "S" not in flags_of(path)][:MOST_AT_ONCE]:
        with path.open("rb") as file:
            counts.append(read(file))
        if counts[-1][0]:
            flags = "".join(sorted({*flags_of(path), "S"}))
            path.rename(folder / "cur" / f"{path.name.partition(':2,')[0]}:2,{flags}")
    return counts


def flags_of(path):
    return path.name.partition(":2,")[2]
