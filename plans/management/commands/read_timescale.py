"""Show how the words of a Timescale column are read, one JSON line for each phrase."""

import csv
import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from plans.timescale import read_timescale


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("phrase", nargs="?", help='the words, such as "by Mid/End May"')
        parser.add_argument("--start", type=date.fromisoformat, help="first day of the plan")
        parser.add_argument("--end", type=date.fromisoformat, help="last day of the plan")
        parser.add_argument("--file", help="tab separated, with columns phrase, plan_start and plan_end")

    def handle(self, *args, phrase, start, end, file, **options):
        if file:
            for row in self.rows(file):
                self.show(*row)
        elif phrase is not None and start and end:
            self.show(phrase, start, end)
        else:
            raise CommandError("Give a phrase with --start and --end, or a --file")

    def rows(self, path):
        try:
            with open(path, encoding="utf-8", newline="") as lines:
                for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                    start = date.fromisoformat(row["plan_start"])
                    yield row["phrase"], start, date.fromisoformat(row["plan_end"])
        except (OSError, KeyError, ValueError) as error:
            raise CommandError(f"{path} can't be read: {error}") from error

    def show(self, phrase, start, end):
        reading = read_timescale(phrase, starts_on=start, ends_on=end)
        dates = [{"due": m.due_on.isoformat() if m.due_on else None, "label": m.label} for m in reading.milestones]
        self.stdout.write(json.dumps({"kind": reading.kind, "dates": dates}, ensure_ascii=False))
