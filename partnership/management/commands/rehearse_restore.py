"""What a drill does inside the database that was put back: all that comes after a restore, and what beat would wake.

Asked by ``partnership.operations.drills`` alone; it says what it found in its last line, as JSON.
"""

import json

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partnership.celery import app
from partnership.data_protection.erasing import is_back, model_of, read_log, subjects
from partnership.models import Invitation, OutboxMail
from partnership.row_security import all_rows

NOT_REHEARSED = {
    "tell-of-emergencies",  # goes twice rather than never
    "gather-report-evidence",  # long, and sends nothing
    "apply-retention",  # deletes, and sends nothing
    "look-at-neighbours",  # asks what stands outside, which a drill never touches
}


class Command(BaseCommand):
    help = "Part of ./run verify-restore. Never to be used by itself."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--without-quarantine", action="store_true", help="To show that the drill notices")

    def handle(self, without_quarantine, **options):
        if not getattr(settings, "IS_DRILL", False):
            raise CommandError("This belongs to ./run verify-restore, and would change the database that is in use.")
        call_command("migrate", interactive=False, verbosity=0)
        mails_before = OutboxMail.objects.count()
        if not without_quarantine:
            call_command("after_restore", journal_lost=True, verbosity=0, stdout=self.stderr)
        tasks, problems = self.run_tasks()
        with all_rows():
            found = {
                "tasks": tasks,
                "mails": OutboxMail.objects.count() - mails_before,
                "sessions": Session.objects.count() + UserSession.objects.count(),
                "invitations": Invitation.objects.open(at=timezone.now()).count(),
                "erasures": len(read_log()),
                "back": sum(self.who_is_back()),
                "problems": problems,
            }
        self.stdout.write(json.dumps(found))

    def run_tasks(self):
        """Everything that beat wakes, once; (how many, what failed)."""
        app.loader.import_default_modules()
        count, problems = 0, []
        for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
            if name in NOT_REHEARSED:
                continue
            count += 1
            try:
                app.tasks[entry["task"]].apply(entry.get("args"), throw=True)
            except Exception as trouble:  # the drill says which, and goes on to the others
                problems.append(f"The task {name} fails: {type(trouble).__name__}.")
        return count, problems

    def who_is_back(self):
        """Of each line of the log of erasures, whether that person stands there again."""
        for line in read_log():
            subject = subjects().get(line.get("kind", "")) if isinstance(line, dict) else None
            if subject is not None:
                record = model_of(subject)._base_manager.filter(pk=line["key"]).first()
                yield record is not None and is_back(subject, record, line)
