"""Files in the database, in a folder and in a bucket: the same bytes, pages and refusals, whatever they lie in."""

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as ours
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from assurance.models import ReportBuild
from partnership.builds import run_claimed
from partnership.kept_bytes import ITSELF, MARK, FilesAway, FileSpoilt, Kept, fields, storage_answers, to_column
from partnership.models import Document, Paper, PublishedFile
from partnership.operations import outside_files, restoring
from partnership.operations.backups import Backup, store_files
from partnership.operations.checksums import of_folder
from partnership.operations.programs import BackupProblem
from partnership.publishing import changed_files, publish_file
from partnership.row_security import NOBODY, all_rows, tell
from tests import paper_samples as samples
from tests.factories_report import ReportBuildFactory
from tests.object_server import object_server

pytestmark = pytest.mark.django_db

CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 40
AT = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
A_DAY = timedelta(days=1, minutes=1)


class InFolder:
    """What a test does behind the storage's back."""

    def __init__(self, settings, tmp_path):
        self.folder = tmp_path / "data" / "files"
        settings.DATA_DIR = tmp_path / "data"
        self.settings = settings
        self.use(self.folder)

    def use(self, folder):
        backend = {"BACKEND": "partnership.folder_storage.FolderStorage", "OPTIONS": {"location": folder}}
        self.settings.STORAGES = self.settings.STORAGES | {"folder": backend}

    def objects(self):
        return {path.name: path.read_bytes() for path in self.folder.iterdir()} if self.folder.exists() else {}

    def put(self, key, content):
        (self.folder / key).write_bytes(content)

    def remove(self, key):
        (self.folder / key).unlink()

    def go_away(self):
        in_the_way = self.folder.parent / "in-the-way"
        in_the_way.parent.mkdir(exist_ok=True)
        in_the_way.write_text("")
        self.use(in_the_way / "files")


class InBucket:
    def __init__(self, settings, tmp_path, server):
        settings.DATA_DIR = tmp_path / "data"
        self.settings, self.server = settings, server
        self.objects, self.put, self.remove = server.objects, server.put, server.remove
        self.use(server.options)

    def use(self, options):
        backend = {"BACKEND": "partnership.bucket_storage.BucketStorage", "OPTIONS": options}
        self.settings.STORAGES = self.settings.STORAGES | {"s3": backend}

    def go_away(self):
        self.use(self.server.options | {"endpoint_url": "http://127.0.0.1:9"})


@pytest.fixture(scope="module")
def server():
    with object_server() as server:
        yield server


@pytest.fixture
def bucket(settings, tmp_path, server):
    server.empty()
    settings.FILES_IN = "s3"
    return InBucket(settings, tmp_path, server)


@pytest.fixture(params=["folder", "s3"])
def outside(request, settings, tmp_path):
    settings.FILES_IN = request.param
    if request.param == "folder":
        return InFolder(settings, tmp_path)
    return request.getfixturevalue("bucket")


@pytest.fixture
def publish(partnership, office):
    def publish(content=CONTENT):
        return publish_file(
            partnerships=[partnership],
            kind=PublishedFile.Kind.PLAN,
            title="Plan",
            filename="plan.pdf",
            content=content,
            by=office,
            at=AT,
        )

    return publish


@pytest.fixture
def keep(office):
    return lambda content=CONTENT: Document.keep(filename="minutes.pdf", content=content, by=office)


def column_of(row):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT content FROM {row._meta.db_table} WHERE id = %s", [row.pk])  # noqa: S608
        return bytes(cursor.fetchone()[0])


def key_of(row):
    return type(row).objects.get(pk=row.pk).content.key


# Putting and fetching


def test_by_itself_a_file_stands_in_its_row(keep):
    assert (column_of(keep()), [type(each).__name__ for each in outside_files.named()]) == (CONTENT, [])


def test_what_was_put_comes_back_and_the_row_only_says_where(outside, keep):
    document = keep()
    found = Document.objects.get(pk=document.pk)
    assert (bytes(found.content), len(found.content), found.sha256) == (CONTENT, len(CONTENT), document.sha256)
    assert len(column_of(document)) < 200
    assert outside.objects() == {found.content.key: CONTENT}


