"""What is over its time: counted, and with ``--really`` done."""

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partnership.data_protection import keeping
from partnership.data_protection.map import kinds
from partnership.data_protection.schedule import Schedule
from partnership.row_security import all_rows


class Command(BaseCommand):
    help = "Count what is over its time, for each partnership and kind of record. Nothing goes without --really."

    def add_arguments(self, parser):
        parser.add_argument("--really", action="store_true", help="Do what each kind says. It can’t be undone")
        parser.add_argument("--kind", help="One kind only, by its code")

    def handle(self, really=False, kind=None, **options):
        if kind and kind not in kinds():
            raise CommandError(f"There is no kind “{kind}”. There are: {', '.join(kinds())}.")
        now = timezone.now()
        with pghistory.context(task="apply_retention"), all_rows():
            self.go_through(kind, really=really, now=now)

    def go_through(self, only, *, really, now):
        today, schedule = timezone.localdate(now), Schedule()
        for line in schedule.lines(schedule.partnerships, with_installation=True):
            if line.months is None or (only and line.kind.code != only):
                continue
            name = f"{line.partnership.short_name if line.partnership else 'Installation'}: {line.kind.name}"
            if line.kind.behind:
                self.stdout.write(f"{name}: how many are over only their own group is told")
                continue
            count = keeping.count_over(schedule, line, on=today)
            if line.hold:
                self.stdout.write(f"{name}: {count} over, held")
            elif really and count:
                key = line.partnership.pk if line.partnership else None
                run = keeping.apply_kind(key, line.kind.code, on=today, by=None, at=now)
                self.stdout.write(f"{name}: {run.count if run else 0} done")
            elif count:
                self.stdout.write(f"{name}: {count} over")
