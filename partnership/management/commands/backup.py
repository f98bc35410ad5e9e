"""Make a backup now: ``./run backup``."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partnership.operations.backups import make_backup
from partnership.operations.programs import BackupProblem


class Command(BaseCommand):
    help = "Put a dump of the database and the files into the repository of backups, encrypted."
    requires_system_checks = []

    def handle(self, **options):
        try:
            run = make_backup(at=timezone.now())
        except BackupProblem as problem:
            raise CommandError(str(problem)) from problem
        figures = run.figures
        self.stdout.write(
            f"Backup {run.snapshot}: {figures['rows']} rows of {figures['tables']} tables, {figures['files']} files, "
            f"{run.size} bytes, as of {run.taken_at.isoformat(timespec='seconds')}."
        )
        self.stdout.write("Seconds: " + ", ".join(f"{name} {number}" for name, number in figures["seconds"].items()))
