"""Show what is understood of a plan in a document of any kind that we read, as JSON."""

import json

from django.core.management.base import BaseCommand, CommandError

from plans.importer import UnreadablePlan, read_plan_safely


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file")

    def handle(self, *args, file, **options):
        try:
            understood = read_plan_safely(file)
        except UnreadablePlan as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(json.dumps(understood, indent=1, ensure_ascii=False))
