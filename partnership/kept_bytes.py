"""Where the bytes of files are kept: in PostgreSQL beside their rows, or outside it, with the row saying where.

By itself (FILES_IN=database) a file is a column like any other. With FILES_IN=folder or s3 its bytes are an object of
the storage of that name and the column holds a few words: a mark, its digest, its size, its place and its key. Models,
forms and pages don't know which: a ``BytesField`` gives bytes, or a ``Kept`` that fetches them when they are asked for.
FILES_IN says where new ones go; what is elsewhere is read there, until ``manage.py move_files`` has moved it.

- The object is written before the row, and each has a key of its own that nobody chose: what a row names is there,
  it never changes, and where the transaction fails it is in nobody's way until ``sweep`` takes it.
- What comes back is compared with the digest in the row: bytes that differ are a fault, never an answer.
- Whoever may not read the row can't learn the key, and no address of the storage is ever given to a browser:
  permissions, headers and the record of who looked are those of the pages, whatever the bytes lie in.
- Where the storage is away nothing is saved and the answer is 503 (``FilesAway``), as for the database.

Bytes that happen to begin with the mark are kept with it doubled, so that no upload can name another's file.
"""

import hashlib
import uuid
from dataclasses import dataclass
from functools import cached_property

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.files.base import ContentFile
from django.core.files.storage import InvalidStorageError, storages
from django.db import models

MARK = b"\x00kept outside\x00\xf7\x1d"
ITSELF = MARK + b"*"  # what follows is the file, which begins like a mark
DATABASE, FOLDER, S3 = "database", "folder", "s3"


class FilesAway(Exception):
    """The storage of files does not answer, or has no room. Nothing was saved."""


class FileSpoilt(Exception):
    """The storage has no such object, or other bytes than were put there."""


@dataclass(frozen=True)
class Kept:
    """A file outside the database, as its row names it. ``bytes()`` of it fetches it."""

    place: str
    key: str
    sha256: str
    size: int

    def __bytes__(self):
        return self.content

    def __len__(self):
        return self.size

    @cached_property
    def content(self):
        try:
            with storage_of(self.place).open(self.key) as file:
                content = file.read()
        except FileNotFoundError as problem:
            raise FileSpoilt(f"The storage of files has no {self.key}.") from problem
        except OSError as problem:
            raise FilesAway(str(problem)) from problem
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise FileSpoilt(f"{self.key} is not what was put there.")
        return content

    @property
    def column(self):
        return MARK + f"{self.sha256} {self.size} {self.place} {self.key}".encode()

    @classmethod
    def of_column(cls, value):
        sha256, size, place, key = value[len(MARK) :].decode().split(" ")
        return cls(place, key, sha256, int(size))


def storage_of(place):
    """Raises FilesAway where the settings have none of that name any more."""
    try:
        return storages[place]
    except InvalidStorageError as problem:
        raise FilesAway(
            f"Files are kept in {place}, and no such place is set: see FILES_IN in .env.example."
        ) from problem


def put(content):
    """Put ``content`` where FILES_IN says, and what its row then says. Raises FilesAway."""
    place, key = settings.FILES_IN, str(uuid.uuid4())
    try:
        storage_of(place).save(key, ContentFile(content))
    except OSError as problem:
        raise FilesAway(str(problem)) from problem
    return Kept(place, key, hashlib.sha256(content).hexdigest(), len(content))


def to_column(value):
    """What stands in the column for ``value``: None, bytes or a Kept. For what writes past the models."""
    if value is None:
        return None
    if isinstance(value, Kept):
        return value.column
    content = bytes(value)
    if settings.FILES_IN != DATABASE:
        return put(content).column
    return ITSELF + content if content.startswith(MARK) else content


def from_column(value):
    """None, bytes or a Kept: what a column of such a field says. For what reads past the models."""
    if value is None:
        return None
    content = bytes(value)
    if not content.startswith(MARK):
        return content
    return content[len(ITSELF) :] if content.startswith(ITSELF) else Kept.of_column(content)


class BytesField(models.BinaryField):
    """The bytes of a file. In the database, and in migrations, an ordinary column of bytes."""

    def from_db_value(self, value, expression, connection):
        return from_column(value)

    def get_db_prep_save(self, value, connection):
        if hasattr(value, "as_sql"):  # of a bulk_update, whose values come here one by one
            return value
        return super().get_db_prep_save(to_column(value), connection)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs


@register(Tags.files, deploy=True)
def storage_answers(app_configs=None, databases=None, **kwargs):
    """Put an object there, read it, list it and let it go. Asked by ``check --deploy --database default``."""
    if settings.FILES_IN == DATABASE or not databases:
        return []
    storage, key = storage_of(settings.FILES_IN), f"try-{uuid.uuid4()}"
    try:
        storage.save(key, ContentFile(MARK))
        with storage.open(key) as file:
            is_well = file.read() == MARK and key in storage.listdir("")[1]
        storage.delete(key)
    except OSError as problem:
        is_well, said = False, str(problem)
    else:
        said = "What was put there did not come back."
    if is_well:
        return []
    return [
        Error(
            f"Files cannot be kept where FILES_IN={settings.FILES_IN} says: {said}",
            hint="The key must be allowed to put, get, list and delete objects. See FILES_IN in .env.example.",
            id="partnership.E003",
        )
    ]


def fields():
    """Every column in which files are."""
    return [
        each
        for model in apps.get_models()
        for each in model._meta.concrete_fields
        if isinstance(each, BytesField) and each.model is model
    ]


# A row names its file in less than 200 bytes; of a file that stands in the row itself no more is read.
NAMED = "SELECT substring({column} FOR 200) FROM {table} WHERE substring({column} FOR 16) = %s"
