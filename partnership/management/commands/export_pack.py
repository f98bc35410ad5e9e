"""The exit pack of a partnership as a file, where no page is at hand: what its page would give that person."""

import os

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partnership.exit_pack.making import may_have_cases, write_pack
from partnership.models import Partnership, User
from partnership.standing import standing_of


class Command(BaseCommand):
    help = "Write everything of one partnership to a file, as its business office or an administrator may have it."

    def add_arguments(self, parser):
        parser.add_argument("partnership", help="The short word of the partnership in addresses")
        parser.add_argument("file", help="Where to write it; nothing is written over")
        parser.add_argument("--by", required=True, help="The e-mail address of who asks for it")
        parser.add_argument("--with-cases", action="store_true", help="With the cases, if they sit in that group")

    def handle(self, partnership, file, by, with_cases=False, **options):
        asked = Partnership.objects.filter(slug=partnership).first()
        if asked is None:
            known = ", ".join(Partnership.objects.values_list("slug", flat=True))
            raise CommandError(f"There is no partnership “{partnership}”. There are: {known}.")
        user = User.objects.filter(email__iexact=by, is_active=True).first()
        standing = standing_of(user)
        if user is None or not (standing.is_administrator or asked.pk in standing.office_ids):
            raise CommandError(
                "Only its business office and administrators may have the pack: give the address of one."
            )
        if with_cases and not may_have_cases(user, asked):
            raise CommandError(f"{user} does not sit in the case review group, so may not have the cases.")
        try:
            opened = open(file, "xb")  # noqa: SIM115 -- closed below
        except OSError as problem:
            raise CommandError(f"{file} cannot be written: {problem.strerror}. Give another name.") from problem
        try:
            with opened:
                manifest = write_pack(opened, asked, with_cases=with_cases, by=user, at=timezone.now())
        except BaseException:
            os.unlink(file)  # half a pack is none
            raise
        rows = sum(said["rows"] for said in manifest["tables"].values())
        self.stdout.write(f"Rows: {rows}. Files: {len(manifest['files'])}. Not in it:")
        self.stdout.write("\n".join(f"- {each}" for each in manifest["left_out"]))
