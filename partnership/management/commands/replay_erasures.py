"""After a backup of the database was put back: whoever was erased since then is erased again."""

import pghistory
from django.core.management.base import BaseCommand

from partnership.data_protection.erasing import replay
from partnership.row_security import all_rows


class Command(BaseCommand):
    help = "Go through the log of erasures, which lies outside the database, and erase again whoever is back."

    def handle(self, **options):
        with pghistory.context(task="replay_erasures"), all_rows():
            done = replay()
        self.stdout.write(f"Lines in the log of erasures: {done.lines}. Erased again: {done.erased}.")
        if done.unreadable:
            self.stdout.write(f"Lines that could not be read: {done.unreadable}.")
