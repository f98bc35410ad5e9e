"""Publishing: bytes with a hash that never change. A correction is a new edition.

The database refuses to change or delete a published row (trigger ``published_is_forever``); this is
the one place that makes them.
"""

import hashlib

from django.db import transaction

from partnership.models import PublishedFile


class CannotPublish(Exception):
    """The words say why, and can be shown to a person."""


@transaction.atomic
def publish_file(
    *,
    partnerships,
    kind,
    title,
    filename,
    content,
    by,
    at,
    page_count=None,
    content_type="application/pdf",
    manifest=None,
    supersedes=None,
):
    """Publish ``content`` (bytes) as it is; ``manifest`` is what it was made from, kept beside it.

    With ``supersedes`` it is the next edition of that file, which stays where it was.
    """
    if not content:
        raise CannotPublish("There is nothing in the file.")
    if supersedes and PublishedFile.objects.filter(supersedes=supersedes).exists():
        raise CannotPublish(f"There is a later edition of {supersedes} already.")
    published = PublishedFile.objects.create(
        kind=kind,
        title=title,
        edition=supersedes.edition + 1 if supersedes else 1,
        filename=filename,
        content_type=content_type,
        content=content,
        sha256=sha256_of(content),
        size=len(content),
        page_count=page_count,
        manifest=manifest or {},
        published_at=at,
        published_by=by,
        supersedes=supersedes,
    )
    published.partnerships.set(partnerships)
    return published


def sha256_of(content):
    return hashlib.sha256(content).hexdigest()


def changed_files():
    """Published files whose bytes are no longer those that were published. There must be none."""
    return [
        published
        for published in PublishedFile.objects.order_by("pk").iterator(chunk_size=20)
        if sha256_of(bytes(published.content)) != published.sha256
    ]
