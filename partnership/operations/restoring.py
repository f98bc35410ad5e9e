"""Putting a backup back: into an empty database and a folder, and comparing what came with what was to come.

After a real restore, before anybody is let in: ``manage.py after_restore`` (``quarantine``).
"""

import hashlib
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from partnership.kept_bytes import MARK, NAMED, Kept, from_column
from partnership.operations import checksums, postgres
from partnership.operations.backups import DATABASE, DUMP, FILES, LIST, WHOLE, Backup, tag_of
from partnership.operations.outside_files import FOLDERS
from partnership.operations.programs import CHUNK, BackupProblem
from partnership.row_security import EVERYTHING, READER

# What an ordinary role must say to be shown what is restricted; the product's own policies then hide nothing.
ALL_ROWS = f"SET LOCAL {READER} = '{EVERYTHING}'"
PUBLISHED = """
    SELECT count(*), count(*) FILTER (WHERE encode(sha256({content}), 'hex') <> sha256)
    FROM {table} WHERE {content} IS NOT NULL AND sha256 <> '' AND substring({content} FOR 16) <> %s"""
HOLD_FILES = """
    SELECT attrelid::regclass::text, quote_ident(attname) FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid AND relkind = 'r' AND relnamespace = 'public'::regnamespace
    WHERE atttypid = 'bytea'::regtype AND NOT attisdropped ORDER BY 1, 2"""
HOLD_BYTES = """
    SELECT attrelid::regclass::text, quote_ident(attname) FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid AND relkind = 'r' AND relnamespace = 'public'::regnamespace
    WHERE atttypid = 'bytea'::regtype AND NOT attisdropped AND attname IN ('content', 'pdf') AND EXISTS (
        SELECT FROM pg_attribute AS beside
        WHERE beside.attrelid = pg_class.oid AND beside.attname = 'sha256' AND NOT beside.attisdropped
    ) ORDER BY 1"""


def newest(repository, *, run=""):
    """The Backup of that ``run``, or the newest that is whole. Raises BackupProblem where there is none."""
    found = repository.snapshots(WHOLE, tag_of(run)) if run else repository.snapshots(WHOLE)
    if not found:
        raise BackupProblem("There is no such backup." if run else "There is no whole backup yet.")
    with repository.reading(max(found, key=lambda each: each.at).key, LIST) as stream:
        return Backup.of_json(stream.read())


def part(repository, backup, name):
    """The key of the snapshot in which that part of ``backup`` is."""
    found = repository.snapshots(name, tag_of(backup.run))
    if len(found) != 1:
        raise BackupProblem(f"The {name} of backup {backup.run} is in the repository {len(found)} times.")
    return found[0].key


# Into the database


def restore_database(repository, backup, url):
    """Into the empty database at ``url``, as its owner. Raises BackupProblem where anything is refused or missing."""
    refuse_unless_empty(url)
    with repository.reading(part(repository, backup, DATABASE), DUMP) as stream:
        dump = Digesting(stream)
        words = ["--no-owner", "--no-privileges", "--exit-on-error", "--dbname", postgres.name_of(url)]
        postgres.run("pg_restore", words, url, stdin=dump)
        while dump.read(CHUNK):
            pass  # what follows the last table
    if dump.found != backup.dump:
        raise BackupProblem("The dump that came back is not the one that was stored.")


def refuse_unless_empty(url):
    with closing(postgres.connect(url)) as link, link.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        count = cursor.fetchone()[0]
    if count:
        raise BackupProblem(f"That database holds {count} tables already. Give an empty one.")


class Digesting:
    """A stream that knows what went through it."""

    def __init__(self, stream):
        self.stream, self.digest, self.size = stream, hashlib.sha256(), 0

    def read(self, size):
        chunk = self.stream.read(size)
        self.digest.update(chunk)
        self.size += len(chunk)
        return chunk

    @property
    def found(self):
        return [self.size, self.digest.hexdigest()]


# Into the folder


def restore_files(repository, backup, folder):
    """Into ``folder``. What stands there already stays as it is: it is newer. How many files were put there.

    What is only ever added to, as the log of erasures, comes from the newest backup, whichever ``backup`` is: what
    was sent and who was erased since then must not be forgotten.
    """
    if not backup.files:
        return 0
    count = 0
    latest = newest(repository)
    for source, wanted in ((backup, is_kept_as_it_was), (latest, is_added_to)):
        if not source.files:
            continue
        with tempfile.TemporaryDirectory(dir=existing(folder)) as beside:
            repository.restore(part(repository, source, FILES), beside)
            for path in source.files:
                target = folder / path
                if wanted(path) and not target.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.move(Path(beside, path), target)
                    count += 1
    return count


def existing(folder):
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def is_added_to(path):
    return path.startswith(settings.BACKUP_FILES_ADDED_TO)


def is_kept_as_it_was(path):
    return not is_added_to(path)


# Comparing


@dataclass
class Found:
    """What a comparison looked at, and what was wrong, in sentences."""

    counts: dict
    problems: list


def compare(backup, url, folder):
    """Whether the database at ``url`` and ``folder`` hold what ``backup`` says, to the last row and byte."""
    with closing(postgres.connect(url)) as link, link.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute(ALL_ROWS)
        database = checksums.of_database(cursor)
        behind = checksums.sequences_behind(cursor)
        published, wrong = published_bytes(cursor)
        outside = list(files_outside(cursor))
        missing = missing_outside(backup, outside)
        is_same_server = link.server_version // 10000 == backup.server
    # The next major version may write what it has read with other words; then only how many there are is compared.
    words = 2 if is_same_server else 1
    schemas = [
        {kind: each[:words] for kind, each in kinds.items()}
        for kinds in (backup.database["schema"], database["schema"])
    ]
    problems = [
        *checksums.differences(backup.database["tables"], database["tables"], "Table"),
        *checksums.differences(*schemas, "What the database has of"),
        *(f"The next number of {column} is taken already." for column in behind),
        *(f"{count} published files in {table} are not what their digest says." for table, count in wrong.items()),
        *([f"{missing} files that rows name are not in the backup as these rows say."] if missing else []),
        *compare_files(backup, folder),
    ]
    counts = {
        "tables": len(database["tables"]),
        "rows": sum(rows for rows, _digest in database["tables"].values()),
        "files": len(backup.files),
        "published": published + len(outside),
    }
    return Found(counts, problems)


def published_bytes(cursor):
    """(how many stored files were compared with their digest, {table: how many differ})."""
    cursor.execute(HOLD_BYTES)
    total, wrong = 0, {}
    for table, column in cursor.fetchall():
        cursor.execute(PUBLISHED.format(table=table, content=column), [MARK])
        count, differ = cursor.fetchone()
        total += count
        if differ:
            wrong[table] = differ
    return total, wrong


def files_outside(cursor):
    """What the database names of files that are kept outside it."""
    cursor.execute(HOLD_FILES)
    for table, column in cursor.fetchall():
        cursor.execute(NAMED.format(table=table, column=column), [MARK])
        yield from (kept for (value,) in cursor if isinstance(kept := from_column(value), Kept))


def missing_outside(backup, kept):
    """How many of ``kept`` are not among the files of ``backup``, or differ from what their row says."""
    return sum(backup.files.get(f"{FOLDERS[each.place]}/{each.key}") != [each.size, each.sha256] for each in kept)


def compare_files(backup, folder):
    for path, digest in sorted(backup.files.items()):
        file = folder / path
        if not file.is_file():
            yield f"File {path} is missing."
        elif checksums.of_file(file, first=digest[0] if is_added_to(path) else None) != digest:
            yield f"File {path} differs from what was stored."