def test_a_row_that_is_saved_again_keeps_its_file_where_it_is(outside, keep):
    found = Document.objects.get(pk=keep().pk)
    found.filename = "other.pdf"
    found.save()
    again = Document.objects.get(pk=found.pk)
    assert (again.content, bytes(again.content), list(outside.objects())) == (
        found.content,
        CONTENT,
        [found.content.key],
    )


def test_nobody_learns_from_a_download_where_its_bytes_lie(outside, settings, publish, client):
    settings.FILES_IN = "database"
    inside = publish()
    settings.FILES_IN = "s3" if isinstance(outside, InBucket) else "folder"
    elsewhere = publish(CONTENT)
    answers = []
    for published in (inside, elsewhere):
        response = client.get(published.get_absolute_url())
        response.headers.pop("X-Request-ID")
        answers.append((response.status_code, response.content, dict(response.headers)))
    assert answers[0] == answers[1]
    assert (answers[1][0], answers[1][1]) == (200, CONTENT)
    assert changed_files() == []


@pytest.mark.parametrize("files_in", ["database", "folder"])
def test_an_upload_that_looks_like_another_file_s_place_is_only_itself(settings, tmp_path, keep, files_in):
    settings.FILES_IN = "folder"
    InFolder(settings, tmp_path)
    secret = Document.objects.get(pk=keep(b"of a case").pk).content
    settings.FILES_IN = files_in
    for forged in (secret.column, ITSELF + secret.column, MARK, ITSELF):
        found = Document.objects.get(pk=keep(forged).pk)
        assert bytes(found.content) == forged


def test_control_without_the_doubled_mark_it_would_be_the_other_s(settings, tmp_path, keep):
    settings.FILES_IN = "folder"
    InFolder(settings, tmp_path)
    secret = Document.objects.get(pk=keep(b"of a case").pk).content
    document = keep()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE partnership_document SET content = %s WHERE id = %s", [secret.column, document.pk])
    assert bytes(Document.objects.get(pk=document.pk).content) == b"of a case"


# What goes wrong


@pytest.mark.parametrize("harm", ["changed", "removed"])
def test_bytes_that_are_not_what_was_published_are_never_sent(outside, publish, client, harm):
    published = publish()
    key = key_of(published)
    outside.put(key, CONTENT + b"!") if harm == "changed" else outside.remove(key)
    client.raise_request_exception = False
    response = client.get(published.get_absolute_url())
    assert (response.status_code, CONTENT in response.content) == (500, False)
    with pytest.raises(FileSpoilt):
        bytes(PublishedFile.objects.get(pk=published.pk).content)


@pytest.fixture
def send_paper(client_of, lead, agenda_item):
    """``send_paper()``: the answer to whoever brings a paper for ``agenda_item``."""
    client = client_of(lead)
    client.raise_request_exception = False

    def send_paper():
        file = SimpleUploadedFile("budget.docx", samples.word())
        return client.post(reverse("partnership:paper-add", args=[agenda_item.pk]), {"title": "Budget", "file": file})

    send_paper.client = client
    return send_paper


def test_where_the_storage_is_away_an_upload_says_that_nothing_was_saved(outside, send_paper):
    outside.go_away()
    before = Document.objects.count()
    response = send_paper()
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "it was not saved" in response.content.decode()
    assert (Document.objects.count(), Paper.objects.count()) == (before, 0)


def test_control_where_it_is_there_the_same_upload_is_saved(outside, send_paper):
    assert send_paper().status_code == 302
    assert list(outside.objects()) == [Paper.objects.get().document.content.key]


def test_where_the_storage_is_away_only_the_download_fails(outside, send_paper, agenda_item, client_of, stranger):
    send_paper()
    paper = Paper.objects.get()
    download = reverse("partnership:paper-download", args=[paper.pk])
    outside.go_away()
    pages = [agenda_item.get_absolute_url(), reverse("partnership:paper-add", args=[agenda_item.pk]), download]
    assert [send_paper.client.get(page).status_code for page in pages] == [200, 200, 503]
    assert client_of(stranger).get(download).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_document_made_while_the_storage_is_away_is_taken_up_again(outside):
    report_build = ReportBuildFactory(state=ReportBuild.State.QUEUED, pdf=None, finished_at=None)
    outside.go_away()
    model = ReportBuild

    def make(claim):
        claim.end(state=model.State.DONE, pdf=CONTENT)

    assert run_claimed(model, report_build.pk, make) is False
    report_build.refresh_from_db()
    assert report_build.state == model.State.RUNNING
    later = report_build.lease_until + timedelta(seconds=1)
    assert list(model.objects.waiting(at=later)) == [report_build]


