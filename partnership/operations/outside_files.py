"""Files outside the database: what of them goes, what a backup takes of them, and how they are moved there or back.

A file is let go in two steps, so that a backup whose dump still names it finds it: one night it is marked (an empty
object beside it), and once it has been marked for a day, and still no row names it, it goes.

A backup reads folders. Of a bucket it first copies what is new into DATA_DIR/files, which is where files lie that are
kept in a folder; what is put back stands there too, and ``put_back`` gives the bucket what it lacks.
"""

from datetime import timedelta
from pathlib import Path

import pgtrigger
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from partnership.kept_bytes import DATABASE, MARK, NAMED, S3, Kept, fields, from_column
from partnership.operations.programs import BackupProblem
from partnership.row_security import all_rows

FOLDER = "files"  # in DATA_DIR: one of BACKUP_FILES
GOING = ".going"
GOES_AFTER = timedelta(days=1)  # longer than any backup takes


def named():
    """{key: Kept} of every row there is."""
    found = {}
    with all_rows(), connection.cursor() as cursor:
        for each in fields():
            cursor.execute(NAMED.format(column=each.column, table=each.model._meta.db_table), [MARK])
            for (value,) in cursor:
                kept = from_column(value)
                if isinstance(kept, Kept):
                    found[kept.key] = kept
    return found


def there():
    """(the keys in the storage, those of them that are marked)."""
    names = set(default_storage.listdir("")[1])
    marked = {name.removesuffix(GOING) for name in names if name.endswith(GOING)}
    return {name for name in names if not name.endswith(GOING)}, marked


def sweep(*, at):
    """(how many were marked, how many went). What is there is asked before what is named, or new ones would go."""
    if settings.FILES_IN == DATABASE:
        return 0, 0
    keys, marked = there()
    wanted = named().keys()
    for key in marked & wanted:  # a transaction that took long, or a database that was put back
        default_storage.delete(key + GOING)
    new = keys - wanted - marked
    for key in new:
        default_storage.save(key + GOING, ContentFile(b""))
    gone = [key for key in marked - wanted if default_storage.get_modified_time(key + GOING) <= at - GOES_AFTER]
    for key in gone:
        default_storage.delete(key)
        default_storage.delete(key + GOING)
    return len(new), len(gone)


# Backups of a bucket


def fetch():
    """Before a backup: the folder holds what the bucket holds. Raises BackupProblem."""
    if settings.FILES_IN != S3:
        return
    folder = settings.DATA_DIR / FOLDER
    try:
        keys, _marked = there()
        folder.mkdir(parents=True, exist_ok=True)
        here = {path.name for path in folder.iterdir()}
        for key in keys - here:
            fetch_one(key, folder)
    except OSError as problem:
        raise BackupProblem(f"The bucket of files could not be copied: {problem}") from problem
    for name in here - keys:
        (folder / name).unlink()


def fetch_one(key, folder):
    half = folder / f".{key}"
    with default_storage.open(key) as file:
        half.write_bytes(file.read())
    half.rename(folder / key)


def put_back():
    """After a restore: the bucket gets what it lacks of the folder, into which the backup was unpacked; how many."""
    folder = settings.DATA_DIR / FOLDER
    if settings.FILES_IN != S3 or not folder.is_dir():
        return 0
    keys, _marked = there()
    lacking = {path.name for path in folder.iterdir() if not path.name.startswith(".")} - keys
    for name in lacking:
        default_storage.save(name, ContentFile(Path(folder, name).read_bytes()))
    return len(lacking)


# Moving


def move(*, say=lambda done: None):
    """Put the bytes of every row where FILES_IN says; how many rows were moved.

    A row at a time and each in a transaction of its own, so that people work meanwhile, and whoever broke it off
    begins again. What was published is moved like the rest: its digest is compared before and after.
    """
    count = 0
    for each in fields():
        manager = each.model._base_manager
        with all_rows():
            keys = list(manager.exclude(**{each.name: None}).order_by("pk").values_list("pk", flat=True))
        for key in keys:
            with all_rows(), pgtrigger.ignore(), transaction.atomic():
                count += move_one(manager.select_for_update(), each, key)
            say(count)
    return count


def move_one(rows, field, key):
    content = rows.filter(pk=key).values_list(field.name, flat=True).first()
    is_there = isinstance(content, Kept) == (settings.FILES_IN != DATABASE)
    if content is None or is_there:
        return 0
    before = bytes(content)
    rows.model._base_manager.filter(pk=key).update(**{field.name: before})
    after = rows.filter(pk=key).values_list(field.name, flat=True).get()
    if bytes(after) != before:
        raise BackupProblem(f"{field.model.__name__} {key} did not come back as it was. It stays where it is.")
    return 1
