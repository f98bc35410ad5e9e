"""Move the bytes of every file to where FILES_IN says: out of the database, or back into it."""

import pghistory
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from partnership.kept_bytes import FilesAway, FileSpoilt
from partnership.operations import outside_files
from partnership.operations.programs import BackupProblem


class Command(BaseCommand):
    help = (
        "Put the bytes of every uploaded, made and published file where FILES_IN says: into the folder or bucket, or "
        "back into the database. People may work meanwhile. Broken off, it begins again where it was."
    )

    def handle(self, **options):
        try:
            with pghistory.context(task="move_files"):
                count = outside_files.move(say=self.say)
        except (FilesAway, FileSpoilt, BackupProblem) as problem:
            raise CommandError(f"{problem} What was moved before stays moved; run this again.") from problem
        self.stdout.write(f"Files moved ({settings.FILES_IN}): {count}.")

    def say(self, done):
        if done and done % 500 == 0:
            self.stdout.write(f"{done} moved …")
