"""A published file costs the database one question in its life; what comes from the folder is what the view said."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.urls import reverse

from partnership.models import PublishedFile
from partnership.published_files import PublishedFiles
from partnership.publishing import publish_file

pytestmark = pytest.mark.django_db

CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 40


@pytest.fixture
def folder(settings, tmp_path):
    settings.PUBLISHED_DIR = tmp_path / "published"
    return settings.PUBLISHED_DIR


@pytest.fixture
def published(partnership, office):
    return publish_file(
        partnerships=[partnership],
        kind=PublishedFile.Kind.PLAN,
        title="Plan",
        filename="plan.pdf",
        content=CONTENT,
        by=office,
        at=datetime(2027, 1, 12, 9, 0, tzinfo=UTC),
    )


def body_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_the_second_download_asks_the_database_nothing(
    folder, published, client, django_assert_num_queries, django_assert_max_num_queries
):
    address = published.get_absolute_url()
    with django_assert_max_num_queries(4):
        first = client.get(address)
    assert {path.name for path in folder.iterdir()} == {str(published.pk), f"{published.pk}.json"}
    with django_assert_num_queries(0):
        again = client.get(address)
    assert (again.status_code, body_of(first), body_of(again)) == (200, CONTENT, CONTENT)
    said, says = dict(first.items()), dict(again.items())
    assert says.pop("Last-Modified")
    assert says.pop("X-Request-ID") != said.pop("X-Request-ID")
    assert says == said


def test_whoever_has_it_already_is_told_so_and_a_part_may_be_asked_for(folder, published, client):
    address = published.get_absolute_url()
    etag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": etag}).status_code == 304
    part = client.get(address, headers={"range": "bytes=0-3"})
    assert (part.status_code, body_of(part)) == (206, b"%PDF")


def test_a_folder_that_was_emptied_fills_again(folder, published, client):
    address = published.get_absolute_url()
    client.get(address)
    for path in folder.iterdir():
        path.unlink()
    assert body_of(client.get(address)) == CONTENT
    assert len(list(folder.iterdir())) == 2


def test_where_nothing_can_be_written_the_database_gives_the_file(settings, tmp_path, published, client):
    (tmp_path / "full").write_text("a file where a folder should be")
    settings.PUBLISHED_DIR = tmp_path / "full"
    for _ in range(2):
        assert body_of(client.get(published.get_absolute_url())) == CONTENT


@pytest.mark.parametrize(
    "answer",
    [
        {"content": CONTENT[:-1], "headers": {"ETag": f'"{hashlib.sha256(CONTENT).hexdigest()}"'}},
        {"content": CONTENT},
        {"content": CONTENT, "status": 404, "headers": {"ETag": f'"{hashlib.sha256(CONTENT).hexdigest()}"'}},
    ],
)
def test_what_is_not_what_was_published_is_never_kept(folder, rf, answer):
    request = rf.get("/files/00000000-0000-0000-0000-000000000000/")
    assert PublishedFiles(lambda _: HttpResponse(**answer))(request).content == answer["content"]
    assert not folder.exists() or list(folder.iterdir()) == []


@pytest.mark.parametrize("asked", ["../../etc/passwd", "00000000-0000-0000-0000-000000000000", "plan.pdf"])
def test_nothing_else_in_the_folder_or_beside_it_is_given(folder, asked, client):
    folder.mkdir()
    (folder / "plan.pdf").write_bytes(b"not published")
    assert client.get(f"/files/{asked}/").status_code == 404
    assert json.dumps(sorted(path.name for path in folder.iterdir())) == '["plan.pdf"]'
    assert client.get(reverse("partnership:home")).status_code == 200


def test_a_proxy_that_sees_the_folder_is_told_which_file_and_says_the_same_of_it(folder, published, client, settings):
    address = published.get_absolute_url()
    client.get(address)
    ours = client.get(address)
    settings.PUBLISHED_BY_PROXY = True
    told = client.get(address)
    assert (told.status_code, told.content) == (200, b"")
    said, says = dict(ours.items()), dict(told.items())
    assert says.pop("X-Accel-Redirect") == f"/published-files/{published.pk}"
    for name in ("Content-Length", "Last-Modified", "X-Request-ID"):
        said.pop(name)
        says.pop(name, None)
    assert says == said
    assert client.get(address, headers={"if-none-match": ours["ETag"]}).status_code == 304
    assert client.get(address, headers={"range": "bytes=0-3"}).headers["X-Accel-Redirect"] == told["X-Accel-Redirect"]
    assert (folder / str(published.pk)).stat().st_mode & 0o777 == 0o644
