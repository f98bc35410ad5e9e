"""Put a backup back, for good: ``./run restore``. Into an empty database, as the role that owns it."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from partnership.operations import restoring
from partnership.operations.programs import BackupProblem
from partnership.operations.repository import Repository


class Command(BaseCommand):
    help = (
        "Put the newest backup, or the one named, into the empty database of DATABASE_URL (the owner's) and into "
        "DATA_DIR, and compare all of it. Afterwards: ./run migrate, then ./run manage after_restore."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("backup", nargs="?", default="", help="Its name, as the Operations page says it")

    def handle(self, backup, **options):
        # The journal of sent mails that lies here knows more than one that comes from a backup.
        has_journal = bool(settings.SENT_JOURNAL and settings.SENT_JOURNAL.exists())
        url, folder = os.environ.get("DATABASE_URL", ""), settings.DATA_DIR
        try:
            repository = Repository.of_settings()
            backup = restoring.newest(repository, run=backup)
            self.stdout.write(f"Backup {backup.run} as of {backup.taken_at}: {backup.row_count} rows.")
            restoring.restore_database(repository, backup, url)
            count = restoring.restore_files(repository, backup, folder)
            found = restoring.compare(backup, url, folder)
        except BackupProblem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{count} files were put into {folder}; others stood there already.")
        for problem in found.problems:
            self.stderr.write(problem)
        if found.problems:
            raise CommandError("What came back is not what was stored. Let nobody in: try the backup before.")
        last = "after_restore" if has_journal else "after_restore --journal-lost"
        self.stdout.write(f"All of it is as it was. Now: ./run migrate, then ./run manage {last}")
