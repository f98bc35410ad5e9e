"""After a backup of the database was put back: write down what was sent since, so that it is not sent again."""

import pghistory
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from partnership.reminders.journal import compare


class Command(BaseCommand):
    help = "Compare the whole journal of sent mails with a database that was put back. Stop the workers before."

    def handle(self, **options):
        if not settings.SENT_JOURNAL:
            raise CommandError("This installation keeps no journal of sent mails.")
        with pghistory.context(task="after_restore"):
            found = compare(whole=True)
        self.stdout.write(f"Lines in the journal of sent mails: {found.lines}.")
        self.stdout.write(f"Messages that the database did not know, now written down as sent: {found.restored}.")
        if found.unknown:
            self.stdout.write(f"Messages to people whom this database does not know: {found.unknown}.")
        if found.unreadable:
            self.stdout.write(f"Lines that cannot be read, perhaps of a full disc: {found.unreadable}.")
        if not found.lines:
            self.stdout.write(
                "The journal is empty. If mails were sent before, it was lost or put back as well: what was sent since "
                "the backup may go a second time. Hold the workers back until you have looked."
            )
