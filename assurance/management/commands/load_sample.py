"""Load the sample partnership: Ashford Vale and Millbrook, as they stand today."""

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from assurance.sample.dates import Calendar
from assurance.sample.load_people import load_people
from assurance.sample.load_plans import load_last_plan, load_this_plan
from assurance.sample.load_records import load_records
from assurance.sample.load_reports import load_reports
from partnership.models import Partnership


class Command(BaseCommand):
    help = "Load the sample partnership into an empty installation. Dates are counted from today."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is a partnership already")

    def handle(self, *args, if_empty, **options):
        if Partnership.objects.exists():
            if if_empty:
                return
            raise CommandError("There is a partnership here already, so the sample was not loaded.")
        load_sample(on=timezone.localdate())
        self.stdout.write("Loaded Ashford Vale and Millbrook.")


@transaction.atomic
def load_sample(*, on):
    """Everything, seen from the day ``on``. The people come first; what they did is theirs in the history."""
    with pghistory.context(source="sample"):
        cast = load_people(Calendar(on))
    with pghistory.context(source="sample", user=cast.holders["manager"].pk):
        load_this_plan(cast)
        load_last_plan(cast)
        load_records(cast)
        load_reports(cast)
