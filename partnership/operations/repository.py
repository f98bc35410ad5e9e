"""The repository in which backups lie: encrypted, without doubles, kept by restic.

restic is asked through its command line. Where the repository is and its password stand in its environment, never
among its words, which everybody on the machine could read. What is not ours to pass on stays out of it.
"""

import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from partnership.operations.programs import BackupProblem, broken_off_with, ended_well, last_words, saying

PASSED_ON = ("PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", "RESTIC_CACHE_DIR", "LANG")
# Those of object storage and of other places that restic knows, as its manual names them.
ACCESS = ("AWS_", "AZURE_", "B2_", "OS_", "ST_", "GOOGLE_", "RESTIC_REST_")
NOT_A_REPOSITORY = "unable to open config file"


@dataclass(frozen=True)
class Snapshot:
    """One entry of the repository."""

    key: str
    at: datetime
    tags: frozenset


class Repository:
    """``host`` keeps installations that share one repository apart."""

    def __init__(self, address, password, *, host):
        self.address, self.password, self.host = address, password, host

    @classmethod
    def of_settings(cls):
        if not settings.BACKUP_REPOSITORY or not settings.BACKUP_PASSWORD:
            raise BackupProblem("Set BACKUP_REPOSITORY and BACKUP_PASSWORD: see .env.example.")
        if not shutil.which("restic"):
            raise BackupProblem("restic is not installed. Debian: apt-get install restic")
        host = urlsplit(settings.SITE_URL).hostname
        return cls(settings.BACKUP_REPOSITORY, settings.BACKUP_PASSWORD, host=host)

    # Asking restic

    @property
    def environment(self):
        mine = {name: value for name, value in os.environ.items() if name in PASSED_ON or name.startswith(ACCESS)}
        return {**mine, "RESTIC_REPOSITORY": self.address, "RESTIC_PASSWORD": self.password}

    def ask(self, *words, cwd=None):
        """What restic answers. Raises BackupProblem with its last words."""
        answer = subprocess.run(
            ["restic", *words], env=self.environment, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if answer.returncode:
            raise BackupProblem(f"restic {words[0]}: {last_words(answer.stderr or answer.stdout)}")
        return answer.stdout

    def prepare(self):
        """Make the repository if there is none, and take away locks that dead processes left."""
        try:
            self.ask("cat", "config")
        except BackupProblem as problem:
            if NOT_A_REPOSITORY not in str(problem):
                raise
            self.ask("init")
        self.ask("unlock")

    # Putting in

    @contextmanager
    def storing(self, name, *, tags):
        """A pipe: what is written to it becomes the file ``name``. If the body fails nothing does."""
        command = ["restic", "backup", "--quiet", "--stdin", "--stdin-filename", name, *self._marks(tags)]
        pipe = Pipe(command, self.environment)
        with broken_off_with(pipe.process):
            yield pipe
        pipe.close()

    def store(self, name, content, *, tags):
        """Put ``content`` (bytes) in as the file ``name``."""
        with self.storing(name, tags=tags) as pipe:
            pipe.write(content)

    def store_paths(self, folder, paths, *, tags):
        """Put ``paths`` in, which are relative to ``folder``."""
        self.ask("backup", "--quiet", *self._marks(tags), "--", *paths, cwd=folder)

    def _marks(self, tags):
        return ["--host", self.host, *(f"--tag={tag}" for tag in tags)]

    # Looking and taking out

    def snapshots(self, *tags):
        """Those that have all ``tags``, the oldest first."""
        wanted = ["--tag", ",".join(tags)] if tags else []
        found = json.loads(self.ask("snapshots", "--json", "--host", self.host, *wanted)) or []
        return [
            Snapshot(each["id"], datetime.fromisoformat(each["time"]), frozenset(each.get("tags") or ()))
            for each in found
        ]

    def reading(self, key, name):
        """A stream of the file ``name`` in the snapshot ``key``. Raises BackupProblem at its end if not all came."""
        return saying("restic dump", ["restic", "dump", key, f"/{name}"], self.environment)

    def read(self, key, name):
        with self.reading(key, name) as stream:
            return stream.read()

    def restore(self, key, folder):
        self.ask("restore", key, "--target", str(folder))

    # Keeping

    def forget_but(self, keep, *, tag):
        """Forget the snapshots with ``tag`` that ``keep`` ({"daily": 7}) does not hold; the keys that stay."""
        wishes = [word for name, count in keep.items() for word in (f"--keep-{name}", str(count))]
        said = self.ask("forget", "--json", "--host", self.host, "--tag", tag, "--group-by", "host", *wishes)
        return {each["id"] for group in json.loads(said or "[]") for each in group["keep"] or ()}

    def forget(self, keys):
        if keys:
            self.ask("forget", *keys)

    def prune(self):
        """Free the room of what no snapshot needs any more."""
        self.ask("prune")

    def check(self, *, part=""):
        """Raises BackupProblem where the repository is damaged. ``part`` ("1/7"): read that part of its data too."""
        self.ask("check", *([f"--read-data-subset={part}"] if part else []))


class Pipe:
    """A restic that reads what is written here."""

    def __init__(self, command, environment):
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    def write(self, content):
        try:
            self.process.stdin.write(content)
        except BrokenPipeError as broken:
            raise BackupProblem(f"restic backup: {self._last_words()}") from broken

    def close(self):
        ended_well("restic backup", self.process, self.process.communicate()[1])

    def _last_words(self):
        self.process.wait()
        return last_words(self.process.stderr.read().decode(errors="replace"))
