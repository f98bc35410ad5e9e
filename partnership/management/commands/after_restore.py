"""After a backup of the database was put back: what was sent is not sent again, who was erased stays so."""

import shutil

import pghistory
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partnership.operations import outside_files
from partnership.operations.quarantine import quarantine
from partnership.reminders.journal import compare
from partnership.reminders.sending import hold_day
from partnership.row_security import all_rows
from partnership.sealing import outside


class Command(BaseCommand):
    help = (
        "Before anybody is let in to a database that was put back: compare it with the journal of sent mails, hold "
        "what waits to be sent, end sessions and links, erase again who was erased. Stop the workers before."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--journal-lost",
            action="store_true",
            help="The journal was put back as well: hold what would be said today as perhaps said already",
        )

    def handle(self, journal_lost=False, **options):
        if settings.PUBLISHED_DIR:
            shutil.rmtree(settings.PUBLISHED_DIR, ignore_errors=True)
        with pghistory.context(task="after_restore"):
            self.compare()
            self.put_files_back()
            if journal_lost:
                self.hold_today()
            lost = outside.forget_after_restore(at=timezone.now())
            if lost:
                self.stdout.write(
                    f"Seals over the history of the time that is lost: {lost}. Their digests stay in the log."
                )
            with all_rows():
                now = timezone.now()
                for what, count in quarantine(on=timezone.localdate(now), at=now).items():
                    self.stdout.write(f"{what[0].upper()}{what[1:]}: {count}.")
        call_command("replay_erasures", stdout=self.stdout)

    def put_files_back(self):
        try:
            count = outside_files.put_back()
        except OSError as problem:
            raise CommandError(f"{problem} Nothing is lost: run this again when it answers.") from problem
        if count:
            self.stdout.write(f"Files put back into the bucket: {count}.")

    def hold_today(self):
        held = hold_day(on=timezone.localdate())
        if held is None:
            raise CommandError("A worker is planning reminders at this moment. Stop the workers first.")
        self.stdout.write(f"Messages of today that are held, as perhaps sent already: {held}.")

    def compare(self):
        found = compare(whole=True)
        self.stdout.write(f"Lines in the journal of sent mails: {found.lines}.")
        self.stdout.write(f"Messages that the database did not know, now written down as sent: {found.restored}.")
        if found.unknown:
            self.stdout.write(f"Messages to people whom this database does not know: {found.unknown}.")
        if found.unreadable:
            self.stdout.write(f"Lines that cannot be read, perhaps of a full disc: {found.unreadable}.")
        if not found.lines:
            self.stdout.write(
                "The journal is empty. If it was lost or put back as well, run this again with --journal-lost before "
                "you start the worker: today's mails are then held, and tomorrow's say what is still due."
            )