def test_a_file_whose_row_was_never_committed_is_in_nobody_s_way(outside, keep):
    with pytest.raises(RuntimeError), transaction.atomic():
        keep()
        raise RuntimeError
    assert (Document.objects.filter(filename="minutes.pdf").count(), len(outside.objects())) == (0, 1)


# Letting go


def test_what_no_row_names_goes_a_day_after_it_was_noticed_and_all_else_stays(outside, settings, keep, publish):
    stays, goes = keep(b"stays"), keep(b"goes")
    published = publish()
    kept = {key_of(stays): b"stays", key_of(published): CONTENT}
    key = key_of(goes)
    goes.delete()
    tell(NOBODY)
    assert outside_files.sweep(at=timezone.now()) == (1, 0)
    marked_at = storages[settings.FILES_IN].get_modified_time(f"{key}.going")  # by the storage's clock
    assert outside.objects() == kept | {key: b"goes", f"{key}.going": b""}
    assert outside_files.sweep(at=marked_at + timedelta(hours=2)) == (0, 0)
    assert outside_files.sweep(at=marked_at + A_DAY) == (0, 1)
    assert outside.objects() == kept
    assert outside_files.sweep(at=marked_at + 2 * A_DAY) == (0, 0)


def test_what_a_row_names_again_is_let_go_by_no_sweep(outside, keep):
    document = keep()
    kept = Document.objects.get(pk=document.pk).content
    Document.objects.filter(pk=document.pk).update(content=b"")
    now = timezone.now()
    outside_files.sweep(at=now)
    Document.objects.filter(pk=document.pk).update(content=kept)
    outside_files.sweep(at=now + A_DAY)
    assert bytes(Document.objects.get(pk=document.pk).content) == CONTENT
    assert f"{kept.key}.going" not in outside.objects()


# Moving


def test_files_are_moved_there_and_back_and_nothing_of_them_changes(outside, settings, keep, publish):
    where, settings.FILES_IN = settings.FILES_IN, "database"
    document, published = keep(), publish()
    settings.FILES_IN = where
    call_command("move_files")
    assert sorted(outside.objects().values()) == [CONTENT] * 2
    assert all(isinstance(type(row).objects.get(pk=row.pk).content, Kept) for row in (document, published))
    assert (outside_files.move(), changed_files()) == (0, [])
    settings.FILES_IN = "database"
    assert outside_files.move() == 2
    assert (column_of(document), column_of(published)) == (CONTENT, CONTENT)


def test_files_are_read_where_they_are_until_they_are_moved(bucket, settings, tmp_path, keep):
    document = keep()
    folder = InFolder(settings, tmp_path)
    for where in ("folder", "database", "s3"):
        settings.FILES_IN = where
        assert bytes(Document.objects.get(pk=document.pk).content) == CONTENT
        assert (outside_files.move(), outside_files.move()) == (1, 0)
    assert bytes(Document.objects.get(pk=document.pk).content) == CONTENT
    now = timezone.now() + timedelta(days=3650)  # the bucket's clock is another than the folder's
    outside_files.sweep(at=now)
    outside_files.sweep(at=now)
    assert (list(bucket.objects().values()), folder.objects()) == ([CONTENT], {})


def test_a_place_that_is_set_no_more_is_told_as_away(bucket, settings, keep):
    document = keep()
    settings.STORAGES = {name: each for name, each in settings.STORAGES.items() if name != "s3"}
    with pytest.raises(FilesAway, match="FILES_IN"):
        bytes(Document.objects.get(pk=document.pk).content)


def test_moving_writes_no_history(outside, settings, keep):
    where, settings.FILES_IN = settings.FILES_IN, "database"
    document = keep()
    events = type(document).events if hasattr(type(document), "events") else None
    before = document.events.count() if events else 0
    settings.FILES_IN = where
    outside_files.move()
    assert (document.events.count() if events else 0) == before


