"""``./run bench``: print the figures we promise, a line each, in a database that is thrown away."""

from django.core.management.base import BaseCommand, CommandError

from assurance.benchmarks.downloads import downloads
from assurance.benchmarks.indicator_file import indicator_file
from assurance.benchmarks.nation import nation
from assurance.benchmarks.plan_page import plan_page
from assurance.benchmarks.reminder_sweep import reminder_sweep
from assurance.benchmarks.report_pdf import report_pdf
from assurance.benchmarks.school_survey import school_survey
from assurance.benchmarks.training_year import training_year
from assurance.benchmarks.update_keystrokes import update_keystrokes
from assurance.benchmarks.word_plan import word_plan

BENCHMARKS = [
    plan_page,
    report_pdf,
    downloads,
    word_plan,
    update_keystrokes,
    reminder_sweep,
    indicator_file,
    training_year,
    school_survey,
    nation,
]


class Command(BaseCommand):
    help = "Measure what the product promises: ratios and counts, never seconds alone."

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="*", help="only these, for example report_pdf")

    def handle(self, *args, names, **options):
        known = {benchmark.__name__: benchmark for benchmark in BENCHMARKS}
        unknown = set(names) - set(known)
        if unknown:
            raise CommandError(f"There is no {', '.join(unknown)}; there is {', '.join(known)}.")
        for name in names or known:
            self.stdout.write(known[name]())
            self.stdout.flush()
