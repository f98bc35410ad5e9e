"""Files outside the database: what of them goes, what a backup takes of them, and how they are moved there or back.

A file is let go in two steps, so that a backup whose dump still names it finds it: one night it is marked (an empty
object beside it), and once it has been marked for a day, and still no row names it, it goes.

A backup reads folders. Of a bucket it first copies what is new into DATA_DIR/bucket; what is put back stands there too,
and ``put_back`` gives the bucket what it lacks.
"""

from datetime import timedelta
from pathlib import Path

import pgtrigger
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, transaction

from partnership.kept_bytes import DATABASE, FOLDER, MARK, NAMED, S3, Kept, fields, from_column
from partnership.operations.programs import BackupProblem
from partnership.row_security import all_rows

FOLDERS = {FOLDER: "files", S3: "bucket"}  # in DATA_DIR, and among BACKUP_FILES
GOING = ".going"
GOES_AFTER = timedelta(days=1)  # longer than any backup takes


def places():
    """Where files may be beside the database: also where they are put no more."""
    return [place for place in FOLDERS if place in settings.STORAGES]


def named():
    """{(place, key): Kept} of every row there is."""
    found = {}
    with all_rows(), connection.cursor() as cursor:
        for each in fields():
            cursor.execute(NAMED.format(column=each.column, table=each.model._meta.db_table), [MARK])
            for (value,) in cursor:
                kept = from_column(value)
                if isinstance(kept, Kept):
                    found[kept.place, kept.key] = kept
    return found


def there(storage):
    """(the keys in it, those of them that are marked)."""
    names = set(storage.listdir("")[1])
    marked = {name.removesuffix(GOING) for name in names if name.endswith(GOING)}
    return {name for name in names if not name.endswith(GOING)}, marked


def sweep(*, at):
    """(how many were marked, how many went) in all places."""
    counts = [sweep_place(place, at=at) for place in places()]
    return tuple(map(sum, zip(*counts, strict=True)))


def sweep_place(place, *, at):
    """What is there is asked before what is named, or new ones would go."""
    storage = storages[place]
    keys, marked = there(storage)
    if not keys | marked:
        return 0, 0
    wanted = {key for where, key in named() if where == place}
    for key in marked & wanted:  # a transaction that took long, or a database that was put back
        storage.delete(key + GOING)
    new = keys - wanted - marked
    for key in new:
        storage.save(key + GOING, ContentFile(b""))
    gone = [key for key in marked - wanted if storage.get_modified_time(key + GOING) <= at - GOES_AFTER]
    for key in gone:
        storage.delete(key)
        storage.delete(key + GOING)
    return len(new), len(gone)


# Backups of a bucket


def fetch():
    """Before a backup: the folder holds what the bucket holds. Raises BackupProblem."""
    if S3 not in places():
        return
    folder = settings.DATA_DIR / FOLDERS[S3]
    try:
        keys, _marked = there(storages[S3])
        folder.mkdir(parents=True, exist_ok=True)
        here = {path.name for path in folder.iterdir()}
        for key in keys - here:
            fetch_one(key, folder)
        for name in here - keys:
            (folder / name).unlink()
    except OSError as problem:
        raise BackupProblem(f"The bucket of files could not be copied: {problem}") from problem


def fetch_one(key, folder):
    half = folder / f".{key}"
    with storages[S3].open(key) as file:
        half.write_bytes(file.read())
    half.rename(folder / key)


def put_back():
    """After a restore: the bucket gets what it lacks of the folder, into which the backup was unpacked; how many."""
    folder = settings.DATA_DIR / FOLDERS[S3]
    if S3 not in places() or not folder.is_dir():
        return 0
    keys, _marked = there(storages[S3])
    lacking = {path.name for path in folder.iterdir() if not path.name.startswith(".")} - keys
    for name in lacking:
        storages[S3].save(name, ContentFile(Path(folder, name).read_bytes()))
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
    place = content.place if isinstance(content, Kept) else DATABASE
    if content is None or place == settings.FILES_IN:
        return 0
    before = bytes(content)
    rows.model._base_manager.filter(pk=key).update(**{field.name: before})
    after = rows.filter(pk=key).values_list(field.name, flat=True).get()
    if bytes(after) != before:
        raise BackupProblem(f"{field.model.__name__} {key} did not come back as it was. It stays where it is.")
    return 1
