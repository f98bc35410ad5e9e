"""A folder for the files that ``kept_bytes`` puts outside the database: web servers and workers share it.

An object is there whole or not at all, and what was put there survives a power cut.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from django.core.files.storage import FileSystemStorage


class FolderStorage(FileSystemStorage):
    """See the module."""

    def _save(self, name, content):
        folder = Path(self.location)
        folder.mkdir(parents=True, exist_ok=True)
        half, path = tempfile.mkstemp(dir=folder, prefix=".")
        try:
            with open(half, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(half)
            os.replace(path, folder / name)
        except OSError:
            with suppress(OSError):
                os.unlink(path)
            raise
        flush_folder(folder)
        return name

    def listdir(self, path):
        try:
            folders, files = super().listdir(path)
        except FileNotFoundError:  # nothing was ever put there
            return [], []
        return folders, [name for name in files if not name.startswith(".")]


def flush_folder(folder):
    """So that the name of a file in it is on the disc too."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
