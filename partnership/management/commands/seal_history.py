"""Seal the history now, and not only at night."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partnership.sealing import outside
from partnership.sealing.chain import Unsettled, seal


class Command(BaseCommand):
    help = "Put a seal on what is new in the history. What is younger than ten minutes waits for the next one."

    def handle(self, **options):
        try:
            made = seal(at=timezone.now())
        except Unsettled as trouble:
            raise CommandError(str(trouble)) from trouble
        outside.tell(made)
        for link in made:
            self.stdout.write(f"{link.number}:{link.digest}")
        if not made:
            self.stdout.write("Nothing is new since the last seal.")
