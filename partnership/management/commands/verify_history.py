"""Whether the history is as it was sealed, night by night."""

from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from partnership.sealing.checking import MOST_FAULTS, check


class Command(BaseCommand):
    help = "Reckon the seals over the history again, and say what is not as it was sealed."

    def add_arguments(self, parser):
        parser.add_argument(
            "--known",
            action="append",
            default=[],
            metavar="NUMBER:DIGEST",
            help="A seal that somebody outside has kept, as it stands in their mail; may be given several times",
        )

    def handle(self, known=(), **options):
        found = check([seal_in(words) for words in known])
        self.stdout.write(f"Seals: {found.seals}. Rows of the history under them: {found.rows}.")
        for reason, count in sorted(without_kinds(found.explained).items()):
            self.stdout.write(f"Changed or taken away since, by {reason}: {count}.")
        if found.unreadable:
            self.stdout.write(f"Sealed by an earlier version, of columns that are gone: {found.unreadable}.")
        for fault in found.faults:
            self.stderr.write(fault)
        if found.fault_count > MOST_FAULTS:
            self.stderr.write(f"And {found.fault_count - MOST_FAULTS} more.")
        if not found.is_well:
            raise CommandError(f"The history is not as it was sealed: {found.fault_count} faults.")
        self.stdout.write("All of it is as it was sealed.")


def without_kinds(explained):
    """Retention in one sum: whether any of it was of cases only their own group may know."""
    told = Counter()
    for reason, count in explained.items():
        told["retention" if reason.startswith("retention ") else reason] += count
    return told


def seal_in(words):
    number, _colon, digest = words.strip().partition(":")
    if not number.isdecimal() or len(digest) != 64:
        raise CommandError(f"“{words}” is no seal: give its number, a colon and its 64 letters and figures.")
    return int(number), digest.lower()
