from django.core.management.base import BaseCommand, CommandError

from partnership.whats_new import releases


class Command(BaseCommand):
    help = "Print what is new in one release, for the message of its signed tag (SECURITY.md)."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("version", help="such as 1.2.0")

    def handle(self, *, version, **options):
        by_version = {release.version: release for release in releases()}
        if version not in by_version:
            raise CommandError(f"partnership/whats_new.txt has no {version}; it has {', '.join(by_version)}.")
        self.stdout.write(by_version[version].notes, ending="")
