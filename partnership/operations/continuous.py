"""Every change as it happens, so that the database can be put back to any moment, as to the one before a mistake.

A base (``pg_basebackup``) each day, and from then on PostgreSQL's log of changes, which ``pg_receivewal`` writes down
as it comes. Every few minutes what came goes into the repository: that is the most that can be lost with the server.
All of it is asked over PostgreSQL's own connection, as ``planner_backup``, so nothing stands beside the server.
"""

import logging
import subprocess
import tarfile
import uuid
from contextlib import closing
from datetime import UTC, timedelta

from django.conf import settings

from partnership.operations import postgres
from partnership.operations.backups import run_of, tag_of
from partnership.operations.programs import CHUNK, BackupProblem, ended_well

logger = logging.getLogger(__name__)

BASE, BASE_DONE, LOG = "base", "base-done", "log"
BASE_FILE, DONE_FILE = "base.tar", "base.done"
SLOT = "planner_backup"
EARLIER = "earlier"  # a folder within: what came before a gap
BASE_EVERY = timedelta(days=1)
BASES_KEPT = 8  # a week back, to the minute
LOGS_KEPT = 3  # each holds all from the oldest base on
MARGIN = timedelta(hours=6)
SECONDS_TO_STOP = 10


# Taking


class Receiver:
    """``pg_receivewal`` at work. Its slot makes PostgreSQL keep what has not come over yet."""

    def __init__(self, folder, url):
        self.folder, self.url, self.process = folder, url, None
        self.needs_base = False  # what was received before can't be joined to what comes now

    def keep_going(self):
        """Begin, or begin again where it ended: after a restart of PostgreSQL it goes on where it was.

        Raises BackupProblem where it could not, or had ended since it was last asked: nothing may have come meanwhile.
        """
        if self.process and self.process.poll() is None:
            return
        has_ended = self.process is not None
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        words = [postgres.program("pg_receivewal", server=postgres.server_version(self.url)), "--slot", SLOT]
        surroundings = postgres.environment(self.url)
        if is_slot_lost(self.url):
            logger.warning("PostgreSQL kept too little of its log for what was not received: it begins anew")
            self.ask([*words, "--drop-slot"], surroundings)
            self.put_aside()
            self.needs_base = True
        self.ask([*words, "--create-slot", "--if-not-exists"], surroundings)
        self.process = subprocess.Popen(
            [*words, "--directory", str(self.folder), "--no-loop", "--synchronous"],
            env=surroundings,
            stdin=subprocess.DEVNULL,
        )
        if has_ended:
            raise BackupProblem("The log of changes was not being received; it is asked for again.")

    def put_aside(self):
        """What was received so far leads back to earlier moments still; pg_receivewal would try to go on after it."""
        (self.folder / EARLIER).mkdir(exist_ok=True)
        for path in [path for path in self.folder.iterdir() if path.is_file()]:
            path.replace(self.folder / EARLIER / path.name)

    @staticmethod
    def ask(words, surroundings):
        done = subprocess.run(words, env=surroundings, stdin=subprocess.DEVNULL, capture_output=True)
        ended_well("pg_receivewal", done, done.stderr)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def is_slot_lost(url):
    """Whether PostgreSQL threw away what its slot was to keep, as it does once that is too much for its disc."""
    with closing(postgres.connect(url)) as link, link.cursor() as cursor:
        cursor.execute("SELECT wal_status = 'lost' FROM pg_replication_slots WHERE slot_name = %s", [SLOT])
        found = cursor.fetchone()
    return bool(found and found[0])


def store_base(repository):
    """The whole server as it is, while it works on. Marked as done at its end: only from there on it can be used."""
    tag = tag_of(uuid.uuid4())
    words = ["--pgdata=-", "--format=tar", "--wal-method=fetch", "--checkpoint=fast", "--no-password"]
    with (
        repository.storing(BASE_FILE, tags=[tag, BASE]) as pipe,
        postgres.reading("pg_basebackup", words, settings.BACKUP_DATABASE_URL) as stream,
    ):
        while chunk := stream.read(CHUNK):
            pipe.write(chunk)
    repository.store(DONE_FILE, b"done", tags=[tag, BASE_DONE])


def store_log(repository, folder, *, at):
    """Put what was received into the repository; drop here what lies before the oldest base that is kept."""
    if not any(folder.iterdir()):
        return
    repository.store_paths(folder, ["."], tags=[LOG])
    bases = repository.snapshots(BASE_DONE)
    if bases:
        oldest = min(bases, key=lambda each: each.at).at - MARGIN
        for path in [path for path in folder.rglob("*") if path.is_file()]:
            if path.stat().st_mtime < oldest.timestamp() and not path.name.endswith(".partial"):
                path.unlink(missing_ok=True)


def forget_old(repository):
    kept = repository.forget_but({"last": BASES_KEPT}, tag=BASE_DONE)
    repository.forget_but({"last": LOGS_KEPT}, tag=LOG)
    stay = {run_of(each) for each in repository.snapshots(BASE_DONE) if each.key in kept}
    # All but the newest: that may be one which is being made.
    parts = sorted(repository.snapshots(BASE), key=lambda each: each.at)[:-1]
    repository.forget([each.key for each in parts if run_of(each) not in stay])


def is_base_due(repository, *, at):
    return not any(each.at > at - BASE_EVERY for each in repository.snapshots(BASE_DONE))


# Putting back


def restore_to(repository, moment, folder):
    """A data folder for PostgreSQL in ``folder``, which on its first start goes to ``moment`` and no further.

    ``folder`` must be empty. What it needs of the log is put beside it. Raises BackupProblem where no base is as old.
    """
    done = [each for each in repository.snapshots(BASE_DONE) if each.at <= moment]
    logs = repository.snapshots(LOG)
    if not done or not logs:
        raise BackupProblem("There is no base from before that moment. Take a later one, or a whole backup.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BackupProblem(f"{folder} is not empty.")
    run = run_of(max(done, key=lambda each: each.at))
    [base] = repository.snapshots(run, BASE)
    with repository.reading(base.key, BASE_FILE) as stream:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            archive.extractall(folder, filter="data")
        while stream.read(CHUNK):
            pass
    log = folder.parent / f"{folder.name}-log"
    repository.restore(max(logs, key=lambda each: each.at).key, log)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
    with (folder / "postgresql.auto.conf").open("a") as conf:
        conf.write(RECOVERY.format(log=log, earlier=log / EARLIER, moment=moment.astimezone(UTC).isoformat(sep=" ")))
    (folder / "recovery.signal").touch()


# What was being received when all stopped is a segment too, filled up with nothing.
RECOVERY = """
restore_command = 'for f in "{log}/%f" "{earlier}/%f" "{log}/%f.partial" "{earlier}/%f.partial"; do \
[ ! -f "$f" ] || exec cp "$f" "%p"; done; exit 1'
recovery_target_time = '{moment}'
recovery_target_action = 'promote'
"""
