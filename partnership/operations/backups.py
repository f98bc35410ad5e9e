"""Making a backup: a dump of the database, the files, and a list of checksums that says what must come back.

Each part is a snapshot of its own in the repository, tied together by the tag of its run. The list goes in last: a
run without one was cut off, counts for nothing, and is cleared away by a later run. The dump and the checksums of its
tables read one and the same moment of the database. Files are read after that moment: a row never names a file that
is not yet written, so every file that the dump names is there.

What is kept for how long is reckoned by the lists; the other parts stay and go with theirs.
"""

import hashlib
import json
import logging
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from partnership.models import BackupRun
from partnership.operations import checksums, outside_files, postgres
from partnership.operations.programs import CHUNK, BackupProblem
from partnership.operations.repository import Repository

logger = logging.getLogger(__name__)

FORMAT = 1
RUN = "run-"
DUMP, LIST = "planner.dump", "backup.json"
WHOLE, DATABASE, FILES = "whole", "database", "files"
ONE_AT_A_TIME = 7_205_759_403  # the advisory lock
HALVES_GO_AFTER = timedelta(days=1)
RUNS_ARE_KEPT = timedelta(days=730)
PARTS_TO_READ = 7  # one a day, so that each week all of it was read back


@dataclass
class Backup:
    """What ``backup.json`` says. ``files``: {path: [bytes, SHA-256]}."""

    run: str
    taken_at: str
    server: int
    migrations: list
    dump: list
    database: dict
    files: dict = field(default_factory=dict)
    format: int = FORMAT

    def as_json(self):
        return json.dumps(vars(self), indent=1).encode()

    @classmethod
    def of_json(cls, content):
        """Raises BackupProblem for one of a later version of the product, or of none."""
        try:
            said = json.loads(content)
            version = said["format"]
        except (ValueError, TypeError, KeyError) as problem:
            raise BackupProblem("The backup’s list cannot be read.") from problem
        if version != FORMAT:
            raise BackupProblem(f"The backup has format {version}; this version of the product reads {FORMAT}.")
        return cls(**said)

    @property
    def moment(self):
        return datetime.fromisoformat(self.taken_at)

    @property
    def row_count(self):
        return sum(rows for rows, _digest in self.database["tables"].values())

    @property
    def size(self):
        return self.dump[0] + sum(size for size, _digest in self.files.values())


def make_backup(*, at, repository=None):
    """Make one, let go of what need not be kept, and look whether what is kept is sound; its BackupRun.

    Raises BackupProblem, which the run then says too.
    """
    with running(BackupRun.Kind.BACKUP, at=at) as run:
        repository = repository or Repository.of_settings()
        repository.prepare()
        watch = Stopwatch()
        backup = store(repository, run.pk, watch)
        run.snapshot, run.taken_at, run.size = str(run.pk), backup.moment, backup.size
        run.figures = {"tables": len(backup.database["tables"]), "rows": backup.row_count, "files": len(backup.files)}
        with watch.timing("keeping"):
            tidy(repository, at=at)
        with watch.timing("checking"):
            is_checked = check(repository, at=at)
        run.figures |= {"is_checked": is_checked, "seconds": watch.seconds}
        BackupRun.objects.filter(began_at__lt=at - RUNS_ARE_KEPT).delete()
    return run


@contextmanager
def running(kind, *, at):
    """A BackupRun that stands from the beginning, and says at the end how it went."""
    run = BackupRun.objects.create(kind=kind, began_at=at)
    began = time.monotonic()
    try:
        yield run
    except BaseException as trouble:
        run.state = BackupRun.State.FAILED
        known = isinstance(trouble, BackupProblem)
        run.problem = str(trouble) if known else f"It was broken off ({type(trouble).__name__}). The log says more."
        raise
    else:
        run.state = BackupRun.State.DONE
    finally:
        run.ended_at = run.began_at + timedelta(seconds=time.monotonic() - began)
        run.save()


