"""Put this version's static files where the proxy reads them: ``./run copystatic FOLDER``."""

import os
import shutil
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.template import loader

from partnership.published_files import put

NOBODY = "nobody.html"


class Command(BaseCommand):
    help = (
        "Add the collected static files to FOLDER. Those of earlier versions stay, for pages that are still open; "
        "a file is replaced whole or not at all."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder, **options):
        collected = Path(settings.STATIC_ROOT)
        for path in sorted(collected.rglob("*")):
            there = folder / path.relative_to(collected)
            if path.is_dir():
                there.mkdir(parents=True, exist_ok=True)
            elif not is_same(path, there):
                place(path, there)
        put(folder / NOBODY, loader.get_template(NOBODY).render().encode())


def is_same(path, there):
    """As far as size and time tell; whatever is copied keeps its time, which is in no name without a fingerprint."""
    if not there.exists():
        return False
    ours, theirs = path.stat(), there.stat()
    return (ours.st_size, int(ours.st_mtime)) == (theirs.st_size, int(theirs.st_mtime))


def place(path, there):
    half = there.with_name(f".{there.name}.half")
    shutil.copy2(path, half)
    os.replace(half, there)
