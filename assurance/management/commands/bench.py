"""``./run bench``: print the figures we promise, in a database that is thrown away, and compare them with before."""

import inspect
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assurance.benchmarks.beside_admin import beside_admin
from assurance.benchmarks.downloads import downloads
from assurance.benchmarks.indicator_file import indicator_file
from assurance.benchmarks.keeping import KeptRuns, judged, this_commit
from assurance.benchmarks.lighthouse import lighthouse
from assurance.benchmarks.nation import nation
from assurance.benchmarks.plan_page import plan_page
from assurance.benchmarks.public_page import public_page
from assurance.benchmarks.reminder_sweep import reminder_sweep
from assurance.benchmarks.report_pdf import report_pdf
from assurance.benchmarks.school_survey import school_survey
from assurance.benchmarks.search import search
from assurance.benchmarks.start_up import start_up
from assurance.benchmarks.training_year import training_year
from assurance.benchmarks.update_keystrokes import update_keystrokes
from assurance.benchmarks.word_plan import word_plan

BENCHMARKS = [
    plan_page,
    public_page,
    report_pdf,
    downloads,
    word_plan,
    update_keystrokes,
    reminder_sweep,
    indicator_file,
    training_year,
    school_survey,
    search,
    start_up,
    beside_admin,
    nation,
    lighthouse,
]
KEPT_IN = "bench.jsonl"


class Command(BaseCommand):
    help = (
        "Measure what the product promises: ratios and counts, never seconds alone. Each run is kept; where a figure "
        "is worse than its bar, or than what is usual here by more than a fifth, the last lines say so and it fails."
    )

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="*", help="only these, for example report_pdf")
        parser.add_argument("--kept-in", type=Path, default=settings.DATA_DIR / KEPT_IN, help="the file of all runs")

    def handle(self, *args, names, kept_in, **options):
        known = {benchmark.__name__: benchmark for benchmark in BENCHMARKS}
        unknown = set(names) - set(known)
        if unknown:
            raise CommandError(f"There is no {', '.join(unknown)}; there is {', '.join(known)}.")
        kept, commit = KeptRuns(kept_in), this_commit(settings.BASE_DIR)
        faults = []
        for name in names or known:
            figures = known[name]()
            earlier = kept.values(name)
            kept.add(name, figures, at=timezone.now(), commit=commit)
            faults += self.told(known[name], figures, earlier)
        if faults:
            raise CommandError("\n".join([f"{len(faults)} worse than it should be:", *faults]))

    def told(self, benchmark, figures, earlier):
        """Print a benchmark's figures; a sentence for each that is worse than it should be."""
        summary, *_more = inspect.getmodule(benchmark).__doc__.splitlines()
        self.stdout.write(f"{benchmark.__name__}: {summary}")
        faults = []
        for figure in figures:
            line, fault = judged(figure, earlier.get(figure.name, []))
            self.stdout.write(line)
            if fault:
                faults.append(f"  {benchmark.__name__}, {fault}")
        self.stdout.flush()
        return faults
