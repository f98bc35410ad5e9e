"""Read a tracker that came back into a round: says what it would do, and with --yes does it.

Only rows that are meant without a doubt are taken; answers that are there already stay.
"""

from pathlib import Path

import pghistory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from partnership.models import User
from partnership.uploads import UnreadableFile
from plans.models import UpdateRound
from plans.rounds import RoundClosed
from plans.tracker_forms import forms_of
from plans.tracker_importing import CannotTake, confirm_updates, stage_updates


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--round", type=int, required=True, help="the round’s number, as in its address")
        parser.add_argument("--by", required=True, help="the e-mail address of whoever in the office does it")
        parser.add_argument("--yes", action="store_true", help="put the answers in, instead of only saying so")

    @transaction.atomic
    def handle(self, *args, file, round, by, yes, **options):
        round = UpdateRound.objects.select_related("plan").filter(pk=round).first()
        if round is None:
            raise CommandError("There is no round of that number.")
        user = User.objects.filter(email__iexact=by, is_active=True).first()
        if user is None or not user.standing.office_ids & round.partnership_ids:
            raise CommandError(f"{by} is in no office of this plan.")
        try:
            upload = SimpleUploadedFile(file.name, file.read_bytes())
            with pghistory.context(user=user.pk):
                staged = stage_updates(upload, round=round, by=user)
        except (OSError, UnreadableFile) as problem:
            raise CommandError(str(problem)) from problem
        answers = self.say_rows(staged)
        if not yes:
            transaction.set_rollback(True)
            self.stdout.write(f"{len(answers)} answers would be put into {round}. Say --yes to do it.")
            return
        try:
            with pghistory.context(user=user.pk):
                result = confirm_updates(staged, answers, by=user, at=timezone.now())
        except (CannotTake, RoundClosed) as problem:
            raise CommandError(f"Nothing was put in. {problem}") from problem
        self.stdout.write(f"{len(result.taken)} answers put in, {len(result.kept)} left as they were.")

    def say_rows(self, staged):
        """The answers of the rows that are sure, each said in a line."""
        data, today = {}, timezone.localdate()
        for form in forms_of(staged, on=today):
            data |= {form.add_prefix(name): value for name, value in form.initial.items() if value is not None}
        answers = []
        for form in forms_of(staged, data, on=today):
            if not form.is_valid():
                raise CommandError(f"{form.row['at']}: {form.errors.as_text()}")
            answer = form.answer() if form.row["sure"] else None
            rating = answer.rating.word if answer and answer.rating else "no rating"
            what = f"{answer.deliverable}: {rating}" if answer else "left out"
            self.stdout.write(" ".join([f"{form.row['at']}: {what}.", *form.row["doubts"]]))
            answers += [answer] if answer else []
        return answers
