"""Put the newest backup back into a throw-away database, to see that it can be: ``./run verify-restore``."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partnership.operations.drills import hold_drill
from partnership.operations.programs import BackupProblem


class Command(BaseCommand):
    help = "Restore the newest backup, or the one named, beside the live database; compare, begin the product on it."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("backup", nargs="?", default="", help="Its name, as the Operations page says it")

    def handle(self, backup, **options):
        try:
            drill = hold_drill(at=timezone.now(), run=backup)
        except BackupProblem as problem:
            raise CommandError(str(problem)) from problem
        said = drill.figures
        self.stdout.write(
            f"Backup {drill.snapshot} as of {drill.taken_at.isoformat(timespec='seconds')} was put back: "
            f"{said['rows']} rows of {said['tables']} tables and {said['files']} files equal, "
            f"{said['published']} stored documents as their digests say, {said['pages']} pages answered, "
            f"{said['tasks']} tasks done, {said['mails']} mails left, {said['sessions']} sessions, "
            f"{said['back']} of {said['erasures']} erased are back."
        )
        self.stdout.write("Seconds: " + ", ".join(f"{name} {number}" for name, number in said["seconds"].items()))