def test_a_move_whose_storage_is_away_says_so_and_leaves_the_file_where_it_is(outside, settings, keep):
    where, settings.FILES_IN = settings.FILES_IN, "database"
    document = keep()
    settings.FILES_IN = where
    outside.go_away()
    with pytest.raises(CommandError, match="run this again"):
        call_command("move_files")
    assert column_of(document) == CONTENT


# Backups


def backup(files, tables=None):
    return Backup("1", AT.isoformat(), 17, [], [3, "abc"], {"tables": {}, "schema": {}}, files)


def test_a_backup_of_a_bucket_has_every_file_that_a_row_names(bucket, settings, keep):
    keep()
    gone = settings.DATA_DIR / "bucket" / "gone-since"
    gone.parent.mkdir(parents=True)
    gone.write_bytes(b"x")
    outside_files.fetch()
    found = of_folder(settings.DATA_DIR, ["bucket"])
    with connection.cursor() as cursor, all_rows():
        named = list(restoring.files_outside(cursor))
    assert [each.sha256 for each in named] == [hashlib.sha256(CONTENT).hexdigest()]
    assert restoring.missing_outside(backup(found), named) == 0
    assert [path.removeprefix("bucket/") for path in found] == [each.key for each in named]


@pytest.mark.parametrize("files", [{}, {"files/other": [10249, "0" * 64]}])
def test_control_a_backup_that_lacks_a_file_is_noticed(outside, keep, files):
    keep()
    with connection.cursor() as cursor, all_rows():
        named = list(restoring.files_outside(cursor))
    assert restoring.missing_outside(backup(files), named) == 1


def test_a_backup_whose_bucket_is_away_fails_and_says_so(bucket, keep):
    keep()
    bucket.go_away()
    with pytest.raises(BackupProblem, match="bucket of files"):
        store_files(None, tags=[])


def test_after_a_restore_the_bucket_gets_what_it_lacks(bucket, keep):
    document = keep()
    outside_files.fetch()
    bucket.remove(key_of(document))
    assert (outside_files.put_back(), outside_files.put_back()) == (1, 0)
    assert bytes(Document.objects.get(pk=document.pk).content) == CONTENT


# All of it


def test_every_column_of_a_file_is_one_that_can_be_kept_outside():
    """A new model that writes ``models.BinaryField`` keeps its bytes in the database for ever: only seals do."""
    names = {f"{each.model.__name__}.{each.name}" for each in fields()}
    assert {"Document.content", "PublishedFile.content", "ExitPackPart.content", "SubjectCopy.archive"} <= names
    assert to_column(None) is None


def test_the_check_of_a_deployment_tries_the_storage(outside):
    assert (storage_answers(databases=["default"]), outside.objects()) == ([], {})
    outside.go_away()
    (found,) = storage_answers(databases=["default"])
    assert (found.id, "Files cannot be kept" in found.msg) == ("partnership.E003", True)
    assert storage_answers() == []


SETTINGS = {
    "FILES_IN": "s3",
    "FILES_S3_BUCKET": "files",
    "FILES_S3_REGION": "eu-west-2",
    "FILES_S3_ACCESS_KEY": "key",
    "FILES_S3_SECRET_KEY": "secret",
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"FILES_S3_BUCKET": ""}, "Set FILES_S3_BUCKET"),
        ({"FILES_S3_SECRET_KEY": ""}, "Set FILES_S3_SECRET_KEY"),
        ({"FILES_S3_REGION": ""}, "Set FILES_S3_REGION"),
        ({"FILES_S3_ENDPOINT": "ftp://files.example.org"}, "must start with https://"),
        ({"FILES_IN": "cloud"}, "FILES_IN"),
        ({}, ""),
    ],
)
def test_a_bucket_is_refused_loudly_where_something_is_missing(change, words):
    environment = {**os.environ, "MODE": "test", **SETTINGS, **change}
    asked = [sys.executable, "-W", "ignore", "-c", "import partnership.settings"]
    done = subprocess.run(asked, cwd=ours.BASE_DIR, env=environment, capture_output=True, text=True)
    assert words in done.stderr
    assert bool(done.returncode) is bool(words)


def test_the_client_of_s3_is_not_even_loaded_where_it_is_not_used():
    asked = "import django, sys; django.setup(); print('boto3' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", asked], cwd=ours.BASE_DIR, capture_output=True, text=True
    )
    assert done.stdout == "False\n"
