"""The first administrator, and any other: no page can make one."""

import pghistory
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from partnership.accounts.invitations import hand_over
from partnership.models import User


class Command(BaseCommand):
    help = "Make somebody an administrator of this installation, and print the link by which they come in."

    def add_arguments(self, parser):
        parser.add_argument("email", help="Their work address")
        parser.add_argument("name", nargs="?", default="", help="As colleagues write it; not needed if they are known")

    def handle(self, email, name="", **options):
        with pghistory.context(task="make_administrator"), transaction.atomic():
            person = self.person(email, name)
            if person.last_login:
                self.stdout.write(f"{person} is an administrator from now on, and signs in as before.")
                return
            address = hand_over(person, at=timezone.now())
        self.stdout.write(f"{person} is an administrator from now on, and comes in by this link,")
        self.stdout.write("which works once; give it to nobody else:")
        self.stdout.write(address)

    def person(self, email, name):
        """The person with that address, or a new one; an administrator now. Raises CommandError."""
        person = User.objects.filter(email__iexact=email).first() or User(email=email, name=name)
        if not person.is_active:
            raise CommandError(f"The account of {person} is switched off. Switch it on first.")
        person.is_administrator = True
        if person.pk is None:
            person.set_unusable_password()
        try:
            person.full_clean()
        except ValidationError as problem:
            said = {field: " ".join(words) for field, words in problem.message_dict.items()}
            raise CommandError("; ".join(f"{field}: {words}" for field, words in said.items())) from problem
        person.save()
        return person
