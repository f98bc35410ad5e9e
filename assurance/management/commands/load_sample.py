"""Load the sample partnership: Ashford Vale and Millbrook, as they stand today."""

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from assurance.sample.dates import Calendar
from assurance.sample.load_advice import load_advice
from assurance.sample.load_arrangements import load_arrangements, publish_first_arrangements
from assurance.sample.load_audits import load_audits
from assurance.sample.load_groups import load_groups
from assurance.sample.load_indicators import load_indicators
from assurance.sample.load_learning import load_learning, publish_briefings
from assurance.sample.load_meetings import load_meetings
from assurance.sample.load_money import load_money
from assurance.sample.load_organisations import load_organisations
from assurance.sample.load_papers import load_papers
from assurance.sample.load_people import load_people
from assurance.sample.load_plans import load_plans
from assurance.sample.load_practice import publish_last_review
from assurance.sample.load_quarterly import load_quarterly, publish_quarterly
from assurance.sample.load_records import load_records
from assurance.sample.load_registers import load_registers
from assurance.sample.load_reminders import load_reminders
from assurance.sample.load_reports import load_reports, publish_last_report
from assurance.sample.load_rounds import chase_last_silent
from assurance.sample.load_schools import load_schools
from assurance.sample.load_timetable import load_timetable
from assurance.sample.load_voices import load_voices
from partnership.models import Partnership
from partnership.pdf import PdfProblem
from partnership.row_security import all_rows


class Command(BaseCommand):
    help = "Load the sample partnership into an empty installation. Dates are counted from today."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is a partnership already")

    def handle(self, *args, if_empty, **options):
        if Partnership.objects.exists():
            if if_empty:
                return
            raise CommandError("There is a partnership here already, so the sample was not loaded.")
        with all_rows(), transaction.atomic():  # all or nothing: a first start that is broken off is simply repeated
            cast = load_sample(on=timezone.localdate())
            self.stdout.write("Loaded Ashford Vale and Millbrook. Making last year’s report and what else is printed …")
            wait_for_slow_machines()
            try:
                publish_last_report(cast)
                publish_first_arrangements(cast)
                publish_briefings(cast)
                publish_last_review(cast)
                publish_quarterly(cast)
            except PdfProblem as problem:
                self.stderr.write(
                    f"Last year’s annual report, the arrangements, a review and a quarter stay drafts: {problem}"
                )


def wait_for_slow_machines():
    """Laying out the report may take longer than a transaction may usually stand still."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


def count_rows():
    """Tell PostgreSQL how much is in the tables now: it plans as if they were empty until somebody counts.

    So it is told more than once: what is loaded later asks many questions of what was loaded before.

    Only a table's owner may; whoever else loads the sample leaves it to PostgreSQL, which counts by itself in a while.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE pg_has_role(tableowner, 'USAGE') AND schemaname = 'public'"
        )
        owned = {table for (table,) in cursor.fetchall()}
        own = sorted(owned & set(connection.introspection.django_table_names(only_existing=True)))
        if not own:
            return
        cursor.execute("SET LOCAL statement_timeout = 0")  # it waits for whoever else is counting
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, own))}")


@transaction.atomic
def load_sample(*, on):
    """Every row, seen from the day ``on``; gives the Cast. What people did is theirs in the history."""
    with pghistory.context(source="sample"):
        cast = load_people(Calendar(on))
    with pghistory.context(source="sample", user=cast.holders["manager"].pk):
        load_organisations(cast)
        load_groups(cast)
        load_meetings(cast)
        load_papers(cast)
        load_money(cast)
        load_arrangements(cast)
        count_rows()
        plan = load_plans(cast)
        count_rows()
        load_timetable(cast, plan)
        load_records(cast)
        load_voices(cast, plan)
        load_registers(cast, plan)
        load_audits(cast, plan)
        load_schools(cast)
        load_indicators(cast, plan)
        load_learning(cast)
        load_quarterly(cast, plan)
        load_advice(cast, plan)
        count_rows()
        chase_last_silent(cast, plan)
        load_reminders(cast)
        load_reports(cast)
    return cast