class Stopwatch:
    """Seconds by name, in tenths."""

    def __init__(self):
        self.seconds = {}

    @contextmanager
    def timing(self, name):
        began = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - began, 1)


# Storing


def store(repository, key, watch):
    """Put the three parts in; the Backup."""
    tag = tag_of(key)
    with closing(postgres.connect(settings.BACKUP_DATABASE_URL)) as link, link.cursor() as cursor:
        begin(cursor)
        cursor.execute("SELECT pg_export_snapshot(), now(), current_setting('server_version_num')::int / 10000")
        snapshot, taken_at, server = cursor.fetchone()
        with watch.timing("dump"):
            dumped = store_dump(repository, snapshot, tags=[tag, DATABASE])
        with watch.timing("checksums"):
            database = checksums.of_database(cursor)
        cursor.execute("SELECT app || '.' || name FROM public.django_migrations ORDER BY 1")
        migrations = [name for (name,) in cursor.fetchall()]
    with watch.timing("files"):
        files = store_files(repository, tags=[tag, FILES])
    backup = Backup(str(key), taken_at.isoformat(), server, migrations, dumped, database, files)
    repository.store(LIST, backup.as_json(), tags=[tag, WHOLE])
    return backup


def begin(cursor):
    """One moment of the database, for as long as its transaction lasts; nobody else makes a backup meanwhile."""
    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    cursor.execute("SET LOCAL row_security = off")  # a role that may not see all fails instead of leaving out
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    if not cursor.fetchone()[0]:
        raise BackupProblem("Another backup is being made at this moment.")


def store_dump(repository, snapshot, *, tags):
    """[bytes, SHA-256] of the dump. Uncompressed: the repository compresses, and finds what it has already."""
    words = ["--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    digest, size = hashlib.sha256(), 0
    with (
        repository.storing(DUMP, tags=tags) as pipe,
        postgres.reading("pg_dump", words, settings.BACKUP_DATABASE_URL) as dump,
    ):
        while chunk := dump.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            pipe.write(chunk)
    return [size, digest.hexdigest()]


def store_files(repository, *, tags):
    """{path: [bytes, SHA-256]} of what was put in. What is only ever added to may be longer in the repository."""
    folder = settings.DATA_DIR
    outside_files.fetch()
    paths = [path for path in settings.BACKUP_FILES if (folder / path).exists()]
    found = checksums.of_folder(folder, paths)
    if found:
        repository.store_paths(folder, paths, tags=tags)
    # What went while we were reading is no loss: it was to go.
    return {path: digest for path, digest in found.items() if (folder / path).exists()}


def tag_of(key):
    return f"{RUN}{key}"


# Keeping


def tidy(repository, *, at):
    """Forget what need not be kept by ``settings.BACKUP_KEEP``, and halves of runs that were cut off."""
    before = repository.snapshots()
    kept = repository.forget_but(settings.BACKUP_KEEP, tag=WHOLE)
    lists = [each for each in before if WHOLE in each.tags]
    stay = {run_of(each) for each in lists if each.key in kept}
    go = {run_of(each) for each in lists} - stay
    go |= {run_of(each) for each in before if run_of(each) not in stay and each.at < at - HALVES_GO_AFTER}
    gone = [each.key for each in before if WHOLE not in each.tags and run_of(each) in go]
    repository.forget(gone)
    if gone:
        repository.prune()


def run_of(snapshot):
    """The tag of its run."""
    return next((tag for tag in snapshot.tags if tag.startswith(RUN)), "")


def check(repository, *, at):
    """Once a day, with a part of all that is in it, so that each week everything is read back; whether it was today."""
    earlier = BackupRun.objects.backups().done().filter(began_at__date=timezone.localdate(at))
    if earlier.filter(figures__is_checked=True).exists():
        return False
    repository.check(part=f"{at.isoweekday()}/{PARTS_TO_READ}")
    return True
