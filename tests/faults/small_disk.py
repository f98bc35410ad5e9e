"""A disk of so many megabytes under a folder, which a test can fill to the last byte and make room on again.

It is a tmpfs in a mount namespace of this process and what it starts: nobody else sees it, and it is gone with us,
however we go. What is written to it is as safe as memory is, so that it tells of room and of nothing else.
"""

import ctypes
import os
import shutil
import subprocess

import pytest

NEW_NAMESPACE_OF_MOUNTS = 0x20000
MEGABYTE = 1024**2


class SmallDisk:
    def __init__(self, folder, megabytes):
        self.folder = folder
        self.filler = folder / "filler"
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "planner-small-disk", folder], check=True
        )

    @property
    def free(self):
        return shutil.disk_usage(self.folder).free

    def fill(self, *, leave=0):
        """Until ``leave`` bytes are free, also where others write meanwhile."""
        with open(self.filler, "ab") as filler:
            while (missing := self.free - leave) > 0:
                try:
                    os.posix_fallocate(filler.fileno(), filler.tell(), missing)
                except OSError:
                    break
                filler.seek(0, os.SEEK_END)

    def make_room(self):
        self.filler.unlink()


@pytest.fixture(scope="session")
def mounts():
    """Whether we may mount; then in a namespace of our own."""
    if os.geteuid() != 0 or ctypes.CDLL(None).unshare(NEW_NAMESPACE_OF_MOUNTS):
        pytest.skip("needs root, who may mount a small disk")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
