"""Take in an exit pack of another installation: told first, and done with ``--really``."""

from django.core.management.base import BaseCommand, CommandError

from partnership.exit_pack.choosing import PEOPLE
from partnership.exit_pack.importing import import_pack
from partnership.exit_pack.reading import Arrived, BadPack

GIGABYTE = 1024**3


class Command(BaseCommand):
    help = "Take a partnership in from its exit pack, all of it or nothing. Nothing is kept without --really."

    def add_arguments(self, parser):
        parser.add_argument("file", help="The archive")
        parser.add_argument("--really", action="store_true", help="Keep it")
        parser.add_argument("--most-gigabytes", type=float, default=20, help="How large it may be unpacked (20)")
        parser.add_argument("--sha256", default="", help="What its page says it must be")

    def handle(self, file, really=False, most_gigabytes=20, sha256="", **options):
        try:
            with open(file, "rb") as opened:
                report = import_pack(Arrived(opened, most=int(most_gigabytes * GIGABYTE), sha256=sha256), really=really)
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}.") from problem
        except BadPack as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from refusal
        self.tell(report, really=really)

    def tell(self, report, *, really):
        people = report.rows[PEOPLE]
        self.stdout.write(f"{report.partnership}: {'taken in' if really else 'it would be taken in'}.")
        self.stdout.write(f"Rows: {report.rows.total()}. Entries of history: {report.events.total()}.")
        self.stdout.write(f"Rows with another key than there: {report.renumbered.total()}.")
        self.stdout.write(f"New people: {people}, switched off. Switch them on and invite them, the office first.")
        for label, names in report.here.items():
            if names:
                word = "People" if label == PEOPLE else "Organisations"
                self.stdout.write(f"{word} who were here already and gain posts or records: {', '.join(names)}.")
        if report.named_only:
            self.stdout.write(f"Partnerships of which only the name comes: {', '.join(report.named_only)}.")
        if not really:
            self.stdout.write("Nothing was kept. Type it again with --really.")
