"""The database as it was at a moment, as a data folder for a PostgreSQL: ``./run restore-to MOMENT FOLDER``."""

from datetime import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partnership.operations.continuous import restore_to
from partnership.operations.programs import BackupProblem
from partnership.operations.repository import Repository


class Command(BaseCommand):
    help = "Make a data folder that PostgreSQL, of the server's own version, takes up to that moment when it starts."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("moment", help="As 2027-03-31T14:05, here, or with its zone: 2027-03-31T14:05+00:00")
        parser.add_argument("folder", type=Path, help="An empty folder, or one that is not there yet")

    def handle(self, moment, folder, **options):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError as problem:
            raise CommandError("Give the moment as 2027-03-31T14:05.") from problem
        if timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        if moment > timezone.now():
            raise CommandError("That moment has not come yet.")
        try:
            restore_to(Repository.of_settings(), moment, folder.resolve())
        except BackupProblem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"{folder} is ready. Give it to PostgreSQL's own user (chown) and start a server on it: it stops at "
            f"{moment.isoformat()} and can be written to then. Afterwards: ./run manage after_restore."
        )
